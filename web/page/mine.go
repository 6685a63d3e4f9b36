package page

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"gongbang/booking"
)

// mineView is my bookings: what comes, or what was.
type mineView struct {
	Frame
	Tabs  []Tab
	Cards []mineCard
	Past  bool
	Firm  bool
	Older string
	// Surveys ask about uses that were not answered for.
	Surveys []openSurveyLine
}

// mineCard is one booking in the list.
type mineCard struct {
	B       *booking.View
	When    string
	ISO     string
	Chip    Chip
	Steps   []Step
	Detail  string
	QR      string
	Move    string
	Cancel  string
	Restore string
	Again   string
	Note    string
}

const (
	// pastDays is how far back one page of past bookings reaches.
	pastDays = 92
	// mostListed bounds one look at somebody's bookings.
	mostListed = 200
)

// mine lists the person's bookings.
func (p *pages) mine(r *request) error {
	from := r.today().Add(-pastDays)
	if d, ok := booking.ParseDate(r.Query("from")); ok && d < from {
		from = d
	}
	list, err := p.Engine.List(r.ctx(), r.actor, booking.List{Scope: "mine", From: from, Limit: mostListed})
	if err != nil {
		return err
	}
	items := list.Items
	for list.Next != "" && len(items) < 5*mostListed {
		if list, err = p.Engine.List(r.ctx(), r.actor, booking.List{Scope: "mine", From: from, Limit: mostListed, Cursor: list.Next}); err != nil {
			return err
		}
		items = append(items, list.Items...)
	}
	var coming, past []booking.View
	for _, b := range items {
		if b.Status.Occupies() && (b.End.After(r.now) || b.Status == booking.CheckedIn || b.Details.Job != nil) {
			coming = append(coming, b)
		} else {
			past = append(past, b)
		}
	}
	slices.Reverse(past)
	v := &mineView{Frame: r.frame("mine.title"), Past: r.Query("tab") == "past"}
	v.Tabs = []Tab{{Name: r.T("mine.coming", len(coming)), Href: r.url("/bookings"), Current: !v.Past},
		{Name: r.T("mine.past", len(past)), Href: r.url("/bookings?tab=past"), Current: v.Past}}
	shown := coming
	firm, err := p.Engine.List(r.ctx(), r.actor, booking.List{Scope: "firm", From: r.today(), Limit: mostListed, Statuses: []booking.Status{booking.Pending, booking.Confirmed, booking.CheckedIn}})
	if err != nil {
		return err
	}
	if v.Firm = r.Query("tab") == "firm"; v.Firm || len(firm.Items) > 0 {
		v.Tabs[0].Current = !v.Past && !v.Firm
		v.Tabs = append(v.Tabs, Tab{Name: r.T("mine.firm"), Href: r.url("/bookings?tab=firm"), Current: v.Firm})
	}
	if v.Firm {
		for i := range firm.Items {
			v.Cards = append(v.Cards, r.firmCard(&firm.Items[i]))
		}
		return r.page(http.StatusOK, "mine", v)
	}
	if v.Past {
		shown = past
		v.Older = r.url("/bookings?tab=past&from=" + string(from.Add(-pastDays)))
	}
	v.Surveys = r.openSurveys()
	for i := range shown {
		v.Cards = append(v.Cards, r.mineCard(&shown[i]))
	}
	return r.page(http.StatusOK, "mine", v)
}

// firmCard is a booking of the firm: one's own with its page, a colleague's with the masked name.
func (r *request) firmCard(b *booking.View) mineCard {
	c := mineCard{B: b, When: r.when().Day(b.Start) + " " + r.when().Times(b.Start, b.End), ISO: b.Start.In(r.catalog.Zone).Format(time.RFC3339), Chip: r.statusChip(b)}
	if b.AccountID == r.actor.ID {
		c.Detail = r.url("/bookings/" + b.ID)
	} else {
		c.Note = b.Person.Name
	}
	return c
}

func (r *request) mineCard(b *booking.View) mineCard {
	path := "/bookings/" + b.ID
	c := mineCard{B: b, When: r.when().Day(b.Start) + " " + r.when().Times(b.Start, b.End), ISO: b.Start.In(r.catalog.Zone).Format(time.RFC3339),
		Chip: r.statusChip(b), Detail: r.url(path)}
	if b.Status.Occupies() {
		c.Steps = r.steps(b)
		c.QR = r.url(path + "/qr")
	} else if b.Equipment != nil && !b.Equipment.Retired {
		c.Again = r.url(machinePath(b.EquipmentID, "", b.Interval().Minutes(), ""))
	}
	if may(b, booking.VerbMove) {
		c.Move = r.url(r.movePath(b))
	}
	if cancellable(b) {
		c.Cancel = r.url(path + "/cancel")
	}
	if may(b, booking.VerbRestore) {
		c.Restore = r.url(path + "/restore")
	}
	if b.Status == booking.Pending && b.AnswerBy != nil {
		c.Note = r.T("done.answer_by", r.when().Moment(*b.AnswerBy))
	}
	return c
}

