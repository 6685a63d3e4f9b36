package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongbang/internal/fault"
)

// Leaving is how somebody shows that it is them who leaves; which one is
// asked for says Profile.LeaveNeeds. A right code is always enough.
type Leaving struct {
	Password Secret
	Code     Secret // sent to a contact of theirs
	Confirm  string // one of ConfirmWords
}

// ConfirmWords are what is typed by who has neither a password nor a proven contact.
var ConfirmWords = []string{"탈퇴", "leave"}

// LeaveNeeds is "password", "code" or "confirm".
func (p Profile) LeaveNeeds() string {
	switch {
	case p.Account.HasPassword:
		return "password"
	case p.Account.Verified():
		return "code"
	}
	return "confirm"
}

// Leave closes the signed-in person's account for good: free gives back the
// time they have booked and calls CloseIn, in one transaction. What they have
// to show is judged before. Who is an admin of everything is refused (409):
// another admin takes the role away first.
func (s *Service) Leave(ctx context.Context, actor Actor, in Leaving, free func(context.Context, Actor) error) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	p, err := s.Me(ctx, actor)
	if err != nil {
		return err
	}
	if slices.Contains(p.Account.Grants, Grant{Role: Admin}) {
		return fault.ErrState
	}
	if err := s.proveLeaving(ctx, actor, p, in); err != nil {
		return err
	}
	err = free(ctx, actor)
	s.seen.forget(actor.ID)
	return err
}

func (s *Service) proveLeaving(ctx context.Context, actor Actor, p Profile, in Leaving) error {
	needs := p.LeaveNeeds()
	switch {
	case in.Code != "":
		return s.proveByCode(ctx, actor, in.Code)
	case needs == "code":
		return fault.BadField("code", "required", "")
	case needs == "confirm":
		if !slices.Contains(ConfirmWords, strings.ToLower(strings.TrimSpace(in.Confirm))) {
			return fault.BadField("confirm", "oneof", strings.Join(ConfirmWords, " "))
		}
		return nil
	case in.Password == "":
		return fault.BadField("password", "required", "")
	}
	r, err := read(ctx, s.store, func(ctx context.Context, r Reader) (*Record, error) { return r.Account(ctx, actor.ID) })
	if err == nil {
		err = s.checkCurrent(ctx, actor, r, in.Password)
	}
	if f, ok := fault.As(err); ok && len(f.Fields) == 1 && f.Fields[0].Field == "current" {
		return fault.BadField("password", "wrong", "")
	}
	return err
}

// proveByCode accepts a code to any contact of the account; the try counts either way.
func (s *Service) proveByCode(ctx context.Context, actor Actor, code Secret) error {
	right, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (bool, error) {
		r, err := open(ctx, tx, actor.ID)
		if err != nil {
			return false, err
		}
		for _, k := range []Kind{Phone, Email} {
			if v := r.contact(k); v != "" {
				if right, err := s.tryEither(ctx, tx, r, Login{k, v, true}, code); right || err != nil {
					return right, err
				}
			}
		}
		return false, nil
	})
	if err == nil && !right {
		err = fault.BadField("code", "code", "")
	}
	return err
}

// CloseIn destroys what names the account, inside a transaction of the engine
// that has ended its bookings. strikesUntil is when the last strike against
// the person is over; until then a keyed hash of the phone stays. Zero: none.
func (s *Service) CloseIn(ctx context.Context, tx Tx, actor Actor, strikesUntil time.Time) error {
	r, err := open(ctx, tx, actor.ID)
	if err != nil {
		return err
	}
	if r.Phone != "" && strikesUntil.After(tx.Now()) {
		if err := tx.KeepPhone(ctx, s.PhoneHash(r.Phone), r.ID, strikesUntil); err != nil {
			return err
		}
	}
	now := tx.Now()
	gone := &Record{Account: Account{ID: r.ID, Locale: r.Locale, Demo: r.Demo, CreatedAt: r.CreatedAt, ClosedAt: &now}}
	if err := tx.Update(ctx, gone); err != nil {
		return err
	}
	if err := tx.Erase(ctx, r.ID, r.Email, r.EmailWanted, r.Phone, r.PhoneWanted); err != nil {
		return err
	}
	return tx.Trace(ctx, entry(actor, "account.leave", r.ID))
}

// comeBack has strikes go on to count for who comes with the phone of somebody who left.
func (s *Service) comeBack(ctx context.Context, tx Tx, r *Record) error {
	if r.Phone == "" {
		return nil
	}
	return tx.ComeBack(ctx, s.PhoneHash(r.Phone), r.ID)
}

// PhoneHash is what is kept of the phone of somebody who left with strikes.
func (s *Service) PhoneHash(phone Secret) string { return s.keyed("left phone", phone.Reveal()) }
