package survey

import (
	"context"
	"time"

	"gongbang/internal/fault"
)

// Message is what the text of an invitation or reminder is made of.
type Message struct {
	ID, Account       string
	Center, Equipment string // ids; "" once the invitation is final
	Month             string // of the use
	Token             string // the link's secret; never logged
	Generation        int
	Send              bool // false: answered, over, or the person said no meanwhile
	Expires           time.Time
}

// Invitation is judged again when its message is written.
func (s *Service) Invitation(ctx context.Context, id string) (Message, error) {
	var i *Invitation
	var now time.Time
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		now = r.Now()
		i, err = r.Invitation(ctx, id)
		return err
	})
	if err != nil {
		return Message{}, err
	}
	m := Message{ID: i.ID, Account: i.Account, Center: i.Center, Equipment: i.Equipment,
		Month: i.Month(), Generation: i.Generation, Expires: i.ExpiresAt}
	if !i.open(now) {
		return m, nil
	}
	reach, err := s.reach(ctx, i.Account)
	if err != nil {
		return Message{}, err
	}
	m.Send = !reach.OptOut && reach.Channel != ""
	m.Token = s.link(i)
	return m, nil
}

// Delivered counts that the mail or SMS server took the message; once for
// each invitation, however often it is told. An answer that came first has
// counted it already.
func (s *Service) Delivered(ctx context.Context, id string) error {
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		i, err := tx.Invitation(ctx, id)
		if err != nil || i.Delivered || !i.may(Answered) {
			return false, err
		}
		i.Delivered = true
		if err := tx.Change(ctx, i, i.State); err != nil {
			return false, err
		}
		return true, tx.Raise(ctx, i.count(StepDelivered))
	})
	if fault.Code(err) == fault.ErrStale.Code {
		return nil // answered in this moment: that counted it
	}
	return err
}
