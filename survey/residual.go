package survey

import (
	"maps"
	"slices"
)

// row is a part's people over months that the figure above shows and the
// part's own month figures don't.
type row struct {
	scope  Scope
	months []string
	heads  map[string]heads
}

// residual releases sums over months of parts that were hidden in them, like a
// category with three answers in each month of a quarter. The figures above
// are known for each month, so both lie across one another like the margins of
// a table, and what is in the table must not be worked out: safe.
func (s *sheet) residual(period string, window []string, parent Scope, dim Dimension) {
	columns := s.columns(parent, window)
	if len(columns) == 0 {
		return
	}
	known := s.crossing[parent][dim]
	hidden := map[Scope]heads{}
	rows := map[Scope]row{}
	months := slices.Concat(columns...)
	for _, k := range s.kids[parent] {
		if free := s.free(k, months); k.Dim == dim && len(free) > 0 {
			rows[k] = s.row(k, free)
			hidden[k] = s.over(k, free)
		}
	}
	var chosen []row
	for _, k := range smallestFirst(hidden) {
		if hidden[k].showable() {
			chosen = append(chosen, rows[k])
		}
	}
	for len(chosen) > 0 && !s.safe(parent, dim, columns, slices.Concat(known, chosen)) {
		chosen = chosen[1:] // the smallest goes first
	}
	all := slices.Concat(known, chosen)
	for _, r := range chosen {
		s.release(period, r.scope, r.months, false)
	}
	if dim == byCategory {
		for _, r := range chosen {
			all = s.divide(period, columns, all, r)
		}
	}
	if s.crossing[parent] == nil {
		s.crossing[parent] = map[Dimension][]row{}
	}
	s.crossing[parent][dim] = all
}

// divide parts a chosen category's row into its machines and what is left of
// them, as far as it stays safe; it returns all rows with the new ones.
func (s *sheet) divide(period string, columns [][]string, all []row, of row) []row {
	kids, rest := s.split(of.scope, byEquipment, of.months)
	show := showing(kids, rest)
	var chosen []Scope
	for _, k := range smallestFirst(kids) {
		if show[k] {
			chosen = append(chosen, k)
		}
	}
	others := slices.DeleteFunc(slices.Clone(all), func(r row) bool { return r.same(of) })
	for ; len(chosen) > 0; chosen = chosen[1:] {
		left, parts := of.clone(), []row(nil)
		for _, k := range chosen {
			part := s.row(k, of.months)
			parts = append(parts, part)
			left.take(part)
		}
		if parts = append(parts, left); s.safe(Scope{}, byCategory, columns, slices.Concat(others, parts)) {
			for _, k := range chosen {
				s.release(period, k, of.months, false)
			}
			return slices.Concat(others, parts)
		}
	}
	return all
}

// safe tells whether nothing about one to four people can be worked out of the
// columns' sums and the rows' sums. A combination of them adds a number to
// each column and takes one from each row; a row's people drop out of it in
// the columns where the two agree. The fewest people are left when there are
// just two kinds of columns, so every way to part these in two is tried: each
// row then drops out of one kind, and what is in no row only where nothing
// was added.
func (s *sheet) safe(parent Scope, dim Dimension, columns [][]string, rows []row) bool {
	left := make([]heads, len(columns))
	in := make([][]heads, len(rows))
	for j, months := range columns {
		left[j] = s.over(parent, months)
		for _, d := range s.direct(parent, dim, months) {
			left[j] = left[j].minus(d)
		}
		for i, r := range rows {
			h := r.over(months)
			in[i] = append(in[i], h)
			left[j] = left[j].minus(h)
		}
	}
	for _, r := range in {
		if !sum(r, -1).fine() {
			return false
		}
	}
	for set := 1; set < 1<<len(columns); set++ {
		touched := sum(left, set)
		for _, r := range in {
			yes, all := sum(r, set), sum(r, -1)
			no := all.minus(yes)
			touched = touched.plus(heads{min(yes.asked, no.asked), min(yes.valid, no.valid)})
		}
		if !touched.fine() {
			return false
		}
	}
	return true
}

// sum adds the columns in the set.
func sum(h []heads, set int) (out heads) {
	for j := range h {
		if set&(1<<j) != 0 {
			out = out.plus(h[j])
		}
	}
	return out
}

// columns are the months of each figure of the scope inside the window.
func (s *sheet) columns(scope Scope, window []string) (out [][]string) {
	for _, r := range s.released {
		if r.scope == scope && r.direct && inside(r.months, window) {
			out = append(out, r.months)
		}
	}
	return out
}

// direct are the people of the parts that are shown with the figure of these months.
func (s *sheet) direct(parent Scope, dim Dimension, months []string) (out []heads) {
	for _, r := range s.released {
		if r.direct && r.scope.Dim == dim && r.scope.above() == parent && inside(r.months, months) {
			out = append(out, s.over(r.scope, r.months))
		}
	}
	return out
}

func inside(part, whole []string) bool {
	for _, m := range part {
		if !slices.Contains(whole, m) {
			return false
		}
	}
	return true
}

func (s *sheet) row(k Scope, months []string) row {
	r := row{scope: k, heads: map[string]heads{}}
	for _, m := range months {
		if h := s.at[k][m]; h.asked > 0 {
			r.months = append(r.months, m)
			r.heads[m] = h
		}
	}
	return r
}

// over counts the row's people in months.
func (r row) over(months []string) (h heads) {
	for _, m := range months {
		h = h.plus(r.heads[m])
	}
	return h
}

func (r row) clone() row { return row{r.scope, r.months, maps.Clone(r.heads)} }

// take leaves what is not in the part.
func (r row) take(part row) {
	for m, h := range part.heads {
		r.heads[m] = r.heads[m].minus(h)
	}
}

func (r row) same(o row) bool { return r.scope == o.scope && slices.Equal(r.months, o.months) }
