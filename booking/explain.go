package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Explanation answers "why can't I book this?". Needs is empty, or says why staff must look first.
type Explanation struct {
	Allowed    bool
	Needs      []string
	Violations []Violation
}

// Explain judges a time for the caller with the same function that books.
// Who is not signed in is judged by the machine and the time alone.
func (s *Service) Explain(ctx context.Context, actor account.Actor, equipment string, start, end time.Time) (Explanation, error) {
	i := Interval{start.UTC(), end.UTC()}
	if err := checkInterval(i); err != nil {
		return Explanation{}, err
	}
	a := ask{account: actor.ID, equipment: equipment, interval: i, declared: true, ofAge: true, open: true}
	var x Explanation
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		f, err := s.facts(ctx, r, a)
		if err != nil {
			return err
		}
		v := f.judge(a, s.now())
		x = Explanation{Allowed: len(v.violations) == 0, Needs: v.needs, Violations: v.violations}
		return nil
	})
	return x, err
}

// Search finds machines; with a free interval only those with a unit that is
// free, not held and bookable for all of it.
func (s *Service) Search(ctx context.Context, q SearchQuery, free Interval) ([]FreeEquipment, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	found := c.Search(q)
	out := make([]FreeEquipment, 0, len(found))
	if free == (Interval{}) {
		for _, e := range found {
			out = append(out, FreeEquipment{Equipment: e})
		}
		return out, nil
	}
	free = Interval{free.Start.UTC(), free.End.UTC()}
	if err := checkInterval(free); err != nil {
		return nil, err
	}
	taken, err := s.takenOn(ctx, found, Interval{free.Start.Add(-longest), free.End.Add(longest)})
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		f := Facts{Catalog: c, Busy: taken[e.ID].busy, Outages: taken[e.ID].outages}
		v := f.judge(ask{equipment: e.ID, interval: free}, s.now())
		if len(v.violations) > 0 {
			continue
		}
		units := f.offered(e, ask{equipment: e.ID, interval: free}, s.now())
		if n := len(units) - s.heldUnits(ctx, e.ID, units, free.Grow(e.Policy.buffer()), ""); n > 0 {
			out = append(out, FreeEquipment{Equipment: e, FreeUnits: n})
		}
	}
	return out, nil
}

// taken is what stands on one machine.
type taken struct{ busy, outages []Span }

// takenOn reads what stands on some machines in one go.
func (s *Service) takenOn(ctx context.Context, machines []*Equipment, i Interval) (map[string]taken, error) {
	ids := make([]string, len(machines))
	for k, e := range machines {
		ids[k] = e.ID
	}
	var out map[string]taken
	if len(ids) == 0 {
		return out, nil
	}
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		spans, err := r.Busy(ctx, ids, i)
		out = byMachine(spans)
		return err
	})
	return out, err
}

func byMachine(spans []Span) map[string]taken {
	out := map[string]taken{}
	for _, x := range spans {
		t := out[x.Equipment]
		if x.Outage != "" {
			t.outages = append(t.outages, x)
		} else {
			t.busy = append(t.busy, x)
		}
		out[x.Equipment] = t
	}
	return out
}

// heldUnits counts which of the units somebody else holds; without a lock layer none.
func (s *Service) heldUnits(ctx context.Context, equipment string, units []int, i Interval, owner string) int {
	alive, err := s.Locks.List(ctx, equipment, i)
	if err != nil {
		return 0
	}
	n := 0
	for _, u := range units {
		for _, h := range alive {
			if h.Unit == u && h.Owner != owner {
				n++
				break
			}
		}
	}
	return n
}

// machine finds a machine that is not retired.
func (c *Catalog) machine(id string) (*Equipment, error) {
	e, ok := c.Machine(id)
	if !ok || e.Retired || e.Center.Retired {
		return nil, fault.ErrNotFound
	}
	return e, nil
}
