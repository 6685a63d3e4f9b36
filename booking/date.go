package booking

import "time"

// Date is a day in the catalog's time zone, "2006-01-02"; "" is none. Dates compare as strings.
type Date string

const dateLayout = "2006-01-02"

// DateOf is the day that t falls on in the zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(dateLayout)) }

// ParseDate accepts exactly YYYY-MM-DD of a day that exists, from 2000 to 2200.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(dateLayout, s)
	return Date(s), err == nil && t.Format(dateLayout) == s && t.Year() >= 2000 && t.Year() <= 2200
}

// At is the instant minute minutes after this day's midnight by the wall clock (1440 is the next midnight).
func (d Date) At(minute int, zone *time.Location) time.Time {
	t, _ := time.Parse(dateLayout, string(d))
	return time.Date(t.Year(), t.Month(), t.Day(), minute/60, minute%60, 0, 0, zone).UTC()
}

// Add is the day n days later.
func (d Date) Add(n int) Date {
	t, _ := time.Parse(dateLayout, string(d))
	return Date(t.AddDate(0, 0, n).Format(dateLayout))
}

// AddMonths is the same day n months later, clamped to the month's last day.
func (d Date) AddMonths(n int) Date {
	t, _ := time.Parse(dateLayout, string(d))
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date(time.Date(first.Year(), first.Month(), min(t.Day(), last), 0, 0, 0, 0, time.UTC).Format(dateLayout))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	t, _ := time.Parse(dateLayout, string(d))
	return t.Weekday()
}

// Monday is the first day of d's week; weeks start on Monday.
func (d Date) Monday() Date { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// Month is d's calendar month, "2006-01".
func (d Date) Month() string { return string(d[:min(7, len(d))]) }

// Whole is the whole day as an interval.
func (d Date) Whole(zone *time.Location) Interval {
	return Interval{d.At(0, zone), d.Add(1).At(0, zone)}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
