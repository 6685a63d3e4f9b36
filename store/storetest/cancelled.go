package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
)

// quitter ends a caller's context at the n-th statement.
type quitter struct {
	left atomic.Int64
	quit atomic.Pointer[context.CancelFunc]
}

func (q *quitter) count(string) {
	if q.left.Add(-1) == 0 {
		(*q.quit.Load())()
	}
}

// arm is a context that ends at the n-th statement from now.
func (q *quitter) arm(n int64) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	q.quit.Store(&cancel)
	q.left.Store(n)
	return ctx
}

// reached tells whether there was such a statement; what follows is not counted.
func (q *quitter) reached() bool { return q.left.Swap(0) <= 0 }

// CancelledAtEachStatement lets the caller go away at the first, second, …
// statement of a booking, a move and a cancel: all of it happened or nothing,
// and the same press again settles which.
func CancelledAtEachStatement(t *testing.T, open Opener) {
	q := &quitter{}
	e := NewEngine(t, open, nil, func(o *store.Options) { o.Count = q.count })
	who, slot := e.Citizen(t, 1), 0
	fresh := func() booking.BookRequest {
		slot++
		return Want("row", At(1+slot/20, 9, 0).Add(time.Duration(slot%20)*30*time.Minute), 30)
	}
	e.MustBook(t, who, fresh()) // warms the catalog
	press := func(context.Context) error { return nil }
	for _, c := range []struct {
		what  string
		grows traces
		next  func(n int)
	}{
		{"book", traces{1, 1, 1, 1, 1}, func(n int) {
			req := fresh()
			req.Key = &booking.Key{Caller: who.ID, Value: fmt.Sprint("k", n), Body: "b"}
			press = func(ctx context.Context) error { _, _, err := e.Book(ctx, who, req); return err }
		}},
		{"move", traces{0, 1, 1, 1, 0}, func(int) {
			v, to := e.MustBook(t, who, fresh()), fresh()
			press = func(ctx context.Context) error {
				_, err := e.Move(ctx, who, v.ID, booking.MoveRequest{Version: v.Version, Start: to.Start, End: to.End})
				return err
			}
		}},
		{"cancel", traces{0, 1, 1, 1, 0}, func(int) {
			v := e.MustBook(t, who, fresh())
			press = func(ctx context.Context) error {
				_, err := e.Cancel(ctx, who, v.ID, booking.AttendRequest{Version: v.Version})
				return err
			}
		}},
	} {
		refused, n := 0, 0
		for reached := true; reached; {
			n++
			c.next(n)
			before := kept(t, e.DB)
			err := press(q.arm(int64(n)))
			reached = q.reached()
			if err != nil {
				refused++
				if now := kept(t, e.DB); now != before || fault.Code(err) != "unavailable" {
					t.Fatalf("%s, gone at statement %d: %s, and %+v became %+v", c.what, n, explain(err), before, now)
				}
				if err := press(context.Background()); err != nil {
					t.Fatalf("%s, pressed again after statement %d: %s", c.what, n, explain(err))
				}
			}
			if now := kept(t, e.DB); now != before.plus(c.grows) {
				t.Fatalf("%s, gone at statement %d (%v): %+v became %+v", c.what, n, err, before, now)
			}
		}
		t.Logf("%s: gone at each of %d statements; %d times nothing had happened", c.what, n-1, refused)
		if refused >= n-1 {
			t.Errorf("%s: nobody ever left inside the transaction", c.what)
		}
	}
}

// traces count what a change of a booking leaves in one transaction.
type traces struct{ bookings, versions, audit, outbox, keys int }

func (n traces) plus(m traces) traces {
	return traces{n.bookings + m.bookings, n.versions + m.versions, n.audit + m.audit, n.outbox + m.outbox, n.keys + m.keys}
}

func kept(t *testing.T, db *store.DB) traces {
	t.Helper()
	n, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n traces, err error) {
		return n, tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM booking), (SELECT COALESCE(SUM(version), 0) FROM booking),
			(SELECT COUNT(*) FROM audit), (SELECT COUNT(*) FROM outbox), (SELECT COUNT(*) FROM idempotency)`).
			Scan(&n.bookings, &n.versions, &n.audit, &n.outbox, &n.keys)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
