package lockertest

import (
	"errors"
	"testing"
	"time"

	"gongbang/booking"
)

func reentry(t *testing.T, s Subject) {
	first := wins(t, s, claim("one", at(0, 60), 1, 2), 1, true)
	shorter := claim("one", at(0, 60), 1, 2)
	shorter.TTL = long / 2
	again := wins(t, s, shorter, 1, false)
	if !again.ExpiresAt.Equal(first.ExpiresAt) || again.Extensions != 0 {
		t.Fatalf("re-entry moved the expiry from %v to %v (%d extensions)", first.ExpiresAt, again.ExpiresAt, again.Extensions)
	}
	longer := claim("one", at(0, 60), 1, 2)
	longer.TTL = 2 * long
	if grown := wins(t, s, longer, 1, false); grown.ExpiresAt.Sub(first.ExpiresAt) < long/2 {
		t.Fatalf("re-entry for longer ends at %v, before at %v", grown.ExpiresAt, first.ExpiresAt)
	}
	// Another interval of the same owner is another claim, and never in the way.
	wins(t, s, claim("one", at(30, 90), 1), 1, true)
	wins(t, s, claim("one", at(0, 60), 1), 1, false)
	loses(t, s, claim("two", at(60, 90), 1))
}

// reentryUnit: a retry must find what an earlier call, whose answer was lost,
// had won, also when a unit ranked before it has become free since.
func reentryUnit(t *testing.T, s Subject) {
	wins(t, s, claim("two", at(0, 60), 1), 1, true)
	wins(t, s, claim("one", at(0, 60), 1, 2), 2, true)
	must(t, s.Release(t.Context(), machine, "two", at(0, 60)))
	wins(t, s, claim("one", at(0, 60), 1, 2), 2, false)
	// A unit that is not ranked is not looked at.
	wins(t, s, claim("one", at(0, 60), 1), 1, true)
	// Of several own claims the first by rank.
	wins(t, s, claim("one", at(0, 60), 2, 1), 2, false)
	wins(t, s, claim("one", at(0, 60), 1, 2), 1, false)
}

func expiry(t *testing.T, s Subject) {
	brief := claim("one", at(0, 60), 1)
	brief.TTL = short
	before := s.Now()
	held := wins(t, s, brief, 1, true)
	if until := held.ExpiresAt; until.Before(before.Add(short)) || until.After(s.Now().Add(short)) {
		t.Fatalf("a claim for %v at %v ends at %v", short, before, until)
	}
	s.Pass(held.ExpiresAt.Sub(s.Now()))
	if alive := listed(t, s, at(0, 60)); len(alive) != 0 {
		t.Fatalf("alive after its expiry: %+v", alive)
	}
	wins(t, s, claim("two", at(30, 90), 1), 1, true)
	loses(t, s, brief)
}

func extend(t *testing.T, s Subject) {
	wins(t, s, claim("one", at(0, 60), 3), 3, true)
	for n := 1; n <= 3; n++ {
		before := s.Now()
		held, err := s.Extend(t.Context(), machine, 3, at(0, 60), "one", 2*long)
		must(t, err)
		if held.Extensions != n || held.Unit != 3 || held.Owner != "one" || held.Equipment != machine || held.Interval != at(0, 60) {
			t.Fatalf("extension %d: %+v", n, held)
		}
		if held.ExpiresAt.Before(before.Add(2*long)) || held.ExpiresAt.After(s.Now().Add(2*long)) {
			t.Fatalf("extended at %v by %v: ends at %v", before, 2*long, held.ExpiresAt)
		}
	}
	if again := wins(t, s, claim("one", at(0, 60), 3), 3, false); again.Extensions != 3 {
		t.Fatalf("re-entry forgot the extensions: %+v", again)
	}
	for name, c := range map[string]struct {
		unit  int
		i     booking.Interval
		owner string
	}{
		"another's":        {3, at(0, 60), "two"},
		"another unit":     {1, at(0, 60), "one"},
		"another interval": {3, at(0, 61), "one"},
	} {
		if held, err := s.Extend(t.Context(), machine, c.unit, c.i, c.owner, long); !errors.Is(err, booking.ErrNotHeld) {
			t.Errorf("%s: %+v, %v; want ErrNotHeld", name, held, err)
		}
	}
	// Extended to an end that passes, the claim is gone.
	last, err := s.Extend(t.Context(), machine, 3, at(0, 60), "one", short)
	must(t, err)
	s.Pass(last.ExpiresAt.Sub(s.Now()))
	if held, err := s.Extend(t.Context(), machine, 3, at(0, 60), "one", long); !errors.Is(err, booking.ErrNotHeld) {
		t.Fatalf("after the expiry: %+v, %v; want ErrNotHeld", held, err)
	}
	wins(t, s, claim("two", at(0, 60), 3), 3, true)
}