// cancellable tells whether the way to the cancel page is shown. Past the
// limit it stays: that page then says why not, and whom to call.
func cancellable(b *booking.View) bool {
	return may(b, booking.VerbCancel) || b.Status == booking.Confirmed || b.Status == booking.Pending
}

// movePath is the machine's page on which a booking looks for another time.
func (r *request) movePath(b *booking.View) string {
	return machinePath(b.EquipmentID, booking.DateOf(b.Start, r.catalog.Zone), b.Interval().Minutes(), b.ID)
}

// mineDetail is one booking with everything about it.
func (p *pages) mineDetail(r *request) error {
	b, err := p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	return r.showDetail(http.StatusOK, b, nil)
}

// showDetail draws a booking; change may add what a refused press has to say.
func (r *request) showDetail(status int, b *booking.View, change func(*doneView)) error {
	v, err := r.facts(b, r.framed(r.T("mine.detail", b.Equipment.Name.In(r.lang))))
	if err != nil {
		return err
	}
	for _, h := range r.history(b) {
		v.History = append(v.History, historyLine{ISO: v.Iso(h.At), At: r.when().Moment(h.At), Text: h.Text})
	}
	v.Rules, v.What = r.rules(b.Equipment), r.detailSentences(b)
	if v.Own {
		r.offer(v, b)
		if err := r.offerHandOver(v, b); err != nil {
			return err
		}
	}
	v.Survey = r.surveyOf(b)
	if change != nil {
		change(v)
	}
	return r.page(status, "detail", v)
}

// offer shows what the person may do now, as the service says.
func (r *request) offer(v *doneView, b *booking.View) {
	path := "/bookings/" + b.ID
	if may(b, booking.VerbMove) {
		v.Move = r.url(r.movePath(b))
	}
	if cancellable(b) {
		v.Cancel = r.url(path + "/cancel")
	}
	if may(b, booking.VerbRestore) {
		v.Restore = r.url(path + "/restore")
		if at := b.Details.CancelledAt; at != nil {
			v.Restored = r.when().Time(at.Add(restoreFor))
		}
	}
	if may(b, booking.VerbLate) && booking.DateOf(b.Start, r.catalog.Zone) == r.today() {
		v.Late = r.lateForm(b)
	}
	if b.Status == booking.Completed && b.Equipment.Elsewhere == nil && !b.Equipment.Retired {
		next := r.nearView(b.Equipment, booking.Interval{Start: b.Start.AddDate(0, 0, 7), End: b.End.AddDate(0, 0, 7)})
		if b.Start.AddDate(0, 0, 7).After(r.now) {
			v.Next = &next
		}
	}
}

// offerHandOver leads to the firm's members, for who is one.
func (r *request) offerHandOver(v *doneView, b *booking.View) error {
	if b.Status != booking.Confirmed && b.Status != booking.Pending || !b.Start.After(r.now) {
		return nil
	}
	p, err := r.p.People.Me(r.ctx(), r.actor)
	if err == nil && p.Firm != nil && p.Firm.ConfirmedAt != nil {
		v.HandOver = r.url("/bookings/" + b.ID + "/hand-over")
	}
	return err
}

// restoreFor is how long a cancel can be taken back; the service judges, the page says it.
const restoreFor = 10 * time.Minute

func (r *request) detailSentences(b *booking.View) []string {
	out := r.doneSentences(b)
	d := b.Details
	switch b.Status {
	case booking.Cancelled:
		out = append(out, r.T("history.cancelled."+endedBy(d.Cause)))
	case booking.Rejected:
		out = append(out, r.T("history.rejected."+endedBy(d.Cause)))
	}
	if d.LateMinutes > 0 && b.Status == booking.Confirmed {
		out = append(out, r.T("late.told", d.LateMinutes))
	}
	return out
}

func (r *request) lateForm(b *booking.View) *Form {
	minutes := &Field{Name: "minutes", Label: r.T("late.minutes"), Type: "select"}
	for _, n := range []int{10, 20, 30, 60} {
		minutes.Options = append(minutes.Options, Option{Value: strconv.Itoa(n), Label: r.length(n)})
	}
	return r.form("/bookings/"+b.ID+"/late", minutes)
}

// showQR is the code as large as the screen, for the desk's reader.
func (p *pages) showQR(r *request) error {
	b, err := p.Engine.Get(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	v, err := r.facts(b, r.frame("qr.title"))
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "code", v)
}

// byCode is where a QR code leads whoever reads it with a camera.
func (p *pages) byCode(r *request) error { return r.see("/bookings/" + r.Param("id")) }

// calendar is the booking as a calendar file.
func (p *pages) calendar(r *request) error {
	ics, err := p.Engine.ICS(r.ctx(), r.actor, r.Param("id"), r.lang)
	if err != nil {
		return err
	}
	r.Header("Content-Disposition", `attachment; filename="booking.ics"`)
	r.Data(http.StatusOK, "text/calendar; charset=utf-8", ics)
	return nil
}
