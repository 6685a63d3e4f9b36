package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
)

// Standing is how a center stands at this moment, in units that are booked here.
type Standing struct {
	Units int
	Free  int // in an open hour, neither in use, nor reserved, nor out of order
	Open  bool
}

// Now counts every center's units and those that are free this minute, by center id.
func (s *Service) Now(ctx context.Context) (map[string]Standing, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	machines := c.Search(SearchQuery{})
	now := s.now()
	minute := Interval{now, now.Add(time.Minute)}
	taken, err := s.takenOn(ctx, machines, minute)
	if err != nil {
		return nil, err
	}
	out := map[string]Standing{}
	today := DateOf(now, c.Zone)
	for _, e := range machines {
		center, known := out[e.Center.ID]
		if !known {
			open := append(c.Day(e.Center, today.Add(-1)).Open, c.Day(e.Center, today).Open...)
			center.Open = slices.ContainsFunc(open, func(i Interval) bool { return i.Has(now) })
		}
		if len(e.judgeElsewhere(c, minute)) == 0 {
			center.Units += e.Quantity
			if center.Open {
				f := Facts{Catalog: c, Busy: taken[e.ID].busy, Outages: taken[e.ID].outages}
				center.Free += len(f.free(e, minute, minute.End, ""))
			}
		}
		out[e.Center.ID] = center
	}
	return out, nil
}

// Earliest finds the first n free times of a machine; minutes says how long
// each should be, 0 for the shortest the machine allows. It looks at most 14
// days ahead and judges the machine and the time alone, not the person: whether
// they may is told when they press. A machine without a free time is left out.
func (s *Service) Earliest(ctx context.Context, actor account.Actor, machines map[string]int, n int) (map[string][]Interval, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Equipment
	for id := range machines {
		if e, err := c.machine(id); err == nil {
			list = append(list, e)
		}
	}
	now := s.now()
	today := DateOf(now, c.Zone)
	taken, err := s.takenOn(ctx, list, Interval{now, today.Add(earliestDays).At(0, c.Zone).Add(longest)})
	if err != nil {
		return nil, err
	}
	out := map[string][]Interval{}
	for _, e := range list {
		f := Facts{Catalog: c, Busy: taken[e.ID].busy, Outages: taken[e.ID].outages}
		minutes := max(machines[e.ID], e.Policy.MinMinutes)
		if found := s.earliest(ctx, f, e, min(minutes, e.Policy.MaxMinutes), n, s.owner(actor.ID)); len(found) > 0 {
			out[e.ID] = found
		}
	}
	return out, nil
}

// earliestDays is how far ahead Earliest looks.
const earliestDays = 14

func (s *Service) earliest(ctx context.Context, f Facts, e *Equipment, minutes, n int, owner string) (found []Interval) {
	now := s.now()
	today := DateOf(now, f.Catalog.Zone)
	for k := range earliestDays {
		for _, start := range f.Catalog.Starts(e, today.Add(k)) {
			i := Interval{start, start.Add(time.Duration(minutes) * time.Minute)}
			if v := f.judge(ask{equipment: e.ID, interval: i}, now); len(v.violations) > 0 {
				continue
			}
			units := f.offered(e, ask{equipment: e.ID, interval: i}, now)
			if len(units) == 0 || len(units) == s.heldUnits(ctx, e.ID, units, i.Grow(e.Policy.buffer()), owner) {
				continue
			}
			if found = append(found, i); len(found) == n {
				return found
			}
		}
	}
	return found
}

// Upcoming lists the actor's own bookings that have not ended, soonest first,
// and Recent the newest past ones, latest first; at most limit each.
func (s *Service) Upcoming(ctx context.Context, actor account.Actor, limit int) ([]View, error) {
	return s.own(ctx, actor, ListQuery{Statuses: []Status{Pending, Confirmed, CheckedIn}, From: s.now().Add(-longest), Limit: limit},
		func(b *Booking) bool { return b.End.After(s.now()) })
}

// Recent lists the actor's own bookings up to now and soon, newest first.
func (s *Service) Recent(ctx context.Context, actor account.Actor, limit int) ([]View, error) {
	return s.own(ctx, actor, ListQuery{Statuses: []Status{Confirmed, CheckedIn, Completed}, Backward: true, Limit: limit},
		func(*Booking) bool { return true })
}

func (s *Service) own(ctx context.Context, actor account.Actor, q ListQuery, keep func(*Booking) bool) (views []View, err error) {
	if actor.Anonymous() {
		return nil, nil
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	q.Account = actor.ID
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		bs, err := r.Bookings(ctx, q)
		if err != nil {
			return err
		}
		bs = slices.DeleteFunc(bs, func(b *Booking) bool { return !keep(b) })
		views, err = s.views(ctx, r, c, bs, actor)
		return err
	})
	return views, err
}
