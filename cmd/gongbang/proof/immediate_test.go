package proof

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// TestImmediate is the control of the one writer with BEGIN IMMEDIATE: a pool
// of eight that reads and then writes in deferred transactions meets
// SQLITE_BUSY at once, whatever the busy timeout; the same pool with IMMEDIATE
// never does.
func TestImmediate(t *testing.T) {
	if n := busyErrors(t, "immediate"); n != 0 {
		t.Errorf("with IMMEDIATE %d transactions met SQLITE_BUSY", n)
	}
	for runs := 1; runs <= 100; runs++ {
		if n := busyErrors(t, "deferred"); n > 0 {
			t.Logf("control: of %d deferred transactions %d met SQLITE_BUSY in run %d, 0 with IMMEDIATE", 8*each(), n, runs)
			return
		}
	}
	t.Error("the control did not go red: deferred transactions never met SQLITE_BUSY")
}

// each is how many transactions each of eight runs.
func each() int { return scale(100, 1000) }

func busyErrors(t *testing.T, lock string) int64 {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(t.TempDir(), "pool.db")+"?_journal_mode=WAL&_busy_timeout=60000&_txlock="+lock)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(8)
	if _, err := db.Exec("CREATE TABLE counter (n INTEGER NOT NULL); INSERT INTO counter VALUES (0)"); err != nil {
		t.Fatal(err)
	}
	var busy atomic.Int64
	atOnce(8, func(int) {
		for range each() {
			switch err := readThenWrite(t.Context(), db); {
			case isBusy(err):
				busy.Add(1)
			case err != nil:
				t.Error(err)
				return
			}
		}
	})
	return busy.Load()
}

// readThenWrite is what a booking does: it looks first, and writes then.
func readThenWrite(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT n FROM counter").Scan(&n); err != nil {
		return err
	}
	runtime.Gosched() // the rules are judged here
	if _, err := tx.ExecContext(ctx, "UPDATE counter SET n = $1", n+1); err != nil {
		return err
	}
	return tx.Commit()
}

func isBusy(err error) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && s.Code == sqlite3.ErrBusy
}
