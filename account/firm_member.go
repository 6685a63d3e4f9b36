package account

import (
	"context"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// Member is somebody who says they belong to a firm. Times are UTC.
type Member struct {
	Account     string
	Name        Secret // masked where it is shown
	ClaimedAt   time.Time
	ConfirmedAt *time.Time
}

// Membership is one's own claim to a firm, with the other members for who is
// confirmed: a claim alone tells nothing about them.
type Membership struct {
	Firm
	Members []Member // names masked, by the time of their claims
}

// FirmWriter changes who belongs to a firm.
type FirmWriter interface {
	// LeaveFirm takes away the account's claims, and firms that nobody claims any more.
	LeaveFirm(ctx context.Context, account string) error
	// ConfirmMember is false when the account does not claim the firm. The first confirmation stays.
	ConfirmMember(ctx context.Context, firm, account, by string) (bool, error)
}

// MyFirm is the signed-in person's firm; fault.ErrNotFound without a claim.
func (s *Service) MyFirm(ctx context.Context, actor Actor) (Membership, error) {
	if actor.ID == "" {
		return Membership{}, fault.ErrSignIn
	}
	return read(ctx, s.store, func(ctx context.Context, r Reader) (Membership, error) { return membership(ctx, r, actor.ID) })
}

func membership(ctx context.Context, r Reader, who string) (m Membership, err error) {
	f, err := r.Firm(ctx, who)
	if err != nil {
		return m, err
	}
	if f == nil {
		return m, fault.ErrNotFound
	}
	m.Firm, m.Members = *f, []Member{}
	if f.ConfirmedAt == nil {
		return m, nil
	}
	if m.Members, err = r.Members(ctx, f.ID); err != nil {
		return m, err
	}
	for i := range m.Members {
		m.Members[i].Name = Account{Name: m.Members[i].Name}.Masked().Name
	}
	return m, nil
}

// ClaimFirm says that the signed-in person belongs to a firm, instead of what
// they said before. The claim waits for a member or for staff.
func (s *Service) ClaimFirm(ctx context.Context, actor Actor, in Firm) (Membership, error) {
	if actor.ID == "" {
		return Membership{}, fault.ErrSignIn
	}
	var w wrong
	firm := w.firm(&in)
	if err := w.err(); err != nil {
		return Membership{}, err
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Membership, error) {
		if _, err := open(ctx, tx, actor.ID); err != nil {
			return Membership{}, err
		}
		old, err := tx.Firm(ctx, actor.ID)
		if err != nil {
			return Membership{}, err
		}
		if old != nil && old.BusinessNumber == firm.BusinessNumber { // a confirmation is not lost by saying it again
			return membership(ctx, tx, actor.ID)
		}
		if err := tx.LeaveFirm(ctx, actor.ID); err != nil {
			return Membership{}, err
		}
		if err := tx.ClaimFirm(ctx, actor.ID, s.newID(), *firm); err != nil {
			return Membership{}, err
		}
		if err := tx.Trace(ctx, entry(actor, "firm.claim", actor.ID)); err != nil {
			return Membership{}, err
		}
		return membership(ctx, tx, actor.ID)
	})
}

// LeaveFirm ends the signed-in person's claim; without one it is fault.ErrNotFound.
func (s *Service) LeaveFirm(ctx context.Context, actor Actor) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		f, err := tx.Firm(ctx, actor.ID)
		if err == nil && f == nil {
			err = fault.ErrNotFound
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := tx.LeaveFirm(ctx, actor.ID); err != nil {
			return struct{}{}, err
		}
		e := entry(actor, "firm.leave", actor.ID)
		e.Detail = map[string]any{"firm": f.ID}
		return struct{}{}, tx.Trace(ctx, e)
	})
	return err
}

// ConfirmMember makes somebody's claim to a firm count. A confirmed member of
// the firm may, and staff of any center; for everybody else it does not exist.
func (s *Service) ConfirmMember(ctx context.Context, actor Actor, firm, who string) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		if _, err := open(ctx, tx, who); err != nil {
			return struct{}{}, err
		}
		if !actor.MaySomewhere(PeopleConfirm) {
			members, err := tx.Members(ctx, firm)
			if err == nil && !slices.ContainsFunc(members, func(m Member) bool { return m.Account == actor.ID && m.ConfirmedAt != nil }) {
				err = fault.ErrNotFound
			}
			if err != nil {
				return struct{}{}, err
			}
		}
		found, err := tx.ConfirmMember(ctx, firm, who, actor.Name())
		if err == nil && !found {
			err = fault.ErrNotFound
		}
		if err != nil {
			return struct{}{}, err
		}
		e := entry(actor, "firm.confirm", who)
		e.Detail = map[string]any{"firm": firm}
		if center, err := desk(actor, ""); err == nil {
			e.Center = center
		}
		return struct{}{}, tx.Trace(ctx, e)
	})
	return err
}
