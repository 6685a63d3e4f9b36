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
	return s.told(ctx, ruleNamed(useRule), u)
}

// NotUsed takes a booking that came to nothing: a no-show, a late cancel, a
// rejected one, a machine out of service. End is when that was known. The same
// booking twice has one effect.
func (s *Service) NotUsed(ctx context.Context, u Use) error {
	return s.told(ctx, ruleNamed(notUsedRule), u)
}

// Trained takes a course that somebody finished: BookingID is the id of the
// certificate, which may be of no single machine.
func (s *Service) Trained(ctx context.Context, u Use) error {
	return s.told(ctx, ruleNamed(trainingRule), u)
}

func (s *Service) told(ctx context.Context, r rule, u Use) error {
	if u.BookingID == "" || u.CenterID == "" || u.EquipmentID == "" && r.visits || u.End.IsZero() {
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
	reach.BirthYear = max(reach.BirthYear, u.BirthYear)
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		return true, s.visited(ctx, tx, r, u, reach, cat)
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
func (s *Service) visited(ctx context.Context, tx Tx, r rule, u Use, reach Reach, cat Catalog) error {
	if err := tx.LockAccount(ctx, u.AccountID); err != nil {
		return err
	}
	mark := u.BookingID
	if !r.visits {
		mark = r.name + ":" + mark
	}
	first, err := tx.FirstTime(ctx, mark)
	if err != nil || !first {
		return err
	}
	if !r.visits {
		return s.ask(ctx, tx, r, u, u.BookingID, reach, cat)
	}
	if u.AccountID != "" {
		v, err := tx.Visit(ctx, u.AccountID, u.EquipmentID, day(u.Start, cat.Zone()))
		if err != nil {
			return err
		}
		if v.joins(u) {
			return s.grow(ctx, tx, v, u, reach, cat)
		}
	}
	v := &Visit{ID: s.d.NewID(), Account: u.AccountID, Center: u.CenterID, Equipment: u.EquipmentID,
		Category: u.Category, Day: day(u.Start, cat.Zone()), Start: u.Start, End: u.End}
	if err := tx.SaveVisit(ctx, v); err != nil {
		return err
	}
	return s.ask(ctx, tx, r, u, v.ID, reach, cat)
}

// grow lengthens a visit; what is queued about it moves with its end.
func (s *Service) grow(ctx context.Context, tx Tx, v *Visit, u Use, r Reach, cat Catalog) error {
	v.grow(u)
	i, err := tx.OfVisit(ctx, v.ID)
	if err != nil {
		return err
	}
	if i != nil {
		i.UsedUntil, i.DueAt = v.End, s.due(ruleNamed(i.Rule), v.End, v.Category, r, cat)
		if err := tx.Change(ctx, i, Queued); err != nil {
			return err
		}
	}
	return tx.SaveVisit(ctx, v)
}

// ask makes the invitation about a visit, queued or skipped with the reason.
func (s *Service) ask(ctx context.Context, tx Tx, r rule, u Use, visit string, reach Reach, cat Catalog) error {
	t, err := s.questionnaire(ctx, tx, r, u, cat.Zone())
	if err != nil {
		return err
	}
	return s.queue(ctx, tx, r, s.invitation(r, u, visit, t, s.due(r, u.End, u.Category, reach, cat), cat), reach)
}

// queue judges an invitation and stores it, queued or skipped.
func (s *Service) queue(ctx context.Context, tx Tx, r rule, i *Invitation, reach Reach) error {
	past, err := s.past(ctx, tx, i.Account)
	if err != nil {
		return err
	}
	why := judge(i, reach, past, i.DueAt)
	if why == "" && !s.sampled(r, i.Visit) {
		why = SkipSampled
	}
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
	if err := tx.Trace(ctx, trace("survey", action, i)); err != nil {
		return err
	}
	return tx.Raise(ctx, raise...)
}

func (s *Service) invitation(r rule, u Use, visit string, t *Template, due time.Time, cat Catalog) *Invitation {
	return &Invitation{ID: s.d.NewID(), Rule: r.name, Visit: visit, Account: u.AccountID, Center: u.CenterID,
		Equipment: u.EquipmentID, Category: u.Category, Day: day(u.Start, cat.Zone()), UsedUntil: u.End,
		Template: t.Key, Version: t.Version, State: Queued, Generation: 1,
		Tie: hex.EncodeToString(keyed(s.d.Key, "survey.tie", u.BookingID)), Desk: u.DeskContact, DueAt: due, Traits: u.Traits}
}

// due is when the invitation about what ended then leaves.
func (s *Service) due(of rule, end time.Time, category string, r Reach, cat Catalog) time.Time {
	delay, own := cat.SurveyDelay(category)
	if !own {
		delay = s.d.Delay
	}
	return s.d.Window.Next(end.Add(max(delay, of.wait)), r.Channel, cat).UTC()
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
