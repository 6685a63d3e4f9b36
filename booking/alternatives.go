package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/internal/fault"
)

const (
	wantedAlternatives = 3
	// horizon bounds how far ahead other times are looked for when the window has no end in sight.
	horizon = 92
	// neighbours bounds how many other machines are looked at.
	neighbours = 12
)

// withAlternatives adds free times near the lost one: on the same machine, the
// nearest first, then on machines of the same kind nearby at the same time.
func (s *Service) withAlternatives(ctx context.Context, a ask, err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	found, lookErr := s.alternatives(ctx, a)
	if lookErr != nil || found == nil {
		found = []Alternative{}
	}
	return f.Show("alternatives", found)
}

func (s *Service) alternatives(ctx context.Context, a ask) ([]Alternative, error) {
	c := s.last.Load() // the judgement that was just lost has verified it
	if c == nil {
		var err error
		if c, err = s.Catalog(ctx); err != nil {
			return nil, err
		}
	}
	e, err := c.machine(a.equipment)
	if err != nil {
		return nil, err
	}
	day := DateOf(a.interval.Start, c.Zone)
	found, err := s.sameMachine(ctx, c, e, a, []Date{day})
	if len(found) < wantedAlternatives && err == nil {
		found, err = s.sameMachine(ctx, c, e, a, s.daysAround(c, e, day))
	}
	if len(found) < wantedAlternatives && err == nil {
		var more []Alternative
		more, err = s.sameKind(ctx, c, e, a)
		found = append(found, more...)
	}
	return found[:min(len(found), wantedAlternatives)], err
}

