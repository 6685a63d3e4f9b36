package proof

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// press is one wish of a person with its idempotency key, and what became of it.
type press struct {
	who  int
	key  string
	ask  object
	id   string // of the booking, once it was acknowledged
	lost bool   // no answer came
}

// TestKilledUnderLoad ends the server with SIGKILL at random moments while
// people book. Whatever was acknowledged is there afterwards and confirmed;
// who got no answer presses again with the same key and gets exactly one.
func TestKilledUnderLoad(t *testing.T) {
	for _, c := range []struct {
		topology
		kills int
	}{
		{topology{processes: 1}, scale(10, 100)},
		{topology{processes: 2, redis: true}, scale(2, 20)},
		{topology{processes: 2, postgres: true, redis: true}, scale(3, 50)},
	} {
		t.Run(c.String(), func(t *testing.T) {
			h := c.rise(t, raceCatalog())
			l := &killing{house: h, people: h.citizens(t, 16), r: seeded(t)}
			for range c.kills {
				l.round(t)
			}
			l.verify(t)
			for _, p := range h.servers {
				p.stop()
			}
			h.holds(t)
			slices.Sort(l.ready)
			t.Logf("%d kills: %d acknowledged and %d without an answer, 0 lost, 0 doubled; ready after %s (median), %s (worst)", c.kills,
				len(l.acknowledged), l.unanswered, l.ready[len(l.ready)/2].Round(time.Millisecond), l.ready[len(l.ready)-1].Round(time.Millisecond))
		})
	}
}

// killing is a load that survives its server.
type killing struct {
	*house
	people       []person
	r            *rand.Rand
	slots        int // given out
	acknowledged []*press
	unanswered   int
	ready        []time.Duration
}

// round books from all sides, kills one process after a random time, starts it
// again at the same address and settles what is open.
func (l *killing) round(t *testing.T) {
	t.Helper()
	victim := l.r.IntN(len(l.servers))
	killed := make(chan struct{})
	var mu sync.Mutex
	var all []*press
	take := func(who int) (*press, object) {
		mu.Lock()
		defer mu.Unlock()
		p := &press{who: who, key: fmt.Sprintf("key-%d", l.slots), ask: wideSlot(l.slots)}
		l.slots++
		all = append(all, p)
		return p, p.ask
	}
	after := time.Duration(20+l.r.IntN(250)) * time.Millisecond
	client := many()
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for who := range l.people {
		wg.Go(func() {
			as := caller{l.servers[who%len(l.servers)].base, l.people[who].token, client}
			for {
				p, ask := take(who)
				a, err := as.try(t.Context(), "POST", "/api/v1/bookings", ask, "Idempotency-Key", p.key)
				p.took(t, a, err)
				if err != nil { // its process is gone
					return
				}
				select {
				case <-killed:
					return
				default:
				}
			}
		})
	}
	time.AfterFunc(after, func() {
		l.servers[victim].kill()
		close(killed)
	})
	wg.Wait()
	<-killed
	l.servers[victim].sound()
	address := strings.TrimPrefix(l.servers[victim].base, "http://")
	l.servers[victim] = l.startAt(t, address)
	l.ready = append(l.ready, l.servers[victim].took)
	l.settle(t, all)
}

// took notes an answer: a booking, a refusal that may be tried again, or none.
func (p *press) took(t *testing.T, a answer, err error) {
	switch {
	case err != nil:
		p.lost = true
	case a.status == http.StatusCreated:
		p.id = a.text("id")
	case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
		p.lost = true
	default:
		t.Errorf("%s answers %d: %s", p.key, a.status, tail(string(a.raw), 600))
	}
}

// settle presses everything again with the same keys: the acknowledged ones
// give the same booking, the others become one.
func (l *killing) settle(t *testing.T, all []*press) {
	t.Helper()
	for i, p := range all {
		as := caller{base: l.servers[i%len(l.servers)].base, token: l.people[p.who].token}
		a := as.want(t, http.StatusCreated, "POST", "/api/v1/bookings", p.ask, "Idempotency-Key", p.key)
		id := a.text("id")
		if p.id != "" && (id != p.id || a.header.Get("Idempotent-Replayed") != "true") {
			t.Errorf("%s was acknowledged as %s and is %s after the kill (replayed: %q)", p.key, p.id, id, a.header.Get("Idempotent-Replayed"))
		}
		if p.lost {
			l.unanswered++
		}
		p.id = id
		if a.text("status") != "confirmed" {
			t.Errorf("%s is %s", p.key, a.text("status"))
		}
		l.acknowledged = append(l.acknowledged, p)
	}
}

// verify reads every person's own list: exactly what was acknowledged, once.
func (l *killing) verify(t *testing.T) {
	t.Helper()
	want := map[string]string{}
	for _, p := range l.acknowledged {
		if want[p.id] != "" {
			t.Errorf("%s and %s are one booking", want[p.id], p.key)
		}
		want[p.id] = p.key
	}
	for _, p := range l.people {
		as := caller{base: l.servers[0].base, token: p.token}
		for cursor := ""; ; {
			a := as.want(t, http.StatusOK, "GET", "/api/v1/bookings?limit=200"+cursor, nil)
			for _, b := range a.items() {
				id, _ := b["id"].(string)
				if want[id] == "" || b["status"] != "confirmed" {
					t.Errorf("booking %s is %v and was acknowledged as %q", id, b["status"], want[id])
				}
				delete(want, id)
			}
			next := a.text("next_cursor")
			if next == "" {
				break
			}
			cursor = "&cursor=" + next
		}
	}
	for id, key := range want {
		t.Errorf("%s was acknowledged as %s and is lost", key, id)
	}
}
