package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// ask is what a judgement is about.
type ask struct {
	account   string // whose booking; "" judges the machine and the time alone
	equipment string
	interval  Interval
	unit      int // 0: any
	people    int
	declared  bool
	attendee  *Attendee
	ofAge     bool   // the person said to be old enough, or it is not asked yet
	byStaff   bool   // staff stand beside it: nothing has to wait for them
	ignore    string // the booking that moves: it does not stand in its own way
	due       Date   // of the job that is brought; "" is none
	open      bool   // what is asked with the booking itself is not known yet
	tight     bool   // only what clashes is asked for, not what comes before or after
}

// verdict is the outcome of a judgement.
type verdict struct {
	violations []Violation
	needs      []string // why staff must look first: "approval", "certificate"
}

// judge holds an ask against every rule. The same function is the early
// refusal, the judgement inside the transaction and explain.
func (f Facts) judge(a ask, now time.Time) verdict {
	var v verdict
	e, _ := f.Catalog.Machine(a.equipment)
	if e == nil || e.Retired || e.Center.Retired {
		return verdict{violations: []Violation{vRetired()}}
	}
	v.add(e.judgeElsewhere(f.Catalog, a.interval)...)
	v.add(e.judgeWindow(f.Catalog, a.interval, now)...)
	v.add(f.Catalog.judgeCalendar(e, a.interval)...)
	if until, out := f.allOut(e, a); out {
		v.add(vOutage(until, f.Catalog.Zone))
	}
	v.add(f.judgeLanes(e, a, now)...)
	v.add(e.judgeLottery(f.Catalog, a.interval)...)
	if a.people > e.Policy.Capacity {
		v.add(vTooManyPeople(e.Policy.Capacity, a.people))
	}
	if f.Person != nil {
		f.judgePerson(e, a, &v)
		v.add(f.judgeStrikes(e, now)...)
		v.add(f.judgeLimits(e, a, now)...)
	}
	v.add(e.judgeAge(f.Catalog, a)...)
	if e.Policy.Approval != nil && !a.byStaff {
		v.needs = append(v.needs, "approval")
	}
	return v
}

func (v *verdict) add(vs ...Violation) { v.violations = append(v.violations, vs...) }

// judgeElsewhere refuses what is booked somewhere else, or here only from a date.
func (e *Equipment) judgeElsewhere(c *Catalog, i Interval) []Violation {
	if e.Elsewhere != nil || DateOf(i.Start, c.Zone) < e.BookableFrom {
		return []Violation{vBookedElsewhere(e)}
	}
	return nil
}

// judgeWindow refuses the past, what is not open yet and what is too late.
func (e *Equipment) judgeWindow(c *Catalog, i Interval, now time.Time) []Violation {
	if i.Start.Before(now) {
		return []Violation{vInPast()}
	}
	if opens := e.Policy.Opens.Before(i.Start, c.Zone); now.Before(opens) {
		return []Violation{vNotOpenYet(opens, c.Zone)}
	}
	if closes := e.Policy.Closes.Before(i.Start, c.Zone); now.After(closes) {
		return []Violation{vTooLate(closes, c.Zone)}
	}
	return nil
}

// allOut tells whether outages leave no unit (or not the asked one) for the time.
func (f Facts) allOut(e *Equipment, a ask) (until time.Time, out bool) {
	for unit := 1; unit <= e.Quantity; unit++ {
		if a.unit != 0 && unit != a.unit {
			continue
		}
		hit := false
		for _, o := range f.Outages {
			if (o.Unit == 0 || o.Unit == unit) && o.Interval.Overlaps(a.interval) {
				hit = true
				if until.IsZero() || o.Interval.End.Before(until) {
					until = o.Interval.End
				}
			}
		}
		if !hit {
			return time.Time{}, false
		}
	}
	return until, !until.IsZero()
}

