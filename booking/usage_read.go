package booking

import (
	"context"
	"time"
)

// Uses reads what reports of use are made of, summed by the database. Only
// bookings at the centers that start in the interval are looked at, and
// nothing behind Now, a whole minute, is counted.
type Uses interface {
	// UseSums has one row for each machine with bookings.
	UseSums(ctx context.Context, q UseQuery) ([]UseSum, error)
	// UseFirst counts by machine the people whose very first use is one of these.
	UseFirst(ctx context.Context, q UseQuery) (map[string]int, error)
	// UsePeople counts different people and firms that came to the named
	// machines, under "" or by center or machine.
	UsePeople(ctx context.Context, q UseQuery, by UseBy) (map[string]UsePeople, error)
	// UseHours parts used time of the named machines by weekday (0 is Monday)
	// and hour of a wall clock that is so far ahead of UTC.
	UseHours(ctx context.Context, q UseQuery, ahead time.Duration) ([]UseHour, error)
}

// UseQuery selects bookings for a report.
type UseQuery struct {
	Centers   []string
	Equipment []string // of UsePeople and UseHours; empty is none
	Starts    Interval // start in [Start, End)
	Now       time.Time
}

// UseBy names what people are counted by.
type UseBy string

const (
	UseByNothing UseBy = ""
	UseByCenter  UseBy = "center"
	UseByMachine UseBy = "equipment"
)

// UseSum is one machine's sums; the machine has no open time here.
type UseSum struct {
	Equipment string
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

// usageOf reads and puts together one report.
func usageOf(ctx context.Context, r Reader, c *Catalog, q UsageQuery, centers []string) (*Usage, error) {
	p := usagePlan{catalog: c, query: q, centers: centers, asOf: r.Now().Truncate(time.Minute)}
	p.whole = Interval{q.From.At(0, c.Zone), minTime(q.To.Add(1).At(0, c.Zone), p.asOf)}
	if p.whole.Empty() {
		p.whole.End = p.whole.Start
	}
	p.machines = p.inService()
	if len(centers) == 0 {
		return p.report(nil, nil, openTime{}), nil
	}
	var sums []UseSum
	var parts []usagePart
	for _, span := range p.spans() {
		found, err := r.UseSums(ctx, p.ask(span.Interval, nil))
		if err != nil {
			return nil, err
		}
		first, err := r.UseFirst(ctx, p.ask(span.Interval, nil))
		if err != nil {
			return nil, err
		}
		for i := range found {
			found[i].FirstTime = first[found[i].Equipment]
		}
		sums = append(sums, found...)
		parts = append(parts, usagePart{span, found})
	}
	outages, err := r.Outages(ctx, OutageQuery{Centers: centers, Overlaps: Interval{p.whole.Start, p.whole.End.Add(1)}, Limit: mostOutages})
	if err != nil {
		return nil, err
	}
	out := p.report(sums, parts, c.openTime(p.machines, outages, p.whole, p.asOf))
	if err := p.people(ctx, r, out); err != nil {
		return nil, err
	}
	return out, p.hours(ctx, r, out)
}

// people fills in what can't be summed: the same person may come to two machines.
func (p usagePlan) people(ctx context.Context, r Reader, out *Usage) error {
	all := ids(p.machines)
	set := func(g *UsageGroup, q UseQuery) error {
		found, err := r.UsePeople(ctx, q, UseByNothing)
		g.People, g.Firms = found[""].People, found[""].Firms
		return err
	}
	if err := set(&out.Total, p.ask(p.whole, all)); err != nil {
		return err
	}
	var by map[string]UsePeople
	var err error
	switch p.query.GroupBy {
	case "center", "equipment":
		by, err = r.UsePeople(ctx, p.ask(p.whole, all), UseBy(p.query.GroupBy))
	}
	for i := range out.Groups {
		g := &out.Groups[i]
		switch p.query.GroupBy {
		case "category":
			err = set(g, p.ask(p.whole, ids(p.of(g.Key))))
		case "month":
			err = set(g, p.ask(p.month(g.Key), all))
		default:
			g.People, g.Firms = by[g.Key].People, by[g.Key].Firms
		}
		if err != nil {
			return err
		}
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
		found, err := r.UseHours(ctx, p.ask(Interval{at, until.UTC()}, ids(p.machines)), time.Duration(ahead)*time.Second)
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

func (p usagePlan) ask(starts Interval, equipment []string) UseQuery {
	return UseQuery{Centers: p.centers, Equipment: equipment, Starts: starts, Now: p.asOf}
}

func ids(machines []*Equipment) []string {
	out := make([]string, len(machines))
	for i, e := range machines {
		out[i] = e.ID
	}
	return out
}
