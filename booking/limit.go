package booking

import (
	"slices"
	"time"
)

// hull is the smallest interval that holds both; an empty one adds nothing.
func hull(a, b Interval) Interval {
	switch {
	case a.Empty():
		return b
	case b.Empty():
		return a
	}
	if b.Start.Before(a.Start) {
		a.Start = b.Start
	}
	if b.End.After(a.End) {
		a.End = b.End
	}
	return a
}

// longest bounds one booking: who counts overlaps must look this far back from a start.
const longest = 24 * time.Hour

// upcomingReach is how far ahead upcoming bookings are counted.
const upcomingReach = 2 * 366 * 24 * time.Hour

// countedWindow is which starts of the person's bookings the limits need; empty without limits.
func (p Policy) countedWindow(c *Catalog, a ask, now time.Time) Interval {
	var w Interval
	for _, l := range p.Limits {
		w = hull(w, l.window(c, a, now))
	}
	return w
}

// window is where the starts of the bookings lie that one limit counts.
func (l Limit) window(c *Catalog, a ask, now time.Time) Interval {
	day := DateOf(a.interval.Start, c.Zone)
	switch {
	case l.Count == "upcoming":
		return Interval{now.Add(-longest), now.Add(upcomingReach)}
	case l.Count == "concurrent":
		return Interval{a.interval.Start.Add(-longest), a.interval.End}
	case l.Count == "consecutive_days":
		return Interval{day.Add(-l.Max).At(0, c.Zone), day.Add(l.Max+1).At(0, c.Zone)}
	case l.Per == "week":
		return Interval{day.Monday().At(0, c.Zone), day.Monday().Add(7).At(0, c.Zone)}
	case l.Per == "month":
		first := Date(day.Month() + "-01")
		return Interval{first.At(0, c.Zone), first.AddMonths(1).At(0, c.Zone)}
	}
	return day.Whole(c.Zone)
}

// judgeLimits holds the person's other bookings and this one against each limit.
func (f Facts) judgeLimits(e *Equipment, a ask, now time.Time) []Violation {
	var out []Violation
	for _, l := range e.Policy.Limits {
		if l.Allocation != "" { // nothing that is booked directly was drawn
			continue
		}
		used, add := 0, 1
		for _, spans := range f.counted(l) {
			used = max(used, f.usedOf(spans, l, e, a, now))
		}
		switch l.Count {
		case "minutes":
			add = a.interval.Minutes()
		case "consecutive_days":
			add = 0
		}
		if used+add > l.Max {
			out = append(out, vLimit(f.Catalog, e, l, used))
		}
	}
	return out
}

// counted are the bookings a limit counts: the person's, or for each of their
// confirmed firms those of all its confirmed members. Who has no firm is
// counted as a person.
func (f Facts) counted(l Limit) [][]Span {
	firms := map[string][]Span{}
	if l.By == "firm" {
		for _, m := range f.Firm {
			firms[m.Firm] = append(firms[m.Firm], m)
		}
	}
	out := [][]Span{f.Mine}
	for _, colleagues := range firms {
		out = append(out, slices.Concat(f.Mine, colleagues))
	}
	return out
}

// usedOf is how much of a limit those bookings take, without the asked one;
// for consecutive_days the row of days with it.
func (f Facts) usedOf(spans []Span, l Limit, e *Equipment, a ask, now time.Time) int {
	if l.Count == "consecutive_days" {
		return f.run(spans, l, e, a)
	}
	n, w := 0, l.window(f.Catalog, a, now)
	for _, m := range spans {
		if m.Booking == a.ignore || !w.Has(m.Interval.Start) || !f.inScope(l, e, m) {
			continue
		}
		switch l.Count {
		case "minutes":
			n += m.Interval.Minutes()
		case "upcoming":
			if (m.Status == Pending || m.Status == Confirmed) && m.Interval.End.After(now) {
				n++
			}
		case "concurrent":
			if m.Status.Occupies() && m.Interval.Overlaps(a.interval) {
				n++
			}
		default:
			n++
		}
	}
	return n
}

// inScope tells whether a booking of the person counts for the limit. A visit
// is what one person has at one center on one day, whatever the limit is over.
func (f Facts) inScope(l Limit, e *Equipment, m Span) bool {
	other, ok := f.Catalog.Machine(m.Equipment)
	if !ok {
		return l.Over == "city"
	}
	if l.Per == "visit" && other.Center.ID != e.Center.ID {
		return false
	}
	switch l.Over {
	case "equipment":
		return other.ID == e.ID
	case "category":
		return other.Category == e.Category
	case "center":
		return other.Center.ID == e.Center.ID
	}
	return true
}

// run is the length in days of the unbroken row of days with a booking that
// the asked day would stand in.
func (f Facts) run(spans []Span, l Limit, e *Equipment, a ask) int {
	days := map[Date]bool{}
	for _, m := range spans {
		if m.Booking != a.ignore && f.inScope(l, e, m) {
			days[DateOf(m.Interval.Start, f.Catalog.Zone)] = true
		}
	}
	day := DateOf(a.interval.Start, f.Catalog.Zone)
	n := 1
	for d := day.Add(-1); days[d]; d = d.Add(-1) {
		n++
	}
	for d := day.Add(1); days[d]; d = d.Add(1) {
		n++
	}
	return n
}
