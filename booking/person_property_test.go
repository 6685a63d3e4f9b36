package booking

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestStricterPersonNeverAllowsMore: a higher age, a smaller limit, or one that
// counts wider (firm instead of person, more machines) refuses all that was
// refused before.
func TestStricterPersonNeverAllowsMore(t *testing.T) {
	c := twoCenters(t)
	machines := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		e, _ := c.Machine("a")
		mild := *e
		mild.Policy = drawPolicy(t)
		mild.Policy.NoShow = nil
		strict := mild
		strict.Policy.Limits = append([]Limit{}, mild.Policy.Limits...)
		switch n := len(strict.Policy.Limits); {
		case n == 0 || rapid.Bool().Draw(t, "age"):
			strict.Policy.MinAge = max(mild.Policy.MinAge+rapid.IntRange(0, 10).Draw(t, "years"), 1)
		default:
			l := &strict.Policy.Limits[rapid.IntRange(0, n-1).Draw(t, "which")]
			switch rapid.IntRange(0, 2).Draw(t, "how") {
			case 0:
				l.Max = max(1, l.Max/2)
			case 1:
				l.By = "firm"
			default:
				l.Over = "city"
			}
		}
		start := time.Date(2026, 11, 2, 0, 0, 0, 0, c.Zone)
		span := func(name string) Interval {
			from := start.Add(time.Duration(rapid.IntRange(0, 14*48).Draw(t, name)) * 30 * time.Minute)
			return Interval{from, from.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, name+" length")) * 30 * time.Minute)}
		}
		f := Facts{Catalog: c, Person: &Person{ID: "p"}}
		for k := range rapid.IntRange(0, 12).Draw(t, "bookings") {
			s := Span{Booking: fmt.Sprint(k), Equipment: rapid.SampledFrom(machines).Draw(t, "machine"), Interval: span("had"),
				Status: rapid.SampledFrom([]Status{Pending, Confirmed, CheckedIn, Completed, NoShow}).Draw(t, "status")}
			if s.Firm = rapid.SampledFrom([]string{"", "f", "g"}).Draw(t, "whose"); s.Firm != "" {
				f.Firm = append(f.Firm, s)
			} else {
				f.Mine = append(f.Mine, s)
			}
		}
		a := ask{account: "p", equipment: "a", interval: span("asked"), ofAge: rapid.Bool().Draw(t, "of age")}
		if rapid.Bool().Draw(t, "somebody else") {
			a.attendee = &Attendee{Name: "시민", BirthYear: rapid.SampledFrom([]int{0, 1990, 2005, 2010, 2015}).Draw(t, "born")}
		}
		now := start.Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "now")) * time.Hour)
		refused := func(e *Equipment) bool {
			return len(f.judgeLimits(e, a, now))+len(e.judgeAge(c, a)) > 0
		}
		if refused(&mild) && !refused(&strict) {
			t.Fatalf("%+v refuses, the stricter %+v does not", mild.Policy, strict.Policy)
		}
	})
}

// TestMinAge: who may come to a machine from 19 on, and from 14 on, in 2026.
func TestMinAge(t *testing.T) {
	c := twoCenters(t)
	e, _ := c.Machine("a")
	start := localTime(t, "2026-11-16T10:00", c.Zone)
	for _, x := range []struct {
		least    int
		attendee *Attendee
		ofAge    bool
		want     string
	}{
		{0, nil, false, ""},
		{14, nil, false, ""}, // everybody with an account said so
		{19, nil, false, "min_age"},
		{19, nil, true, ""},
		{19, &Attendee{Name: "시민", Relation: "딸", BirthYear: 2007}, false, ""},
		{19, &Attendee{Name: "시민", Relation: "딸", BirthYear: 2008}, false, "min_age"},
		{19, &Attendee{Name: "시민", Relation: "딸", BirthYear: 2008}, true, "min_age"}, // no word stands against the year
		{19, &Attendee{Name: "시민", Relation: "딸"}, false, "min_age"},
		{19, &Attendee{Name: "시민", Relation: "딸"}, true, ""},
		{14, &Attendee{Name: "시민", Relation: "딸"}, false, "min_age"},
		{14, &Attendee{Name: "시민", Relation: "딸", BirthYear: 2012}, false, ""},
		{14, &Attendee{Name: "시민", Relation: "딸", BirthYear: 2013}, false, "min_age"},
	} {
		m := *e
		m.Policy.MinAge = x.least
		if got := codes(m.judgeAge(c, ask{interval: Interval{start, start.Add(time.Hour)}, attendee: x.attendee, ofAge: x.ofAge})); got != x.want {
			t.Errorf("from %d: %+v, said so %v: %q, want %q", x.least, x.attendee, x.ofAge, got, x.want)
		}
	}
}
