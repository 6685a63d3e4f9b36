package testkit

import "testing"

func TestLinear(t *testing.T) {
	var l Linear
	l.Know([]int64{1, 1, 1, 0})
	l.Know([]int64{0, 1, 1, 1})
	for _, c := range []struct {
		row  []int64
		want bool
	}{{[]int64{1, 1, 1, 0}, true}, {[]int64{1, 0, 0, -1}, true}, {[]int64{1, 2, 2, 1}, true}, {[]int64{1, 0, 0, 0}, false}, {[]int64{0, 1, 0, 0}, false}} {
		if got := l.Follows(c.row); got != c.want {
			t.Errorf("%v follows: %v", c.row, got)
		}
	}
	for _, c := range []struct {
		set, nobody []int
		want        bool
	}{{[]int{0, 3}, nil, true}, {[]int{0}, nil, false}, {[]int{0}, []int{3}, true}, {[]int{1, 2}, nil, false}, {[]int{1, 2}, []int{0}, true}} {
		if got := l.Touches(c.set, c.nobody); got != c.want {
			t.Errorf("%v beside %v: %v", c.set, c.nobody, got)
		}
	}
}
