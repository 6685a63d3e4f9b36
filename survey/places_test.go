package survey

import (
	"slices"
	"testing"
)

func TestNobodyIsRankedWhereIntervalsOverlap(t *testing.T) {
	a, b, c, d := &Interval{80, 90}, &Interval{60, 79.9}, &Interval{50, 60}, &Interval{10, 20}
	for name, x := range map[string]struct {
		in   []*Interval
		want []int
	}{
		"nobody":                   {nil, []int{}},
		"one alone":                {[]*Interval{a}, []int{0}},
		"one with an interval":     {[]*Interval{a, nil}, []int{0, 0}},
		"two apart":                {[]*Interval{d, a}, []int{2, 1}},
		"touching is overlapping":  {[]*Interval{b, c}, []int{0, 0}},
		"first and last stand out": {[]*Interval{b, a, d, c}, []int{0, 1, 4, 0}},
		"none beside three":        {[]*Interval{a, nil, c, d}, []int{1, 0, 2, 3}},
		"the same twice":           {[]*Interval{a, a, d}, []int{0, 0, 3}},
	} {
		if got := Places(x.in); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

func TestExtremes(t *testing.T) {
	s := func(v ...float64) (out []*float64) {
		for _, x := range v {
			out = append(out, ptr(x))
		}
		return out
	}
	wide, high, low := &Interval{0, 100}, &Interval{80, 90}, &Interval{10, 20}
	for name, x := range map[string]struct {
		scores   []*float64
		cis      []*Interval
		top, low int
		ok       bool
	}{
		"nobody":      {nil, nil, -1, -1, false},
		"one":         {s(85), []*Interval{high}, 0, 0, false},
		"apart":       {s(15, 50, 85), []*Interval{low, wide, high}, 2, 0, true},
		"overlapping": {s(15, 50), []*Interval{low, wide}, 1, 0, false},
		"no interval": {s(15, 99), []*Interval{low, nil}, 0, 0, false},
	} {
		if top, low, ok := Extremes(x.scores, x.cis); top != x.top || low != x.low || ok != x.ok {
			t.Errorf("%s: %d, %d, %v", name, top, low, ok)
		}
	}
}
