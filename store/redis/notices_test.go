package redis_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/testkit"
	"gongbang/store/redis"
)

const today = booking.Date("2026-03-02")

// node is one process: its feed runs until the test ends.
func node(t *testing.T, url string) *redis.Notices {
	t.Helper()
	n := redis.NewNotices(hasty(t, url)).Impatient()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		n.Close()
	})
	return n
}

func (s *server) listened(nodes int64) {
	s.t.Helper()
	until(s.t, fmt.Sprint(nodes, " nodes listen"), func() bool {
		return s.admin.PubSubNumSub(context.Background(), "gongbang:changed").Val()["gongbang:changed"] == nodes
	})
}

func next(t *testing.T, from <-chan booking.Notice) booking.Notice {
	t.Helper()
	select {
	case n := <-from:
		return n
	case <-time.After(patience):
		t.Fatal("no notice came")
		return booking.Notice{}
	}
}

func TestNoticesReachOtherNodes(t *testing.T) {
	s := start(t)
	one, two := node(t, s.url()), node(t, s.url())
	s.listened(2)
	here, there := one.Subscribe(t.Context(), []string{"m"}), two.Subscribe(t.Context(), nil)
	one.Changed("other", today)
	one.Changed("m", today, today.Add(1))
	for _, want := range []booking.Notice{{Equipment: "m", Day: today}, {Equipment: "m", Day: today.Add(1)}} {
		if got := next(t, here); got != want {
			t.Errorf("here: %v, want %v", got, want)
		}
	}
	for _, want := range []booking.Notice{{Equipment: "other", Day: today}, {Equipment: "m", Day: today}, {Equipment: "m", Day: today.Add(1)}} {
		if got := next(t, there); got != want {
			t.Errorf("there: %v, want %v", got, want)
		}
	}
	two.Changed("m", today.Add(2))
	if got := next(t, here); got.Day != today.Add(2) {
		t.Errorf("from the other node: %v", got)
	}
}

func TestNoticesAfterALostConnection(t *testing.T) {
	for name, lose := range map[string]func(*server, *testkit.BlackHole){
		"server restarted":   func(s *server, _ *testkit.BlackHole) { s.Kill(); s.Start() },
		"connections killed": func(s *server, _ *testkit.BlackHole) { s.do("CLIENT", "KILL", "TYPE", "pubsub") },
		"network cut":        func(_ *server, p *testkit.BlackHole) { p.Cut() },
		// The connection stands and carries nothing: only the missing answer to
		// a ping tells.
		"packets swallowed": func(_ *server, p *testkit.BlackHole) { p.SwallowOpen() },
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			p := testkit.Before(t, s.Addr())
			listener, speaker := node(t, "redis://"+p.Addr()), node(t, s.url())
			s.listened(2)
			there := listener.Subscribe(t.Context(), nil)
			before := p.Accepted()
			lose(s, p)
			until(t, "it connects again", func() bool { return p.Accepted() > before })
			// Until it has subscribed again notices may be lost; then none is.
			day := today
			until(t, "a notice arrives", func() bool {
				day = day.Add(1)
				speaker.Changed("m", day)
				select {
				case <-there:
					return true
				default:
					return false
				}
			})
		})
	}
}

// Nobody waits for a Redis that is away, and the own node's readers are served.
func TestNoticesWithoutRedis(t *testing.T) {
	s := start(t)
	n := node(t, s.url())
	here := n.Subscribe(t.Context(), nil)
	s.Kill()
	for i := range 3000 { // more than any queue holds
		n.Changed(fmt.Sprint("m", i), today)
	}
	if got := next(t, here); got.Equipment != "m0" {
		t.Fatalf("%v", got)
	}
}
