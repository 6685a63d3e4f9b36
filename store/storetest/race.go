package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
)

// scale is small in `make test` and full in `make proof`.
func scale(small, full int) int {
	if os.Getenv("SCALE") == "full" {
		return full
	}
	return small
}

// Races is the contract under contention: each figure with a control that must
// fail when its guard is taken away.
func Races(t *testing.T, open Opener) {
	t.Run("no lock layer at all: no overlap", func(t *testing.T) { noLockLayer(t, open) })
	t.Run("one slot, one winner", func(t *testing.T) { oneWinner(t, open) })
	t.Run("k people on k free units all win", func(t *testing.T) { kOnK(t, open) })
	t.Run("k people on the k units they held, the locks lost", func(t *testing.T) { heldThenForgotten(t, open) })
	t.Run("one person's limit", func(t *testing.T) { limitUnderLoad(t, open) })
	t.Run("an outage against bookings", func(t *testing.T) { outageUnderLoad(t, open) })
	t.Run("book, move, cancel and restore at once", func(t *testing.T) { everythingAtOnce(t, open) })
	t.Run("no-shows, waivers and bookings at once", func(t *testing.T) { strikesUnderLoad(t, open) })
	t.Run("closures, outages and rules change meanwhile", func(t *testing.T) { offerUnderLoad(t, open) })
	t.Run("the database itself refuses", func(t *testing.T) { databaseRefuses(t, open) })
}

// atOnce runs n functions at the same moment and waits for them.
func atOnce(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan none)
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

// seeded is a generator whose seed is printed, so that a failure can be repeated.
func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

func citizens(t *testing.T, e *Engine, n int) []account.Actor {
	out := make([]account.Actor, n)
	for i := range out {
		out[i] = e.Citizen(t, i+1)
	}
	return out
}

func noLockLayer(t *testing.T, open Opener) {
	e, r := NewEngine(t, open, YesLocker{}), seeded(t)
	const clients = 16
	people := citizens(t, e, clients)
	attempts := scale(1000, 10_000)
	asks := make([]booking.BookRequest, attempts)
	for i := range asks {
		asks[i] = Want([]string{"one", "row", "clean"}[r.IntN(3)], At(1+r.IntN(3), 9+r.IntN(10), 30*r.IntN(2)), 30*(1+r.IntN(4)))
	}
	var won, lost atomic.Int64
	atOnce(clients, func(c int) {
		for i := c; i < attempts; i += clients {
			switch _, _, err := e.Book(context.Background(), people[c], asks[i]); {
			case err == nil:
				won.Add(1)
			case fault.Code(err) == "slot_taken":
				lost.Add(1)
			default:
				t.Errorf("attempt %d: %s", i, explain(err))
			}
		}
	})
	t.Logf("%d attempts: %d won, %d lost, %d overlaps", attempts, won.Load(), lost.Load(), Overlaps(t, e.DB))
	if Overlaps(t, e.DB) != 0 || won.Load() == 0 || lost.Load() == 0 {
		t.Fatal("overlaps, or no contention")
	}
}

func oneWinner(t *testing.T, open Opener) {
	for _, locks := range []booking.Locker{nil, YesLocker{}} {
		e := NewEngine(t, open, locks)
		people := citizens(t, e, scale(40, 200))
		for round := range scale(2, 5) {
			var won atomic.Int64
			atOnce(len(people), func(i int) {
				if _, _, err := e.Book(context.Background(), people[i], Want("one", At(1, 9+round, 0), 60)); err == nil {
					won.Add(1)
				} else if fault.Code(err) != "slot_taken" {
					t.Error(explain(err))
				}
			})
			if won.Load() != 1 {
				t.Fatalf("%T: %d winners", locks, won.Load())
			}
		}
	}
}

