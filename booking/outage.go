package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// outageOutcome is what a report or a change did; of recurring maintenance the
// first outage comes first.
type outageOutcome struct {
	outages  []*Outage
	affected []Affected
	catalog  *Catalog
	replay   *Replay
}

// ReportOutage says that a unit, or all, can't be used, once or again and
// again, and looks after everybody it hits: a running use ends, a coming one
// goes to another unit at the same time, else it is cancelled by the center.
// Nobody is ever punished.
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
	o := Outage{ID: s.NewID(), EquipmentID: e.ID, CenterID: e.Center.ID, Unit: req.Unit, From: req.From.UTC(), To: instant(req.To),
		ExpectedUntil: instant(req.ExpectedUntil), Kind: req.Kind, Reason: req.Reason}
	if err := checkOutage(&o, e); err != nil {
		return nil, nil, false, err
	}
	series, err := s.repeated(o, req.Repeat, c.Zone)
	if err != nil {
		return nil, nil, false, err
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*outageOutcome, error) {
		if req.Key != nil {
			if r, err := tx.Claim(ctx, *req.Key, o.ID); r != nil || err != nil {
				return &outageOutcome{replay: r}, err
			}
		}
		fresh := make([]*Outage, len(series))
		for i, o := range series {
			o.CreatedAt = tx.Now()
			fresh[i] = &o
		}
		return s.takeOut(ctx, tx, actor, fresh, "outage.report")
	})
	if err != nil {
		return nil, nil, false, err
	}
	if out.replay != nil {
		return s.reportedBefore(ctx, actor, req, out.replay)
	}
	s.toldOutage(ctx, actor, out)
	return out.outages[0], out.affected, false, nil
}

// reportedBefore answers a repeated report like the first time: with what became of whom.
func (s *Service) reportedBefore(ctx context.Context, actor account.Actor, req OutageRequest, r *Replay) (*Outage, []Affected, bool, error) {
	if r.Body != req.Key.Body {
		return nil, nil, false, fault.ErrMismatch
	}
	o, err := s.outage(ctx, req.EquipmentID, r.Subject)
	if err != nil {
		return nil, nil, true, err
	}
	hit, err := s.toldBefore(ctx, actor, o.ID, o.CreatedAt)
	return o, hit, true, err
}

// takeOut writes outages of one machine and looks after every booking they
// hit, in one transaction that holds the machine's row: no booking can slip in
// between.
func (s *Service) takeOut(ctx context.Context, tx Tx, actor account.Actor, outages []*Outage, action string) (*outageOutcome, error) {
	first := outages[0]
	if err := tx.Lock(ctx, Locks{Equipment: []string{first.EquipmentID}}); err != nil {
		return nil, err
	}
	c, err := tx.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range outages {
		if err := tx.SaveOutage(ctx, o); err != nil {
			return nil, err
		}
	}
	out := &outageOutcome{outages: outages, catalog: c}
	out.affected, err = s.withdrawOutages(ctx, tx, actor, c, outages, action, func(*Booking) bool { return true })
	return out, err
}

// withdrawOutages looks after the bookings under outages of one machine.
func (s *Service) withdrawOutages(ctx context.Context, tx Tx, actor account.Actor, c *Catalog, outages []*Outage, action string, only func(*Booking) bool) ([]Affected, error) {
	o, now := outages[0], tx.Now()
	under := func(b *Booking) *Outage {
		for _, o := range outages {
			if (o.Unit == 0 || o.Unit == b.Unit) && o.Interval(now).Overlaps(b.Interval()) {
				return o
			}
		}
		return nil
	}
	hit, err := s.standing(ctx, tx, ListQuery{Equipment: []string{o.EquipmentID}}, func(b *Booking) bool { return under(b) != nil && only(b) })
	if err != nil {
		return nil, err
	}
	from := map[string]time.Time{}
	for _, b := range hit {
		from[b.ID] = under(b).From
	}
	w := withdrawal{subject: o.ID, center: o.CenterID, action: action, reason: o.Reason, units: true,
		until:  func(b *Booking) time.Time { return from[b.ID] },
		detail: map[string]any{"equipment": o.EquipmentID, "unit": o.Unit, "outages": len(outages)}}
	return s.withdraw(ctx, tx, actor, c, w, hit)
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
		o.endAtMinute(tx.Now())
		if e, ok := c.Machine(equipment); ok {
			if err := checkOutage(o, e); err != nil {
				return nil, err
			}
		}
		return s.takeOut(ctx, tx, actor, []*Outage{o}, "outage.change")
	})
	if err != nil {
		return nil, nil, err
	}
	s.toldOutage(ctx, actor, out)
	return out.outages[0], out.affected, nil
}

// endAtMinute lets what ends in the minute of now end with its beginning: a use
// at the counter begins with its minute, and the machine is back at once.
func (o *Outage) endAtMinute(now time.Time) {
	minute := now.Truncate(time.Minute)
	if o.To != nil && minute.After(o.From) && o.To.After(minute) && !o.To.After(now) {
		o.To = &minute
	}
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
	for _, o := range out.outages {
		s.changedIn(out.catalog, []string{o.EquipmentID}, o.Interval(now))
	}
	s.sawDesk(ctx, actor, out.outages[0].CenterID)
}

// changedIn tells watchers of machines about the days of an interval that are
// not over; what lies further ahead than anybody watches is left out.
func (s *Service) changedIn(c *Catalog, machines []string, i Interval) {
	days := []Date{}
	for d := DateOf(later(i.Start, s.now()), c.Zone); d <= DateOf(i.End, c.Zone) && len(days) < 32; d = d.Add(1) {
		days = append(days, d)
	}
	for _, id := range machines {
		s.Watch.Changed(id, days...)
	}
}
