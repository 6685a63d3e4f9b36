package redis

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gongbang/booking"
	"gongbang/store/memory"
)

// shared is booking.Locker in Redis alone: what all nodes know. Errors other
// than ErrLocked and ErrNotHeld wrap ErrDown or are the caller's own context
// error; whether the call took effect is unknown then (see the package's
// invariants).
type shared struct{ client *Client }

var _ booking.Locker = (*shared)(nil)

// The braces make a cluster place a key by the id alone.
func lockKey(equipment string) string { return "gongbang:lock:{" + equipment + "}" }
func holdKey(owner string) string     { return "gongbang:hold:{" + owner + "}" }

// Acquire claims the interval on the first ranked unit that nobody else has, in one round trip; see booking.Locker.
func (l *shared) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	return l.acquire(ctx, c, 0)
}

// acquire claims; a claim that Redis does not know begins with these extensions.
func (l *shared) acquire(ctx context.Context, c booking.Claim, extensions int) (booking.Held, bool, error) {
	if err := memory.Check(c); err != nil {
		return booking.Held{}, false, err
	}
	args := make([]any, 0, 6+len(c.Units))
	args = append(args, c.Interval.Start.UnixMilli(), c.Interval.End.UnixMilli(), milliseconds(c.TTL), c.Owner, extensions, len(c.Units))
	for _, unit := range c.Units {
		args = append(args, unit)
	}
	n, err := l.numbers(ctx, "acquire", c.Equipment, args...)
	if err != nil {
		return booking.Held{}, false, err
	}
	if len(n) != 4 {
		return booking.Held{}, false, booking.ErrLocked
	}
	return held(c.Equipment, c.Owner, c.Interval, n), n[3] == 1, nil
}

// Extend moves the expiry of the owner's claim to now+ttl; see booking.Locker.
// After a flush nothing is held: ErrNotHeld.
func (l *shared) Extend(ctx context.Context, equipment string, unit int, i booking.Interval, owner string, ttl time.Duration) (booking.Held, error) {
	n, err := l.numbers(ctx, "extend", equipment, unit, i.Start.UnixMilli(), i.End.UnixMilli(), milliseconds(ttl), owner)
	if err != nil {
		return booking.Held{}, err
	}
	if len(n) != 3 {
		return booking.Held{}, booking.ErrNotHeld
	}
	return held(equipment, owner, i, n), nil
}

// Release drops the owner's claims that overlap the interval; see booking.Locker.
func (l *shared) Release(ctx context.Context, equipment, owner string, i booking.Interval) error {
	_, err := l.client.do(ctx, "release", lockKey(equipment), i.Start.UnixMilli(), i.End.UnixMilli(), owner)
	return err
}

// List returns the claims that overlap the interval, by unit and start.
func (l *shared) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	v, err := l.client.do(ctx, "list", lockKey(equipment), i.Start.UnixMilli(), i.End.UnixMilli())
	if err != nil {
		return nil, err
	}
	flat, _ := v.([]any)
	var found []booking.Held
	for ; len(flat) >= 6; flat = flat[6:] {
		n := integers(flat[:5])
		owner, _ := flat[5].(string)
		span := booking.Interval{Start: time.UnixMilli(n[1]).UTC(), End: time.UnixMilli(n[2]).UTC()}
		found = append(found, held(equipment, owner, span, []int64{n[0], n[3], n[4]}))
	}
	memory.Sort(found)
	return found, nil
}

// Swap remembers the person's one active hold under a key of its own and
// returns the older one; see booking.Locker. The same claim again returns nil.
func (l *shared) Swap(ctx context.Context, owner string, h booking.Held, ttl time.Duration) (*booking.Held, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("writing a hold: %w", err)
	}
	v, err := l.client.do(ctx, "swap", holdKey(owner), string(text), max(milliseconds(ttl), 1))
	if err != nil {
		return nil, err
	}
	before := readHold(v)
	if before == nil || memory.SameClaim(*before, h) {
		return nil, nil
	}
	return before, nil
}

// remembered is the person's last hold, nil when there is none (any more).
func (l *shared) remembered(ctx context.Context, owner string) (*booking.Held, error) {
	v, err := l.client.do(ctx, "remembered", holdKey(owner))
	if err != nil {
		return nil, err
	}
	return readHold(v), nil
}

// readHold reads what Swap wrote. What can't be read was written by another
// version; it ends by its own TTL.
func readHold(v any) *booking.Held {
	text, found := v.(string)
	var h booking.Held
	if !found || json.Unmarshal([]byte(text), &h) != nil {
		return nil
	}
	return &h
}

func (l *shared) numbers(ctx context.Context, op, equipment string, args ...any) ([]int64, error) {
	v, err := l.client.do(ctx, op, lockKey(equipment), args...)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	return integers(list), nil
}

func integers(list []any) []int64 {
	n := make([]int64, len(list))
	for i, v := range list {
		n[i], _ = v.(int64)
	}
	return n
}

// held reads unit, expiry and extensions. The interval is given back in whole
// milliseconds, as it is kept.
func held(equipment, owner string, i booking.Interval, n []int64) booking.Held {
	return booking.Held{
		Equipment: equipment, Unit: int(n[0]), Owner: owner,
		Interval: booking.Interval{
			Start: time.UnixMilli(i.Start.UnixMilli()).UTC(), End: time.UnixMilli(i.End.UnixMilli()).UTC(),
		},
		ExpiresAt: time.UnixMilli(n[1]).UTC(), Extensions: int(n[2]),
	}
}

// milliseconds rounds up, so that no claim lives shorter than it asked for.
func milliseconds(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}
