package page

import (
	"html/template"
	"strconv"

	"gongbang/survey"
)

// centerNames lists centers in one line.
func (r *request) centerNames(ids []string) (out template.HTML) {
	for i, id := range ids {
		c, _ := r.catalog.Center(id)
		if i > 0 {
			out += ", "
		}
		out += Frame{Lang: r.lang}.Text(c.Name)
	}
	return out
}

// satisfaction fills in the scores: each question with its interval, its
// number of answers and what they rest on.
func (v *reportView) satisfaction(r *request, found answersFound) {
	got := found.total
	v.Rule = got.Rule
	if got.Total.Provisional {
		v.Notes = append(v.Notes, r.T("manage.provisional.what"))
	}
	if got.LeftOut > 0 {
		v.Notes = append(v.Notes, r.T("manage.left", got.LeftOut))
	}
	if got.Older > 0 {
		v.Notes = append(v.Notes, r.T("manage.older", got.Older))
	}
	v.Notes = append(v.Notes, r.means(got.Centers)...)
	v.Notes = append(v.Notes, r.doorNotes(found)...)
	v.Score = chart{ID: "score", Title: r.T("manage.questions"), Head: []string{r.T("manage.question"), r.T("report.score"), r.T("manage.interval"), r.T("report.top2"),
		r.T("report.wilson"), r.T("manage.n"), r.T("manage.na"), r.T("manage.skipped")}}
	for _, q := range found.asks.Questions {
		o, ok := got.Total.Questions[q.Key]
		if !ok || o.Scale == nil || o.S100 == nil {
			continue
		}
		line := chartLine{r.chartName(q.Text), []string{percent(o.S100), "–", percent(o.Top2), "–", strconv.Itoa(o.N), strconv.Itoa(o.NA), strconv.Itoa(o.Skipped)}}
		if o.S100CI != nil {
			line.Cells[1] = interval(o.S100CI[0], o.S100CI[1])
		}
		if o.Top2CI != nil {
			line.Cells[3] = interval(o.Top2CI[0], o.Top2CI[1])
		}
		v.Score.Lines = append(v.Score.Lines, line)
	}
	switch chip := r.scoreChip(got.Total); {
	case got.Total.Suppressed:
		v.Notes = append(v.Notes, r.T("manage.few"))
	case len(v.Score.Lines) == 0:
		v.Notes = append(v.Notes, r.T("manage.nobody"))
	case chip != "":
		v.Notes = append(v.Notes, chip)
	}
	if t := r.trend(found.months.Groups); t != nil {
		v.Trend = t.Finding
	}
	v.Before = r.changed(got)
}

// asked fills in who was asked and who was not.
func (v *reportView) asked(r *request, found answersFound) {
	f := found.total.Funnel
	v.Funnel, v.Rates, v.Skips, v.Caps = r.funnelBars(f).chart, r.funnelRates(f), r.skips(f).chart, r.capsFinding(f)
	v.Where = chart{ID: "where", Title: r.T("report.where"), Head: []string{r.T("manage.center"), r.T("report.score"), r.T("manage.interval"), r.T("manage.n"),
		r.T("manage.coverage"), r.T("manage.rr2"), r.T("manage.care")}}
	if len(found.funnels) < 2 {
		return
	}
	groups := map[string]survey.Group{}
	for _, g := range found.total.Groups {
		groups[g.Key] = g
	}
	for _, x := range found.funnels {
		line := chartLine{r.chartName(x.Label), []string{"–", "–", "–", share(x.Funnel.Invited, x.Funnel.Eligible), share(x.Funnel.Completed+x.Funnel.Partial, x.Funnel.Invited), ""}}
		if g, ok := groups[x.Key]; ok {
			_, score := r.scorePoint(g)
			copy(line.Cells, score.Cells[:3])
			line.Cells[5] = score.Cells[3]
		}
		v.Where.Lines = append(v.Where.Lines, line)
	}
}
