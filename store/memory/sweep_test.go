package memory_test

import (
	"fmt"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/store/memory"
)

func locker(tb testing.TB, clock func() time.Time) *memory.Locker {
	tb.Helper()
	l, err := memory.NewLocker(memory.Deps{Clock: clock})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func claim(equipment, owner string, n int) booking.Claim {
	start := time.Date(2026, 3, 2, n, 0, 0, 0, time.UTC)
	return booking.Claim{
		Equipment: equipment, Owner: owner, Units: []int{1, 2}, TTL: time.Minute,
		Interval: booking.Interval{Start: start, End: start.Add(time.Hour)},
	}
}

func TestReleasedClaimsTakeNoMemory(t *testing.T) {
	l := locker(t, time.Now)
	for n := range 1000 {
		c := claim(fmt.Sprint("m", n), "a", n)
		if _, _, err := l.Acquire(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := l.Release(t.Context(), c.Equipment, c.Owner, c.Interval); err != nil {
			t.Fatal(err)
		}
	}
	if l.Claims() != 0 || l.Machines() != 0 {
		t.Fatalf("%d claims on %d machines are left", l.Claims(), l.Machines())
	}
}

// Claims that are neither released nor touched again are swept while others
// win: on few machines, and on machines that are never asked for again.
func TestExpiredClaimsTakeNoMemory(t *testing.T) {
	for _, machines := range []int{300, 20_000} {
		c := newClock()
		l := locker(t, c.now)
		most, people := 0, 0
		for n := range 20_000 {
			held, _, err := l.Acquire(t.Context(), claim(fmt.Sprint("m", n%machines), fmt.Sprint("owner", n), n))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Swap(t.Context(), held.Owner, held, time.Minute); err != nil {
				t.Fatal(err)
			}
			c.pass(100 * time.Millisecond)
			if n%100 == 0 {
				most, people = max(most, l.Claims()), max(people, l.Holders())
			}
		}
		// 600 are alive at any time.
		if most > 3000 || people > 3000 {
			t.Fatalf("%d machines: %d claims and %d holds were kept for 600 that are alive", machines, most, people)
		}
	}
}
