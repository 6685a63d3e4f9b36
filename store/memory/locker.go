package memory

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gongbang/booking"
)

// Locker is booking.Locker inside one process. All methods answer at once.
type Locker struct {
	clock    func() time.Time
	machines [shards]machines
	holds    [shards]holds
}

var _ booking.Locker = (*Locker)(nil)

// machines is one shard of the claims, by equipment. The claims of a machine
// are one short unsorted slice: a few hundred at the very most, and a walk
// over them is cheaper than keeping any order.
type machines struct {
	mu     sync.Mutex
	claims map[string][]claim
	wins   int
}

type claim struct {
	span
	unit       int
	owner      string
	expires    int64 // Unix ms; alive while now < expires
	extensions int
}

// NewLocker makes an empty locker.
func NewLocker(d Deps) (*Locker, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	l := &Locker{clock: d.Clock}
	for i := range shards {
		l.machines[i].claims = map[string][]claim{}
		l.holds[i].of = map[string]hold{}
	}
	return l, nil
}

// Acquire claims the interval on the first ranked unit that nobody else has; see booking.Locker.
func (l *Locker) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	if err := ctx.Err(); err != nil {
		return booking.Held{}, false, err
	}
	if err := Check(c); err != nil {
		return booking.Held{}, false, err
	}
	m, now := &l.machines[shardOf(c.Equipment)], l.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	alive := m.alive(c.Equipment, now)
	want, until := spanOf(c.Interval), now+milliseconds(c.TTL)
	own, free := rank(alive, c, want)
	switch {
	case own >= 0:
		alive[own].expires = max(alive[own].expires, until)
		return alive[own].held(c.Equipment), false, nil
	case free < 0:
		return booking.Held{}, false, booking.ErrLocked
	}
	won := claim{span: want, unit: c.Units[free], owner: c.Owner, expires: until}
	m.claims[c.Equipment] = append(alive, won)
	m.sweep(now)
	return won.held(c.Equipment), true, nil
}

// rank finds the owner's own equal claim (an index of alive), else the first
// ranked unit without somebody else's claim in the way (an index of c.Units);
// -1 is none. The own claim goes first even on a later unit: a retry must find
// what an earlier call, whose answer was lost, had won.
func rank(alive []claim, c booking.Claim, want span) (own, free int) {
	var few [64]bool
	taken := few[:min(len(c.Units), len(few))]
	if len(c.Units) > len(few) {
		taken = make([]bool, len(c.Units))
	}
	own, free = -1, -1
	best := len(c.Units)
	for i, a := range alive {
		if !a.overlaps(want) {
			continue
		}
		at := slices.Index(c.Units, a.unit)
		switch {
		case at < 0:
		case a.owner != c.Owner:
			taken[at] = true
		case a.span == want && at < best:
			own, best = i, at
		}
	}
	return own, slices.Index(taken, false)
}

// Extend moves the expiry of the owner's claim to now+ttl; see booking.Locker.
func (l *Locker) Extend(ctx context.Context, equipment string, unit int, i booking.Interval, owner string, ttl time.Duration) (booking.Held, error) {
	if err := ctx.Err(); err != nil {
		return booking.Held{}, err
	}
	m, now := &l.machines[shardOf(equipment)], l.now()
	m.mu.Lock()
	defer m.mu.Unlock()
	alive, want := m.alive(equipment, now), spanOf(i)
	at := slices.IndexFunc(alive, func(c claim) bool {
		return c.unit == unit && c.owner == owner && c.span == want
	})
	if at < 0 {
		return booking.Held{}, booking.ErrNotHeld
	}
	alive[at].expires = now + milliseconds(ttl)
	alive[at].extensions++
	return alive[at].held(equipment), nil
}

// Release drops the owner's claims that overlap the interval; see booking.Locker.
func (l *Locker) Release(_ context.Context, equipment, owner string, i booking.Interval) error {
	m, gone := &l.machines[shardOf(equipment)], spanOf(i)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(equipment, func(c *claim) bool { return c.owner != owner || !c.overlaps(gone) })
	return nil
}

// List returns the claims that overlap the interval, by unit and start.
func (l *Locker) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m, asked := &l.machines[shardOf(equipment)], spanOf(i)
	m.mu.Lock()
	var found []booking.Held
	for _, c := range m.alive(equipment, l.now()) {
		if c.overlaps(asked) {
			found = append(found, c.held(equipment))
		}
	}
	m.mu.Unlock()
	Sort(found)
	return found, nil
}

// Sort orders claims by unit, start and owner.
func Sort(h []booking.Held) {
	slices.SortFunc(h, func(a, b booking.Held) int {
		if a.Unit != b.Unit {
			return a.Unit - b.Unit
		}
		if order := a.Interval.Start.Compare(b.Interval.Start); order != 0 {
			return order
		}
		return strings.Compare(a.Owner, b.Owner)
	})
}

func (c *claim) held(equipment string) booking.Held {
	return booking.Held{
		Equipment: equipment, Unit: c.unit, Interval: c.interval(), Owner: c.owner,
		ExpiresAt: time.UnixMilli(c.expires).UTC(), Extensions: c.extensions,
	}
}

func (l *Locker) now() int64 { return l.clock().UnixMilli() }

// milliseconds rounds up, so that no claim lives shorter than it asked for.
func milliseconds(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}
