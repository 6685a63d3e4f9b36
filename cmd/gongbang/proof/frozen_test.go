package proof

import (
	"context"
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
		{topology{processes: 2, redis: true}, scale(2, 20)},
	} {
		t.Run(c.String(), func(t *testing.T) {
			h := c.rise(t, raceCatalog())
			people := h.citizens(t, 16)
			var late, stuck int
			for round := range c.rounds {
				l, s := h.freeze(t, people, round)
				late, stuck = late+l, stuck+s
			}
			for _, p := range h.servers {
				p.kill() // a process frozen inside its transaction holds SQLite's file: the other's log may say so
			}
			h.holds(t)
			if late == 0 {
				t.Error("nobody came too late: the fault never happened")
			}
			t.Logf("%d rounds: %d came late and were told 409, %d answered 503, 0 overlaps", c.rounds, late, stuck)
		})
	}
}

// freeze is one round: half of the people hold at the first process, the other
// half book the same times at the second one while the first is frozen.
func (h *house) freeze(t *testing.T, people []person, round int) (late, stuck int) {
	t.Helper()
	frozen, other := h.servers[round%2], h.servers[1-round%2]
	half := len(people) / 2
	client := many()
	defer client.CloseIdleConnections()
	ask := func(i int) object {
		return span("one", ahead(2+round/20, round%20, 0).Add(time.Duration(i*30)*time.Minute), 30)
	}
	if round%20 > 19-half/2 { // the times of one round end before those of the next begin
		ask = func(i int) object {
			return span("clean", ahead(2+round/20, 0, 0).Add(time.Duration(i*60)*time.Minute), 30)
		}
	}
	holds := make([]string, half)
	for i := range half {
		a := caller{frozen.base, people[i].token, client}.call(t, "POST", "/api/v1/holds", ask(i))
		holds[i] = a.text("id") // "": an earlier round has this time
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
		if holds[i] == "" {
			return
		}
		wg.Go(func() {
			a, err := caller{frozen.base, people[i].token, client}.try(ctx, "POST", "/api/v1/bookings", object{"hold_id": holds[i]})
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
	frozen.signal(syscall.SIGSTOP)
	for i := 1; i < half; i += 2 {
		confirm(i)
	}
	h.redis.Flush() // every lease is over
	atOnce(half, func(i int) {
		if holds[i] == "" {
			return
		}
		a, err := caller{other.base, people[half+i].token, client}.try(ctx, "POST", "/api/v1/bookings", ask(i))
		if err != nil {
			t.Errorf("round %d: %v", round, err)
			return
		}
		judge(i, a, false)
	})
	frozen.signal(syscall.SIGCONT)
	wg.Wait()
	for i, n := range winners {
		if n > 1 {
			t.Errorf("round %d: time %d has %d winners", round, i, n)
		}
	}
	return late, stuck
}
