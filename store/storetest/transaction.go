package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/store"
)

func runsTwice(t *testing.T, open Opener) {
	db := open(t, func(o *store.Options) { o.RunTwice = true })
	runs := 0
	var times []time.Time
	got, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (int, error) {
		runs++
		times = append(times, tx.Now())
		_, err := tx.Exec(ctx, put, "t", "v") // a row left by the first run would be refused
		return runs, err
	})
	if err != nil || runs != 2 || got != 2 || rows(t, db, "t") != 1 {
		t.Fatalf("%d runs, result %d, %d rows, %v", runs, got, rows(t, db, "t"), err)
	}
	no := fault.New(fault.Conflict, "stale")
	if err := insert(db, "t2", func() error { return no }); !errors.Is(err, no) || rows(t, db, "t2") != 0 {
		t.Fatalf("a refusal: %v", err)
	}
}

func nowIsFixed(t *testing.T, open Opener) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.FixedZone("KST", 9*3600))
	var ticks atomic.Int64
	db := open(t, func(o *store.Options) {
		o.Clock = func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
	})
	for range 2 {
		first, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (time.Time, error) {
			now := tx.Now()
			if !tx.Now().Equal(now) || now.Location() != time.UTC || now.Nanosecond()%1e6 != 0 {
				return now, fmt.Errorf("now is %v, then %v", now, tx.Now())
			}
			return now, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if !first.Before(start.Add(time.Hour)) || !first.After(start) {
			t.Fatalf("now is %v", first)
		}
	}
}

func readIsASnapshot(t *testing.T, open Opener) {
	db := open(t)
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		var before, after int
		if err := tx.QueryRow(ctx, count, "s%").Scan(&before); err != nil {
			return none{}, err
		}
		if err := insert(db, "s1", fine); err != nil {
			return none{}, err
		}
		if err := tx.QueryRow(ctx, count, "s%").Scan(&after); err != nil {
			return none{}, err
		}
		if before != 0 || after != 0 {
			return none{}, fmt.Errorf("%d rows, then %d in one snapshot", before, after)
		}
		if _, err := tx.Exec(ctx, put, "s2", "v"); err == nil {
			return none{}, errors.New("a read wrote")
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := rows(t, db, "s%"); n != 1 {
		t.Fatalf("%d rows", n)
	}
}

func fullQueue(t *testing.T, open Opener) {
	db := open(t, func(o *store.Options) { o.Queue = 1 })
	held, release := make(chan none), make(chan none)
	var all sync.WaitGroup
	all.Go(func() {
		_ = insert(db, "q1", func() error { close(held); <-release; return nil })
	})
	<-held
	if db.Dialect() == "sqlite" { // one runs, one waits
		all.Go(func() { _ = insert(db, "q2", fine) })
		for db.Stats().Queue == 0 {
			runtime.Gosched()
		}
	}
	err := insert(db, "q3", fine)
	close(release)
	all.Wait()
	f, ok := fault.As(err)
	if !ok || f.Code != "unavailable" || f.RetryAfter == 0 || rows(t, db, "q3") != 0 {
		t.Fatalf("a full queue answers %v", err)
	}
}

func rowsLeftOpen(t *testing.T, open Opener) {
	db := open(t)
	for range 3 {
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
			rows, err := tx.Query(ctx, "SELECT key FROM meta UNION ALL SELECT 'a' UNION ALL SELECT 'b' LIMIT 9")
			if err != nil {
				return none{}, err
			}
			rows.Next()
			panic("left open")
		})
		if err == nil {
			t.Fatal("no error")
		}
	}
	if err := insert(db, "o", fine); err != nil {
		t.Fatal(err)
	}
}

func statementsAreCounted(t *testing.T, open Opener) {
	var n atomic.Int64
	db := open(t, func(o *store.Options) { o.Count = func(string) { n.Add(1) } })
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		if _, _, _, err := tx.ClaimKey(ctx, "me", "k", "b", "s", time.Hour); err != nil {
			return none{}, err
		}
		return none{}, tx.Record(ctx, account.Entry{Actor: "me", Action: "a", Subject: "s"},
			account.Event{Kind: "k", Key: "1"}, account.Event{Kind: "k", Key: "2"})
	})
	if err != nil || n.Load() != 3 {
		t.Fatalf("%d statements, want 3: the key, the entry and both events; %v", n.Load(), err)
	}
}

func closeAnswers(t *testing.T, open Opener) {
	db := open(t)
	var answered, stored atomic.Int64
	var all sync.WaitGroup
	const callers = 64
	start := make(chan none)
	for i := range callers {
		all.Go(func() {
			<-start
			if insert(db, fmt.Sprintf("e%d", i), fine) == nil {
				stored.Add(1)
			}
			answered.Add(1)
		})
	}
	close(start)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if answered.Load() != callers {
		t.Fatalf("%d of %d were answered", answered.Load(), callers)
	}
	if err := insert(db, "late", fine); fault.Code(err) != "unavailable" {
		t.Fatalf("after Close: %v", err)
	}
}

func manyWriters(t *testing.T, open Opener) {
	db := open(t)
	const callers, each = 32, 20
	var all sync.WaitGroup
	var refused atomic.Int64
	for c := range callers {
		all.Go(func() {
			for i := range each {
				err := insert(db, fmt.Sprintf("w%d-%d", c, i), func() error {
					if i%5 == 4 {
						return sql.ErrNoRows
					}
					return nil
				})
				if i%5 == 4 && errors.Is(err, sql.ErrNoRows) {
					refused.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := rows(t, db, "w%"); n != callers*each*4/5 || refused.Load() != callers*each/5 {
		t.Fatalf("%d rows, %d refused", n, refused.Load())
	}
}
