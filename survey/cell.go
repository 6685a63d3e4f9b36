package survey

import (
	"slices"
	"sort"
)

// Cell is a group of answers and what may be shown of it for good. A question
// that too few answered, here or in what would be left over, is not in it.
type Cell struct {
	Period string    `json:"period"` // "2006-01", "2006-Q1", "2006-H1"
	Center string    `json:"center"`
	Series string    `json:"series"`
	Dim    Dimension `json:"dim,omitempty"`
	Key    string    `json:"key,omitempty"`
	Parent string    `json:"parent,omitempty"` // a machine's category
	// N is how many answered, shown or not. Of a quarter or half-year it is
	// those that are shown with it.
	N         int                       `json:"n"`
	Questions map[string]map[string]int `json:"questions"`
	// Months tells of a quarter or half-year which months each question sums:
	// those that were not released alone.
	Months map[string][]string `json:"months,omitempty"`
}

// closedWith is the month whose closing released the cell.
func (c Cell) closedWith() string {
	m := monthsOf(c.Period)
	return m[len(m)-1]
}

// First is the first month of the period.
func (c Cell) First() string { return monthsOf(c.Period)[0] }

// single tells whether the cell is a month's. These name all who answered.
func (c Cell) single() bool { return len(monthsOf(c.Period)) == 1 }

// shown is how many answers the cell shows; 0 when it is hidden. Cells of the
// first version have no count of their own beside the first question's.
func (c Cell) shown() int {
	if v, ok := c.Questions[everyone]; ok {
		return v[answeredValue]
	}
	return valid(c.Questions[overall])
}

// book holds the counts of one center and series: question, scope, month, value.
type book map[string]map[Scope]map[string]map[string]int

func newBook(rows []TallyRow) book {
	b := book{}
	for _, r := range rows {
		if b[r.Question] == nil {
			b[r.Question] = map[Scope]map[string]map[string]int{}
		}
		q := b[r.Question]
		if q[r.Scope] == nil {
			q[r.Scope] = map[string]map[string]int{}
		}
		if q[r.Scope][r.Month] == nil {
			q[r.Scope][r.Month] = map[string]int{}
		}
		q[r.Scope][r.Month][r.Value] += r.N
	}
	return b
}

// cells makes all cells of one center and series in one half-year, from its
// closed months; only names those sealed with the center's cell alone.
func cells(center, series string, rows []TallyRow, months []string, only map[string]bool) []Cell {
	type place struct {
		period string
		scope  Scope
	}
	b, at := newBook(rows), map[place]*Cell{}
	cell := func(period string, s Scope) *Cell {
		p := place{period, s}
		if at[p] == nil {
			at[p] = &Cell{Period: period, Center: center, Series: series, Dim: s.Dim, Key: s.Key, Parent: s.Parent,
				Questions: map[string]map[string]int{}}
		}
		return at[p]
	}
	for scope, by := range b[everyone] {
		for m, v := range by {
			if slices.Contains(months, m) && (!only[m] || scope == (Scope{})) {
				cell(m, scope).N = v[answeredValue]
			}
		}
	}
	for question, scopes := range b {
		for _, r := range newSheet(people(scopes), only).plan(months) {
			c := cell(r.period, r.scope)
			c.add(question, r, scopes[r.scope])
		}
	}
	out := make([]Cell, 0, len(at))
	for _, c := range at {
		out = append(out, *c)
	}
	sort.Slice(out, func(a, b int) bool { return slices.Compare(out[a].path(), out[b].path()) < 0 })
	return out
}

func (c Cell) path() []string {
	return []string{c.Period, c.Center, c.Series, string(c.Dim), c.Parent, c.Key}
}

// people counts the heads of one question.
func people(scopes map[Scope]map[string]map[string]int) map[Scope]map[string]heads {
	out := map[Scope]map[string]heads{}
	for scope, by := range scopes {
		out[scope] = map[string]heads{}
		for m, v := range by {
			out[scope][m] = headsOf(v)
		}
	}
	return out
}

// add puts a released figure into its cell.
func (c *Cell) add(question string, r release, by map[string]map[string]int) {
	sum := c.Questions[question]
	if sum == nil {
		sum = map[string]int{}
		c.Questions[question] = sum
	}
	for _, m := range r.months {
		for v, n := range by[m] {
			sum[v] += n
		}
	}
	if c.single() {
		return
	}
	if c.Months == nil {
		c.Months = map[string][]string{}
	}
	c.Months[question] = append(c.Months[question], r.months...)
	slices.Sort(c.Months[question])
	if question == everyone {
		c.N = sum[answeredValue]
	}
}
