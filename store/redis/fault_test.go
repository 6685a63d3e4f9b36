package redis_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/testkit"
	"gongbang/store/redis"
)

// inTime fails when a call hangs. Only a call without any limit of its own
// comes near this one.
func inTime(t *testing.T, what string, call func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		t.Fatalf("%s hangs", what)
		return nil
	}
}

// goesDown makes calls until the breaker opens: each fails with ErrDown, which
// is neither somebody else's lock nor a lost claim, and few are needed.
func goesDown(t *testing.T, c *redis.Client, l *redis.Shared, most int) {
	t.Helper()
	for n := 1; c.Healthy(); n++ {
		err := inTime(t, "Acquire", func() error {
			_, _, err := l.Acquire(t.Context(), claim("m", "a", n, 1))
			return err
		})
		if !errors.Is(err, redis.ErrDown) || errors.Is(err, booking.ErrLocked) || errors.Is(err, booking.ErrNotHeld) {
			t.Fatalf("call %d: %v; want ErrDown", n, err)
		}
		if n > most {
			t.Fatalf("the breaker is closed after %d failures", n)
		}
	}
}

func comesBack(t *testing.T, c *redis.Client, l *redis.Shared) {
	t.Helper()
	until(t, "locks are back", func() bool {
		_, _, err := l.Acquire(t.Context(), claim("m", "a", 0, 1))
		if errors.Is(err, booking.ErrLocked) {
			t.Fatalf("nobody else locked it: %v", err)
		}
		return err == nil
	})
	if !c.Healthy() {
		t.Fatal("it answers and is not healthy")
	}
}

// silent is a fault that Redis does not answer in.
type silent struct {
	hurt, heal func(*server, *testkit.BlackHole)
	most       int // failures until the breaker opens
}

var silences = map[string]silent{
	"killed":      {func(s *server, _ *testkit.BlackHole) { s.Kill() }, func(s *server, _ *testkit.BlackHole) { s.Start() }, 3},
	"paused":      {func(s *server, _ *testkit.BlackHole) { s.Pause() }, func(s *server, _ *testkit.BlackHole) { s.Resume() }, 1},
	"black-holed": {func(_ *server, p *testkit.BlackHole) { p.Swallow() }, func(_ *server, p *testkit.BlackHole) { p.Pass() }, 1},
	"full":        {func(s *server, _ *testkit.BlackHole) { s.Fill() }, func(s *server, _ *testkit.BlackHole) { s.Empty() }, 3},
	"failed over": {func(s *server, _ *testkit.BlackHole) { s.do("REPLICAOF", "127.0.0.1", "1") },
		func(s *server, _ *testkit.BlackHole) { s.do("REPLICAOF", "NO", "ONE") }, 3},
}

func TestFaults(t *testing.T) {
	for name, fault := range silences {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			p := testkit.Before(t, s.Addr())
			c := hasty(t, "redis://"+p.Addr())
			l := redis.NewShared(c)
			comesBack(t, c, l) // it works before
			fault.hurt(s, p)
			goesDown(t, c, l, fault.most)
			fault.heal(s, p)
			comesBack(t, c, l)
		})
	}
}

// While the breaker is open nobody waits and nobody even asks.
func TestOpenBreakerAsksNobody(t *testing.T) {
	s := start(t)
	p := testkit.Before(t, s.Addr())
	var told atomic.Int64
	c := openWith(t, redis.Options{URL: "redis://" + p.Addr(), Patience: time.Second, OpenFor: time.Hour, Changed: func(healthy bool, cause error) {
		if !healthy && cause != nil {
			told.Add(1)
		}
	}})
	l := redis.NewShared(c)
	p.Swallow()
	goesDown(t, c, l, 1)
	asked := p.Accepted()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if err := l.Release(t.Context(), "m", "a", hour(0)); !errors.Is(err, redis.ErrDown) {
				t.Errorf("%v; want ErrDown", err)
			}
		})
	}
	all.Wait()
	if now := p.Accepted(); now != asked || told.Load() != 1 {
		t.Fatalf("%d connections were made, %d times told", now-asked, told.Load())
	}
}

