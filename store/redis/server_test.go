package redis_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"gongbang/internal/testkit"
	"gongbang/store/memory"
	"gongbang/store/redis"
)

// server is an own redis-server and an administrator of it.
type server struct {
	*testkit.RedisServer
	t     testing.TB
	admin *goredis.Client // patient, for what the tests do from outside
}

func start(t testing.TB, settings ...string) *server {
	t.Helper()
	_, own := testkit.Redis(t, settings...)
	s := &server{RedisServer: own, t: t, admin: goredis.NewClient(&goredis.Options{Addr: own.Addr()})}
	t.Cleanup(func() { s.admin.Close() })
	return s
}

func (s *server) url() string { return "redis://" + s.Addr() }

// do runs a command as an administrator would.
func (s *server) do(args ...any) any {
	s.t.Helper()
	v, err := s.admin.Do(context.Background(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args, err)
	}
	return v
}

// now is Redis' own clock, in whole milliseconds as the scripts count.
func (s *server) now() time.Time {
	s.t.Helper()
	now, err := s.admin.Time(context.Background()).Result()
	if err != nil {
		s.t.Fatal(err)
	}
	return now.Truncate(time.Millisecond)
}

// pass returns when d has passed by Redis' own clock.
func (s *server) pass(d time.Duration) {
	s.t.Helper()
	end := s.now().Add(d)
	until(s.t, fmt.Sprint("redis is ", d, " older"), func() bool { return !s.now().Before(end) })
}

// patience is a time that only a hanging program needs.
const patience = 2 * time.Minute

// until asks again and again, and gives up after patience.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatal("waited in vain until ", what)
		case <-again.C:
		}
	}
}

// open connects with so much patience that a busy machine is no fault.
func open(t testing.TB, url string) *redis.Client {
	t.Helper()
	return openWith(t, redis.Options{URL: url, Patience: 10 * time.Second})
}

// hasty gives up as the service does, but after a second, so that a busy machine
// is no fault, and with a short breaker, so that recovery needs no five seconds.
func hasty(t testing.TB, url string) *redis.Client {
	t.Helper()
	return openWith(t, redis.Options{URL: url, Patience: time.Second, OpenFor: 50 * time.Millisecond})
}

func openWith(t testing.TB, o redis.Options) *redis.Client {
	t.Helper()
	c, err := redis.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// nodeOn is a node with a locker of its own.
func nodeOn(t testing.TB, c *redis.Client) *redis.Locker {
	t.Helper()
	alone, err := memory.NewLocker(memory.Deps{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	l, err := redis.NewLocker(c, alone)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// cluster is one server that owns all slots: enough for a script that touches
// two slots to be refused.
func cluster(t testing.TB) *server {
	t.Helper()
	bus, err := testkit.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(bus)
	s := start(t, "--cluster-enabled", "yes", "--cluster-port", port)
	s.do("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
	until(t, "the cluster is ok", func() bool {
		return s.admin.Get(context.Background(), "any").Err() == goredis.Nil
	})
	return s
}
