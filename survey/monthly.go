package survey

import (
	"context"
	"time"

	"gongbang/account"
)

const (
	monthlyMail = "manager.monthly"
	monthlyTold = "survey.monthly"
)

// TellMonth lets the mail about the month before due leave to whoever manages
// centers, once for each month, and tells whether it was this call that did.
// Whom it goes to and what it says is read when it is sent.
func (s *Service) TellMonth(ctx context.Context, due time.Time) (bool, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return false, err
	}
	local := due.In(cat.Zone())
	m := month(local.AddDate(0, 0, -local.Day()), cat.Zone())
	key := monthlyMail + ":" + m
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		first, err := tx.FirstTime(ctx, key)
		if err != nil || !first {
			return false, err
		}
		e := account.Entry{Actor: account.System("survey").Name(), Action: monthlyTold, Subject: m}
		return true, tx.Trace(ctx, e, account.Event{Kind: monthlyMail, Key: key, Subject: m})
	})
}
