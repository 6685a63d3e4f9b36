package survey

import (
	"context"
	"errors"
	"strconv"
	"time"

	"gongbang/account"
)

const (
	batch = 200
	lease = 2 * time.Minute
)

// SendDue judges the invitations that are due again and lets them leave: at
// most one for each person. It looks before it writes, so an idle tick costs
// one indexed read. It returns how many left.
func (s *Service) SendDue(ctx context.Context) (int, error) {
	waiting, err := s.dueIDs(ctx, DrainSend, 1)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	accounts, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) ([]string, error) {
		return tx.Claim(ctx, tx.Now().Add(lease), batch)
	})
	if err != nil {
		return 0, err
	}
	sent, errs := 0, []error(nil)
	for _, id := range accounts {
		n, err := s.sendTo(ctx, id, cat)
		sent += n
		errs = append(errs, err)
	}
	return sent, errors.Join(errs...)
}

func (s *Service) dueIDs(ctx context.Context, d Drain, limit int) ([]string, error) {
	var ids []string
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		found, err := r.Due(ctx, d, limit)
		ids = found
		return err
	})
	return ids, err
}

// sendTo settles all that is due for one person in one transaction.
func (s *Service) sendTo(ctx context.Context, id string, cat Catalog) (int, error) {
	reach, err := s.reach(ctx, id)
	if err != nil {
		return 0, err
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (int, error) {
		if err := tx.LockAccount(ctx, id); err != nil {
			return 0, err
		}
		all, err := tx.OfAccount(ctx, id, tx.Now().Add(-year))
		if err != nil {
			return 0, err
		}
		due, past := split(all, tx.Now())
		if err := s.order(ctx, tx, due, cat); err != nil {
			return 0, err
		}
		var raise []Counter
		n := 0
		for _, i := range due {
			c, err := s.settle(ctx, tx, i, reach, past, cat)
			if err != nil {
				return 0, err
			}
			if i.State == Sent {
				n, past = n+1, append(past, i)
			}
			raise = append(raise, c...)
		}
		return n, tx.Raise(ctx, raise...)
	})
}

// order puts what is asked rarely first, and of visits the one whose machine
// had the fewest answers lately.
func (s *Service) order(ctx context.Context, tx Tx, due []*Invitation, cat Catalog) error {
	if len(due) < 2 {
		return nil
	}
	from := month(tx.Now().Add(-capCategory), cat.Zone())
	answers := map[string]int{}
	for _, i := range due {
		f, err := tx.Figures(ctx, FiguresQuery{Center: i.Center, Equipment: i.Equipment, From: from, To: month(tx.Now(), cat.Zone())})
		if err != nil {
			return err
		}
		answers[i.Equipment] = f.answered()
	}
	choose(due, answers)
	return nil
}

// settle sends, skips or postpones one invitation.
func (s *Service) settle(ctx context.Context, tx Tx, i *Invitation, r Reach, past []*Invitation, cat Catalog) ([]Counter, error) {
	now := tx.Now()
	if why := judge(i, r, past, now); why != "" {
		c, visit := i.countSkip(why), i.Visit
		i.skip(why)
		if err := tx.CloseVisit(ctx, visit); err != nil {
			return nil, err
		}
		return []Counter{c}, s.change(ctx, tx, i, Queued, "survey.skip")
	}
	if at := s.d.Window.Next(now, r.Channel, cat).UTC(); at.After(now) {
		i.DueAt = at
		return nil, tx.Change(ctx, i, Queued)
	}
	return []Counter{i.count(StepInvited)}, s.send(ctx, tx, i, r, cat)
}

// send lets an invitation leave: the outbox holds its id, the link is made
// when the message is written.
func (s *Service) send(ctx context.Context, tx Tx, i *Invitation, r Reach, cat Catalog) error {
	now := tx.Now()
	i.State, i.SentAt, i.ExpiresAt = Sent, now, Expires(now, cat.Zone())
	i.RemindAt = s.d.Window.Reminder(now, r.Channel, cat)
	i.TokenHash = tokenHash(token(s.d.Key, i.ID, i.Generation))
	if err := s.change(ctx, tx, i, Queued, "survey.send", event("survey.invitation", i)); err != nil {
		return err
	}
	if err := tx.CloseVisit(ctx, i.Visit); err != nil {
		return err
	}
	return tx.AddAsked(ctx, i, day(now, cat.Zone()))
}

// change writes the invitation with its audit entry and events.
func (s *Service) change(ctx context.Context, tx Tx, i *Invitation, was State, action string, events ...account.Event) error {
	if err := tx.Change(ctx, i, was); err != nil {
		return err
	}
	return tx.Trace(ctx, trace("survey", action, i), events...)
}

// event is a message about the invitation; it holds ids, never a link.
func event(kind string, i *Invitation) account.Event {
	g := strconv.Itoa(i.Generation)
	return account.Event{Kind: kind, Key: kind + ":" + i.ID + ":" + g, Subject: i.ID, Data: map[string]string{"generation": g}}
}
