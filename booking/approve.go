package booking

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Approve confirms a pending booking, maybe at another time, length or unit;
// the person is told what changed.
func (s *Service) Approve(ctx context.Context, actor account.Actor, id string, req ApproveRequest) (*View, error) {
	ch := change{verb: VerbApprove, action: "booking.approve", version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		i := b.Interval()
		if req.Start != nil {
			i.Start = req.Start.UTC()
		}
		if req.End != nil {
			i.End = req.End.UTC()
		}
		if err := checkInterval(i); err != nil {
			return nil, err
		}
		if !tx.Now().Before(i.End) {
			return nil, policyFault(vInPast())
		}
		a := ask{equipment: b.EquipmentID, interval: i, unit: req.Unit, people: b.Details.People, ofAge: true, byStaff: true, ignore: b.ID}
		return s.approve(ctx, tx, b, a)
	}
	v, err := s.apply(ctx, actor, id, ch)
	return v, s.lostWith(ctx, id, err)
}

// approve places the booking anew: also an unchanged one goes through occupy,
// which sees an outage that came meanwhile.
func (s *Service) approve(ctx context.Context, tx Tx, b *Booking, a ask) ([]account.Event, error) {
	f, err := s.facts(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	e, _ := f.Catalog.Machine(b.EquipmentID)
	if a.unit < 0 || a.unit > e.Quantity {
		return nil, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	old, unit := before(b), b.Unit
	if a.interval != b.Interval() {
		v := f.judge(a, tx.Now()).waive().without(func(code string) bool { return code == "in_past" })
		if err := v.refusal(); err != nil {
			return nil, err
		}
		b.place(f.Catalog, e, a.interval, tx.Now())
	}
	was, err := b.step(VerbApprove, Confirmed)
	if err != nil {
		return nil, err
	}
	now := tx.Now()
	b.AnswerBy, b.Details.ConfirmedAt = nil, &now
	if err := s.occupy(ctx, tx, f, b, was, placing{only: a.unit, prefer: b.Unit}); err != nil {
		return nil, err
	}
	ev := event("booking.confirmed", b, nil)
	if before(b)["starts_at"] != old["starts_at"] || before(b)["ends_at"] != old["ends_at"] || b.Unit != unit {
		ev.Data = old
	}
	return []account.Event{ev}, nil
}

// Reject refuses a pending booking with a reason; its time is free at once.
func (s *Service) Reject(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbReject, action: "booking.reject", reason: req.Reason, version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		if req.Reason == "" {
			return nil, fault.BadField("reason", "required", "")
		}
		return b.reject(ctx, tx, "staff", req.Reason)
	}
	return s.apply(ctx, actor, id, ch)
}

func (b *Booking) reject(ctx context.Context, tx Tx, cause, reason string) ([]account.Event, error) {
	now := tx.Now()
	b.EndedAt, b.AnswerBy, b.Counted = &now, nil, false
	b.Details.Cause, b.Details.Reason = cause, reason
	if err := b.save(ctx, tx, VerbReject, Rejected); err != nil {
		return nil, err
	}
	return []account.Event{event("booking.rejected", b, map[string]string{"cause": cause})}, nil
}
