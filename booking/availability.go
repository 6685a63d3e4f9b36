package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Availability is what a machine offers on some days.
type Availability struct {
	Equipment *Equipment
	Zone      *time.Location
	Days      []DayAvailability
}

// DayAvailability is one day; Slots is empty when it is closed.
type DayAvailability struct {
	Date   Date
	Open   []Interval
	Closed string // "", "holiday", "closed"
	Reason lang.Text
	Slots  []Slot
}

// SlotState is how one step of the grid stands for the asker.
type SlotState string

const (
	SlotFree       SlotState = "free"
	SlotHeld       SlotState = "held"
	SlotTaken      SlotState = "taken"
	SlotMine       SlotState = "mine"
	SlotClosed     SlotState = "closed"
	SlotOutage     SlotState = "outage"
	SlotPast       SlotState = "past"
	SlotNotOpenYet SlotState = "not_open_yet"
	SlotTooLate    SlotState = "too_late"
)

// Slot is one step of the grid. HeldUntil is set when a hold ends first.
type Slot struct {
	Interval  Interval
	State     SlotState
	FreeUnits int
	HeldUntil *time.Time
}

// maxSlots bounds one answer.
const maxSlots = 2000

// Availability shows the grid of a machine on some days as it stands for the asker.
func (s *Service) Availability(ctx context.Context, actor account.Actor, equipment string, from Date, days int) (*Availability, error) {
	if days < 1 || days > 31 {
		return nil, fault.BadField("days", "between", "1…31")
	}
	var (
		c      *Catalog
		e      *Equipment
		whole  Interval
		stands taken
		used   []string
	)
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) { // one snapshot of both
		if c, err = r.Catalog(ctx); err != nil {
			return err
		}
		if e, err = c.machine(equipment); err != nil {
			return err
		}
		whole = Interval{from.At(0, c.Zone), from.Add(days).At(0, c.Zone)}
		// A slot of the last day may end on the next one, and asks for its cleaning time too.
		over := time.Duration(e.Policy.SlotMinutes)*time.Minute + e.Policy.buffer()
		spans, err := r.Busy(ctx, []string{e.ID}, whole.Grow(over))
		stands = byMachine(spans)[e.ID]
		if err == nil && actor.ID != "" && e.Policy.asksFirstTime() {
			f, err := r.Facts(ctx, FactsQuery{Account: actor.ID, Equipment: e.ID, Used: true})
			used = f.Used
			return err
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	b := board{catalog: c, e: e, now: s.now(), account: actor.ID, owner: s.owner(actor.ID), taken: stands, used: used}
	if b.held, err = s.Locks.List(ctx, e.ID, whole); err != nil {
		b.held = nil // no lock layer: nothing is shown as held
	}
	out := &Availability{Equipment: e, Zone: c.Zone}
	n := 0
	for k := range days {
		d := b.day(from.Add(k))
		if n += len(d.Slots); n > maxSlots {
			return nil, fault.BadField("days", "max_slots", itoa(maxSlots))
		}
		out.Days = append(out.Days, d)
	}
	return out, nil
}

// board is what a machine's slots are judged by.
type board struct {
	catalog        *Catalog
	e              *Equipment
	now            time.Time
	account, owner string
	taken          taken
	held           []Held
	used           []string // the asker's bookings of the machine, where lanes ask for it
}

func (b board) day(d Date) DayAvailability {
	day := b.catalog.Day(b.e.Center, d)
	out := DayAvailability{Date: d, Open: day.Open, Closed: day.Closed, Reason: day.Reason, Slots: []Slot{}}
	over := time.Duration(b.e.Policy.SlotMinutes)*time.Minute + b.e.Policy.buffer()
	b.taken = b.taken.within(d.Whole(b.catalog.Zone).Grow(over)) // each slot looks at its own day
	for _, i := range b.catalog.Slots(b.e, d) {
		out.Slots = append(out.Slots, b.slot(i))
	}
	return out
}

// slot is one step of the grid: mine wins over everything, then what stands in
// the way, then whether it can be booked yet or still. A slot needs its
// cleaning time free as well.
func (b board) slot(i Interval) Slot {
	f := Facts{Catalog: b.catalog, Busy: b.taken.busy, Outages: b.taken.outages}
	wanted := i.Grow(b.e.Policy.buffer())
	a := ask{account: b.account, equipment: b.e.ID, interval: i}
	f.Used = b.used
	units := f.offered(b.e, a, b.now)
	held, until := b.holders(units, wanted)
	s := Slot{Interval: i, FreeUnits: len(units) - held}
	_, out := f.allOut(b.e, ask{interval: i})
	switch {
	case b.mine(i):
		s.State = SlotMine
	case i.Start.Before(b.now):
		s.State = SlotPast
	case out:
		s.State = SlotOutage
	case len(units) == 0:
		s.State = SlotTaken
	case s.FreeUnits == 0:
		s.State, s.HeldUntil = SlotHeld, until
	case b.now.Before(b.e.Policy.Opens.Before(i.Start, b.catalog.Zone)):
		s.State = SlotNotOpenYet
	case b.now.After(b.e.Policy.Closes.Before(i.Start, b.catalog.Zone)):
		s.State = SlotTooLate
	default:
		s.State = SlotFree
	}
	kept := len(f.judgeLanes(b.e, a, b.now)) > 0 || len(b.e.judgeLottery(b.catalog, i)) > 0
	if s.State != SlotMine && s.State != SlotPast && kept || len(b.e.judgeElsewhere(b.catalog, i)) > 0 {
		s.State, s.FreeUnits = SlotClosed, 0
	}
	return s
}

// mine tells whether the asker's own booking or hold lies on the slot.
func (b board) mine(i Interval) bool {
	if b.account == "" {
		return false
	}
	for _, x := range b.taken.busy {
		if x.Account == b.account && x.Status.Occupies() && x.Interval.Overlaps(i) {
			return true
		}
	}
	for _, h := range b.held {
		if h.Owner == b.owner && h.Interval.Overlaps(i) {
			return true
		}
	}
	return false
}

// holders counts the free units that others hold, and when the first of those holds ends.
func (b board) holders(units []int, i Interval) (n int, until *time.Time) {
	for _, u := range units {
		for _, h := range b.held {
			if h.Unit != u || h.Owner == b.owner || !h.Interval.Overlaps(i) {
				continue
			}
			n++
			if until == nil || h.ExpiresAt.Before(*until) {
				at := h.ExpiresAt
				until = &at
			}
			break
		}
	}
	return n, until
}

// FreeEquipment is a search hit with the units that are free for the whole asked time.
type FreeEquipment struct {
	Equipment *Equipment
	FreeUnits int
}

// Alternative is a free time near a lost one.
type Alternative struct {
	EquipmentID string
	CenterID    string
	Interval    Interval
}
