package survey

import (
	"math"
	"slices"
)

// TrendLeast is the fewest periods off the center line for a verdict.
const TrendLeast = 10

// Drift is where a series went.
type Drift string

const (
	DriftUp   Drift = "up"
	DriftDown Drift = "down"
	DriftBoth Drift = "" // it changed, and neither half lies higher
)

// Trend is what the run rules say of a series of periods, oldest first.
//
// Source: J. Anhøj and A. V. Olesen, "Run charts revisited: a simulation study
// of run chart rules for detection of non-random variation in health care
// processes", PLoS ONE 9(11), 2014, e113825. The center line is the median;
// periods on it say nothing and are left out. Unusual is a run longer than
// round(log2 n + 3), or fewer crossings than the 5 % quantile of the binomial
// distribution of n − 1 fair tosses.
type Trend struct {
	Periods int     // that have a figure
	Useful  int     // of them off the center line
	Median  float64 // the center line
	Run     int     // longest run on one side
	RunMost int     // longer ones are unusual
	Cross   int     // changes of side
	// CrossLeast: fewer are unusual.
	CrossLeast int
	// Enough tells whether there may be a verdict at all.
	Enough bool
	// Changed: the order of the figures is not what chance alone makes of it.
	Changed bool
	Drift   Drift // of a changed series
}

// TrendOf judges figures of consecutive periods.
func TrendOf(figures []float64) Trend {
	t := Trend{Periods: len(figures)}
	if t.Periods == 0 {
		return t
	}
	t.Median = median(figures)
	sides := sidesOf(figures, t.Median)
	t.Useful = len(sides)
	t.Run, t.Cross = runs(sides)
	if t.Enough = t.Useful >= TrendLeast; !t.Enough {
		return t
	}
	t.RunMost, t.CrossLeast = RunLimits(t.Useful)
	if t.Changed = t.Run > t.RunMost || t.Cross < t.CrossLeast; t.Changed {
		t.Drift = drift(figures, t.Median)
	}
	return t
}

// RunLimits are the longest usual run and the fewest usual crossings of n
// periods off the center line; zeros under TrendLeast.
func RunLimits(n int) (longest, crossings int) {
	if n < TrendLeast {
		return 0, 0
	}
	return int(math.Round(math.Log2(float64(n)) + 3)), tossQuantile(0.05, n-1)
}

// tossQuantile is the least number of heads of n fair tosses that is not
// exceeded with a probability of at least p.
func tossQuantile(p float64, n int) int {
	term := math.Exp2(float64(-n)) // of no head
	for k, sum := 0, term; ; k, sum = k+1, sum+term {
		if sum >= p || k == n {
			return k
		}
		term *= float64(n-k) / float64(k+1)
	}
}

func median(figures []float64) float64 {
	s := slices.Sorted(slices.Values(figures))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

// sidesOf tells for each period off the line whether it lies above.
func sidesOf(figures []float64, line float64) []bool {
	var out []bool
	for _, v := range figures {
		if v != line {
			out = append(out, v > line)
		}
	}
	return out
}

// runs counts the longest run and the changes of side.
func runs(sides []bool) (longest, crossings int) {
	length := 0
	for i, above := range sides {
		if i > 0 && above != sides[i-1] {
			crossings++
			length = 0
		}
		length++
		longest = max(longest, length)
	}
	return longest, crossings
}

// drift compares the halves: what lies above the line counts one for its half,
// what lies below one against it. The middle one of an odd number is in neither.
func drift(figures []float64, line float64) Drift {
	sum := 0
	for i, v := range figures {
		side := 0
		switch {
		case v > line:
			side = 1
		case v < line:
			side = -1
		}
		switch n := len(figures); {
		case i < n/2:
			sum -= side
		case i >= n-n/2:
			sum += side
		}
	}
	switch {
	case sum > 0:
		return DriftUp
	case sum < 0:
		return DriftDown
	}
	return DriftBoth
}
