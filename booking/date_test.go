package booking

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParseDate(t *testing.T) {
	for s, want := range map[string]bool{
		"2026-11-22": true, "2028-02-29": true, "2026-02-29": false, "2026-13-01": false, "2026-1-2": false,
		"": false, "2026-11-22T00:00": false, "20261122": false, "２０２６-11-22": false,
	} {
		if _, ok := ParseDate(s); ok != want {
			t.Errorf("%q: %v, want %v", s, ok, want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		d    Date
		n    int
		want Date
	}{
		{"2026-03-31", -1, "2026-02-28"}, {"2028-03-31", -1, "2028-02-29"}, {"2026-12-31", 2, "2027-02-28"},
		{"2026-01-15", -1, "2025-12-15"}, {"2026-05-31", -12, "2025-05-31"}, {"2026-05-31", 0, "2026-05-31"},
	} {
		if got := c.d.AddMonths(c.n); got != c.want {
			t.Errorf("%s %+d months: %s, want %s", c.d, c.n, got, c.want)
		}
	}
}

// TestDatesTile: in every zone days follow each other without gap, whatever the clocks do.
func TestDatesTile(t *testing.T) {
	zones := []string{"Asia/Seoul", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d := Date("2026-01-01").Add(rapid.IntRange(0, 1500).Draw(t, "day"))
		whole, next := d.Whole(z), d.Add(1).Whole(z)
		if whole.End != next.Start || d.At(24*60, z) != whole.End {
			t.Fatalf("%s ends %v, the next begins %v", d, whole.End, next.Start)
		}
		if DateOf(whole.Start, z) != d || DateOf(whole.End.Add(-time.Millisecond), z) != d {
			t.Fatalf("%s does not hold its own ends", d)
		}
		if m := d.Monday(); m.Weekday() != time.Monday || m > d || m.Add(7) <= d {
			t.Fatalf("the Monday of %s is %s", d, m)
		}
	})
}

func TestWhenBefore(t *testing.T) {
	seoul := zone(t, "Asia/Seoul")
	start := Date("2026-03-31").At(14*60, seoul)
	for _, c := range []struct {
		w    When
		want time.Time
	}{
		{When{Days, 14, 600}, Date("2026-03-17").At(600, seoul)},
		{When{Days, 2, 1440}, Date("2026-03-30").At(0, seoul)},
		{When{Months, 1, 0}, Date("2026-02-28").At(0, seoul)},
		{When{Hours, 3, 0}, start.Add(-3 * time.Hour)},
		{When{Minutes, 0, 0}, start},
	} {
		if got := c.w.Before(start, seoul); !got.Equal(c.want) {
			t.Errorf("%+v: %v, want %v", c.w, got, c.want)
		}
	}
}
