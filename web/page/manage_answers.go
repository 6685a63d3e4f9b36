package page

import (
	"slices"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

const (
	overallQuestion = "overall"
	// paleBelow is below how many answers a figure is drawn pale.
	paleBelow = 30
	// trendMonths is how far back a trend looks, whatever period is chosen.
	trendMonths = 24
)

// answersView is how satisfied people were, and how many were asked.
type answersView struct {
	Rule      string
	Notes     []string
	Trend     *lineChart // nil: no month is closed
	Before    *dotChart  // the period and the one before
	Centers   *dotChart  // nil: one center
	Spread    *barChart  // how often each answer; nil: nothing is released
	Questions *dotChart  // nil: none is released
	Choices   []*barChart
	Kinds     *dotChart // by category; nil: none is released
	KindsNote string
	Funnel    *barChart
	Rates     []Row
	Skips     *barChart
	Where     *dotChart // response rates by center; nil: one center
}

// answersFound is what the survey released.
type answersFound struct {
	total, before, months, kinds survey.Results
	funnels                      []survey.FunnelOf
	asks                         *survey.Template
	doors                        map[survey.Entry]survey.Group
}

// answers reads the period, the one before it, and what the trend needs.
func (r *request) answers(f manageFilter) (out answersFound, err error) {
	q := survey.ResultsQuery{Center: f.center, Category: f.category, From: f.from, To: f.to, GroupBy: "center", Compare: "previous"}
	back := q
	back.Compare = ""
	back.From, back.To = f.before()
	trend := back
	trend.From, trend.To, trend.GroupBy = min(f.from, booking.Date(f.to+"-01").AddMonths(1-trendMonths).Month()), f.to, "month"
	kinds := back
	kinds.From, kinds.To, kinds.GroupBy = f.from, f.to, "category"
	for _, ask := range []struct {
		q  survey.ResultsQuery
		to *survey.Results
	}{{q, &out.total}, {back, &out.before}, {trend, &out.months}, {kinds, &out.kinds}} {
		if *ask.to, err = r.p.Surveys.Results(r.ctx(), r.actor, ask.q); err != nil {
			return out, err
		}
	}
	if out.funnels, err = r.p.Surveys.Funnels(r.ctx(), r.actor, q); err != nil {
		return out, err
	}
	if out.asks, err = r.p.Surveys.Asks(r.ctx(), r.actor); err != nil {
		return out, err
	}
	out.doors = map[survey.Entry]survey.Group{}
	for _, e := range survey.Entries {
		q := kinds
		q.GroupBy, q.Template = "", e.Template()
		got, err := r.p.Surveys.Results(r.ctx(), r.actor, q)
		if err != nil {
			return out, err
		}
		out.doors[e] = got.Total
	}
	return out, nil
}

// doorNotes tell of answers that are counted apart from the score, where they
// were released.
func (r *request) doorNotes(found answersFound) (out []string) {
	for _, e := range survey.Entries {
		o := found.doors[e].Questions[overallQuestion]
		switch {
		case o.Scale == nil || o.S100 == nil:
		case e == survey.ByName:
			out = append(out, r.T("manage.door.named", o.N, percent(o.S100)))
		default:
			out = append(out, r.T("manage.door", r.T("manage.door."+string(e)), o.N, percent(o.S100)))
		}
	}
	return out
}

// before is the same number of months before the period.
func (f manageFilter) before() (from, to string) {
	first, n := booking.Date(f.from+"-01"), 1
	for m := f.from; m < f.to; n++ {
		m = booking.Date(m + "-01").AddMonths(1).Month()
	}
	return first.AddMonths(-n).Month(), first.AddMonths(-1).Month()
}

func (r *request) answersView(f manageFilter, found answersFound) answersView {
	got := found.total
	v := answersView{Rule: got.Rule, Trend: r.trend(found.months.Groups)}
	if got.Total.Provisional {
		v.Notes = append(v.Notes, r.T("manage.provisional.what"))
	}
	if got.LeftOut > 0 {
		v.Notes = append(v.Notes, r.T("manage.left", got.LeftOut))
	}
	if got.Older > 0 {
		v.Notes = append(v.Notes, r.T("manage.older", got.Older))
	}
	v.Notes = append(v.Notes, r.doorNotes(found)...)
	v.Before = r.sinceBefore(f, got)
	if len(got.Groups) > 1 {
		v.Centers = r.centerDots(got.Groups, found.past())
		v.Centers.Notes = append(v.Centers.Notes, r.means(got.Centers)...)
	}
	v.Spread = r.spread(found.asks, got.Total)
	v.Questions, v.Choices = r.questionDots(found.asks, got.Total), r.choiceBars(found.asks, got.Total)
	v.kinds(r, found.kinds.Groups)
	v.Funnel, v.Rates, v.Skips = r.funnelBars(got.Funnel), r.funnelRates(got.Funnel), r.skips(got.Funnel)
	v.Where = r.responseDots(found.funnels)
	return v
}

// past are the centers in the period before, where the same was asked.
func (f answersFound) past() []survey.Group {
	if f.before.Series != f.total.Series {
		return nil
	}
	return f.before.Groups
}

// means tells the score of all answers from the mean of the centers' scores.
func (r *request) means(m *survey.CenterMeans) []string {
	if m == nil {
		return nil
	}
	return []string{r.T("manage.means", percent(&m.Pooled), m.Centers, percent(&m.Plain))}
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

// named is a text of ours where one of the catalog is wanted.
func named(s string) lang.Text { return lang.Text{Ko: s, En: s} }
