package booking

import "time"

// Interval is half open, [Start, End), in UTC inside the program.
type Interval struct{ Start, End time.Time }

// Overlaps tells whether two intervals share an instant; touching ones do not.
func (a Interval) Overlaps(b Interval) bool {
	return a.Start.Before(b.End) && b.Start.Before(a.End)
}

// Contains tells whether b lies inside a.
func (a Interval) Contains(b Interval) bool {
	return !b.Start.Before(a.Start) && !b.End.After(a.End)
}

// Has tells whether the instant t lies inside a.
func (a Interval) Has(t time.Time) bool { return !t.Before(a.Start) && t.Before(a.End) }

// Empty tells whether nothing lies inside.
func (a Interval) Empty() bool { return !a.Start.Before(a.End) }

// Minutes is the length in whole minutes.
func (a Interval) Minutes() int { return int(a.End.Sub(a.Start) / time.Minute) }

// Grow moves the end by d.
func (a Interval) Grow(d time.Duration) Interval { return Interval{a.Start, a.End.Add(d)} }

// Minus is what of a no interval of cut covers, in order. Cut need not be sorted.
func (a Interval) Minus(cut ...Interval) []Interval {
	left := []Interval{a}
	for _, c := range cut {
		var next []Interval
		for _, l := range left {
			if !l.Overlaps(c) {
				next = append(next, l)
				continue
			}
			if head := (Interval{l.Start, c.Start}); !head.Empty() {
				next = append(next, head)
			}
			if tail := (Interval{c.End, l.End}); !tail.Empty() {
				next = append(next, tail)
			}
		}
		left = next
	}
	return left
}
