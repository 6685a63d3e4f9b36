package account

import (
	"context"
	"slices"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Me is what the signed-in person sees of themselves.
func (s *Service) Me(ctx context.Context, actor Actor) (Profile, error) {
	if actor.ID == "" {
		return Profile{}, fault.ErrSignIn
	}
	return read(ctx, s.store, func(ctx context.Context, r Reader) (Profile, error) { return profile(ctx, r, actor.ID) })
}

func profile(ctx context.Context, r Reader, id string) (p Profile, err error) {
	rec, err := r.Account(ctx, id)
	if err != nil {
		return p, err
	}
	if rec.ClosedAt != nil {
		return p, fault.ErrNotFound
	}
	p.Account = rec.shown()
	if p.Account.Grants, err = r.Grants(ctx, id); err != nil {
		return p, err
	}
	if p.Groups, err = r.Groups(ctx, id); err != nil {
		return p, err
	}
	if p.Certificates, err = r.Certificates(ctx, id); err != nil {
		return p, err
	}
	if p.Consents, err = r.Consents(ctx, id); err != nil {
		return p, err
	}
	p.Firm, err = r.Firm(ctx, id)
	return p, err
}

// shown is the account as its owner sees it: a contact they still have to
// prove is theirs and unverified, whoever holds it.
func (r *Record) shown() Account {
	a := r.Account
	if r.EmailWanted != "" {
		a.Email, a.EmailVerified = r.EmailWanted, false
	}
	if r.PhoneWanted != "" {
		a.Phone, a.PhoneVerified = r.PhoneWanted, false
	}
	return a
}

// MePatch changes what is not nil. An empty contact takes it away.
type MePatch struct {
	Name, Email, Phone *string
	Locale             *string
	Channels           *[]string
}

// PatchMe changes the signed-in person's own data. A changed contact is
// unverified and a code goes to it. Whether somebody else holds it can't be seen.
func (s *Service) PatchMe(ctx context.Context, actor Actor, p MePatch) (Profile, error) {
	if actor.ID == "" {
		return Profile{}, fault.ErrSignIn
	}
	in, err := checkMePatch(p)
	if err != nil {
		return Profile{}, err
	}
	out, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (Profile, error) {
		r, err := open(ctx, tx, actor.ID)
		if err != nil {
			return Profile{}, err
		}
		changed := in.apply(p, r)
		ask, err := in.contacts(ctx, tx, p, r)
		if err != nil {
			return Profile{}, err
		}
		for _, l := range ask {
			changed = append(changed, string(l.Kind))
		}
		if err := tx.Update(ctx, r); err != nil {
			return Profile{}, err
		}
		e := entry(actor, "account.change", r.ID)
		e.Detail = map[string]any{"fields": changed}
		if err := tx.Trace(ctx, e); err != nil {
			return Profile{}, err
		}
		for _, l := range ask {
			if err := s.sendVerify(ctx, tx, actor, l); err != nil {
				return Profile{}, err
			}
		}
		return profile(ctx, tx, r.ID)
	})
	s.seen.forget(actor.ID)
	return out, err
}

type meChange struct {
	name         Secret
	email, phone Secret
	locale       lang.Locale
	channels     []Channel
}

func checkMePatch(p MePatch) (c meChange, err error) {
	var w wrong
	if p.Name != nil {
		c.name = w.name("name", *p.Name)
	}
	if p.Email != nil {
		c.email = w.contact("email", Email, Secret(*p.Email))
	}
	if p.Phone != nil {
		c.phone = w.contact("phone", Phone, Secret(*p.Phone))
	}
	if p.Locale != nil {
		c.locale = w.locale("locale", *p.Locale)
	}
	if p.Channels != nil {
		for _, ch := range *p.Channels {
			if v := Channel(ch); v != ByEmail && v != BySMS || slices.Contains(c.channels, v) {
				w.add("channels", "oneof", "email sms")
				break
			}
			c.channels = append(c.channels, Channel(ch))
		}
	}
	return c, w.err()
}

// apply sets what is no contact and names it.
func (c meChange) apply(p MePatch, r *Record) (changed []string) {
	if p.Name != nil {
		r.Name, changed = c.name, append(changed, "name")
	}
	if p.Locale != nil {
		r.Locale, changed = c.locale, append(changed, "locale")
	}
	if p.Channels != nil {
		r.Channels, changed = c.channels, append(changed, "channels")
	}
	return changed
}

// contacts sets the changed contacts and lists those to prove. One that
// somebody else holds is only wanted until then.
func (c meChange) contacts(ctx context.Context, tx Tx, p MePatch, r *Record) (ask []Login, err error) {
	for _, n := range []struct {
		typed *string
		login Login
	}{{p.Phone, Login{Phone, c.phone, true}}, {p.Email, Login{Email, c.email, true}}} {
		if n.typed == nil || n.login.Value == r.shown().contact(n.login.Kind) {
			continue
		}
		var holder *Record
		if n.login.Value != "" {
			if holder, err = tx.Holder(ctx, n.login); err != nil {
				return nil, err
			}
			ask = append(ask, n.login)
		}
		if holder != nil && holder.ID != r.ID {
			r.setContact(n.login.Kind, "", false)
			r.want(n.login)
		} else {
			r.setContact(n.login.Kind, n.login.Value, holder != nil && r.verified(n.login.Kind))
		}
	}
	if v := r.shown(); v.Phone == "" && v.Email == "" {
		return nil, fault.BadField("phone", "phone_or_email", "")
	}
	return ask, nil
}

func (a Account) contact(k Kind) Secret {
	if k == Email {
		return a.Email
	}
	return a.Phone
}

// setContact replaces a contact; what was wanted before is no longer.
func (r *Record) setContact(k Kind, v Secret, verified bool) {
	if k == Email {
		r.Email, r.EmailVerified, r.EmailWanted = v, verified, ""
	} else {
		r.Phone, r.PhoneVerified, r.PhoneWanted = v, verified, ""
	}
}

func (r *Record) want(l Login) {
	if l.Kind == Email {
		r.EmailWanted = l.Value
	} else {
		r.PhoneWanted = l.Value
	}
}
