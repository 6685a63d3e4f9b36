package booking

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"gongbang/account"
)

// Guests makes the account of somebody whom staff write down: one record per
// phone, a fresh one where there is no phone. It runs its own transaction.
type Guests interface {
	EnsureGuest(ctx context.Context, actor account.Actor, g account.Guest) (accountID string, err error)
	// GuestIn is EnsureGuest inside the engine's transaction.
	GuestIn(ctx context.Context, tx account.Tx, actor account.Actor, g account.Guest) (accountID string, err error)
	// CloseIn closes the actor's account inside the engine's transaction and
	// destroys what names them; strikesUntil zero: there are none.
	CloseIn(ctx context.Context, tx account.Tx, actor account.Actor, strikesUntil time.Time) error
}

// Deps is what the engine needs; none may be missing.
type Deps struct {
	Store  Store
	Locks  Locker
	Watch  Watch
	Guests Guests
	Clock  func() time.Time
	NewID  func() string
	// NewCode makes the 8 characters people read aloud.
	NewCode func() string
	// Key signs holds and hashes lock owners; the same on all nodes.
	// PreviousKey (may be empty) is still accepted for holds that were made before a change.
	Key, PreviousKey []byte
	// MustVerify tells whether a contact has to be proved before the first booking.
	MustVerify func() bool
}

// Service is the engine: one method for each use case.
type Service struct {
	Deps
	desk deskMinutes
	last atomic.Pointer[Catalog] // the newest snapshot seen; a first guess, verified by every read of facts
	seen *openings
}

// New checks that nothing is missing and starts nothing.
func New(d Deps) (*Service, error) {
	switch {
	case d.Store == nil, d.Locks == nil, d.Watch == nil, d.Guests == nil:
		return nil, errors.New("booking: store, locks, watch and guests are needed")
	case d.Clock == nil, d.NewID == nil, d.NewCode == nil, d.MustVerify == nil:
		return nil, errors.New("booking: clock, ids, codes and the verification rule are needed")
	case len(d.Key) < 32:
		return nil, errors.New("booking: the key needs 32 bytes")
	}
	seen := newOpenings()
	d.Watch = noticing{d.Watch, seen}
	return &Service{Deps: d, seen: seen}, nil
}

func (s *Service) now() time.Time { return s.Clock().UTC().Truncate(time.Millisecond) }

// Catalog is the snapshot in force.
func (s *Service) Catalog(ctx context.Context) (*Catalog, error) {
	var c *Catalog
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		c, err = r.Catalog(ctx)
		return err
	})
	return c, err
}
