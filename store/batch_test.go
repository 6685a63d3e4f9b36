package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/internal/fault"
)

func sqliteInside(t *testing.T, path string, changes ...func(*Options)) *DB {
	t.Helper()
	o := Options{Path: path, Clock: time.Now}
	for _, c := range changes {
		c(&o)
	}
	db, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// write inserts one row of so many bytes.
func write(db *DB, key string, bytes int) error {
	_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, setMeta, key, strings.Repeat("x", bytes))
	})
	return err
}

// oneBatch runs closures in one batch, in this order, behind a first one that
// writes the row "first"; the first error is that one's.
func oneBatch(t *testing.T, db *DB, closures ...func() error) []error {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	errs := make([]error, len(closures)+1)
	var all sync.WaitGroup
	all.Go(func() {
		_, errs[0] = Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
			close(held)
			<-release
			return tx.Exec(ctx, setMeta, "first", "v")
		})
	})
	<-held
	for i, c := range closures {
		all.Go(func() { errs[i+1] = c() })
		for len(db.writer.queue) <= i {
			runtime.Gosched()
		}
	}
	close(release)
	all.Wait()
	return errs
}

func stored(t *testing.T, db *DB, key string) bool {
	t.Helper()
	v, err := Read(context.Background(), db, func(ctx context.Context, tx *Tx) (string, error) { return tx.meta(ctx, key) })
	if err != nil {
		t.Fatal(err)
	}
	return v != ""
}

// fullInTheMiddle fills the database file in the middle closure of three and
// lists what is wrong with the answers.
func fullInTheMiddle(t *testing.T, db *DB) (wrong []string) {
	t.Helper()
	ctx := context.Background()
	var pages int
	if err := db.writer.conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := db.writer.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+20)); err != nil {
		t.Fatal(err)
	}
	keys := []string{"first", "one", "two", "three"}
	errs := oneBatch(t, db,
		func() error { return write(db, "one", 10) },
		func() error { return write(db, "two", 1<<20) },
		func() error { return write(db, "three", 10) },
	)
	if errs[2] == nil {
		t.Fatal("the large row was written: the fault did not happen")
	}
	for i, key := range keys {
		there := stored(t, db, key)
		if there != (errs[i] == nil) {
			wrong = append(wrong, fmt.Sprintf("row %q stored: %v, answer: %v", key, there, errs[i]))
		}
		if errs[i] != nil && fault.Code(errs[i]) != "unavailable" {
			wrong = append(wrong, fmt.Sprintf("row %q: answer %v", key, errs[i]))
		}
	}
	return wrong
}

func TestDiskFullInTheMiddleOfABatch(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/full.db")
	for _, w := range fullInTheMiddle(t, db) {
		t.Error(w)
	}
	if err := write(db, "after", 10); err != nil || !stored(t, db, "after") {
		t.Fatalf("the next batch: %v", err)
	}
}

// The control: a writer that does not ask for autocommit stores the third row
// alone and tells its caller that nothing is known.
func TestDiskFullControlWithoutTheWatch(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/full.db", func(o *Options) { o.unwatched = true })
	if len(fullInTheMiddle(t, db)) == 0 {
		t.Fatal("the disk-full test can't fail: it proves nothing")
	}
}

// A statement that drops the transaction, in a closure that goes on as if
// nothing had happened, must not let the rest run outside of a transaction.
func TestNothingRunsOutsideOfALostTransaction(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/lost.db")
	lose := func() error {
		_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
			_, _ = tx.Exec(ctx, setMeta, "lost-1", "v")
			_, _ = tx.Exec(ctx, "ROLLBACK") // what SQLite does by itself on a full disk
			_, _ = tx.Exec(ctx, setMeta, "lost-2", "v")
			rows, err := tx.Query(ctx, getMeta, "first")
			if err == nil {
				_ = rows.Close()
				t.Error("a query ran outside of the transaction")
			}
			return 0, nil
		})
		return err
	}
	errs := append(oneBatch(t, db, lose, func() error { return write(db, "behind", 1) }), lose())
	for i, key := range []string{"first", "lost-1", "", "lost-2"} {
		if fault.Code(errs[min(i, 1)]) != "unavailable" || key != "" && stored(t, db, key) {
			t.Errorf("%q: stored %v, answer %v", key, key != "" && stored(t, db, key), errs[min(i, 1)])
		}
	}
	if there := stored(t, db, "behind"); there != (errs[2] == nil) || !there {
		t.Errorf("the closure behind, in the next batch: stored %v, answer %v", there, errs[2])
	}
	if fault.Code(errs[3]) != "unavailable" {
		t.Errorf("alone: %v", errs[3])
	}
}