// Instead is what else a person can take whose time the center took back:
// free times near it on the same machine, then on others of its kind nearby.
func (s *Service) Instead(ctx context.Context, v *View) ([]Alternative, error) {
	a := ask{equipment: v.EquipmentID, interval: v.Interval()}
	found, err := s.alternatives(ctx, a)
	if fault.Code(err) != "not_found" {
		return found, err
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	return s.sameKind(ctx, c, v.Equipment, a) // the machine is not offered any more
}

// daysAround lists the bookable days, nearest to day first. A later day never
// opens before an earlier one, so the first that is not open yet ends the way ahead.
func (s *Service) daysAround(c *Catalog, e *Equipment, day Date) []Date {
	today, soon := DateOf(s.now(), c.Zone), s.now().Add(24*time.Hour)
	var days []Date
	for k, ahead, back := 0, true, true; k <= horizon && (ahead || back); k++ {
		if d := day.Add(k); ahead {
			if ahead = !e.opens(c, d).After(soon); ahead && d >= today {
				days = append(days, d)
			}
		}
		if d := day.Add(-k); back && k > 0 {
			if back = d >= today; back && !e.opens(c, d).After(soon) {
				days = append(days, d)
			}
		}
	}
	return days
}

// opens is when the first times of a day become bookable.
func (e *Equipment) opens(c *Catalog, d Date) time.Time {
	return e.Policy.Opens.Before(d.At(0, c.Zone), c.Zone)
}

// sameMachine finds the free starts nearest to the asked one on the given days.
func (s *Service) sameMachine(ctx context.Context, c *Catalog, e *Equipment, a ask, days []Date) ([]Alternative, error) {
	if len(days) == 0 {
		return nil, nil
	}
	recalled := func(_ Date, i Interval) (free, known bool) { return s.seen.get(c, e, i, s.now()) }
	if out, known := nearest(c, e, a, days, recalled); known {
		return out, nil
	}
	length := a.interval.End.Sub(a.interval.Start)
	// What begins on a day reaches this far into the next one.
	over := length + e.Policy.buffer()
	reach := Interval{slices.Min(days).At(0, c.Zone), slices.Max(days).Add(1).At(0, c.Zone).Add(over)}
	mark := s.seen.mark(e)
	stands, err := s.takenOn(ctx, []*Equipment{e}, reach)
	if err != nil {
		return nil, err
	}
	held, err := s.Locks.List(ctx, e.ID, reach)
	if err != nil {
		held = nil
	}
	var on Date
	var t taken
	out, _ := nearest(c, e, a, days, func(d Date, i Interval) (free, known bool) {
		if d != on {
			on, t = d, stands[e.ID].within(d.Whole(c.Zone).Grow(over))
		}
		free = s.open(c, e, t, held, i)
		s.seen.put(c, e, i, mark, free, s.now())
		return free, true
	})
	return out, nil
}

// nearest asks for the starts of one day after the other, the nearest first,
// until enough are free. known is false when the answer to one of them is not.
func nearest(c *Catalog, e *Equipment, a ask, days []Date, look func(Date, Interval) (free, known bool)) (out []Alternative, known bool) {
	length := a.interval.End.Sub(a.interval.Start)
	for _, d := range days {
		starts := c.Starts(e, d)
		slices.SortStableFunc(starts, func(x, y time.Time) int {
			return int(x.Sub(a.interval.Start).Abs()/time.Second) - int(y.Sub(a.interval.Start).Abs()/time.Second)
		})
		for _, start := range starts {
			i := Interval{start, start.Add(length)}
			free, known := look(d, i)
			if !known {
				return nil, false
			}
			if !free {
				continue
			}
			out = append(out, Alternative{EquipmentID: e.ID, CenterID: e.Center.ID, Interval: i})
			if len(out) == wantedAlternatives { // days come nearest first
				return out, true
			}
		}
	}
	return out, true
}

// within is the part that can stand in the way in an interval: a month of
// bookings need not be walked for each start of a day. Uses that run over
// their time stay.
func (t taken) within(i Interval) taken {
	day := taken{outages: t.outages}
	for _, x := range t.busy {
		if x.Interval.Start.Before(i.End) && (x.BusyUntil.After(i.Start) || x.Status == CheckedIn) {
			day.busy = append(day.busy, x)
		}
	}
	return day
}

// anybody is who fits no lane that is kept for some: what is offered instead is open to all.
const anybody = "anybody"

// open tells whether a time is free, not held by anybody and within the rules of the machine.
func (s *Service) open(c *Catalog, e *Equipment, t taken, held []Held, i Interval) bool {
	f := Facts{Catalog: c, Busy: t.busy, Outages: t.outages, Used: []string{anybody}}
	wanted := i.Grow(e.Policy.buffer())
	a := ask{account: anybody, equipment: e.ID, interval: i}
	units := slices.DeleteFunc(f.offered(e, a, s.now()), func(u int) bool {
		return slices.ContainsFunc(held, func(h Held) bool { return h.Unit == u && h.Interval.Overlaps(wanted) })
	})
	return len(units) > 0 && len(f.judge(a, s.now()).violations) == 0
}

// sameKind finds machines of the same category that are free at the asked
// time: the same district first, then the same operator.
func (s *Service) sameKind(ctx context.Context, c *Catalog, e *Equipment, a ask) ([]Alternative, error) {
	others := slices.DeleteFunc(c.Search(SearchQuery{Category: e.Category}), func(o *Equipment) bool { return o.ID == e.ID })
	far := func(o *Equipment) int {
		n := 0
		if o.Center.ID != e.Center.ID {
			n++
		}
		if o.Center.District != e.Center.District {
			n += 2
		}
		if o.Center.Operator != e.Center.Operator {
			n++
		}
		return n
	}
	slices.SortStableFunc(others, func(x, y *Equipment) int { return far(x) - far(y) })
	others = others[:min(len(others), neighbours)]
	var unknown []*Equipment
	reach := a.interval
	for _, o := range others {
		if _, known := s.seen.get(c, o, a.interval, s.now()); !known {
			unknown = append(unknown, o)
			reach.End = later(reach.End, a.interval.End.Add(o.Policy.buffer()))
		}
	}
	marks := make([]uint64, len(unknown))
	for k, o := range unknown {
		marks[k] = s.seen.mark(o)
	}
	stands, err := s.takenOn(ctx, unknown, reach)
	if err != nil {
		return nil, err
	}
	var out []Alternative
	for _, o := range others {
		if len(out) == wantedAlternatives {
			break
		}
		free, known := s.seen.get(c, o, a.interval, s.now())
		if k := slices.Index(unknown, o); k >= 0 {
			free = s.openNow(ctx, c, o, stands[o.ID], a.interval)
			s.seen.put(c, o, a.interval, marks[k], free, s.now())
		} else if !known { // it changed in this moment
			continue
		}
		if free {
			out = append(out, Alternative{EquipmentID: o.ID, CenterID: o.Center.ID, Interval: a.interval})
		}
	}
	return out, nil
}

// openNow asks the locks only about what the database has free.
func (s *Service) openNow(ctx context.Context, c *Catalog, e *Equipment, t taken, i Interval) bool {
	if !s.open(c, e, t, nil, i) {
		return false
	}
	held, err := s.Locks.List(ctx, e.ID, i.Grow(e.Policy.buffer()))
	if err != nil {
		held = nil
	}
	return s.open(c, e, t, held, i)
}
