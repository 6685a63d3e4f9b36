package account

import (
	"context"
	"strings"
	"time"

	"gongbang/internal/fault"
)

const (
	citizenSession = 30 * 24 * time.Hour
	staffSession   = 12 * time.Hour // from the sign-in, whatever is done in it
)

// SignIn is what somebody types to come in: a login with a code or a password.
type SignIn struct {
	Login    string
	Password Secret
	Code     Secret // wins over Password
	OTP      Secret // judged for who has a second factor enrolled
}

// errCredentials is one refusal for a wrong password, a wrong code and an
// unknown login: nobody learns which.
var errCredentials = fault.ErrSignIn.With("advice", "credentials")

// entered is what a sign-in closure found; a refusal is told after its commit,
// because the failed try has to be counted.
type entered struct {
	session Session
	account Account
	refusal error
}

// SignIn opens a session and ends the one the actor came by. Unknown logins,
// wrong passwords and wrong codes are one refusal: 401. Passwords that come
// too fast are 429 with RetryAfter; they never stand in the way of a code.
// 503 with advice "code" when too many passwords wait to be checked.
func (s *Service) SignIn(ctx context.Context, actor Actor, in SignIn) (Session, Account, error) {
	var w wrong
	if strings.TrimSpace(in.Login) == "" {
		w.add("login", "required", "")
	}
	if in.Password == "" && in.Code == "" {
		w.add("password", "password_or_code", "")
	}
	if err := w.err(); err != nil {
		return Session{}, Account{}, err
	}
	by := s.byPassword
	if in.Code != "" {
		by = s.byCode
	}
	out, err := by(ctx, actor, s.parse(in.Login), in)
	if err == nil {
		err = out.refusal
	}
	if err != nil {
		return Session{}, Account{}, err
	}
	s.seen.forget(actor.ID)
	if in.Code != "" && s.gateway() { // a first proof may have ended earlier sessions
		s.seen.forget(out.account.ID)
	}
	return out.session, out.account, nil
}

func (s *Service) byPassword(ctx context.Context, actor Actor, l Login, in SignIn) (entered, error) {
	keys := s.failureKeys(string(l.Value), actor.Address)
	holder, err := read(ctx, s.store, func(ctx context.Context, r Reader) (*Record, error) {
		h, err := holderOrNobody(ctx, r, l)
		if err != nil {
			return nil, err
		}
		d, err := s.wait(ctx, r, keys, h.ID, actor.Address)
		if err != nil {
			return nil, err
		}
		return h, slowDown(d)
	})
	if err != nil {
		return entered{}, err
	}
	right, err := s.hasher.verify(ctx, holder.PasswordHash, in.Password)
	if err != nil {
		return entered{}, err
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (entered, error) {
		now, err := s.sameHolder(ctx, tx, l, holder)
		if err != nil {
			return entered{}, err
		}
		// Others may have failed while this password was checked: within the
		// delay a right one is refused like a wrong one, so that many at once tell nothing.
		d, err := s.wait(ctx, tx, keys, now.ID, actor.Address)
		if err != nil || d > 0 {
			return entered{refusal: slowDown(d)}, err
		}
		if !right || now.PasswordHash != holder.PasswordHash {
			return entered{refusal: errCredentials}, tx.CountFailure(ctx, keys, tx.Now().Add(-failureMemory))
		}
		if err := tx.ForgetFailures(ctx, keys[0]); err != nil {
			return entered{}, err
		}
		return s.enter(ctx, tx, actor, now, "password")
	})
}

// holderOrNobody never is nil, so that the same work follows for unknown logins.
func holderOrNobody(ctx context.Context, r Finder, l Login) (*Record, error) {
	h, err := r.Holder(ctx, l)
	if h == nil {
		h = &Record{}
	}
	return h, err
}

// sameHolder reads the holder again inside the transaction and locks it.
func (s *Service) sameHolder(ctx context.Context, tx Tx, l Login, before *Record) (*Record, error) {
	if err := tx.Lock(ctx, before.ID); err != nil {
		return nil, err
	}
	return holderOrNobody(ctx, tx, l)
}

func (s *Service) byCode(ctx context.Context, actor Actor, l Login, in SignIn) (entered, error) {
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (entered, error) {
		r, refusal, err := s.prove(ctx, tx, actor, l, in.Code)
		if err != nil || refusal != nil {
			return entered{refusal: refusal}, err
		}
		return s.enter(ctx, tx, actor, r, "code")
	})
}

