package lockertest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/booking"

	"pgregory.net/rapid"
)

// naive is what a locker is, without speed: a list. Claims either live for long
// or are waited out at once (expire), so that no real clock is needed.
type naive []booking.Held

func (n naive) own(c booking.Claim, unit int) int {
	return slices.IndexFunc(n, func(h booking.Held) bool {
		return h.Unit == unit && h.Owner == c.Owner && h.Interval == c.Interval
	})
}

func (n *naive) acquire(c booking.Claim) (unit int, fresh bool) {
	for _, u := range c.Units {
		if n.own(c, u) >= 0 {
			return u, false
		}
	}
	for _, u := range c.Units {
		if !slices.ContainsFunc(*n, func(h booking.Held) bool {
			return h.Unit == u && h.Owner != c.Owner && h.Interval.Overlaps(c.Interval)
		}) {
			*n = append(*n, booking.Held{Equipment: c.Equipment, Unit: u, Owner: c.Owner, Interval: c.Interval})
			return u, true
		}
	}
	return 0, false
}

func (n *naive) release(owner string, i booking.Interval) {
	*n = slices.DeleteFunc(*n, func(h booking.Held) bool { return h.Owner == owner && h.Interval.Overlaps(i) })
}

// model draws sequences of calls and compares every answer with the naive one.
func model(t *testing.T, s Subject) {
	var sequence int
	rapid.Check(t, func(r *rapid.T) {
		sequence++
		m := &machineModel{t: t, s: s, equipment: fmt.Sprint(machine, sequence)}
		r.Repeat(map[string]func(*rapid.T){
			"acquire": m.acquire, "brief": m.brief, "extend": m.extend,
			"release": m.release, "": m.compare,
		})
	})
}

type machineModel struct {
	t         *testing.T
	s         Subject
	equipment string
	naive     naive
}

func (m *machineModel) draw(r *rapid.T) booking.Claim {
	from := rapid.IntRange(0, 11).Draw(r, "from")
	return booking.Claim{
		Equipment: m.equipment, TTL: long,
		Owner:    rapid.SampledFrom([]string{"a", "b", "c:1"}).Draw(r, "owner"),
		Units:    rapid.Permutation([]int{1, 2, 3}).Draw(r, "ranked")[:rapid.IntRange(1, 3).Draw(r, "units")],
		Interval: at(7*from, 7*(from+rapid.IntRange(1, 6).Draw(r, "length"))),
	}
}

func (m *machineModel) acquire(r *rapid.T) { m.claims(r, m.draw(r)) }

// brief claims for a moment and waits until it has expired. Where the owner had
// the claim for long already, it stays.
func (m *machineModel) brief(r *rapid.T) {
	c := m.draw(r)
	c.TTL = 3 * time.Millisecond
	held, fresh := m.claims(r, c)
	if fresh {
		m.expire(r, held)
	}
}

func (m *machineModel) claims(r *rapid.T, c booking.Claim) (booking.Held, bool) {
	unit, wantFresh := m.naive.acquire(c)
	held, fresh, err := m.s.Acquire(m.t.Context(), c)
	if unit == 0 {
		if !errors.Is(err, booking.ErrLocked) {
			r.Fatalf("%+v: %+v, %v; want ErrLocked", c, held, err)
		}
		return held, false
	}
	if err != nil || held.Unit != unit || fresh != wantFresh {
		r.Fatalf("%+v: unit %d fresh %v %v; want unit %d fresh %v", c, held.Unit, fresh, err, unit, wantFresh)
	}
	return held, fresh
}

func (m *machineModel) expire(r *rapid.T, held booking.Held) {
	m.s.Pass(held.ExpiresAt.Sub(m.s.Now()))
	at := m.naive.own(booking.Claim{Owner: held.Owner, Interval: held.Interval}, held.Unit)
	if at < 0 {
		r.Fatalf("%+v is not in the model", held)
	}
	m.naive = slices.Delete(m.naive, at, at+1)
}

func (m *machineModel) extend(r *rapid.T) {
	c := m.draw(r)
	ttl := rapid.SampledFrom([]time.Duration{long, long, 3 * time.Millisecond}).Draw(r, "ttl")
	at := m.naive.own(c, c.Units[0])
	held, err := m.s.Extend(m.t.Context(), c.Equipment, c.Units[0], c.Interval, c.Owner, ttl)
	switch {
	case at < 0:
		if !errors.Is(err, booking.ErrNotHeld) {
			r.Fatalf("extend %+v: %+v, %v; want ErrNotHeld", c, held, err)
		}
	case err != nil || held.Extensions != m.naive[at].Extensions+1:
		r.Fatalf("extend %+v: %+v, %v; want extension %d", c, held, err, m.naive[at].Extensions+1)
	default:
		m.naive[at].Extensions++
		if ttl < long {
			m.expire(r, held)
		}
	}
}

func (m *machineModel) release(r *rapid.T) {
	c := m.draw(r)
	m.naive.release(c.Owner, c.Interval)
	if err := m.s.Release(m.t.Context(), c.Equipment, c.Owner, c.Interval); err != nil {
		r.Fatal(err)
	}
}

// compare runs after every step.
func (m *machineModel) compare(r *rapid.T) {
	got, err := m.s.List(m.t.Context(), m.equipment, at(-600, 600))
	if err != nil {
		r.Fatal(err)
	}
	for i := range got {
		got[i].ExpiresAt = time.Time{}
	}
	want := slices.Clone(m.naive)
	for _, all := range [][]booking.Held{got, want} {
		slices.SortFunc(all, func(a, b booking.Held) int {
			return strings.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
		})
	}
	if !slices.Equal(got, want) {
		r.Fatalf("locker %+v\nmodel  %+v", got, want)
	}
}

// race lets many owners claim, extend and release at random and keeps a ledger
// of who was told to have what: two owners must never stand in it together.
func race(t *testing.T, s Subject) {
	const people, rounds = 16, 150
	var mu sync.Mutex
	ledger := map[string]booking.Held{}
	together(people, func(n int) {
		owner := fmt.Sprint("owner", n)
		for range rounds {
			from := rand.IntN(20)
			c := claim(owner, at(from, from+1+rand.IntN(9)), 1+rand.IntN(3), 4)
			held, _, err := s.Acquire(t.Context(), c)
			if errors.Is(err, booking.ErrLocked) {
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", owner, err)
				return
			}
			mu.Lock()
			for other, h := range ledger {
				if h.Unit == held.Unit && h.Interval.Overlaps(held.Interval) {
					t.Errorf("%s and %s both have unit %d: %v and %v", owner, other, h.Unit, held.Interval, h.Interval)
				}
			}
			ledger[owner] = held
			mu.Unlock()
			if _, err := s.Extend(t.Context(), machine, held.Unit, held.Interval, owner, long); err != nil {
				t.Errorf("%s lost unit %d: %v", owner, held.Unit, err)
			}
			mu.Lock()
			delete(ledger, owner)
			mu.Unlock()
			if err := s.Release(t.Context(), machine, owner, held.Interval); err != nil {
				t.Errorf("%s: %v", owner, err)
			}
		}
	})
	if left := listed(t, s, at(-600, 600)); len(left) != 0 {
		t.Fatalf("left behind: %+v", left)
	}
}
