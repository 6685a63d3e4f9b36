package booking

import (
	"testing"
	"time"
)

// What a new booking reads does not grow with what is booked around it on a
// machine with many units; who moves a booking or walks in needs to know more.
func TestNear(t *testing.T) {
	at := time.Date(2026, 12, 16, 9, 0, 0, 0, time.UTC)
	asked := Interval{at, at.Add(time.Hour)}
	for name, c := range map[string]struct {
		units         int
		tight         bool
		before, after time.Duration
	}{
		"one unit":       {1, true, 0, 30 * time.Minute},
		"many units":     {64, true, 2 * time.Hour, 2*time.Hour + 30*time.Minute},
		"not a new one":  {64, false, 12 * time.Hour, 12 * time.Hour},
		"of one machine": {1, false, 12 * time.Hour, 12 * time.Hour},
	} {
		e := &Equipment{Quantity: c.units, Policy: Policy{BufferMinutes: 30}}
		if got, want := (ask{interval: asked, tight: c.tight}).near(e), (Interval{asked.Start.Add(-c.before), asked.End.Add(c.after)}); got != want {
			t.Errorf("%s: %v to %v, want %v to %v", name, got.Start, got.End, want.Start, want.End)
		}
	}
}
