package booking

import (
	"context"
	"slices"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Move gives a booking another time, unit or machine. The old time stays until
// the new one is won; it is judged like a new booking that does not count itself.
func (s *Service) Move(ctx context.Context, actor account.Actor, id string, req MoveRequest) (*View, error) {
	if req.Version == 0 {
		return nil, fault.BadField("version", "required", "")
	}
	v, err := s.load(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if v.Version != req.Version {
		return nil, fault.ErrStale
	}
	d, err := s.moveDraft(ctx, actor, v, req)
	if err != nil {
		return nil, err
	}
	f, err := s.early(ctx, d)
	if err != nil {
		return nil, err
	}
	prefer, err := s.roomBesideHolds(ctx, f, d, v)
	if err != nil {
		return nil, s.withAlternatives(ctx, d.ask, err)
	}
	ch := change{verb: VerbMove, action: "booking.move", version: req.Version, also: d.ask.equipment, firm: s.byFirm(d.ask.equipment)}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		return s.move(ctx, tx, b, c, d, prefer)
	}
	out, err := s.apply(ctx, actor, id, ch)
	if fault.Code(err) == "slot_taken" {
		return nil, s.withAlternatives(ctx, d.ask, err)
	}
	return out, err
}

// roomBesideHolds chooses a unit that nobody else holds. A move takes no lock
// of its own: somebody refused because of it would be told that the new time
// is taken while the old one still is as well, which no order of the two
// calls explains. Two moves onto one time meet in the database.
func (s *Service) roomBesideHolds(ctx context.Context, f Facts, d draft, v *View) (prefer int, err error) {
	e, _ := f.Catalog.Machine(d.ask.equipment)
	busy := d.ask.interval.Grow(e.Policy.buffer())
	units := rank(d.units(f, e, s.now()), v.Unit, d.ask.unit)
	if alive, err := s.Locks.List(ctx, e.ID, busy); err == nil {
		units = slices.DeleteFunc(units, func(u int) bool { return s.isHeld(alive, u, s.owner(d.account)) })
	}
	if len(units) == 0 {
		return 0, errSlotTaken
	}
	return units[0], nil
}

func (s *Service) moveDraft(ctx context.Context, actor account.Actor, v *View, req MoveRequest) (draft, error) {
	d := draft{id: v.ID, actor: actor, account: v.AccountID, origin: v.Origin}
	d.ask = ask{account: v.AccountID, equipment: req.EquipmentID, interval: Interval{req.Start.UTC(), req.End.UTC()}, unit: req.Unit,
		people: max(1, v.Details.People), declared: v.Details.Declared, attendee: v.Details.Attendee, ofAge: v.Details.OfAge, ignore: v.ID}
	if d.ask.equipment == "" {
		d.ask.equipment = v.EquipmentID
	}
	if v.Details.Job != nil {
		d.ask.due = v.Details.Job.DueDate
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return d, err
	}
	e, ok := c.Machine(d.ask.equipment)
	if !ok {
		return d, fault.ErrNotFound
	}
	if d.ask.unit < 0 || d.ask.unit > e.Quantity {
		return d, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	// Staff move within their centers only; what they set needs no approval.
	if actor.ID != v.AccountID {
		if !actor.May(account.DeskWork, e.Center.ID) {
			return d, fault.ErrForbidden
		}
		d.ask.byStaff, d.ask.ofAge = true, true
	}
	return d, checkInterval(d.ask.interval)
}

// move is the transaction of a move.
func (s *Service) move(ctx context.Context, tx Tx, b *Booking, c *Catalog, d draft, prefer int) ([]account.Event, error) {
	if !d.ask.byStaff {
		if err := b.lateRefusal(tx.Now(), c.Zone); err != nil {
			return nil, err
		}
	}
	f, err := s.facts(ctx, tx, d.ask)
	if err != nil {
		return nil, err
	}
	needs, err := s.mayBook(f, d, tx.Now())
	if err != nil {
		return nil, err
	}
	old, from, promised := before(b), b.Status, b.Details.Terms.NoShow
	late := !d.ask.byStaff && b.isLate(tx.Now())
	e, _ := f.Catalog.Machine(d.ask.equipment)
	if d.ask.unit == 0 && d.ask.equipment == b.EquipmentID && prefer == 0 {
		prefer = b.Unit
	}
	b.place(f.Catalog, e, d.ask.interval, tx.Now())
	confirmed := b.Details.ConfirmedAt
	b.await(f.Catalog, e, tx.Now(), needs)
	to := b.Status
	if to == Confirmed && confirmed != nil {
		b.Details.ConfirmedAt = confirmed // the ten free minutes to cancel do not start again
	}
	b.Status = from
	if _, err := b.step(VerbMove, to); err != nil {
		return nil, err
	}
	if err := s.occupy(ctx, tx, f, b, from, placing{only: d.ask.unit, prefer: prefer, open: d.lanes(f, e, tx.Now())}); err != nil {
		return nil, err
	}
	events := []account.Event{event("booking.moved", b, old)}
	if late {
		more, err := s.struck(ctx, tx, f.Catalog, b, StruckLateMove, promised)
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	if to == Pending {
		events = append(events, event("approval.waiting", b, nil))
	}
	return events, nil
}
