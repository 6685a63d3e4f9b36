package proof

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestFrozenHolder stops a process whose people hold times in Redis, with
// their confirmations on the way; the leases end, the other process books the
// same times, and the frozen one runs on. The late ones are told so.
func TestFrozenHolder(t *testing.T) {
	for _, c := range []struct {
		topology
		rounds int
	}{
		{topology{processes: 2, postgres: true, redis: true}, scale(4, 200)},
		{topology{processes: 2, redis: true}, scale(4, 100)},
	} {
		t.Run(c.String(), func(t *testing.T) {
			h := c.rise(t, raceCatalog())
			people, r := h.citizens(t, 16), seeded(t)
			var late, stuck int
			rounds := 0
			// A few rounds may all freeze at moments that hurt nobody.
			for ; rounds < c.rounds || late == 0 && rounds < 10*scale(4, 20); rounds++ {
				l, s := h.freeze(t, r, people, rounds)
				late, stuck = late+l, stuck+s
			}
			for _, p := range h.servers {
				p.kill() // a process frozen inside its transaction holds SQLite's file: the other's log may say so
			}
			h.holds(t)
			if late == 0 {
				t.Error("nobody came too late: the fault never happened")
			}
			t.Logf("%d rounds: %d came late and were told 409, %d answered 503, 0 overlaps", rounds, late, stuck)
		})
	}
}

// freeze is one round: half of the people hold at the first process, the other
// half book the same times at the second one while the first is frozen.
func (h *house) freeze(t *testing.T, r *rand.Rand, people []person, round int) (late, stuck int) {
	t.Helper()
	frozen, other := h.servers[round%2], h.servers[1-round%2]
	half := len(people) / 2
	client := many()
	defer client.CloseIdleConnections()
	// One unit at one time each, never the same twice.
	ask := func(i int) object {
		n := round*half + i
		return span("wide", ahead(2, 0, 0).Add(time.Duration(n/64*10)*time.Minute), 10, "unit", 1+n%64)
	}
	holds := make([]string, half)
	for i := range half {
		holds[i] = caller{frozen.base, people[i].token, client}.want(t, http.StatusCreated, "POST", "/api/v1/holds", ask(i)).text("id")
	}
	winners := make([]int, half)
	var mu sync.Mutex
	judge := func(i int, a answer, isLate bool) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case a.status == http.StatusCreated:
			winners[i]++
		case a.status == http.StatusConflict && a.code == "slot_taken":
			if isLate {
				late++
			}
		case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
			stuck++
		default:
			t.Errorf("round %d: %d %s", round, a.status, tail(string(a.raw), 600))
		}
	}
	// Half of the confirmations are sent before the process is frozen, so that
	// it stops anywhere between lock and commit; half reach it while it sleeps.
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var wg sync.WaitGroup
	confirm := func(i int) {
		wg.Go(func() {
			a, err := caller{frozen.base, people[i].token, client}.try(ctx, "POST", "/api/v1/bookings", object{"hold_id": holds[i], "unit": ask(i)["unit"]})
			if err != nil {
				t.Errorf("round %d: %v", round, err)
				return
			}
			judge(i, a, true)
		})
	}
	for i := 0; i < half; i += 2 {
		confirm(i)
	}
	<-time.After(time.Duration(r.IntN(6000)) * time.Microsecond)
	frozen.signal(syscall.SIGSTOP)
	for i := 1; i < half; i += 2 {
		confirm(i)
	}
	h.redis.Flush() // every lease is over
	others := make(chan struct{})
	go func() {
		defer close(others)
		atOnce(half, func(i int) {
			a, err := caller{other.base, people[half+i].token, client}.try(ctx, "POST", "/api/v1/bookings", ask(i))
			if err != nil {
				t.Errorf("round %d: %v", round, err)
				return
			}
			judge(i, a, false)
		})
	}()
	// A process that froze inside its transaction keeps the others waiting for the database.
	select {
	case <-others:
	case <-time.After(3 * time.Second):
	}
	frozen.signal(syscall.SIGCONT)
	<-others
	wg.Wait()
	for i, n := range winners {
		if n > 1 {
			t.Errorf("round %d: time %d has %d winners", round, i, n)
		}
	}
	return late, stuck
}
