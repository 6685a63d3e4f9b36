package survey

import (
	"slices"
	"testing"
)

// Worked by hand: 640 of 800 are 80 %; with n = 100 the limits are
// 80 ± 3·√(0.16/100)·100 = 80 ± 12, with n = 400 they are 80 ± 6.
func TestShareLimits(t *testing.T) {
	periods := []Share{{68, 100}, {92, 100}, {320, 400}}
	for range 5 {
		periods = append(periods, Share{16, 20})
	}
	periods = append(periods, Share{65, 80}, Share{15, 20}) // 640 of 800
	got := LimitsOf(periods)
	same(t, "center", *got.Center, 80, 9)
	for i, want := range []*[2]float64{{68, 92}, {68, 92}, {74, 86}, nil, nil, nil, nil, nil, {66.58, 93.42}, nil} {
		sameInterval(t, "limits", got.Limits[i], want) // of 20 answers 4 are expected to be others
	}
	if got.Outside != nil {
		t.Errorf("a share on its limit is outside: %v", got.Outside)
	}
	periods[0].K, periods[1].K = 67, 93 // as many as before
	if got = LimitsOf(periods); !slices.Equal(got.Outside, []int{0, 1}) {
		t.Errorf("outside are %v", got.Outside)
	}
}

func TestShareLimitsOfFew(t *testing.T) {
	for name, c := range map[string]struct {
		in     []Share
		center bool
	}{
		"none":                 {nil, false},
		"nobody answered":      {make([]Share, 12), false},
		"nine months":          {slices.Repeat([]Share{{80, 100}}, 9), true},
		"nine and empty ones":  {append(slices.Repeat([]Share{{80, 100}}, 9), make([]Share, 5)...), true},
		"everybody, all alike": {slices.Repeat([]Share{{100, 100}}, 12), true},
		"few each month":       {slices.Repeat([]Share{{5, 9}}, 12), true},
	} {
		got := LimitsOf(c.in)
		if (got.Center != nil) != c.center || len(got.Limits) != len(c.in) || got.Outside != nil {
			t.Errorf("%s: %+v", name, got)
		}
		for i, l := range got.Limits {
			if l != nil {
				t.Errorf("%s: period %d has limits %v", name, i, *l)
			}
		}
	}
	if got := LimitsOf(slices.Repeat([]Share{{80, 100}}, 10)); got.Limits[9] == nil {
		t.Error("ten months have no limits")
	}
}
