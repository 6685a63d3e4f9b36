package booking

import "time"

// answerHorizon bounds how far open time is looked for: a center that stays
// closed longer answers by the wall clock.
const answerHorizon = 60

// OpenMinutesBetween is how many whole minutes of i the center is open.
func (c *Catalog) OpenMinutesBetween(center *Center, i Interval) int {
	var open time.Duration
	for d := DateOf(i.Start, c.Zone); d.At(0, c.Zone).Before(i.End); d = d.Add(1) {
		for _, o := range c.Day(center, d).Open {
			if part := (Interval{maxTime(o.Start, i.Start), minTime(o.End, i.End)}); !part.Empty() {
				open += part.End.Sub(part.Start)
			}
		}
	}
	return int(open / time.Minute)
}

// AddOpenHours is when so many hours of open time have passed since from.
// Where the center does not open that much within sixty days, it is so many
// hours by the clock, so that nobody waits for ever.
func (c *Catalog) AddOpenHours(center *Center, from time.Time, hours int) time.Time {
	return c.addOpen(center, from, time.Duration(hours)*time.Hour, answerHorizon)
}

// addOpen is AddOpenHours for any length, looking so many days ahead.
func (c *Catalog) addOpen(center *Center, from time.Time, length time.Duration, days int) time.Time {
	left := length
	d := DateOf(from, c.Zone)
	for n := 0; n <= days; n++ {
		for _, o := range c.Day(center, d.Add(n)).Open {
			part := Interval{maxTime(o.Start, from), o.End}
			if part.Empty() {
				continue
			}
			if length := part.End.Sub(part.Start); length < left {
				left -= length
				continue
			}
			return part.Start.Add(left)
		}
	}
	return from.Add(length)
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
