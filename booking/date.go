package booking

import "time"

// Date is a day in the catalog's time zone, "2006-01-02"; "" is none. Dates compare as strings.
type Date string

const dateLayout = "2006-01-02"

// DateOf is the day that t falls on in the zone.
func DateOf(t time.Time, zone *time.Location) Date { return dateOf(t.In(zone)) }

// dateOf writes the day of t's own zone. The calendar asks for so many days
// that going through a layout was a tenth of the work of finding free times.
func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	if y < 0 || y > 9999 {
		return Date(t.Format(dateLayout))
	}
	return Date([]byte{
		byte('0' + y/1000), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-',
		byte('0' + m/10), byte('0' + m%10), '-', byte('0' + d/10), byte('0' + d%10),
	})
}

// parts are the year, month and day; those of the zero time for what is no date.
func (d Date) parts() (year int, month time.Month, day int) {
	if len(d) != len(dateLayout) {
		return 1, 1, 1
	}
	for i := range len(d) {
		if digit := d[i] >= '0' && d[i] <= '9'; digit == (i == 4 || i == 7) || !digit && d[i] != '-' {
			return 1, 1, 1
		}
	}
	two := func(i int) int { return int(d[i]-'0')*10 + int(d[i+1]-'0') }
	year, month, day = two(0)*100+two(2), time.Month(two(5)), two(8)
	if month < 1 || month > 12 || day < 1 || day > 31 || day > 28 && time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() != day {
		return 1, 1, 1
	}
	return year, month, day
}

// ParseDate accepts exactly YYYY-MM-DD of a day that exists, from 2000 to 2200.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(dateLayout, s)
	return Date(s), err == nil && t.Format(dateLayout) == s && t.Year() >= 2000 && t.Year() <= 2200
}

// At is the instant minute minutes after this day's midnight by the wall clock (1440 is the next midnight).
func (d Date) At(minute int, zone *time.Location) time.Time {
	year, month, day := d.parts()
	return time.Date(year, month, day, minute/60, minute%60, 0, 0, zone).UTC()
}

// Add is the day n days later.
func (d Date) Add(n int) Date {
	year, month, day := d.parts()
	return dateOf(time.Date(year, month, day+n, 0, 0, 0, 0, time.UTC))
}

// AddMonths is the same day n months later, clamped to the month's last day.
func (d Date) AddMonths(n int) Date {
	year, month, day := d.parts()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dateOf(time.Date(first.Year(), first.Month(), min(day, last), 0, 0, 0, 0, time.UTC))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	year, month, day := d.parts()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()
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
