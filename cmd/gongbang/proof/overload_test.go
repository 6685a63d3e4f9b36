package proof

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestFiveTimesTheCapacity measures how many bookings a second there can be,
// and then lets five times as many people press, whether answers come or not:
// each gets a booking or is told when to come again, nobody is left without an
// answer, and when the crowd is gone everything is as before.
func TestFiveTimesTheCapacity(t *testing.T) {
	h := topology{processes: 1}.rise(t, raceCatalog())
	people, client := h.citizens(t, 64), many()
	client.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	var next atomic.Int64
	book := func() (answer, error) {
		n := int(next.Add(1)) - 1
		return caller{h.servers[0].base, people[n%len(people)].token, client}.try(t.Context(), "POST", "/api/v1/bookings", wideSlot(n))
	}
	capacity := func() float64 {
		began, length := time.Now(), time.Duration(scale(1, 10))*time.Second
		var booked atomic.Int64
		atOnce(len(people), func(int) {
			for time.Since(began) < length {
				if a, err := book(); err != nil || a.status != http.StatusCreated {
					t.Errorf("a booking answers %d (%v)", a.status, err)
					return
				}
				booked.Add(1)
			}
		})
		return float64(booked.Load()) / time.Since(began).Seconds()
	}
	before := capacity()
	c := &overload{t: t, book: book}
	goodput := c.run(5*before, time.Duration(scale(2, 60))*time.Second)
	began := time.Now()
	until(t, "bookings go on", func() bool { a, err := book(); return err == nil && a.status == http.StatusCreated })
	back := time.Since(began)
	after := capacity()
	t.Logf("capacity %.0f a second; at five times that %.0f (%.0f %%): %v, %d pressed and found no place in line; the next booking took %s, capacity after it %.0f",
		before, goodput, 100*goodput/before, c.seen.of, c.turnedAway.Load(), back.Round(time.Millisecond), after)
	if c.seen.of["201 "] == 0 {
		t.Error("nobody booked anything")
	}
	h.stop()
	h.holds(t)
}

// crowdMost is how many wait for an answer at once: what the race detector
// bears in one process, with three goroutines each.
const crowdMost = 2400

// overload presses at a rate, whether answers come or not.
type overload struct {
	t          *testing.T
	book       func() (answer, error)
	seen       tally
	turnedAway atomic.Int64
}

// run tells how many were booked a second until the last one had an answer.
func (c *overload) run(rate float64, length time.Duration) float64 {
	line := make(chan struct{}, crowdMost)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var wg sync.WaitGroup
	var booked atomic.Int64
	began, pressed := time.Now(), 0
	for time.Since(began) < length {
		<-tick.C
		for ; float64(pressed) < rate*time.Since(began).Seconds(); pressed++ {
			select {
			case line <- struct{}{}:
			default:
				c.turnedAway.Add(1)
				continue
			}
			wg.Go(func() {
				defer func() { <-line }()
				a, err := c.book()
				if err != nil {
					c.t.Errorf("no answer: %v", err)
					return
				}
				c.seen.judge(c.t, a)
				if a.status == http.StatusCreated {
					booked.Add(1)
				}
			})
		}
	}
	wg.Wait()
	return float64(booked.Load()) / time.Since(began).Seconds()
}
