package storetest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
)

// firmCatalog has a row of machines with a limit of three upcoming bookings for
// a firm, and a laser for which everything but a firm's minutes a day is free.
const firmCatalog = `{"catalog":"test","time_zone":"Asia/Seoul","policy":{"slot_minutes":30},"centers":[{"id":"c","name":{"ko":"시험 센터"},"operator":"city","district":"금천구",
"sectors":["apparel"],` + allDay + `,"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"equipment":[
{"id":"few","name":{"ko":"자수기"},"category":"embroidery","quantity":64,"mode":"self","fee_krw_per_hour":0,"policy":{"limits":[{"count":"upcoming","max":3,"by":"firm","over":"category"}]}},
{"id":"minutes","name":{"ko":"레이저"},"category":"marking","quantity":4,"mode":"self","fee_krw_per_hour":0,"policy":{"limits":[{"count":"minutes","max":240,"per":"day","by":"firm","over":"center"}]}}]}]}`

// Firms is the contract of limits by firm.
func Firms(t *testing.T, open Opener) {
	t.Run("members are counted together", func(t *testing.T) { firmIsCounted(t, firmEngine(t, open)) })
	t.Run("two firms of one person", func(t *testing.T) { twoFirms(t, firmEngine(t, open)) })
	t.Run("the last place of a firm", func(t *testing.T) { firmUnderLoad(t, open) })
	t.Run("rows are locked in one order", func(t *testing.T) { lockOrder(t, firmEngine(t, open)) })
	t.Run("a booking closure has at most 8 statements", func(t *testing.T) { firmStatements(t, open) })
}

func firmEngine(t *testing.T, open Opener, changes ...func(*store.Options)) *Engine {
	e := NewEngine(t, open, nil, changes...)
	ImportCatalog(t, e.DB, firmCatalog)
	return e
}

func firmIsCounted(t *testing.T, e *Engine) {
	ctx := context.Background()
	one, two, alone, claims := e.Citizen(t, 1), e.Citizen(t, 2), e.Citizen(t, 3), e.Citizen(t, 4)
	e.firm(t, "f", one, two)
	if _, err := store.Do(ctx, e.DB, func(ctx context.Context, tx *store.Tx) (none, error) { // nobody confirmed this one
		_, err := tx.Exec(ctx, `INSERT INTO firm_claim (account_id, firm_id, claimed_at) VALUES ($1, 'f', 1)`, claims.ID)
		return none{}, err
	}); err != nil {
		t.Fatal(err)
	}
	e.MustBook(t, one, Want("minutes", At(1, 10, 0), 120))
	e.MustBook(t, two, Want("minutes", At(1, 10, 0), 90))
	_, _, err := e.Book(ctx, one, Want("minutes", At(1, 14, 0), 60))
	v := Refused(t, err, "limit").Extra["violations"].([]booking.Violation)[0]
	if *v.Used != 210 || *v.Limit != 240 || !strings.Contains(v.Text.Ko, "같은 업체") {
		t.Fatalf("%+v", v)
	}
	e.MustBook(t, one, Want("minutes", At(1, 14, 0), 30))
	e.MustBook(t, one, Want("minutes", At(2, 14, 0), 240))
	e.MustBook(t, alone, Want("minutes", At(1, 14, 0), 240)) // who has no firm counts as a person
	e.MustBook(t, claims, Want("minutes", At(1, 14, 0), 240))
	_, _, err = e.Book(ctx, claims, Want("minutes", At(1, 20, 0), 30))
	Refused(t, err, "limit")
}

func twoFirms(t *testing.T, e *Engine) {
	both, one, other := e.Citizen(t, 1), e.Citizen(t, 2), e.Citizen(t, 3)
	e.firm(t, "f", both, one)
	e.firm(t, "g", both, other)
	e.MustBook(t, one, Want("minutes", At(1, 10, 0), 150))
	e.MustBook(t, other, Want("minutes", At(1, 10, 0), 150))
	e.MustBook(t, both, Want("minutes", At(1, 14, 0), 90)) // 240 in each, not 390 in one
	_, _, err := e.Book(context.Background(), both, Want("minutes", At(1, 18, 0), 30))
	Refused(t, err, "limit")
}

