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

// Opener opens a fresh database; the changes are applied to its options.
type Opener func(t *testing.T, changes ...func(*store.Options)) *store.DB

// Base is the contract of transactions, keys, traces and the audit.
func Base(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Opener)
	}{
		{"Do returns its result", doReturnsItsResult},
		{"a refusal rolls back its own closure only", refusalIsAlone},
		{"a panic is its own closure's error", panicIsAlone},
		{"a closure whose context ended is skipped", cancelledBefore},
		{"a context that ends in between changes nothing", cancelledBetween},
		{"the first error ends the closure", firstErrorEnds},
		{"a nested call is refused", nestedIsRefused},
		{"every closure runs twice", runsTwice},
		{"now is fixed", nowIsFixed},
		{"a read can't write and sees one snapshot", readIsASnapshot},
		{"a full queue refuses", fullQueue},
		{"rows left open do no harm", rowsLeftOpen},
		{"statements are counted", statementsAreCounted},
		{"Close answers those who wait", closeAnswers},
		{"a key has one effect", keyHasOneEffect},
		{"a key is claimed by one of many", keyOfMany},
		{"a known event is dropped", knownEventIsDropped},
		{"many writers lose nothing", manyWriters},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
	Audit(t, open)
}

const (
	put   = `INSERT INTO meta (key, value) VALUES ($1, $2)`
	count = `SELECT COUNT(*) FROM meta WHERE key LIKE $1`
)

type none = struct{}

// insert writes one row and then does what then says.
func insert(db *store.DB, key string, then func() error) error {
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		if _, err := tx.Exec(ctx, put, key, "v"); err != nil {
			return none{}, err
		}
		return none{}, then()
	})
	return err
}

func fine() error { return nil }

func rows(t *testing.T, db *store.DB, like string) int {
	t.Helper()
	n, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, count, like).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// together holds the writer inside one closure until all others wait behind
// it, so that SQLite runs them in one batch.
func together(t *testing.T, db *store.DB, closures ...func() error) []error {
	t.Helper()
	held, release := make(chan none), make(chan none)
	first := make(chan error, 1)
	go func() {
		var once sync.Once
		first <- insert(db, fmt.Sprintf("holder-%p", &once), func() error {
			once.Do(func() { close(held) })
			<-release
			return nil
		})
	}()
	<-held
	errs := make([]error, len(closures))
	var all sync.WaitGroup
	for i, c := range closures {
		all.Go(func() { errs[i] = c() })
		if db.Dialect() == "sqlite" { // in this order behind the holder
			for db.Stats().Queue <= i {
				runtime.Gosched()
			}
		}
	}
	close(release)
	all.Wait()
	if err := <-first; err != nil {
		t.Fatalf("the closure that held the writer: %v", err)
	}
	return errs
}

func doReturnsItsResult(t *testing.T, open Opener) {
	db := open(t)
	got, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (string, error) {
		n, err := tx.Exec(ctx, put, "a", "1")
		return fmt.Sprint(n), err
	})
	if err != nil || got != "1" {
		t.Fatalf("got %q, %v", got, err)
	}
	if n := rows(t, db, "a"); n != 1 {
		t.Fatalf("%d rows", n)
	}
}

func refusalIsAlone(t *testing.T, open Opener) {
	db := open(t)
	no := fault.New(fault.Conflict, "slot_taken")
	errs := together(t, db,
		func() error { return insert(db, "r1", fine) },
		func() error { return insert(db, "r2", func() error { return no }) },
		func() error { return insert(db, "r3", fine) },
	)
	if errs[0] != nil || !errors.Is(errs[1], no) || errs[2] != nil {
		t.Fatalf("errors: %v", errs)
	}
	if n := rows(t, db, "r%"); n != 2 {
		t.Fatalf("%d rows, want those of the two that were not refused", n)
	}
	if err := insert(db, "r4", func() error { return no }); !errors.Is(err, no) || rows(t, db, "r4") != 0 {
		t.Fatalf("alone: %v", err)
	}
}