// judgePerson holds the person against certificate and eligibility.
func (f Facts) judgePerson(e *Equipment, a ask, v *verdict) {
	if c := e.Policy.Certificate; c != nil {
		until, has := f.Person.Certificates[c.Key]
		valid := has && (until.IsZero() || !until.Before(a.interval.End))
		switch {
		case valid || c.AskStaff && a.byStaff:
		case c.AskStaff:
			v.needs = append(v.needs, "certificate")
		case has:
			v.add(vCertificateExpired(f.Catalog, c.Key, until))
		default:
			v.add(vCertificateMissing(f.Catalog, c.Key))
		}
	}
	if !f.eligible(e.Center.Eligibility, a) {
		v.add(vNotEligible(f.Catalog, e.Center))
	}
}

// eligible tells whether the person belongs to a group the center is for.
func (f Facts) eligible(el Eligibility, a ask) bool {
	if len(el.Groups) == 0 {
		return true
	}
	if el.Proof != "before_booking" && a.declared {
		return true
	}
	return slices.ContainsFunc(el.Groups, func(g string) bool {
		s := f.Person.Groups[g]
		return s.Confirmed || s.Declared && el.Proof != "before_booking"
	})
}

// never is what no reason of staff overrides: the time or the machine is not there.
var never = []string{"in_past", "outage", "retired", "booked_elsewhere"}

// waive drops the violations that staff may overrule with a reason.
func (v verdict) waive() verdict {
	return v.without(func(code string) bool { return !slices.Contains(never, code) })
}

func (v verdict) without(drop func(code string) bool) verdict {
	v.violations = slices.DeleteFunc(slices.Clone(v.violations), func(x Violation) bool { return drop(x.Code) })
	return v
}

// refusal is the verdict as an error, nil when nothing is broken.
func (v verdict) refusal() error {
	if len(v.violations) == 0 {
		return nil
	}
	return policyFault(v.violations...)
}

func policyFault(v ...Violation) *fault.Fault {
	return fault.New(fault.Invalid, "policy").Show("violations", v)
}

// near is how far around an asked time the units' other bookings are read: it
// bounds the best fit and must exceed what one booking with its buffer can last.
const near = 12 * time.Hour

// fitting is how far around a new booking the best fit looks. Gaps that are
// longer are all alike: what is read of a machine with many units on a full day
// would else be most of what a booking costs.
const fitting = 2 * time.Hour

// near is what is read around the asked time. A single unit has no best fit to
// choose, so its neighbours in time need not be read.
func (a ask) near(e *Equipment) Interval {
	switch {
	case e == nil || !a.tight:
		return Interval{a.interval.Start.Add(-near), a.interval.End.Add(near)}
	case e.Quantity == 1:
		return a.interval.Grow(e.Policy.buffer())
	}
	return Interval{a.interval.Start.Add(-fitting), a.interval.End.Add(fitting + e.Policy.buffer())}
}

// facts reads what a judgement needs. The catalog decides which of the
// person's bookings count; when it moved meanwhile, the read is done again.
func (s *Service) facts(ctx context.Context, r Reader, a ask) (Facts, error) {
	c := s.last.Load()
	if c == nil {
		var err error
		if c, err = r.Catalog(ctx); err != nil {
			return Facts{}, err
		}
	}
	for {
		e, ok := c.Machine(a.equipment)
		q := FactsQuery{Account: a.account, Equipment: a.equipment, Near: a.near(e)}
		if a.tight {
			q.Last = a.interval.Start
		}
		if ok && a.account != "" {
			q.Counted, q.Used = e.Policy.countedWindow(c, a, r.Now()), e.Policy.asksFirstTime()
		}
		f, err := r.Facts(ctx, q)
		if err != nil {
			return Facts{}, err
		}
		s.last.Store(f.Catalog)
		if f.Catalog.is(c) {
			if _, ok := f.Catalog.Machine(a.equipment); !ok {
				return Facts{}, fault.ErrNotFound
			}
			return f, nil
		}
		c = f.Catalog
	}
}
