package page

import (
	"strconv"

	"gongbang/survey"
)

// sinceBefore sets the period beside the same number of months before it.
func (r *request) sinceBefore(f manageFilter, now, before survey.Group) *dotChart {
	c := chart{ID: "before", Title: r.T("manage.before"), Desc: r.T("manage.score.desc"), Finding: r.changed(now, before)}
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

// changed says in a sentence whether a score is another than the one before.
func (r *request) changed(now, before survey.Group) string {
	a, b := now.Questions[overallQuestion], before.Questions[overallQuestion]
	switch {
	case a.Scale == nil || b.Scale == nil || a.S100CI == nil || b.S100CI == nil:
		return r.T("manage.before.none")
	case !survey.Apart(a.S100CI, b.S100CI):
		return r.T("manage.before.same", percent(b.S100), percent(a.S100))
	case *a.S100 > *b.S100:
		return r.T("manage.before.up", percent(b.S100), percent(a.S100))
	}
	return r.T("manage.before.down", percent(b.S100), percent(a.S100))
}

// centerDots compares centers with each other and with the period before. A
// place has only who stands apart from all others.
func (r *request) centerDots(groups, before []survey.Group) *dotChart {
	d := r.scoreDots(chart{ID: "centers", Title: r.T("manage.centers"), Desc: r.T("manage.score.desc"), Finding: r.compared(groups)}, groups)
	d.Head = append(d.Head, r.T("manage.before.score"), r.T("manage.before.n"), r.T("manage.before.change"), r.T("manage.place"))
	past := map[string]survey.Group{}
	for _, g := range before {
		past[g.Key] = g
	}
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
		d.Lines[i].Cells = append(d.Lines[i].Cells, score, n, r.step(scoreCI(groups[i]), scoreCI(b)), where)
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

// step is the change of an interval in a word.
func (r *request) step(now, before *survey.Interval) string {
	switch {
	case now == nil || before == nil:
		return "–"
	case !survey.Apart(now, before):
		return r.T("manage.before.unsure")
	case now[0] > before[1]:
		return r.T("manage.before.higher")
	}
	return r.T("manage.before.lower")
}
