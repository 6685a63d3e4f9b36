package account

import (
	"context"
	"fmt"
)

// SignUp is what somebody types to get an account. Phone or e-mail is enough.
type SignUp struct {
	Name         Secret
	Phone, Email Secret
	Password     Secret // "" signs in by code only
	Locale       string // "" is Korean
	Firm         *Firm  // name and number
	Groups       []string
	Consents     Consents
}

// Consents of a sign-up. Terms and privacy must be true; Survey nil means that
// the person may be asked, false that they don't want to be.
type Consents struct {
	Terms, Privacy, Survey *bool
}

const maxGroups = 20

// SignUp makes an account. created is false when somebody holds one of the
// contacts: that holder gets a message with a code and nothing else happens.
// Where MustVerify is true, callers answer both the same way, and the new
// account gets a code too. All wrong fields are told at once (422 validation).
func (s *Service) SignUp(ctx context.Context, actor Actor, in SignUp) (a Account, created bool, err error) {
	rec, firm, err := checkSignUp(in)
	if err != nil {
		return Account{}, false, err
	}
	if in.Password != "" { // hashed before anything is looked up: known contacts cost the same
		if rec.PasswordHash, err = s.hasher.hash(ctx, in.Password); err != nil {
			return Account{}, false, err
		}
	}
	rec.ID = s.newID()
	type answer struct {
		account Account
		created bool
	}
	out, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (answer, error) {
		r := *rec
		r.CreatedAt = tx.Now()
		inserted, err := tx.Insert(ctx, &r)
		if err != nil {
			return answer{}, err
		}
		if !inserted {
			return answer{}, s.tellHolders(ctx, tx, actor, &r)
		}
		return answer{r.Account, true}, s.welcome(ctx, tx, actor, &r, firm, in)
	})
	return out.account, out.created, err
}

func checkSignUp(in SignUp) (*Record, *Firm, error) {
	var w wrong
	r := &Record{Account: Account{Channels: []Channel{ByEmail, BySMS}}}
	r.Name = w.name("name", string(in.Name))
	r.Phone = w.contact("phone", Phone, in.Phone)
	r.Email = w.contact("email", Email, in.Email)
	if in.Phone == "" && in.Email == "" {
		w.add("phone", "phone_or_email", "")
	}
	if in.Password != "" {
		w.password("password", in.Password, r.Phone, r.Email)
	}
	r.HasPassword = in.Password != ""
	r.Locale = w.locale("locale", in.Locale)
	firm := w.firm(in.Firm)
	if len(in.Groups) > maxGroups {
		w.add("groups", "max", fmt.Sprint(maxGroups))
	}
	for i, g := range in.Groups {
		w.slug(fmt.Sprintf("groups.%d", i), g)
	}
	for _, c := range []struct {
		field string
		given *bool
	}{{"consents.terms", in.Consents.Terms}, {"consents.privacy", in.Consents.Privacy}} {
		if c.given == nil || !*c.given {
			w.add(c.field, "accepted", "")
		}
	}
	return r, firm, w.err()
}

func (w *wrong) firm(in *Firm) *Firm {
	if in == nil {
		return nil
	}
	number, ok := NormalizeBusinessNumber(in.BusinessNumber)
	if !ok {
		w.add("firm.business_number", "business_number", "")
	}
	return &Firm{Name: string(w.name("firm.name", in.Name)), BusinessNumber: number}
}

// welcome writes what belongs to a new account.
func (s *Service) welcome(ctx context.Context, tx Tx, actor Actor, r *Record, firm *Firm, in SignUp) error {
	given := map[string]*bool{Terms: in.Consents.Terms, Privacy: in.Consents.Privacy, Survey: in.Consents.Survey}
	for _, key := range []string{Terms, Privacy, Survey} {
		if given[key] == nil {
			continue
		}
		c := Consent{Key: key, Given: *given[key], Version: ConsentVersion, At: r.CreatedAt, How: online}
		if err := tx.SaveConsent(ctx, r.ID, c); err != nil {
			return err
		}
	}
	for _, g := range in.Groups {
		if err := tx.SaveGroup(ctx, r.ID, Group{ID: g, DeclaredAt: &r.CreatedAt}, r.ID, ""); err != nil {
			return err
		}
	}
	if err := s.comeBack(ctx, tx, r); err != nil {
		return err
	}
	if firm != nil {
		if err := tx.ClaimFirm(ctx, r.ID, s.newID(), *firm); err != nil {
			return err
		}
	}
	e := entry(actor, "account.sign_up", r.ID)
	if e.Actor == "" {
		e.Actor = r.ID
	}
	if err := tx.Trace(ctx, e); err != nil || !s.gateway() {
		return err
	}
	return s.sendTo(ctx, tx, actor, first(r), ToSignUp, r)
}

// first is the contact a new account is asked to prove: the phone, if any.
func first(r *Record) Login {
	if r.Phone != "" {
		return Login{Phone, r.Phone, true}
	}
	return Login{Email, r.Email, true}
}

// tellHolders sends a code to the known contacts of a sign-up: who typed their
// own contact again comes in with it, and nobody else learns anything.
func (s *Service) tellHolders(ctx context.Context, tx Tx, actor Actor, r *Record) error {
	for _, l := range []Login{{Phone, r.Phone, true}, {Email, r.Email, true}} {
		if l.Value == "" {
			continue
		}
		holder, err := tx.Holder(ctx, l)
		if err != nil || holder == nil {
			if err != nil {
				return err
			}
			continue
		}
		if err := s.sendTo(ctx, tx, actor, l, ToSignIn, holder); err != nil {
			return err
		}
	}
	return nil
}
