package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Options says which database is opened and how. Path or URL is required, and Clock.
type Options struct {
	Path  string           // SQLite file
	URL   string           // postgres://…
	Clock func() time.Time // what Tx.Now reads once per transaction

	Readers   int           // connections that read at once on SQLite; 0 is twice the processors, at least 4
	Conns     int           // connections to PostgreSQL; 0 is 16
	Batch     int           // closures in one commit on SQLite at most; 0 is 256
	Queue     int           // closures that wait at most; 0 is 4096, above it callers get ErrUnavailable
	ReadLimit time.Duration // a read transaction ends after this; 0 is 5 s
	BusyLimit time.Duration // how long SQLite waits for another process' write; 0 is 5 s

	// OneCommitEach gives each closure its own commit on SQLite: the
	// comparison of the benchmark.
	OneCommitEach bool
	// RunTwice runs every closure two times, the first run rolled back, so
	// that a closure with effects outside itself shows in tests.
	RunTwice bool
	// Count is told the text of every statement of a closure.
	Count func(query string)

	// unwatched leaves out the question for autocommit: the control of the
	// disk-full test, which must fail with it.
	unwatched bool
	// logUnwatched leaves the log to itself: the control of readers who pin it.
	logUnwatched bool
	// tamper changes the pragmas after they were set: bad starts in tests.
	tamper []string
	// afterStep is a failpoint behind each migration, before its commit.
	afterStep func(migration) error
}

// DB is one open database. Its methods may be called from many goroutines.
type DB struct {
	o       Options
	dialect dialect
	read    *sql.DB
	write   *sql.DB  // on PostgreSQL the same pool as read
	writer  *writer  // SQLite only
	readers *readers // SQLite only
	waiting chan struct{}
}

// Open opens the database, refuses one whose settings would lose or mix data,
// brings its schema up to date and starts the writer. The error is a sentence
// for the person who starts the service.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Clock == nil {
		return nil, errors.New("store: Options.Clock is missing")
	}
	if (o.Path == "") == (o.URL == "") {
		return nil, errors.New("store: set either Options.Path (SQLite) or Options.URL (PostgreSQL)")
	}
	o = o.withDefaults()
	db := &DB{o: o, waiting: make(chan struct{}, o.Queue)}
	open := db.openSQLite
	if o.URL != "" {
		open = db.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close ends the writer after the closures that already wait and closes all connections.
func (db *DB) Close() error {
	if db.writer != nil {
		db.writer.close()
	}
	if db.readers != nil {
		db.readers.end()
		if db.writer != nil {
			db.writer.restarts.Wait()
		}
		db.readers.close()
	}
	var errs []error
	if db.read != nil && db.read != db.write {
		errs = append(errs, db.read.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.Close())
	}
	return errors.Join(errs...)
}

// now is the transaction's time: UTC, whole milliseconds, as both databases keep it.
func (db *DB) now() time.Time { return db.o.Clock().UTC().Truncate(time.Millisecond) }
