package survey

import (
	"slices"
	"sort"
	"strings"

	"gongbang/internal/lang"
)

// total is the dimension that holds everything the query asks for.
func (q ResultsQuery) total() Dimension {
	switch {
	case q.Equipment != "":
		return byEquipment
	case q.Category != "":
		return byCategory
	}
	return byCenter
}

// parted is the dimension in which the query's groups lie.
func (q ResultsQuery) parted() Dimension {
	switch d := Dimension(q.GroupBy); d {
	case byCategory, byEquipment, byHour, byWait, byNoShow:
		return d
	}
	return q.total()
}

// group sums the released cells of closed months and the published totals of
// open ones, and nothing else.
func group(key string, label lang.Text, f *Figures) Group {
	out := Group{Key: key, Label: label, Questions: map[string]Figure{}}
	n, all := 0, 0
	sums := map[string]map[string]int{}
	for _, c := range f.Cells {
		n += c.shown()
		if c.single() {
			all += c.N
		}
		for q, values := range c.Questions {
			add(sums, q, values)
		}
	}
	for _, p := range f.Published {
		if f.Closed[p.Month] {
			continue // its frozen cell speaks for it
		}
		n += p.N()
		add(sums, overall, p.values())
	}
	out.Provisional = f.anyOpen()
	switch {
	case n >= least:
		out.N, out.ReferenceOnly = &n, n < 2*least
	case max(all, f.answered()) > 0:
		out.Suppressed = true
		return out
	default:
		out.N = &n
	}
	if out.Provisional { // an open month has one figure, and a sum with it too
		sums = map[string]map[string]int{overall: sums[overall]}
	}
	delete(sums, everyone)
	for q, values := range sums {
		out.Questions[q] = figure(values)
	}
	return out
}

func add(sums map[string]map[string]int, question string, values map[string]int) {
	if sums[question] == nil {
		sums[question] = map[string]int{}
	}
	for v, by := range values {
		sums[question][v] += by
	}
}

// values are the published counts as a cell keeps them.
func (p Published) values() map[string]int {
	out := map[string]int{}
	for i, by := range p.Counts {
		out[string(rune('1'+i))] = by
	}
	return out
}

// anyOpen tells whether something counted lies in a month that can still move.
func (f *Figures) anyOpen() bool {
	return slices.ContainsFunc(f.Counts, func(c Count) bool { return !f.Closed[c.Month] })
}

// figure of one question's counts.
func figure(v map[string]int) Figure {
	out := Figure{N: valid(v), NA: v[NA], Skipped: v[skippedValue]}
	if _, choice := v[answeredValue]; !choice {
		s := Score(scaleCounts(v))
		out.Scale = &s
		return out
	}
	out.Options = map[string]int{}
	for key, n := range v {
		switch {
		case key == answeredValue || key == skippedValue || key == NA:
		case strings.HasPrefix(key, likelyValue):
			out.recommend(key, n)
		default:
			out.Options[key] = n
		}
	}
	if out.NPS != nil {
		out.Options = nil
		out.NPS.Score, out.NPS.CI = NPS(out.NPS.Promoters, out.NPS.Passives, out.NPS.Detractors)
	}
	return out
}

// groups parts the closed months of the answer. Open months have none.
func groups(f *Figures, q ResultsQuery, centers []string, cat Catalog) []Group {
	out := []Group{}
	counts := kept(f.Counts, func(c Count) bool { return f.Closed[c.Month] })
	if len(counts) == 0 && len(f.Cells) == 0 {
		return out
	}
	closed := &Figures{Closed: f.Closed, Counts: counts, Cells: f.Cells}
	whole := func(c Cell) bool { return c.Dim == q.total() }
	switch q.GroupBy {
	case "center":
		for _, id := range centers {
			name, _ := cat.Center(id)
			out = append(out, group(id, name, closed.of(part{count: func(c Count) bool { return c.Center == id },
				cell: func(c Cell) bool { return whole(c) && c.Center == id }})))
		}
	case "month":
		for m := q.From; m <= q.To; m = nextMonth(m) {
			if f.Closed[m] {
				out = append(out, group(m, text(m, m), closed.of(part{count: func(c Count) bool { return c.Month == m },
					cell: func(c Cell) bool { return whole(c) && c.Period == m }})))
			}
		}
	case "":
	default:
		out = parts(closed, q.parted(), cat)
	}
	return out
}

// parts lists categories, machines or traits that somebody was asked about or
// answered for. What is hidden says so instead of being absent.
func parts(f *Figures, dim Dimension, cat Catalog) []Group {
	seen := map[string]bool{}
	for _, c := range f.Cells {
		seen[c.Key] = seen[c.Key] || c.Dim == dim
	}
	for _, c := range f.Counts {
		seen[c.part(dim)] = true
	}
	var keys []string
	for k, ok := range seen {
		if ok && k != "" {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	out := []Group{}
	for _, k := range keys {
		out = append(out, group(k, labelled(dim, k, cat), f.of(part{
			count: func(c Count) bool { return c.part(dim) == k },
			cell:  func(c Cell) bool { return c.Dim == dim && c.Key == k }})))
	}
	return out
}

// part is what the counter is about in a dimension; "" when it doesn't say.
func (c Count) part(dim Dimension) string {
	switch dim {
	case byCategory:
		return c.Category
	case byEquipment:
		return c.Equipment
	}
	return ""
}

func labelled(dim Dimension, key string, cat Catalog) lang.Text {
	switch dim {
	case byCategory:
		return cat.Category(key)
	case byEquipment:
		m, _ := cat.Equipment(key)
		return m.Name
	}
	return text(key, key)
}

// leftOut is how many answers of closed months no shown cell holds.
func leftOut(f *Figures, total Dimension) int {
	n := 0
	for _, c := range f.Cells {
		if c.Dim != total {
			continue
		}
		if c.single() {
			n += c.N
		}
		n -= c.shown()
	}
	return max(0, n)
}
