package page

import (
	"fmt"
	"slices"
	"strconv"

	"gongbang/internal/lang"
	"gongbang/survey"
)

const (
	overallQuestion = "overall"
	// paleBelow is below how many answers a figure is drawn pale.
	paleBelow = 30
	// trendFrom is from how many months on a trend may be spoken of.
	trendFrom = 10
)

// answersView is how satisfied people were, and how many were asked.
type answersView struct {
	Rule      string
	Notes     []string
	Centers   *dotChart // nil: one center
	Months    *dotChart // nil: one month
	Questions *dotChart // nil: none is released
	Drivers   *barChart
	Kinds     *dotChart // by category; nil: none is released
	KindsNote string
	Funnel    *barChart
	Rates     []Row
	Skips     chart
}

// answersFound is what the survey released.
type answersFound struct{ total, months, kinds survey.Results }

func (r *request) answers(f manageFilter, centers []string) (answersFound, error) {
	q := survey.ResultsQuery{Center: f.center, Category: f.category, From: f.from, To: f.to, GroupBy: "center"}
	var out answersFound
	var err error
	if out.total, err = r.p.Surveys.Results(r.ctx(), r.actor, q); err != nil {
		return out, err
	}
	q.GroupBy = "month"
	if out.months, err = r.p.Surveys.Results(r.ctx(), r.actor, q); err != nil {
		return out, err
	}
	q.GroupBy = "category"
	out.kinds, err = r.p.Surveys.Results(r.ctx(), r.actor, q)
	return out, err
}

func (r *request) answersView(found answersFound) answersView {
	got := found.total
	v := answersView{Rule: got.Rule}
	if got.Total.Provisional {
		v.Notes = append(v.Notes, r.T("manage.provisional.what"))
	}
	if got.LeftOut > 0 {
		v.Notes = append(v.Notes, r.T("manage.left", got.LeftOut))
	}
	if len(got.Groups) > 1 {
		v.Centers = r.scoreDots(chart{ID: "centers", Title: r.T("manage.centers"), Desc: r.T("manage.score.desc")}, got.Groups)
		v.Centers.Finding = r.compared(got.Groups)
	}
	if months := found.months.Groups; len(months) > 1 {
		for i := range months {
			name := r.monthName(months[i].Key)
			months[i].Label = lang.Text{Ko: name, En: name}
		}
		v.Months = r.scoreDots(chart{ID: "months", Title: r.T("manage.months"), Desc: r.T("manage.score.desc")}, months)
		v.Months.Finding = r.T("manage.months.short", len(months), trendFrom)
		if len(months) >= trendFrom {
			v.Months.Finding = r.compared(months)
		}
	}
	v.Questions, v.Drivers = r.questionDots(got.Total), r.driverBars(got.Total)
	v.kinds(r, found.kinds.Groups)
	v.Funnel, v.Rates, v.Skips = r.funnelBars(got.Funnel), r.funnelRates(got.Funnel), r.skips(got.Funnel)
	return v
}

// kinds shows categories only where at least one was released.
func (v *answersView) kinds(r *request, groups []survey.Group) {
	shown := slices.ContainsFunc(groups, func(g survey.Group) bool { return !g.Suppressed && g.N != nil && *g.N > 0 })
	if !shown {
		v.KindsNote = r.T("manage.kinds.none")
		return
	}
	v.Kinds = r.scoreDots(chart{ID: "kinds", Title: r.T("manage.kinds"), Desc: r.T("manage.score.desc")}, groups)
	v.Kinds.Finding = r.compared(groups)
}

// scoreDots draws the overall score of groups with interval and n.
func (r *request) scoreDots(c chart, groups []survey.Group) *dotChart {
	c.Head = []string{r.T("manage.what"), r.T("manage.score"), r.T("manage.interval"), r.T("manage.n"), r.T("manage.care")}
	var points []point
	few := false
	for _, g := range groups {
		p, line := r.scorePoint(g)
		few = few || p.pale && p.score != nil
		points = append(points, p)
		c.Lines = append(c.Lines, line)
	}
	if few {
		c.Notes = append(c.Notes, r.T("manage.pale.what"))
	}
	return r.dots(c, points)
}

func (r *request) scorePoint(g survey.Group) (point, chartLine) {
	p := point{name: g.Label}
	line := chartLine{r.chartName(g.Label), []string{"–", "–", "–", ""}}
	o, ok := g.Questions[overallQuestion]
	switch {
	case g.Suppressed:
		p.value = r.T("manage.few")
	case !ok || o.Scale == nil || o.S100 == nil:
		p.value = r.T("manage.nobody")
	default:
		care := r.scoreChip(g)
		p.fill(r, o, care)
		line.Cells = []string{percent(o.S100), "–", strconv.Itoa(o.N), care}
		if o.S100CI != nil {
			line.Cells[1] = interval(o.S100CI[0], o.S100CI[1])
		}
		return p, line
	}
	line.Cells[3] = p.value
	return p, line
}

