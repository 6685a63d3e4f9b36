package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
)

// The groups a booking of the board belongs to; they are the filters above it.
const (
	groupInUse   = "in_use"
	groupConfirm = "to_confirm"
	groupComing  = "coming"
	groupPending = "pending"
	groupOutage  = "outage"
	groupOver    = "over"
)

var boardGroups = []string{groupInUse, groupConfirm, groupComing, groupPending, groupOutage, groupOver}

// boardBlock is one booking or outage on the board. Names in it are masked:
// who passes by can read the screen.
type boardBlock struct {
	ID      string // stable over a refresh: the focus stays on it
	Href    string
	Machine string
	Start   time.Time
	Times   string // 09:00~11:00
	From    string // 09:00
	Name    string
	State   Chip
	Group   string
	Place   string // classes that place it on the timeline
	Short   bool   // too narrow for more than time and name
	Code    string
	Ask     bool   // nobody was seen: did they come?
	Booking string // id; "" for an outage
	Came    *Form  // [오셨음]
	NoShow  *Form  // [안 오심]
	Close   *Form  // [센터 사정]
}

// boardBlock is a booking as the board shows it.
func (r *request) boardBlock(base string, v booking.View, toConfirm bool) boardBlock {
	w := r.staffWhen()
	state, group := r.deskState(v, toConfirm)
	b := boardBlock{ID: "b-" + v.ID, Booking: v.ID, Href: r.url(base + "/bookings/" + v.ID), Machine: r.deskMachine(v.Equipment, v.Unit),
		Start: v.Start, Times: w.Times(v.Start, v.End), From: w.Time(v.Start), Name: r.whoComes(&v), State: state, Group: group,
		Code: booking.ShowCode(v.Code), Ask: toConfirm}
	first, last := booking.DateOf(v.Start, v.Zone), booking.DateOf(v.End.Add(-time.Minute), v.Zone)
	if first != last || first < r.today() {
		b.Times = w.Span(v.Start, v.End)
	}
	return b
}

// Span is the time with a place to break it, for narrow columns.
func (b boardBlock) Span() template.HTML {
	return template.HTML(strings.NewReplacer("~", "~<wbr>", "–", "–<wbr>").Replace(template.HTMLEscapeString(b.Times)))
}

// whoComes names the person at the machine: the attendee, where another one booked.
func (r *request) whoComes(v *booking.View) string {
	if a := v.Details.Attendee; a != nil && a.Name != "" {
		return a.Name
	}
	if v.Person.Name == "" {
		return r.T("desk.nobody") // an account that has left
	}
	return v.Person.Name
}

// deskState is where a booking stands, in a word, and the group it is counted in.
func (r *request) deskState(v booking.View, toConfirm bool) (Chip, string) {
	if j := v.Details.Job; j != nil && (v.Status == booking.CheckedIn || v.Status == booking.Completed) {
		return r.deskJobState(j.State, v.Status)
	}
	switch v.Status {
	case booking.Pending:
		return Chip{"warn", r.T("desk.state.pending")}, groupPending
	case booking.CheckedIn:
		if over := r.now.Sub(v.End); over >= time.Minute {
			return Chip{"danger", r.T("desk.state.overrun", int(over/time.Minute))}, groupInUse
		}
		return Chip{"ok", r.T("desk.state.checked_in")}, groupInUse
	case booking.Completed:
		if v.Details.Attendance == "unknown" {
			return Chip{"plain", r.T("desk.state.unknown")}, groupOver
		}
	case booking.Confirmed:
		switch {
		case v.Details.ArrivedAt != nil:
			return Chip{"ok", r.T("desk.state.arrived")}, groupComing
		case toConfirm:
			return Chip{"warn", r.T("desk.state.to_confirm")}, groupConfirm
		}
		return Chip{"info", r.T("desk.state.confirmed")}, groupComing
	}
	return Chip{"plain", r.T("desk.state." + string(v.Status))}, groupOver
}

func (r *request) deskJobState(s booking.JobState, status booking.Status) (Chip, string) {
	group, kind := groupInUse, "ok"
	if status == booking.Completed {
		group, kind = groupOver, "plain"
	}
	if s == booking.JobReady {
		kind = "info"
	}
	return Chip{kind, r.T("desk.job." + string(s))}, group
}

// outageBlock is a machine that stands, for the time that the board shows.
func (r *request) outageBlock(base string, m booking.Machine) boardBlock {
	o := m.Outage
	b := boardBlock{ID: "o-" + o.ID + "-" + strconv.Itoa(m.Unit), Href: r.url(base + "/outage#running"), Machine: r.deskMachine(m.Equipment, m.Unit),
		Start: o.From, Times: r.outageTimes(o), From: r.staffWhen().Time(o.From), Name: o.Reason,
		State: Chip{"danger", r.T("desk.outage.kind." + string(o.Kind))}, Group: groupOutage}
	return b
}

// outageTimes is from when to when a machine stands, in words.
func (r *request) outageTimes(o *booking.Outage) string {
	w := r.staffWhen()
	switch {
	case o.To != nil:
		return w.Span(o.From, *o.To)
	case o.ExpectedUntil != nil:
		return r.T("desk.outage.expected", w.Span(o.From, *o.ExpectedUntil))
	}
	return w.Moment(o.From) + " ~"
}

// onTimeline tells whether a booking takes room on the timeline: what never
// took place has none, the list has it.
func onTimeline(s booking.Status) bool {
	return !slices.Contains([]booking.Status{booking.Cancelled, booking.Rejected}, s)
}
