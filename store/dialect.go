package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "github.com/mattn/go-sqlite3"
)

// dialect names the database. What differs between the two is a method here,
// with the reason beside it.
type dialect string

const (
	sqlite   dialect = "sqlite"
	postgres dialect = "postgres"
)

// Dialect is "sqlite" or "postgres".
func (db *DB) Dialect() string { return string(db.dialect) }

// readOptions make a read transaction one snapshot. SQLite's always is; on
// PostgreSQL READ COMMITTED would see a new one with each statement.
func (d dialect) readOptions() *sql.TxOptions {
	if d == postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return nil
}

// forUpdate appends the row lock on PostgreSQL. SQLite has one writer, whose
// transaction already excludes every other write, and no such clause.
func (tx *Tx) forUpdate(query string) string {
	if tx.db.dialect == postgres && tx.base != nil {
		return query + " FOR UPDATE"
	}
	return query
}

// skipLocked is forUpdate that passes over rows another transaction holds: for
// drains that share their work. SQLite has one writer, so no row is ever held.
func (tx *Tx) skipLocked(query string) string {
	if locking := tx.forUpdate(query); locking != query {
		return locking + " SKIP LOCKED"
	}
	return query
}

// lockAudit keeps writers of the audit out until the transaction ends; see
// sealableBelow. It gives up after a second rather than hold bookings up.
func (tx *Tx) lockAudit(ctx context.Context) error {
	if tx.db.dialect == sqlite {
		return nil
	}
	_, err := tx.Exec(ctx, "SET LOCAL lock_timeout = '1s'; LOCK TABLE audit IN SHARE MODE")
	return err
}

// isDuplicate tells whether err is the refusal of a unique or primary key.
func isDuplicate(err error) bool {
	var s sqlite3.Error
	if errors.As(err, &s) {
		return s.ExtendedCode == sqlite3.ErrConstraintUnique || s.ExtendedCode == sqlite3.ErrConstraintPrimaryKey
	}
	return pgCode(err) == "23505"
}

// mayRunAgain tells whether PostgreSQL ended the transaction for the sake of
// another one: serialization failure, deadlock. Nothing of it was kept.
func mayRunAgain(err error) bool {
	c := pgCode(err)
	return c == "40001" || c == "40P01"
}

// isOutage tells whether err is the database's trouble and not the
// statement's: disk, memory, locks held too long, a lost connection, a server
// that shuts down.
func isOutage(err error) bool {
	var s sqlite3.Error
	if errors.As(err, &s) {
		switch s.Code {
		case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrBusy, sqlite3.ErrLocked,
			sqlite3.ErrInterrupt, sqlite3.ErrCantOpen, sqlite3.ErrCorrupt, sqlite3.ErrProtocol:
			return true
		}
		return false
	}
	switch c := pgCode(err); {
	case c == "":
		return isConnection(err)
	case c == "55P03" || mayRunAgain(err): // a row lock held too long; gave way too often
		return true
	default:
		return c[:2] == "08" || c[:2] == "53" || c[:2] == "57" || c[:2] == "58"
	}
}

func pgCode(err error) string {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}
