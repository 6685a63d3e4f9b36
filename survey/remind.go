package survey

import (
	"context"
	"errors"
	"time"

	"gongbang/internal/fault"
)

// RemindDue sends the one reminder to whoever has neither answered nor said no.
func (s *Service) RemindDue(ctx context.Context) (int, error) {
	return s.each(ctx, DrainRemind, s.remind)
}

// ExpireDue ends invitations whose last day is over, drops visits nobody
// needs, and blurs what the caps no longer need.
func (s *Service) ExpireDue(ctx context.Context) (int, error) {
	return s.each(ctx, DrainExpire, func(ctx context.Context, id string, _ Catalog) (bool, error) {
		return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
			i, err := tx.Invitation(ctx, id)
			if err != nil || !i.may(Expired) || !tx.Now().After(i.ExpiresAt) {
				return false, err
			}
			was := i.State
			i.final(Expired)
			return true, s.change(ctx, tx, i, was, "survey.expire")
		})
	})
}

// Tidy forgets visits two days after their end and, thirty days after sending,
// the hour of sending and the category: the caps need neither any longer.
func (s *Service) Tidy(ctx context.Context) error {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return err
	}
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		if err := tx.ForgetVisits(ctx, tx.Now().Add(-48*time.Hour), batch); err != nil {
			return false, err
		}
		if err := tx.Unlink(ctx, tx.Now(), batch); err != nil {
			return false, err
		}
		return true, tx.Blur(ctx, tx.Now().Add(-capCategory), cat.Zone(), batch)
	})
	return err
}

// each runs one step for whatever the drain finds due, one transaction each:
// the state in the row decides, so two drains at once do it once.
func (s *Service) each(ctx context.Context, d Drain, step func(context.Context, string, Catalog) (bool, error)) (int, error) {
	ids, err := s.dueIDs(ctx, d, batch)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	n, errs := 0, []error(nil)
	for _, id := range ids {
		done, err := step(ctx, id, cat)
		if done {
			n++
		}
		if !errors.Is(err, fault.ErrStale) { // somebody answered meanwhile
			errs = append(errs, err)
		}
	}
	return n, errors.Join(errs...)
}

// remind sends one reminder, or postpones it to when messages may leave.
func (s *Service) remind(ctx context.Context, id string, cat Catalog) (bool, error) {
	var who string
	if err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		i, err := r.Invitation(ctx, id)
		if err == nil {
			who = i.Account
		}
		return err
	}); err != nil {
		return false, err
	}
	reach, err := s.reach(ctx, who)
	if err != nil {
		return false, err
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		i, err := tx.Invitation(ctx, id)
		if err != nil || i.State != Sent || i.RemindAt.IsZero() || i.RemindAt.After(tx.Now()) {
			return false, err
		}
		at := s.d.Window.Next(tx.Now(), reach.Channel, cat).UTC()
		switch {
		case reach.OptOut || reach.Channel == "" || i.ExpiresAt.Sub(at) < lastDay:
			i.RemindAt = time.Time{}
			return false, tx.Change(ctx, i, Sent)
		case at.After(tx.Now()):
			i.RemindAt = at
			return false, tx.Change(ctx, i, Sent)
		}
		i.State, i.RemindAt = Reminded, time.Time{}
		return true, s.change(ctx, tx, i, Sent, "survey.remind", event("survey.reminder", i))
	})
}