// firmUnderLoad lets the members of a firm book at once: together they never pass the limit.
func firmUnderLoad(t *testing.T, open Opener) {
	round := func(e *Engine, n int) int64 {
		members := make([]account.Actor, 8)
		for i := range members {
			members[i] = e.Citizen(t, n*len(members)+i)
		}
		e.firm(t, "firm-"+members[0].ID, members...)
		var won atomic.Int64
		atOnce(32, func(i int) {
			if _, _, err := e.Book(context.Background(), members[i%len(members)], Want("few", At(1, 9, 0).Add(time.Duration(i)*30*time.Minute), 30)); err == nil {
				won.Add(1)
			} else if fault.Code(err) != "policy" {
				t.Error(explain(err))
			}
		})
		return won.Load()
	}
	e := firmEngine(t, open)
	for n := range scale(5, 50) {
		if won := round(e, n+1); won != 3 {
			t.Fatalf("%d bookings, the limit is 3", won)
		}
	}
	if e.DB.Dialect() != "postgres" {
		return // SQLite has one writer: there is no lock to take away
	}
	t.Run("control: without the firm's lock the limit is passed", func(t *testing.T) {
		e := firmEngine(t, open)
		e.Service.Store = unlocked{e.Service.Store}
		for n := range 50 {
			if round(e, n+1) > 3 {
				return
			}
		}
		t.Fatal("the control did not go red")
	})
}

// witness notes which rows a transaction locked, in order.
type witness struct {
	booking.Store
	mu    *sync.Mutex
	locks *[][]string
}

func (w witness) Do(ctx context.Context, fn func(context.Context, booking.Tx) (any, error)) (any, error) {
	return w.Store.Do(ctx, func(ctx context.Context, tx booking.Tx) (any, error) {
		var rows []string
		v, err := fn(ctx, witnessed{tx, &rows})
		w.mu.Lock()
		defer w.mu.Unlock()
		*w.locks = append(*w.locks, rows)
		return v, err
	})
}

type witnessed struct {
	booking.Tx
	rows *[]string
}

func (w witnessed) Lock(ctx context.Context, l booking.Locks) error {
	if l.Firm {
		*w.rows = append(*w.rows, "1 firm")
	}
	if l.Account != "" {
		*w.rows = append(*w.rows, "2 account")
	}
	if len(l.Equipment) > 0 {
		*w.rows = append(*w.rows, "3 equipment")
	}
	if len(l.Bookings) > 0 {
		*w.rows = append(*w.rows, "4 bookings")
	}
	return w.Tx.Lock(ctx, l)
}

// lockOrder: whoever counts for a firm locks it, before everything else.
func lockOrder(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	e.firm(t, "f", who)
	e.MustBook(t, who, Want("few", At(2, 10, 0), 30)) // the rules are known from here on
	var locks [][]string
	w := witness{e.Service.Store, &sync.Mutex{}, &locks}
	e.Service.Store = w
	v := e.MustBook(t, who, Want("few", At(1, 10, 0), 30))
	if _, err := e.Move(ctx, who, v.ID, booking.MoveRequest{Version: v.Version, Start: At(1, 11, 0), End: At(1, 11, 30)}); err != nil {
		t.Fatal(explain(err))
	}
	e.Clock.Set(At(1, 9, 0))
	if _, _, err := e.WalkIn(ctx, e.Staff, booking.WalkInRequest{CenterID: "c", EquipmentID: "few", Minutes: 30, Name: "시민9"}); err != nil {
		t.Fatal(explain(err))
	}
	counted := 0
	for _, rows := range locks {
		if !slices.IsSorted(rows) {
			t.Errorf("locked %v", rows)
		}
		if slices.Contains(rows, "1 firm") {
			counted++
		}
	}
	if counted != 3 {
		t.Errorf("%d of book, move and walk-in locked the firm: %v", counted, locks)
	}
}

func firmStatements(t *testing.T, open Opener) {
	var n counter
	e := firmEngine(t, open, func(o *store.Options) { o.Count = n.add })
	who := e.Citizen(t, 1)
	e.firm(t, "f", who)
	e.MustBook(t, who, Want("few", At(1, 10, 0), 30)) // warms the catalog
	n.start()
	req := Want("few", At(1, 12, 0), 30)
	req.Key = &booking.Key{Caller: who.ID, Value: "k", Body: "b"}
	e.MustBook(t, who, req)
	if got := n.writes(); len(got) == 0 || len(got) > 8 {
		t.Errorf("%d statements in a booking closure: %q", len(got), got)
	}
}
