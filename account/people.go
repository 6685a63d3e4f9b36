package account

import (
	"context"
	"strings"

	"gongbang/internal/fault"
)

// looked is the audit action of every look at somebody else's data.
const looked = "account.look"

// Why personal data is looked at, where the program knows it by itself.
const (
	byAccounts = "account" // an admin opens an account
	byPhone    = "phone"
	byGuest    = "guest" // the desk books for somebody it knows already
	byBooking  = "booking"
)

// LookReasons are these words: they name nobody, and the pages have texts for them.
var LookReasons = []string{byAccounts, byPhone, byGuest, byBooking}

// Get is one account in full, for its owner and for admins; for everybody else
// it does not exist. A look at somebody else is logged.
func (s *Service) Get(ctx context.Context, actor Actor, id string) (Account, error) {
	if actor.ID != id && !actor.May(Accounts, "") {
		return Account{}, fault.ErrNotFound
	}
	return s.look(ctx, actor, "", id, byAccounts)
}

// Look is one account in full for the staff of a center, with the reason: a
// booking of that person there, a name asked for at the desk. It is logged.
// Callers make sure that the person has to do with the center.
func (s *Service) Look(ctx context.Context, actor Actor, center, id, reason string) (Account, error) {
	if actor.ID != id && !actor.May(DeskWork, center) {
		return Account{}, fault.ErrForbidden
	}
	return s.look(ctx, actor, center, id, reason)
}

func (s *Service) look(ctx context.Context, actor Actor, center, id, reason string) (Account, error) {
	if actor.ID == id {
		p, err := read(ctx, s.store, func(ctx context.Context, r Reader) (Profile, error) { return profile(ctx, r, id) })
		return p.Account, err
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Account, error) {
		r, err := tx.Account(ctx, id)
		if err != nil {
			return Account{}, err
		}
		if r.Grants, err = tx.Grants(ctx, id); err != nil {
			return Account{}, err
		}
		return r.Account, tx.Trace(ctx, lookEntry(actor, center, id, reason))
	})
}

func lookEntry(actor Actor, center, id, reason string) Entry {
	e := entry(actor, looked, id)
	e.Center, e.Reason, e.About = center, reason, id
	return e
}

// FindByPhone is the person with exactly this phone number, for the desk of a
// center; ok is false when there is none. Whose data was found is logged.
func (s *Service) FindByPhone(ctx context.Context, actor Actor, center, phone string) (a Account, ok bool, err error) {
	if !actor.May(PeopleLookup, center) {
		return a, false, fault.ErrForbidden
	}
	v, valid := NormalizePhone(phone)
	if !valid {
		return a, false, fault.BadField("phone", "phone", "")
	}
	found, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (*Record, error) {
		h, err := tx.Holder(ctx, Login{Phone, Secret(v), true})
		if err != nil || h == nil {
			return nil, err
		}
		return h, tx.Trace(ctx, lookEntry(actor, center, h.ID, byPhone))
	})
	if err != nil || found == nil {
		return a, false, err
	}
	return found.Account, true, nil
}

// Named are the accounts with these ids, without their grants, by id. It is for
// masking (Account.Masked) and for searching inside what the caller may see;
// what it returns is not shown as it is.
func (s *Service) Named(ctx context.Context, ids []string) (map[string]Account, error) {
	return read(ctx, s.store, func(ctx context.Context, r Reader) (map[string]Account, error) {
		found, err := r.Named(ctx, ids)
		out := make(map[string]Account, len(found))
		for _, f := range found {
			out[f.ID] = f.Account
		}
		return out, err
	})
}

// Page is one page of a list. Next is the cursor of the following one, "" at the end.
type Page struct {
	Items []Account
	Next  string
}

const defaultPage, maxPage = 50, 200

// List shows accounts to admins, masked, by id. A search is logged.
func (s *Service) List(ctx context.Context, actor Actor, q Query) (Page, error) {
	if !actor.May(Accounts, "") {
		return Page{}, fault.ErrForbidden
	}
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	var w wrong
	if q.Limit < 1 || q.Limit > maxPage {
		w.add("limit", "range", "1 200")
	}
	if q.Role != "" && !q.Role.staffed() && q.Role != Citizen {
		w.add("role", "oneof", "citizen staff manager admin")
	}
	if len(q.Text) > 254 {
		w.add("q", "max", "254")
	}
	if err := w.err(); err != nil {
		return Page{}, err
	}
	q.Text = strings.TrimSpace(q.Text)
	if q.Contact = ParseLogin(q.Text); !q.Contact.Valid {
		q.Contact = Login{}
	}
	if q.Text != "" { // who looks for somebody is written down, not whom they typed
		if _, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
			return struct{}{}, tx.Trace(ctx, entry(actor, "account.search", ""))
		}); err != nil {
			return Page{}, err
		}
	}
	limit := q.Limit
	q.Limit++ // one more tells whether there is a next page
	return read(ctx, s.store, func(ctx context.Context, r Reader) (Page, error) {
		found, err := r.Accounts(ctx, q)
		if err != nil {
			return Page{}, err
		}
		p := Page{Items: []Account{}}
		for i, f := range found {
			if i == limit {
				p.Next = found[i-1].ID
				break
			}
			p.Items = append(p.Items, f.Masked())
		}
		return p, nil
	})
}

// Contacts is what a message to somebody needs. fault.ErrNotFound when the
// account is closed or unknown. It is for the delivery, which is no person.
func (s *Service) Contacts(ctx context.Context, id string) (Contacts, error) {
	return read(ctx, s.store, func(ctx context.Context, r Reader) (Contacts, error) {
		p, err := r.Account(ctx, id)
		if err != nil {
			return Contacts{}, err
		}
		if p.ClosedAt != nil {
			return Contacts{}, fault.ErrNotFound
		}
		grants, err := r.Grants(ctx, id)
		if err != nil {
			return Contacts{}, err
		}
		consents, err := r.Consents(ctx, id)
		c := Contacts{AccountID: id, Name: p.Name, Email: p.Email, Phone: p.Phone, EmailVerified: p.EmailVerified,
			PhoneVerified: p.PhoneVerified, Locale: p.Locale, Channels: p.Channels, Typed: p.Typed,
			Guest: p.Guest, Staff: len(grants) > 0, Grants: grants, Demo: p.Demo}
		for _, x := range consents {
			c.SurveyOptOut = c.SurveyOptOut || x.Key == Survey && !x.Given
			c.ReminderOptOut = c.ReminderOptOut || x.Key == Reminder && !x.Given
			c.MonthlyOptOut = c.MonthlyOptOut || x.Key == Monthly && !x.Given
		}
		return c, err
	})
}