func kOnK(t *testing.T, open Opener) {
	for _, locks := range []booking.Locker{nil, YesLocker{}} {
		e := NewEngine(t, open, locks)
		people := citizens(t, e, 8)
		rounds := scale(12, 300)
		missed := 0
		for round := range rounds {
			k := 2 + round%7
			start := At(1+round/40%13, 9, 0).Add(time.Duration(round%20) * 30 * time.Minute)
			// All but k units are taken beforehand.
			for u := k + 1; u <= 8; u++ {
				req := Want("row", start, 30)
				req.Unit = u
				e.MustBook(t, people[0], req)
			}
			var refused atomic.Int64
			made := make([]*booking.View, k)
			atOnce(k, func(i int) {
				v, _, err := e.Book(context.Background(), people[i], Want("row", start, 30))
				if err != nil {
					refused.Add(1)
					return
				}
				made[i] = v
			})
			missed += int(refused.Load())
			e.clear(t)
		}
		if missed != 0 {
			t.Fatalf("%T: %d of %d rounds' people were refused though a unit was free", locks, missed, rounds)
		}
		t.Logf("%T: all win in %d rounds", locks, rounds)
	}
	t.Run("control: without the second look people are refused", func(t *testing.T) {
		e := NewEngine(t, open, YesLocker{})
		people := citizens(t, e, 8)
		var refused atomic.Int64
		for round := range scale(4, 40) {
			atOnce(8, func(i int) {
				req := Want("row", At(1, 9, 0).Add(time.Duration(round)*30*time.Minute), 30)
				req.Unit = 1 // what ranking from a read made before the others wrote would choose for all
				if _, _, err := e.Book(context.Background(), people[i], req); err != nil {
					refused.Add(1)
				}
			})
		}
		if refused.Load() == 0 {
			t.Fatal("the control did not go red")
		}
	})
}

