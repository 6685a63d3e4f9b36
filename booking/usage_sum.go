package booking

import (
	"slices"
	"time"

	"gongbang/internal/lang"
)

// usagePlan is one report while it is made.
type usagePlan struct {
	catalog  *Catalog
	query    UsageQuery
	centers  []string
	machines []*Equipment // in service, in the catalog's order
	whole    Interval     // the period up to asOf
	asOf     time.Time    // a whole minute
	months   []monthSpan  // of a report by month; else none
}

// monthSpan is a calendar month, cut to the period.
type monthSpan struct {
	month string
	Interval
}

// inService lists the machines that the report speaks about: those of the
// centers and the category that people can book here.
func (p usagePlan) inService() []*Equipment {
	var out []*Equipment
	for _, id := range p.centers {
		center, _ := p.catalog.Center(id)
		for _, e := range center.Equipment {
			if !e.Retired && !center.Retired && e.Elsewhere == nil && (p.query.Category == "" || e.Category == p.query.Category) {
				out = append(out, e)
			}
		}
	}
	return out
}

// monthSpans are the months that are summed apart.
func (p usagePlan) monthSpans() []monthSpan {
	if p.query.GroupBy != "month" {
		return nil
	}
	var out []monthSpan
	for m := p.query.From.Month(); m <= p.query.To.Month(); m = Date(m + "-01").AddMonths(1).Month() {
		out = append(out, monthSpan{m, p.month(m)})
	}
	return out
}

// month is the calendar month, cut to the period; empty, at its end, where that has not begun.
func (p usagePlan) month(m string) Interval {
	first := Date(m + "-01")
	i := Interval{later(first.At(0, p.catalog.Zone), p.whole.Start), minTime(first.AddMonths(1).At(0, p.catalog.Zone), p.whole.End)}
	if i.Empty() {
		return Interval{p.whole.End, p.whole.End}
	}
	return i
}

// report sums what was read.
func (p usagePlan) report(sums []UseSum, open openTime) *Usage {
	out := &Usage{AsOf: p.asOf, Groups: []UsageGroup{}, Filter: UsageFilter{p.centers, p.query.Category, p.query.From, p.query.To, p.query.GroupBy}}
	known := map[string]*Equipment{}
	for _, e := range p.machines {
		known[e.ID] = e
	}
	out.Total = UsageGroup{Key: "total", Label: lang.Text{Ko: "전체", En: "Total"}}
	for _, s := range sums {
		if e := known[s.Equipment]; e != nil {
			out.Total.add(s, e)
		} else if p.query.Category == "" || p.category(s.Equipment) == p.query.Category {
			out.LeftOut += s.Counts.Bookings
		}
	}
	for d, hours := range open.week {
		for h, minutes := range hours {
			out.Week[d][h].Open = minutes
			out.Total.Minutes.Open += minutes
		}
	}
	if p.query.GroupBy == "month" {
		p.byMonth(out, known, sums, open)
		return out
	}
	p.byMachine(out, known, sums, open)
	return out
}

func (p usagePlan) category(equipment string) string {
	e, ok := p.catalog.Machine(equipment)
	if !ok {
		return ""
	}
	return e.Category
}

func (p usagePlan) byMonth(out *Usage, known map[string]*Equipment, sums []UseSum, open openTime) {
	for _, m := range p.months {
		g := UsageGroup{Key: m.month, Label: lang.Text{Ko: m.month, En: m.month}}
		for _, months := range open.machines {
			g.Minutes.Open += months[m.month]
		}
		out.Groups = append(out.Groups, g)
	}
	for _, s := range sums {
		if e := known[s.Equipment]; e != nil {
			out.Groups[s.Span].add(s, e)
		}
	}
}

// byMachine groups by what a machine belongs to; machines nobody came to have
// their open time all the same.
func (p usagePlan) byMachine(out *Usage, known map[string]*Equipment, sums []UseSum, open openTime) {
	if p.query.GroupBy == "" {
		return
	}
	at := map[string]int{}
	for _, e := range p.machines {
		key, label := p.groupOf(e)
		i, ok := at[key]
		if !ok {
			i = len(out.Groups)
			at[key] = i
			out.Groups = append(out.Groups, UsageGroup{Key: key, Label: label})
		}
		for _, minutes := range open.machines[e.ID] {
			out.Groups[i].Minutes.Open += minutes
		}
	}
	for _, s := range sums {
		if e := known[s.Equipment]; e != nil {
			key, _ := p.groupOf(e)
			out.Groups[at[key]].add(s, e)
		}
	}
}

