package page

import (
	"net/url"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// timesView is the part of the page that changes while others book.
type timesView struct {
	Minutes int
	Strip   []DayCell
	Earlier string // another two weeks
	Later   string
	Month   *monthView
	ToMonth string
	ToStrip string
	Closed  []string // named closures of the shown days
	Lengths []Tab
	Heading string
	Groups  []slotGroup
	Notice  *Notice
	Next    *Tab // the nearest day with something free
	Week    *weekView
	Action  string // of the buttons
	Method  string
	Hidden  []Hidden
	Live    string // of the event stream
	Part    string // this part again
	Date    booking.Date

	board *machineBoard
	own   []booking.View // the person's own on this machine, newest first
	names map[booking.Date]string
	after string // read aloud behind every start: the length
}

// times draws the days, lengths and starts of a machine.
func (r *request) times(e *booking.Equipment, ask machineAsk) (*timesView, error) {
	t := &timesView{board: &machineBoard{r: r, e: e}, names: map[booking.Date]string{}}
	if err := r.ownBookings(t, ask); err != nil {
		return nil, err
	}
	t.Minutes = chosenLength(t, ask.minutes)
	t.board.minutes, t.after = t.Minutes, r.T("slot.after", r.length(t.Minutes))
	from := r.stripFrom(ask.date)
	if err := t.board.load(from, stripDays+1); err != nil { // one more for who is open over midnight
		return nil, err
	}
	if err := r.chooseDay(t, ask.date); err != nil {
		return nil, err
	}
	r.fillStrip(t, from)
	r.fillLengths(t)
	if ask.month != "" {
		if err := r.fillMonth(t, ask.month); err != nil {
			return nil, err
		}
	}
	if err := r.fillStarts(t); err != nil {
		return nil, err
	}
	r.fillForm(t)
	return t, r.fillWeek(t, from)
}

// ownBookings are the person's own on this machine: they show as theirs, give
// the usual length, and one of them may be the one that moves.
func (r *request) ownBookings(t *timesView, ask machineAsk) error {
	if r.actor.Anonymous() {
		return nil
	}
	if ask.move != "" {
		v, err := r.p.Engine.Get(r.ctx(), r.actor, ask.move)
		if err != nil {
			return err
		}
		if v.AccountID != r.actor.ID { // staff move on the desk's pages
			return fault.ErrNotFound
		}
		t.board.moving = v
	}
	recent, err := r.p.Engine.Recent(r.ctx(), r.actor, 50)
	if err != nil {
		return err
	}
	coming, err := r.p.Engine.Upcoming(r.ctx(), r.actor, 50)
	t.own = slices.DeleteFunc(append(recent, coming...), func(v booking.View) bool { return v.EquipmentID != t.board.e.ID })
	return err
}

// chosenLength is the asked length, that of the booking that moves, the one used last, or the shortest.
func chosenLength(t *timesView, asked int) int {
	p := t.board.e.Policy
	wanted := []int{asked}
	if m := t.board.moving; m != nil {
		wanted = append(wanted, m.Interval().Minutes())
	}
	if len(t.own) > 0 {
		wanted = append(wanted, t.own[0].Interval().Minutes())
	}
	for _, n := range wanted {
		if n >= p.MinMinutes && n <= p.MaxMinutes && n%max(1, p.SlotMinutes) == 0 {
			return n
		}
	}
	return p.MinMinutes
}

// farthest is how many days ahead a page can be asked for.
const farthest = 366

// stripFrom is the first day of the two weeks that hold a date; the first two begin today.
func (r *request) stripFrom(d booking.Date) booking.Date {
	today := r.today()
	if d <= today || d > today.Add(farthest) {
		return today
	}
	return today.Add(daysBetween(today, d) / stripDays * stripDays)
}

func daysBetween(a, b booking.Date) int {
	return int(b.At(0, time.UTC).Sub(a.At(0, time.UTC)).Hours() / 24)
}

// chooseDay takes the asked day, or the first one with a free start: whoever
// opens the page sees something to press.
func (r *request) chooseDay(t *timesView, asked booking.Date) error {
	t.Date = r.today()
	if asked >= t.Date && asked <= t.Date.Add(farthest) {
		t.Date = asked
		return nil
	}
	for _, day := range t.board.days {
		if t.board.free(day) == 0 {
			continue
		}
		starts, err := t.board.starts(day.Date)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(starts, func(c startCell) bool { return c.State == booking.SlotFree }) {
			t.Date = day.Date
			return nil
		}
	}
	return nil
}

// fillForm says where a start is pressed to: a hold, or the page that
// confirms the move.
func (r *request) fillForm(t *timesView) {
	id := t.board.e.ID
	t.Action, t.Method = r.url("/holds"), "post"
	if m := t.board.moving; m != nil {
		t.Action, t.Method = r.url("/bookings/"+m.ID+"/move"), "get"
	}
	t.Hidden = []Hidden{{"equipment_id", id}, {"minutes", positive(t.Minutes)}}
	t.Live = "/api/v1/events?equipment=" + url.QueryEscape(id)
	t.Part = r.timesLink(t, t.Date, t.Minutes) + "&part=times"
	if t.Month != nil {
		t.Part += "&month=" + t.Month.Key
	}
}

// timesLink is this page with another day or length.
func (r *request) timesLink(t *timesView, d booking.Date, minutes int) string {
	move := ""
	if t.board.moving != nil {
		move = t.board.moving.ID
	}
	return r.url(machinePath(t.board.e.ID, d, minutes, move))
}
