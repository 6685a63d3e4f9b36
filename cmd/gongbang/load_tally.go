package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// tally counts what came back.
type tally struct {
	mu      sync.Mutex
	status  map[string]int             // "POST /holds 201"
	took    map[string][]time.Duration // one request, by its kind
	people  []time.Duration            // from the press to the last answer
	outcome map[string]int             // what became of a person
}

func newTally() *tally {
	return &tally{status: map[string]int{}, took: map[string][]time.Duration{}, outcome: map[string]int{}}
}

func (t *tally) request(kind string, status int, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status[fmt.Sprintf("%s %d", kind, status)]++
	t.took[kind] = append(t.took[kind], took)
}

func (t *tally) person(outcome string, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.outcome[outcome]++
	t.people = append(t.people, took)
}

func (t *tally) requests() int {
	n := 0
	for _, k := range t.status {
		n += k
	}
	return n
}

// cost is what a run took.
type cost struct {
	took        time.Duration
	cpu, server time.Duration // of client and server, and of the server alone; 0: not known
}

// print shows the figures beside what the bare handler does.
func (t *tally) print(out io.Writer, c cost, bare ceiling) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.requests()
	rate := float64(n) / c.took.Seconds()
	fmt.Fprintf(out, "requests: %d in %.1f s, %.0f a second\n", n, c.took.Seconds(), rate)
	for _, k := range slices.Sorted(maps.Keys(t.status)) {
		fmt.Fprintf(out, "  %s: %d\n", k, t.status[k])
	}
	for _, k := range slices.Sorted(maps.Keys(t.outcome)) {
		fmt.Fprintf(out, "people %s: %d\n", k, t.outcome[k])
	}
	for _, k := range slices.Sorted(maps.Keys(t.took)) {
		fmt.Fprintf(out, "latency %s: %s\n", k, percentiles(t.took[k]))
	}
	if len(t.people) > 0 {
		fmt.Fprintf(out, "from the press to the last answer: %s\n", percentiles(t.people))
	}
	fmt.Fprintf(out, "ceiling (bare Gin, bind and validate): %.0f a second\n", bare.rate)
	fmt.Fprintf(out, "ratio: %.0f %% of the ceiling; the run took %.2f x what the ceiling needs for as many requests\n",
		100*rate/bare.rate, c.took.Seconds()*bare.rate/float64(n))
	if c.server > 0 && bare.cpu > 0 {
		fmt.Fprintf(out, "processor time: %.0f µs a request in the server, %.0f with the client; %.2f x the ceiling's\n",
			float64(c.server.Microseconds())/float64(n), float64(c.cpu.Microseconds())/float64(n), float64(c.cpu)/float64(n)/float64(bare.cpu))
	}
}

// percentiles sorts took.
func percentiles(took []time.Duration) string {
	slices.Sort(took)
	at := func(p float64) time.Duration { return took[min(len(took)-1, int(p*float64(len(took))))] }
	return fmt.Sprintf("p50 %s, p95 %s, p99 %s, worst %s", short(at(.50)), short(at(.95)), short(at(.99)), short(took[len(took)-1]))
}

func short(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
