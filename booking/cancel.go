package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	// regret is how long after confirming a cancel is never late, and how long
	// after a cancel it can be taken back.
	regret = 10 * time.Minute
)

// isLate tells whether a cancel or move at now is late: after the promised
// limit, except in the first minutes after confirming.
func (b *Booking) isLate(now time.Time) bool {
	fresh := b.Details.ConfirmedAt != nil && !now.After(b.Details.ConfirmedAt.Add(regret))
	return b.Status == Confirmed && now.After(b.Details.Terms.CancelUntil) && !fresh
}

// lateRefusal refuses the person's own cancel or move once it has begun, or
// late where the promised rule forbids it.
func (b *Booking) lateRefusal(now time.Time, zone *time.Location) error {
	if !now.Before(b.Start) {
		return policyFault(vTooLateToCancel(b.Start, zone))
	}
	if b.isLate(now) && b.Details.Terms.LateCancel == LateRefused {
		return policyFault(vTooLateToCancel(b.Details.Terms.CancelUntil, zone))
	}
	return nil
}

// Cancel frees the time at once. The person may do so until the start; staff
// at any time, with a reason.
func (s *Service) Cancel(ctx context.Context, actor account.Actor, id string, req AttendRequest) (*View, error) {
	ch := change{verb: VerbCancel, action: "booking.cancel", reason: req.Reason, version: req.Version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		cause := "person"
		if actor.ID != b.AccountID {
			if req.Reason == "" {
				return nil, fault.BadField("reason", "required", "")
			}
			cause = "staff"
		} else if err := b.lateRefusal(tx.Now(), c.Zone); err != nil {
			return nil, err
		}
		b.Details.Late = cause == "person" && b.isLate(tx.Now())
		events, err := b.cancel(ctx, tx, VerbCancel, cause, req.Reason)
		if err != nil || !b.Details.Late {
			return events, err
		}
		more, err := s.struck(ctx, tx, c, b, StruckLateCancel, b.Details.Terms.NoShow)
		return append(events, more...), err
	}
	return s.apply(ctx, actor, id, ch)
}

// cancel ends a booking that has not begun.
func (b *Booking) cancel(ctx context.Context, tx Tx, verb Verb, cause, reason string) ([]account.Event, error) {
	now := tx.Now()
	b.Details.CancelledFrom, b.Details.CancelledAt = b.Status, &now
	b.Details.Cause, b.Details.Reason = cause, reason
	b.EndedAt, b.AnswerBy, b.Counted = &now, nil, false
	if err := b.save(ctx, tx, verb, Cancelled); err != nil {
		return nil, err
	}
	return []account.Event{event("booking.cancelled", b, map[string]string{"cause": cause})}, nil
}

// Restore takes one's own cancel back for some minutes, if the time is still free.
func (s *Service) Restore(ctx context.Context, actor account.Actor, id string, version int) (*View, error) {
	ch := change{verb: VerbRestore, action: "booking.restore", version: version}
	ch.do = func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error) {
		if !b.restorable(tx.Now()) {
			return nil, fault.ErrState.With("status", string(b.Status))
		}
		f, err := s.facts(ctx, tx, ask{equipment: b.EquipmentID, interval: b.Interval(), ignore: b.ID})
		if err != nil {
			return nil, err
		}
		if b.Details.Late {
			if err := tx.TakeBack(ctx, b.ID, StruckLateCancel); err != nil {
				return nil, err
			}
		}
		to := b.Details.CancelledFrom
		was, err := b.step(VerbRestore, to)
		if err != nil {
			return nil, err
		}
		b.Details.CancelledAt, b.Details.CancelledFrom, b.Details.Cause, b.Details.Reason, b.Details.Late = nil, "", "", "", false
		b.EndedAt, b.Counted = nil, true
		if to == Pending {
			e, _ := f.Catalog.Machine(b.EquipmentID)
			by := answerBy(f.Catalog, e, b.Start, tx.Now())
			b.AnswerBy = &by
		}
		if err := s.occupy(ctx, tx, f, b, was, placing{prefer: b.Unit}); err != nil {
			return nil, err
		}
		return madeEvents(b), nil
	}
	v, err := s.apply(ctx, actor, id, ch)
	return v, s.lostWith(ctx, id, err)
}

// restorable tells whether a cancel can still be taken back.
func (b *Booking) restorable(now time.Time) bool {
	d := b.Details
	return b.Status == Cancelled && d.Cause == "person" && d.CancelledAt != nil && !now.After(d.CancelledAt.Add(regret)) && now.Before(b.Start)
}

// lostWith adds alternatives to a slot_taken on a booking that exists.
func (s *Service) lostWith(ctx context.Context, id string, err error) error {
	if fault.Code(err) != "slot_taken" {
		return err
	}
	v, lookErr := s.load(ctx, account.System("alternatives"), id)
	if lookErr != nil {
		return err
	}
	return s.withAlternatives(ctx, ask{equipment: v.EquipmentID, interval: v.Interval()}, err)
}
