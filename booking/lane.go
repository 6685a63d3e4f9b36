package booking

import (
	"slices"
	"time"
)

// during tells whether an interval touches one of the times of day; no times are the whole day.
func during(times []Opening, i Interval, zone *time.Location) bool {
	if len(times) == 0 {
		return true
	}
	for d := DateOf(i.Start, zone); d.At(0, zone).Before(i.End); d = d.Add(1) {
		for _, t := range times {
			if i.Overlaps(Interval{d.At(t.From, zone), d.At(t.To, zone)}) {
				return true
			}
		}
	}
	return false
}

// binds tells whether a lane speaks about an interval at a moment.
func (l Lane) binds(c *Catalog, i Interval, now time.Time) bool {
	if len(l.Weekdays) > 0 && !slices.Contains(l.Weekdays, DateOf(i.Start, c.Zone).Weekday()) {
		return false
	}
	if l.Released != nil && !now.Before(l.Released.Before(i.Start, c.Zone)) {
		return false
	}
	return during(l.Times, i, c.Zone)
}

// refusing is the lane that keeps a unit from the asker; nil is none.
func (f Facts) refusing(e *Equipment, a ask, unit int, now time.Time) *Lane {
	first := 1
	for k := range e.Policy.Lanes {
		l := &e.Policy.Lanes[k]
		mine := l.Units == 0 || unit >= first && unit < first+l.Units
		first += l.Units
		if mine && l.binds(f.Catalog, a.interval, now) && !f.admitted(l.Admits, a, now) {
			return l
		}
	}
	return nil
}

// admitted tells whether a lane takes the asker. Who is not signed in may be
// here for the first time; what is asked only with the booking itself is not
// held against anybody who asks for a hold, or why.
func (f Facts) admitted(ad Admission, a ask, now time.Time) bool {
	switch {
	case ad.Anyone, ad.Desk && a.byStaff:
		return true
	case ad.FirstTime && (a.account == "" || !slices.ContainsFunc(f.Used, func(id string) bool { return id != a.ignore })):
		return true
	case ad.DueWithinDays == nil:
		return false
	case a.open:
		return true
	}
	return a.due >= DateOf(a.interval.Start, f.Catalog.Zone) && a.due <= DateOf(now, f.Catalog.Zone).Add(*ad.DueWithinDays)
}

// offered lists the units that are free for the time and open to the asker, best fit first.
func (f Facts) offered(e *Equipment, a ask, now time.Time) []int {
	units := f.free(e, a.interval, a.interval.End.Add(e.Policy.buffer()), a.ignore)
	if len(e.Policy.Lanes) == 0 {
		return units
	}
	return slices.DeleteFunc(units, func(u int) bool { return f.refusing(e, a, u, now) != nil })
}

// judgeLanes refuses when every unit, or the asked one, is kept for others.
func (f Facts) judgeLanes(e *Equipment, a ask, now time.Time) []Violation {
	if len(e.Policy.Lanes) == 0 {
		return nil
	}
	var why *Lane
	for unit := 1; unit <= e.Quantity; unit++ {
		if a.unit != 0 && unit != a.unit {
			continue
		}
		l := f.refusing(e, a, unit, now)
		if l == nil {
			return nil
		}
		if why == nil {
			why = l
		}
	}
	if why == nil {
		return nil
	}
	return []Violation{vLane(*why, a.interval, f.Catalog.Zone)}
}

// judgeLottery refuses what is given out by lot. What a draw leaves over is
// given out by the draw as well, so no moment opens it to whoever is first.
func (e *Equipment) judgeLottery(c *Catalog, i Interval) []Violation {
	if l := e.Policy.Lottery; l != nil && during(l.Times, i, c.Zone) {
		return []Violation{vLotteryOnly(*l)}
	}
	return nil
}

// units are the free units that a draft may be placed on, best fit first.
func (d draft) units(f Facts, e *Equipment, now time.Time) []int {
	if d.lanes(f, e, now) == nil {
		return f.free(e, d.ask.interval, d.ask.interval.End.Add(e.Policy.buffer()), d.ask.ignore)
	}
	return f.offered(e, d.ask, now)
}

// lanes is what a draft may be placed on; staff with a reason, and who stands
// at the counter, may be placed on any unit.
func (d draft) lanes(f Facts, e *Equipment, now time.Time) func(unit int) bool {
	if d.req.Override != "" || d.origin == WalkIn || len(e.Policy.Lanes) == 0 {
		return nil
	}
	return func(unit int) bool { return f.refusing(e, d.ask, unit, now) == nil }
}
