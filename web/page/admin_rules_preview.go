package page

import (
	"slices"
	"time"

	"gongbang/booking"
)

// ruleLine is a sentence of the rules in both languages.
type ruleLine struct {
	Ko, En string
	New    bool
}

// machineRules is a machine as it would be offered.
type machineRules struct {
	Machine *booking.Equipment
	Says    []ruleLine
	Gone    []ruleLine // sentences that are no longer true
	Days    []ruleDay
}

// ruleDay is one day of a machine, counted in steps of its grid.
type ruleDay struct {
	Day, Open                  string
	Free, Taken, Later, Closed int
}

// ruleLines are the sentences of a machine; those that were not said before are new.
func (r *request) ruleLines(e *booking.Equipment, before []string) []ruleLine {
	ko, en := r.catalog.PolicyText(e)
	return pairs(ko, en, before)
}

func pairs(ko, en, known []string) []ruleLine {
	var out []ruleLine
	for i := range ko {
		x := ruleLine{Ko: ko[i], New: known != nil && !slices.Contains(known, ko[i])}
		if i < len(en) {
			x.En = en[i]
		}
		out = append(out, x)
	}
	return out
}

// machinesRules are the machines of a preview.
func (r *request) machinesRules(out *booking.OfferOutcome) []machineRules {
	var list []machineRules
	for _, m := range out.Machines {
		x := machineRules{Machine: m.Equipment}
		var ko, en []string
		if now, ok := r.catalog.Machine(m.Equipment.ID); ok {
			ko, en = r.catalog.PolicyText(now)
		}
		x.Says, x.Gone = pairs(m.Ko, m.En, ko), gone(pairs(ko, en, m.Ko))
		for _, d := range m.Days {
			x.Days = append(x.Days, r.ruleDay(d))
		}
		list = append(list, x)
	}
	return list
}

// comingRules are the machines whose sentences change at a moment to come.
func (r *request) comingRules(v *rulesView, from time.Time) []machineRules {
	var list []machineRules
	for _, e := range v.Center.Equipment {
		if v.Machine != nil && e != v.Machine || e.Retired {
			continue
		}
		ko, en := r.catalog.PolicyText(e)
		for _, c := range r.catalog.Coming(e, r.now) {
			if c.From.Equal(from) {
				list = append(list, machineRules{Machine: e, Says: news(pairs(c.Ko, c.En, ko)), Gone: gone(pairs(ko, en, c.Ko))})
			}
			ko, en = c.Ko, c.En
		}
	}
	return list
}

// news are the lines that were not said before.
func news(lines []ruleLine) []ruleLine {
	return slices.DeleteFunc(lines, func(l ruleLine) bool { return !l.New })
}

// gone are lines of before, compared with those after: the ones that are no longer said.
func gone(lines []ruleLine) []ruleLine {
	lines = news(lines)
	for i := range lines {
		lines[i].New = false
	}
	return lines
}

func (r *request) ruleDay(d booking.DayAvailability) ruleDay {
	w := r.staffWhen()
	x := ruleDay{Day: w.Date(d.Date.At(12*60, r.catalog.Zone)), Open: r.T("center.shutday")}
	for i, o := range d.Open {
		if i == 0 {
			x.Open = ""
		} else {
			x.Open += ", "
		}
		x.Open += w.Times(o.Start, o.End)
	}
	for _, s := range d.Slots {
		switch s.State {
		case booking.SlotFree:
			x.Free++
		case booking.SlotTaken, booking.SlotHeld, booking.SlotMine:
			x.Taken++
		case booking.SlotNotOpenYet:
			x.Later++
		default:
			x.Closed++
		}
	}
	return x
}

// Changed tells whether the machine's rules become others.
func (m machineRules) Changed() bool {
	return len(m.Gone) > 0 || slices.ContainsFunc(m.Says, func(l ruleLine) bool { return l.New })
}

// linesView and shownView are what their parts of the template draw.
type linesView struct {
	Frame
	Lines []ruleLine
}

type shownView struct {
	Frame
	Of machineRules
}

// Lines is a list of sentences.
func (v *rulesView) Lines(list []ruleLine) linesView { return linesView{v.Frame, list} }

// Lines is a list of sentences.
func (v shownView) Lines(list []ruleLine) linesView { return linesView{v.Frame, list} }

// Shows is one machine of the preview.
func (v *rulesView) Shows(m machineRules) shownView { return shownView{v.Frame, m} }
