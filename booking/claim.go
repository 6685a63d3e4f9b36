package booking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
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

// patience is how often, and after how long each time, somebody who finds
// every unit claimed by calls in flight looks again: a quarter of a second at most.
var patience = []time.Duration{time.Millisecond, 3 * time.Millisecond, 8 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond}

// underLock wins a lock on one of the units, runs write with the unit won, and
// gives the lock back. look reads anew which units are free. All units held by
// others, or taken: slot_taken, and the loser never reaches the writer. Units
// claimed by calls in flight are neither: such a call may still fail, and one
// that frees another time would be seen half done. So the loser looks again
// until the database knows, and asks it in the end. No lock layer: write runs
// alone with the database, which decides anyway.
func (s *Service) underLock(ctx context.Context, c Claim, look func() ([]int, error), write func(prefer int) (*made, error)) (*made, error) {
	for turn := 0; ; turn++ {
		if len(c.Units) == 0 {
			return nil, errSlotTaken
		}
		held, fresh, err := s.Locks.Acquire(ctx, c)
		if !errors.Is(err, ErrLocked) {
			return s.written(ctx, c, held, fresh, err == nil, write)
		}
		if s.allHeld(ctx, c) {
			return nil, errSlotTaken
		}
		if turn == len(patience) {
			return write(0)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(patience[turn]):
		}
		if c.Units, err = look(); err != nil {
			return nil, err
		}
	}
}

func (s *Service) written(ctx context.Context, c Claim, held Held, fresh, locked bool, write func(prefer int) (*made, error)) (*made, error) {
	m, err := write(held.Unit)
	if locked && (err == nil || fresh) {
		// A success ends the person's own hold on this time too; a failure only
		// gives back what this call took. An unreachable lock layer expires it.
		_ = s.Locks.Release(context.WithoutCancel(ctx), c.Equipment, c.Owner, c.Interval)
	}
	return m, err
}

// allHeld tells whether people hold every unit: claims that outlive any call.
func (s *Service) allHeld(ctx context.Context, c Claim) bool {
	alive, err := s.Locks.List(ctx, c.Equipment, c.Interval)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(c.Units, func(u int) bool { return !s.isHeld(alive, u, c.Owner) })
}

// isHeld tells whether somebody else holds the unit: a claim that outlives any
// call in flight.
func (s *Service) isHeld(alive []Held, unit int, owner string) bool {
	beyond := s.now().Add(claimTTL)
	return slices.ContainsFunc(alive, func(h Held) bool {
		return h.Unit == unit && h.Owner != owner && h.ExpiresAt.After(beyond)
	})
}

// made is what a transaction made, with what its view needs.
type made struct {
	booking *Booking
	catalog *Catalog
	person  *Person
	replay  *Replay // set when the same request succeeded before
}
