package booking

import (
	"fmt"
	"testing"
	"time"
)

// TestOpenings: an opening is forgotten with each thing it could be wrong about.
func TestOpenings(t *testing.T) {
	now := time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)
	c, e, i := &Catalog{}, &Equipment{ID: "m"}, Interval{now, now.Add(time.Hour)}
	for name, want := range map[string]struct {
		then  func(*openings)
		ask   *Catalog
		at    time.Duration
		known bool
	}{
		"at once":                     {func(*openings) {}, c, 0, true},
		"just before its end":         {func(*openings) {}, c, freshFor - 1, true},
		"at its end":                  {func(*openings) {}, c, freshFor, false},
		"a clock that was set back":   {func(*openings) {}, c, -1, false},
		"the machine changed":         {func(o *openings) { o.changed("m") }, c, 0, false},
		"another machine changed":     {func(o *openings) { o.changed("n") }, c, 0, true},
		"another catalog is in force": {func(*openings) {}, &Catalog{}, 0, false},
	} {
		o := newOpenings()
		o.put(c, e, i, o.mark(e), true, now)
		want.then(o)
		if free, known := o.get(want.ask, e, i, now.Add(want.at)); known != want.known || free != want.known {
			t.Errorf("%s: free %v, known %v", name, free, known)
		}
	}
	o := newOpenings()
	mark := o.mark(e)
	o.changed("m")
	o.put(c, e, i, mark, true, now)
	if _, known := o.get(c, e, i, now); known {
		t.Error("what changed during the look is believed")
	}
}

// TestOpeningsAreBounded: what is over makes room, and nothing else is thrown away.
func TestOpeningsAreBounded(t *testing.T) {
	now := time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)
	c, o := &Catalog{}, newOpenings()
	put := func(n int, at time.Time) {
		e := &Equipment{ID: fmt.Sprint(n)}
		o.put(c, e, Interval{now, now}, o.mark(e), true, at)
	}
	for n := range mostOpenings + 1 {
		put(n, now)
	}
	if len(o.known) != mostOpenings {
		t.Fatalf("%d are known", len(o.known))
	}
	put(mostOpenings, now.Add(freshFor))
	if len(o.known) != 1 {
		t.Errorf("%d are known after the others were over", len(o.known))
	}
}
