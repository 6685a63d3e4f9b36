package survey

import "math"

// Change is a question's difference from the period before, after − before.
// S100 is in points of the score with Welch's interval, nil where one of both
// has fewer than ten answers or all of both are equal; Top2 is in percentage
// points with Newcombe's.
type Change struct {
	S100   *float64  `json:"s100"`
	S100CI *Interval `json:"s100_ci"`
	Top2   *float64  `json:"top2"`
	Top2CI *Interval `json:"top2_ci"`
}

// changes compares the scales that both groups show.
func changes(now, before Group) map[string]Change {
	out := map[string]Change{}
	for key, f := range now.Questions {
		b, ok := before.Questions[key]
		if !ok || f.Scale == nil || b.Scale == nil || f.Mean == nil || b.Mean == nil {
			continue
		}
		var c Change
		c.S100, c.S100CI = Welch(b.Counts, f.Counts)
		diff, ci := Newcombe(b.Counts[3]+b.Counts[4], b.N, f.Counts[3]+f.Counts[4], f.N)
		c.Top2, c.Top2CI = &diff, ci
		out[key] = c
	}
	return out
}

// Welch is the difference of two scores (after − before) in points of 0…100
// with Welch's interval for unequal variances; nil when one of them is empty.
func Welch(before, after [5]int) (diff *float64, ci *Interval) {
	a, b := moments(before), moments(after)
	if a.n == 0 || b.n == 0 {
		return nil, nil
	}
	d := hundred(b.mean) - hundred(a.mean)
	va, vb := a.s*a.s/a.n, b.s*b.s/b.n
	if a.n < meanLeast || b.n < meanLeast || va+vb == 0 {
		return &d, nil
	}
	df := (va + vb) * (va + vb) / (va*va/(a.n-1) + vb*vb/(b.n-1)) // Satterthwaite
	half := studentQuantile(df) * math.Sqrt(va+vb) / 4 * 100
	return &d, &Interval{max(-100, d-half), min(100, d+half)}
}

// moment are n, mean and standard deviation of counts.
type moment struct{ n, mean, s float64 }

func moments(counts [5]int) moment {
	n, sum := 0, 0
	for i, c := range counts {
		n += c
		sum += (i + 1) * c
	}
	if n == 0 {
		return moment{}
	}
	mean := float64(sum) / float64(n)
	return moment{float64(n), mean, deviation(counts, mean, n)}
}

// Composite is the mean of the scores of the questions about parts of the
// experience. Dropped had too few answers to be in it, and it says so.
type Composite struct {
	S100    float64  `json:"s100"`
	Of      []string `json:"of"`
	Dropped []string `json:"dropped"`
}

// composite of a group; nil when no dimension is shown.
func (g Group) composite(dimensions []string) *Composite {
	out := Composite{Of: []string{}, Dropped: []string{}}
	for _, key := range dimensions {
		f, ok := g.Questions[key]
		if !ok || f.Scale == nil || f.S100 == nil || f.N < least {
			out.Dropped = append(out.Dropped, key)
			continue
		}
		out.Of = append(out.Of, key)
		out.S100 += *f.S100
	}
	if len(out.Of) == 0 {
		return nil
	}
	out.S100 /= float64(len(out.Of))
	return &out
}

// CenterMeans tells the pooled score, in which every answer counts the same,
// from the plain one, in which every center does.
type CenterMeans struct {
	Pooled  float64 `json:"pooled"`
	Plain   float64 `json:"plain"`
	Centers int     `json:"centers"` // that show a score
}

// centerMeans of closed months; nil where fewer than two centers show a score.
func centerMeans(f *Figures, q ResultsQuery, centers []string, cat Catalog) *CenterMeans {
	q.GroupBy = "center"
	out := CenterMeans{}
	var all [5]int
	for _, g := range groups(f, q, centers, cat) {
		if o, ok := g.Questions[overall]; ok && o.Scale != nil && o.S100 != nil {
			out.Plain += *o.S100
			out.Centers++
			for i, n := range o.Counts {
				all[i] += n
			}
		}
	}
	pooled := Score(all).S100
	if out.Centers < 2 || pooled == nil {
		return nil
	}
	out.Plain /= float64(out.Centers)
	out.Pooled = *pooled
	return &out
}
