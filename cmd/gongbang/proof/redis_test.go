package proof

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/internal/testkit"
)

// away is something that happens to Redis. What Redis gave before is kept by
// it or not; what it can't be asked for, a process has to know by itself.
type away struct {
	name       string
	hurt, heal func(*testkit.RedisServer, *testkit.BlackHole)
	silent     bool // it does not answer until it is healed
}

var aways = []away{
	{"killed", func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Kill() }, func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Start() }, true},
	{"paused", func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Pause() }, func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Resume() }, true},
	{"black-holed", func(_ *testkit.RedisServer, p *testkit.BlackHole) { p.Swallow() }, func(_ *testkit.RedisServer, p *testkit.BlackHole) { p.Pass() }, true},
	{"full", func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Fill() }, func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Empty() }, true},
	{"flushed", func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Flush() }, func(*testkit.RedisServer, *testkit.BlackHole) {}, false},
	{"restarted", func(r *testkit.RedisServer, _ *testkit.BlackHole) { r.Kill(); r.Start() }, func(*testkit.RedisServer, *testkit.BlackHole) {}, false},
}

// TestRedisAway is what people feel: somebody holds a time, Redis goes, a
// crowd presses that time and another one, Redis comes back, the crowd presses
// again, and whoever was told that a time is theirs confirms. On one process
// nobody is disappointed. On several each gives a time once at most while
// Redis is silent, and the database decides: that they do is the control,
// which shows that a time given twice is seen.
func TestRedisAway(t *testing.T) {
	for _, y := range []topology{{processes: 1, redis: true}, {processes: 2, postgres: true, redis: true}} {
		for _, f := range aways {
			if y.processes > 1 && scale(0, 1) == 0 && f.name != "killed" {
				continue
			}
			t.Run(f.name+", "+y.String(), func(t *testing.T) {
				t.Parallel()
				h := y.ground(t)
				hole := testkit.Before(t, h.redis.Addr())
				h.with("REDIS_URL", "redis://"+hole.Addr())
				h.raise(t, raceCatalog(), y.processes)
				h.throughAway(t, f, hole)
				h.stop()
				h.holds(t)
			})
		}
	}
}

// given is who was told that a time is theirs, and by which hold.
type given struct {
	mu    sync.Mutex
	holds map[int]string
	worst time.Duration // that a press took
}

func (h *house) throughAway(t *testing.T, f away, hole *testkit.BlackHole) {
	people, client := h.citizens(t, 1+4*32), many()
	as := func(i int) caller { return caller{h.servers[i%len(h.servers)].base, people[i].token, client} }
	times := []object{span("one", ahead(3, 9, 0), 60), span("one", ahead(3, 14, 0), 60)}
	got := []*given{{holds: map[int]string{}}, {holds: map[int]string{}}}
	crowd := func(n, first int) {
		atOnce(32, func(i int) { got[n].press(t, as(1+first+i), 1+first+i, times[n]) })
	}
	got[0].press(t, as(0), 0, times[0])
	f.hurt(h.redis, hole)
	crowd(0, 0)
	crowd(1, 32)
	f.heal(h.redis, hole)
	began := time.Now()
	for _, p := range h.servers {
		until(t, "redis is back", func() bool {
			caller{base: p.base, client: client}.want(t, http.StatusOK, "GET", "/api/v1/equipment/one/availability?days=1&from="+ahead(3, 0, 0).Format(time.DateOnly), nil)
			metrics := caller{base: p.base, client: client}.want(t, http.StatusOK, "GET", "/metrics", nil)
			return strings.Contains(string(metrics.raw), "\ngongbang_locks_healthy 1\n")
		})
	}
	back := time.Since(began)
	crowd(0, 64)
	crowd(1, 96)
	most := 1
	if len(h.servers) > 1 {
		most = len(h.servers)
	}
	for n, g := range got {
		if len(g.holds) < 1 || len(g.holds) > most {
			t.Errorf("time %d was given to %d people by %d processes", n, len(g.holds), len(h.servers))
		}
		won := 0
		for i, id := range g.holds {
			a := as(i).call(t, "POST", "/api/v1/bookings", object{"hold_id": id})
			if a.status == http.StatusCreated {
				won++
			} else if a.status != http.StatusConflict || a.code != "slot_taken" {
				t.Errorf("a hold from then answers %d: %s", a.status, tail(string(a.raw), 600))
			}
		}
		if won != 1 {
			t.Errorf("time %d: of %d people who were told that it is theirs %d got it", n, len(g.holds), won)
		}
	}
	if len(h.servers) > 1 && f.silent && len(got[1].holds) != len(h.servers) {
		t.Errorf("control: %d processes that see nothing of each other gave one time to %d people", len(h.servers), len(got[1].holds))
	}
	t.Logf("times given to %d and %d people; the slowest of 32 presses at once took %s; back after %s",
		len(got[0].holds), len(got[1].holds), max(got[0].worst, got[1].worst).Round(time.Millisecond), back.Round(time.Millisecond))
}

// press asks to hold a time: it is theirs, or they are told that it is taken.
func (g *given) press(t *testing.T, as caller, who int, ask object) {
	began := time.Now()
	a, err := as.try(t.Context(), "POST", "/api/v1/holds", ask)
	took := time.Since(began)
	if err != nil {
		t.Errorf("person %d: %v", who, err)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.worst = max(g.worst, took)
	switch {
	case a.status == http.StatusCreated:
		g.holds[who] = a.text("id")
	case a.status != http.StatusConflict || a.code != "slot_taken":
		t.Errorf("person %d: %d %s", who, a.status, tail(string(a.raw), 600))
	}
}
