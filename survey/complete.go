package survey

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"gongbang/account"
)

// Completed takes a finished use: it becomes a visit or part of one, and the
// rule judges whether the person will be asked. The same booking twice has one
// effect.
func (s *Service) Completed(ctx context.Context, u Use) error {
	if u.BookingID == "" || u.CenterID == "" || u.EquipmentID == "" || u.End.IsZero() {
		return errors.New("survey: a use without booking, center, equipment or end")
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return err
	}
	reach, err := s.reach(ctx, u.AccountID)
	if err != nil {
		return err
	}
	reach.Staff = reach.Staff || u.Test
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		return true, s.visited(ctx, tx, u, reach, cat)
	})
	return err
}

// reach asks how the person can be asked; nobody can't.
func (s *Service) reach(ctx context.Context, id string) (Reach, error) {
	if id == "" {
		return Reach{}, nil
	}
	return s.d.People.Reach(ctx, id)
}

// visited joins the use to its visit, or opens one and judges it.
func (s *Service) visited(ctx context.Context, tx Tx, u Use, r Reach, cat Catalog) error {
	if err := tx.LockAccount(ctx, u.AccountID); err != nil {
		return err
	}
	first, err := tx.FirstTime(ctx, u.BookingID)
	if err != nil || !first {
		return err
	}
	if u.AccountID != "" {
		v, err := tx.Visit(ctx, u.AccountID, u.EquipmentID, day(u.Start, cat.Zone()))
		if err != nil {
			return err
		}
		if v.joins(u) {
			return s.grow(ctx, tx, v, u, r, cat)
		}
	}
	return s.open(ctx, tx, u, r, cat)
}

// grow lengthens a visit; what is queued about it moves with its end.
func (s *Service) grow(ctx context.Context, tx Tx, v *Visit, u Use, r Reach, cat Catalog) error {
	v.grow(u)
	i, err := tx.OfVisit(ctx, v.ID)
	if err != nil {
		return err
	}
	if i != nil {
		i.UsedUntil, i.DueAt = v.End, s.due(v.End, r, cat)
		if err := tx.Change(ctx, i, Queued); err != nil {
			return err
		}
	}
	return tx.SaveVisit(ctx, v)
}

// open makes a visit and its invitation, queued or skipped with the reason.
func (s *Service) open(ctx context.Context, tx Tx, u Use, r Reach, cat Catalog) error {
	v := &Visit{ID: s.d.NewID(), Account: u.AccountID, Center: u.CenterID, Equipment: u.EquipmentID,
		Category: u.Category, Day: day(u.Start, cat.Zone()), Start: u.Start, End: u.End}
	t, err := tx.Newest(ctx, standardKey)
	if err != nil {
		return err
	}
	i := s.invitation(v, u, t, s.due(u.End, r, cat))
	past, err := s.past(ctx, tx, u.AccountID)
	if err != nil {
		return err
	}
	why := judge(i, r, past, i.DueAt)
	var raise []Counter
	if eligibleDespite(why) {
		raise = append(raise, i.count(StepEligible))
	}
	action := "survey.queue"
	if why != "" {
		raise = append(raise, i.countSkip(why))
		i.skip(why)
		action = "survey.skip"
	}
	if err := tx.Invite(ctx, i); err != nil {
		return err
	}
	if err := tx.SaveVisit(ctx, v); err != nil {
		return err
	}
	if err := tx.Trace(ctx, trace("survey", action, i)); err != nil {
		return err
	}
	return tx.Raise(ctx, raise...)
}

func (s *Service) invitation(v *Visit, u Use, t *Template, due time.Time) *Invitation {
	return &Invitation{ID: s.d.NewID(), Rule: useRule, Visit: v.ID, Account: v.Account, Center: v.Center,
		Equipment: v.Equipment, Category: v.Category, Day: v.Day, UsedUntil: v.End,
		Template: t.Key, Version: t.Version, State: Queued, Generation: 1,
		Tie: hex.EncodeToString(keyed(s.d.Key, "survey.tie", u.BookingID)), Desk: u.DeskContact, DueAt: due, Traits: u.Traits}
}

// due is when the invitation for a use that ended then leaves.
func (s *Service) due(end time.Time, r Reach, cat Catalog) time.Time {
	return s.d.Window.Next(end.Add(s.d.Delay), r.Channel, cat).UTC()
}

// past lists what was sent to the person within the year.
func (s *Service) past(ctx context.Context, tx Tx, id string) ([]*Invitation, error) {
	if id == "" {
		return nil, nil
	}
	all, err := tx.OfAccount(ctx, id, tx.Now().Add(-year))
	if err != nil {
		return nil, err
	}
	_, past := split(all, time.Time{})
	return past, nil
}

// split parts a person's invitations into those due by now and those sent.
func split(all []*Invitation, now time.Time) (due, past []*Invitation) {
	for _, i := range all {
		switch {
		case i.State == Queued && !i.DueAt.After(now):
			due = append(due, i)
		case !i.SentAt.IsZero():
			past = append(past, i)
		}
	}
	return due, past
}

// trace is the audit entry of a job about an invitation. It names no center:
// together with the person's row that would undo what final forgets.
func trace(job, action string, i *Invitation) account.Entry {
	return account.Entry{Actor: account.System(job).Name(), Action: action, Subject: i.ID, Reason: string(i.Reason)}
}