// clear ends every booking, so that a next round begins with a free machine.
func (e *Engine) clear(t *testing.T) {
	t.Helper()
	_, err := store.Do(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (none, error) {
		_, err := tx.Exec(ctx, `UPDATE booking SET status = 'cancelled', occupies = 0 WHERE occupies = 1`)
		return none{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func limitUnderLoad(t *testing.T, open Opener) {
	round := func(e *Engine, n int) int64 {
		who := e.Citizen(t, n)
		var won atomic.Int64
		atOnce(32, func(i int) {
			if _, _, err := e.Book(context.Background(), who, Want("few", At(1, 9, 0).Add(time.Duration(i)*30*time.Minute), 30)); err == nil {
				won.Add(1)
			} else if fault.Code(err) != "policy" {
				t.Error(explain(err))
			}
		})
		return won.Load()
	}
	e := NewEngine(t, open, nil)
	for n := range scale(5, 50) {
		if won := round(e, n+1); won != 3 {
			t.Fatalf("%d bookings, the limit is 3", won)
		}
	}
	if e.DB.Dialect() != "postgres" {
		return // SQLite has one writer: there is no lock to take away
	}
	t.Run("control: without the account lock the limit is passed", func(t *testing.T) {
		e := NewEngine(t, open, nil)
		e.Service.Store = unlocked{e.Service.Store}
		for n := range 50 {
			if round(e, n+1) > 3 {
				return
			}
		}
		t.Fatal("the control did not go red")
	})
}

// unlocked takes no row locks: the control of whoever counts.
type unlocked struct{ booking.Store }

func (u unlocked) Do(ctx context.Context, fn func(context.Context, booking.Tx) (any, error)) (any, error) {
	return u.Store.Do(ctx, func(ctx context.Context, tx booking.Tx) (any, error) { return fn(ctx, lockless{tx}) })
}

type lockless struct{ booking.Tx }

func (lockless) Lock(context.Context, booking.Locks) error { return nil }

func outageUnderLoad(t *testing.T, open Opener) {
	for round := range scale(3, 30) { // each in a test of its own, so that its database is closed behind it
		t.Run("", func(t *testing.T) { outageRound(t, open, round) })
	}
}

func outageRound(t *testing.T, open Opener, round int) {
	e := NewEngine(t, open, nil)
	people := citizens(t, e, 32)
	until := At(1, 18, 0)
	var hit []booking.Affected
	atOnce(33, func(i int) {
		if i == 32 {
			var err error
			_, hit, _, err = e.ReportOutage(context.Background(), e.Staff, booking.OutageRequest{EquipmentID: "row", From: At(1, 9, 0), To: &until, Reason: "정전", Kind: booking.Fault})
			if err != nil {
				t.Error(explain(err))
			}
			return
		}
		_, _, err := e.Book(context.Background(), people[i], Want("row", At(1, 9+i%8, 0), 60))
		if c := fault.Code(err); err != nil && c != "slot_taken" && c != "policy" {
			t.Error(explain(err))
		}
	})
	list, err := e.List(context.Background(), e.Staff, booking.List{Scope: "center", Center: "c", Statuses: []booking.Status{booking.Confirmed}, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 0 {
		t.Fatalf("round %d: %d bookings stand inside the outage, %d were listed", round, len(list.Items), len(hit))
	}
}

func everythingAtOnce(t *testing.T, open Opener) {
	e, r := NewEngine(t, open, nil), seeded(t)
	people := citizens(t, e, 8)
	steps := scale(60, 1000)
	var mu sync.Mutex
	roll := func(n int) int { mu.Lock(); defer mu.Unlock(); return r.IntN(n) }
	atOnce(len(people), func(i int) {
		ctx, who := context.Background(), people[i]
		var mine []*booking.View
		for range steps {
			start := At(1, 9+roll(6), 30*roll(2))
			var err error
			var v *booking.View
			switch k := roll(4); {
			case k < 2 || len(mine) == 0:
				if v, _, err = e.Book(ctx, who, Want("one", start, 30*(1+roll(3)))); err == nil {
					mine = append(mine, v)
				}
			case k == 2:
				x := mine[roll(len(mine))]
				if v, err = e.Move(ctx, who, x.ID, booking.MoveRequest{Version: x.Version, Start: start, End: start.Add(time.Hour)}); err == nil {
					*x = *v
				}
			default:
				x := mine[roll(len(mine))]
				if v, err = e.Cancel(ctx, who, x.ID, booking.AttendRequest{}); err == nil && roll(2) == 0 {
					v, err = e.Restore(ctx, who, x.ID, 0)
				}
				if v != nil {
					*x = *v
				}
			}
			switch c := fault.Code(err); c {
			case "", "slot_taken", "state_conflict", "stale":
			default:
				t.Errorf("%s", explain(err))
			}
		}
	})
	if n := Overlaps(t, e.DB); n != 0 {
		t.Fatalf("%d overlaps", n)
	}
}

// databaseRefuses writes rows with no judgement at all: only the trigger or
// the constraint stands between them, and the control takes it away.
func databaseRefuses(t *testing.T, open Opener) {
	attempt := func(t *testing.T, drop []string) (overlaps int) {
		e := NewEngine(t, open, nil)
		who := e.Citizen(t, 1)
		for _, stmt := range drop {
			if _, err := store.Do(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (none, error) {
				_, err := tx.Exec(ctx, stmt)
				return none{}, err
			}); err != nil {
				t.Fatal(err)
			}
		}
		raw := store.NewBookings(e.DB)
		atOnce(8, func(i int) {
			for k := range scale(10, 100) {
				start := At(1, 9, 0).Add(time.Duration((i*7+k*3)%40) * 15 * time.Minute)
				b := &booking.Booking{ID: fmt.Sprintf("b-%d-%d", i, k), Code: "ABCDEFGH", Status: booking.Confirmed, Version: 1, EquipmentID: "one", CenterID: "c", Unit: 1,
					Start: start.UTC(), End: start.Add(time.Hour).UTC(), BusyUntil: start.Add(time.Hour).UTC(), Occupies: true, AccountID: who.ID, CreatedAt: start.UTC()}
				if _, err := raw.Do(context.Background(), func(ctx context.Context, tx booking.Tx) (any, error) { return nil, tx.Insert(ctx, b) }); err != nil {
					continue
				}
				// and once more by moving: an update must be refused as well
				b.Start, b.End, b.BusyUntil = b.Start.Add(30*time.Minute), b.End.Add(30*time.Minute), b.BusyUntil.Add(30*time.Minute)
				_, _ = raw.Do(context.Background(), func(ctx context.Context, tx booking.Tx) (any, error) {
					c := *b
					return nil, tx.Update(ctx, &c, booking.Confirmed)
				})
			}
		})
		return Overlaps(t, e.DB)
	}
	if n := attempt(t, nil); n != 0 {
		t.Fatalf("%d overlaps", n)
	}
	e := NewEngine(t, open, nil)
	guard := []string{"DROP TRIGGER booking_no_overlap_insert", "DROP TRIGGER booking_no_overlap_update"}
	if e.DB.Dialect() == "postgres" {
		guard = []string{"ALTER TABLE booking DROP CONSTRAINT booking_overlap"}
	}
	if n := attempt(t, guard); n == 0 {
		t.Fatal("the control did not go red: the guard is not what refuses")
	} else {
		t.Logf("control: %d overlaps without the guard", n)
	}
}
