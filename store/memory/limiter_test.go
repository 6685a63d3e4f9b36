package memory_test

import (
	"fmt"
	"testing"
	"time"

	"gongbang/store/lockertest"
	"gongbang/store/memory"
)

func TestLimiter(t *testing.T) {
	c := newClock()
	l, err := memory.NewLimiter(memory.Deps{Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	lockertest.RunLimiter(t, l.Allow, c.now, c.pass)
}

// Steady callers at exactly their rate are never refused, and however many
// calls somebody makes, burst and rate bound what passes.
func TestLimiterOverAnHour(t *testing.T) {
	c := newClock()
	l, err := memory.NewLimiter(memory.Deps{Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for range 3600 * 4 {
		if ok, _ := l.Allow(t.Context(), "greedy", 60, 10); ok {
			passed++
		}
		c.pass(250 * time.Millisecond)
	}
	if passed < 3600 || passed > 3610 {
		t.Fatalf("%d calls passed in an hour at 60 a minute and 10 at once", passed)
	}
	for n := range 3600 {
		if ok, retry := l.Allow(t.Context(), "steady", 60, 1); !ok {
			t.Fatalf("call %d at the allowed rate was refused for %v", n, retry)
		}
		c.pass(time.Second)
	}
}

func TestLimiterForgets(t *testing.T) {
	c := newClock()
	l, err := memory.NewLimiter(memory.Deps{Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for n := range 20_000 {
		l.Allow(t.Context(), fmt.Sprint("caller", n), 60, 5)
		c.pass(10 * time.Millisecond)
		if n%100 == 0 {
			most = max(most, l.Keys())
		}
	}
	// A bucket is full again after a second: about 100 are not at any time.
	if most > 2000 {
		t.Fatalf("%d keys were kept for about 100 that count", most)
	}
	for n := range 300_000 {
		l.Allow(t.Context(), fmt.Sprint("made up", n), 1, 1)
	}
	if l.Keys() > 270_000 {
		t.Fatalf("%d keys are kept of somebody who makes them up", l.Keys())
	}
}
