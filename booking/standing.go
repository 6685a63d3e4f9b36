package booking

import (
	"context"
	"slices"
	"time"
)

// occupying are the statuses that keep a unit from others.
var occupying = []Status{Pending, Offered, Confirmed, CheckedIn}

// standingPage bounds one read of what stands.
const standingPage = 1000

// standing lists the bookings that occupy and are not over, of some centers
// or machines (none: of all), for which keep answers true, by start. In a
// transaction they are locked: nobody changes them until it ends.
func (s *Service) standing(ctx context.Context, r Reader, q ListQuery, keep func(b *Booking) bool) ([]*Booking, error) {
	q.Statuses, q.Occupies, q.From, q.Limit = occupying, true, r.Now().Add(-longest), standingPage
	var out []*Booking
	for {
		page, err := r.Bookings(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, b := range page {
			if b.End.After(r.Now()) && keep(b) {
				out = append(out, b)
			}
		}
		if len(page) < standingPage {
			return out, s.hold(ctx, r, out)
		}
		last := page[len(page)-1]
		q.After = Cursor{Start: last.Start, ID: last.ID}
	}
}

// hold locks bookings that were read, by id, in a transaction that writes.
func (s *Service) hold(ctx context.Context, r Reader, list []*Booking) error {
	tx, writes := r.(Tx)
	if !writes {
		return nil
	}
	var ids []string
	for _, b := range list {
		ids = append(ids, b.ID)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, standingPage) {
		if err := tx.Lock(ctx, Locks{Bookings: part}); err != nil {
			return err
		}
	}
	return nil
}

// openUntil is until when the machine of a booking stays open from now on: its
// center's next closing by the catalog; now when it is closed already.
func (c *Catalog) openUntil(equipment string, now time.Time) time.Time {
	e, ok := c.Machine(equipment)
	if !ok || e.Retired || e.Center.Retired {
		return now
	}
	for _, open := range c.openBetween(e.Center, DateOf(now, c.Zone).Add(-1), mostDays+1) {
		if open.Has(now) {
			return open.End
		}
	}
	return now
}
