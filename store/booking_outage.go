package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

const (
	insertOutage = `INSERT INTO outage (id, equipment_id, center_id, unit, starts_at, ends_at, expected_until, kind, reason, version, series, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	updateOutage = `UPDATE outage SET ends_at = $1, expected_until = $2, reason = $3, version = version + 1 WHERE id = $4 AND version = $5`
)

// SaveOutage implements booking.OutageWriter: version 0 is new, any other is changed if it still is that one.
func (t bookingTx) SaveOutage(ctx context.Context, o *booking.Outage) error {
	if o.Version == 0 {
		o.Version = 1
		_, err := t.tx.Exec(ctx, insertOutage, o.ID, o.EquipmentID, o.CenterID, o.Unit, ms(o.From), msPtr(o.To), msPtr(o.ExpectedUntil),
			string(o.Kind), o.Reason, o.Version, o.Series, ms(o.CreatedAt))
		return err
	}
	n, err := t.tx.Exec(ctx, updateOutage, msPtr(o.To), msPtr(o.ExpectedUntil), o.Reason, o.ID, o.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	o.Version++
	return err
}

// DropOutage implements booking.OutageWriter.
func (t bookingTx) DropOutage(ctx context.Context, o *booking.Outage) error {
	n, err := t.tx.Exec(ctx, `DELETE FROM outage WHERE id = $1 AND version = $2`, o.ID, o.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	return err
}

// Outages implements booking.Finder.
func (t bookingTx) Outages(ctx context.Context, q booking.OutageQuery) ([]*booking.Outage, error) {
	var w where
	if q.ID != "" {
		w.and("id = ?", q.ID)
	}
	if q.Series != "" {
		w.and("series = ?", q.Series)
	}
	andIn(&w, "equipment_id", q.Equipment)
	andIn(&w, "center_id", q.Centers)
	if !q.Overlaps.Empty() {
		w.and("starts_at < ?", ms(q.Overlaps.End))
		w.and("(ends_at IS NULL OR ends_at > ?)", ms(q.Overlaps.Start))
	}
	if !q.Overdue.IsZero() {
		w.and("ends_at IS NULL")
		w.and("expected_until <= ?", ms(q.Overdue))
	}
	w.args = append(w.args, q.Limit)
	rows, err := t.tx.Query(ctx, `SELECT id, equipment_id, center_id, unit, starts_at, ends_at, expected_until, kind, reason, version, series, created_at FROM outage`+
		w.String()+" ORDER BY starts_at, id LIMIT $"+strconv.Itoa(len(w.args)), w.args...)
	return all(rows, err, func(r *sql.Rows) (*booking.Outage, error) {
		var o booking.Outage
		var from, created int64
		var to, expected sql.NullInt64
		err := r.Scan(&o.ID, &o.EquipmentID, &o.CenterID, &o.Unit, &from, &to, &expected, &o.Kind, &o.Reason, &o.Version, &o.Series, &created)
		o.From, o.To, o.ExpectedUntil, o.CreatedAt = at(from), atPtr(to), atPtr(expected), at(created)
		return &o, err
	})
}

// Seen implements booking.Writer.
func (t bookingTx) Seen(ctx context.Context, center string) error {
	_, err := t.tx.Exec(ctx, `INSERT INTO desk_seen (center_id, minute) VALUES ($1, $2) ON CONFLICT (center_id, minute) DO NOTHING`,
		center, ms(t.tx.now.Truncate(time.Minute)))
	return err
}

// DeskSeen implements booking.Finder. The times are taken minute by minute;
// each of the whole must have a tick for ticked.
func (t bookingTx) DeskSeen(ctx context.Context, center string, grace, whole booking.Interval) (seen, ticked bool, err error) {
	from, to := ms(whole.Start.Truncate(time.Minute)), ms(whole.End)
	var desk, ticks int64
	err = t.tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM desk_seen WHERE center_id = $1 AND minute >= $2 AND minute < $3),
		(SELECT COUNT(*) FROM tick WHERE minute >= $4 AND minute < $5)`, center, ms(grace.Start.Truncate(time.Minute)), ms(grace.End), from, to).Scan(&desk, &ticks)
	want := (to - from + int64(time.Minute/time.Millisecond) - 1) / int64(time.Minute/time.Millisecond)
	return desk > 0, ticks >= want, err
}

// Ticks implements booking.Finder.
func (t bookingTx) Ticks(ctx context.Context, since time.Time) ([]time.Time, error) {
	rows, err := t.tx.Query(ctx, `SELECT minute FROM tick WHERE minute >= COALESCE((SELECT MAX(minute) FROM tick WHERE minute < $1), 0) ORDER BY minute LIMIT 200`, ms(since))
	return all(rows, err, func(r *sql.Rows) (time.Time, error) {
		var minute int64
		err := r.Scan(&minute)
		return at(minute), err
	})
}

// Unreached implements booking.Finder.
func (t bookingTx) Unreached(ctx context.Context, center string, limit int) ([]string, error) {
	rows, err := t.tx.Query(ctx, `SELECT b.id, MAX(o.id) FROM outbox o JOIN booking b ON b.id = o.subject
		WHERE o.dead_at IS NOT NULL AND b.center_id = $1 AND b.ends_at > $2 GROUP BY b.id ORDER BY 2 DESC LIMIT $3`, center, ms(t.tx.now), limit)
	return all(rows, err, func(r *sql.Rows) (string, error) {
		var id string
		var last int64
		return id, r.Scan(&id, &last)
	})
}
