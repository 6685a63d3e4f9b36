package proof

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// atOnce runs n functions at the same moment and waits for them.
func atOnce(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

// seeded is a generator whose seed is printed, so that a failure can be repeated.
func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// tally counts answers by what they are.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (y *tally) add(what string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.of == nil {
		y.of = map[string]int{}
	}
	y.of[what]++
}

// judge counts an answer of a booking race and fails on one that no race may
// give: a winner, a loser that is told why, or a 503 that says when to come again.
func (y *tally) judge(t *testing.T, a answer) {
	y.add(fmt.Sprintf("%d %s", a.status, a.code))
	switch {
	case a.status == http.StatusOK, a.status == http.StatusCreated, a.status == http.StatusNoContent:
	case a.status == http.StatusConflict && (a.code == "slot_taken" || a.code == "state_conflict" || a.code == "stale"):
	case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
	default:
		t.Errorf("a race answers %d: %s", a.status, tail(string(a.raw), 600))
	}
}

// TestRaces presses over HTTP on every topology: one slot has one winner,
// random times never overlap, and where there is a Redis it dies in the middle.
func TestRaces(t *testing.T) {
	for _, y := range topologies {
		t.Run(y.String(), func(t *testing.T) {
			h := y.rise(t, raceCatalog())
			people := h.citizens(t, 200)
			client := many()
			as := func(i int) caller {
				return caller{h.servers[i%len(h.servers)].base, people[i%len(people)].token, client}
			}
			h.oneSlot(t, as, len(people))
			h.holdsOfOneSlot(t, as, 32)
			h.randomTimes(t, as, 24)
			h.stop()
			h.holds(t)
		})
	}
}

// oneSlot lets everybody press the same time.
func (h *house) oneSlot(t *testing.T, as func(int) caller, clients int) {
	for round := range scale(1, 10) {
		var won, lost atomic.Int64
		var seen tally
		atOnce(clients, func(i int) {
			a, err := as(i).try(t.Context(), "POST", "/api/v1/bookings", span("one", ahead(2, 9+round, 0), 60))
			if err != nil {
				t.Errorf("client %d: %v", i, err)
				return
			}
			switch {
			case a.status == http.StatusCreated:
				won.Add(1)
			case a.status == http.StatusConflict && a.code == "slot_taken" && len(objects(a.object["alternatives"])) > 0:
				lost.Add(1)
			}
			seen.judge(t, a)
		})
		if won.Load() != 1 || lost.Load() != int64(clients-1) {
			t.Errorf("one slot, %d clients: %d won, %d were told alternatives: %v", clients, won.Load(), lost.Load(), seen.of)
		}
		t.Logf("one slot, %d clients: %v", clients, seen.of)
	}
}

// holdsOfOneSlot lets people hold the same time and then confirm: whoever was
// told that it is theirs gets it.
func (h *house) holdsOfOneSlot(t *testing.T, as func(int) caller, clients int) {
	for round := range scale(1, 10) {
		var mu sync.Mutex
		held := map[int]string{}
		var seen tally
		atOnce(clients, func(i int) {
			a, err := as(i).try(t.Context(), "POST", "/api/v1/holds", span("clean", ahead(3, 2*round, 0), 60))
			if err != nil {
				t.Errorf("client %d: %v", i, err)
				return
			}
			seen.judge(t, a)
			if a.status == http.StatusCreated {
				mu.Lock()
				held[i] = a.text("id")
				mu.Unlock()
			}
		})
		// Several processes without a shared Redis do not see each other's holds; the database decides.
		// So do those that gave Redis up because it did not answer in time on a busy machine.
		most := 1
		if h.redis == nil || h.gaveUp() {
			most = len(h.servers)
		}
		if len(held) < 1 || len(held) > most {
			t.Errorf("%d of %d clients hold the same time: %v", len(held), clients, seen.of)
		}
		won := 0
		for i, id := range held {
			a := as(i).call(t, "POST", "/api/v1/bookings", object{"hold_id": id})
			seen.judge(t, a)
			if a.status == http.StatusCreated {
				won++
			}
		}
		if won != 1 {
			t.Errorf("of %d holds %d were confirmed: %v", len(held), won, seen.of)
		}
	}
}

// gaveUp tells whether a process goes on without Redis.
func (h *house) gaveUp() bool {
	return slices.ContainsFunc(h.servers, func(p *server) bool { return strings.Contains(p.said(), "redis does not answer") })
}

// randomTimes books, holds and confirms, cancels and moves on machines that
// are too few; half way Redis is killed.
func (h *house) randomTimes(t *testing.T, as func(int) caller, clients int) {
	r := seeded(t)
	attempts := scale(600, 10_000)
	type wish struct {
		ask  object
		kind int
	}
	wishes := make([]wish, attempts)
	for i := range wishes {
		name := []string{"one", "row", "clean"}[r.IntN(3)]
		wishes[i] = wish{span(name, ahead(4+r.IntN(scale(2, 9)), 8+r.IntN(10), 30*r.IntN(2)), 30*(1+r.IntN(4))), r.IntN(6)}
	}
	var seen tally
	var next atomic.Int64
	atOnce(clients, func(c int) {
		who := as(c)
		var mine answer
		for n := int(next.Add(1)) - 1; n < attempts; n = int(next.Add(1)) - 1 {
			if n == attempts/2 && h.redis != nil {
				h.redis.Kill()
			}
			// One press in a while goes to another process, as behind a balancer.
			who.base = h.servers[(c+n)%len(h.servers)].base
			var a answer
			var err error
			switch w := wishes[n]; {
			case w.kind == 0:
				if a, err = who.try(t.Context(), "POST", "/api/v1/holds", w.ask); err == nil && a.status == http.StatusCreated {
					seen.add("held")
					a, err = who.try(t.Context(), "POST", "/api/v1/bookings", object{"hold_id": a.text("id")})
				}
			case w.kind == 1 && mine.status == http.StatusCreated:
				a, err = who.try(t.Context(), "POST", "/api/v1/bookings/"+mine.text("id")+"/cancel", object{})
				mine = answer{}
			case w.kind == 2 && mine.status == http.StatusCreated:
				move := object{"version": mine.object["version"], "starts_at": w.ask["starts_at"], "ends_at": w.ask["ends_at"]}
				a, err = who.try(t.Context(), "PATCH", "/api/v1/bookings/"+mine.text("id"), move)
				mine = answer{}
			default:
				a, err = who.try(t.Context(), "POST", "/api/v1/bookings", w.ask)
			}
			if err != nil {
				t.Errorf("attempt %d: %v", n, err)
				continue
			}
			seen.judge(t, a)
			if a.status == http.StatusCreated {
				mine = a
			}
		}
	})
	if seen.of["201 "] == 0 || seen.of["409 slot_taken"] == 0 {
		t.Errorf("no contention: %v", seen.of)
	}
	t.Logf("%d random attempts: %v", attempts, seen.of)
}
