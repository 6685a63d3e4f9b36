package page

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// reportView is a period on paper: every number with the rule it was made by.
type reportView struct {
	Frame
	Form    *Form
	Swapped bool
	Scope   []Row // what the report speaks about, and how it was made
	Use     []Row
	UseBy   chart
	Score   chart
	Trend   string
	Before  string
	Where   chart // satisfaction and response by center; no lines: one center
	Funnel  chart
	Rates   []Row
	Skips   chart
	Caps    string
	Closed  chart
	Stops   chart
	Said    survey.Comments
	Notes   []string
	Rule    string
	Wishes  string       // those that came in the period, and what became of them
	Waiting string       // wishes for a reply that nobody answered yet
	Changed []reportNote // what centers said they changed in the period
}

// reportNote is one change, with its day.
type reportNote struct {
	When   string
	Center lang.Text
	Text   lang.Text
}

// report is use, satisfaction and what stood in the way, of any period. The
// services keep a manager to their own centers and decide what may be shown.
func (p *pages) report(r *request) error {
	f := r.manageFilter()
	if r.Query("from") == "" && r.Query("to") == "" {
		f.from, f.to = lastHalf(r.today())
	}
	f.category = "" // closures, comments and exclusions are those of whole centers
	v := reportView{Frame: r.frame("report.title"), Swapped: f.swapped, Form: r.form("/manage/report", r.periodFields(f)...)}
	ask := f.ask()
	if own, _ := r.manageable(); len(own) > 1 && f.center == "" {
		ask.GroupBy = "center"
	}
	use, err := r.p.Engine.Usage(r.ctx(), r.actor, ask)
	if err != nil {
		return err
	}
	down, err := r.p.Engine.Downtime(r.ctx(), r.actor, ask)
	if err != nil {
		return err
	}
	found, err := r.answers(f)
	if err != nil {
		return err
	}
	v.Scope = r.reportScope(f, use, found.total)
	v.use(r, use)
	v.satisfaction(r, found)
	v.asked(r, found)
	v.standing(r, down)
	if err := v.loop(r, f, use.Filter); err != nil {
		return err
	}
	v.Said, err = r.p.Surveys.Comments(r.ctx(), r.actor, survey.CommentsQuery{Center: f.center, From: f.from, To: f.to})
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "report", &v)
}

// TagNames are what managers marked a comment with, in words.
func (v *reportView) TagNames(tags []string) string {
	var names []string
	for _, t := range survey.CommentTags() {
		if contains(tags, t.Key) {
			names = append(names, v.Plain(t.Text))
		}
	}
	return strings.Join(names, ", ")
}

// lastHalf is the newest half of a year that is over.
func lastHalf(today booking.Date) (from, to string) {
	year, month, _ := strings.Cut(today.Month(), "-")
	if month >= "07" {
		return year + "-01", year + "-06"
	}
	y, _ := strconv.Atoi(year)
	return fmt.Sprintf("%04d-07", y-1), fmt.Sprintf("%04d-12", y-1)
}

// reportScope is the head: what, where, when made, by which version.
func (r *request) reportScope(f manageFilter, use *booking.Usage, got survey.Results) []Row {
	rows := r.manageScope(f, use.Filter.Centers)
	if len(use.Filter.Centers) > 1 {
		rows = append(rows, Row{Term: r.T("report.centers"), Value: r.centerNames(use.Filter.Centers)})
	}
	return append(rows, Row{Term: r.T("report.made"), Value: text(r.staffWhen().Moment(use.AsOf))},
		Row{Term: r.T("report.version"), Value: text(r.p.Version)}, Row{Term: r.T("report.seal"), Value: text(r.seal(got.Seals))})
}

// seal is the hash of the newest closed month: it continues those of all before.
func (r *request) seal(seals []survey.Seal) string {
	if len(seals) == 0 {
		return r.T("report.seal.none")
	}
	last := seals[len(seals)-1]
	return r.T("report.seal.of", r.monthName(last.Month), last.Hash)
}

