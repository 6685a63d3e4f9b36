package main

import (
	"context"
	"time"

	"gongbang/booking"
)

// shifted tells expiries by the program's clock where that is shifted for
// tests and the locks live in Redis, which goes by its own: the engine
// compares the two to tell a hold from a call in flight.
type shifted struct {
	booking.Locker
	by time.Duration
}

func (s shifted) shift(h booking.Held) booking.Held {
	if !h.ExpiresAt.IsZero() {
		h.ExpiresAt = h.ExpiresAt.Add(s.by)
	}
	return h
}

// Acquire claims; see booking.Locker.
func (s shifted) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	h, fresh, err := s.Locker.Acquire(ctx, c)
	return s.shift(h), fresh, err
}

// Extend moves the expiry; see booking.Locker.
func (s shifted) Extend(ctx context.Context, equipment string, unit int, i booking.Interval, owner string, ttl time.Duration) (booking.Held, error) {
	h, err := s.Locker.Extend(ctx, equipment, unit, i, owner, ttl)
	return s.shift(h), err
}

// List returns the claims; see booking.Locker.
func (s shifted) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	found, err := s.Locker.List(ctx, equipment, i)
	for n := range found {
		found[n] = s.shift(found[n])
	}
	return found, err
}
