package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongbang/scheduler"
)

const countOutbox = `SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL`

const countDead = `SELECT COUNT(*) FROM outbox WHERE dead_at IS NOT NULL`

// Stats tells how much waits and since when, and how much was given up.
func (o *Outbox) Stats(ctx context.Context) (scheduler.OutboxStats, error) {
	return Read(ctx, o.db, func(ctx context.Context, tx *Tx) (scheduler.OutboxStats, error) {
		var s scheduler.OutboxStats
		var oldest int64
		if err := tx.QueryRow(ctx, countOutbox).Scan(&s.Waiting, &oldest); err != nil {
			return s, err
		}
		if s.Waiting > 0 {
			s.Oldest = at(oldest)
		}
		return s, tx.QueryRow(ctx, countDead).Scan(&s.Dead)
	})
}

const listDead = `SELECT id, kind, key, subject, created_at, dead_at, tries, COALESCE(last_error, '')
	FROM outbox WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC LIMIT $1`

// Dead lists what was given up, newest first.
func (o *Outbox) Dead(ctx context.Context, limit int) ([]scheduler.DeadLetter, error) {
	return Read(ctx, o.db, func(ctx context.Context, tx *Tx) ([]scheduler.DeadLetter, error) {
		rows, err := tx.Query(ctx, listDead, limit)
		return all(rows, err, func(r *sql.Rows) (scheduler.DeadLetter, error) {
			var d scheduler.DeadLetter
			var created, died int64
			err := r.Scan(&d.ID, &d.Kind, &d.Key, &d.Subject, &created, &died, &d.Tries, &d.Reason)
			d.Created, d.DiedAt = at(created), at(died)
			return d, err
		})
	})
}

const reviveOutbox = `UPDATE outbox SET dead_at = NULL, tries = 0, due_at = $1 WHERE id = $2 AND dead_at IS NOT NULL`

// Revive gives a dead event another eight tries, after a person put right what was wrong.
func (o *Outbox) Revive(ctx context.Context, id int64) error {
	n, err := Do(ctx, o.db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, reviveOutbox, ms(tx.now), id)
	})
	if err == nil && n == 0 {
		return scheduler.ErrLeaseLost
	}
	return err
}

// tidyBatch is the most rows one closure of a job changes.
const tidyBatch = 200

const tidyOutbox = `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE done_at < $1 LIMIT $2)`

// Tidy removes events that were settled before; with them goes the memory of
// their keys, so before has to lie well behind whatever may be written twice.
func (o *Outbox) Tidy(ctx context.Context, before time.Time) (int, error) {
	return Do(ctx, o.db, func(ctx context.Context, tx *Tx) (int, error) {
		n, err := tx.Exec(ctx, tidyOutbox, ms(before), tidyBatch)
		return int(n), err
	})
}

// found tells whether a query for one number had a row.
func found(row *sql.Row) (bool, error) {
	var one int
	err := row.Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
