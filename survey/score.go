package survey

import "math"

// z is the 97.5 % quantile of the normal distribution: 95 % intervals.
const z = 1.959963984540054

// meanLeast is the fewest answers for an interval of the mean.
const meanLeast = 10

// Interval of a figure, in the figure's own unit, [low, high].
type Interval [2]float64

// Scale is what 1…5 answers say. Percentages and scores are 0…100, unrounded;
// nil where nobody answered or no interval can be given.
type Scale struct {
	Counts [5]int    `json:"counts"`
	Mean   *float64  `json:"mean"`
	S100   *float64  `json:"s100"`
	S100CI *Interval `json:"s100_ci"`
	Top2   *float64  `json:"top2"`
	Top2CI *Interval `json:"top2_ci"`
}

// Score computes all figures of the counts of 1…5.
func Score(counts [5]int) Scale {
	out := Scale{Counts: counts}
	n, sum := 0, 0
	for i, c := range counts {
		n += c
		sum += (i + 1) * c
	}
	if n == 0 {
		return out
	}
	mean := float64(sum) / float64(n)
	top2 := 100 * float64(counts[3]+counts[4]) / float64(n)
	out.Mean, out.S100, out.Top2 = &mean, ptr(hundred(mean)), &top2
	out.Top2CI = Wilson(counts[3]+counts[4], n)
	if s := deviation(counts, mean, n); n >= meanLeast && s > 0 {
		half := studentT(n-1) * s / math.Sqrt(float64(n)) / 4 * 100
		out.S100CI = &Interval{max(0, *out.S100-half), min(100, *out.S100+half)}
	}
	return out
}

// hundred is the printed rule: (mean − 1) / 4 × 100.
func hundred(mean float64) float64 { return (mean - 1) / 4 * 100 }

// deviation is the sample standard deviation (n − 1); 0 for fewer than two.
func deviation(counts [5]int, mean float64, n int) float64 {
	if n < 2 {
		return 0
	}
	sum := 0.0
	for i, c := range counts {
		d := float64(i+1) - mean
		sum += float64(c) * d * d
	}
	return math.Sqrt(sum / float64(n-1))
}

// Wilson is the 95 % score interval of the share k/n in percent; nil for n = 0.
func Wilson(k, n int) *Interval {
	if n == 0 {
		return nil
	}
	lo, hi := wilson(k, n)
	return &Interval{100 * lo, 100 * hi}
}

func wilson(k, n int) (lo, hi float64) {
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	lo, hi = mid-half, mid+half
	if k == 0 { // exactly, where subtraction leaves dust
		lo = 0
	}
	if k == n {
		hi = 1
	}
	return max(0, lo), min(1, hi)
}

// Newcombe is the difference of two shares (after − before) in percentage
// points with the hybrid score interval; nil when one of them is empty.
func Newcombe(k1, n1, k2, n2 int) (diff float64, ci *Interval) {
	if n1 == 0 || n2 == 0 {
		return 0, nil
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := wilson(k1, n1)
	l2, u2 := wilson(k2, n2)
	d := p2 - p1
	lo := d - math.Hypot(p2-l2, u1-p1)
	hi := d + math.Hypot(u2-p2, p1-l1)
	return 100 * d, &Interval{100 * lo, 100 * hi}
}

// NPS is promoters minus detractors in percent, with the adjusted Wald
// interval (three answers added: ¾, 1½, ¾); nil without answers.
func NPS(promoters, passives, detractors int) (score *float64, ci *Interval) {
	n := promoters + passives + detractors
	if n == 0 {
		return nil, nil
	}
	m := float64(n) + 3
	p, d := (float64(promoters)+0.75)/m, (float64(detractors)+0.75)/m
	half := z * math.Sqrt((p+d-(p-d)*(p-d))/m)
	return ptr(100 * float64(promoters-detractors) / float64(n)),
		&Interval{max(-100, 100*(p-d-half)), min(100, 100*(p-d+half))}
}

func ptr(v float64) *float64 { return &v }
