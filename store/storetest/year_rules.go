package storetest

import (
	"fmt"
	"time"

	"gongbang/booking"
)

// yearRules are the rules of a time, told again in the test's own arithmetic:
// what a done page promises, and what the engine is held to.
type yearRules struct {
	no                     int
	hours                  int // a cancel is free until so many hours before; 0: until 18:00 of the day before
	opens, grace           int // minutes
	points, late           int
	threshold, days, limit int
}

// yearEras are the rules of the year: two changes, the first stricter about
// cancelling and coming late, the second about not coming at all.
var yearEras = []yearRules{
	{0, 2, 30, 20, 1, 1, 2, 30, 4},
	{1, 0, 20, 10, 1, 2, 3, 30, 4},
	{2, 4, 30, 30, 2, 1, 4, 14, 3},
}

func (r yearRules) policy() string {
	until := fmt.Sprintf(`{"hours_before":%d}`, r.hours)
	if r.hours == 0 {
		until = `{"days_before":1,"at":"18:00"}`
	}
	return fmt.Sprintf(`{"slot_minutes":60,"max_minutes":180,"cancel_until":%s,"check_in":{"opens_minutes_before":%d,"grace_minutes":%d},
		"no_show":{"points":%d,"late_cancel_points":%d,"threshold":%d,"suspend":{"days":%d},"points_expire":{"days":90}},
		"limits":[{"count":"bookings","max":%d,"per":"week","by":"person","over":"center"}]}`, until, r.opens, r.grace, r.points, r.late, r.threshold, r.days, r.limit)
}

// eraAt is the rule in force at a moment.
func (y *year) eraAt(at time.Time) yearRules {
	out := yearEras[0]
	for k, from := range y.turns() {
		if !at.Before(from) {
			out = yearEras[k+1]
		}
	}
	return out
}

// turns are when the rules change.
func (y *year) turns() []time.Time {
	return []time.Time{At(y.days/3, 0, 0), At(2*y.days/3, 12, 0)}
}

func (r yearRules) cancelUntil(start time.Time) time.Time {
	if r.hours == 0 {
		local := start.In(Seoul)
		return time.Date(local.Year(), local.Month(), local.Day()-1, 18, 0, 0, 0, Seoul)
	}
	return start.Add(-time.Duration(r.hours) * time.Hour)
}

func (r yearRules) graceEnd(start time.Time) time.Time {
	return start.Add(time.Duration(r.grace) * time.Minute)
}

func (r yearRules) opensAt(start time.Time) time.Time {
	return start.Add(-time.Duration(r.opens) * time.Minute)
}

// unlike tells how what a booking carries differs from what was promised; "" is not at all.
func (r yearRules) unlike(t booking.Terms, start time.Time) string {
	switch {
	case t.Prolonged && t.CancelUntil.After(r.cancelUntil(start)) && !t.CancelUntil.After(start): // by how much tells year.limit
	case !t.CancelUntil.Equal(r.cancelUntil(start)):
		return fmt.Sprintf("cancel until %s", t.CancelUntil)
	case (t.CheckInUntil == nil) != (t.Mode == booking.Operator) || t.CheckInUntil != nil && !t.CheckInUntil.Equal(r.graceEnd(start)):
		return fmt.Sprintf("grace until %v", t.CheckInUntil)
	case !t.CheckInFrom.Equal(r.opensAt(start)):
		return fmt.Sprintf("check-in from %s", t.CheckInFrom)
	case t.NoShow == nil || t.NoShow.NoShow != r.points || t.NoShow.LateCancel != r.late || len(t.NoShow.Steps) != 1 || t.NoShow.Steps[0].Points != r.threshold || t.NoShow.Steps[0].Suspend.N != r.days:
		return fmt.Sprintf("points %+v", t.NoShow)
	}
	return ""
}

// yearStrike is a point that somebody has only themselves to thank for.
type yearStrike struct {
	key    string // booking and kind
	points int
	at     time.Time
	rules  yearRules
}

// suspended tells whether somebody's own points stop their new bookings now.
func (y *year) suspended(who int) bool {
	now := y.Clock.Now()
	for _, s := range y.strikes[who] {
		if !now.Before(s.at.AddDate(0, 0, s.rules.days)) {
			continue
		}
		sum := 0
		for _, o := range y.strikes[who] {
			if (o.at.Before(s.at) || o.at.Equal(s.at) && o.key <= s.key) && o.at.AddDate(0, 0, 90).After(s.at) {
				sum += o.points
			}
		}
		if sum >= s.rules.threshold {
			return true
		}
	}
	return false
}

// inWeek counts somebody's bookings of the week of a start, without those that
// they gave back or the center took.
func (y *year) inWeek(who int, start time.Time) int {
	n := 0
	day, _ := y.dayOf(start) // the first day is a Monday
	for _, u := range y.all {
		if d, _ := y.dayOf(u.Start); u.who == who && u.counts && !u.walkIn && d/7 == day/7 {
			n++
		}
	}
	return n
}
