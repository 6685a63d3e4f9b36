package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// WalkIn seats somebody who just came: from the current minute, or from when
// the unit became free if that is later. The length need not end on the grid.
func (s *Service) WalkIn(ctx context.Context, actor account.Actor, req WalkInRequest) (*View, bool, error) {
	if !actor.May(account.DeskWork, req.CenterID) {
		return nil, false, fault.ErrForbidden
	}
	if v, err := s.replayed(ctx, actor, req.Key); v != nil || err != nil {
		return v, v != nil, err
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, false, err
	}
	e, ok := c.Machine(req.EquipmentID)
	if !ok || e.Center.ID != req.CenterID {
		return nil, false, fault.ErrNotFound
	}
	if req.Minutes < 1 || req.Minutes > int(longest/time.Minute) {
		return nil, false, fault.BadField("minutes", "between", "1…1440")
	}
	if req.Unit < 0 || req.Unit > e.Quantity {
		return nil, false, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	at, err := happened(c, req.At, s.now())
	if err != nil {
		return nil, false, err
	}
	d := draft{id: s.NewID(), code: s.NewCode(), actor: actor, origin: WalkIn,
		req: BookRequest{Override: req.Override, Key: req.Key, For: &ForWhom{Name: req.Name, Phone: req.Phone, Consent: req.Consent}}}
	start := at.Truncate(time.Minute)
	d.ask = ask{equipment: e.ID, unit: req.Unit, people: 1, declared: true, ofAge: true, byStaff: true,
		interval: Interval{start, start.Add(time.Duration(req.Minutes) * time.Minute)}}
	if err := s.worthAGuest(ctx, d); err != nil {
		return nil, false, err
	}
	if d.account, err = s.forWhom(ctx, actor, req.CenterID, *d.req.For); err != nil {
		return nil, false, err
	}
	d.ask.account = d.account
	m, err := s.seat(ctx, d, at)
	if err == nil && m.booking != nil {
		s.sawDesk(ctx, actor, req.CenterID)
	}
	return s.answer(ctx, actor, d.ask, req.Key, m, err)
}

// seat wins a unit for a walk-in: a random lock owner, so that two people at
// the same counter never re-enter each other's claim.
func (s *Service) seat(ctx context.Context, d draft, at time.Time) (*made, error) {
	c := Claim{Equipment: d.ask.equipment, Interval: d.ask.interval, Owner: s.owner(d.id), TTL: claimTTL}
	look := func() (units []int, err error) {
		err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
			f, err := s.facts(ctx, r, d.ask)
			if err != nil {
				return err
			}
			e, _ := f.Catalog.Machine(d.ask.equipment)
			c.Interval = d.ask.interval.Grow(e.Policy.buffer())
			seats, _ := f.seats(e, d.ask, at)
			for _, x := range seats {
				units = append(units, x.unit)
			}
			return nil
		})
		return units, err
	}
	var err error
	if c.Units, err = look(); err != nil {
		return nil, err
	}
	write := func(prefer int) (*made, error) {
		return do(ctx, s.Store, func(ctx context.Context, tx Tx) (*made, error) { return s.walkIn(ctx, tx, d, at, prefer) })
	}
	if len(c.Units) == 0 {
		return write(0) // the transaction says what is broken, or when a unit is free
	}
	return s.underLock(ctx, c, look, write)
}

// walkIn is the transaction of a walk-in.
func (s *Service) walkIn(ctx context.Context, tx Tx, d draft, at time.Time, prefer int) (*made, error) {
	if d.req.Key != nil {
		if r, err := tx.Claim(ctx, *d.req.Key, d.id); r != nil || err != nil {
			return &made{replay: r}, err
		}
	}
	f, err := s.lockedFacts(ctx, tx, d)
	if err != nil {
		return nil, err
	}
	if err := d.verdict(f, tx.Now()).refusal(); err != nil {
		return nil, err
	}
	e, _ := f.Catalog.Machine(d.ask.equipment)
	seats, freeAt := f.seats(e, d.ask, at)
	if len(seats) == 0 {
		return nil, errSlotTaken.Show("free_at", freeAt)
	}
	x := seats[0]
	for _, y := range seats {
		if y.unit == prefer {
			x = y
		}
	}
	b := d.build(f.Catalog, tx.Now(), nil)
	b.Status, b.CheckedInAt, b.Details.Attendance = CheckedIn, &at, "attended"
	b.place(f.Catalog, e, Interval{x.from, x.from.Add(d.ask.interval.End.Sub(d.ask.interval.Start))}, tx.Now())
	if err := s.occupy(ctx, tx, f, b, "", placing{only: x.unit}); err != nil {
		return nil, err
	}
	return &made{booking: b, catalog: f.Catalog, person: f.Person}, tx.Trace(ctx, entry(d.actor, "booking.walk_in", b, d.req.Override))
}

// walkInFree is what does not bind somebody who stands in front of a free
// machine: the grid, the window, the shortest length, lanes and draws are for planning ahead.
var walkInFree = map[string]bool{"in_past": true, "not_open_yet": true, "too_late": true, "off_grid": true, "too_short": true, "lane": true, "lottery_only": true}

// seat is a unit on which a walk-in can start, and from when.
type seat struct {
	unit int
	from time.Time
}

// seats lists the units that are free at the moment and stay so for the whole
// time; without any, freeAt says when the first one is (nil: not within sight).
// A unit whose user is still checked in counts as in use though the time is over.
func (f Facts) seats(e *Equipment, a ask, at time.Time) (out []seat, freeAt *time.Time) {
	length := a.interval.End.Sub(a.interval.Start)
	for unit := 1; unit <= e.Quantity; unit++ {
		if a.unit != 0 && unit != a.unit {
			continue
		}
		from, ok := f.firstFree(e, unit, a.interval.Start, length)
		switch {
		case !ok:
		case !from.After(at):
			out = append(out, seat{unit, from})
		case freeAt == nil || from.Before(*freeAt):
			freeAt = &from
		}
	}
	return out, freeAt
}

// firstFree is the first moment from t on at which the unit is free for the length with its buffer.
func (f Facts) firstFree(e *Equipment, unit int, t time.Time, length time.Duration) (time.Time, bool) {
	begin := t
	for moved := true; moved; {
		moved = false
		want := Interval{t, t.Add(length + e.Policy.buffer())}
		for _, o := range f.Busy {
			taken := Interval{o.Interval.Start, o.BusyUntil}
			if o.Unit != unit {
				continue
			}
			if o.Status == CheckedIn && !o.BusyUntil.After(begin) {
				return t, false // overrun: nobody knows until when
			}
			if taken.Overlaps(want) {
				t, moved = taken.End, true
				break
			}
		}
		for _, o := range f.Outages {
			if !moved && (o.Unit == 0 || o.Unit == unit) && o.Interval.Overlaps(Interval{t, t.Add(length)}) {
				t, moved = o.Interval.End, true
			}
		}
	}
	return t, t.Before(FarFuture)
}