func (p usagePlan) groupOf(e *Equipment) (key string, label lang.Text) {
	switch p.query.GroupBy {
	case "month":
		return p.months[0].month, lang.Text{} // of a single one; several are told apart by their spans
	case "center":
		return e.Center.ID, e.Center.Name
	case "category":
		return e.Category, p.catalog.label(p.catalog.Categories, e.Category)
	}
	return e.ID, e.Name
}

// add sums one machine's row. A staff-run job waits for days until it is
// collected, which is no overrun of the machine.
func (g *UsageGroup) add(s UseSum, e *Equipment) {
	m, n := &g.Minutes, &g.Counts
	m.Booked += s.Minutes.Booked
	m.Used += s.Minutes.Used
	m.Idle += s.Minutes.Idle
	m.Released += s.Minutes.Released
	m.NoShow += s.Minutes.NoShow
	m.Unknown += s.Minutes.Unknown
	m.Undecided += s.Minutes.Undecided
	if e.Mode != Operator {
		m.Overrun += s.Minutes.Overrun
	}
	n.Bookings += s.Counts.Bookings
	n.Attended += s.Counts.Attended
	n.NoShows += s.Counts.NoShows
	n.Unknown += s.Counts.Unknown
	n.Undecided += s.Counts.Undecided
	n.Cancelled += s.Counts.Cancelled
	n.Expected += s.Counts.Expected
	n.Made += s.Counts.Made
	g.FirstTime += s.FirstTime
}

// openTime is open minutes of all units of machines.
type openTime struct {
	machines map[string]map[string]int // by machine and month
	week     [7][24]int                // Monday first
}

// openTime counts when machines stood ready: the center's opening hours, for
// each unit, without the outages that hit it, from the day the machine could
// be booked here.
func (c *Catalog) openTime(machines []*Equipment, outages []*Outage, whole Interval, now time.Time) openTime {
	out := openTime{machines: map[string]map[string]int{}}
	broken := map[string][]*Outage{}
	for _, o := range outages {
		broken[o.EquipmentID] = append(broken[o.EquipmentID], o)
	}
	days := map[*Center][]Day{}
	for _, e := range machines {
		if days[e.Center] == nil {
			days[e.Center] = c.openDays(e.Center, whole)
		}
		out.machines[e.ID] = map[string]int{}
		for _, day := range days[e.Center] {
			if day.Date < e.BookableFrom {
				continue
			}
			for _, open := range day.Open {
				for _, left := range e.ready(open, broken[e.ID], now) {
					n := out.spread(left.Interval, left.units, c.Zone)
					out.machines[e.ID][day.Date.Month()] += n
				}
			}
		}
	}
	return out
}

// openDays are the days of the period with their openings cut to it.
func (c *Catalog) openDays(center *Center, whole Interval) []Day {
	days := []Day{}
	for d := DateOf(whole.Start, c.Zone); d.At(0, c.Zone).Before(whole.End); d = d.Add(1) {
		day := c.Day(center, d)
		cut := Day{Date: d}
		for _, o := range day.Open {
			if o = (Interval{later(o.Start, whole.Start), minTime(o.End, whole.End)}); !o.Empty() {
				cut.Open = append(cut.Open, o)
			}
		}
		days = append(days, cut)
	}
	return days
}

type readyUnits struct {
	Interval
	units int
}

// ready is when units of a machine can be used within an opening.
func (e *Equipment) ready(open Interval, outages []*Outage, now time.Time) []readyUnits {
	hit := slices.ContainsFunc(outages, func(o *Outage) bool { return o.minutes(now).Overlaps(open) })
	if !hit {
		return []readyUnits{{open, e.Quantity}}
	}
	var out []readyUnits
	for unit := 1; unit <= e.Quantity; unit++ {
		var cuts []Interval
		for _, o := range outages {
			if o.Unit == 0 || o.Unit == unit {
				cuts = append(cuts, o.minutes(now))
			}
		}
		for _, left := range open.Minus(cuts...) {
			out = append(out, readyUnits{left, 1})
		}
	}
	return out
}

// minutes is the outage in whole minutes, so that sums stay whole.
func (o *Outage) minutes(now time.Time) Interval {
	i := o.Interval(now)
	return Interval{i.Start.Truncate(time.Minute), i.End.Truncate(time.Minute)}
}

// spread adds an interval of so many units to the hours of the week it lies in.
func (t *openTime) spread(i Interval, units int, zone *time.Location) (minutes int) {
	for at := i.Start; at.Before(i.End); {
		local := at.In(zone)
		next := minTime(at.Add(time.Hour-time.Duration(local.Minute())*time.Minute-time.Duration(local.Second())*time.Second), i.End)
		n := units * Interval{at, next}.Minutes()
		t.week[(int(local.Weekday())+6)%7][local.Hour()] += n
		minutes += n
		at = next
	}
	return minutes
}
