package account

import (
	"context"
	"fmt"
	"slices"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

func (r Role) staffed() bool { return r == Staff || r == Manager || r == Admin }

// checkGrants holds roles to the table: staff belong to a center; managers and
// admins may have none and then see all; citizen is the lack of a role.
func (w *wrong) grants(field string, in []Grant) []Grant {
	out := []Grant{}
	for i, g := range in {
		at := fmt.Sprintf("%s.%d", field, i)
		switch {
		case g.Role == Citizen && g.Center == "":
			continue
		case !g.Role.staffed():
			w.add(at+".role", "oneof", "citizen staff manager admin")
		case g.Center == "" && g.Role == Staff:
			w.add(at+".center", "required", "")
		case g.Center != "":
			w.slug(at+".center", g.Center)
		}
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// Patch changes an account from above; nil leaves a value alone.
type Patch struct {
	Roles *[]Grant
	Name  *string
}

// PatchAccount replaces somebody's name or roles; new roles end all their
// sessions. Admins can't take their own admin role: the last one would be gone
// for good.
func (s *Service) PatchAccount(ctx context.Context, actor Actor, id string, p Patch) (Account, error) {
	if !actor.May(Accounts, "") {
		return Account{}, fault.ErrForbidden
	}
	name, grants, err := p.check()
	if err != nil {
		return Account{}, err
	}
	if p.Roles != nil && actor.ID == id && !slices.Contains(grants, Grant{Role: Admin}) {
		return Account{}, fault.ErrState
	}
	a, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (Account, error) {
		r, err := open(ctx, tx, id)
		if err != nil {
			return Account{}, err
		}
		if p.Name != nil {
			if err := rename(ctx, tx, actor, r, name); err != nil {
				return Account{}, err
			}
		}
		if r.Grants, err = tx.Grants(ctx, id); err != nil || p.Roles == nil {
			return r.Account, err
		}
		return r.Account, regrant(ctx, tx, actor, r, grants)
	})
	s.seen.forget(id)
	return a, err
}

func (p Patch) check() (name Secret, grants []Grant, err error) {
	var w wrong
	if p.Roles == nil && p.Name == nil {
		w.add("roles", "required", "")
	}
	if p.Name != nil {
		name = w.name("name", *p.Name)
	}
	if p.Roles != nil {
		grants = w.grants("roles", *p.Roles)
	}
	return name, grants, w.err()
}

func rename(ctx context.Context, tx Tx, actor Actor, r *Record, name Secret) error {
	r.Name = name
	if err := tx.Update(ctx, r); err != nil {
		return err
	}
	e := entry(actor, "account.change", r.ID)
	e.Detail = map[string]any{"fields": []string{"name"}}
	return tx.Trace(ctx, e)
}

func regrant(ctx context.Context, tx Tx, actor Actor, r *Record, grants []Grant) error {
	if err := tx.SetGrants(ctx, r.ID, grants); err != nil {
		return err
	}
	if err := tx.CloseSessions(ctx, r.ID, ""); err != nil {
		return err
	}
	e := entry(actor, "account.roles", r.ID)
	e.Detail = map[string]any{"before": r.Grants, "after": grants}
	r.Grants = grants
	return tx.Trace(ctx, e)
}

// NewAccount is an account made by the operator, who vouches for the contacts.
type NewAccount struct {
	Name         Secret
	Email, Phone Secret
	Password     Secret
	Locale       lang.Locale
	Role         Role     // "" is citizen
	Centers      []string // of the role; none: every center (managers and admins)
	Demo         bool
	// Consents records terms and privacy as given, for demo people.
	Consents bool
}

// Create makes an account with a role. A contact that is held is 422 with rule "taken".
func (s *Service) Create(ctx context.Context, actor Actor, in NewAccount) (Account, error) {
	if !actor.May(Accounts, "") {
		return Account{}, fault.ErrForbidden
	}
	rec, err := checkNew(in)
	if err != nil {
		return Account{}, err
	}
	if in.Password != "" {
		if rec.PasswordHash, err = s.hasher.hash(ctx, in.Password); err != nil {
			return Account{}, err
		}
	}
	rec.ID = s.newID()
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Account, error) {
		r := *rec
		now := tx.Now()
		r.CreatedAt, r.ProvedAt = now, &now
		inserted, err := tx.Insert(ctx, &r)
		if err == nil && !inserted {
			err = taken(ctx, tx, &r)
		}
		if err != nil {
			return Account{}, err
		}
		if err := tx.SetGrants(ctx, r.ID, r.Grants); err != nil {
			return Account{}, err
		}
		for _, key := range []string{Terms, Privacy} {
			if !in.Consents {
				break
			}
			c := Consent{Key: key, Given: true, Version: ConsentVersion, At: now, How: online}
			if err := tx.SaveConsent(ctx, r.ID, c); err != nil {
				return Account{}, err
			}
		}
		e := entry(actor, "account.create", r.ID)
		e.Detail = map[string]any{"roles": r.Grants}
		return r.Account, tx.Trace(ctx, e)
	})
}

func checkNew(in NewAccount) (*Record, error) {
	var w wrong
	r := &Record{Account: Account{Channels: []Channel{ByEmail, BySMS}, Demo: in.Demo, HasPassword: in.Password != ""}}
	r.Name = w.name("name", string(in.Name))
	r.Email = w.contact("email", Email, in.Email)
	r.Phone = w.contact("phone", Phone, in.Phone)
	r.EmailVerified, r.PhoneVerified = r.Email != "", r.Phone != ""
	if in.Email == "" && in.Phone == "" {
		w.add("phone", "phone_or_email", "")
	}
	r.Locale = w.locale("locale", string(in.Locale))
	if in.Password != "" {
		w.password("password", in.Password, r.Phone, r.Email)
	}
	grants := []Grant{}
	switch {
	case in.Role == "" || in.Role == Citizen:
		if len(in.Centers) > 0 {
			w.add("centers", "role", "")
		}
	case len(in.Centers) == 0:
		grants = append(grants, Grant{Role: in.Role})
	default:
		for _, c := range in.Centers {
			grants = append(grants, Grant{Role: in.Role, Center: c})
		}
	}
	r.Grants = w.grants("roles", grants)
	return r, w.err()
}

// taken names the contacts that somebody holds.
func taken(ctx context.Context, tx Tx, r *Record) error {
	var w wrong
	for _, l := range []Login{{Phone, r.Phone, true}, {Email, r.Email, true}} {
		holder, err := tx.Holder(ctx, l)
		if err != nil {
			return err
		}
		if holder != nil {
			w.add(string(l.Kind), "taken", "")
		}
	}
	return w.err()
}

// firstAdmin is the login of the admin that the settings make.
const firstAdmin = "admin@localhost"

// EnsureAdmin makes the first admin with a password from the settings when
// nobody is an admin of everything; it never touches one that is there.
func (s *Service) EnsureAdmin(ctx context.Context, actor Actor, password Secret) (made bool, err error) {
	if !actor.May(Accounts, "") {
		return false, fault.ErrForbidden
	}
	there, err := read(ctx, s.store, func(ctx context.Context, r Reader) (bool, error) { return r.AnyAdmin(ctx) })
	if err != nil || there {
		return false, err
	}
	_, err = s.Create(ctx, actor, NewAccount{Name: "admin", Email: firstAdmin, Password: password, Role: Admin})
	return err == nil, err
}
