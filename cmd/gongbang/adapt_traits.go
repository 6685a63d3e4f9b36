package main

import (
	"context"
	"sync"
	"time"

	"gongbang/booking"
	"gongbang/survey"
)

// noShowDays is how far back a machine's no-shows are counted.
const noShowDays = 90

// noShowBook remembers the last day of each center that was asked about: uses
// of one day end one after another and share what was before that day.
type noShowBook struct {
	mu   sync.Mutex
	days map[string]noShowDay
}

type noShowDay struct {
	day  time.Time
	came map[string]booking.Attendance
}

// before is a machine's record in the 90 days that ended with the day before the use.
func (n *noShowBook) before(ctx context.Context, s *booking.Service, v *booking.View) (booking.Attendance, error) {
	local := v.Start.In(v.Zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, v.Zone)
	n.mu.Lock()
	known := n.days[v.CenterID]
	n.mu.Unlock()
	if !known.day.Equal(day) {
		came, err := s.Attendances(ctx, v.CenterID, booking.Interval{Start: day.AddDate(0, 0, -noShowDays), End: day})
		if err != nil {
			return booking.Attendance{}, err
		}
		known = noShowDay{day, came}
		n.mu.Lock()
		if n.days == nil {
			n.days = map[string]noShowDay{}
		}
		n.days[v.CenterID] = known
		n.mu.Unlock()
	}
	return known.came[v.EquipmentID], nil
}

// traits puts a use into the buckets that satisfaction is compared by. Who
// was let in at the counter waited for no time: that bucket stays empty.
func (a *app) traits(ctx context.Context, v *booking.View) (survey.Traits, error) {
	came, err := a.noShows.before(ctx, a.bookings, v)
	if err != nil {
		return survey.Traits{}, err
	}
	t := survey.Traits{Hour: survey.HourTrait(v.Start, v.Zone), NoShow: survey.NoShowTrait(came.NoShows, came.Expected)}
	if v.Origin == booking.Online || v.Origin == booking.AtDesk {
		t.Wait = survey.WaitTrait(v.CreatedAt, v.Start, v.Zone)
	}
	return t, nil
}
