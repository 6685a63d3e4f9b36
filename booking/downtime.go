package booking

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
)

// Downtime is when centers were closed apart from their hours and holidays, and
// when machines stood, in a period up to now. Both are cut to it.
type Downtime struct {
	Closures []ClosedTime
	Stops    []StopTime // machines, the longest stop first
	AsOf     time.Time
}

// ClosedTime is one closure of a center, by start.
type ClosedTime struct {
	Center string
	When   Interval
	Reason lang.Text
}

// StopTime sums the outages of a machine. Hours in which several overlap, or in
// which nobody could have come anyway, count as often as they are noted.
type StopTime struct {
	Equipment            string
	Faults, Maintenances int
	Longest              Interval
	Minutes              int // of all its units together
}

// Downtime lists closures and outages of the query's period and centers, for
// whoever may read results. GroupBy says nothing here.
func (s *Service) Downtime(ctx context.Context, actor account.Actor, q UsageQuery) (*Downtime, error) {
	var out *Downtime
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		p, err := usageAsked(ctx, r, actor, q)
		if err != nil {
			return err
		}
		out = &Downtime{AsOf: p.asOf}
		if len(p.centers) == 0 || p.whole.Empty() {
			return nil
		}
		out.Closures = p.closed()
		outages, err := r.Outages(ctx, OutageQuery{Centers: p.centers, Overlaps: p.whole, Limit: mostOutages})
		out.Stops = p.stops(outages)
		return err
	})
	return out, err
}

// closed lists the closures of the centers; one of the whole city is listed for each.
func (p usagePlan) closed() (out []ClosedTime) {
	for _, id := range p.centers {
		center, _ := p.catalog.Center(id)
		for _, cl := range center.Closures {
			if when := cut(cl.When, p.whole); !when.Empty() {
				out = append(out, ClosedTime{id, when, cl.Reason})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b ClosedTime) int { return a.When.Start.Compare(b.When.Start) })
	return out
}

// stops sums outages by machine.
func (p usagePlan) stops(outages []*Outage) (out []StopTime) {
	at := map[string]int{}
	known := map[string]*Equipment{}
	for _, e := range p.machines {
		known[e.ID] = e
	}
	for _, o := range outages {
		e := known[o.EquipmentID]
		if e == nil {
			continue
		}
		when := cut(o.minutes(p.asOf), p.whole)
		if when.Empty() {
			continue
		}
		i, ok := at[e.ID]
		if !ok {
			i = len(out)
			at[e.ID], out = i, append(out, StopTime{Equipment: e.ID})
		}
		out[i].add(o, when, e.Quantity)
	}
	slices.SortStableFunc(out, func(a, b StopTime) int { return cmp.Compare(b.Minutes, a.Minutes) })
	return out
}

func (s *StopTime) add(o *Outage, when Interval, quantity int) {
	units := quantity
	if o.Unit != 0 {
		units = 1
	}
	s.Minutes += units * when.Minutes()
	if o.Kind == Fault {
		s.Faults++
	} else {
		s.Maintenances++
	}
	if when.Minutes() > s.Longest.Minutes() {
		s.Longest = when
	}
}

// cut is the part of an interval that lies in another.
func cut(i, in Interval) Interval {
	i = Interval{later(i.Start, in.Start), minTime(i.End, in.End)}
	if i.Empty() {
		return Interval{}
	}
	return i
}
