package scheduler

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// every fires at whole multiples of a duration. The library's own "@every"
// truncates to whole seconds and counts from the start.
type every time.Duration

func (e every) Next(t time.Time) time.Time {
	d := time.Duration(e)
	return t.Truncate(d).Add(d)
}

var calendarSpec = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// calendar reads a cron spec (minute hour day month weekday) in a zone,
// whatever zone the server itself lives in.
func calendar(spec string, zone *time.Location) (cron.Schedule, error) {
	s, err := calendarSpec.Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("scheduler: spec %q: %w", spec, err)
	}
	if s, ok := s.(*cron.SpecSchedule); ok {
		s.Location = zone
	}
	return s, nil
}

// dueTimes lists the due times in (after, until], at most limit, oldest first.
func dueTimes(s cron.Schedule, after, until time.Time, limit int) []time.Time {
	var due []time.Time
	for len(due) < limit {
		after = s.Next(after)
		if after.IsZero() || after.After(until) {
			break
		}
		due = append(due, after.UTC())
	}
	return due
}
