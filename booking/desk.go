package booking

import (
	"context"
	"slices"
	"sync"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Today is the desk's board of one day.
type Today struct {
	Date      Date
	Now       time.Time
	Zone      *time.Location
	Machines  []Machine
	ToConfirm []View // no check-in seen: did they come?
	ToCall    []View // no message reached them
	Counts    map[string]int
}

// Machine is one unit on the board. State: free, in_use, booked, outage, closed.
type Machine struct {
	Equipment *Equipment
	Unit      int
	State     string
	Outage    *Outage
	Bookings  []View // masked
}

// deskMinutes remembers the last minute a center's desk was written down as
// active, so that a busy desk writes one row a minute and no more.
type deskMinutes struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (d *deskMinutes) fresh(center string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	minute := now.Truncate(time.Minute)
	if d.last[center].Equal(minute) {
		return false
	}
	if d.last == nil {
		d.last = map[string]time.Time{}
	}
	d.last[center] = minute
	return true
}

// sawDesk notes that the center's desk is active: somebody of that very center
// did something there. Who looks after every center may sit anywhere. The
// no-show job judges only where it was; a lost note can only spare somebody a no-show.
func (s *Service) sawDesk(ctx context.Context, actor account.Actor, center string) {
	if actor.Job != "" || !actor.WorksAt(center) || !s.desk.fresh(center, s.now()) {
		return
	}
	_, _ = do(ctx, s.Store, func(ctx context.Context, tx Tx) (bool, error) { return true, tx.Seen(ctx, center) })
}

// boardLimit bounds the bookings of one day at one center.
const boardLimit = 1000

// Today is the desk's board of a day; "" is today. People are masked.
func (s *Service) Today(ctx context.Context, actor account.Actor, center string, date Date) (*Today, error) {
	if !actor.May(account.DeskWork, center) {
		return nil, fault.ErrForbidden
	}
	s.sawDesk(ctx, actor, center)
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	home, ok := c.Center(center)
	if !ok {
		return nil, fault.ErrNotFound
	}
	now := s.now()
	if date == "" {
		date = DateOf(now, c.Zone)
	}
	whole := date.Whole(c.Zone)
	t := &Today{Date: date, Now: now, Zone: c.Zone, ToConfirm: []View{}, ToCall: []View{}, Counts: map[string]int{}}
	var views []View
	var outages []*Outage
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		day, err := r.Bookings(ctx, ListQuery{Centers: []string{center}, From: whole.Start, To: whole.End, Limit: boardLimit})
		if err != nil {
			return err
		}
		// Who is still at a machine since before midnight, and jobs received days ago, stand on today's board too.
		running, err := r.Bookings(ctx, ListQuery{Centers: []string{center}, Statuses: []Status{CheckedIn}, To: whole.Start, Limit: boardLimit})
		if err != nil {
			return err
		}
		if date > DateOf(now, c.Zone) { // a coming day's board has only what reaches into it
			running = slices.DeleteFunc(running, func(b *Booking) bool { return !b.End.After(whole.Start) })
		}
		if views, err = s.views(ctx, r, c, append(running, day...), actor); err != nil {
			return err
		}
		if outages, err = r.Outages(ctx, OutageQuery{Centers: []string{center}, Overlaps: whole, Limit: 200}); err != nil {
			return err
		}
		return s.toCall(ctx, r, c, center, actor, t)
	})
	if err != nil {
		return nil, err
	}
	t.fill(c, home, views, outages)
	return t, nil
}

// views shows bookings with their people, masked.
func (s *Service) views(ctx context.Context, r Reader, c *Catalog, bs []*Booking, actor account.Actor) ([]View, error) {
	var ids []string
	for _, b := range bs {
		ids = append(ids, b.AccountID)
	}
	people, err := r.People(ctx, ids)
	out := make([]View, 0, len(bs))
	for _, b := range bs {
		v := s.view(c, b, people[b.AccountID], actor)
		if actor.ID != b.AccountID || actor.May(account.DeskWork, b.CenterID) {
			*v = v.masked()
		}
		out = append(out, *v)
	}
	return out, err
}

// toCall lists people with a coming booking whom no message reached.
func (s *Service) toCall(ctx context.Context, r Reader, c *Catalog, center string, actor account.Actor, t *Today) error {
	ids, err := r.Unreached(ctx, center, 100)
	if err != nil || len(ids) == 0 {
		return err
	}
	bs, err := r.Bookings(ctx, ListQuery{IDs: ids, Limit: 100})
	if err != nil {
		return err
	}
	bs = slices.DeleteFunc(bs, func(b *Booking) bool { return b.End.Before(t.Now) })
	t.ToCall, err = s.views(ctx, r, c, bs, actor)
	return err
}

// fill sorts the day's bookings onto the units and counts them.
func (t *Today) fill(c *Catalog, home *Center, views []View, outages []*Outage) {
	for _, v := range views {
		switch {
		case v.Status == Confirmed && v.Details.ArrivedAt == nil && v.unseen(t.Now):
			t.ToConfirm = append(t.ToConfirm, v)
			t.Counts["to_confirm"]++
		}
		t.Counts[string(v.Status)]++
	}
	for _, e := range home.Equipment {
		if e.Retired {
			continue
		}
		for unit := 1; unit <= e.Quantity; unit++ {
			m := Machine{Equipment: e, Unit: unit, Bookings: []View{}}
			for _, v := range views {
				if v.EquipmentID == e.ID && v.Unit == unit {
					m.Bookings = append(m.Bookings, v)
				}
			}
			for _, o := range outages {
				if o.EquipmentID == e.ID && (o.Unit == 0 || o.Unit == unit) && o.Interval(t.Now).Has(t.Now) {
					m.Outage = o
				}
			}
			m.State = m.state(c, t.Now)
			t.Counts["units_"+m.State]++
			t.Machines = append(t.Machines, m)
		}
	}
}

// unseen tells whether the grace is over and nobody was seen.
func (v View) unseen(now time.Time) bool {
	until := v.Details.Terms.CheckInUntil
	if until == nil {
		return now.After(v.End)
	}
	return !now.Before(*until)
}

func (m Machine) state(c *Catalog, now time.Time) string {
	for _, v := range m.Bookings {
		if v.Status == CheckedIn && !now.Before(v.Start) {
			return "in_use"
		}
	}
	if m.Outage != nil {
		return "outage"
	}
	for _, v := range m.Bookings {
		if v.Status.Occupies() && v.Occupied().Has(now) {
			return "booked"
		}
	}
	open := c.Day(m.Equipment.Center, DateOf(now, c.Zone)).Open
	if !slices.ContainsFunc(open, func(i Interval) bool { return i.Has(now) }) {
		return "closed"
	}
	return "free"
}
