package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/store/memory"
)

// Forgetful is a locker that can lose everything at once, as a flushed Redis does.
type Forgetful struct {
	clock func() time.Time
	now   atomic.Pointer[memory.Locker]
}

// NewForgetful makes an empty one.
func NewForgetful(t testing.TB, clock func() time.Time) *Forgetful {
	f := &Forgetful{clock: clock}
	f.Forget(t)
	return f
}

// monday is when an engine's clock begins; these tests do not move it.
func monday() time.Time { return At(0, 9, 0) }

// Forget loses every claim.
func (f *Forgetful) Forget(t testing.TB) {
	l, err := memory.NewLocker(memory.Deps{Clock: f.clock})
	if err != nil {
		t.Fatal(err)
	}
	f.now.Store(l)
}

// Acquire claims; see booking.Locker.
func (f *Forgetful) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	return f.now.Load().Acquire(ctx, c)
}

// Extend moves the expiry; see booking.Locker.
func (f *Forgetful) Extend(ctx context.Context, equipment string, unit int, i booking.Interval, owner string, ttl time.Duration) (booking.Held, error) {
	return f.now.Load().Extend(ctx, equipment, unit, i, owner, ttl)
}

// Release drops claims; see booking.Locker.
func (f *Forgetful) Release(ctx context.Context, equipment, owner string, i booking.Interval) error {
	return f.now.Load().Release(ctx, equipment, owner, i)
}

// List returns the claims; see booking.Locker.
func (f *Forgetful) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	return f.now.Load().List(ctx, equipment, i)
}

// Swap remembers a hold; see booking.Locker.
func (f *Forgetful) Swap(ctx context.Context, owner string, h booking.Held, ttl time.Duration) (*booking.Held, error) {
	return f.now.Load().Swap(ctx, owner, h, ttl)
}

// Faulty is a locker of which a quarter of the claims fail and a quarter are
// given to everybody; half of its lists fail too, and now and then it forgets.
type Faulty struct {
	*Forgetful
	t  testing.TB
	mu sync.Mutex
	r  *rand.Rand
}

var errFaulty = errors.New("the lock layer does not answer")

func (f *Faulty) roll(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.r.IntN(n)
}

// Acquire claims, fails, or says yes to everybody.
func (f *Faulty) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	if f.roll(50) == 0 {
		f.Forget(f.t)
	}
	switch f.roll(4) {
	case 0:
		return booking.Held{}, false, errFaulty
	case 1:
		return YesLocker{}.Acquire(ctx, c)
	}
	return f.Forgetful.Acquire(ctx, c)
}

// List fails half of the time.
func (f *Faulty) List(ctx context.Context, equipment string, i booking.Interval) ([]booking.Held, error) {
	if f.roll(2) == 0 {
		return nil, errFaulty
	}
	return f.Forgetful.List(ctx, equipment, i)
}

// heldThenForgotten: k people hold k units, the locks are lost, all confirm at
// once, and each has a unit.
func heldThenForgotten(t *testing.T, open Opener) {
	locks := NewForgetful(t, monday)
	e := NewEngine(t, open, locks)
	people := citizens(t, e, 8)
	rounds := scale(7, 300)
	for round := range rounds {
		k := 2 + round%7
		start := At(1+round/40%13, 9, 0).Add(time.Duration(round%20) * 30 * time.Minute)
		for u := k + 1; u <= 8; u++ {
			req := Want("row", start, 30)
			req.Unit = u
			e.MustBook(t, people[0], req)
		}
		holds := make([]booking.Hold, k)
		for i := range k {
			h, err := e.Hold(context.Background(), people[i], booking.HoldRequest{EquipmentID: "row", Start: start, End: start.Add(30 * time.Minute)})
			if err != nil {
				t.Fatal(explain(err))
			}
			holds[i] = h
		}
		locks.Forget(t)
		var lost atomic.Int64
		atOnce(k, func(i int) {
			if _, _, err := e.Book(context.Background(), people[i], booking.BookRequest{HoldID: holds[i].ID}); err != nil {
				lost.Add(1)
				t.Logf("%s", explain(err))
			}
		})
		if lost.Load() > 0 {
			t.Fatalf("round %d: %d of %d people lost what they held", round, lost.Load(), k)
		}
		e.clear(t)
	}
	t.Logf("all win in %d rounds", rounds)
}
