package booking

import (
	"slices"
	"time"

	"gongbang/internal/lang"
)

// Why a day is closed as a whole.
const (
	ClosedHoliday = "holiday"
	ClosedDay     = "closed"
)

// Day is one day of a center's calendar.
type Day struct {
	Date Date
	// Open lists when the center is open, in UTC and in order; adjoining
	// openings are one span, closures are cut out.
	Open   []Interval
	Closed string    // "", ClosedHoliday or ClosedDay, for the whole day
	Reason lang.Text // the holiday's name or the closure's reason, where there is one
}

// Day is what the calendar says of a center on a day. The center of a retired
// machine is judged like any other; a retired center is never open.
func (c *Catalog) Day(center *Center, d Date) Day {
	day := Day{Date: d}
	name, holiday := c.Holidays[d]
	spans := center.hours(d, c.Zone)
	switch {
	case center.ClosedHolidays && holiday:
		day.Closed, day.Reason = ClosedHoliday, name
		return day
	case len(spans) == 0 || center.Retired:
		day.Closed = ClosedDay
		return day
	}
	cuts, reason := center.closed(Interval{spans[0].Start, spans[len(spans)-1].End})
	for _, s := range spans {
		day.Open = append(day.Open, s.Minus(cuts...)...)
	}
	if len(day.Open) == 0 {
		day.Closed, day.Reason = ClosedDay, reason
	}
	return day
}

// hours are the openings of a day by the week's hours alone, adjoining ones merged.
func (center *Center) hours(d Date, zone *time.Location) []Interval {
	var spans []Interval
	for _, o := range center.Hours[d.Weekday()] {
		i := Interval{d.At(o.From, zone), d.At(o.To, zone)}
		if !i.Empty() { // a clock change can swallow an opening
			spans = append(spans, i)
		}
	}
	return merge(spans)
}

// closed lists the closures that overlap i and the reason of the first.
func (center *Center) closed(i Interval) (cuts []Interval, reason lang.Text) {
	for _, cl := range center.Closures {
		if !cl.When.Overlaps(i) {
			continue
		}
		if len(cuts) == 0 {
			reason = cl.Reason
		}
		cuts = append(cuts, cl.When)
	}
	return cuts, reason
}