// t.FailNow inside a closure ends the writer's goroutine; the next caller must
// not wait for ever.
func TestAClosureThatEndsItsGoroutine(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/exit.db")
	errs := oneBatch(t, db,
		func() error { return write(db, "before", 1) },
		func() error {
			_, err := Do(context.Background(), db, func(context.Context, *Tx) (int64, error) {
				runtime.Goexit()
				return 0, nil
			})
			return err
		},
	)
	for _, err := range errs {
		if err == nil {
			t.Errorf("answers %v: the batch was rolled back", errs)
		}
	}
	if err := write(db, "next", 1); err != nil || stored(t, db, "before") || !stored(t, db, "next") {
		t.Fatalf("next: %v", err)
	}
}

// A commit that fails leaves the outcome unknown to everybody in it.
func TestCommitError(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/commit.db")
	no := fault.New(fault.Conflict, "slot_taken")
	errs := oneBatch(t, db,
		func() error {
			_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
				if _, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
					return 0, err
				}
				return tx.Exec(ctx, "INSERT INTO equipment (id, center_id, ord, quantity, doc) VALUES ('e', 'nowhere', 1, 1, '{}')")
			})
			return err
		},
		func() error {
			_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) { return 0, no })
			return err
		},
	)
	for i, err := range errs {
		if fault.Code(err) != "unavailable" {
			t.Errorf("caller %d is told %v", i, err)
		}
	}
	if stored(t, db, "first") {
		t.Error("a row of a failed commit is there")
	}
	if err := write(db, "next", 1); err != nil {
		t.Fatal(err)
	}
}

// Callers are answered after the commit, so a read that begins then sees the row.
func TestAnswerComesAfterTheCommit(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/order.db")
	var all sync.WaitGroup
	for c := range 16 {
		all.Go(func() {
			for i := range 30 {
				key := fmt.Sprintf("k%d-%d", c, i)
				if err := write(db, key, 1); err != nil {
					t.Error(err)
				}
				v, err := Read(context.Background(), db, func(ctx context.Context, tx *Tx) (string, error) { return tx.meta(ctx, key) })
				if err != nil || v == "" {
					t.Errorf("%s is not there after its answer: %v", key, err)
				}
			}
		})
	}
	all.Wait()
	if s := db.Stats(); s.Closures != 480 || s.Commits > s.Closures {
		t.Errorf("stats: %+v", s)
	}
}

// A batch takes no more than Options.Batch closures into one commit.
func TestBatchIsBounded(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/bound.db", func(o *Options) { o.Batch = 4 })
	before := db.Stats().Commits
	var closures []func() error
	for i := range 9 {
		closures = append(closures, func() error { return write(db, fmt.Sprint(i), 1) })
	}
	if err := errors.Join(oneBatch(t, db, closures...)...); err != nil {
		t.Fatal(err)
	}
	if n := db.Stats().Commits - before; n != 3 {
		t.Fatalf("%d commits for 10 closures, want 3", n)
	}
}

// A connection whose state can't be told is closed, and the next batch opens another.
func TestTheWriterTakesAnotherConnection(t *testing.T) {
	db := sqliteInside(t, t.TempDir()+"/conn.db")
	if err := write(db, "before", 1); err != nil {
		t.Fatal(err)
	}
	old := db.writer.conn
	db.writer.discard()
	if err := old.PingContext(context.Background()); err == nil {
		t.Fatal("the old connection still answers")
	}
	for _, key := range []string{"a", "b"} {
		if err := write(db, key, 1); err != nil || !stored(t, db, key) {
			t.Fatal(err)
		}
	}
	// A connection that somehow is inside of a transaction already is not used.
	if _, err := db.writer.conn.ExecContext(context.Background(), "BEGIN"); err != nil {
		t.Fatal(err)
	}
	if err := write(db, "c", 1); err != nil || !stored(t, db, "c") {
		t.Fatal(err)
	}
}
