package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/scheduler"
)

// Outbox hands waiting events to the delivery; it is the scheduler's port.
type Outbox struct{ db *DB }

// NewOutbox makes the port over an open database.
func NewOutbox(db *DB) *Outbox { return &Outbox{db} }

// The condition stands outside the subselect too: on PostgreSQL two claims may
// pick the same rows, and the second, after it waited for the first, looks
// again at the outer condition alone.
const claimOutbox = `UPDATE outbox SET lease_until = $1, tries = tries + 1
	WHERE id IN (SELECT id FROM outbox
		WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= $2 AND (lease_until IS NULL OR lease_until <= $3)
		ORDER BY due_at, id LIMIT $4)
	AND done_at IS NULL AND dead_at IS NULL AND (lease_until IS NULL OR lease_until <= $5)
	RETURNING id, kind, key, subject, data, created_at, due_at, tries`

const anyDue = `SELECT 1 FROM outbox
	WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $2) LIMIT 1`

// Claim takes at most limit due events for the length of the lease. An idle
// tick is one read: it does not wait for the writer.
func (o *Outbox) Claim(ctx context.Context, lease time.Duration, limit int) ([]scheduler.Event, error) {
	due, err := Read(ctx, o.db, func(ctx context.Context, tx *Tx) (bool, error) {
		return found(tx.QueryRow(ctx, anyDue, ms(tx.now), ms(tx.now)))
	})
	if err != nil || !due {
		return nil, err
	}
	return Do(ctx, o.db, func(ctx context.Context, tx *Tx) ([]scheduler.Event, error) {
		until := tx.now.Add(lease).Truncate(time.Millisecond)
		rows, err := tx.Query(ctx, claimOutbox, ms(until), ms(tx.now), ms(tx.now), limit, ms(tx.now))
		got, err := all(rows, err, func(r *sql.Rows) (scheduler.Event, error) { return scanEvent(r, until) })
		slices.SortFunc(got, func(a, b scheduler.Event) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
		return got, err
	})
}

func scanEvent(r *sql.Rows, until time.Time) (scheduler.Event, error) {
	e := scheduler.Event{Lease: until}
	var data string
	var created, due int64
	if err := r.Scan(&e.ID, &e.Kind, &e.Key, &e.Subject, &data, &created, &due, &e.Tries); err != nil {
		return e, err
	}
	e.Created, e.Due = at(created), at(due)
	if err := json.Unmarshal([]byte(data), &e.Data); err != nil {
		return e, fmt.Errorf("data of event %d: %w", e.ID, err)
	}
	return e, nil
}

const doneOutbox = `UPDATE outbox SET done_at = $1, lease_until = NULL, last_error = NULL
	WHERE id = $2 AND tries = $3 AND lease_until = $4`

// Done settles an event that had its effect.
func (o *Outbox) Done(ctx context.Context, e scheduler.Event) error {
	return o.settle(ctx, func(ctx context.Context, tx *Tx) (int64, error) { return done(ctx, tx, e) })
}

func done(ctx context.Context, tx *Tx, e scheduler.Event) (int64, error) {
	return tx.Exec(ctx, doneOutbox, ms(tx.now), e.ID, e.Tries, ms(e.Lease))
}

// Split settles an event and writes those it turned into.
func (o *Outbox) Split(ctx context.Context, e scheduler.Event, into []account.Event) error {
	return o.settle(ctx, func(ctx context.Context, tx *Tx) (int64, error) {
		n, err := done(ctx, tx, e)
		if err != nil || n == 0 {
			return n, err
		}
		return n, tx.emit(ctx, into)
	})
}

const retryOutbox = `UPDATE outbox SET due_at = $1, lease_until = NULL, last_error = $2
	WHERE id = $3 AND tries = $4 AND lease_until = $5`

const buryOutbox = `UPDATE outbox SET dead_at = $1, lease_until = NULL, last_error = $2
	WHERE id = $3 AND tries = $4 AND lease_until = $5`

// Fail puts an event back for later, or gives it up.
func (o *Outbox) Fail(ctx context.Context, e scheduler.Event, f scheduler.Failure) error {
	return o.settle(ctx, func(ctx context.Context, tx *Tx) (int64, error) {
		if f.Dead {
			return tx.Exec(ctx, buryOutbox, ms(tx.now), f.Reason, e.ID, e.Tries, ms(e.Lease))
		}
		return tx.Exec(ctx, retryOutbox, ms(tx.now.Add(f.After)), f.Reason, e.ID, e.Tries, ms(e.Lease))
	})
}

const releaseOutbox = `UPDATE outbox SET due_at = $1, lease_until = NULL, tries = tries - 1
	WHERE id = $2 AND tries = $3 AND lease_until = $4`

// Release gives events back untried. Those that were taken over meanwhile are left alone.
func (o *Outbox) Release(ctx context.Context, events []scheduler.Event, after time.Duration) error {
	_, err := Do(ctx, o.db, func(ctx context.Context, tx *Tx) (int, error) {
		for _, e := range events {
			if _, err := tx.Exec(ctx, releaseOutbox, ms(tx.now.Add(after)), e.ID, e.Tries, ms(e.Lease)); err != nil {
				return 0, err
			}
		}
		return len(events), nil
	})
	return err
}

// settle runs one change of one claimed row; no row means that the claim is over.
func (o *Outbox) settle(ctx context.Context, change func(context.Context, *Tx) (int64, error)) error {
	n, err := Do(ctx, o.db, change)
	if err == nil && n == 0 {
		return scheduler.ErrLeaseLost
	}
	return err
}
