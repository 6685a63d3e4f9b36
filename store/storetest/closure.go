package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"gongbang/internal/fault"
	"gongbang/store"
)

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
			return none{}, errors.New("a Read inside Do ran")
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
