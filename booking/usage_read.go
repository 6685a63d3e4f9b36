package booking

import (
	"context"
	"time"
)

// Uses reads what reports of use are made of, summed by the database. Only
// bookings at the centers that start in a span are looked at, and nothing
// behind Now, a whole minute, is counted.
type Uses interface {
	// UseSums has one row for each machine and span with bookings.
	UseSums(ctx context.Context, q UseQuery) ([]UseSum, error)
	// UseFirst counts people whose very first use is one of these, by machine
	// and span; nothing else is in its rows.
	UseFirst(ctx context.Context, q UseQuery) ([]UseSum, error)
	// UsePeople counts different people and firms that came to the machines, by
	// the machines' groups; with several spans by their numbers, "0" and on.
	UsePeople(ctx context.Context, q UseQuery) (map[string]UsePeople, error)
	// UseHours parts used time of the machines by weekday (0 is Monday) and
	// hour of a wall clock that is so far ahead of UTC.
	UseHours(ctx context.Context, q UseQuery, ahead time.Duration) ([]UseHour, error)
}

// UseQuery selects bookings for a report.
type UseQuery struct {
	Centers  []string
	Machines map[string]string // of UsePeople and UseHours: a machine and the group it counts in
	Spans    []Interval        // at least one; each begins where the one before ends
	Now      time.Time
}

// UseSum is one machine's sums in one span; the machine has no open time here.
type UseSum struct {
	Equipment string
	Span      int // index into Spans
	Minutes   UsageMinutes
	Counts    UsageCounts
	FirstTime int
}

// UsePeople is how many different people and firms came.
type UsePeople struct{ People, Firms int }

// UseHour is used minutes of one weekday and hour.
type UseHour struct{ Weekday, Hour, Used int }

// mostOutages bounds how many outages of the period a report takes in.
const mostOutages = 20_000

// usage reads and puts together the report of use.
func (p usagePlan) usage(ctx context.Context, r Reader) (*Usage, error) {
	if len(p.centers) == 0 {
		return p.report(nil, openTime{}), nil
	}
	sums, err := p.sums(ctx, r)
	if err != nil {
		return nil, err
	}
	outages, err := r.Outages(ctx, OutageQuery{Centers: p.centers, Overlaps: Interval{p.whole.Start, p.whole.End.Add(1)}, Limit: mostOutages})
	if err != nil {
		return nil, err
	}
	out := p.report(sums, p.catalog.openTime(p.machines, outages, p.whole, p.asOf))
	if err := p.people(ctx, r, out); err != nil {
		return nil, err
	}
	return out, p.hours(ctx, r, out)
}

// sums reads what can be summed.
func (p usagePlan) sums(ctx context.Context, r Reader) ([]UseSum, error) {
	q := p.ask(nil)
	sums, err := r.UseSums(ctx, q)
	if err != nil {
		return nil, err
	}
	first, err := r.UseFirst(ctx, q)
	return append(sums, first...), err
}

// people fills in what can't be summed: the same person may come to two machines.
func (p usagePlan) people(ctx context.Context, r Reader, out *Usage) error {
	q := p.ask(func(*Equipment) string { return "" })
	q.Spans = []Interval{p.whole}
	total, err := r.UsePeople(ctx, q)
	out.Total.People, out.Total.Firms = total[""].People, total[""].Firms
	if err != nil || p.query.GroupBy == "" {
		return err
	}
	by, err := r.UsePeople(ctx, p.ask(func(e *Equipment) string { key, _ := p.groupOf(e); return key }))
	for i := range out.Groups {
		g := &out.Groups[i]
		found := by[g.Key]
		if len(p.months) > 1 {
			found = by[itoa(i)]
		}
		g.People, g.Firms = found.People, found.Firms
	}
	return err
}

// hours fills in used time by weekday and hour, between two changes of the
// clock at a time: within them local hours are a plain sum away from UTC.
func (p usagePlan) hours(ctx context.Context, r Reader, out *Usage) error {
	for at := p.whole.Start; at.Before(p.whole.End); {
		_, ahead := at.In(p.catalog.Zone).Zone()
		_, until := at.In(p.catalog.Zone).ZoneBounds()
		if until.IsZero() || until.After(p.whole.End) {
			until = p.whole.End
		}
		q := p.ask(func(*Equipment) string { return "" })
		q.Spans = []Interval{{at, until.UTC()}}
		found, err := r.UseHours(ctx, q, time.Duration(ahead)*time.Second)
		if err != nil {
			return err
		}
		for _, h := range found {
			out.Week[h.Weekday][h.Hour].Used += h.Used
		}
		at = until.UTC()
	}
	return nil
}

// ask begins a question about the period; group names the group of a machine.
func (p usagePlan) ask(group func(*Equipment) string) UseQuery {
	q := UseQuery{Centers: p.centers, Spans: []Interval{p.whole}, Now: p.asOf, Machines: map[string]string{}}
	if len(p.months) > 1 {
		q.Spans = nil
		for _, m := range p.months {
			q.Spans = append(q.Spans, m.Interval)
		}
	}
	for _, e := range p.machines {
		if group != nil {
			q.Machines[e.ID] = group(e)
		}
	}
	return q
}
