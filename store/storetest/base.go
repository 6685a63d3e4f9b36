package storetest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

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