// merge joins overlapping and touching intervals, in order.
func merge(in []Interval) []Interval {
	in = slices.Clone(in)
	slices.SortFunc(in, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	var out []Interval
	for _, i := range in {
		if n := len(out); n > 0 && !i.Start.After(out[n-1].End) {
			if i.End.After(out[n-1].End) {
				out[n-1].End = i.End
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

// openBetween is when the center is open from the start of day d to the end
// of the day n days later; spans that meet at midnight are one.
func (c *Catalog) openBetween(center *Center, d Date, n int) []Interval {
	var open []Interval
	for i := 0; i <= n; i++ {
		open = append(open, c.Day(center, d.Add(i)).Open...)
	}
	return merge(open)
}

// gridFrom is where the day's grid begins: its first opening by the week's
// hours. A closure does not move it, so the day's other slots stay where people know them.
func (c *Catalog) gridFrom(center *Center, d Date) (time.Time, bool) {
	spans := center.hours(d, c.Zone)
	if len(spans) == 0 {
		return time.Time{}, false
	}
	return spans[0].Start, true
}

// Slots is the grid of a machine on a day: whole slots inside open time that
// begin on this day. The last one of a center that is open over midnight may
// end on the next day.
func (c *Catalog) Slots(e *Equipment, d Date) []Interval {
	return c.steps(e, d, e.Policy.SlotMinutes, e.Policy.SlotMinutes)
}

// Starts lists when a booking may begin on a day: every step of
// start_step_minutes after which the shortest booking still fits.
func (c *Catalog) Starts(e *Equipment, d Date) []time.Time {
	var starts []time.Time
	for _, i := range c.steps(e, d, e.Policy.StartStepMinutes, e.Policy.MinMinutes) {
		starts = append(starts, i.Start)
	}
	return starts
}

// steps lists the intervals of length minutes that begin every step minutes on
// day d and lie in open time. Steps are real minutes, also over a clock change.
func (c *Catalog) steps(e *Equipment, d Date, step, length int) []Interval {
	from, ok := c.gridFrom(e.Center, d)
	if !ok || step < 1 || length < 1 {
		return nil
	}
	var out []Interval
	end := d.Add(1).At(0, c.Zone)
	open := c.openBetween(e.Center, d, 1+length/(24*60))
	for at := from; at.Before(end); at = at.Add(time.Duration(step) * time.Minute) {
		for len(open) > 0 && !open[0].End.After(at) {
			open = open[1:]
		}
		i := Interval{at, at.Add(time.Duration(length) * time.Minute)}
		if len(open) > 0 && open[0].Contains(i) {
			out = append(out, i)
		}
	}
	return out
}

// mostDays is how many days behind its first one a booking is looked at: no
// booking is longer than one day.
const mostDays = 2

// judgeCalendar holds an asked time against hours, holidays, closures, grid
// and lengths. What is closed hides what is outside the hours, which hides what
// is off the grid; lengths are told beside any of them.
func (c *Catalog) judgeCalendar(e *Equipment, i Interval) []Violation {
	p := e.Policy
	var found []Violation
	if length := i.End.Sub(i.Start); length < time.Duration(p.MinMinutes)*time.Minute {
		found = append(found, vTooShort(p.MinMinutes))
	} else if length > time.Duration(p.MaxMinutes)*time.Minute {
		found = append(found, vTooLong(p.MaxMinutes))
	}
	if v, bad := c.judgeOpen(e, i); bad {
		return append([]Violation{v}, found...)
	}
	return found
}

func (c *Catalog) judgeOpen(e *Equipment, i Interval) (Violation, bool) {
	first := DateOf(i.Start, c.Zone)
	for d, n := first, 0; n <= mostDays && d.At(0, c.Zone).Before(maxTime(i.End, i.Start.Add(1))); d, n = d.Add(1), n+1 {
		switch day := c.Day(e.Center, d); day.Closed {
		case ClosedHoliday:
			return vHoliday(d, day.Reason), true
		case ClosedDay:
			return vClosed(d, false, day.Reason), true
		}
	}
	if cuts, reason := e.Center.closed(i); len(cuts) > 0 {
		return vClosed(first, true, reason), true
	}
	if !c.openAllOf(e.Center, i) {
		return vOutsideHours(e.Center.Hours[first.Weekday()]), true
	}
	if !c.onGrid(e, i) {
		return vOffGrid(e.Policy.SlotMinutes, e.Policy.StartStepMinutes), true
	}
	return Violation{}, false
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (c *Catalog) openAllOf(center *Center, i Interval) bool {
	first, days := DateOf(i.Start, c.Zone), 0
	for days < mostDays && first.Add(days+1).At(0, c.Zone).Before(i.End) {
		days++
	}
	for _, open := range c.openBetween(center, first, days) {
		if open.Contains(i) {
			return true
		}
	}
	return false
}

// onGrid judges by the grid of the day of the start; times must be whole minutes.
func (c *Catalog) onGrid(e *Equipment, i Interval) bool {
	from, ok := c.gridFrom(e.Center, DateOf(i.Start, c.Zone))
	if !ok {
		return false
	}
	step := time.Duration(e.Policy.StartStepMinutes) * time.Minute
	slot := time.Duration(e.Policy.SlotMinutes) * time.Minute
	return step > 0 && slot > 0 && i.Start.Sub(from)%step == 0 && i.End.Sub(i.Start)%slot == 0
}

// Breaks tells why something that stands at the interval on a machine can't
// stand there by this catalog: "retired", "closed", "holiday", "outside_hours";
// "" when it can. Grid and lengths are judged only when a time is chosen.
func (c *Catalog) Breaks(equipment string, i Interval) string {
	e, ok := c.Machine(equipment)
	if !ok || e.Retired || e.Center.Retired {
		return "retired"
	}
	if v, bad := c.judgeOpen(e, i); bad && v.Code != "off_grid" {
		return v.Code
	}
	return ""
}