// use fills in how machines were used.
func (v *reportView) use(r *request, use *booking.Usage) {
	t := use.Total
	rate := func(k, n int) string {
		ci := survey.Wilson(k, n)
		if ci == nil {
			return "–"
		}
		return share(k, n) + " " + interval(ci[0], ci[1])
	}
	for _, x := range [][2]string{
		{"manage.def.utilisation", percent(t.Minutes.Utilisation()) + "% (" + r.hours(t.Minutes.Used) + " ÷ " + r.hours(t.Minutes.Open) + ")"},
		{"report.attended", r.T("report.of.bookings", grouped(t.Counts.Attended), grouped(t.Counts.Bookings))},
		{"manage.noshow.rate", rate(t.Counts.NoShows, t.Counts.Expected)},
		{"manage.cancel.rate", rate(t.Counts.Cancelled, t.Counts.Made)},
		{"report.people", r.T("report.people.of", grouped(t.People), grouped(t.Firms), grouped(t.FirstTime))},
	} {
		v.Use = append(v.Use, Row{Term: r.T(x[0]), Value: text(x[1])})
	}
	by := "manage.machine"
	if use.Filter.GroupBy == "center" {
		by = "manage.center"
	}
	v.UseBy = chart{ID: "use-by", Title: r.T("report.useby"), Head: []string{r.T(by), r.T("manage.utilisation"), r.T("manage.used"), r.T("manage.uses"),
		r.T("manage.noshow"), r.T("report.persons"), r.T("report.firms"), r.T("report.first")}}
	for _, g := range use.Groups {
		v.UseBy.Lines = append(v.UseBy.Lines, chartLine{r.chartName(g.Label), []string{percent(g.Minutes.Utilisation()) + "%", r.hours(g.Minutes.Used),
			grouped(g.Counts.Attended), grouped(g.Counts.NoShows), grouped(g.People), grouped(g.Firms), grouped(g.FirstTime)}})
	}
}

// standing fills in when centers were closed and machines stood.
func (v *reportView) standing(r *request, d *booking.Downtime) {
	v.Closed = chart{ID: "closed", Title: r.T("report.closed"), Head: []string{r.T("manage.center"), r.T("report.when"), r.T("report.reason")}}
	for _, c := range d.Closures {
		center, _ := r.catalog.Center(c.Center)
		v.Closed.Lines = append(v.Closed.Lines, chartLine{r.chartName(center.Name), []string{r.staffWhen().Span(c.When.Start, c.When.End), c.Reason.In(r.lang)}})
	}
	v.Stops = chart{ID: "stops", Title: r.T("report.stops"), Head: []string{r.T("manage.machine"), r.T("manage.center"), r.T("report.faults"), r.T("report.maintenances"),
		r.T("report.stood"), r.T("report.longest")}}
	for _, s := range d.Stops {
		e, _ := r.catalog.Machine(s.Equipment)
		v.Stops.Lines = append(v.Stops.Lines, chartLine{r.chartName(e.Name), []string{r.centerOf(s.Equipment), strconv.Itoa(s.Faults), strconv.Itoa(s.Maintenances),
			r.hours(s.Minutes), r.staffWhen().Span(s.Longest.Start, s.Longest.End)}})
	}
}

// loop fills in what became of what people said: the wishes for a reply of the
// period, who waits for one now, and what centers changed.
func (v *reportView) loop(r *request, f manageFilter, in booking.UsageFilter) error {
	n, err := r.p.Surveys.CaseCounts(r.ctx(), r.actor, f.center)
	if err != nil {
		return err
	}
	came, err := r.p.Surveys.CaseOutcome(r.ctx(), r.actor, f.center, string(in.From), string(in.To))
	if err != nil {
		return err
	}
	v.Wishes = r.T("report.wishes", came.Came, came.Answered, came.InTime)
	v.Waiting = r.T("report.waiting", n.Open, n.Overdue)
	from, to := in.From.At(0, r.catalog.Zone), in.To.Add(1).At(0, r.catalog.Zone)
	for _, id := range in.Centers {
		notes, err := r.p.Surveys.Notes(r.ctx(), r.actor, id)
		if err != nil {
			return err
		}
		center, _ := r.catalog.Center(id)
		for _, x := range notes {
			if !x.At.Before(from) && x.At.Before(to) {
				v.Changed = append(v.Changed, reportNote{r.staffWhen().Day(x.At), center.Name, x.Text})
			}
		}
	}
	return nil
}

// Terms are the definitions that the report prints, in order.
func (*reportView) Terms() []string { return (*manageView)(nil).Terms() }