func release(t *testing.T, s Subject) {
	must(t, s.Release(t.Context(), machine, "nobody", at(0, 600))) // none is no error
	wins(t, s, claim("one", at(0, 60), 1), 1, true)
	wins(t, s, claim("one", at(30, 120), 2), 2, true)
	wins(t, s, claim("one", at(120, 180), 1), 1, true)
	wins(t, s, claim("two", at(0, 60), 3), 3, true)
	must(t, s.Release(t.Context(), machine, "two", at(60, 600))) // touches only
	must(t, s.Release(t.Context(), "another", "two", at(0, 60)))
	loses(t, s, claim("four", at(0, 60), 3))
	must(t, s.Release(t.Context(), machine, "one", at(40, 50)))
	left := listed(t, s, at(-600, 600))
	if len(left) != 2 || left[0].Owner != "one" || left[0].Interval != at(120, 180) || left[1].Owner != "two" {
		t.Fatalf("left: %+v", left)
	}
	wins(t, s, claim("three", at(0, 120), 1, 2), 1, true)
	must(t, s.Release(t.Context(), machine, "two", at(0, 60)))
	must(t, s.Release(t.Context(), machine, "two", at(0, 60)))
	wins(t, s, claim("four", at(0, 60), 3), 3, true)
}

func list(t *testing.T, s Subject) {
	if none := listed(t, s, at(0, 60)); len(none) != 0 {
		t.Fatalf("an empty locker lists %+v", none)
	}
	wins(t, s, claim("two", at(0, 60), 2), 2, true)
	wins(t, s, claim("one", at(60, 120), 1), 1, true)
	wins(t, s, claim("one", at(0, 60), 1), 1, true)
	held, err := s.Extend(t.Context(), machine, 1, at(0, 60), "one", 2*long)
	must(t, err)
	all := listed(t, s, at(59, 61))
	if len(all) != 3 || all[0] != held || all[1].Interval != at(60, 120) || all[2].Owner != "two" || all[2].Unit != 2 {
		t.Fatalf("listed %+v", all)
	}
	if some := listed(t, s, at(60, 600)); len(some) != 1 || some[0] != all[1] {
		t.Fatalf("a touching interval lists %+v", some)
	}
}

func swap(t *testing.T, s Subject) {
	put := func(owner string, h booking.Held, ttl time.Duration) *booking.Held {
		t.Helper()
		before, err := s.Swap(t.Context(), owner, h, ttl)
		must(t, err)
		return before
	}
	a := wins(t, s, claim("one", at(0, 60), 1), 1, true)
	b := wins(t, s, claim("one", at(120, 180), 2), 2, true)
	if before := put("one", a, long); before != nil {
		t.Fatalf("the first hold replaced %+v", *before)
	}
	if before := put("two", b, long); before != nil {
		t.Fatalf("somebody else's hold came back: %+v", *before)
	}
	if before := put("one", b, long); before == nil || *before != a {
		t.Fatalf("the second hold replaced %+v, want %+v", before, a)
	}
	// Once: now the second is the older one, and the same again replaces nothing.
	later := b
	later.Extensions, later.ExpiresAt = 1, b.ExpiresAt.Add(time.Minute)
	if before := put("one", later, short); before != nil {
		t.Fatalf("the same claim replaced itself: %+v", *before)
	}
	s.Pass(2 * short)
	if before := put("one", a, long); before != nil {
		t.Fatalf("an expired hold came back: %+v", *before)
	}
}

func listed(t *testing.T, s Subject, i booking.Interval) []booking.Held {
	t.Helper()
	all, err := s.List(t.Context(), machine, i)
	must(t, err)
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
