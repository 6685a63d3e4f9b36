package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tx is one transaction, on either database. It is valid inside its closure
// only and is used by one goroutine.
type Tx struct {
	db  *DB
	q   querier
	now time.Time
	// base is set in a transaction that writes. Statements run under it and
	// not under the caller's context: after a cancel go-sqlite3 would let the
	// next statement run outside the transaction.
	base context.Context
	// alive asks the driver whether the transaction still exists; nil where
	// the database itself refuses statements after it ended.
	alive  func() bool
	failed error       // the first error of a statement; ends the closure
	open   []*sql.Rows // closed at the end whatever the closure did
}

type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// errLost is told when SQLite dropped the whole transaction by itself.
var errLost = errors.New("store: the transaction is gone")

// Now is the time of the transaction: UTC, whole milliseconds, the same at every call.
func (tx *Tx) Now() time.Time { return tx.now }

// Exec runs a statement and tells how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := tx.before(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := tx.q.ExecContext(ctx, tx.db.dialect.steady(query), args...)
	if err != nil {
		return 0, tx.fail(err)
	}
	n, err := res.RowsAffected()
	return n, tx.fail(err)
}

// Query runs a statement that answers with rows. They must be closed before
// the next statement: a writer on SQLite has one connection.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := tx.before(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := tx.q.QueryContext(ctx, tx.db.dialect.steady(query), args...)
	if err != nil {
		return nil, tx.fail(err)
	}
	tx.open = append(tx.open, rows)
	return rows, nil
}

// QueryRow runs a statement that answers with at most one row; Scan tells
// sql.ErrNoRows when there is none. Scan must be called.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	ctx, err := tx.before(ctx, query)
	if err != nil {
		return refused.QueryRowContext(ctx, query)
	}
	row := tx.q.QueryRowContext(ctx, tx.db.dialect.steady(query), args...)
	_ = tx.fail(row.Err())
	return row
}

// before is the gate of every statement: none runs after a failed one, and
// none outside the transaction.
func (tx *Tx) before(ctx context.Context, query string) (context.Context, error) {
	if tx.base != nil {
		ctx = tx.base
	}
	if tx.failed != nil {
		return ctx, fmt.Errorf("store: a statement of this transaction failed before: %w", tx.failed)
	}
	if tx.alive != nil && !tx.alive() {
		return ctx, tx.fail(errLost)
	}
	if tx.db.o.Count != nil {
		tx.db.o.Count(query)
	}
	return ctx, nil
}

func (tx *Tx) fail(err error) error {
	if err == nil {
		return nil
	}
	if tx.failed == nil && tx.base != nil {
		tx.failed = err
		if tx.alive != nil && !tx.alive() {
			tx.failed = fmt.Errorf("%w: %w", errLost, err)
		}
	}
	return err
}

func (tx *Tx) closeRows() {
	for _, r := range tx.open {
		_ = r.Close()
	}
	tx.open = nil
}

// refused is a closed pool: database/sql has no other way to make a *sql.Row
// that only carries an error.
var refused = func() *sql.DB {
	db := sql.OpenDB(noConnector{})
	_ = db.Close()
	return db
}()
