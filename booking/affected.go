package booking

import (
	"context"

	"gongbang/account"
)

// strike writes an outage and looks after every booking it hits, in one
// transaction that holds the machine's row: no booking can slip in between.
func (s *Service) strike(ctx context.Context, tx Tx, actor account.Actor, o *Outage, action string) (*outageOutcome, error) {
	if err := tx.Lock(ctx, Locks{Equipment: []string{o.EquipmentID}}); err != nil {
		return nil, err
	}
	c, err := tx.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	if err := tx.SaveOutage(ctx, o); err != nil {
		return nil, err
	}
	out := &outageOutcome{outage: o, catalog: c}
	hit, err := s.hit(ctx, tx, o)
	if err != nil {
		return nil, err
	}
	var events []account.Event
	for _, b := range hit {
		became, ev, err := s.rescue(ctx, tx, b, o)
		if err != nil {
			return nil, err
		}
		if err := tx.Trace(ctx, entry(actor, "outage.affect", b, o.ID)); err != nil {
			return nil, err
		}
		events = append(events, ev...)
		people, err := tx.People(ctx, []string{b.AccountID})
		if err != nil {
			return nil, err
		}
		out.affected = append(out.affected, Affected{View: s.view(c, b, people[b.AccountID], actor).masked(), Became: became})
	}
	e := account.Entry{Actor: actor.Name(), Action: action, Subject: o.ID, Center: o.CenterID, Reason: o.Reason, Request: actor.RequestID,
		Detail: map[string]any{"equipment": o.EquipmentID, "unit": o.Unit, "affected": len(hit)}}
	return out, tx.Trace(ctx, e, events...)
}

// hit lists the occupying bookings an outage meets, running ones first.
func (s *Service) hit(ctx context.Context, tx Tx, o *Outage) ([]*Booking, error) {
	i := o.Interval(tx.Now())
	spans, err := tx.Busy(ctx, []string{o.EquipmentID}, i)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range spans {
		if x.Booking != "" && (o.Unit == 0 || x.Unit == o.Unit) && x.Interval.Overlaps(i) && x.Status.Occupies() {
			ids = append(ids, x.Booking)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if err := tx.Lock(ctx, Locks{Bookings: ids}); err != nil {
		return nil, err
	}
	return tx.Bookings(ctx, ListQuery{IDs: ids, Limit: len(ids)})
}

// rescue decides for one booking: a running use ends and counts for nobody, a
// coming one moves to another unit at the same time, else the center cancels it.
func (s *Service) rescue(ctx context.Context, tx Tx, b *Booking, o *Outage) (string, []account.Event, error) {
	now := tx.Now()
	if b.Status == CheckedIn && b.Details.Terms.Mode == Self {
		b.Details.Cause, b.Details.Reason, b.Counted = "center", o.Reason, false
		t := now
		if t.Before(b.Start) {
			t = b.Start
		}
		ev, err := b.finish(ctx, tx, VerbClose, t, b.buffer())
		return "ended", append(ev, event("outage.affected", b, map[string]string{"became": "ended"})), err
	}
	f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: b.Interval(), ignore: b.ID})
	if err != nil {
		return "", nil, err
	}
	old := before(b)
	e, _ := f.Catalog.Machine(b.EquipmentID)
	if units := f.free(e, b.Interval(), b.BusyUntil, b.ID); len(units) > 0 {
		err := s.occupy(ctx, tx, f, b, b.Status, placing{})
		old["became"] = "moved"
		return "moved", []account.Event{event("outage.affected", b, old)}, err
	}
	if b.Status == CheckedIn { // a staff-run job that was received: the material stays, the time goes
		b.Details.Cause, b.Details.Reason, b.Counted = "center", o.Reason, false
		ev, err := b.finish(ctx, tx, VerbClose, later(now, b.Start), b.buffer())
		return "ended", append(ev, event("outage.affected", b, map[string]string{"became": "ended"})), err
	}
	if _, err := b.cancel(ctx, tx, VerbClose, "center", o.Reason); err != nil {
		return "", nil, err
	}
	return "cancelled", []account.Event{event("outage.affected", b, map[string]string{"became": "cancelled"})}, nil
}

// CancelByCenter ends a booking that can't stand because of what the center
// changed: never late, never counted, and the person is told why.
func (s *Service) CancelByCenter(ctx context.Context, actor account.Actor, id, reason string) (*View, error) {
	ch := change{verb: VerbClose, action: "booking.close", reason: reason}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		if b.Status == CheckedIn {
			b.Details.Cause, b.Details.Reason, b.Counted = "center", reason, false
			return b.finish(ctx, tx, VerbClose, later(tx.Now(), b.Start), b.buffer())
		}
		return b.cancel(ctx, tx, VerbClose, "center", reason)
	}
	return s.apply(ctx, actor, id, ch)
}
