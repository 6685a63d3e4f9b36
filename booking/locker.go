package booking

import (
	"context"
	"errors"
	"time"
)

// ErrLocked is returned by Locker.Acquire when every ranked unit is locked by others.
var ErrLocked = errors.New("every unit is locked by somebody else")

// ErrNotHeld is returned by Locker.Extend when the claim is not there (any more).
var ErrNotHeld = errors.New("no such claim")

// Claim asks for an exact interval on the first of the ranked units that
// nobody else has locked. The key is equipment and interval, never the person:
// Owner only tells whose claim it is, so that the same owner re-enters.
type Claim struct {
	Equipment string
	Units     []int // ranked; the first free one wins
	Interval  Interval
	Owner     string // fixed length: a keyed hash of the account, or random for walk-ins
	TTL       time.Duration
}

// Held is one claim that is alive.
type Held struct {
	Equipment  string
	Unit       int
	Interval   Interval
	Owner      string
	ExpiresAt  time.Time
	Extensions int // how often it was extended
}

// Locker keeps short claims on units. It advises; the database decides. All
// methods answer within 300 ms or fail; a caller goes on without the lock when
// the error is not ErrLocked or ErrNotHeld. Expiry is judged by the locker's
// own clock. Implemented by store/memory and store/redis, both held to one lockertest.
type Locker interface {
	// Acquire claims; fresh is false when the same owner already had exactly
	// this claim (whose expiry then only ever grows). Claims of the same owner
	// never stand in each other's way.
	Acquire(ctx context.Context, c Claim) (held Held, fresh bool, err error)
	// Extend moves the expiry of the owner's claim to now+TTL and counts one extension.
	Extend(ctx context.Context, equipment string, unit int, i Interval, owner string, ttl time.Duration) (Held, error)
	// Release drops all claims of the owner on the equipment that overlap the interval; none is no error.
	Release(ctx context.Context, equipment, owner string, i Interval) error
	// List returns the claims on the equipment that overlap the interval, of all owners.
	List(ctx context.Context, equipment string, i Interval) ([]Held, error)
	// Swap remembers the person's one active hold for ttl and returns the one
	// remembered before, if it is still alive.
	Swap(ctx context.Context, owner string, h Held, ttl time.Duration) (before *Held, err error)
}

// Watch tells viewers that the availability of a machine changed on a day. It
// carries no personal data, may be lost, and never blocks or fails a caller.
type Watch interface {
	Changed(equipment string, days ...Date)
}
