package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"gongbang/internal/fault"
	"gongbang/internal/testkit"
)

func postgresInside(t *testing.T, url string) *DB {
	t.Helper()
	db, err := Open(context.Background(), Options{URL: url, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Two closures that take the same two rows in opposite order: one has to give
// way, runs again, and no caller sees it.
func TestADeadlockIsRunAgain(t *testing.T) {
	db := postgresInside(t, testkit.Postgres(t))
	for _, key := range []string{"a", "b"} {
		if err := write(db, key, 1); err != nil {
			t.Fatal(err)
		}
	}
	var runs atomic.Int64
	var both, all sync.WaitGroup
	both.Add(2)
	for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		all.Go(func() {
			first := true
			_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
				runs.Add(1)
				if _, err := tx.Exec(ctx, setMeta, order[0], fmt.Sprint(i)); err != nil {
					return 0, err
				}
				if first {
					first = false
					both.Done()
					both.Wait()
				}
				return tx.Exec(ctx, setMeta, order[1], fmt.Sprint(i))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs.Load() < 3 {
		t.Fatalf("%d runs: there was no deadlock to survive", runs.Load())
	}
}

// A connection that dies is told as an unknown outcome, and the next call has another.
func TestAKilledBackend(t *testing.T) {
	db := postgresInside(t, testkit.Postgres(t))
	_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) {
		if _, err := tx.Exec(ctx, setMeta, "gone", "v"); err != nil {
			return 0, err
		}
		_, err := tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
		return 0, err
	})
	if fault.Code(err) != "unavailable" {
		t.Fatalf("the caller is told %v", err)
	}
	if err := write(db, "next", 1); err != nil || stored(t, db, "gone") || !stored(t, db, "next") {
		t.Fatalf("next: %v", err)
	}
}

func TestDuplicatesAreKnown(t *testing.T) {
	for name, db := range map[string]*DB{
		"sqlite":   sqliteInside(t, filepath.Join(t.TempDir(), "a.db")),
		"postgres": postgresInside(t, testkit.Postgres(t)),
	} {
		for text, want := range map[string]bool{
			"INSERT INTO meta (key, value) VALUES ('a', 'v'), ('a', 'v')":                                                   true,
			"INSERT INTO tick (minute) VALUES (1), (1)":                                                                     true,
			"INSERT INTO outbox (kind, key, subject, data, created_at, due_at) VALUES ('','','','',1,1), ('','','','',1,1)": true,
			"INSERT INTO catalog (id, revision, doc) VALUES (2, 1, '{}')":                                                   false,
			"INSERT INTO equipment (id, center_id, ord, quantity, doc) VALUES ('e', 'nowhere', 1, 1, '{}')":                 false,
			"INSERT INTO no_such_table (a) VALUES (1)":                                                                      false,
		} {
			_, err := Do(context.Background(), db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.Exec(ctx, text) })
			if err == nil || isDuplicate(err) != want || isDuplicate(fmt.Errorf("wrapped: %w", err)) != want {
				t.Errorf("%s: %s: duplicate %v, want %v: %v", name, text, isDuplicate(err), want, err)
			}
		}
	}
	if isDuplicate(nil) || isDuplicate(errors.New("x")) {
		t.Error("an error of something else is no duplicate")
	}
}

// Row locks are asked for in a transaction that writes, on PostgreSQL only.
func TestForUpdate(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		db   *DB
		want string
	}{
		{sqliteInside(t, filepath.Join(t.TempDir(), "a.db")), "SELECT 1"},
		{postgresInside(t, testkit.Postgres(t)), "SELECT 1 FOR UPDATE"},
	} {
		f := func(ctx context.Context, tx *Tx) (string, error) { return tx.forUpdate("SELECT 1"), nil }
		if got, err := Do(ctx, c.db, f); got != c.want || err != nil {
			t.Errorf("%s: %q, %v", c.db.Dialect(), got, err)
		}
		if got, err := Read(ctx, c.db, f); got != "SELECT 1" || err != nil {
			t.Errorf("%s, reading: %q, %v", c.db.Dialect(), got, err)
		}
	}
}

// A read that takes too long is ended: it would keep the WAL from being reset.
func TestAReadIsLimited(t *testing.T) {
	short := func(o *Options) { o.ReadLimit = 50 * time.Millisecond }
	db := sqliteInside(t, filepath.Join(t.TempDir(), "a.db"), short)
	endless := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(i) FROM n`
	_, err := Read(context.Background(), db, func(ctx context.Context, tx *Tx) (n int, err error) {
		return n, tx.QueryRow(ctx, endless).Scan(&n)
	})
	if fault.Code(err) != "unavailable" {
		t.Fatalf("an endless read is told %v", err)
	}
	if err := db.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := write(db, "a", 1); err != nil {
		t.Fatal(err)
	}
}

// The control of callers who leave: a statement that runs under the caller's
// own context takes SQLite's transaction with it, and the next one commits alone.
func TestAStatementUnderTheCallersContext(t *testing.T) {
	db := sqliteInside(t, filepath.Join(t.TempDir(), "a.db"))
	conn, err := db.write.Driver().Open(sqliteDSN(db.o, false))
	if err != nil {
		t.Fatal(err)
	}
	c := conn.(*sqlite3.SQLiteConn)
	defer c.Close()
	exec := func(ctx context.Context, text string) error {
		_, err := c.ExecContext(ctx, text, nil)
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	for _, text := range []string{"BEGIN IMMEDIATE", "INSERT INTO meta (key, value) VALUES ('first', 'v')"} {
		if err := exec(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := exec(ctx, "INSERT INTO meta (key, value) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'n' || i, 'v' FROM n"); err == nil {
		t.Fatal("an endless statement ended by itself")
	}
	if err := exec(context.Background(), "INSERT INTO meta (key, value) VALUES ('last', 'v')"); err != nil {
		t.Fatal(err)
	}
	if err := exec(context.Background(), "COMMIT"); err == nil {
		t.Fatal("the transaction was still there")
	}
	if stored(t, db, "first") || !stored(t, db, "last") {
		t.Fatal("nothing is half done: the control did not go red")
	}
}