func panicIsAlone(t *testing.T, open Opener) {
	db := open(t)
	errs := together(t, db,
		func() error { return insert(db, "p1", fine) },
		func() error { return insert(db, "p2", func() error { panic("boom") }) },
		func() error { return insert(db, "p3", fine) },
	)
	if errs[0] != nil || fault.Code(errs[1]) != "internal" || errs[2] != nil {
		t.Fatalf("errors: %v", errs)
	}
	if n := rows(t, db, "p%"); n != 2 {
		t.Fatalf("%d rows, want 2", n)
	}
	if err := insert(db, "p4", func() error { panic("alone") }); err == nil || rows(t, db, "p4") != 0 {
		t.Fatalf("alone: %v", err)
	}
}

func cancelledBefore(t *testing.T, open Opener) {
	db := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	_, err := store.Do(ctx, db, func(context.Context, *store.Tx) (none, error) {
		ran = true
		return none{}, nil
	})
	if ran || !errors.Is(err, context.Canceled) || !errors.Is(err, fault.ErrUnavailable) {
		t.Fatalf("ran %v, %v", ran, err)
	}
	if db.Dialect() != "sqlite" {
		return
	}
	waiting, leave := context.WithCancel(context.Background())
	var began atomic.Bool
	errs := together(t, db,
		func() error {
			_, err := store.Do(waiting, db, func(context.Context, *store.Tx) (none, error) {
				began.Store(true)
				return none{}, nil
			})
			return err
		},
		func() error { leave(); return insert(db, "c2", fine) },
	)
	if errs[1] != nil || began.Load() != (errs[0] == nil) {
		t.Fatalf("began %v, %v", began.Load(), errs)
	}
}

func cancelledBetween(t *testing.T, open Opener) {
	db := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := store.Do(ctx, db, func(inner context.Context, tx *store.Tx) (none, error) {
		if _, err := tx.Exec(inner, put, "x1", "v"); err != nil {
			return none{}, err
		}
		cancel()
		// The outer context is what a careless closure would pass.
		if _, err := tx.Exec(ctx, put, "x2", "v"); err != nil {
			return none{}, err
		}
		if inner.Err() != nil {
			return none{}, errors.New("the closure's context ended")
		}
		_, err := tx.Exec(ctx, put, "x3", "v")
		return none{}, err
	})
	if n := rows(t, db, "x%"); err != nil || n != 3 {
		t.Fatalf("%d rows and %v: a closure that began runs to its end", n, err)
	}
}

func firstErrorEnds(t *testing.T, open Opener) {
	db := open(t)
	if err := insert(db, "f1", fine); err != nil {
		t.Fatal(err)
	}
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		if _, err := tx.Exec(ctx, put, "f2", "v"); err != nil {
			return none{}, err
		}
		if _, err := tx.Exec(ctx, put, "f1", "again"); err == nil {
			return none{}, errors.New("a second row with the same key was taken")
		}
		if _, err := tx.Exec(ctx, put, "f3", "v"); err == nil {
			return none{}, errors.New("a statement ran after a failed one")
		}
		if err := tx.QueryRow(ctx, count, "f%").Scan(new(int)); err == nil {
			return none{}, errors.New("a question was answered after a failed statement")
		}
		return none{}, nil // forgotten: the store remembers
	})
	if err == nil || rows(t, db, "f%") != 1 {
		t.Fatalf("%v, %d rows", err, rows(t, db, "f%"))
	}
}

