package survey

import (
	"slices"
	"strconv"
)

// sheet is one question's people at one center in one series and half-year,
// and what of them is released. A figure sums whole months of one scope, and
// no month of a scope is in two figures. What may be released is decided month
// by month, then with the quarter, then with the half-year, and never again.
//
// The rule that holds over everything released: no sum or difference of
// figures speaks about one to four people. Whatever can be worked out of
// figures is a sum of them with factors, so it is enough that no such sum,
// other than one that cancels out, touches fewer than five. Figures that part
// one another whole (a center's month into categories, these into machines)
// keep it by shown; where a quarter's figure crosses months, residual keeps it.
type sheet struct {
	at       map[Scope]map[string]heads // people by month
	kids     map[Scope][]Scope
	only     map[string]bool // months that were sealed with the center's cell alone
	released []release
	taken    map[Scope]map[string]bool // months of a scope that are in a figure
	crossing map[Scope]map[Dimension][]row
}

// release is one figure: whole months of a scope. Direct ones are parts of a
// figure of the scope above with the same months.
type release struct {
	period string
	scope  Scope
	months []string
	direct bool
}

func newSheet(at map[Scope]map[string]heads, only map[string]bool) *sheet {
	s := &sheet{at: at, only: only, kids: map[Scope][]Scope{}, taken: map[Scope]map[string]bool{},
		crossing: map[Scope]map[Dimension][]row{}}
	for scope := range at {
		if scope != (Scope{}) {
			s.kids[scope.above()] = append(s.kids[scope.above()], scope)
		}
	}
	for _, k := range s.kids {
		slices.SortFunc(k, func(a, b Scope) int {
			if a.less(b) {
				return -1
			}
			return 1
		})
	}
	return s
}

// above is the scope that this one is a part of.
func (s Scope) above() Scope {
	if s.Dim == byEquipment {
		return Scope{Dim: byCategory, Key: s.Parent}
	}
	return Scope{}
}

// parts are the ways in which a scope is parted.
func (s Scope) parts() []Dimension {
	switch s.Dim {
	case byCenter:
		return partitions
	case byCategory:
		return []Dimension{byEquipment}
	}
	return nil
}

// plan decides over closed months of one half-year, in their order.
func (s *sheet) plan(months []string) []release {
	for i, m := range months {
		s.whole(m, []string{m})
		if q, last := quarter(m); last {
			s.window(q, slices.DeleteFunc(slices.Clone(months[:i+1]), func(o string) bool { p, _ := quarter(o); return p != q }))
		}
		if h, last := half(m); last {
			s.window(h, months[:i+1])
		}
	}
	return s.released
}

// window releases with a quarter or half-year what was too small before.
func (s *sheet) window(period string, months []string) {
	s.whole(period, months)
	for _, dim := range partitions {
		s.residual(period, months, Scope{}, dim)
	}
	for _, c := range s.kids[Scope{}] {
		if c.Dim == byCategory {
			s.residual(period, months, c, byEquipment)
		}
	}
}

// whole releases the center's months that no figure has yet, if they are
// enough together, and what they can be parted into.
func (s *sheet) whole(period string, months []string) {
	rest := s.free(Scope{}, months)
	if s.over(Scope{}, rest).showable() {
		s.release(period, Scope{}, rest, true)
		s.part(period, Scope{}, rest)
	}
}

// part releases what a figure can be parted into.
func (s *sheet) part(period string, parent Scope, months []string) {
	if s.only[period] {
		return
	}
	for _, dim := range parent.parts() {
		kids, rest := s.split(parent, dim, months)
		show := showing(kids, rest)
		for _, k := range s.kids[parent] {
			if show[k] {
				s.release(period, k, months, true)
				s.part(period, k, months)
			}
		}
	}
}

// split counts a scope's parts of one kind, and the people in none of them:
// those whose category or machine was dropped.
func (s *sheet) split(parent Scope, dim Dimension, months []string) (kids map[Scope]heads, rest heads) {
	kids, rest = map[Scope]heads{}, s.over(parent, months)
	for _, k := range s.kids[parent] {
		if h := s.over(k, months); k.Dim == dim && h.asked > 0 {
			kids[k] = h
			rest = rest.minus(h)
		}
	}
	return kids, rest
}

// over counts a scope's people in months.
func (s *sheet) over(scope Scope, months []string) heads {
	var h heads
	for _, m := range months {
		h = h.plus(s.at[scope][m])
	}
	return h
}

// free are the months with people of the scope that no figure has.
func (s *sheet) free(scope Scope, months []string) (out []string) {
	for _, m := range months {
		if !s.taken[scope][m] && s.at[scope][m].asked > 0 {
			out = append(out, m)
		}
	}
	return out
}

func (s *sheet) release(period string, scope Scope, months []string, direct bool) {
	months = slices.DeleteFunc(slices.Clone(months), func(m string) bool { return s.at[scope][m].asked == 0 })
	if s.taken[scope] == nil {
		s.taken[scope] = map[string]bool{}
	}
	for _, m := range months {
		s.taken[scope][m] = true
	}
	s.released = append(s.released, release{period, scope, months, direct})
}

// quarter names the month's quarter, "2006-Q1", and tells whether it ends it.
func quarter(m string) (string, bool) {
	n, _ := strconv.Atoi(m[len(m)-2:])
	return m[:5] + "Q" + strconv.Itoa((n+2)/3), n%3 == 0
}

// half names the month's half-year, "2006-H1", and tells whether it ends it.
func half(m string) (string, bool) {
	n, _ := strconv.Atoi(m[len(m)-2:])
	return m[:5] + "H" + strconv.Itoa((n+5)/6), n%6 == 0
}

// monthsOf lists the months of a period.
func monthsOf(period string) (out []string) {
	year, tail := period[:5], period[5:]
	first, n := 0, 1
	switch tail[0] {
	case 'Q':
		first, n = 3*int(tail[1]-'1'), 3
	case 'H':
		first, n = 6*int(tail[1]-'1'), 6
	default:
		return []string{period}
	}
	for i := range n {
		m := strconv.Itoa(first + i + 1)
		out = append(out, year+"0"[len(m)-1:]+m)
	}
	return out
}
