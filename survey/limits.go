package survey

import "math"

const (
	// limitSigma is how far Shewhart's limits lie from the center line.
	limitSigma = 3
	// limitLeast is the fewest expected on either side of the question.
	limitLeast = 5
)

// Share is k of n answers of one period.
type Share struct{ K, N int }

// ShareLimits are the limits of a p-chart. Percent; Limits has an entry for
// each period, nil where it has none.
//
// Source: D. C. Montgomery, Introduction to Statistical Quality Control, the
// fraction chart with variable sample size: p̄ ± 3·√(p̄(1−p̄)/n), where p̄ is
// the pooled share. The normal distribution behind it holds only where
// at least 5 of either kind are expected; smaller periods have no limits.
type ShareLimits struct {
	Center *float64 // pooled share; nil without answers
	Limits []*Interval
	// Outside lists the periods whose share is beyond its limits.
	Outside []int
}

// LimitsOf computes the p-chart of consecutive periods. Under TrendLeast
// periods with answers there are no limits: the center line itself is not
// known well enough.
func LimitsOf(periods []Share) ShareLimits {
	out := ShareLimits{Limits: make([]*Interval, len(periods))}
	k, n, known := 0, 0, 0
	for _, p := range periods {
		k, n = k+p.K, n+p.N
		if p.N > 0 {
			known++
		}
	}
	if out.Center = percent(k, n); out.Center == nil || known < TrendLeast {
		return out
	}
	center := float64(k) / float64(n)
	for i, p := range periods {
		m := float64(p.N)
		if m*center < limitLeast || m*(1-center) < limitLeast {
			continue
		}
		half := limitSigma * math.Sqrt(center*(1-center)/m)
		out.Limits[i] = &Interval{100 * max(0, center-half), 100 * min(1, center+half)}
		if share := 100 * float64(p.K) / m; share < out.Limits[i][0] || share > out.Limits[i][1] {
			out.Outside = append(out.Outside, i)
		}
	}
	return out
}