// A crowd that waits while Redis is silent is told together.
func TestCrowdBeforeASilentRedis(t *testing.T) {
	s := start(t)
	c := hasty(t, s.url())
	l := redis.NewShared(c)
	comesBack(t, c, l)
	s.Pause()
	defer s.Resume()
	var all sync.WaitGroup
	for range 500 {
		all.Go(func() {
			err := inTime(t, "Acquire", func() error {
				_, _, err := l.Acquire(t.Context(), claim("m", "a", 0, 1))
				return err
			})
			if !errors.Is(err, redis.ErrDown) {
				t.Errorf("%v; want ErrDown", err)
			}
		})
	}
	all.Wait()
}

// The lock of a call whose answer was lost is the caller's own: the next try
// re-enters it, and nobody else gets it meanwhile.
func TestLostAnswerIsReentered(t *testing.T) {
	s := start(t)
	c := hasty(t, s.url())
	l := redis.NewShared(c)
	comesBack(t, c, l)
	s.Pause()
	if _, _, err := l.Acquire(t.Context(), claim("m", "b", 5, 1)); !errors.Is(err, redis.ErrDown) {
		t.Fatalf("%v; want ErrDown", err)
	}
	s.Resume() // now it runs what it was sent
	key := "gongbang:lock:{m}"
	until(t, "the late claim is there", func() bool {
		return s.do("ZCOUNT", key, hour(5).Start.UnixMilli(), hour(5).Start.UnixMilli()) == int64(1)
	})
	comesBack(t, c, l)
	l = redis.NewShared(open(t, s.url()))
	if _, _, err := l.Acquire(t.Context(), claim("m", "c", 5, 1)); !errors.Is(err, booking.ErrLocked) {
		t.Fatalf("somebody else: %v; want ErrLocked", err)
	}
	if held, fresh, err := l.Acquire(t.Context(), claim("m", "b", 5, 1)); err != nil || fresh || held.Unit != 1 {
		t.Fatalf("the same owner again: %+v %v %v", held, fresh, err)
	}
}

func TestFlushedBetweenAcquireAndExtend(t *testing.T) {
	s := start(t)
	c := open(t, s.url())
	l := redis.NewShared(c)
	comesBack(t, c, l)
	s.Flush()
	if held, err := l.Extend(t.Context(), "m", 1, hour(0), "a", time.Hour); !errors.Is(err, booking.ErrNotHeld) {
		t.Fatalf("%+v, %v; want ErrNotHeld", held, err)
	}
	if _, fresh, err := l.Acquire(t.Context(), claim("m", "b", 0, 1)); err != nil || !fresh {
		t.Fatalf("after the flush: %v %v", fresh, err)
	}
}

// The scripts are gone after SCRIPT FLUSH and after a restart; no caller notices.
func TestForgottenScript(t *testing.T) {
	for name, forget := range map[string]func(*server){
		"flushed":   func(s *server) { s.do("SCRIPT", "FLUSH") },
		"restarted": func(s *server) { s.Kill(); s.Start() },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			c := open(t, s.url())
			l := redis.NewShared(c)
			for n := range 3 {
				if _, _, err := l.Acquire(t.Context(), claim("m", "a", n, 1)); err != nil {
					t.Fatalf("round %d: %v", n, err)
				}
				forget(s)
			}
		})
	}
	t.Run("on a cluster", func(t *testing.T) {
		s := cluster(t)
		l := redis.NewShared(open(t, s.url()+","+s.Addr()))
		for n := range 3 {
			var all sync.WaitGroup
			for _, machine := range []string{"m1", "m2", "m3", "m4"} {
				all.Go(func() {
					if _, _, err := l.Acquire(t.Context(), claim(machine, "a", n, 1)); err != nil {
						t.Errorf("%s: %v", machine, err)
					}
				})
			}
			all.Wait()
			s.do("SCRIPT", "FLUSH")
		}
	})
}

// What a call did not do because its caller went away says nothing about Redis.
func TestImpatientCallersLeaveTheBreakerAlone(t *testing.T) {
	s := start(t)
	c := hasty(t, s.url())
	l := redis.NewShared(c)
	comesBack(t, c, l)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 10 {
		if _, err := l.List(gone, "m", hour(0)); err == nil {
			t.Fatal("a call with an ended context went well")
		}
		if _, err := c.Time(gone); err == nil {
			t.Fatal("a call with an ended context went well")
		}
	}
	if !c.Healthy() {
		t.Fatal("the breaker opened because of callers who went away")
	}
}
