package account

import (
	"context"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// desk is the center an actor works for when none is named: the first one
// where the actor may confirm people, "" for who may everywhere.
func desk(actor Actor, center string) (string, error) {
	if center != "" || actor.May(PeopleConfirm, "") {
		if !actor.May(PeopleConfirm, center) {
			return "", fault.ErrForbidden
		}
		return center, nil
	}
	if mine, _ := actor.Centers(PeopleConfirm); len(mine) > 0 {
		return mine[0], nil
	}
	return "", fault.ErrForbidden
}

// ConfirmGroup notes that staff saw the proof of an eligibility group. The
// first confirmation stays. center "" is the actor's own.
func (s *Service) ConfirmGroup(ctx context.Context, actor Actor, center, id, group string) (Group, error) {
	center, err := desk(actor, center)
	if err != nil {
		return Group{}, err
	}
	var w wrong
	if w.slug("group", group); w != nil {
		return Group{}, w.err()
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Group, error) {
		if _, err := open(ctx, tx, id); err != nil {
			return Group{}, err
		}
		now := tx.Now()
		if err := tx.SaveGroup(ctx, id, Group{ID: group, DeclaredAt: &now, ConfirmedAt: &now}, actor.Name(), center); err != nil {
			return Group{}, err
		}
		e := entry(actor, "account.group", id)
		e.Center, e.Detail = center, map[string]any{"group": group}
		if err := tx.Trace(ctx, e); err != nil {
			return Group{}, err
		}
		groups, err := tx.Groups(ctx, id)
		if err != nil {
			return Group{}, err
		}
		i := slices.IndexFunc(groups, func(g Group) bool { return g.ID == group })
		return groups[i], nil
	})
}

// DeclareGroup notes that the signed-in person says they belong to a group
// ("네, 해당합니다").
func (s *Service) DeclareGroup(ctx context.Context, actor Actor, group string) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	var w wrong
	if w.slug("group", group); w != nil {
		return w.err()
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		if _, err := open(ctx, tx, actor.ID); err != nil {
			return struct{}{}, err
		}
		now := tx.Now()
		if err := tx.SaveGroup(ctx, actor.ID, Group{ID: group, DeclaredAt: &now}, actor.ID, ""); err != nil {
			return struct{}{}, err
		}
		e := entry(actor, "account.group_declared", actor.ID)
		e.Detail = map[string]any{"group": group}
		return struct{}{}, tx.Trace(ctx, e)
	})
	return err
}

// Trained is the kind of the event that somebody finished a course; subject: the certificate.
const Trained = "account.trained"

// NewCertificate is what staff note after a course or a look at a card.
type NewCertificate struct {
	Key        string
	Basis      Basis
	ValidUntil *time.Time // exclusive, in the future; nil is for ever
	Center     string     // valid there only; "" is everywhere
}

// AddCertificate gives somebody the right to use a category of machine. An
// earlier certificate of the same key and center ends with it. center is the
// desk that gives it, "" the actor's own.
func (s *Service) AddCertificate(ctx context.Context, actor Actor, center, id string, in NewCertificate) (Certificate, error) {
	center, err := desk(actor, center)
	if err != nil {
		return Certificate{}, err
	}
	var w wrong
	w.slug("key", in.Key)
	if in.Basis != FromCourse && in.Basis != FromCard && in.Basis != FromExperience {
		w.add("basis", "oneof", "course card_seen experience")
	}
	if in.Center != "" && in.Center != center && center != "" {
		w.add("center", "own", "")
	}
	if err := w.err(); err != nil {
		return Certificate{}, err
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Certificate, error) {
		if in.ValidUntil != nil && !in.ValidUntil.After(tx.Now()) {
			return Certificate{}, fault.BadField("expires", "future", "")
		}
		return s.addCertificate(ctx, tx, actor, center, id, in)
	})
}

func (s *Service) addCertificate(ctx context.Context, tx Tx, actor Actor, center, id string, in NewCertificate) (Certificate, error) {
	if _, err := open(ctx, tx, id); err != nil {
		return Certificate{}, err
	}
	c := Certificate{ID: s.newID(), Key: in.Key, Center: in.Center, Basis: in.Basis, IssuedAt: tx.Now(), ValidUntil: in.ValidUntil}
	if err := tx.AddCertificate(ctx, id, c, actor.Name(), center); err != nil {
		return Certificate{}, err
	}
	e := entry(actor, "account.certificate", id)
	e.Center, e.Detail = center, map[string]any{"key": c.Key, "basis": string(c.Basis), "certificate": c.ID}
	if c.Basis != FromCourse || center == "" { // an admin's note is of no center
		return c, tx.Trace(ctx, e)
	}
	return c, tx.Trace(ctx, e, Event{Kind: Trained, Key: Trained + ":" + c.ID, Subject: c.ID,
		Data: map[string]string{"account": id, "center": center}})
}
