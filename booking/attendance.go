package booking

import (
	"context"
	"time"
)

// Attendance is how many bookings of a machine that were made ahead had begun,
// and to how many of them nobody came.
type Attendance struct{ Expected, NoShows int }

// Attendances tells it for each machine of a center with bookings that start
// in the interval. It is for the program alone: whoever shows it asks first.
func (s *Service) Attendances(ctx context.Context, center string, i Interval) (map[string]Attendance, error) {
	out := map[string]Attendance{}
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		clear(out)
		sums, err := r.UseSums(ctx, UseQuery{Centers: []string{center}, Spans: []Interval{i}, Now: r.Now().Truncate(time.Minute)})
		for _, u := range sums {
			out[u.Equipment] = Attendance{u.Counts.Expected, u.Counts.NoShows}
		}
		return err
	})
	return out, err
}
