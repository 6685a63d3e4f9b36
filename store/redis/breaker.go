package redis

import (
	"errors"
	"sync"
	"time"
)

// mostFailures in a row open the breaker. A failure that used up the patience
// opens it alone: one booking makes several calls, and a second wait would
// already cost it more than 350 ms.
const mostFailures = 3

// errGaveUp ends a trip that says nothing about Redis.
var errGaveUp = errors.New("the caller went away")

// breaker keeps callers from waiting for a Redis that does not answer. Closed,
// it lets all trips through. Open, it lets none through for openFor, then one
// (half open), whose result closes it or opens it anew.
type breaker struct {
	patience time.Duration
	openFor  time.Duration
	changed  func(healthy bool, cause error)

	mu       sync.Mutex
	failures int
	open     bool
	until    time.Time
	probing  bool
	turn     int // counts changes: a trip that began before one is not heard
}

func (b *breaker) healthy() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.open
}

// refuses tells whether a trip would be refused now.
func (b *breaker) refuses() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open && (b.probing || time.Now().Before(b.until))
}

// enter asks for a trip; done must be called once with its result.
func (b *breaker) enter() (done func(error), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	began := time.Now()
	if b.open {
		if b.probing || began.Before(b.until) {
			return nil, ErrDown
		}
		b.probing = true
		b.turn++
	}
	turn := b.turn
	return func(err error) { b.leave(turn, began, err) }, nil
}

func (b *breaker) leave(turn int, began time.Time, err error) {
	b.mu.Lock()
	before := b.open
	if turn == b.turn {
		b.judge(began, err)
	}
	after := b.open
	b.mu.Unlock()
	if before != after && b.changed != nil {
		b.changed(!after, err)
	}
}

// judge is called with the lock held, for a trip of this turn only.
func (b *breaker) judge(began time.Time, err error) {
	switch {
	case errors.Is(err, errGaveUp):
		b.probing = false
	case err == nil:
		if b.open {
			b.turn++
		}
		b.open, b.probing, b.failures = false, false, 0
	default:
		b.failures++
		if b.open || b.failures >= mostFailures || time.Since(began) >= b.patience {
			b.open, b.probing, b.failures = true, false, 0
			b.until = time.Now().Add(b.openFor)
			b.turn++
		}
	}
}
