package booking

import (
	"slices"
	"time"
)

// Suspension is a time in which somebody can't make new bookings; made ones stay.
type Suspension struct {
	Interval
	Strike    string // id of the strike that began it
	Over      string // equipment, category, center, city
	Equipment *Equipment
}

// penaltyHorizon bounds how many days ahead penalty hours look for open time.
const penaltyHorizon = 366

// suspensions are all that the strikes came to, in order. Each strike is judged
// by the rule its booking was made under, on the strikes that counted at that
// moment, so that neither later rules nor later strikes reach back.
func (c *Catalog) suspensions(who string, strikes []Strike) []Suspension {
	strikes = slices.Clone(strikes)
	slices.SortStableFunc(strikes, func(a, b Strike) int { return a.At.Compare(b.At) })
	firms := []string{""}
	for _, s := range strikes {
		if !slices.Contains(firms, s.Firm) {
			firms = append(firms, s.Firm)
		}
	}
	var out []Suspension
	for _, firm := range firms {
		alone := firm == "" && len(firms) > 1 // a rule for firms is judged in each firm
		group := slices.DeleteFunc(slices.Clone(strikes), func(s Strike) bool { return s.Firm != "" && s.Firm != firm })
		var found []Suspension
		for k, s := range group {
			if byFirm := s.Rule.By == "firm"; byFirm && alone || !byFirm && (firm != "" || s.AccountID != who) {
				continue
			}
			if x, ok := c.suspension(group[:k+1], found); ok {
				found = append(found, x)
			}
		}
		out = append(out, found...)
	}
	slices.SortStableFunc(out, func(a, b Suspension) int { return a.Start.Compare(b.Start) })
	return out
}

// suspension is what the last of the strikes begins, if anything.
func (c *Catalog) suspension(strikes []Strike, before []Suspension) (Suspension, bool) {
	s := strikes[len(strikes)-1]
	until, sum := s.At, c.sum(strikes)
	for _, step := range s.Rule.Steps {
		if sum >= step.Points {
			until = later(until, step.Suspend.After(s.At, c.Zone))
		}
	}
	e, known := c.Machine(s.EquipmentID)
	if s.Rule.Hours > 0 && known {
		until = later(until, c.servedBy(e, s, before))
	}
	return Suspension{Interval: Interval{s.At, until}, Strike: s.ID, Over: s.Rule.Over, Equipment: e}, until.After(s.At)
}

// sum is how many points count when the last of the strikes falls, by its rule.
func (c *Catalog) sum(strikes []Strike) int {
	last := strikes[len(strikes)-1]
	n, next := 0, last.At
	for _, s := range slices.Backward(strikes) {
		if last.Rule.By != "firm" && s.AccountID != last.AccountID || !c.within(last.Rule.Over, last.EquipmentID, s.EquipmentID) {
			continue
		}
		if x := last.Rule.Expire; !x.IsZero() && !x.After(s.At, c.Zone).After(last.At) {
			continue
		}
		if x := last.Rule.Clean; !x.IsZero() && !x.After(s.At, c.Zone).After(next) {
			break // a clean time lies between: what is older is forgotten
		}
		n, next = n+s.Points, s.At
	}
	return n
}

// servedBy is when penalty hours are over; those of two strikes are served one after the other.
func (c *Catalog) servedBy(e *Equipment, s Strike, before []Suspension) time.Time {
	from := s.At
	for _, x := range before {
		if x.Equipment != nil && x.Over == s.Rule.Over && c.within(x.Over, x.Equipment.ID, e.ID) {
			from = later(from, x.End)
		}
	}
	return c.addOpen(e.Center, from, time.Duration(s.Rule.Hours*s.Minutes)*time.Minute, penaltyHorizon)
}

// within tells whether two machines lie in one scope: the same machine, kind,
// center or city. A machine that is gone from the catalog is in the city alone.
func (c *Catalog) within(over, one, other string) bool {
	a, known := c.Machine(one)
	b, too := c.Machine(other)
	switch {
	case over == "city" || one == other:
		return true
	case !known || !too:
		return false
	case over == "category":
		return a.Category == b.Category
	}
	return over == "center" && a.Center.ID == b.Center.ID
}

// judgeStrikes refuses new bookings while a suspension is in force that covers
// the machine; where the rule is off, nobody is suspended.
func (f Facts) judgeStrikes(e *Equipment, now time.Time) []Violation {
	if e.Policy.NoShow == nil || len(f.Strikes) == 0 {
		return nil
	}
	var found *Suspension
	for _, x := range f.Catalog.suspensions(f.Person.ID, f.Strikes) {
		covers := x.Over == "city" || x.Equipment != nil && f.Catalog.within(x.Over, x.Equipment.ID, e.ID)
		if covers && x.Has(now) && (found == nil || x.End.After(found.End)) {
			found = &x
		}
	}
	if found == nil {
		return nil
	}
	return []Violation{vSuspended(f.Catalog, e, found.Over, found.End)}
}
