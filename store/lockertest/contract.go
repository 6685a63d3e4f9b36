package lockertest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"gongbang/booking"
)

// Subject is an empty locker and its clock.
type Subject struct {
	booking.Locker
	// Now is the locker's own clock.
	Now func() time.Time
	// Pass returns when d has passed by the locker's own clock.
	Pass func(d time.Duration)
}

// Run holds a locker to the contract. Open is called once for each test and
// hands out an empty locker.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	for name, test := range map[string]func(*testing.T, Subject){
		"one winner of 200":               oneWinner,
		"k people on k units all win":     everybodyOnFreeUnits,
		"overlapping and touching":        intervals,
		"the same owner re-enters":        reentry,
		"re-entry finds the older unit":   reentryUnit,
		"owners never share":              ownersNeverShare,
		"expiry":                          expiry,
		"extend":                          extend,
		"release only one's own":          release,
		"list":                            list,
		"swap":                            swap,
		"what is no claim is refused":     invalid,
		"a caller who went away":          cancelled,
		"random claims never overlap":     race,
		"everything like the naive model": model,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const (
	machine = "city-geumcheon-apparel/laser"
	long    = time.Hour
	// short is a TTL that a test waits out.
	short = 15 * time.Millisecond
)

var nine = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC) // 09:00 in Seoul

// at is an interval in minutes after nine.
func at(from, to int) booking.Interval {
	return booking.Interval{Start: nine.Add(time.Duration(from) * time.Minute), End: nine.Add(time.Duration(to) * time.Minute)}
}

func claim(owner string, i booking.Interval, units ...int) booking.Claim {
	return booking.Claim{Equipment: machine, Units: units, Interval: i, Owner: owner, TTL: long}
}

// wins claims and expects to get this unit.
func wins(t *testing.T, s Subject, c booking.Claim, unit int, fresh bool) booking.Held {
	t.Helper()
	held, isFresh, err := s.Acquire(t.Context(), c)
	if err != nil {
		t.Fatalf("%s on %v: %v", c.Owner, c.Units, err)
	}
	if held.Unit != unit || isFresh != fresh {
		t.Fatalf("%s on %v: unit %d fresh %v, want unit %d fresh %v", c.Owner, c.Units, held.Unit, isFresh, unit, fresh)
	}
	if held.Owner != c.Owner || held.Equipment != c.Equipment || held.Interval != c.Interval {
		t.Fatalf("asked for %+v, got %+v", c, held)
	}
	return held
}

func loses(t *testing.T, s Subject, c booking.Claim) {
	t.Helper()
	held, _, err := s.Acquire(t.Context(), c)
	if !errors.Is(err, booking.ErrLocked) {
		t.Fatalf("%s on %v: %+v, %v; want ErrLocked", c.Owner, c.Units, held, err)
	}
}

func oneWinner(t *testing.T, s Subject) {
	var won, lost int
	var mu sync.Mutex
	together(200, func(n int) {
		_, _, err := s.Acquire(t.Context(), claim(fmt.Sprint("owner", n), at(0, 60), 1))
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			won++
		case errors.Is(err, booking.ErrLocked):
			lost++
		default:
			t.Errorf("owner%d: %v", n, err)
		}
	})
	if won != 1 || lost != 199 {
		t.Fatalf("%d won, %d lost; want 1 and 199", won, lost)
	}
}

func everybodyOnFreeUnits(t *testing.T, s Subject) {
	for k := 2; k <= 8; k++ {
		for round := range 10 {
			when := at(60*round, 60*round+60)
			units := make(chan int, k)
			together(k, func(n int) {
				ranked := rand.Perm(k)
				for i := range ranked {
					ranked[i]++
				}
				c := claim(fmt.Sprint("owner", n), when, ranked...)
				c.Equipment = fmt.Sprint(machine, k)
				held, _, err := s.Acquire(t.Context(), c)
				if err != nil {
					t.Errorf("%d people on %d units, ranked %v: %v", k, k, ranked, err)
				}
				units <- held.Unit
			})
			close(units)
			var got []int
			for u := range units {
				got = append(got, u)
			}
			slices.Sort(got)
			if len(slices.Compact(got)) != k {
				t.Fatalf("%d people on %d units got %v", k, k, got)
			}
		}
	}
}

