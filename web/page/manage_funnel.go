package page

import (
	"fmt"
	"slices"
	"strconv"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// funnelBars is the way from a use to an answer.
func (r *request) funnelBars(f survey.Funnel) *barChart {
	c := chart{ID: "funnel", Title: r.T("manage.funnel"), Desc: r.T("manage.funnel.desc"), Finding: r.T("manage.funnel.finding", f.Eligible, f.Invited, f.Answered),
		Head: []string{r.T("manage.step"), r.T("manage.count"), r.T("manage.desk")}}
	var names []lang.Text
	var values []string
	var amounts []float64
	for _, step := range []struct {
		key     string
		n, desk int
	}{{"eligible", f.Eligible, f.DeskContact.Eligible}, {"invited", f.Invited, f.DeskContact.Invited}, {"delivered", f.Delivered, f.DeskContact.Delivered},
		{"answered", f.Answered, f.DeskContact.Answered}, {"completed", f.Completed, -1}, {"partial", f.Partial, -1}, {"refused", f.Refused, f.DeskContact.Refused}} {
		desk := "–" // complete and partial are told apart for the whole center alone
		if step.desk >= 0 {
			desk = strconv.Itoa(step.desk)
		}
		name := r.T("manage.step." + step.key)
		names = append(names, lang.Text{Ko: name, En: name})
		values = append(values, r.T("manage.count.of", step.n))
		amounts = append(amounts, float64(step.n))
		c.Lines = append(c.Lines, chartLine{chartName{Text: name}, []string{strconv.Itoa(step.n), desk}})
	}
	return r.bars(c, names, values, amounts, float64(f.Eligible))
}

// funnelRates are the response rates by their names.
func (r *request) funnelRates(f survey.Funnel) []Row {
	var rows []Row
	for _, x := range []struct {
		key string
		v   *float64
		of  string
	}{{"coverage", f.Coverage, fmt.Sprintf("%d/%d", f.Invited, f.Eligible)}, {"rr1", f.RR1, fmt.Sprintf("%d/%d", f.Completed, f.Invited)},
		{"rr2", f.RR2, fmt.Sprintf("%d/%d", f.Answered, f.Invited)}} {
		value := "–"
		if x.v != nil {
			value = percent(x.v) + "% (" + x.of + ")"
		}
		rows = append(rows, Row{Term: r.T("manage." + x.key), Value: text(value)})
	}
	return rows
}

// skips tells what each reason cost of the coverage, the limits on messages first.
func (r *request) skips(f survey.Funnel) *barChart {
	c := chart{ID: "skips", Title: r.T("manage.skips"), Desc: r.T("manage.skips.desc", f.Eligible), Finding: r.capsFinding(f),
		Head: []string{r.T("manage.why"), r.T("manage.count"), r.T("manage.share.eligible")}}
	var names []lang.Text
	var values []string
	var amounts []float64
	for _, why := range survey.Skips {
		name, n, share := r.T("manage.skip."+string(why)), f.Skipped[why], f.LeftOut(why)
		of := r.T("manage.skips.outside")
		if share != nil {
			of = percent(share) + "%"
		}
		c.Lines = append(c.Lines, chartLine{chartName{Text: name}, []string{strconv.Itoa(n), of}})
		if share != nil && (n > 0 || slices.Contains(survey.Caps, why)) {
			names, values, amounts = append(names, named(name)), append(values, r.T("manage.count.of", n)+" · "+of), append(amounts, float64(n))
		}
	}
	return r.bars(c, names, values, amounts, float64(f.Eligible))
}

// capsFinding says which limit leaves out most, and what all of them leave out.
func (r *request) capsFinding(f survey.Funnel) string {
	all, most := 0, survey.Caps[0]
	for _, why := range survey.Caps {
		all += f.Skipped[why]
		if f.Skipped[why] > f.Skipped[most] {
			most = why
		}
	}
	switch {
	case f.Eligible == 0:
		return r.T("manage.caps.nobody")
	case all == 0:
		return r.T("manage.caps.none")
	}
	share := 100 * float64(all) / float64(f.Eligible)
	return r.T("manage.caps.finding", r.T("manage.cap."+string(most)), percent(f.LeftOut(most)), f.Skipped[most], percent(&share), all, f.Eligible)
}

// responseDots are the response rates of centers, with Wilson's interval.
func (r *request) responseDots(list []survey.FunnelOf) *dotChart {
	if len(list) < 2 {
		return nil
	}
	c := chart{ID: "where", Title: r.T("manage.where"), Desc: r.T("manage.where.desc"), Finding: r.T("manage.compare.none"),
		Head: []string{r.T("manage.center"), r.T("manage.rr2"), r.T("manage.interval"), r.T("manage.of"), r.T("manage.coverage"), r.T("manage.caps"), r.T("manage.desk.share")}}
	var points []point
	var scores []*float64
	var cis []*survey.Interval
	for _, x := range list {
		f := x.Funnel
		p := r.ratePoint(x.Label, f.Answered, f.Invited)
		if f.Invited == 0 {
			p.value = r.T("manage.response.none.short")
		}
		points, scores, cis = append(points, p), append(scores, f.RR2), append(cis, survey.Wilson(f.Answered, f.Invited))
		line := rateLine(r.chartName(x.Label), f.Answered, f.Invited)
		line.Cells = append(line.Cells, share(f.Invited, f.Eligible), share(capped(f), f.Eligible), share(f.DeskContact.Invited, f.Invited))
		c.Lines = append(c.Lines, line)
	}
	if top, low, ok := survey.Extremes(scores, cis); ok {
		c.Finding = r.T("manage.where.differ", list[top].Label.In(r.lang), percent(scores[top]), list[low].Label.In(r.lang), percent(scores[low]))
	} else if top >= 0 && top != low {
		c.Finding = r.T("manage.compare.same")
	}
	return r.dots(c, points)
}

// capped is how many uses the limits on messages left out.
func capped(f survey.Funnel) (n int) {
	for _, why := range survey.Caps {
		n += f.Skipped[why]
	}
	return n
}

// share writes k of n in percent.
func share(k, n int) string {
	if n == 0 {
		return "–"
	}
	v := 100 * float64(k) / float64(n)
	return percent(&v) + "% (" + strconv.Itoa(k) + "/" + strconv.Itoa(n) + ")"
}
