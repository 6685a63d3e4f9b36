package redis_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/testkit"
	"gongbang/store/redis"
)

// crowd lets 32 people ask for the same time at once and counts who gets it.
func crowd(t *testing.T, l booking.Locker, who string, n int) int64 {
	t.Helper()
	var won atomic.Int64
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			_, _, err := l.Acquire(t.Context(), claim("m", fmt.Sprint(who, i), n, 1))
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, booking.ErrLocked):
				t.Errorf("%s%d: %v", who, i, err)
			}
		})
	}
	all.Wait()
	return won.Load()
}

// takes holds an hour of unit 1 as the engine does: it wins, then it is the person's one hold.
func takes(t *testing.T, l booking.Locker, owner string, n int) booking.Held {
	t.Helper()
	h, _, err := l.Acquire(t.Context(), claim("m", owner, n, 1))
	if err != nil {
		t.Fatalf("%s: %v", owner, err)
	}
	if _, err := l.Swap(t.Context(), owner, h, time.Hour); err != nil {
		t.Fatal(err)
	}
	return h
}

// listed are the owners of an hour.
func listed(t *testing.T, l booking.Locker, n int) (owners []string) {
	t.Helper()
	found, err := l.List(t.Context(), "m", hour(n))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range found {
		owners = append(owners, h.Owner)
	}
	return owners
}

