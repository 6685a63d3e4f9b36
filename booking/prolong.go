package booking

import (
	"context"
	"time"

	"gongbang/account"
)

const (
	// silence is how long the service must have been away for it to matter.
	silence = 5 * time.Minute
	// madeGood is how long after the service is back everybody whose limit was
	// near can still cancel as if in time.
	madeGood = time.Hour
)

// downtimes are the times since the first tick in which the service was away;
// now it is back.
func downtimes(ticks []time.Time, now time.Time) (out []Interval) {
	back := now.Truncate(time.Minute)
	if back.Before(now) { // where its first tick will be
		back = back.Add(time.Minute)
	}
	for i, t := range ticks {
		next := back
		if i+1 < len(ticks) {
			next = ticks[i+1]
		}
		if next.Sub(t) > silence+time.Minute { // a tick stands for its minute
			out = append(out, Interval{t.Add(time.Minute), next})
		}
	}
	return out
}

// prolonged is until when a booking can be cancelled in time after the service
// was down: whose limit fell into the downtime, or into the hour after it, has
// that hour, at most until the start. false: nothing changes.
func (b *Booking) prolonged(down Interval) (until time.Time, ok bool) {
	limit := b.Details.Terms.CancelUntil
	if c := b.Details.ConfirmedAt; c != nil && c.Before(down.End) {
		limit = later(limit, c.Add(regret))
	}
	until = down.End.Add(madeGood)
	if !b.CreatedAt.Before(down.End) || limit.Before(down.Start) || !limit.Before(until) {
		return until, false
	}
	if b.Start.Before(until) {
		until = b.Start
	}
	return until, until.After(limit)
}

// ProlongDue gives people back the time to cancel that an outage of the
// service itself took from them: nobody is late because no page answered.
func (s *Service) ProlongDue(ctx context.Context) (int, error) {
	now := s.now()
	var down []Interval
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		ticks, err := r.Ticks(ctx, now.Add(-madeGood))
		down = downtimes(ticks, now)
		return err
	})
	if err != nil || len(down) == 0 {
		return 0, err
	}
	// What is due is written once: then the limit stands where it would be put.
	due := func(b *Booking) (until time.Time, ok bool) {
		for _, d := range down {
			if at, far := b.prolonged(d); far && at.After(until) {
				until, ok = at, true
			}
		}
		return until, ok && (b.Status == Confirmed || b.Status == Pending)
	}
	coming, err := s.due(ctx, ListQuery{Statuses: []Status{Confirmed, Pending}, From: now}, func(b *Booking) bool { _, ok := due(b); return ok })
	n := 0
	for _, id := range coming {
		did, failed := s.drainOne(ctx, id, "prolong", func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
			until, ok := due(b)
			if !ok {
				return "", nil, nil
			}
			b.Details.Terms.CancelUntil, b.Details.Terms.Prolonged = until, true
			return "booking.prolong", nil, tx.Update(ctx, b, b.Status)
		})
		if did {
			n++
		}
		if failed != nil && err == nil {
			err = failed
		}
	}
	return n, err
}

// due lists the ids of the bookings of a query that something is to be done with.
func (s *Service) due(ctx context.Context, q ListQuery, want func(*Booking) bool) (ids []string, err error) {
	q.Limit = drainBatch
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		for {
			page, err := r.Bookings(ctx, q)
			if err != nil {
				return err
			}
			for _, b := range page {
				if want(b) {
					ids = append(ids, b.ID)
				}
			}
			if len(page) < drainBatch {
				return nil
			}
			end := page[len(page)-1]
			q.After = Cursor{Start: end.Start, ID: end.ID}
		}
	})
	return ids, err
}
