package survey

import (
	"context"

	"gongbang/account"
)

// byLink is how the answer to the consent text was given.
const byLink = "link"

// OptOut takes the no of who holds a link, at any time: the consent to surveys
// ends, and an invitation that was open is final as refused, which stops its
// reminder. What is queued is judged when it is due. Again is harmless.
// fault.ErrNotFound for a link that never was.
func (s *Service) OptOut(ctx context.Context, token string) error {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return err
	}
	var who string
	if err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		i, err := r.ByToken(ctx, tokenHash(token))
		if err == nil {
			who = i.Account
		}
		return err
	}); err != nil {
		return err
	}
	reach, err := s.reach(ctx, who)
	if err != nil {
		return err
	}
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		if err := tx.LockAccount(ctx, who); err != nil {
			return false, err
		}
		i, err := tx.ByToken(ctx, tokenHash(token))
		if err != nil {
			return false, err
		}
		if !reach.OptOut {
			if err := s.withdraw(ctx, tx, i); err != nil {
				return false, err
			}
		}
		if !i.may(Revoked) {
			return true, nil
		}
		return true, s.refuse(ctx, tx, i, cat)
	})
	return err
}

// withdraw records the person's no to surveys.
func (s *Service) withdraw(ctx context.Context, tx Tx, i *Invitation) error {
	c := account.Consent{Key: account.Survey, Version: account.ConsentVersion, At: tx.Now(), How: byLink}
	if err := tx.SaveConsent(ctx, i.Account, c); err != nil {
		return err
	}
	return tx.Trace(ctx, account.Entry{Actor: i.Account, Action: "account.consent", Subject: i.Account,
		Detail: map[string]any{"key": c.Key, "given": c.Given, "version": c.Version}})
}

// refuse ends an open invitation whose person said no. Like an answer it
// proves that the message came.
func (s *Service) refuse(ctx context.Context, tx Tx, i *Invitation, cat Catalog) error {
	was, raise := i.State, counted(i, StepRefused, tx.Now(), cat.Zone())
	i.Delivered, i.Reason = true, SkipOptOut
	i.final(Revoked)
	if err := s.change(ctx, tx, i, was, "survey.opt_out"); err != nil {
		return err
	}
	return tx.Raise(ctx, raise...)
}
