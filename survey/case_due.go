package survey

import (
	"context"

	"gongbang/account"
)

// CaseMessage is what messages about a case are made of.
type CaseMessage struct {
	ID, Center, Equipment string
	Account, Reply        string
	Assignee              string // "" the center's staff
	Open                  bool   // it still waits for an answer
}

// RemindCases tells, once for each case, that its answer is due.
func (s *Service) RemindCases(ctx context.Context) (int, error) {
	var due []Case
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		due, err = r.DueCases(ctx, r.Now(), batch)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (int, error) {
		n := 0
		for _, c := range due {
			first, err := tx.CaseTold(ctx, c.ID)
			if err != nil || !first {
				if err != nil {
					return n, err
				}
				continue
			}
			e := account.Entry{Actor: account.System("survey").Name(), Action: caseRemind, Subject: c.ID, Center: c.Center}
			if err := tx.Trace(ctx, e, account.Event{Kind: caseRemind, Key: caseRemind + ":" + c.ID, Subject: c.ID}); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})
}

// CaseMessage reads a case when its message is written. fault.ErrNotFound: forgotten.
func (s *Service) CaseMessage(ctx context.Context, id string) (CaseMessage, error) {
	var c *Case
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		c, err = r.Case(ctx, id)
		return err
	})
	if err != nil {
		return CaseMessage{}, err
	}
	return CaseMessage{ID: c.ID, Center: c.Center, Equipment: c.Equipment, Account: c.Account, Reply: c.Reply,
		Assignee: c.Assignee, Open: c.State != CaseAnswered && c.Account != ""}, nil
}
