package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	oldestPostgres = 130000
	writeLimit     = 30 * time.Second // one transaction that writes
	attempts       = 6                // of a closure that had to give way
	// migrationLock is the advisory lock of nodes that start together.
	migrationLock = 0x676f6e6762616e67
)

func (db *DB) openPostgres(ctx context.Context) error {
	db.dialect = postgres
	config, err := pgx.ParseConfig(db.o.URL)
	if err != nil {
		return fmt.Errorf("store: the database URL is not understood: %w", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	set := config.RuntimeParams
	set["application_name"] = "gongbang"
	set["synchronous_commit"] = "on"
	set["default_transaction_isolation"] = "read committed"
	set["timezone"] = "UTC"
	if err := db.migratePostgres(ctx, config.Copy()); err != nil {
		return err
	}
	set["lock_timeout"] = "10s"
	set["statement_timeout"] = "30s"
	set["idle_in_transaction_session_timeout"] = "60s"
	db.write = stdlib.OpenDB(*config, stdlib.OptionAfterConnect(db.judgeServer))
	db.write.SetMaxOpenConns(db.o.Conns)
	db.write.SetMaxIdleConns(db.o.Conns)
	db.read = db.write
	if err := db.write.PingContext(ctx); err != nil {
		return fmt.Errorf("store: PostgreSQL can't be reached: %w", err)
	}
	return nil
}

// judgeServer reads the settings back on each new connection: a pooler or the
// server's own configuration may have overruled what was asked for.
func (db *DB) judgeServer(ctx context.Context, conn *pgx.Conn) error {
	for _, text := range db.o.tamper {
		if _, err := conn.Exec(ctx, text); err != nil {
			return err
		}
	}
	var version int64
	var commit, isolation string
	err := conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::bigint,
		current_setting('synchronous_commit'), current_setting('default_transaction_isolation')`).
		Scan(&version, &commit, &isolation)
	switch {
	case err != nil:
		return err
	case version < oldestPostgres:
		return fmt.Errorf("store: PostgreSQL %d is too old; 13 or newer is needed", version/10000)
	case commit != "on" && commit != "remote_apply":
		return fmt.Errorf("store: synchronous_commit is %s and must be on: "+
			"the service does not run on a database that could lose what it confirmed", commit)
	case isolation != "read committed":
		return fmt.Errorf("store: default_transaction_isolation is %s and must be read committed", isolation)
	}
	return nil
}

// migratePostgres uses a connection of its own, without time limits; the end
// of its session gives the advisory lock back whatever happened.
func (db *DB) migratePostgres(ctx context.Context, config *pgx.ConnConfig) error {
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(db.judgeServer))
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	steps, err := loadMigrations(migrationFiles, db.dialect)
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: PostgreSQL can't be reached: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	return migrator{conn: conn, begin: "BEGIN", now: ms(db.now()), after: db.o.afterStep}.run(ctx, steps)
}

// doPostgres runs the closure in a transaction of its own, again when it had
// to give way to another.
func (db *DB) doPostgres(ctx context.Context, fn closure) error {
	select {
	case db.waiting <- struct{}{}:
		defer func() { <-db.waiting }()
	default:
		return unavailable(errors.New("store: too many writes are waiting"))
	}
	for n := 1; ; n++ {
		err, again := db.attempt(ctx, fn)
		if !again || n == attempts {
			return err
		}
		// Apart by chance, so that the same two do not meet again.
		time.Sleep(time.Duration(rand.IntN(10<<n)+1) * time.Millisecond)
	}
}

func (db *DB) attempt(ctx context.Context, fn closure) (err error, again bool) {
	conn, err := db.write.Conn(ctx)
	switch {
	case ctx.Err() != nil:
		if err == nil {
			err = conn.Close()
		}
		return left(ctx), false
	case err != nil:
		return unavailable(err), false
	}
	defer conn.Close()
	base, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	t, err := conn.BeginTx(base, nil)
	if err != nil {
		return unavailable(err), false
	}
	defer func() { _ = t.Rollback() }() // after a commit it does nothing
	tx, err := db.runPostgres(ctx, base, t, fn)
	if err != nil {
		return tx.told(err), mayRunAgain(err) || mayRunAgain(tx.failed)
	}
	err = t.Commit()
	switch {
	case err == nil:
		return nil, false
	case pgCode(err) != "" && !isOutage(err): // a deferred constraint: nothing was kept
		return err, false
	}
	return unavailable(err), mayRunAgain(err)
}

func (db *DB) runPostgres(ctx, base context.Context, t *sql.Tx, fn closure) (*Tx, error) {
	tx := &Tx{db: db, q: t, now: db.now(), base: base}
	if !db.o.RunTwice {
		return tx, call(inside(ctx), tx, fn)
	}
	if _, err := t.ExecContext(base, "SAVEPOINT closure"); err != nil {
		return tx, err
	}
	_ = call(inside(ctx), tx, fn)
	if mayRunAgain(tx.failed) {
		return tx, tx.failed
	}
	tx.failed = nil
	if _, err := t.ExecContext(base, "ROLLBACK TO closure"); err != nil {
		return tx, err
	}
	return tx, call(inside(ctx), tx, fn)
}

// isConnection tells whether err is a lost or refused connection or a limit
// of time, and not an answer of the server.
func isConnection(err error) bool {
	var n net.Error
	var c *pgconn.ConnectError
	return err != nil && (errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &n) || errors.As(err, &c) || pgconn.SafeToRetry(err))
}
