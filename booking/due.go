package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	// overrun is how long after its end a use is still taken to go on.
	overrun = 15 * time.Minute
	// drainBatch bounds how many bookings one pass of a job handles.
	drainBatch = 200
)

// drain runs one step on each booking a query finds, each in its own
// transaction: one that fails (somebody changed it meanwhile) never stops the others.
func (s *Service) drain(ctx context.Context, q ListQuery, job string, step func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error)) (int, error) {
	q.Limit = drainBatch
	n := 0
	var last error
	for { // page by page: what can't be judged yet never hides what stands behind it
		var due []*Booking
		err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
			due, err = r.Bookings(ctx, q)
			return err
		})
		if err != nil {
			return n, err
		}
		for _, b := range due {
			did, err := s.drainOne(ctx, b.ID, job, step)
			if err != nil && fault.Code(err) != "state_conflict" && fault.Code(err) != "stale" {
				last = err
			}
			if did {
				n++
			}
		}
		if len(due) < drainBatch || ctx.Err() != nil {
			return n, last
		}
		end := due[len(due)-1]
		q.After = Cursor{Start: end.Start, ID: end.ID}
	}
}

func (s *Service) drainOne(ctx context.Context, id, job string, step func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error)) (bool, error) {
	m, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*made, error) {
		b, err := tx.Booking(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := tx.Lock(ctx, Locks{Account: b.AccountID, Equipment: []string{b.EquipmentID}, Bookings: []string{id}}); err != nil {
			return nil, err
		}
		if tx.Concurrent() {
			if b, err = tx.Booking(ctx, id); err != nil {
				return nil, err
			}
		}
		c, err := tx.Catalog(ctx)
		if err != nil {
			return nil, err
		}
		action, events, err := step(ctx, tx, b, c)
		if action == "" || err != nil {
			return nil, err
		}
		return &made{booking: b, catalog: c}, tx.Trace(ctx, entry(account.System(job), action, b, ""), events...)
	})
	if m == nil || err != nil {
		return false, err
	}
	s.changed(m.catalog, m.booking)
	return true, nil
}

// RejectDue refuses pending bookings that nobody answered in time; the person gets alternatives.
func (s *Service) RejectDue(ctx context.Context) (int, error) {
	q := ListQuery{Statuses: []Status{Pending}, AnswerBy: s.now()}
	return s.drain(ctx, q, "reject", func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
		if b.Status != Pending || b.AnswerBy == nil || tx.Now().Before(*b.AnswerBy) {
			return "", nil, nil
		}
		ev, err := b.reject(ctx, tx, "unanswered", "")
		return "booking.reject", ev, err
	})
}

// NoShowDue gives up bookings whose grace is over, but only where the center's
// desk was active within the grace, and no tick was missed since the check-in
// opened: nobody is punished for a desk that was absent, or left before they
// had to be there, or for a stopped server. Everything else waits on the desk's list.
func (s *Service) NoShowDue(ctx context.Context) (int, error) {
	now := s.now()
	q := ListQuery{Statuses: []Status{Confirmed}, From: now.Add(-longest), To: now.Add(time.Millisecond)}
	return s.drain(ctx, q, "no_show", func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
		t := b.Details.Terms
		if b.Status != Confirmed || t.CheckInUntil == nil || tx.Now().Before(*t.CheckInUntil) || b.Details.ArrivedAt != nil || t.AutoNoShow == Never || !tx.Now().Before(b.End) {
			return "", nil, nil
		}
		grace := Interval{b.Start, later(*t.CheckInUntil, b.Start.Add(time.Minute))} // without grace: the minute of the start
		seen, ticked, err := tx.DeskSeen(ctx, b.CenterID, grace, Interval{t.CheckInFrom, *t.CheckInUntil})
		if err != nil || !ticked || !seen && t.AutoNoShow != Always {
			return "", nil, err
		}
		ev, err := s.giveUp(ctx, tx, b, c)
		return "booking.no_show", ev, err
	})
}

// CompleteDue ends uses some minutes after their end, closes what nobody
// answered for by closing time as "attendance unknown" (no strike, no survey),
// and lets finished units go once they are clean.
func (s *Service) CompleteDue(ctx context.Context) (int, error) {
	now := s.now()
	far := Interval{now.Add(-30 * 24 * time.Hour), now.Add(time.Millisecond)}
	n, err := s.drain(ctx, ListQuery{Statuses: []Status{CheckedIn}, Ends: Interval{far.Start, now.Add(-overrun + time.Millisecond)}}, "complete", s.completeOne)
	m, err2 := s.drain(ctx, ListQuery{Statuses: []Status{Confirmed}, Ends: far}, "attendance", s.unknownOne)
	k, err3 := s.drain(ctx, ListQuery{Tidy: now}, "clean", cleanOne)
	for _, e := range []error{err2, err3} {
		if err == nil {
			err = e
		}
	}
	return n + m + k, err
}

func (s *Service) completeOne(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
	if b.Status != CheckedIn || b.Details.Terms.Mode == Operator || tx.Now().Before(b.End.Add(overrun)) {
		return "", nil, nil
	}
	end := b.End // nobody said otherwise: it ended when it should
	ev, err := b.finish(ctx, tx, VerbFinish, end, b.buffer())
	return "booking.finish", ev, err
}

func (s *Service) unknownOne(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
	if b.Status != Confirmed || tx.Now().Before(b.closing(c)) {
		return "", nil, nil
	}
	now := tx.Now()
	b.EndedAt, b.Details.Attendance = &now, "unknown"
	return "booking.attendance_unknown", nil, b.save(ctx, tx, VerbUnknown, Completed)
}

// closing is when the center closes on the last day of the booking; never before its end.
func (b *Booking) closing(c *Catalog) time.Time {
	center, ok := c.Center(b.CenterID)
	end := b.End
	if !ok {
		return end
	}
	day := c.Day(center, DateOf(b.End.Add(-time.Minute), c.Zone))
	for _, o := range day.Open {
		if o.End.After(end) {
			end = o.End
		}
	}
	return end
}

func cleanOne(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
	if !b.Occupies || b.Status != Completed || tx.Now().Before(b.BusyUntil) {
		return "", nil, nil
	}
	b.Occupies = false
	return "booking.clean", nil, tx.Update(ctx, b, Completed)
}

// JobSurveyDue lets the survey ask about staff-run jobs that are ready, or done, for two days.
func (s *Service) JobSurveyDue(ctx context.Context) (int, error) {
	return s.drain(ctx, ListQuery{SurveyBy: s.now()}, "job_survey", func(ctx context.Context, tx Tx, b *Booking, c *Catalog) (string, []account.Event, error) {
		if b.SurveyAt == nil || tx.Now().Before(*b.SurveyAt) {
			return "", nil, nil
		}
		b.SurveyAt = nil
		if err := tx.Update(ctx, b, b.Status); err != nil {
			return "", nil, err
		}
		return "booking.job_survey", []account.Event{event("booking.completed", b, nil)}, nil
	})
}
