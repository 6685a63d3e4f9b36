package booking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
)

// claimTTL bounds a lock that only covers one transaction: longer than any
// transaction may wait, so that a slow one is still alone.
const claimTTL = 15 * time.Second

// owner is whose lock it is: a keyed hash of fixed length, so that every retry
// and every tab of a person re-enters, and nobody reads a person out of Redis.
func (s *Service) owner(account string) string {
	m := hmac.New(sha256.New, s.Key)
	m.Write([]byte("lock\x00" + account))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// underLock wins a lock on one of the units, runs write with the unit won, and
// gives the lock back. All units locked by others: slot_taken, and the loser
// never reaches the database. No lock layer: write runs alone with the
// database, which decides anyway.
func (s *Service) underLock(ctx context.Context, c Claim, write func(prefer int) (*made, error)) (*made, error) {
	if len(c.Units) == 0 {
		return nil, errSlotTaken
	}
	held, fresh, err := s.Locks.Acquire(ctx, c)
	if errors.Is(err, ErrLocked) {
		return nil, errSlotTaken
	}
	locked := err == nil
	m, err := write(held.Unit)
	if locked && (err == nil || fresh) {
		// A success ends the person's own hold on this time too; a failure only
		// gives back what this call took. An unreachable lock layer expires it.
		_ = s.Locks.Release(context.WithoutCancel(ctx), c.Equipment, c.Owner, c.Interval)
	}
	return m, err
}

// made is what a transaction made, with what its view needs.
type made struct {
	booking *Booking
	catalog *Catalog
	person  *Person
	replay  *Replay // set when the same request succeeded before
}