func intervals(t *testing.T, s Subject) {
	for n, c := range []struct {
		name         string
		has, asks    booking.Interval
		inTheWay     bool
		milliseconds time.Duration
	}{
		{"the same", at(60, 120), at(60, 120), true, 0},
		{"touching before", at(60, 120), at(0, 60), false, 0},
		{"touching after", at(60, 120), at(120, 180), false, 0},
		{"one millisecond over", at(60, 120), at(120, 180), true, -1},
		{"one millisecond free", at(60, 120), at(120, 180), false, 1},
		{"inside", at(0, 240), at(90, 100), true, 0},
		{"around", at(90, 100), at(0, 240), true, 0},
		{"over the beginning", at(60, 120), at(30, 61), true, 0},
		{"over the end", at(60, 120), at(119, 180), true, 0},
		{"into a buffer off the grid", at(60, 127), at(120, 180), true, 0},
		{"after a buffer off the grid", at(60, 127), at(127, 187), false, 0},
		{"a walk-in off the grid before", at(13, 43), at(43, 60), false, 0},
		{"a short one behind a long one", at(-10080, 61), at(60, 120), true, 0},
		{"an open end", booking.Interval{Start: nine, End: booking.FarFuture}, at(525600, 525660), true, 0},
		{"before 1970", booking.Interval{Start: time.UnixMilli(-9000).UTC(), End: time.UnixMilli(9000).UTC()},
			booking.Interval{Start: time.UnixMilli(-1).UTC(), End: time.UnixMilli(1).UTC()}, true, 0},
	} {
		first, second := claim("first", c.has, 1), claim("second", c.asks, 1)
		second.Interval.Start = second.Interval.Start.Add(c.milliseconds * time.Millisecond)
		first.Equipment = fmt.Sprint(machine, n)
		second.Equipment = first.Equipment
		wins(t, s, first, 1, true)
		_, _, err := s.Acquire(t.Context(), second)
		if errors.Is(err, booking.ErrLocked) != c.inTheWay || (!c.inTheWay && err != nil) {
			t.Errorf("%s: in the way %v, got %v", c.name, c.inTheWay, err)
		}
	}
}

func ownersNeverShare(t *testing.T, s Subject) {
	wins(t, s, claim("one", at(0, 60), 1, 2), 1, true)
	wins(t, s, claim("two", at(0, 60), 1, 2), 2, true)
	loses(t, s, claim("three", at(30, 90), 2, 1))
	// An owner's name may hold any byte, also those a locker parses by.
	wins(t, s, claim("a:1:b\n\x00 ünï", at(0, 60), 3), 3, true)
	loses(t, s, claim("b", at(0, 60), 3))
	other := claim("three", at(0, 60), 1)
	other.Equipment = "another"
	wins(t, s, other, 1, true)
}

// invalid is refused by an error of its own: it is neither somebody else's
// lock nor a reason to believe that the locker is down.
func invalid(t *testing.T, s Subject) {
	good := claim("one", at(0, 60), 1)
	for name, change := range map[string]func(*booking.Claim){
		"no units":       func(c *booking.Claim) { c.Units = nil },
		"no equipment":   func(c *booking.Claim) { c.Equipment = "" },
		"no owner":       func(c *booking.Claim) { c.Owner = "" },
		"no time":        func(c *booking.Claim) { c.TTL = 0 },
		"empty interval": func(c *booking.Claim) { c.Interval.End = c.Interval.Start },
	} {
		c := good
		change(&c)
		if _, _, err := s.Acquire(t.Context(), c); err == nil || errors.Is(err, booking.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wins(t, s, good, 1, true)
}

func cancelled(t *testing.T, s Subject) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 5 {
		if _, _, err := s.Acquire(gone, claim("gone", at(0, 60), 1)); !errors.Is(err, context.Canceled) {
			t.Fatalf("a cancelled call: %v", err)
		}
	}
	wins(t, s, claim("here", at(0, 60), 1), 1, true)
}

// together runs f n times at once.
func together(n int, f func(int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-start
			f(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}
