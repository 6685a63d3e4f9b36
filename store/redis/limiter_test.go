package redis_test

import (
	"testing"
	"time"

	"gongbang/store/lockertest"
	"gongbang/store/memory"
	"gongbang/store/redis"
)

func limiter(t *testing.T, s *server) *redis.Limiter {
	t.Helper()
	alone, err := memory.NewLimiter(memory.Deps{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	l, err := redis.NewLimiter(hasty(t, s.url()), alone)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLimiter(t *testing.T) {
	s := start(t)
	lockertest.RunLimiter(t, limiter(t, s).Allow, s.now, s.pass)
	// The one that is left gains a token a minute.
	until(t, "full buckets leave no key", func() bool { return s.do("DBSIZE") == int64(1) })
	if left := s.do("PTTL", "gongbang:rate:{zero}").(int64); left <= 0 || left > time.Minute.Milliseconds() {
		t.Fatalf("it ends in %d ms", left)
	}
}

func TestLimiterCountsAllNodesTogether(t *testing.T) {
	s := start(t)
	one, two := limiter(t, s), limiter(t, s)
	for n, l := range []*redis.Limiter{one, two, one} {
		if ok, _ := l.Allow(t.Context(), "a", 1, 3); !ok {
			t.Fatalf("call %d of 3 was refused", n+1)
		}
	}
	for _, l := range []*redis.Limiter{one, two} {
		if ok, _ := l.Allow(t.Context(), "a", 1, 3); ok {
			t.Fatal("a fourth call passed")
		}
	}
}

// Without Redis each node counts alone: it goes on, and still bounds.
func TestLimiterFailsOpen(t *testing.T) {
	s := start(t)
	l := limiter(t, s)
	for range 2 {
		l.Allow(t.Context(), "a", 1, 2)
	}
	if ok, _ := l.Allow(t.Context(), "a", 1, 2); ok {
		t.Fatal("a third call passed with Redis")
	}
	s.Kill()
	for n := range 2 {
		if ok, _ := l.Allow(t.Context(), "a", 1, 2); !ok {
			t.Fatalf("without Redis call %d was refused", n+1)
		}
	}
	if ok, retry := l.Allow(t.Context(), "a", 1, 2); ok || retry <= 0 {
		t.Fatalf("without Redis nothing is bounded: %v %v", ok, retry)
	}
}

func TestLimiterNeedsItsParts(t *testing.T) {
	if _, err := redis.NewLimiter(nil, nil); err == nil {
		t.Fatal("made of nothing")
	}
}
