package booking

import (
	"context"
	"slices"

	"gongbang/account"
	"gongbang/internal/fault"
)

// change is one use case on a booking that exists: what the table calls it,
// and what it does inside the transaction. It returns the events it causes.
type change struct {
	verb    Verb
	action  string // in the audit
	reason  string
	version int    // 0: not checked
	also    string // another machine whose row must be locked
	firm    bool   // the person's firms are locked too
	to      string // the account it is handed to
	do      func(ctx context.Context, tx Tx, b *Booking, c *Catalog) ([]account.Event, error)
}

// apply runs a change for an actor: permission, table, version, the change,
// the audit entry and the events, in one transaction.
func (s *Service) apply(ctx context.Context, actor account.Actor, id string, ch change) (*View, error) {
	if actor.Anonymous() {
		return nil, fault.ErrSignIn
	}
	m, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*changed, error) {
		b, c, err := s.forChange(ctx, tx, actor, id, ch)
		if err != nil {
			return nil, err
		}
		was := *b
		events, err := ch.do(ctx, tx, b, c)
		if err != nil {
			return nil, err
		}
		if err := tx.Trace(ctx, entry(actor, ch.action, b, ch.told(actor, b)), events...); err != nil {
			return nil, err
		}
		people, err := tx.People(ctx, []string{b.AccountID})
		return &changed{was: &was, now: b, catalog: c, person: people[b.AccountID]}, err
	})
	if err != nil {
		return nil, err
	}
	s.changed(m.catalog, m.was, m.now)
	if ch.verb != VerbMove && ch.verb != VerbCancel && ch.verb != VerbRestore && ch.verb != VerbLate && ch.verb != VerbHandOver {
		s.sawDesk(ctx, actor, m.now.CenterID)
	}
	return s.view(m.catalog, m.now, m.person, actor), nil
}

// told is the reason as the audit has it. What people write about their own
// bookings stays with the booking, where it can be destroyed with them.
func (ch change) told(actor account.Actor, b *Booking) string {
	if actor.ID == b.AccountID {
		return ""
	}
	return ch.reason
}

// changed is what a change made of a booking.
type changed struct {
	was, now *Booking
	catalog  *Catalog
	person   PersonView
}

// forChange reads the booking for a change and refuses who may not (a stranger
// is told it does not exist, its owner that staff do this), what the table
// does not know, and a version that is not the newest.
func (s *Service) forChange(ctx context.Context, tx Tx, actor account.Actor, id string, ch change) (*Booking, *Catalog, error) {
	b, c, err := s.visible(ctx, tx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	// The rows are locked in the fixed order, then the booking is read anew:
	// another node may have changed it before the lock was ours.
	if err := tx.Lock(ctx, Locks{Account: b.AccountID, Firm: ch.firm, Receiver: ch.to, Equipment: machines(b.EquipmentID, ch.also), Bookings: []string{id}}); err != nil {
		return nil, nil, err
	}
	if tx.Concurrent() {
		if b, err = tx.Booking(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case ch.version != 0 && ch.version != b.Version:
		return nil, nil, fault.ErrStale
	case allowed(actor, b, ch.verb):
		return b, c, nil
	case known(actor, b, ch.verb):
		return nil, nil, fault.ErrState.With("status", string(b.Status))
	}
	return nil, nil, fault.ErrForbidden
}

// save writes b after a step of the table that frees time or leaves it alone.
// What occupies more than before goes through occupy instead.
func (b *Booking) save(ctx context.Context, tx Tx, verb Verb, to Status) error {
	was, err := b.step(verb, to)
	if err != nil {
		return err
	}
	return tx.Update(ctx, b, was)
}

func machines(ids ...string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}
