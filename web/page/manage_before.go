package page

import (
	"strconv"
	"strings"

	"gongbang/survey"
)

// sinceBefore sets the period beside the same number of months before it.
func (r *request) sinceBefore(f manageFilter, got survey.Results) *dotChart {
	now, before := got.Total, survey.Group{}
	if got.Previous != nil {
		before = *got.Previous
	}
	c := chart{ID: "before", Title: r.T("manage.before"), Desc: r.T("manage.score.desc"), Finding: r.changed(got)}
	from, to := f.before()
	now.Label, before.Label = named(r.period(f.from, f.to)), named(r.period(from, to))
	return r.scoreDots(c, []survey.Group{now, before})
}

// period writes months from one to another.
func (r *request) period(from, to string) string {
	if from == to {
		return r.monthName(from)
	}
	return r.monthName(from) + " ~ " + r.monthName(to)
}

// changed says in a sentence whether the score is another than the one before:
// it is where the interval of the difference leaves out zero.
func (r *request) changed(got survey.Results) string {
	c, ok := got.Change[overallQuestion]
	if !ok || c.S100 == nil || c.S100CI == nil || got.Previous == nil {
		return r.T("manage.before.none")
	}
	now, before := got.Total.Questions[overallQuestion].S100, got.Previous.Questions[overallQuestion].S100
	key := "manage.before.same"
	switch {
	case c.S100CI[0] > 0:
		key = "manage.before.up"
	case c.S100CI[1] < 0:
		key = "manage.before.down"
	}
	return r.T(key, percent(before), percent(now), signed(*c.S100), signed(c.S100CI[0]), signed(c.S100CI[1]))
}

// signed writes a difference with its sign and one decimal.
func signed(v float64) string {
	if round1(v) > 0 {
		return "+" + percent(&v)
	}
	return strings.Replace(percent(&v), "-", "−", 1)
}

// centerDots compares centers with each other and with the period before. A
// place has only who stands apart from all others.
func (r *request) centerDots(groups, before []survey.Group) *dotChart {
	past := map[string]survey.Group{}
	for _, g := range before {
		past[g.Key] = g
	}
	d := r.scoreDots(chart{ID: "centers", Title: r.T("manage.centers"), Desc: r.T("manage.score.desc"), Finding: r.compared(groups)}, groups)
	d.Head = append(d.Head, r.T("manage.before.score"), r.T("manage.before.n"), r.T("manage.before.change"), r.T("manage.place"))
	var cis []*survey.Interval
	for _, g := range groups {
		cis = append(cis, scoreCI(g))
	}
	for i, place := range survey.Places(cis) {
		score, n := "–", "–"
		b := past[groups[i].Key]
		if o := b.Questions[overallQuestion]; o.Scale != nil && o.S100 != nil {
			score, n = percent(o.S100), strconv.Itoa(o.N)
		}
		where := r.T("manage.place.none")
		if place > 0 {
			where = r.T("manage.place.is", place)
		}
		d.Lines[i].Cells = append(d.Lines[i].Cells, score, n, r.step(groups[i], b), where)
	}
	d.Notes = append(d.Notes, r.T("manage.place.what"))
	return d
}

func scoreCI(g survey.Group) *survey.Interval {
	if o := g.Questions[overallQuestion]; o.Scale != nil {
		return o.S100CI
	}
	return nil
}

// step is a center's difference from the period before, with Welch's interval.
func (r *request) step(now, before survey.Group) string {
	a, b := now.Questions[overallQuestion], before.Questions[overallQuestion]
	if a.Scale == nil || b.Scale == nil {
		return "–"
	}
	diff, ci := survey.Welch(b.Counts, a.Counts)
	if diff == nil || ci == nil {
		return "–"
	}
	return signed(*diff) + " [" + signed(ci[0]) + "–" + signed(ci[1]) + "]"
}
