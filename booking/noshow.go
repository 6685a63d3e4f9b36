package booking

import (
	"encoding/json"
	"fmt"
	"time"
)

// NoShowRule is what a no-show or a late cancel costs: what is counted (points
// of each kind), how long it counts, what it leads to, for whom and over what.
// A booking carries the one it was made under; its strike is judged by that.
type NoShowRule struct {
	NoShow     int     `json:"no_show"`         // points of a no-show
	LateCancel int     `json:"late_cancel"`     // points of a late cancel or a late move
	Expire     Stretch `json:"expire,omitzero"` // a point counts for so long; zero: for ever
	Clean      Stretch `json:"clean,omitzero"`  // all points are forgotten after so long without a new one; zero: never
	Steps      []Step  `json:"steps,omitempty"` // ascending; the longest of those that are reached
	Hours      int     `json:"hours,omitempty"` // no new booking until so many times the booked time has passed in opening hours
	By         string  `json:"by"`              // person, firm: whose points are added up
	Over       string  `json:"over"`            // equipment, category, center, city: where they are added up, and where new bookings stop
}

// Step is a suspension that begins with a strike that brings the sum to so many points.
type Step struct {
	Points  int     `json:"points"`
	Suspend Stretch `json:"suspend"`
}

// points is what a strike of a kind costs; nil costs nothing.
func (r *NoShowRule) points(k StrikeKind) int {
	switch {
	case r == nil:
		return 0
	case k == StruckNoShow:
		return r.NoShow
	}
	return r.LateCancel
}

// Stretch is a length of days or calendar months; zero is none.
type Stretch struct {
	N    int
	Unit Unit // Days, Months
}

// IsZero tells whether there is none.
func (s Stretch) IsZero() bool { return s.N == 0 }

// After is the moment so long after t, at the same time of day in the zone; a
// month from the 31st ends on the last day of the next.
func (s Stretch) After(t time.Time, zone *time.Location) time.Time {
	local := t.In(zone)
	day := DateOf(t, zone)
	if s.Unit == Months {
		day = day.AddMonths(s.N)
	} else {
		day = day.Add(s.N)
	}
	y, m, d := day.parts()
	return time.Date(y, m, d, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone).UTC()
}

// MarshalJSON writes {"days": 30}.
func (s Stretch) MarshalJSON() ([]byte, error) { return json.Marshal(map[Unit]int{s.Unit: s.N}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Stretch) UnmarshalJSON(data []byte) error {
	var m map[Unit]int
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	for unit, n := range m {
		*s = Stretch{n, unit}
	}
	if len(m) != 1 {
		return fmt.Errorf("booking: %s is no length of time", data)
	}
	return nil
}
