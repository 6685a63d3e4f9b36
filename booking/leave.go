package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// scrubbed is how many bookings one read of Leave takes in.
const scrubbed = 500

// forgiven is how long a strike that never ends by itself outlives the account.
const forgiven = 2 * 365 * 24 * time.Hour

// Coming is what Leave would cancel: the actor's bookings that have not begun to be used.
func (s *Service) Coming(ctx context.Context, actor account.Actor) ([]View, error) {
	return s.own(ctx, actor, ListQuery{Statuses: []Status{Pending, Offered, Confirmed}, Limit: scrubbed}, func(*Booking) bool { return true })
}

// Leave is the engine's part of account.Service.Leave, in one transaction: it
// cancels what the person has booked, so that the time is free at once, takes
// what people wrote out of all their bookings, and closes the account. A use
// that runs goes on without a name. Bookings stay as numbers.
func (s *Service) Leave(ctx context.Context, actor account.Actor) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	elsewhere, err := s.attended(ctx, actor.ID)
	if err != nil {
		return err
	}
	type left struct {
		catalog   *Catalog
		cancelled []*Booking
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (left, error) {
		if err := tx.Lock(ctx, Locks{Account: actor.ID}); err != nil {
			return left{}, err
		}
		freed, err := cancelAll(ctx, tx, actor)
		if err != nil {
			return left{}, err
		}
		until, err := strikesUntil(ctx, tx, actor.ID)
		if err != nil {
			return left{}, err
		}
		if err := scrubAll(ctx, tx, actor.ID, elsewhere); err != nil {
			return left{}, err
		}
		c, err := tx.Catalog(ctx)
		if err != nil {
			return left{}, err
		}
		return left{c, freed}, s.Guests.CloseIn(ctx, tx.Accounts(), actor, until)
	})
	if err != nil {
		return err
	}
	s.changed(out.catalog, out.cancelled...)
	return nil
}

// strikesUntil is when the last strike against somebody is over; zero: there
// is none that counts.
func strikesUntil(ctx context.Context, tx Tx, who string) (last time.Time, err error) {
	c, err := tx.Catalog(ctx)
	if err != nil {
		return last, err
	}
	counting, err := tx.Strikes(ctx, StrikeQuery{Account: who, Counting: true, Limit: mostStrikes})
	for _, x := range counting {
		until := tx.Now().Add(forgiven)
		if ends := c.countsUntil(x, counting); ends != nil {
			until = *ends
		}
		last = later(last, until)
	}
	return last, err
}

// cancelAll ends every booking of the person that is not in use.
func cancelAll(ctx context.Context, tx Tx, actor account.Actor) (freed []*Booking, err error) {
	q := ListQuery{Account: actor.ID, Statuses: []Status{Pending, Offered, Confirmed}, Limit: scrubbed}
	for {
		found, err := tx.Bookings(ctx, q)
		if err != nil || len(found) == 0 {
			return freed, err
		}
		for _, b := range found {
			if err := tx.Lock(ctx, Locks{Bookings: []string{b.ID}}); err != nil {
				return nil, err
			}
			b.Details.Late = b.isLate(tx.Now())
			events, err := b.cancel(ctx, tx, VerbCancel, "person", "")
			if err != nil {
				return nil, err
			}
			if err := tx.Trace(ctx, entry(actor, "booking.cancel", b, ""), events...); err != nil {
				return nil, err
			}
			freed = append(freed, b)
		}
	}
}

// scrubAll takes what people wrote out of the person's bookings, and the
// person out of those in which they only came.
func scrubAll(ctx context.Context, tx Tx, who string, elsewhere []string) error {
	q := ListQuery{Account: who, Limit: scrubbed}
	for {
		found, err := tx.Bookings(ctx, q)
		if err != nil {
			return err
		}
		for _, b := range found {
			b.Details.scrub()
			if err := tx.Update(ctx, b, b.Status); err != nil {
				return err
			}
		}
		if len(found) < q.Limit {
			break
		}
		q.After = Cursor{found[len(found)-1].Start, found[len(found)-1].ID}
	}
	for _, id := range elsewhere {
		b, err := tx.Booking(ctx, id)
		if err != nil {
			return err
		}
		b.Details.Attendee = nil
		if err := tx.Update(ctx, b, b.Status); err != nil {
			return err
		}
	}
	return nil
}

// scrub keeps what figures and promises need, and nothing that somebody wrote.
func (d *Details) scrub() {
	d.Purpose, d.Reason, d.Override, d.Attendee = "", "", "", nil
	if d.Job != nil {
		j := *d.Job
		j.What, j.Note, j.StaffNote = "", "", ""
		d.Job = &j
	}
}

// attended finds bookings of others in which the person was named as who
// comes, by the phone. It reads all bookings, so it runs before the
// transaction that others wait for.
func (s *Service) attended(ctx context.Context, who string) (ids []string, err error) {
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		people, err := r.People(ctx, []string{who})
		if err != nil {
			return err
		}
		phone := people[who].Phone
		if phone == "" {
			return nil
		}
		q := ListQuery{Attended: true, Limit: scrubbed}
		for {
			found, err := r.Bookings(ctx, q)
			if err != nil {
				return err
			}
			for _, b := range found {
				if b.AccountID != who && b.Details.Attendee.is(phone) {
					ids = append(ids, b.ID)
				}
			}
			if len(found) < q.Limit {
				return nil
			}
			q.After = Cursor{found[len(found)-1].Start, found[len(found)-1].ID}
		}
	})
	return ids, err
}

// is tells whether the one who comes has this phone, however it was typed.
func (a *Attendee) is(phone string) bool {
	if a == nil || a.Phone == "" {
		return false
	}
	typed, ok := account.NormalizePhone(a.Phone)
	return ok && typed == phone
}