// prove judges a sign-in code and marks the contact as proved. The refusal is
// to be told after the commit.
func (s *Service) prove(ctx context.Context, tx Tx, actor Actor, l Login, code Secret) (r *Record, refusal, err error) {
	h, err := holderOrNobody(ctx, tx, l)
	if err != nil {
		return nil, nil, err
	}
	if h, err = s.sameHolder(ctx, tx, l, h); err != nil {
		return nil, nil, err
	}
	c, err := s.try(ctx, tx, s.signInKey(l), l.Value, code)
	switch {
	case err != nil:
		return nil, nil, err
	case c == nil || h.ID == "" || c.Account != h.ID:
		return nil, errCredentials, nil
	case h.verified(l.Kind):
		return h, nil, nil
	case h.ProvedAt != nil && s.gateway():
		// Its owner is somebody else, who typed this contact and never proved it.
		return nil, fault.BadField("login", "sign_up", ""), s.release(ctx, tx, actor, h, l.Kind)
	}
	return h, nil, s.claim(ctx, tx, actor, h, l.Kind, c.Purpose)
}

func (r *Record) verified(k Kind) bool {
	return k == Email && r.EmailVerified || k == Phone && r.PhoneVerified
}

// claim marks a contact as proved by who comes in with it: mostly the first
// one of a guest record or a fresh sign-up. Behind a gateway somebody else may
// have signed up with this contact and a password of theirs; so the password
// stays only when the code was the one that the sign-up itself sent.
func (s *Service) claim(ctx context.Context, tx Tx, actor Actor, r *Record, k Kind, p Purpose) error {
	now := tx.Now()
	e := entry(actor, "account.proved", r.ID)
	e.Actor, e.Detail = r.ID, map[string]any{"contact": string(k), "guest": r.Guest}
	r.EmailVerified, r.PhoneVerified = r.EmailVerified || k == Email, r.PhoneVerified || k == Phone
	r.Guest, r.Typed = false, ""
	if r.ProvedAt == nil {
		r.ProvedAt = &now
	}
	if s.gateway() && p != ToSignUp && r.HasPassword {
		r.PasswordHash, r.HasPassword = "", false
		if err := tx.CloseSessions(ctx, r.ID, ""); err != nil {
			return err
		}
	}
	if err := tx.Update(ctx, r); err != nil {
		return err
	}
	return tx.Trace(ctx, e)
}

// release takes a contact from an account whose owner never proved it, because
// somebody else just did. Messages to it stop with that.
func (s *Service) release(ctx context.Context, tx Tx, actor Actor, r *Record, k Kind) error {
	now := tx.Now()
	if k == Email {
		r.Email, r.EmailVerified, r.EmailLostAt = "", false, &now
	} else {
		r.Phone, r.PhoneVerified, r.PhoneLostAt = "", false, &now
	}
	if err := tx.Update(ctx, r); err != nil {
		return err
	}
	e := entry(actor, "account.contact_lost", r.ID)
	e.Detail = map[string]any{"contact": string(k)}
	return tx.Trace(ctx, e)
}

// enter opens the session: 30 days for citizens, 12 hours for who has a role.
func (s *Service) enter(ctx context.Context, tx Tx, actor Actor, r *Record, how string) (out entered, err error) {
	if r.Grants, err = tx.Grants(ctx, r.ID); err != nil {
		return out, err
	}
	token, err := s.randomText(32)
	if err != nil {
		return out, err
	}
	life := citizenSession
	if len(r.Grants) > 0 {
		life = staffSession
	}
	sess := Signed{ID: s.newID(), Account: r.ID, ExpiresAt: tx.Now().Add(life)}
	if actor.Session != "" {
		if err := tx.CloseSession(ctx, actor.Session); err != nil {
			return out, err
		}
	}
	if err := tx.OpenSession(ctx, sess, tokenHash(token), s.keyed("address", actor.Address)); err != nil {
		return out, err
	}
	e := entry(actor, "account.sign_in", r.ID)
	e.Actor, e.Detail = r.ID, map[string]any{"by": how}
	return entered{session: Session{Secret(token), sess.ExpiresAt}, account: r.Account}, tx.Trace(ctx, e)
}
