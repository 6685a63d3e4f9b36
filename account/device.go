package account

import (
	"context"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// Device is a place where the person is signed in. Nothing is kept of it but
// since when: no name, no address that could be read.
type Device struct {
	ID        string // of the session; not its token
	Since     time.Time
	ExpiresAt time.Time
	Current   bool // the one the actor came by
}

// Devices lists where the person is signed in: this one first, then newest first.
func (s *Service) Devices(ctx context.Context, actor Actor) ([]Device, error) {
	if actor.ID == "" {
		return nil, fault.ErrSignIn
	}
	list, err := read(ctx, s.store, func(ctx context.Context, r Reader) ([]Signed, error) { return r.Sessions(ctx, actor.ID) })
	var out []Device
	for _, g := range list {
		out = append(out, Device{ID: g.ID, Since: g.Since, ExpiresAt: g.ExpiresAt, Current: g.ID == actor.Session})
	}
	slices.SortStableFunc(out, func(a, b Device) int {
		switch {
		case a.Current == b.Current:
			return 0
		case a.Current:
			return -1
		}
		return 1
	})
	return out, err
}

// EndDevice signs the person out at one of their devices; fault.ErrNotFound for
// a session that is not theirs or is over.
func (s *Service) EndDevice(ctx context.Context, actor Actor, id string) error {
	return s.endDevices(ctx, actor, func(ctx context.Context, tx Tx) error {
		list, err := tx.Sessions(ctx, actor.ID)
		if err == nil && !slices.ContainsFunc(list, func(g Signed) bool { return g.ID == id }) {
			err = fault.ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.CloseSession(ctx, id)
	})
}

// EndOtherDevices signs the person out everywhere but where they are now.
func (s *Service) EndOtherDevices(ctx context.Context, actor Actor) error {
	return s.endDevices(ctx, actor, func(ctx context.Context, tx Tx) error { return tx.CloseSessions(ctx, actor.ID, actor.Session) })
}

func (s *Service) endDevices(ctx context.Context, actor Actor, end func(context.Context, Tx) error) error {
	if actor.ID == "" || actor.Session == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.store, func(ctx context.Context, tx Tx) (struct{}, error) {
		if err := end(ctx, tx); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Trace(ctx, entry(actor, "account.sign_out", actor.ID))
	})
	s.seen.forget(actor.ID)
	return err
}
