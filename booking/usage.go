package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// usageMonths bounds the period of a usage report.
const usageMonths = 13

// UsageQuery asks how much machines were used. From and To are days in the
// catalog's zone, both included; left out, they are this month up to today.
type UsageQuery struct {
	Center, Category string // "": all that the asker may see
	From, To         Date
	GroupBy          string // "", "center", "category", "equipment", "month"
}

// UsageFilter is what was asked for, with the defaults filled in.
type UsageFilter struct {
	Centers  []string
	Category string
	From, To Date
	GroupBy  string
}

// Usage tells how machines were used. It speaks of what is over: everything is
// cut at AsOf, a running use too. A booking belongs to the day of its start.
// Opening hours, holidays and quantities are those of the catalog in force.
type Usage struct {
	Filter UsageFilter
	AsOf   time.Time
	Total  UsageGroup
	Groups []UsageGroup
	// Week is used and open time by weekday, Monday first, and hour of the
	// wall clock, over all machines of the total.
	Week [7][24]UsageHour
	// LeftOut counts bookings on machines that are retired or booked elsewhere:
	// nobody knows when those stood ready, so no figure holds them.
	LeftOut int
}

// UsageHour is minutes of one weekday and hour over the whole period.
type UsageHour struct{ Used, Open int }

// UsageGroup is the figures of a center, category, machine or month.
type UsageGroup struct {
	Key     string
	Label   lang.Text
	Minutes UsageMinutes
	Counts  UsageCounts
	People  int // different accounts that came
	Firms   int // different firms that their confirmed members came for
	// FirstTime counts people whose very first use in the whole service is one of these.
	FirstTime int
}

// UsageMinutes are whole minutes. What was booked is parted without rest:
//
//	Booked = Used + Idle + Released + NoShow + Unknown + Undecided
//
// Overrun lies behind the booked time and is not part of it.
type UsageMinutes struct {
	Open      int // units × opening hours, without closures, holidays and outages
	Booked    int // from the booked start to the booked end, of bookings that stood at their start
	Used      int // from check-in (not before the start) to the finish (not behind the booked end)
	Idle      int // booked, before a late check-in
	Released  int // given back before the booked end: finished early, or after a no-show
	NoShow    int // kept for somebody who did not come, until it was given up
	Unknown   int // nobody noted whether somebody came
	Undecided int // begun and neither checked in nor given up yet
	Overrun   int // used behind the booked end; on machines that people run themselves
}

// UsageCounts are numbers of bookings:
//
//	Bookings = Attended + NoShows + Unknown + Undecided
type UsageCounts struct {
	Bookings  int // stood at their start
	Attended  int
	NoShows   int
	Unknown   int
	Undecided int
	Cancelled int // made ahead and cancelled, by whomever; not among Bookings
	// Expected is the ground of the no-show rate: those that were made ahead and
	// came, and the no-shows. Walk-ins can't stay away and would only thin it.
	Expected int
	// Made is the ground of the cancel rate: made ahead, kept or cancelled.
	Made int
}

// Utilisation is used of open time in percent; nil where nothing was open.
func (m UsageMinutes) Utilisation() *float64 {
	if m.Open == 0 {
		return nil
	}
	v := 100 * float64(m.Used) / float64(m.Open)
	return &v
}

// Utilisation is used of open time in percent; nil where nothing was open.
func (h UsageHour) Utilisation() *float64 {
	return UsageMinutes{Used: h.Used, Open: h.Open}.Utilisation()
}

// Usage computes how machines were used, for whoever may read results:
// managers of the center and admins.
func (s *Service) Usage(ctx context.Context, actor account.Actor, q UsageQuery) (*Usage, error) {
	var out *Usage
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		p, err := usageAsked(ctx, r, actor, q)
		if err != nil {
			return err
		}
		out, err = p.usage(ctx, r)
		return err
	})
	return out, err
}

// usageAsked begins a report: who may ask, which centers and days it speaks of,
// and until when.
func usageAsked(ctx context.Context, r Reader, actor account.Actor, q UsageQuery) (usagePlan, error) {
	c, err := r.Catalog(ctx)
	if err != nil {
		return usagePlan{}, err
	}
	centers, err := usageCenters(actor, q.Center, c)
	if err != nil {
		return usagePlan{}, err
	}
	if q, err = q.filled(DateOf(r.Now(), c.Zone)); err != nil {
		return usagePlan{}, err
	}
	p := usagePlan{catalog: c, query: q, centers: centers, asOf: r.Now().Truncate(time.Minute)}
	p.whole = Interval{q.From.At(0, c.Zone), minTime(q.To.Add(1).At(0, c.Zone), p.asOf)}
	if p.whole.Empty() {
		p.whole.End = p.whole.Start
	}
	p.machines, p.months = p.inService(), p.monthSpans()
	return p, nil
}

// usageCenters lists the centers the report may speak about, in the catalog's order.
func usageCenters(actor account.Actor, center string, c *Catalog) ([]string, error) {
	switch {
	case actor.Anonymous():
		return nil, fault.ErrSignIn
	case !actor.MaySomewhere(account.Results):
		return nil, fault.ErrForbidden
	}
	if center != "" {
		if !actor.May(account.Results, center) {
			return nil, fault.ErrForbidden
		}
		if _, ok := c.Center(center); !ok {
			return nil, fault.ErrNotFound
		}
		return []string{center}, nil
	}
	own, all := actor.Centers(account.Results)
	var ids []string
	for _, x := range c.Centers {
		if all || slices.Contains(own, x.ID) {
			ids = append(ids, x.ID)
		}
	}
	return ids, nil
}

// filled checks the query and sets the days that were left out.
func (q UsageQuery) filled(today Date) (UsageQuery, error) {
	if q.From == "" {
		q.From = Date(min(today, orDate(q.To, today)).Month() + "-01")
	}
	if q.To == "" {
		q.To = max(today, q.From)
	}
	for _, d := range []struct {
		name string
		date Date
	}{{"from", q.From}, {"to", q.To}} {
		if _, ok := ParseDate(string(d.date)); !ok {
			return q, fault.BadField(d.name, "date", "")
		}
	}
	switch {
	case q.To < q.From:
		return q, fault.BadField("to", "min", string(q.From))
	case q.To >= q.From.AddMonths(usageMonths):
		return q, fault.BadField("to", "max", string(q.From.AddMonths(usageMonths).Add(-1)))
	case !slices.Contains([]string{"", "center", "category", "equipment", "month"}, q.GroupBy):
		return q, fault.BadField("group_by", "oneof", "center category equipment month")
	}
	return q, nil
}

func orDate(d, otherwise Date) Date {
	if d == "" {
		return otherwise
	}
	return d
}
