package survey

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// The limits of the published table (Anhøj and Olesen 2014).
func TestRunLimitsAreThePublishedOnes(t *testing.T) {
	for n, want := range map[int][2]int{
		10: {6, 2}, 11: {6, 2}, 12: {7, 3}, 13: {7, 3}, 14: {7, 4}, 15: {7, 4}, 16: {7, 4}, 17: {7, 5}, 18: {7, 5},
		19: {7, 6}, 20: {7, 6}, 21: {7, 6}, 22: {7, 7}, 23: {8, 7}, 24: {8, 8}, 25: {8, 8}, 26: {8, 8}, 27: {8, 9},
		28: {8, 9}, 29: {8, 10}, 30: {8, 10}, 40: {8, 14}, 50: {9, 19}, 60: {9, 23}, 9: {0, 0}, 0: {0, 0},
	} {
		if longest, crossings := RunLimits(n); longest != want[0] || crossings != want[1] {
			t.Errorf("%d periods: %d and %d, want %v", n, longest, crossings, want)
		}
	}
}

func series(v ...float64) []float64 { return v }

func TestTrendVerdicts(t *testing.T) {
	for name, c := range map[string]struct {
		in   []float64
		want Trend
	}{
		"nothing": {nil, Trend{}},
		"one":     {series(80), Trend{Periods: 1, Median: 80}},
		"nine, however clear": {series(1, 1, 1, 1, 5, 9, 9, 9, 9),
			Trend{Periods: 9, Useful: 8, Median: 5, Run: 4, Cross: 1}},
		"twelve, of which five on the line": {series(1, 9, 5, 5, 5, 5, 5, 1, 9, 1, 9, 1),
			Trend{Periods: 12, Useful: 7, Median: 5, Run: 1, Cross: 6}}, // 1 9 1 9 1 9 1
		"ten that change sides": {series(1, 9, 1, 9, 1, 9, 1, 9, 1, 9),
			Trend{Periods: 10, Useful: 10, Median: 5, Run: 1, RunMost: 6, Cross: 9, CrossLeast: 2, Enough: true}},
		"a step up": {series(1, 2, 1, 2, 1, 9, 8, 9, 8, 9),
			Trend{Periods: 10, Useful: 10, Median: 5, Run: 5, RunMost: 6, Cross: 1, CrossLeast: 2, Enough: true, Changed: true, Drift: DriftUp}},
		"a step down": {series(9, 8, 9, 8, 9, 1, 2, 1, 2, 1, 5),
			Trend{Periods: 11, Useful: 10, Median: 5, Run: 5, RunMost: 6, Cross: 1, CrossLeast: 2, Enough: true, Changed: true, Drift: DriftDown}},
		"a step up onto the line": {series(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
			Trend{Periods: 21, Useful: 10, Median: 9, Run: 10, RunMost: 6, CrossLeast: 2, Enough: true, Changed: true, Drift: DriftUp}},
		"a hill": {series(1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 1, 1, 1, 1),
			Trend{Periods: 16, Useful: 16, Median: 5, Run: 8, RunMost: 7, Cross: 2, CrossLeast: 4, Enough: true, Changed: true}},
	} {
		if got := TrendOf(c.in); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// compositions counts the ways to part n into exactly k parts of 1…most.
func compositions(n, k, most int) float64 {
	ways := make([]float64, n+1)
	ways[0] = 1
	for range k {
		next := make([]float64, n+1)
		for have, w := range ways {
			for part := 1; part <= most && have+part <= n; part++ {
				next[have+part] += w
			}
		}
		ways = next
	}
	return ways[n]
}

// designed is the exact rate of false alarms: of all orders of so many periods
// above and below the line, the part that the rules call unusual. Every order
// is as likely when nothing changes.
func designed(above, below int) float64 {
	longest, crossings := RunLimits(above + below)
	if longest == 0 {
		return 0
	}
	usual, all := 0.0, 1.0
	for i := range below {
		all *= float64(above+i+1) / float64(i+1)
	}
	for u := 0; u <= above; u++ {
		for v := max(0, u-1); v <= min(below, u+1); v++ {
			ways := compositions(above, u, longest) * compositions(below, v, longest)
			if u == v {
				ways *= 2
			}
			if u+v-1 >= crossings {
				usual += ways
			}
		}
	}
	return 1 - usual/all
}

// TestDesignedRateOfFalseAlarms fixes the rates that the rules have by
// themselves; a walk through all orders of ten periods agrees with the count.
func TestDesignedRateOfFalseAlarms(t *testing.T) {
	signals, orders := 0, 0
	for mask := range 1 << 10 {
		sides := make([]bool, 10)
		n := 0
		for i := range sides {
			if sides[i] = mask>>i&1 == 1; sides[i] {
				n++
			}
		}
		if n != 5 {
			continue
		}
		orders++
		if longest, crossings := runs(sides); longest > 6 || crossings < 2 {
			signals++
		}
	}
	if got, want := designed(5, 5), float64(signals)/float64(orders); math.Abs(got-want) > 1e-12 {
		t.Errorf("ten periods: counted %v, walked %v", got, want)
	}
	for half, want := range map[int]float64{5: 0.0079, 6: 0.0130, 8: 0.0089, 10: 0.0212, 12: 0.0306, 15: 0.0265, 18: 0.0425} {
		if got := designed(half, half); math.Abs(got-want) > 0.00005 {
			t.Errorf("%d periods: %.5f, want %.4f", 2*half, got, want)
		}
	}
	for half := 5; half <= 30; half++ {
		if got := designed(half, half); got <= 0 || got > 0.05 {
			t.Errorf("%d periods: the rules alarm in %.4f of unchanged series", 2*half, got)
		}
	}
}

// monthly is the mean of n answers of which each has its probability, 1…5.
func monthly(r *rand.Rand, p [5]float64, n int) float64 {
	sum := 0
	for range n {
		x := r.Float64()
		v := 1
		for ; v < 5 && x >= p[v-1]; v++ {
			x -= p[v-1]
		}
		sum += v
	}
	return float64(sum) / float64(n)
}

// TestTrendAlarmsAtTheDesignedRate: months of 10 to 60 answers of which
// nothing changes raise an alarm as often as the rules are made for; a center
// that gets better by 12 of 100 points half way is found far more often.
func TestTrendAlarmsAtTheDesignedRate(t *testing.T) {
	rounds := 4000
	if os.Getenv("SCALE") == "full" {
		rounds = 100_000
	}
	r := rand.New(rand.NewPCG(7, 2026))
	before, after := [5]float64{.05, .10, .20, .40, .25}, [5]float64{.02, .05, .12, .36, .45}
	for _, months := range []int{12, 24, 36} {
		alarms, found := 0, 0
		want, spread := 0.0, 0.0
		rates := map[[2]int]float64{}
		for range rounds {
			same, better := make([]float64, months), make([]float64, months)
			for i := range same {
				same[i] = monthly(r, before, 10+r.IntN(51))
				better[i] = same[i]
				if i >= months/2 {
					better[i] = monthly(r, after, 10+r.IntN(51))
				}
			}
			got := TrendOf(same)
			if got.Changed {
				alarms++
			}
			if TrendOf(better).Changed {
				found++
			}
			p := rateOf(rates, same, got)
			want, spread = want+p, spread+p*(1-p)
		}
		n := float64(rounds)
		t.Logf("%d months × %d: alarms %.2f %%, designed %.2f %%; a change by 12 points is found in %.1f %%",
			months, rounds, 100*float64(alarms)/n, 100*want/n, 100*float64(found)/n)
		if math.Abs(float64(alarms)-want) > 4*math.Sqrt(spread) {
			t.Errorf("%d months: %d alarms of %d, designed %.1f ± %.1f", months, alarms, rounds, want, 4*math.Sqrt(spread))
		}
		if float64(found) < 5*float64(alarms) {
			t.Errorf("%d months: a change is found in %d of %d only", months, found, rounds)
		}
	}
}

// rateOf is the designed rate for a series' numbers above and below its line.
func rateOf(known map[[2]int]float64, figures []float64, t Trend) float64 {
	above := 0
	for _, up := range sidesOf(figures, t.Median) {
		if up {
			above++
		}
	}
	key := [2]int{above, t.Useful - above}
	if _, ok := known[key]; !ok {
		known[key] = designed(key[0], key[1])
	}
	return known[key]
}
