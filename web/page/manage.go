package page

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// manageMonths is how many months can be chosen; a report takes in no more.
const manageMonths = 13

// manageView is the month at a glance.
type manageView struct {
	Frame
	Form   *Form
	Export *Form
	// Accounts tells whether the reader finds people and gives roles.
	Accounts bool
	Swapped  bool
	Scope    []Row // what the figures speak about
	AsOf     string
	Tiles    []tile
	Use      useView
	Answers  answersView
	Said     commentsView
	All      string // the same choice without a search among the comments
	Together string // the same choice on the joined page
	Report   string // and on paper
}

// tile is one figure of the top row.
type tile struct{ Name, Value, Unit, More, Chip, Href string }

// manageFilter is what was chosen.
type manageFilter struct {
	from, to         string // months
	center, category string
	swapped          bool
}

// manage shows use and satisfaction of a period. The services keep a manager
// to their own centers and decide what may be shown.
func (p *pages) manage(r *request) error { return r.showManage(http.StatusOK, r.manageFilter(), nil) }

// showManage draws the page; change may put a refusal into its export form.
func (r *request) showManage(status int, f manageFilter, change func(*manageView)) error {
	v := manageView{Frame: r.frame("manage.title"), Swapped: f.swapped, Accounts: r.actor.May(account.Accounts, "")}
	v.Form, v.Export = r.manageForm(f), r.exportForm(f)
	use, err := r.p.Engine.Usage(r.ctx(), r.actor, f.ask())
	if err != nil {
		return err
	}
	answers, err := r.answers(f)
	if err != nil {
		return err
	}
	v.AsOf = v.StaffWhen.Moment(use.AsOf)
	v.Scope = r.manageScope(f, use.Filter.Centers)
	v.Use = r.useView(use)
	v.Answers = r.answersView(f, answers)
	if v.Said, err = r.comments(f); err != nil {
		return err
	}
	v.All, v.Together, v.Report = r.url("/manage?"+f.query()+"#comments"), r.url("/manage/together?"+f.query()), r.url("/manage/report?"+f.query())
	v.Tiles = r.tiles(use, answers.total)
	waiting, err := r.p.Surveys.CaseCounts(r.ctx(), r.actor, f.center)
	if err != nil {
		return err
	}
	v.Tiles = append(v.Tiles, r.caseTile(waiting))
	if change != nil {
		change(&v)
	}
	return r.page(status, "manage", &v)
}

// manageFilter reads the form. Months that are the wrong way round are turned.
func (r *request) manageFilter() manageFilter {
	now := r.today().Month()
	f := manageFilter{from: r.Query("from"), to: r.Query("to"), center: r.Query("center"), category: r.Query("category")}
	if !isMonth(f.from) {
		f.from = now
	}
	if !isMonth(f.to) {
		f.to = max(now, f.from)
	}
	if f.to < f.from {
		f.from, f.to, f.swapped = f.to, f.from, true
	}
	return f
}

func isMonth(s string) bool {
	_, err := time.Parse("2006-01", s)
	return err == nil
}

// manageForm is the choice of period, center and category.
func (r *request) manageForm(f manageFilter) *Form {
	fields := r.periodFields(f)
	if _, categories := r.manageable(); len(categories) > 1 {
		fields = append(fields, choiceOf("category", r.T("manage.category"), r.T("filter.all"), f.category, categories, r.lang))
	}
	return r.form("/manage", fields...)
}

// periodFields choose the period and the center; what can't be chosen is not asked.
func (r *request) periodFields(f manageFilter) []*Field {
	months := func(name, label, chosen string) *Field {
		x := &Field{Name: name, Label: r.T(label), Type: "select"}
		known := false
		for n := range manageMonths {
			m := booking.Date(r.today().Month() + "-01").AddMonths(-n).Month()
			known = known || m == chosen
			x.Options = append(x.Options, Option{Value: m, Label: r.monthName(m), Checked: m == chosen})
		}
		if !known {
			x.Options = append(x.Options, Option{Value: chosen, Label: r.monthName(chosen), Checked: true})
		}
		return x
	}
	fields := []*Field{months("from", "manage.from", f.from), months("to", "manage.to", f.to)}
	if own, _ := r.manageable(); len(own) > 1 {
		fields = append(fields, choiceOf("center", r.T("manage.center"), r.T("manage.all", len(own)), f.center, own, r.lang))
	}
	return fields
}

func choiceOf(name, label, all, chosen string, list []booking.Label, l lang.Locale) *Field {
	x := &Field{Name: name, Label: label, Type: "select", Options: []Option{{Value: "", Label: all, Checked: chosen == ""}}}
	for _, o := range list {
		x.Options = append(x.Options, Option{Value: o.ID, Label: o.Name.In(l), Checked: o.ID == chosen})
	}
	return x
}

