package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Repeat says that maintenance comes again at the same time of day.
type Repeat struct {
	Every string // week, month: the same day of it, the last one in a shorter month
	Until Date   // the last day on which it may begin
}

// mostRepeats bounds one series: a year of weeks, five years of months.
const mostRepeats = 60

// repeated are the outages of a series, the first one first; all but a single
// one carry its id as their series.
func (s *Service) repeated(o Outage, r *Repeat, zone *time.Location) ([]Outage, error) {
	if r == nil {
		return []Outage{o}, nil
	}
	switch {
	case o.To == nil:
		return nil, fault.BadField("to", "required", "")
	case r.Every != "week" && r.Every != "month":
		return nil, fault.BadField("repeat.every", "oneof", "week month")
	case r.Until < DateOf(o.From, zone):
		return nil, fault.BadField("repeat.until", "after", "from")
	}
	o.Series = o.ID
	times := r.Times(Interval{o.From, *o.To}, zone)
	if len(times) > mostRepeats {
		return nil, fault.BadField("repeat.until", "max_items", itoa(mostRepeats))
	}
	var out []Outage
	for k, i := range times {
		next := o
		next.From, next.To = i.Start, &times[k].End
		switch {
		case k == 0:
		case i.Start.Before(times[k-1].End):
			return nil, fault.BadField("to", "before", "repeat")
		default:
			next.ID = s.NewID()
		}
		out = append(out, next)
	}
	return out, nil
}

// Times are the times of a series that begins with first, one more than there
// may be at the most.
func (r Repeat) Times(first Interval, zone *time.Location) []Interval {
	var out []Interval
	for k := 0; k <= mostRepeats; k++ {
		i := Interval{again(first.Start, r.Every, k, zone), again(first.End, r.Every, k, zone)}
		if DateOf(i.Start, zone) > r.Until {
			break
		}
		out = append(out, i)
	}
	return out
}

// again is the same wall clock k weeks or months later.
func again(t time.Time, every string, k int, zone *time.Location) time.Time {
	day, next := DateOf(t, zone), DateOf(t, zone).Add(7*k)
	if every == "month" {
		next = day.AddMonths(k)
	}
	return next.At(0, zone).Add(t.Sub(day.At(0, zone)))
}

// OutageDue looks after the bookings that an overdue repair comes to hit as it
// goes on day by day: whoever has a time within the next 24 hours goes to
// another unit or is told now, and not at the counter. Who is at the machine
// shows that it works, and is left alone.
func (s *Service) OutageDue(ctx context.Context) (int, error) {
	var overdue []*Outage
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		overdue, err = r.Outages(ctx, OutageQuery{Overdue: s.now(), Limit: drainBatch})
		return err
	})
	n := 0
	for _, o := range overdue {
		did, failed := s.goOn(ctx, o)
		if failed != nil && fault.Code(failed) != "stale" {
			err = failed
		}
		n += did
	}
	return n, err
}

func coming(b *Booking) bool { return b.Status != CheckedIn }

// goOn handles one overdue repair; nothing is written while it hits nobody.
func (s *Service) goOn(ctx context.Context, o *Outage) (int, error) {
	hits := false
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		spans, err := r.Busy(ctx, []string{o.EquipmentID}, o.Interval(r.Now()))
		for _, x := range spans {
			hits = hits || x.Booking != "" && x.Status.Occupies() && x.Status != CheckedIn && (o.Unit == 0 || o.Unit == x.Unit) &&
				x.Interval.Overlaps(o.Interval(r.Now())) && x.Interval.End.After(r.Now())
		}
		return err
	})
	if err != nil || !hits {
		return 0, err
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*outageOutcome, error) {
		if err := tx.Lock(ctx, Locks{Equipment: []string{o.EquipmentID}}); err != nil {
			return nil, err
		}
		found, err := tx.Outages(ctx, OutageQuery{ID: o.ID, Overdue: tx.Now(), Limit: 1})
		if err != nil || len(found) == 0 {
			return &outageOutcome{}, err
		}
		c, err := tx.Catalog(ctx)
		if err != nil {
			return nil, err
		}
		out := &outageOutcome{outages: found, catalog: c}
		out.affected, err = s.withdrawOutages(ctx, tx, account.System("repair"), c, found, "outage.go_on", coming)
		return out, err
	})
	if err != nil || len(out.outages) == 0 {
		return 0, err
	}
	s.changedIn(out.catalog, []string{o.EquipmentID}, o.Interval(s.now()))
	return len(out.affected), nil
}
