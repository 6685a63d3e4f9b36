package memory_test

import (
	"sync/atomic"
	"testing"
	"time"

	"gongbang/store/lockertest"
	"gongbang/store/memory"
)

// clock is moved by hand.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time       { return time.Unix(0, c.ns.Load()) }
func (c *clock) pass(d time.Duration) { c.ns.Add(int64(d)) }

func TestLocker(t *testing.T) {
	lockertest.Run(t, func(t *testing.T) lockertest.Subject {
		c := newClock()
		l, err := memory.NewLocker(memory.Deps{Clock: c.now})
		if err != nil {
			t.Fatal(err)
		}
		return lockertest.Subject{Locker: l, Now: c.now, Pass: c.pass}
	})
}

func TestDepsAreNeeded(t *testing.T) {
	if _, err := memory.NewLocker(memory.Deps{}); err == nil {
		t.Error("a locker without a clock was made")
	}
	if _, err := memory.NewLimiter(memory.Deps{}); err == nil {
		t.Error("a limiter without a clock was made")
	}
}
