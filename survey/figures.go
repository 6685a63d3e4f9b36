package survey

import "strings"

// FiguresQuery names months and, if not "", one center, category or machine.
// Cells and what is published are those of the template's series, "key" or
// "key@entry"; cells are those of the dimensions named, whose period lies
// between the months.
type FiguresQuery struct {
	Center, Category, Equipment, From, To, Template string
	Dims                                            []Dimension
}

// match tells whether a cell is what the query names.
func (q FiguresQuery) match(c Cell) bool {
	switch {
	case !ofTemplate(c.Series, q.Template):
		return false
	case q.Equipment != "":
		return c.Dim == byEquipment && c.Key == q.Equipment
	case q.Category != "":
		return c.Dim == byCategory && c.Key == q.Category || c.Dim == byEquipment && c.Parent == q.Category
	}
	return true
}

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

// part is one group's share of the figures.
type part struct {
	count     func(Count) bool
	cell      func(Cell) bool
	published func(Published) bool
}

// of keeps what belongs to the part; a test that is nil keeps nothing.
func (f *Figures) of(p part) *Figures {
	return &Figures{Closed: f.Closed, Counts: kept(f.Counts, p.count), Cells: kept(f.Cells, p.cell),
		Published: kept(f.Published, p.published)}
}

func kept[T any](all []T, want func(T) bool) (out []T) {
	for _, v := range all {
		if want != nil && want(v) {
			out = append(out, v)
		}
	}
	return out
}

// newest keeps the newest series that has answers, names it, and tells how many
// answers of closed months belong to older ones.
func (f *Figures) newest(total Dimension) (series string, older int) {
	best := -1
	see := func(s string) {
		if b := breakOf(s); b > best {
			best, series = b, s
		}
	}
	for _, c := range f.Cells {
		see(c.Series)
	}
	for _, p := range f.Published {
		see(p.Series)
	}
	for _, c := range f.Cells {
		if c.Series != series && c.Dim == total && c.single() {
			older += c.N
		}
	}
	f.Cells = kept(f.Cells, func(c Cell) bool { return c.Series == series })
	f.Published = kept(f.Published, func(p Published) bool { return p.Series == series })
	return series, older
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
