package redis

import (
	"context"
	"errors"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/store/memory"
)

// Locker is booking.Locker for one node of several. Redis says what all nodes
// gave; beside it the node keeps what it gave itself. While Redis does not
// answer the node judges alone, as one process without Redis does; when Redis
// is back, or forgot (flushed, restarted empty), what this node gave still
// stands, unless the person gave it back at another node. So on one node
// nobody is given what somebody else still has on the screen; on several,
// each node by itself keeps that promise while Redis is away.
//
// A claim is noted here after Redis gave it and forgotten here before Redis
// forgets it: what is here and not there was lost there.
type Locker struct {
	shared
	alone *memory.Locker
}

var _ booking.Locker = (*Locker)(nil)

// NewLocker makes a locker on the connection. Alone is the node's own; its
// clock must be the one of the machine, which Redis' clock is compared with.
func NewLocker(c *Client, alone *memory.Locker) (*Locker, error) {
	if c == nil || alone == nil {
		return nil, errors.New("store/redis: the locker needs a client and a locker for when it is down")
	}
	return &Locker{shared{c}, alone}, nil
}

// Acquire claims the interval on the first ranked unit that neither Redis nor
// this node gave to somebody else; see booking.Locker.
func (l *Locker) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	for began := time.Now(); ; {
		held, fresh, err := l.shared.Acquire(ctx, c)
		switch {
		case errors.Is(err, ErrDown):
			return l.alone.Acquire(ctx, c)
		case errors.Is(err, booking.ErrLocked):
			return l.own(ctx, c)
		case err != nil:
			return booking.Held{}, false, err
		}
		here := l.note(ctx, c, held, began)
		if len(here) == 0 {
			return held, fresh, nil
		}
		// Given back at once, so that who had it first finds it free in Redis too.
		_ = l.shared.Release(ctx, c.Equipment, c.Owner, c.Interval)
		c.Units = slices.DeleteFunc(slices.Clone(c.Units), func(u int) bool { return u == held.Unit && l.anyStands(ctx, here) })
		if len(c.Units) == 0 {
			return booking.Held{}, false, booking.ErrLocked
		}
	}
}

// note keeps what Redis gave, not longer than Redis does, or tells who has it here.
func (l *Locker) note(ctx context.Context, c booking.Claim, h booking.Held, began time.Time) []booking.Held {
	c.Units, c.TTL = []int{h.Unit}, c.TTL-time.Since(began)
	if c.TTL < time.Millisecond {
		return nil
	}
	if _, _, err := l.alone.Acquire(ctx, c); !errors.Is(err, booking.ErrLocked) {
		return nil
	}
	here, _ := l.alone.List(ctx, c.Equipment, c.Interval)
	return slices.DeleteFunc(here, func(o booking.Held) bool { return o.Unit != h.Unit || o.Owner == c.Owner })
}

// own re-enters what this node gave while Redis could not be told: a call that
// nobody waited for any more may have taken the time there meanwhile.
func (l *Locker) own(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	here, _ := l.alone.List(ctx, c.Equipment, c.Interval)
	for _, h := range here {
		asked := booking.Held{Equipment: c.Equipment, Unit: h.Unit, Interval: c.Interval}
		if h.Owner == c.Owner && slices.Contains(c.Units, h.Unit) && memory.SameClaim(h, asked) && l.stands(ctx, h) {
			c.Units = []int{h.Unit}
			return l.alone.Acquire(ctx, c)
		}
	}
	return booking.Held{}, false, booking.ErrLocked
}

func (l *Locker) anyStands(ctx context.Context, claims []booking.Held) bool {
	stands := false
	for _, h := range claims {
		stands = l.stands(ctx, h) || stands
	}
	return stands
}

// stands tells whether a claim of this node that Redis does not know still
// counts, and tells Redis of it. A person's hold that Redis remembers, this or
// a newer one, was given back at another node: then it does not.
func (l *Locker) stands(ctx context.Context, h booking.Held) bool {
	last, err := l.remembered(ctx, h.Owner)
	if err == nil && last != nil && (memory.SameClaim(*last, h) || last.ExpiresAt.After(h.ExpiresAt)) {
		_ = l.alone.Release(ctx, h.Equipment, h.Owner, h.Interval)
		return false
	}
	left := time.Until(h.ExpiresAt)
	if left < time.Millisecond {
		return false
	}
	again := booking.Claim{Equipment: h.Equipment, Units: []int{h.Unit}, Interval: h.Interval, Owner: h.Owner, TTL: left}
	_, _, _ = l.acquire(ctx, again, h.Extensions) // refused or not told: it stands on this node
	return true
}

// Extend moves the expiry of the owner's claim to now+ttl; see booking.Locker.
func (l *Locker) Extend(ctx context.Context, equipment string, unit int, i booking.Interval, owner string, ttl time.Duration) (booking.Held, error) {
	here, errHere := l.alone.Extend(ctx, equipment, unit, i, owner, ttl)
	held, err := l.shared.Extend(ctx, equipment, unit, i, owner, ttl)
	if errors.Is(err, ErrDown) || errors.Is(err, booking.ErrNotHeld) {
		return here, errHere
	}
	return held, err
}

// Release drops the owner's claims that overlap the interval; see booking.Locker.
func (l *Locker) Release(ctx context.Context, equipment, owner string, i booking.Interval) error {
	_ = l.alone.Release(ctx, equipment, owner, i) // never fails
	return l.shared.Release(ctx, equipment, owner, i)
}

// List returns the claims that overlap the interval, by unit and start: those
// of all nodes, and those of this node that Redis forgot.
func (l *Locker) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	before, _ := l.alone.List(ctx, equipment, i)
	found, err := l.shared.List(ctx, equipment, i)
	if errors.Is(err, ErrDown) {
		return l.alone.List(ctx, equipment, i)
	}
	if err != nil {
		return nil, err
	}
	lost := missing(before, found)
	if len(lost) == 0 {
		return found, nil
	}
	// Given back while Redis was asked is not lost.
	after, _ := l.alone.List(ctx, equipment, i)
	for _, h := range lost {
		if len(missing([]booking.Held{h}, after)) == 0 && l.stands(ctx, h) {
			found = append(found, h)
		}
	}
	memory.Sort(found)
	return found, nil
}

// missing are the claims that are not among the others.
func missing(claims, others []booking.Held) (lost []booking.Held) {
	for _, h := range claims {
		if !slices.ContainsFunc(others, func(o booking.Held) bool { return o.Owner == h.Owner && memory.SameClaim(o, h) }) {
			lost = append(lost, h)
		}
	}
	return lost
}

// Swap remembers the person's one active hold and returns the older one; see booking.Locker.
func (l *Locker) Swap(ctx context.Context, owner string, h booking.Held, ttl time.Duration) (*booking.Held, error) {
	here, errHere := l.alone.Swap(ctx, owner, h, ttl)
	before, err := l.shared.Swap(ctx, owner, h, ttl)
	if errors.Is(err, ErrDown) || err == nil && before == nil {
		return here, errHere
	}
	return before, err
}
