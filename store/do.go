package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	"gongbang/internal/fault"
)

type insideKey struct{}

// errNested is a programming mistake: on SQLite the inner closure would wait
// for the outer one for ever.
var errNested = errors.New("store: Do or Read inside a closure of Do")

// Do runs fn in one transaction that writes and answers after its commit is
// durable; an error of fn rolls all of it back. fn may run more than once and
// must assign to nothing outside itself. Once fn began, the end of ctx no
// longer stops it. fault.ErrUnavailable means that the outcome is unknown or
// that nothing was done; the same idempotency key settles it.
func Do[T any](ctx context.Context, db *DB, fn func(context.Context, *Tx) (T, error)) (T, error) {
	var out, zero T
	err := db.do(ctx, func(ctx context.Context, tx *Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		return zero, err
	}
	return out, nil
}

// Read runs fn on one consistent snapshot that it can't change. It ends after
// Options.ReadLimit.
func Read[T any](ctx context.Context, db *DB, fn func(context.Context, *Tx) (T, error)) (T, error) {
	var out, zero T
	err := db.snapshot(ctx, func(ctx context.Context, tx *Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		return zero, err
	}
	return out, nil
}

type closure func(context.Context, *Tx) error

func (db *DB) do(ctx context.Context, fn closure) error {
	switch {
	case ctx.Value(insideKey{}) != nil:
		return errNested
	case ctx.Err() != nil:
		return left(ctx)
	case db.dialect == sqlite:
		return db.writer.do(ctx, fn)
	}
	return db.doPostgres(ctx, fn)
}

func (db *DB) snapshot(ctx context.Context, fn closure) error {
	if ctx.Value(insideKey{}) != nil {
		return errNested
	}
	ctx, cancel := context.WithTimeout(ctx, db.o.ReadLimit)
	defer cancel()
	q, end, err := db.beginRead(ctx)
	if err != nil {
		return unavailable(err)
	}
	tx := &Tx{db: db, q: q, now: db.now()}
	defer func() {
		tx.closeRows()
		end()
	}()
	err = fn(ctx, tx)
	if err == nil {
		return nil
	}
	if _, ok := fault.As(err); !ok && (isOutage(err) || ctx.Err() != nil || errors.Is(err, sql.ErrTxDone)) {
		return unavailable(err)
	}
	return err
}

// beginRead begins a snapshot; end ends it. Nothing is written, so both
// databases roll back.
func (db *DB) beginRead(ctx context.Context) (q querier, end func(), err error) {
	if db.readers != nil {
		c, err := db.readers.take(ctx)
		if err != nil {
			return nil, nil, err
		}
		return c.conn, func() { db.readers.give(c) }, nil
	}
	t, err := db.read.BeginTx(ctx, db.dialect.readOptions())
	if err != nil {
		return nil, nil, err
	}
	return t, func() { _ = t.Rollback() }, nil
}

// call runs one closure; a panic becomes its error.
func call(ctx context.Context, tx *Tx, fn closure) (err error) {
	defer tx.closeRows()
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "internal").
				Because(fmt.Errorf("panic in a closure: %v\n%s", p, debug.Stack()))
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	return tx.failed // on PostgreSQL a failed statement would turn COMMIT into ROLLBACK
}

// told is the error a caller sees for the error of its closure.
func (tx *Tx) told(err error) error {
	if _, ok := fault.As(err); ok || err == nil {
		return err
	}
	if isOutage(err) || tx.failed != nil && isOutage(tx.failed) {
		return unavailable(err)
	}
	return err
}

// left is told when the caller's context ended before its closure began.
func left(ctx context.Context) error { return fault.ErrUnavailable.Because(context.Cause(ctx)) }

func unavailable(err error) error {
	f := fault.ErrUnavailable.Because(err)
	f.RetryAfter = 1
	return f
}

// inside marks the context of a closure, so that a nested call is refused.
func inside(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), insideKey{}, true)
}
