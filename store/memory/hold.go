package memory

import (
	"context"
	"sync"
	"time"

	"gongbang/booking"
)

// holds is one shard of who holds what, by owner.
type holds struct {
	mu    sync.Mutex
	of    map[string]hold
	swaps int
}

type hold struct {
	held    booking.Held
	expires int64
}

// Swap remembers the person's one active hold and returns the older one, if it
// is still alive and another one; see booking.Locker. The same claim again (an
// extension, another tab) is remembered anew and returns nil: the caller
// releases what Swap returns, and must not release what it has just won.
func (l *Locker) Swap(ctx context.Context, owner string, h booking.Held, ttl time.Duration) (*booking.Held, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, now := &l.holds[shardOf(owner)], l.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.of[owner]
	s.of[owner] = hold{held: h, expires: now + milliseconds(ttl)}
	s.sweep(now)
	if !known || now >= before.expires || SameClaim(before.held, h) {
		return nil, nil
	}
	return &before.held, nil
}

// SameClaim tells whether two holds are one claim: equipment, unit and interval.
func SameClaim(a, b booking.Held) bool {
	return a.Equipment == b.Equipment && a.Unit == b.Unit && spanOf(a.Interval) == spanOf(b.Interval)
}

// sweep looks at four people every other swap and drops what expired. A swap
// adds one entry at most and looks at two, so the expired ones stay a minority.
func (s *holds) sweep(now int64) {
	if s.swaps++; s.swaps%2 != 0 {
		return
	}
	looked := 0
	for owner, h := range s.of {
		if now >= h.expires {
			delete(s.of, owner)
		}
		if looked++; looked == 4 {
			return
		}
	}
}
