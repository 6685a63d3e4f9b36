package page

import (
	"strconv"
	"strings"

	"gongbang/booking"
	"gongbang/survey"
)

// trend draws the score of closed months and says whether it changed, by the
// run rules. Months without a figure keep their place.
func (r *request) trend(groups []survey.Group) *lineChart {
	if len(groups) == 0 {
		return nil
	}
	c := chart{ID: "months", Title: r.T("manage.trend"), Desc: r.T("manage.trend.desc"),
		Head: []string{r.T("manage.month"), r.T("manage.score"), r.T("manage.interval"), r.T("manage.n"), r.T("manage.top2"), r.T("manage.limits"), r.T("manage.care")}}
	by := map[string]survey.Group{}
	for _, g := range groups {
		by[g.Key] = g
	}
	var points []monthPoint
	var scores []float64
	var shares []survey.Share
	last := groups[len(groups)-1].Key
	for m := groups[0].Key; m <= last; m = booking.Date(m + "-01").AddMonths(1).Month() {
		p, share, line := r.trendMonth(m, by[m])
		if p.score != nil {
			scores = append(scores, *p.score)
		}
		points, shares, c.Lines = append(points, p), append(shares, share), append(c.Lines, line)
	}
	limits, t := survey.LimitsOf(shares), survey.TrendOf(scores)
	for i, l := range limits.Limits {
		if l != nil {
			c.Lines[i].Cells[4] = interval(l[0], l[1])
		}
	}
	c.Finding, c.Notes = r.verdict(t), r.trendNotes(t, limits, points)
	if !t.Enough {
		return r.line(c, points, nil)
	}
	return r.line(c, points, &t.Median)
}

// trendMonth is one month as a point, as a share of content people and as a row.
func (r *request) trendMonth(m string, g survey.Group) (monthPoint, survey.Share, chartLine) {
	p := monthPoint{name: r.monthName(m)}
	line := chartLine{chartName{Text: p.name}, []string{"–", "–", "–", "–", "–", r.T("manage.nobody")}}
	o, ok := g.Questions[overallQuestion]
	switch {
	case g.Suppressed:
		line.Cells[5] = r.T("manage.few")
		return p, survey.Share{}, line
	case !ok || o.Scale == nil || o.S100 == nil:
		return p, survey.Share{}, line
	}
	p.score, p.n, p.pale = o.S100, o.N, o.N < paleBelow
	if o.S100CI != nil {
		p.low, p.high = &o.S100CI[0], &o.S100CI[1]
		line.Cells[1] = interval(*p.low, *p.high)
	}
	line.Cells[0], line.Cells[2], line.Cells[3], line.Cells[5] = percent(o.S100), strconv.Itoa(o.N), percent(o.Top2)+"%", r.scoreChip(g)
	return p, survey.Share{K: o.Counts[3] + o.Counts[4], N: o.N}, line
}

// verdict is the trend in a sentence.
func (r *request) verdict(t survey.Trend) string {
	switch {
	case t.Periods < survey.TrendLeast:
		return r.T("manage.trend.short", t.Periods, survey.TrendLeast)
	case !t.Enough:
		return r.T("manage.trend.level", t.Periods-t.Useful, t.Periods, survey.TrendLeast)
	case !t.Changed:
		return r.T("manage.trend.steady", t.Periods)
	case t.Drift == survey.DriftUp:
		return r.T("manage.trend.up", t.Periods)
	case t.Drift == survey.DriftDown:
		return r.T("manage.trend.down", t.Periods)
	}
	return r.T("manage.trend.changed", t.Periods)
}

// trendNotes are the numbers behind the verdict, and the months out of their limits.
func (r *request) trendNotes(t survey.Trend, limits survey.ShareLimits, points []monthPoint) (out []string) {
	if t.Enough {
		out = append(out, r.T("manage.trend.rule", percent(&t.Median), t.Run, t.RunMost, t.Cross, t.CrossLeast))
	}
	var names []string
	for _, i := range limits.Outside {
		names = append(names, points[i].name)
	}
	if len(names) > 0 {
		out = append(out, r.T("manage.trend.outside", strings.Join(names, ", ")))
	}
	for _, p := range points {
		if p.score != nil && p.pale {
			return append(out, r.T("manage.pale.what"))
		}
	}
	return out
}
