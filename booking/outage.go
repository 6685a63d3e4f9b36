package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// outageOutcome is what a report or a change did.
type outageOutcome struct {
	outage   *Outage
	affected []Affected
	catalog  *Catalog
	replay   *Replay
}

// ReportOutage says that a unit, or all, can't be used, and looks after
// everybody it hits: a running use ends, a coming one goes to another unit at
// the same time, else it is cancelled by the center. Nobody is ever punished.
func (s *Service) ReportOutage(ctx context.Context, actor account.Actor, req OutageRequest) (*Outage, []Affected, bool, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	e, ok := c.Machine(req.EquipmentID)
	if !ok {
		return nil, nil, false, fault.ErrNotFound
	}
	if !actor.May(account.DeskWork, e.Center.ID) {
		return nil, nil, false, fault.ErrForbidden
	}
	o := &Outage{ID: s.NewID(), EquipmentID: e.ID, CenterID: e.Center.ID, Unit: req.Unit, From: req.From.UTC(), To: instant(req.To),
		ExpectedUntil: instant(req.ExpectedUntil), Kind: req.Kind, Reason: req.Reason}
	if err := checkOutage(o, e); err != nil {
		return nil, nil, false, err
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*outageOutcome, error) {
		if req.Key != nil {
			if r, err := tx.Claim(ctx, *req.Key, o.ID); r != nil || err != nil {
				return &outageOutcome{replay: r}, err
			}
		}
		n := *o
		n.CreatedAt, n.Version = tx.Now(), 0
		return s.strike(ctx, tx, actor, &n, "outage.report")
	})
	if err != nil {
		return nil, nil, false, err
	}
	if out.replay != nil {
		if out.replay.Body != req.Key.Body {
			return nil, nil, false, fault.ErrMismatch
		}
		old, err := s.outage(ctx, req.EquipmentID, out.replay.Subject)
		return old, nil, true, err
	}
	s.toldOutage(ctx, actor, out)
	return out.outage, out.affected, false, nil
}

func instant(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC().Truncate(time.Millisecond)
	return &u
}

func checkOutage(o *Outage, e *Equipment) error {
	switch {
	case o.Unit < 0 || o.Unit > e.Quantity:
		return fault.BadField("unit", "max", itoa(e.Quantity))
	case o.From.IsZero():
		return fault.BadField("from", "required", "")
	case o.To == nil && o.ExpectedUntil == nil:
		return fault.BadField("expected_until", "required", "")
	case o.To != nil && !o.To.After(o.From):
		return fault.BadField("to", "after", "from")
	case o.ExpectedUntil != nil && !o.ExpectedUntil.After(o.From):
		return fault.BadField("expected_until", "after", "from")
	case o.Kind != Fault && o.Kind != Maintenance:
		return fault.BadField("kind", "oneof", "fault maintenance")
	case o.Reason == "":
		return fault.BadField("reason", "required", "")
	}
	return nil
}

// Interval is the outage as the engine counts it at a moment: until its end,
// else until it is expected to be over; past that it goes on day by day.
func (o *Outage) Interval(now time.Time) Interval {
	switch {
	case o.To != nil:
		return Interval{o.From, *o.To}
	case o.ExpectedUntil.After(now):
		return Interval{o.From, *o.ExpectedUntil}
	}
	return Interval{o.From, now.Add(24 * time.Hour)}
}

// ChangeOutage ends an outage, or makes it longer; a longer one looks after whom it newly hits.
func (s *Service) ChangeOutage(ctx context.Context, actor account.Actor, equipment, id string, p OutagePatch) (*Outage, []Affected, error) {
	old, err := s.outage(ctx, equipment, id)
	if err != nil {
		return nil, nil, err
	}
	if !actor.May(account.DeskWork, old.CenterID) {
		return nil, nil, fault.ErrForbidden
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, nil, err
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*outageOutcome, error) {
		if err := tx.Lock(ctx, Locks{Equipment: []string{equipment}}); err != nil {
			return nil, err
		}
		found, err := tx.Outages(ctx, OutageQuery{ID: id, Limit: 1})
		if err != nil || len(found) == 0 {
			return nil, orNotFound(err)
		}
		o := found[0]
		if p.Version != 0 && p.Version != o.Version {
			return nil, fault.ErrStale
		}
		p.on(o)
		if e, ok := c.Machine(equipment); ok {
			if err := checkOutage(o, e); err != nil {
				return nil, err
			}
		}
		return s.strike(ctx, tx, actor, o, "outage.change")
	})
	if err != nil {
		return nil, nil, err
	}
	s.toldOutage(ctx, actor, out)
	return out.outage, out.affected, nil
}

func orNotFound(err error) error {
	if err == nil {
		return fault.ErrNotFound
	}
	return err
}

func (p OutagePatch) on(o *Outage) {
	if p.To != nil {
		o.To = instant(p.To)
	}
	if p.ExpectedUntil != nil {
		o.ExpectedUntil = instant(p.ExpectedUntil)
	}
	if p.Reason != nil {
		o.Reason = *p.Reason
	}
}

// Outages lists a machine's outages that are not over.
func (s *Service) Outages(ctx context.Context, actor account.Actor, equipment string) ([]*Outage, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	e, ok := c.Machine(equipment)
	if !ok {
		return nil, fault.ErrNotFound
	}
	if !actor.May(account.DeskWork, e.Center.ID) {
		return nil, fault.ErrForbidden
	}
	var out []*Outage
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		out, err = r.Outages(ctx, OutageQuery{Equipment: []string{equipment}, Overlaps: Interval{s.now(), FarFuture}, Limit: 200})
		return err
	})
	return out, err
}

func (s *Service) outage(ctx context.Context, equipment, id string) (*Outage, error) {
	var found []*Outage
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		found, err = r.Outages(ctx, OutageQuery{ID: id, Limit: 1})
		return err
	})
	if err == nil && (len(found) == 0 || found[0].EquipmentID != equipment) {
		err = fault.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func (s *Service) toldOutage(ctx context.Context, actor account.Actor, out *outageOutcome) {
	now := s.now()
	i := out.outage.Interval(now)
	days := []Date{}
	for d := DateOf(later(i.Start, now), out.catalog.Zone); d <= DateOf(i.End, out.catalog.Zone) && len(days) < 32; d = d.Add(1) {
		days = append(days, d)
	}
	s.Watch.Changed(out.outage.EquipmentID, days...)
	s.sawDesk(ctx, actor, out.outage.CenterID)
}
