package booking

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var drawDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func drawInterval(t *rapid.T, name string) Interval {
	from := rapid.IntRange(0, 60).Draw(t, name+" from")
	return Interval{
		drawDay.Add(time.Duration(from) * time.Minute),
		drawDay.Add(time.Duration(from+rapid.IntRange(1, 30).Draw(t, name+" length")) * time.Minute),
	}
}

// TestIntervalMinus holds the difference against minute by minute membership.
func TestIntervalMinus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawInterval(t, "a")
		var cuts []Interval
		for range rapid.IntRange(0, 5).Draw(t, "cuts") {
			cuts = append(cuts, drawInterval(t, "cut"))
		}
		left := a.Minus(cuts...)
		for m := range 120 {
			at := drawDay.Add(time.Duration(m) * time.Minute)
			has := func(i Interval) bool { return i.Has(at) }
			want := a.Has(at) && !slices.ContainsFunc(cuts, has)
			if got := slices.ContainsFunc(left, has); got != want {
				t.Fatalf("minute %d: in the difference %v, want %v", m, got, want)
			}
		}
		for i, l := range left {
			if l.Empty() || !a.Contains(l) || i > 0 && l.Start.Before(left[i-1].End) {
				t.Fatalf("piece %d of %v is empty, outside or out of order", i, left)
			}
		}
	})
}

func TestIntervalAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawInterval(t, "a"), drawInterval(t, "b")
		if a.Overlaps(b) != b.Overlaps(a) {
			t.Fatal("overlap is symmetric")
		}
		if a.Overlaps(b) == (len(a.Minus(b)) == 1 && a.Minus(b)[0] == a) {
			t.Fatal("what does not overlap takes nothing away")
		}
		if a.Contains(b) && (!a.Overlaps(b) || len(b.Minus(a)) != 0) {
			t.Fatal("what lies inside overlaps and leaves nothing")
		}
		if touching := (Interval{a.End, a.End.Add(time.Minute)}); a.Overlaps(touching) {
			t.Fatal("touching intervals do not overlap")
		}
	})
}

func TestMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in []Interval
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			in = append(in, drawInterval(t, "i"))
		}
		out := merge(in)
		for m := range 120 {
			has := func(i Interval) bool { return i.Has(drawDay.Add(time.Duration(m) * time.Minute)) }
			if slices.ContainsFunc(in, has) != slices.ContainsFunc(out, has) {
				t.Fatalf("minute %d changed", m)
			}
		}
		for i := 1; i < len(out); i++ {
			if !out[i-1].End.Before(out[i].Start) {
				t.Fatalf("%v and %v should be one", out[i-1], out[i])
			}
		}
	})
}