// fill puts a scale's score into the point.
func (p *point) fill(r *request, o survey.Figure, care string) {
	p.score, p.value, p.pale = o.S100, percent(o.S100), o.N < paleBelow
	if o.S100CI != nil {
		p.low, p.high = &o.S100CI[0], &o.S100CI[1]
		p.value += " " + interval(*p.low, *p.high)
	}
	p.extra = r.T("manage.extra", o.N)
	if care != "" && o.N < 2*5 {
		p.extra = r.T("manage.extra.reference", o.N)
	}
}

// compared says of the highest and the lowest score whether they differ:
// where intervals overlap nobody is ranked.
func (r *request) compared(groups []survey.Group) string {
	var names []string
	var scores []survey.Figure
	for _, g := range groups {
		names = append(names, g.Label.In(r.lang))
		scores = append(scores, g.Questions[overallQuestion])
	}
	return r.compare(names, scores)
}

func (r *request) compare(names []string, scores []survey.Figure) string {
	top, low := -1, -1
	for i, o := range scores {
		if o.Scale == nil || o.S100CI == nil {
			continue
		}
		if top < 0 || *o.S100 > *scores[top].S100 {
			top = i
		}
		if low < 0 || *o.S100 < *scores[low].S100 {
			low = i
		}
	}
	switch {
	case top == low:
		return r.T("manage.compare.none")
	case scores[top].S100CI[0] <= scores[low].S100CI[1]:
		return r.T("manage.compare.same")
	}
	return r.T("manage.compare.differ", names[top], percent(scores[top].S100), names[low], percent(scores[low].S100))
}

// questionOrder is the order of the shipped questionnaire.
var questionOrder = []string{overallQuestion, "ease", "equip", "staff"}

// questionDots draws each scale of the total; a sum with an open month has the first one alone.
func (r *request) questionDots(total survey.Group) *dotChart {
	c := chart{ID: "questions", Title: r.T("manage.questions"), Desc: r.T("manage.score.desc"),
		Head: []string{r.T("manage.question"), r.T("manage.score"), r.T("manage.interval"), r.T("manage.n"), r.T("manage.top2"), r.T("manage.na")}}
	var points []point
	var names []string
	var scores []survey.Figure
	for _, key := range questionOrder {
		o, ok := total.Questions[key]
		if !ok || o.Scale == nil || o.S100 == nil {
			continue
		}
		name := r.T("manage.q." + key)
		p := point{name: lang.Text{Ko: name, En: name}}
		p.fill(r, o, "")
		points = append(points, p)
		line := chartLine{chartName{Text: name}, []string{percent(o.S100), "–", strconv.Itoa(o.N), percent(o.Top2) + "%", strconv.Itoa(o.NA)}}
		if o.S100CI != nil {
			line.Cells[1] = interval(o.S100CI[0], o.S100CI[1])
		}
		c.Lines = append(c.Lines, line)
		if key != overallQuestion {
			names, scores = append(names, name), append(scores, o)
		}
	}
	if len(points) < 2 {
		return nil
	}
	c.Finding = r.compare(names, scores)
	return r.dots(c, points)
}

var driverOrder = []string{"booking", "times", "machine", "supplies", "safety", "staff", "cost", "none"}

// driverBars counts what people want to be better.
func (r *request) driverBars(total survey.Group) *barChart {
	o, ok := total.Questions["drivers"]
	if !ok || o.N == 0 {
		return nil
	}
	c := chart{ID: "drivers", Title: r.T("manage.drivers"), Desc: r.T("manage.drivers.desc", o.N), Head: []string{r.T("manage.what"), r.T("manage.count")}}
	order := slices.Clone(driverOrder)
	slices.SortStableFunc(order, func(a, b string) int { return o.Options[b] - o.Options[a] })
	var names []lang.Text
	var values []string
	var amounts []float64
	for _, key := range order {
		name := r.T("manage.driver." + key)
		names = append(names, lang.Text{Ko: name, En: name})
		values = append(values, r.T("manage.count.of", o.Options[key]))
		amounts = append(amounts, float64(o.Options[key]))
		c.Lines = append(c.Lines, chartLine{chartName{Text: name}, []string{strconv.Itoa(o.Options[key])}})
	}
	c.Finding = r.T("manage.drivers.finding", names[0].In(r.lang), o.Options[order[0]], o.N)
	return r.bars(c, names, values, amounts, float64(o.N))
}

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

// skips tells why people were not asked.
func (r *request) skips(f survey.Funnel) chart {
	c := chart{ID: "skips", Title: r.T("manage.skips"), Head: []string{r.T("manage.why"), r.T("manage.count")}}
	for _, why := range survey.Skips {
		c.Lines = append(c.Lines, chartLine{chartName{Text: r.T("manage.skip." + string(why))}, []string{strconv.Itoa(f.Skipped[why])}})
	}
	return c
}
