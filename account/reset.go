package account

import (
	"context"
	"strings"

	"gongbang/internal/fault"
)

// PasswordChange of the signed-in person. Current is needed when there is one.
type PasswordChange struct{ Current, New Secret }

// SetPassword changes the signed-in person's password and ends all their other
// sessions. A wrong current password is 422 and slows the next one down.
func (s *Service) SetPassword(ctx context.Context, actor Actor, in PasswordChange) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	r, err := read(ctx, s.store, func(ctx context.Context, r Reader) (*Record, error) { return r.Account(ctx, actor.ID) })
	if err != nil {
		return err
	}
	var w wrong
	w.password("password", in.New, r.Phone, r.Email)
	if r.HasPassword && in.Current == "" {
		w.add("current", "required", "")
	}
	if err := w.err(); err != nil {
		return err
	}
	if r.HasPassword {
		if err := s.checkCurrent(ctx, actor, r, in.Current); err != nil {
			return err
		}
	}
	hash, err := s.hasher.hash(ctx, in.New)
	if err != nil {
		return err
	}
	_, err = do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		now, err := open(ctx, tx, actor.ID)
		if err == nil && now.PasswordHash != r.PasswordHash {
			err = fault.ErrStale
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.replacePassword(ctx, tx, actor, now, hash, actor.Session)
	})
	s.seen.forget(actor.ID)
	return err
}

func (s *Service) checkCurrent(ctx context.Context, actor Actor, r *Record, current Secret) error {
	keys := s.failureKeys("password of "+r.ID, actor.Address)
	_, err := read(ctx, s.store, func(ctx context.Context, rd Reader) (struct{}, error) {
		d, err := s.wait(ctx, rd, keys, r.ID, actor.Address)
		if err == nil {
			err = slowDown(d)
		}
		return struct{}{}, err
	})
	if err != nil {
		return err
	}
	right, err := s.hasher.verify(ctx, r.PasswordHash, current)
	if err != nil || right {
		return err
	}
	_, err = do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		return struct{}{}, tx.CountFailure(ctx, keys, tx.Now().Add(-failureMemory))
	})
	if err != nil {
		return err
	}
	return fault.BadField("current", "wrong", "")
}

// replacePassword ends all sessions but keep.
func (s *Service) replacePassword(ctx context.Context, tx Tx, actor Actor, r *Record, hash Secret, keep string) error {
	r.PasswordHash, r.HasPassword = hash, true
	if err := tx.Update(ctx, r); err != nil {
		return err
	}
	if err := tx.CloseSessions(ctx, r.ID, keep); err != nil {
		return err
	}
	e := entry(actor, "account.password", r.ID)
	if e.Actor == "" {
		e.Actor = r.ID
	}
	return tx.Trace(ctx, e)
}

// Reset is a new password for who has lost the old one.
type Reset struct {
	Login          string
	Code, Password Secret
}

// ResetPassword sets a password by a sign-in code and ends all sessions. A
// wrong code and an unknown login are one refusal: 401.
func (s *Service) ResetPassword(ctx context.Context, actor Actor, in Reset) error {
	l := s.parse(in.Login)
	var w wrong
	if strings.TrimSpace(in.Login) == "" {
		w.add("login", "required", "")
	}
	if in.Code == "" {
		w.add("code", "required", "")
	}
	w.password("password", in.Password, l.Value)
	if err := w.err(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return err
	}
	type answer struct {
		id      string
		refusal error
	}
	out, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (answer, error) {
		r, refusal, err := s.prove(ctx, tx, actor, l, in.Code)
		if err != nil || refusal != nil {
			return answer{refusal: refusal}, err
		}
		return answer{id: r.ID}, s.replacePassword(ctx, tx, actor, r, hash, "")
	})
	s.seen.forget(out.id)
	if err == nil {
		err = out.refusal
	}
	return err
}

// SetPasswordByLogin is the operator's way (command line): it needs no code.
func (s *Service) SetPasswordByLogin(ctx context.Context, actor Actor, login string, password Secret) error {
	if !actor.May(Accounts, "") {
		return fault.ErrForbidden
	}
	l := s.parse(login)
	var w wrong
	w.password("password", password, l.Value)
	if err := w.err(); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	id, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (string, error) {
		h, err := tx.Holder(ctx, l)
		if err != nil {
			return "", err
		}
		if h == nil {
			return "", fault.ErrNotFound
		}
		r, err := open(ctx, tx, h.ID)
		if err != nil {
			return "", err
		}
		return r.ID, s.replacePassword(ctx, tx, actor, r, hash, "")
	})
	s.seen.forget(id)
	return err
}
