package survey

import (
	"gongbang/internal/lang"
)

// group sums the released cells of closed months and the published totals of
// open ones, and nothing else.
func group(key string, label lang.Text, f *Figures) Group {
	out := Group{Key: key, Label: label, Questions: map[string]Figure{}}
	n := 0
	sums := map[string]map[string]int{}
	add := func(question, value string, by int) {
		if sums[question] == nil {
			sums[question] = map[string]int{}
		}
		sums[question][value] += by
	}
	for _, c := range f.Cells {
		n += c.N
		for q, values := range c.Questions {
			for v, by := range values {
				add(q, v, by)
			}
		}
	}
	for _, p := range f.Published {
		if f.Closed[p.Month] {
			continue // its frozen cell speaks for it
		}
		n += p.N()
		for i, by := range p.Counts {
			add(overall, string(rune('1'+i)), by)
		}
	}
	out.Provisional = f.anyOpen()
	switch {
	case n >= least:
		out.N, out.ReferenceOnly = &n, n < 2*least
	case f.answered() > 0:
		out.Suppressed = true
		return out
	default:
		out.N = &n
	}
	if out.Provisional { // an open month has one figure, and a sum with it too
		sums = map[string]map[string]int{overall: sums[overall]}
	}
	for q, values := range sums {
		out.Questions[q] = figure(values)
	}
	return out
}

// anyOpen tells whether something counted lies in a month that can still move.
func (f *Figures) anyOpen() bool {
	for _, c := range f.Counts {
		if !f.Closed[c.Month] {
			return true
		}
	}
	return false
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
		if key != answeredValue && key != skippedValue && key != NA {
			out.Options[key] = n
		}
	}
	return out
}

// groups parts the closed months of the answer. Open months have none, and
// below the center nothing is released.
func groups(f *Figures, q ResultsQuery, centers []string, cat Catalog) []Group {
	out := []Group{}
	closed := f.only(func(_, m string) bool { return f.Closed[m] })
	if len(closed.Counts) == 0 {
		return out
	}
	switch q.GroupBy {
	case "center":
		for _, id := range centers {
			name, _ := cat.Center(id)
			out = append(out, group(id, name, closed.only(func(c, _ string) bool { return c == id })))
		}
	case "month":
		for m := q.From; m <= q.To; m = nextMonth(m) {
			if f.Closed[m] {
				out = append(out, group(m, text(m, m), closed.only(func(_, in string) bool { return in == m })))
			}
		}
	case "category", "equipment":
		out = below(closed, q.GroupBy, cat)
	}
	return out
}

// below lists categories or machines that were asked about. None of their
// answers is released, and a group says so instead of being absent.
func below(f *Figures, by string, cat Catalog) []Group {
	out := []Group{}
	seen := map[string]bool{}
	for _, c := range f.Counts {
		key := c.Category
		if by == "equipment" {
			key = c.Equipment
		}
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		label := cat.Category(key)
		if by == "equipment" {
			m, _ := cat.Equipment(key)
			label = m.Name
		}
		part := &Figures{Closed: f.Closed}
		for _, d := range f.Counts {
			if by == "equipment" && d.Equipment == key || by == "category" && d.Category == key {
				part.Counts = append(part.Counts, d)
			}
		}
		out = append(out, group(key, label, part))
	}
	return out
}

// leftOut is how many answers of closed months no shown cell holds.
func leftOut(f *Figures) int {
	closed := f.only(func(_, m string) bool { return f.Closed[m] })
	n := closed.answered()
	for _, c := range closed.Cells {
		n -= c.N
	}
	return max(0, n)
}
