package page

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// wanted is what a press asks for: a machine and a time, as a start and a
// length, or as two instants.
func (r *request) wanted(sent url.Values) (*booking.Equipment, booking.Interval, error) {
	e, ok := r.catalog.Machine(sent.Get("equipment_id"))
	if !ok {
		return nil, booking.Interval{}, fault.ErrNotFound
	}
	if sent.Has("starts_at") {
		start, err := time.Parse(time.RFC3339, sent.Get("starts_at"))
		end, err2 := time.Parse(time.RFC3339, sent.Get("ends_at"))
		if err != nil || err2 != nil {
			return nil, booking.Interval{}, fault.New(fault.BadRequest, "bad_request")
		}
		return e, booking.Interval{Start: start.UTC(), End: end.UTC()}, nil
	}
	start, ok := r.startAt(sent.Get("start"))
	minutes := minutesOf(sent.Get("minutes"))
	if !ok || minutes == 0 {
		return nil, booking.Interval{}, fault.New(fault.BadRequest, "bad_request")
	}
	return e, booking.Interval{Start: start, End: start.Add(time.Duration(minutes) * time.Minute)}, nil
}

// hold keeps a time and leads to the page that confirms it.
func (p *pages) hold(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	e, i, err := r.wanted(sent)
	if err != nil {
		return err
	}
	h, err := p.Engine.Hold(r.ctx(), r.actor, booking.HoldRequest{EquipmentID: e.ID, Start: i.Start, End: i.End})
	if err != nil {
		return r.notHeld(e, i, err)
	}
	return r.see(p.confirmPath(r.held(h, p.NewID())))
}

// notHeld shows other times to who came second, and the reasons to whom the rules refused.
func (r *request) notHeld(e *booking.Equipment, i booking.Interval, err error) error {
	ask := machineAsk{date: booking.DateOf(i.Start, r.catalog.Zone), minutes: i.Minutes()}
	f, ok := fault.As(err)
	switch {
	case !ok:
		return err
	case f.Code == "slot_taken":
		return r.lost(e, i, f, nil)
	case f.Code == "contact_unverified":
		return r.refusedMachine(e, ask, f, http.StatusForbidden)
	case f.Kind == fault.Invalid:
		return r.refusedMachine(e, ask, f, http.StatusUnprocessableEntity)
	}
	return err
}

// lostView is shown to who came second.
type lostView struct {
	Frame
	M     *booking.Equipment
	Asked string
	Near  []nearView
	Back  string
	// Move is the booking that was to move; its alternatives lead to its own page.
	Move *booking.View
}

// lost offers the free times that the engine found near the lost one.
func (r *request) lost(e *booking.Equipment, i booking.Interval, f *fault.Fault, move *booking.View) error {
	v := &lostView{Frame: r.frame("lost.title"), M: e, Asked: r.when().Span(i.Start, i.End), Move: move}
	moving := ""
	if move != nil {
		moving = move.ID
	}
	v.Back = r.url(machinePath(e.ID, booking.DateOf(i.Start, r.catalog.Zone), i.Minutes(), moving)) + "#start"
	found, _ := f.Extra["alternatives"].([]booking.Alternative)
	for _, a := range found {
		other, ok := r.catalog.Machine(a.EquipmentID)
		if !ok {
			continue
		}
		near := r.nearView(other, a.Interval)
		if other.ID == e.ID {
			near.Machine, near.Center = "", ""
		}
		v.Near = append(v.Near, near)
	}
	return r.page(http.StatusConflict, "lost", v)
}

// nearView is another time that can be pressed; Machine is "" for the same one.
type nearView struct {
	Equipment, Start, Minutes string
	Text                      string
	Machine, Center           string
}

func (r *request) nearView(e *booking.Equipment, i booking.Interval) nearView {
	return nearView{Equipment: e.ID, Start: r.startText(i.Start), Minutes: positive(i.Minutes()), Text: r.when().Span(i.Start, i.End),
		Machine: e.Name.In(r.lang), Center: e.Center.Name.In(r.lang)}
}

// nearStarts is how many other times are offered.
const nearStarts = 3

// near finds the free starts of a machine nearest to a time.
func (r *request) near(e *booking.Equipment, asked booking.Interval) ([]nearView, error) {
	if e.Elsewhere != nil {
		return nil, nil
	}
	b := &machineBoard{r: r, e: e, minutes: asked.Minutes()}
	if err := b.load(max(r.today(), booking.DateOf(asked.Start, r.catalog.Zone).Add(-3)), stripDays); err != nil {
		return nil, err
	}
	var free []startCell
	for _, day := range b.days {
		starts, err := b.starts(day.Date)
		if err != nil {
			return nil, err
		}
		for _, s := range starts {
			if s.State == booking.SlotFree {
				free = append(free, s)
			}
		}
	}
	slices.SortStableFunc(free, func(x, y startCell) int {
		return int(x.At.Sub(asked.Start).Abs()/time.Second) - int(y.At.Sub(asked.Start).Abs()/time.Second)
	})
	var out []nearView
	for _, s := range free[:min(nearStarts, len(free))] {
		n := r.nearView(e, booking.Interval{Start: s.At, End: s.End})
		n.Machine, n.Center = "", ""
		out = append(out, n)
	}
	return out, nil
}

// releaseHold gives a time back and shows the machine again.
func (p *pages) releaseHold(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	h, e, err := r.readHeld(sent.Get("h"))
	if err != nil {
		return err
	}
	if err := p.Engine.ReleaseHold(r.ctx(), r.actor, h.ID); err != nil {
		return err
	}
	r.note("note.hold_released")
	return r.see(machinePath(e.ID, booking.DateOf(h.Start, r.catalog.Zone), h.minutes(), ""))
}
