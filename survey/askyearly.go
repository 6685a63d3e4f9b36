package survey

import (
	"context"
	"time"
)

// yearlyAt is the minute of the day from which yearly questionnaires leave.
const yearlyAt = morning

// lateYear is how long after its day the year is still asked about: later, it
// would stand in the way of questions about uses that people just made.
const lateYear = 48 * time.Hour

// AskYearly asks everybody with a finished use in the twelve months before due
// about their year, at the center they used most. The messages are spread over
// the sending window of that day; caps hold as for any other. Again, and after a
// restart, each person is asked once a year; more than two days late nobody is.
// It returns how many people it looked at.
func (s *Service) AskYearly(ctx context.Context, due time.Time) (int, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	n, after := 0, ""
	for {
		var list []Regular
		if err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
			if list = nil; r.Now().Sub(due) > lateYear {
				return nil
			}
			list, err = r.Regulars(ctx, due.AddDate(-1, 0, 0), after, batch)
			return err
		}); err != nil {
			return n, err
		}
		for _, who := range list {
			if err := s.askYear(ctx, who, due, cat); err != nil {
				return n, err
			}
			n, after = n+1, who.Account
		}
		if len(list) < batch {
			return n, nil
		}
	}
}

func (s *Service) askYear(ctx context.Context, who Regular, due time.Time, cat Catalog) error {
	reach, err := s.reach(ctx, who.Account)
	if err != nil {
		return err
	}
	r, year := ruleNamed(yearlyRule), due.In(cat.Zone()).Format("2006")
	u := Use{BookingID: year + ":" + who.Account, AccountID: who.Account, CenterID: who.Center, Start: due, End: due}
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		if err := tx.LockAccount(ctx, who.Account); err != nil {
			return false, err
		}
		first, err := tx.FirstTime(ctx, r.name+":"+u.BookingID)
		if err != nil || !first {
			return false, err
		}
		t, err := s.questionnaire(ctx, tx, r, u, cat.Zone())
		if err != nil {
			return false, err
		}
		leaves := s.d.Window.Next(due.Add(s.spread(u.BookingID)), reach.Channel, cat).UTC()
		return true, s.queue(ctx, tx, r, s.invitation(r, u, u.BookingID, t, leaves, cat), reach)
	})
	return err
}

// spread is how long after the start of the day's messages this one leaves.
func (s *Service) spread(id string) time.Duration {
	length := s.d.Window.To - max(s.d.Window.From, yearlyAt)
	if s.d.Window.Always || length <= 0 {
		return 0
	}
	return time.Duration(s.part(length, "survey.spread", id)) * time.Minute
}
