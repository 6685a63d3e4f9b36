package account

import (
	"context"
	"time"

	"gongbang/internal/fault"
)

// Sent is what is known of a message to somebody: never its text. Times are UTC.
type Sent struct {
	Kind      string
	About     string // id of the booking, invitation or account
	CreatedAt time.Time
	LeftAt    *time.Time // nil: it waits, or was given up
}

// Export is all that the accounts know of somebody, for their own file.
type Export struct {
	Profile
	Messages []Sent // of the last 30 days, oldest first
}

// Export is what the signed-in person takes away as a file; it is logged.
func (s *Service) Export(ctx context.Context, actor Actor) (Export, error) {
	if actor.ID == "" {
		return Export{}, fault.ErrSignIn
	}
	return do(ctx, s.store, func(ctx context.Context, tx Tx) (e Export, err error) {
		if e.Profile, err = profile(ctx, tx, actor.ID); err != nil {
			return e, err
		}
		if e.Messages, err = tx.Messages(ctx, actor.ID); err != nil {
			return e, err
		}
		return e, tx.Trace(ctx, entry(actor, "account.export", actor.ID))
	})
}
