package page

import (
	"strconv"

	"gongbang/survey"
)

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

func (r *request) compare(names []string, figures []survey.Figure) string {
	var scores []*float64
	var cis []*survey.Interval
	for _, o := range figures {
		if o.Scale == nil {
			o.Scale = &survey.Scale{}
		}
		scores, cis = append(scores, o.S100), append(cis, o.S100CI)
	}
	top, low, ok := survey.Extremes(scores, cis)
	switch {
	case ok:
		return r.T("manage.compare.differ", names[top], percent(scores[top]), names[low], percent(scores[low]))
	case top == low:
		return r.T("manage.compare.none")
	}
	return r.T("manage.compare.same")
}
