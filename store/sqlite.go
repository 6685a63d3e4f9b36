package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"
)

const (
	cacheKiB   = 64 << 10 // page cache of the writer
	walPages   = 8000     // 32 MB of WAL before a checkpoint
	statements = 256      // prepared statements kept by each connection
)

func (db *DB) openSQLite(ctx context.Context) error {
	db.dialect = sqlite
	db.write = sql.OpenDB(newSQLiteConnector(db.o, false))
	db.write.SetMaxOpenConns(1)
	if err := pingPatiently(ctx, db.write, db.o.BusyLimit); err != nil {
		return fmt.Errorf("store: %s can't be opened: %w", db.o.Path, err)
	}
	if err := db.migrateSQLite(ctx); err != nil {
		return err
	}
	db.read = sql.OpenDB(newSQLiteConnector(db.o, true))
	db.read.SetMaxOpenConns(db.o.Readers)
	db.read.SetMaxIdleConns(db.o.Readers)
	if err := db.read.PingContext(ctx); err != nil {
		return fmt.Errorf("store: %s can't be read: %w", db.o.Path, err)
	}
	db.readers = newReaders(db.read, db.o.Readers)
	w, err := newWriter(ctx, db)
	if err != nil {
		return err
	}
	db.writer = w
	return nil
}

// pingPatiently opens the first connection. Switching a new file to WAL does
// not wait for another process that does the same, so it is tried again.
func pingPatiently(ctx context.Context, db *sql.DB, limit time.Duration) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	for {
		err := db.PingContext(ctx)
		var s sqlite3.Error
		if !errors.As(err, &s) || s.Code != sqlite3.ErrBusy && s.Code != sqlite3.ErrLocked {
			return err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-deadline.C:
			return err
		case <-ctx.Done():
			return err
		}
	}
}

// pragma is one setting and what SQLite must answer when it is read back.
type pragma struct{ name, set, want string }

// pragmas of every connection. Unknown keys of a DSN are ignored silently and
// a PRAGMA sent through a pool reaches one connection, so each connection
// sets all of them when it is opened and reads each one back.
func pragmas(o Options, reader bool) []pragma {
	cache, only := strconv.Itoa(-cacheKiB), "0"
	if reader {
		cache, only = strconv.Itoa(-cacheKiB/8), "1"
	}
	return []pragma{
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"},
		{"foreign_keys", "1", "1"},
		{"busy_timeout", strconv.FormatInt(o.BusyLimit.Milliseconds(), 10), strconv.FormatInt(o.BusyLimit.Milliseconds(), 10)},
		{"wal_autocheckpoint", strconv.Itoa(walPages), strconv.Itoa(walPages)},
		{"journal_size_limit", strconv.Itoa(walKept), strconv.Itoa(walKept)},
		{"cache_size", cache, cache},
		{"temp_store", "MEMORY", "2"},
		{"secure_delete", "ON", "1"},
		{"ignore_check_constraints", "0", "0"},
		{"recursive_triggers", "1", "1"}, // REPLACE must not slip past a trigger on delete
		{"query_only", only, only},       // last: the others may write
	}
}

// sqliteDSN holds what go-sqlite3 takes from a DSN; the rest is set by the hook.
func sqliteDSN(o Options, reader bool) string {
	q := url.Values{}
	q.Set("_txlock", "immediate")
	if reader { // a snapshot does not wait for the writer
		q.Set("_txlock", "deferred")
	}
	q.Set("_busy_timeout", strconv.FormatInt(o.BusyLimit.Milliseconds(), 10))
	q.Set("_journal_mode", "WAL")
	q.Set("_synchronous", "FULL")
	q.Set("_foreign_keys", "1")
	q.Set("_secure_delete", "on")
	q.Set("_stmt_cache_size", strconv.Itoa(statements))
	return fileURI(o.Path) + "?" + q.Encode()
}

func fileURI(path string) string {
	if full, err := filepath.Abs(path); err == nil && path != ":memory:" {
		path = full
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

type sqliteConnector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func newSQLiteConnector(o Options, reader bool) sqliteConnector {
	hook := func(c *sqlite3.SQLiteConn) error {
		ps := pragmas(o, reader)
		for _, p := range ps {
			if _, err := c.Exec("PRAGMA "+p.name+" = "+p.set, nil); err != nil {
				return fmt.Errorf("PRAGMA %s: %w", p.name, err)
			}
		}
		for _, text := range o.tamper {
			if _, err := c.Exec(text, nil); err != nil {
				return err
			}
		}
		return readBack(c, ps)
	}
	return sqliteConnector{&sqlite3.SQLiteDriver{ConnectHook: hook}, sqliteDSN(o, reader)}
}

// rawConnector opens a file as it is, without changing its journal.
func rawConnector(path string) sqliteConnector {
	return sqliteConnector{&sqlite3.SQLiteDriver{}, fileURI(path) + "?mode=ro"}
}

// foldConnector is for a checkpoint, which must not wait long.
func foldConnector(path string) sqliteConnector {
	return sqliteConnector{&sqlite3.SQLiteDriver{}, fileURI(path) + "?mode=rw&_synchronous=FULL&_busy_timeout=100"}
}

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c sqliteConnector) Driver() driver.Driver                        { return c.driver }

func readBack(c *sqlite3.SQLiteConn, ps []pragma) error {
	for _, p := range ps {
		got, err := readPragma(c, p.name)
		if err != nil {
			return fmt.Errorf("PRAGMA %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("PRAGMA %s is %s and must be %s: the service does not run on a database "+
				"that could lose or mix data; check the file system and the build of SQLite", p.name, got, p.want)
		}
	}
	return nil
}

func readPragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	dest := make([]driver.Value, 1)
	if err := rows.Next(dest); err != nil {
		return "", err
	}
	if b, ok := dest[0].([]byte); ok {
		return string(b), nil
	}
	return fmt.Sprint(dest[0]), nil
}
