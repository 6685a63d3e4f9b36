package page

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// togetherView sets use and satisfaction side by side: what neither half tells alone.
type togetherView struct {
	Frame
	Form     *Form
	Swapped  bool
	Scope    []Row
	AsOf     string
	Rule     string
	Notes    []string
	Machines *scatterChart
	Traits   []traitView
}

// traitView is satisfaction by a trait of the use.
type traitView struct {
	Title, What string
	Chart       *dotChart
	None        string // why there is no chart
}

// busy is a machine with how much it is used and how satisfied people were.
type busy struct {
	booking.UsageGroup
	survey.Group
	center string
}

// index ranks busy and disliked first: the part of open time in which people
// used what they were not content with, 0…100; -1 where one half is unknown.
func (b busy) index() float64 {
	o, u := b.overall(), b.Minutes.Utilisation()
	if o == nil || u == nil {
		return -1
	}
	return *u * (100 - *o.S100) / 100
}

// overall is the machine's score; nil where none is shown.
func (b busy) overall() *survey.Figure {
	o, ok := b.Questions[overallQuestion]
	if !ok || b.Suppressed || o.Scale == nil || o.S100 == nil {
		return nil
	}
	return &o
}

// together joins both halves by machine and by what came before the use. Both
// services keep a manager to their own centers and decide what may be shown.
func (p *pages) together(r *request) error {
	f := r.manageFilter()
	f.category = "" // traits part what a whole center's answers say
	v := togetherView{Frame: r.frame("together.title"), Swapped: f.swapped}
	v.Form = r.form("/manage/together", r.periodFields(f)...)
	use, err := r.p.Engine.Usage(r.ctx(), r.actor, f.ask())
	if err != nil {
		return err
	}
	found, err := r.parted(f, "equipment")
	if err != nil {
		return err
	}
	v.AsOf, v.Scope, v.Rule = v.StaffWhen.Moment(use.AsOf), r.manageScope(f, use.Filter.Centers), found.Rule
	if found.Total.Provisional {
		v.Notes = append(v.Notes, r.T("together.open"))
	}
	v.Machines = r.scatter(r.busy(use, found.Groups), found.Total, len(use.Filter.Centers) > 1)
	for _, by := range traits {
		found, err := r.parted(f, by.key)
		if err != nil {
			return err
		}
		v.Traits = append(v.Traits, r.trait(by, found))
	}
	return r.page(http.StatusOK, "together", &v)
}

// parted is the period's answers by something.
func (r *request) parted(f manageFilter, by string) (survey.Results, error) {
	return r.p.Surveys.Results(r.ctx(), r.actor, survey.ResultsQuery{Center: f.center, From: f.from, To: f.to, GroupBy: by})
}

// busy joins use and answers by machine, busy and disliked first; then those
// without a score, the busiest first.
func (r *request) busy(use *booking.Usage, groups []survey.Group) (out []busy) {
	answers := map[string]survey.Group{}
	for _, g := range groups {
		answers[g.Key] = g
	}
	for _, g := range use.Groups {
		out = append(out, busy{g, answers[g.Key], r.centerOf(g.Key)})
	}
	slices.SortStableFunc(out, func(a, b busy) int {
		return cmp.Or(cmp.Compare(b.index(), a.index()), cmp.Compare(used(b.UsageGroup), used(a.UsageGroup)))
	})
	return out
}

// scatter draws machines by use and satisfaction; each has the number of its row.
func (r *request) scatter(list []busy, total survey.Group, several bool) *scatterChart {
	c := chart{ID: "together", Title: r.T("together.machines"), Desc: r.T("together.machines.desc"), Finding: r.busyFinding(list, total),
		Head: []string{r.T("manage.machine"), r.T("together.no"), r.T("manage.utilisation"), r.T("manage.uses"), r.T("manage.noshow.rate"), r.T("manage.score"),
			r.T("manage.interval"), r.T("manage.n"), r.T("manage.care")}}
	if several {
		c.Head = append(c.Head, r.T("manage.center"))
	}
	var points []scatterPoint
	for i, b := range list {
		no := strconv.Itoa(i + 1)
		line := chartLine{r.chartName(b.UsageGroup.Label), []string{no, percent(b.Minutes.Utilisation()) + "%", strconv.Itoa(b.Counts.Attended),
			share(b.Counts.NoShows, b.Counts.Expected), "–", "–", "–", r.T("manage.nobody")}}
		o := b.overall()
		switch {
		case o != nil:
			line.Cells[4], line.Cells[6], line.Cells[7] = percent(o.S100), strconv.Itoa(o.N), r.scoreChip(b.Group)
			if o.S100CI != nil {
				line.Cells[5] = interval(o.S100CI[0], o.S100CI[1])
			}
		case b.Suppressed:
			line.Cells[7] = r.T("manage.few")
		}
		if several {
			line.Cells = append(line.Cells, b.center)
		}
		c.Lines = append(c.Lines, line)
		if u := b.Minutes.Utilisation(); o != nil && u != nil {
			points = append(points, scatterPoint{no, *u, *o.S100, o.S100CI, o.N < paleBelow})
		}
	}
	return scattered(c, points)
}

// busyFinding speaks of the first machine with enough answers, and claims that
// it is liked less only where the intervals lie apart.
func (r *request) busyFinding(list []busy, total survey.Group) string {
	for _, b := range list {
		o := b.overall()
		if o == nil || o.S100CI == nil || b.Minutes.Utilisation() == nil {
			continue
		}
		name, u := b.UsageGroup.Label.In(r.lang), percent(b.Minutes.Utilisation())
		all := scoreCI(total)
		if all != nil && survey.Apart(o.S100CI, all) && *o.S100 < *total.Questions[overallQuestion].S100 {
			return r.T("together.finding.low", name, u, percent(o.S100), o.N, percent(total.Questions[overallQuestion].S100))
		}
		return r.T("together.finding", name, u, percent(o.S100), o.N)
	}
	return r.T("together.none")
}

// trait kinds by the name they have in results.
type traitKind struct {
	key    string
	values []string // in their order; nil: as they come
}

var traits = []traitKind{
	{"wait", []string{"0", "1", "2-3", "4-7", "8-14", "15+"}},
	{"noshow", []string{"0", "1-9", "10-19", "20+", ""}},
	{"hour", nil},
}

// trait draws satisfaction by what is known of the use.
func (r *request) trait(kind traitKind, found survey.Results) traitView {
	v := traitView{Title: r.T("together." + kind.key), What: r.T("together." + kind.key + ".what")}
	groups := slices.Clone(found.Groups)
	slices.SortStableFunc(groups, func(a, b survey.Group) int {
		if kind.values == nil {
			return cmp.Compare(a.Key, b.Key)
		}
		return cmp.Compare(slices.Index(kind.values, a.Key), slices.Index(kind.values, b.Key))
	})
	shown := false
	for i, g := range groups {
		groups[i].Label = r.traitName(kind, g.Key)
		shown = shown || !g.Suppressed && g.N != nil && *g.N > 0
	}
	if !shown {
		v.None = r.T("together.trait.none")
		return v
	}
	c := chart{ID: "by-" + kind.key, Title: v.Title, Desc: v.What + " " + r.T("manage.score.desc"), Finding: r.compared(groups)}
	v.Chart = r.scoreDots(c, groups)
	return v
}

func (r *request) traitName(kind traitKind, value string) lang.Text {
	switch {
	case kind.key == "hour":
		return named(r.T("together.hour.at", value))
	case value == "":
		return named(r.T("together." + kind.key + ".unknown"))
	}
	return named(r.T("together." + kind.key + "." + value))
}