// manageable lists the centers whose figures somebody may see, and the
// categories of machines there.
func (r *request) manageable() (centers, categories []booking.Label) {
	own, all := r.actor.Centers(account.Results)
	has := map[string]bool{}
	for _, c := range r.catalog.Centers {
		if c.Retired || !all && !slices.Contains(own, c.ID) {
			continue
		}
		centers = append(centers, booking.Label{ID: c.ID, Name: c.Name})
		for _, e := range c.Equipment {
			has[e.Category] = true
		}
	}
	for _, l := range r.catalog.Categories {
		if has[l.ID] {
			categories = append(categories, l)
		}
	}
	return centers, categories
}

// manageScope says in words what the figures speak about.
func (r *request) manageScope(f manageFilter, centers []string) []Row {
	period := r.period(f.from, f.to)
	where := text(r.T("manage.all", len(centers)))
	if len(centers) == 1 {
		if c, ok := r.catalog.Center(centers[0]); ok {
			where = Frame{Lang: r.lang}.Text(c.Name)
		}
	}
	rows := []Row{{Term: r.T("manage.period"), Value: text(period)}, {Term: r.T("manage.center"), Value: where}}
	if f.category != "" {
		rows = append(rows, Row{Term: r.T("manage.category"), Value: Frame{Lang: r.lang}.Text(label(r.catalog.Categories, f.category))})
	}
	return rows
}

// tiles are the four figures of the top row.
func (r *request) tiles(use *booking.Usage, got survey.Results) []tile {
	m, n := use.Total.Minutes, use.Total
	list := []tile{
		{Name: r.T("manage.utilisation"), Value: percent(m.Utilisation()), Unit: "%", More: r.T("manage.utilisation.of", r.hours(m.Used), r.hours(m.Open))},
		{Name: r.T("manage.uses"), Value: grouped(n.Counts.Attended), Unit: r.T("manage.uses.unit"), More: r.T("manage.uses.of", n.People, n.Firms, n.FirstTime)},
	}
	score := tile{Name: r.T("manage.score"), Value: "–"}
	o := got.Total.Questions[overallQuestion]
	switch {
	case got.Total.Suppressed:
		score.More = r.T("manage.few")
	case got.Total.N == nil || *got.Total.N == 0 || o.Scale == nil:
		score.More = r.T("manage.nobody")
	default:
		score.Value, score.Unit, score.More = percent(o.S100), r.T("manage.points"), r.T("manage.answers", o.N)
		if o.S100CI != nil {
			score.More = r.T("manage.ci", percent(&o.S100CI[0]), percent(&o.S100CI[1])) + " · " + score.More
		}
	}
	score.Chip = r.scoreChip(got.Total)
	rate := tile{Name: r.T("manage.response"), Value: percent(got.Funnel.RR2), Unit: "%",
		More: r.T("manage.response.of", got.Funnel.Answered, got.Funnel.Invited)}
	if got.Funnel.RR2 == nil {
		rate.Unit, rate.More = "", r.T("manage.response.none")
	}
	return append(list, score, rate)
}

// caseTile leads to what waits for a reply.
func (r *request) caseTile(n survey.CaseCount) tile {
	t := tile{Name: r.T("case.tile"), Value: grouped(n.Open), Unit: r.T("case.tile.unit"), More: r.T("case.tile.none"), Href: r.url("/manage/cases")}
	if n.Overdue > 0 {
		t.More = r.T("case.tile.overdue", n.Overdue)
	}
	return t
}

// scoreChip marks a score that must be read with care.
func (r *request) scoreChip(g survey.Group) string {
	var words []string
	if g.Suppressed || g.N == nil || *g.N == 0 {
		return ""
	}
	if g.Provisional {
		words = append(words, r.T("manage.provisional"))
	}
	switch {
	case g.ReferenceOnly:
		words = append(words, r.T("manage.reference"))
	case *g.N < paleBelow:
		words = append(words, r.T("manage.pale"))
	}
	return strings.Join(words, " · ")
}

// hours writes minutes as hours and minutes.
func (r *request) hours(minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return r.T("manage.minutes", m)
	case m == 0:
		return r.T("manage.hours", grouped(h))
	}
	return r.T("manage.hours", grouped(h)) + " " + r.T("manage.minutes", m)
}

// grouped writes a number with commas: 1,234.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Terms are the definitions that the page prints, in order.
func (*manageView) Terms() []string {
	return []string{"utilisation", "open", "booked", "used", "idle", "released", "noshow", "unknown", "overrun", "rate", "cancel", "people", "day"}
}