func nestedIsRefused(t *testing.T, open Opener) {
	db := open(t)
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		if _, err := store.Do(ctx, db, func(context.Context, *store.Tx) (none, error) { return none{}, nil }); err == nil {
			return none{}, errors.New("Do inside Do ran")
		}
		if _, err := store.Read(ctx, db, func(context.Context, *store.Tx) (none, error) { return none{}, nil }); err == nil {
			return none{}, errors.New("Read inside Do ran")
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

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

func keyHasOneEffect(t *testing.T, open Opener) {
	var now atomic.Int64
	db := open(t, func(o *store.Options) { o.Clock = func() time.Time { return time.UnixMilli(now.Load()) } })
	claim := func(body, subject string, refuse error) (prevBody, prevSubject string, replay bool) {
		t.Helper()
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (_ none, err error) {
			prevBody, prevSubject, replay, err = tx.ClaimKey(ctx, "me POST /x", "k", body, subject, time.Hour)
			return none{}, errors.Join(err, refuse)
		})
		if refuse == nil && err != nil {
			t.Fatal(err)
		}
		return prevBody, prevSubject, replay
	}
	now.Store(1_000_000_000)
	claim("b0", "s0", errors.New("refused")) // a refusal leaves the key free
	if _, _, replay := claim("b1", "s1", nil); replay {
		t.Fatal("the first claim is a replay")
	}
	for _, body := range []string{"b1", "b2"} {
		if b, s, replay := claim(body, "s2", nil); !replay || b != "b1" || s != "s1" {
			t.Fatalf("the second claim: %q, %q, %v", b, s, replay)
		}
	}
	now.Add(time.Hour.Milliseconds()) // exactly old enough
	if _, _, replay := claim("b3", "s3", nil); replay {
		t.Fatal("an old key was not taken over")
	}
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		body, subject, found, err := tx.FindKey(ctx, "me POST /x", "k", time.Hour)
		if err == nil && (!found || body != "b3" || subject != "s3") {
			err = fmt.Errorf("found %q, %q, %v", body, subject, found)
		}
		if _, _, found, _ := tx.FindKey(ctx, "you POST /x", "k", time.Hour); found {
			err = errors.New("another caller found the key")
		}
		return none{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keyOfMany(t *testing.T, open Opener) {
	db := open(t)
	var won atomic.Int64
	subjects := make([]string, 16)
	var all sync.WaitGroup
	for i := range subjects {
		all.Go(func() {
			s, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (string, error) {
				mine := fmt.Sprintf("s%d", i)
				_, prev, replay, err := tx.ClaimKey(ctx, "me", "k", "b", mine, time.Hour)
				if replay {
					return prev, err
				}
				if err == nil {
					_, err = tx.Exec(ctx, put, "made-"+mine, "v")
				}
				return mine, err
			})
			if err != nil {
				t.Error(err)
			}
			if s == fmt.Sprintf("s%d", i) {
				won.Add(1)
			}
			subjects[i] = s
		})
	}
	all.Wait()
	for _, s := range subjects {
		if s == "" || s != subjects[0] {
			t.Fatalf("callers were told different things: %v", subjects)
		}
	}
	if n := rows(t, db, "made-%"); n != 1 || won.Load() != 1 {
		t.Fatalf("%d effects, %d winners", n, won.Load())
	}
}

func knownEventIsDropped(t *testing.T, open Opener) {
	db := open(t)
	due := time.Now().Add(24 * time.Hour).Truncate(time.Millisecond)
	record := func(events ...account.Event) {
		t.Helper()
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
			return none{}, tx.Record(ctx, account.Entry{Actor: "a", Action: "x", Subject: "s", Detail: map[string]any{"n": 1}}, events...)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	record(account.Event{Kind: "k", Key: "1", Data: map[string]string{"v": "first"}}, account.Event{Kind: "k", Key: "2", Due: due})
	record(account.Event{Kind: "k", Key: "1", Data: map[string]string{"v": "second"}})
	record()
	many := make([]account.Event, 19)
	for i := range many {
		many[i] = account.Event{Kind: "m", Key: fmt.Sprintf("m%d", i), Subject: "s"}
	}
	record(many...)
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		var events, entries int
		var data string
		var dueAt int64
		err := errors.Join(
			tx.QueryRow(ctx, "SELECT COUNT(*) FROM outbox").Scan(&events),
			tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit").Scan(&entries),
			tx.QueryRow(ctx, "SELECT data FROM outbox WHERE key = $1", "1").Scan(&data),
			tx.QueryRow(ctx, "SELECT due_at FROM outbox WHERE key = $1", "2").Scan(&dueAt),
		)
		if err == nil && (events != 21 || entries != 4 || data != `{"v":"first"}` || dueAt != due.UnixMilli()) {
			err = fmt.Errorf("%d events, %d entries, data %s, due %d", events, entries, data, dueAt)
		}
		return none{}, err
	})
	if err != nil {
		t.Fatal(err)
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
