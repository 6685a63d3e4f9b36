package account

import (
	"context"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const (
	codeLife  = 10 * time.Minute
	codeTries = 5
	codeGap   = 30 * time.Second
	codeHour  = 5 // codes an hour under one key
)

// CodeSent is the kind of the event that makes the delivery job send a code.
// Its data has code_id; CodeMessage tells what to send where.
const CodeSent = "account.code"

// SendCode sends a sign-in code to a contact. Every login is answered alike,
// whether anybody holds it, whether it is a contact at all, and whether one
// was sent a moment ago: at most one in 30 s and 5 an hour leave.
func (s *Service) SendCode(ctx context.Context, actor Actor, login string) error {
	if strings.TrimSpace(login) == "" {
		return fault.BadField("login", "required", "")
	}
	l := s.parse(login)
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		holder, err := tx.Holder(ctx, l)
		if err != nil {
			return struct{}{}, err
		}
		if holder == nil {
			holder = &Record{}
		}
		return struct{}{}, s.sendTo(ctx, tx, actor, l, ToSignIn, holder)
	})
	return err
}

// parse reads a login; what is no contact becomes a text that nobody holds,
// so that the same statements run for it.
func (s *Service) parse(login string) Login {
	l := ParseLogin(login)
	if !l.Valid {
		l.Value = Secret("?" + s.keyed("not a contact", login))
	}
	return l
}

func (s *Service) signInKey(l Login) string {
	return s.keyed("sign in", string(l.Kind), string(l.Value))
}

func (s *Service) verifyKey(account string, k Kind) string {
	return s.keyed("verify", account, string(k))
}

// sendTo makes a code for the sign-in under a login; holder has no ID when
// nobody holds it, and the code then fits nothing.
func (s *Service) sendTo(ctx context.Context, tx Tx, actor Actor, l Login, p Purpose, holder *Record) error {
	return s.send(ctx, tx, actor, Code{Key: s.signInKey(l), Account: holder.ID, Kind: l.Kind, Purpose: p}, l.Value)
}

func (s *Service) send(ctx context.Context, tx Tx, actor Actor, c Code, contact Secret) error {
	var err error
	if c.Nonce, err = s.randomText(16); err != nil {
		return err
	}
	c.ID = s.newID()
	c.Hash = s.codeHash(c, contact, s.digits(c))
	c.CreatedAt, c.ExpiresAt = tx.Now(), tx.Now().Add(codeLife)
	sent, err := tx.SaveCode(ctx, c, codeGap, codeHour)
	if err != nil || !sent {
		return err
	}
	e := entry(actor, CodeSent, c.Account)
	e.Detail = map[string]any{"purpose": string(c.Purpose)}
	return tx.Trace(ctx, e, Event{Kind: CodeSent, Key: CodeSent + ":" + c.ID, Subject: c.Account,
		Data: map[string]string{"code_id": c.ID}})
}

// digits of a code follow from the server key, so that neither the database
// nor the outbox holds them.
func (s *Service) digits(c Code) Secret {
	n := binary.BigEndian.Uint64(s.mac("digits", c.ID, c.Nonce)) % 1_000_000
	return Secret(fmt.Sprintf("%06d", n))
}

func (s *Service) codeHash(c Code, contact, digits Secret) string {
	return s.keyed("code", c.ID, string(contact), string(digits))
}

// try judges a code against the contact it was sent to. Each call counts one
// try, right or wrong; the caller commits it either way. nil: not right.
func (s *Service) try(ctx context.Context, tx Tx, key string, contact, typed Secret) (*Code, error) {
	live, err := tx.TryCode(ctx, key, codeTries)
	if err != nil {
		return nil, err
	}
	c, err := tx.Code(ctx, key)
	if err != nil {
		return nil, err
	}
	if c == nil {
		c = &Code{}
	}
	plain := Secret(strings.NewReplacer(" ", "", "-", "").Replace(string(typed)))
	same := subtle.ConstantTimeCompare([]byte(c.Hash), []byte(s.codeHash(*c, contact, plain))) == 1
	if !live || !same {
		return nil, nil
	}
	return c, tx.UseCode(ctx, key)
}

// CodeMessage is a code on its way.
type CodeMessage struct {
	Account   string
	Kind      Kind // email, or phone for SMS
	To        Secret
	Code      Secret
	Purpose   Purpose
	Locale    lang.Locale
	ExpiresAt time.Time
}

// CodeMessage tells the delivery what to send for a code; it is fault.ErrNotFound
// when nothing is to be sent: nobody holds the contact, the code was used,
// replaced or is over, or the contact changed since.
func (s *Service) CodeMessage(ctx context.Context, codeID string) (CodeMessage, error) {
	return read(ctx, s.store, func(ctx context.Context, r Reader) (CodeMessage, error) {
		c, err := r.CodeByID(ctx, codeID)
		if err != nil {
			return CodeMessage{}, err
		}
		if c == nil || c.Account == "" || c.UsedAt != nil || !r.Now().Before(c.ExpiresAt) {
			return CodeMessage{}, fault.ErrNotFound
		}
		a, err := r.Account(ctx, c.Account)
		if err != nil {
			return CodeMessage{}, err
		}
		digits := s.digits(*c)
		for _, to := range a.contacts(c.Kind) {
			if to != "" && a.ClosedAt == nil && s.codeHash(*c, to, digits) == c.Hash {
				return CodeMessage{a.ID, c.Kind, to, digits, c.Purpose, a.Locale, c.ExpiresAt}, nil
			}
		}
		return CodeMessage{}, fault.ErrNotFound
	})
}

// contacts of a kind that the account holds or wants.
func (r *Record) contacts(k Kind) [2]Secret {
	if k == Email {
		return [2]Secret{r.Email, r.EmailWanted}
	}
	return [2]Secret{r.Phone, r.PhoneWanted}
}
