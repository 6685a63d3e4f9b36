package account

import (
	"context"

	"gongbang/internal/fault"
)

// The consents people are asked for. Terms and privacy are needed to have an
// account and end with it; the others may be refused at any time.
const (
	Terms    = "terms"
	Privacy  = "privacy"
	Survey   = "survey"
	Reminder = "reminder"
	Monthly  = "monthly" // the mail about a month, to whoever manages centers
)

// ConsentVersion names the texts that are shown now. It changes with them.
const ConsentVersion = "2025-11"

const online = "online"

// SetConsent records the signed-in person's answer to one consent text.
func (s *Service) SetConsent(ctx context.Context, actor Actor, key string, given bool) (Consent, error) {
	switch {
	case actor.ID == "":
		return Consent{}, fault.ErrSignIn
	case key == Monthly && !actor.MaySomewhere(Results): // nobody else gets it
		return Consent{}, fault.ErrNotFound
	case key != Terms && key != Privacy && key != Survey && key != Reminder && key != Monthly:
		return Consent{}, fault.ErrNotFound
	case (key == Terms || key == Privacy) && !given:
		return Consent{}, fault.BadField("given", "required", "")
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (Consent, error) {
		if _, err := open(ctx, tx, actor.ID); err != nil {
			return Consent{}, err
		}
		c := Consent{Key: key, Given: given, Version: ConsentVersion, At: tx.Now(), How: online}
		if err := tx.SaveConsent(ctx, actor.ID, c); err != nil {
			return c, err
		}
		e := entry(actor, "account.consent", actor.ID)
		e.Detail = map[string]any{"key": key, "given": given, "version": c.Version}
		return c, tx.Trace(ctx, e)
	})
}

// open reads an account that is not closed, and locks it where several write.
func open(ctx context.Context, tx Tx, id string) (*Record, error) {
	if err := tx.Lock(ctx, id); err != nil {
		return nil, err
	}
	r, err := tx.Account(ctx, id)
	if err == nil && r.ClosedAt != nil {
		return nil, fault.ErrNotFound
	}
	return r, err
}
