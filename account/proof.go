package account

import (
	"context"

	"gongbang/internal/fault"
)

// SendContactCode sends a code to the signed-in person's own contact; at most
// one in 30 s and 5 an hour per kind, silently.
func (s *Service) SendContactCode(ctx context.Context, actor Actor, k Kind) error {
	if err := checkKind(actor, k); err != nil {
		return err
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		r, err := open(ctx, tx, actor.ID)
		if err != nil {
			return struct{}{}, err
		}
		contact := r.shown().contact(k)
		if contact == "" {
			return struct{}{}, fault.BadField(string(k), "required", "")
		}
		return struct{}{}, s.sendVerify(ctx, tx, actor, Login{k, contact, true})
	})
	return err
}

func checkKind(actor Actor, k Kind) error {
	switch {
	case actor.ID == "":
		return fault.ErrSignIn
	case k != Email && k != Phone:
		return fault.BadField("kind", "oneof", "email phone")
	}
	return nil
}

func (s *Service) sendVerify(ctx context.Context, tx Tx, actor Actor, l Login) error {
	c := Code{Key: s.verifyKey(actor.ID, l.Kind), Account: actor.ID, Kind: l.Kind, Purpose: ToVerify}
	return s.send(ctx, tx, actor, c, l.Value)
}

// VerifyContact proves the signed-in person's contact by the code that went to
// it: one that SendContactCode or PatchMe sent, or one asked for as a sign-in
// code. If another account held it, that account loses it and keeps all else;
// nobody enters it. A wrong code is 422 with rule "code".
func (s *Service) VerifyContact(ctx context.Context, actor Actor, k Kind, code Secret) (Profile, error) {
	if err := checkKind(actor, k); err != nil {
		return Profile{}, err
	}
	if code == "" {
		return Profile{}, fault.BadField("code", "required", "")
	}
	type answer struct {
		profile Profile
		refusal error
	}
	out, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (answer, error) {
		r, other, err := lockBoth(ctx, tx, actor.ID, k)
		if err != nil {
			return answer{}, err
		}
		l := Login{k, r.shown().contact(k), true}
		if l.Value == "" {
			return answer{}, fault.BadField(string(k), "required", "")
		}
		right, err := s.tryEither(ctx, tx, r, l, code)
		if err != nil || !right {
			return answer{refusal: fault.BadField("code", "code", "")}, err
		}
		if other != nil {
			if err := s.release(ctx, tx, actor, other, k); err != nil {
				return answer{}, err
			}
		}
		if err := s.proved(ctx, tx, actor, r, l); err != nil {
			return answer{}, err
		}
		p, err := profile(ctx, tx, r.ID)
		return answer{profile: p}, err
	})
	if err == nil {
		err = out.refusal
	}
	return out.profile, err
}

// lockBoth locks the person and who else holds the contact, in the order of
// ids, and reads both again.
func lockBoth(ctx context.Context, tx Tx, id string, k Kind) (r, other *Record, err error) {
	if r, err = tx.Account(ctx, id); err != nil {
		return nil, nil, err
	}
	for range 2 {
		if other, err = tx.Holder(ctx, Login{k, r.shown().contact(k), true}); err != nil {
			return nil, nil, err
		}
		ids := []string{id}
		if other != nil && other.ID != id {
			ids = append(ids, other.ID)
		} else {
			other = nil
		}
		if err := tx.Lock(ctx, ids...); err != nil {
			return nil, nil, err
		}
		if r, err = tx.Account(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	if r.ClosedAt != nil {
		return nil, nil, fault.ErrNotFound
	}
	return r, other, nil
}

// tryEither accepts the code that was sent to prove the contact, and a sign-in
// code for a contact the account holds: people don't tell the two apart. A
// contact of somebody else is left alone, or its codes could be used up from here.
func (s *Service) tryEither(ctx context.Context, tx Tx, r *Record, l Login, code Secret) (bool, error) {
	c, err := s.try(ctx, tx, s.verifyKey(r.ID, l.Kind), l.Value, code)
	if err != nil || c != nil || r.contact(l.Kind) != l.Value {
		return c != nil, err
	}
	c, err = s.try(ctx, tx, s.signInKey(l), l.Value, code)
	return c != nil && c.Account == r.ID, err
}

func (s *Service) proved(ctx context.Context, tx Tx, actor Actor, r *Record, l Login) error {
	r.setContact(l.Kind, l.Value, true)
	if r.ProvedAt == nil {
		now := tx.Now()
		r.ProvedAt = &now
	}
	if err := tx.Update(ctx, r); err != nil {
		return err
	}
	if err := s.comeBack(ctx, tx, r); err != nil {
		return err
	}
	e := entry(actor, "account.proved", r.ID)
	e.Detail = map[string]any{"contact": string(l.Kind)}
	return tx.Trace(ctx, e)
}
