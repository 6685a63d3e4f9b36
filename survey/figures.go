package survey

import "strings"

// FiguresQuery names months and, if not "", one center, category or machine.
type FiguresQuery struct{ Center, Category, Equipment, From, To string }

// Count is a counter's value.
type Count struct {
	Counter
	N int
}

// Figures are the stored counts that results are made of. Cells and Published
// are per center: a query for a category or machine has none of them.
type Figures struct {
	Counts    []Count
	Published []Published
	Cells     []Cell
	Closed    map[string]bool // months that are frozen
}

// answered is how many answers were given, shown or not.
func (f *Figures) answered() int {
	n := 0
	for _, c := range f.Counts {
		if c.Step == StepAnswered {
			n += c.N
		}
	}
	return n
}

// only keeps what the predicate wants of center and month.
func (f *Figures) only(want func(center, month string) bool) *Figures {
	out := &Figures{Closed: f.Closed}
	for _, c := range f.Counts {
		if want(c.Center, c.Month) {
			out.Counts = append(out.Counts, c)
		}
	}
	for _, p := range f.Published {
		if want(p.Center, p.Month) {
			out.Published = append(out.Published, p)
		}
	}
	for _, c := range f.Cells {
		if want(c.Center, c.Month) {
			out.Cells = append(out.Cells, c)
		}
	}
	return out
}

// Steps of the funnel for one kind of contact.
type Steps struct {
	Eligible  int `json:"eligible"`
	Invited   int `json:"invited"`
	Delivered int `json:"delivered"`
	Answered  int `json:"answered"`
	Completed int `json:"completed"`
	Partial   int `json:"partial"`
	Refused   int `json:"refused"` // opted out by that message
}

// Funnel is printed beside every score. It is not suppressed: it counts
// messages and visits, not opinions.
type Funnel struct {
	Steps
	Coverage    *float64     `json:"coverage"` // invited of eligible, percent
	RR1         *float64     `json:"rr1"`      // complete of invited (AAPOR response rate 1); nil below a center
	RR2         *float64     `json:"rr2"`      // complete and partial of invited
	Skipped     map[Skip]int `json:"skipped"`
	DeskContact Steps        `json:"desk_contact"` // of these, contacts typed at the desk
}

// funnel sums the counters; a query below a center has no skip reasons.
func (f *Figures) funnel() Funnel {
	out := Funnel{Skipped: map[Skip]int{}}
	for _, why := range Skips {
		out.Skipped[why] = 0
	}
	for _, c := range f.Counts {
		if why, ok := strings.CutPrefix(string(c.Step), "skip."); ok {
			out.Skipped[Skip(why)] += c.N
			continue
		}
		out.Steps.add(c)
		if c.Desk {
			out.DeskContact.add(c)
		}
	}
	r := Rates(Responses{Complete: out.Completed, Partial: out.Answered - out.Completed, Refused: out.Refused,
		Other: out.Invited - out.Answered - out.Refused})
	out.RR2 = r.RR2
	if out.Completed+out.Partial == out.Answered {
		out.RR1 = r.RR1
	}
	out.Coverage = percent(out.Invited, out.Eligible)
	return out
}

func (s *Steps) add(c Count) {
	switch c.Step {
	case StepEligible:
		s.Eligible += c.N
	case StepInvited:
		s.Invited += c.N
	case StepDelivered:
		s.Delivered += c.N
	case StepAnswered:
		s.Answered += c.N
	case StepCompleted:
		s.Completed += c.N
	case StepPartial:
		s.Partial += c.N
	case StepRefused:
		s.Refused += c.N
	}
}

// Responses are the outcomes of all invitations.
type Responses struct{ Complete, Partial, Refused, NotContacted, Other int }

// ResponseRates as AAPOR defines them, in percent; nil where nobody was asked.
type ResponseRates struct{ RR1, RR2, COOP1 *float64 }

// Rates computes RR1, RR2 and COOP1.
func Rates(r Responses) ResponseRates {
	all := r.Complete + r.Partial + r.Refused + r.NotContacted + r.Other
	return ResponseRates{
		RR1:   percent(r.Complete, all),
		RR2:   percent(r.Complete+r.Partial, all),
		COOP1: percent(r.Complete, r.Complete+r.Partial+r.Refused),
	}
}

func percent(k, n int) *float64 {
	if n == 0 {
		return nil
	}
	return ptr(100 * float64(k) / float64(n))
}
