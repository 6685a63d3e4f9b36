package store

import (
	"context"
	"errors"
	"time"
)

const (
	tidyKeys = `DELETE FROM idempotency WHERE (caller, key) IN
		(SELECT caller, key FROM idempotency WHERE at < $1 ORDER BY at LIMIT $2)`
	anyRows = `SELECT (SELECT COUNT(*) FROM account) + (SELECT COUNT(*) FROM equipment)`

	demoMark = "demo"
	tidyRows = 200
)

// TidyKeys removes idempotency keys from before; it returns how many.
func (db *DB) TidyKeys(ctx context.Context, before time.Time) (int, error) {
	n, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, tidyKeys, ms(before), tidyRows)
	})
	return int(n), err
}

// Demo tells what the database says of itself: the demo's mark ("" for none),
// and whether it holds people or machines.
func (db *DB) Demo(ctx context.Context) (mark string, filled bool, err error) {
	_, err = Read(ctx, db, func(ctx context.Context, tx *Tx) (struct{}, error) {
		var n int64
		if err := tx.QueryRow(ctx, anyRows).Scan(&n); err != nil {
			return struct{}{}, err
		}
		filled = n > 0
		mark, err = tx.meta(ctx, demoMark)
		return struct{}{}, err
	})
	return mark, filled, err
}

// MarkDemo writes that the database holds invented people.
func (db *DB) MarkDemo(ctx context.Context, mark string) error {
	_, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.Exec(ctx, setMeta, demoMark, mark) })
	return err
}

// ServerTime is PostgreSQL's own clock, by which nodes agree on now. It is the
// one place that asks it: transactions get their time from the caller's clock.
func (db *DB) ServerTime(ctx context.Context) (time.Time, error) {
	if db.dialect != postgres {
		return time.Time{}, errors.New("store: SQLite has no clock of its own")
	}
	var now time.Time
	err := db.read.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&now)
	return now, err
}
