package booking

import (
	"maps"
	"sync"
	"time"
)

const (
	// freshFor is how long an opening is believed that nothing on this node
	// changed: another node's booking, or a hold that ran out, is seen after it.
	freshFor = 3 * time.Second
	// mostOpenings bounds what is remembered: 10 MB at most.
	mostOpenings = 50_000
)

// openings remembers which times were free when alternatives were last looked
// for. Everybody who loses in a rush is told about the same few machines; all
// but the first need no read for it. It is advice, as alternatives are: who
// asks for one is judged as anybody else.
type openings struct {
	mu      sync.Mutex
	known   map[openingKey]opening
	changes map[string]uint64 // of each machine, counted on this node
}

type openingKey struct {
	equipment  string
	start, end int64 // Unix milliseconds
}

type opening struct {
	free    bool
	changes uint64 // of the machine when it was looked at
	catalog *Catalog
	until   time.Time
}

func newOpenings() *openings {
	return &openings{known: map[openingKey]opening{}, changes: map[string]uint64{}}
}

func keyOf(e *Equipment, i Interval) openingKey {
	return openingKey{e.ID, i.Start.UnixMilli(), i.End.UnixMilli()}
}

// mark is taken before a machine is looked at: what changes meanwhile makes
// the look worthless.
func (o *openings) mark(e *Equipment) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changes[e.ID]
}

// changed forgets a machine.
func (o *openings) changed(equipment string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.changes[equipment]++
}

// put remembers what a look that began at mark has found.
func (o *openings) put(c *Catalog, e *Equipment, i Interval, mark uint64, free bool, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.known) >= mostOpenings {
		maps.DeleteFunc(o.known, func(_ openingKey, x opening) bool { return !now.Before(x.until) })
	}
	if len(o.known) < mostOpenings {
		o.known[keyOf(e, i)] = opening{free: free, changes: mark, catalog: c, until: now.Add(freshFor)}
	}
}

// get tells whether a time is free, if that is known.
func (o *openings) get(c *Catalog, e *Equipment, i Interval, now time.Time) (free, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	x, ok := o.known[keyOf(e, i)]
	if !ok || x.catalog != c || x.changes != o.changes[e.ID] || !now.Before(x.until) || now.Before(x.until.Add(-freshFor)) {
		return false, false
	}
	return x.free, true
}

// noticing forgets what is remembered of a machine before others are told that it changed.
type noticing struct {
	Watch
	openings *openings
}

// Changed implements Watch.
func (n noticing) Changed(equipment string, days ...Date) {
	n.openings.changed(equipment)
	n.Watch.Changed(equipment, days...)
}