// On one node nobody is given what somebody else has, before Redis goes,
// while it is away and when it is back; and what was given stays given.
func TestOneNodeKeepsItsWordWithoutRedis(t *testing.T) {
	for name, fault := range silences {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			p := testkit.Before(t, s.Addr())
			c := hasty(t, "redis://"+p.Addr())
			l := nodeOn(t, c)
			takes(t, l, "early", 0)
			fault.hurt(s, p)
			if won := crowd(t, l, "away", 0); won != 0 {
				t.Errorf("away: %d people got what somebody has", won)
			}
			takes(t, l, "meanwhile", 1)
			for n, want := range []int64{0, 0, 1} {
				if won := crowd(t, l, "later", n); won != want {
					t.Errorf("away: %d of 32 people got hour %d, want %d", won, n, want)
				}
			}
			fault.heal(s, p)
			until(t, "redis is back", func() bool { _, err := c.Time(t.Context()); return err == nil })
			for n := range 3 {
				if won := crowd(t, l, "back", n); won != 0 {
					t.Errorf("back: %d people got hour %d, which somebody has", won, n)
				}
			}
			for n, owner := range []string{"early", "meanwhile"} {
				if _, fresh, err := l.Acquire(t.Context(), claim("m", owner, n, 1)); err != nil || fresh {
					t.Errorf("back: %s does not re-enter: %v %v", owner, fresh, err)
				}
				if err := l.Release(t.Context(), "m", owner, hour(n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	t.Run("control: without a locker of its own everybody is told to go on", func(t *testing.T) {
		s := start(t)
		l := redis.NewShared(hasty(t, s.url()))
		s.Kill()
		for n := range 32 {
			if _, _, err := l.Acquire(t.Context(), claim("m", fmt.Sprint(n), 0, 1)); !errors.Is(err, redis.ErrDown) {
				t.Fatalf("%v; want ErrDown", err)
			}
		}
	})
}

// A call that nobody waited for any more takes the time in Redis when that runs
// on; the person whom the node gave it to meanwhile has it all the same.
func TestALateClaimTakesNothingAway(t *testing.T) {
	s := start(t)
	c := hasty(t, s.url())
	l := nodeOn(t, c)
	takes(t, l, "before", 9)
	s.Pause()
	if _, _, err := redis.NewShared(c).Acquire(t.Context(), claim("m", "late", 5, 1)); !errors.Is(err, redis.ErrDown) {
		t.Fatalf("%v; want ErrDown", err)
	}
	takes(t, l, "meanwhile", 5)
	s.Resume()
	until(t, "the late claim is there", func() bool {
		return s.do("ZCOUNT", "gongbang:lock:{m}", hour(5).Start.UnixMilli(), hour(5).Start.UnixMilli()) == int64(1)
	})
	until(t, "redis is back", func() bool { _, err := c.Time(t.Context()); return err == nil })
	if _, fresh, err := l.Acquire(t.Context(), claim("m", "meanwhile", 5, 1)); err != nil || fresh {
		t.Errorf("who was given it: %v %v", fresh, err)
	}
	if _, _, err := l.Acquire(t.Context(), claim("m", "late", 5, 1)); !errors.Is(err, booking.ErrLocked) {
		t.Errorf("who came late: %v; want ErrLocked", err)
	}
	if got := listed(t, nodeOn(t, open(t, s.url())), 5); len(got) != 1 || got[0] != "meanwhile" {
		t.Errorf("another node sees %v", got)
	}
}

// A Redis that answers and knows nothing any more: what this node gave stands,
// is shown, can be extended as often as before, and is told to Redis again.
func TestANodeRemindsARedisThatForgot(t *testing.T) {
	for name, forget := range map[string]func(*server){
		"flushed":   func(s *server) { s.Flush() },
		"restarted": func(s *server) { s.Kill(); s.Start() },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			l := nodeOn(t, open(t, s.url()))
			takes(t, l, "one", 0)
			takes(t, l, "two", 1)
			if _, err := l.Extend(t.Context(), "m", 1, hour(1), "two", time.Hour); err != nil {
				t.Fatal(err)
			}
			forget(s)
			if won := crowd(t, l, "other", 0); won != 0 {
				t.Errorf("%d people got what somebody has", won)
			}
			if got := listed(t, l, 1); len(got) != 1 || got[0] != "two" {
				t.Errorf("listed: %v", got)
			}
			if h, err := l.Extend(t.Context(), "m", 1, hour(1), "two", time.Hour); err != nil || h.Extensions != 2 {
				t.Errorf("extended: %+v, %v", h, err)
			}
			elsewhere := nodeOn(t, open(t, s.url()))
			for n := range 2 {
				if won := crowd(t, elsewhere, "elsewhere", n); won != 0 {
					t.Errorf("another node gave hour %d, which somebody has", n)
				}
			}
			if before, err := l.Swap(t.Context(), "one", booking.Held{Equipment: "m", Unit: 1, Interval: hour(5), Owner: "one"}, time.Hour); err != nil || before == nil || before.Interval != hour(0) {
				t.Errorf("the older hold is %+v, %v", before, err)
			}
		})
	}
	t.Run("control: without a locker of its own somebody else gets it", func(t *testing.T) {
		s := start(t)
		l := redis.NewShared(open(t, s.url()))
		takes(t, l, "one", 0)
		s.Flush()
		if won := crowd(t, l, "other", 0); won != 1 {
			t.Fatalf("%d got it", won)
		}
	})
}

// What a person gave back or left at another node is free at this one at once.
func TestGivenBackAtAnotherNode(t *testing.T) {
	for name, gives := range map[string]func(*testing.T, booking.Locker, booking.Held){
		"released": func(t *testing.T, there booking.Locker, h booking.Held) {
			if err := there.Release(t.Context(), "m", h.Owner, h.Interval); err != nil {
				t.Fatal(err)
			}
		},
		"taken another time": func(t *testing.T, there booking.Locker, h booking.Held) {
			now, _, err := there.Acquire(t.Context(), claim("m", h.Owner, 7, 1, 2))
			if err != nil {
				t.Fatal(err)
			}
			before, err := there.Swap(t.Context(), h.Owner, now, time.Hour)
			if err != nil || before == nil {
				t.Fatalf("the older hold: %v, %v", before, err)
			}
			if err := there.Release(t.Context(), "m", h.Owner, before.Interval); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			here, there := nodeOn(t, open(t, s.url())), nodeOn(t, open(t, s.url()))
			one, two := takes(t, here, "one", 0), takes(t, here, "two", 1)
			s.pass(20 * time.Millisecond) // which of two holds is newer goes by clocks
			gives(t, there, one)
			gives(t, there, two)
			if got := listed(t, here, 1); len(got) != 0 {
				t.Errorf("shown as taken by %v", got)
			}
			for n := range 2 {
				if won := crowd(t, here, "other", n); won != 1 {
					t.Errorf("%d people got hour %d, which was given back", won, n)
				}
			}
			if won := crowd(t, here, "more", 0); won != 0 {
				t.Errorf("%d more people got it", won)
			}
		})
	}
}

// Two nodes that are alone each give a time once; when Redis is back neither
// gives it again.
func TestTwoNodesWithoutRedis(t *testing.T) {
	s := start(t)
	one, two := hasty(t, s.url()), hasty(t, s.url())
	here, there := nodeOn(t, one), nodeOn(t, two)
	s.Kill()
	if a, b := crowd(t, here, "here", 0), crowd(t, there, "there", 0); a != 1 || b != 1 {
		t.Fatalf("%d and %d people got it; want one at each node", a, b)
	}
	s.Start()
	for _, c := range []*redis.Client{one, two} {
		until(t, "redis is back", func() bool { _, err := c.Time(t.Context()); return err == nil })
	}
	if a, b := crowd(t, here, "late", 0), crowd(t, there, "later", 0); a != 0 || b != 0 {
		t.Fatalf("back: %d and %d people got what somebody has", a, b)
	}
}
