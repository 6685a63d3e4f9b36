package account

import (
	"context"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Guest is somebody the desk writes down: who phoned, or walked in.
type Guest struct {
	Name    Secret
	Phone   Secret // "" makes a record of its own each time
	Consent Typed  // how they agreed that the contact is kept; needed with a phone
	Center  string
}

// EnsureGuest is the account id for somebody at the desk: the one that holds
// the phone (a known person stays who they are, under their own name), else a
// new guest record. It commits before the booking that needs it.
func (s *Service) EnsureGuest(ctx context.Context, actor Actor, g Guest) (string, error) {
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (string, error) { return s.GuestIn(ctx, tx, actor, g) })
}

// GuestIn is EnsureGuest inside a transaction of the engine.
func (s *Service) GuestIn(ctx context.Context, tx Tx, actor Actor, g Guest) (string, error) {
	if !actor.May(DeskWork, g.Center) {
		return "", fault.ErrForbidden
	}
	r, err := checkGuest(g)
	if err != nil {
		return "", err
	}
	r.ID, r.CreatedAt = s.newID(), tx.Now()
	inserted, err := tx.Insert(ctx, r)
	if err != nil {
		return "", err
	}
	if !inserted {
		h, err := tx.Holder(ctx, Login{Phone, r.Phone, true})
		if err == nil && h == nil {
			err = ErrHeld // it was let go in this moment: look again
		}
		if err != nil {
			return "", err
		}
		return h.ID, tx.Trace(ctx, lookEntry(actor, g.Center, h.ID, byGuest))
	}
	if err := s.comeBack(ctx, tx, r); err != nil {
		return "", err
	}
	if r.Typed != "" {
		c := Consent{Key: Privacy, Given: true, Version: ConsentVersion, At: r.CreatedAt, How: string(r.Typed)}
		if err := tx.SaveConsent(ctx, r.ID, c); err != nil {
			return "", err
		}
	}
	e := entry(actor, "account.guest", r.ID)
	e.Center, e.Detail = g.Center, map[string]any{"consent": string(r.Typed)}
	return r.ID, tx.Trace(ctx, e)
}

func checkGuest(g Guest) (*Record, error) {
	var w wrong
	r := &Record{Account: Account{Guest: true, Locale: lang.Ko, Channels: []Channel{BySMS}, Typed: g.Consent}}
	r.Name = w.name("name", string(g.Name))
	r.Phone = w.contact("phone", Phone, g.Phone)
	switch g.Consent {
	case TypedOnPhone, TypedFromPaper, TypedAtCounter:
	case "":
		if g.Phone != "" {
			w.add("consent", "required", "")
		}
	default:
		w.add("consent", "oneof", "phone paper counter")
	}
	return r, w.err()
}
