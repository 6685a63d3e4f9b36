package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// Surveys is survey.Store on either database.
type Surveys struct{ db *DB }

// NewSurveys makes the survey's store.
func NewSurveys(db *DB) *Surveys { return &Surveys{db} }

var _ survey.Store = (*Surveys)(nil)

// Do runs fn in one transaction that writes.
func (s *Surveys) Do(ctx context.Context, fn func(context.Context, survey.Tx) (any, error)) (any, error) {
	return Do(ctx, s.db, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, surveyTx{tx}) })
}

// Read runs fn on one snapshot.
func (s *Surveys) Read(ctx context.Context, fn func(context.Context, survey.Reader) error) error {
	_, err := Read(ctx, s.db, func(ctx context.Context, tx *Tx) (struct{}, error) {
		return struct{}{}, fn(ctx, surveyTx{tx})
	})
	return err
}

type surveyTx struct{ *Tx }

// Trace writes the audit entry and the events of a change.
func (t surveyTx) Trace(ctx context.Context, e account.Entry, events ...account.Event) error {
	return t.Record(ctx, e, events...)
}

// SaveConsent replaces the person's answer to the text about surveys.
func (t surveyTx) SaveConsent(ctx context.Context, id string, c account.Consent) error {
	return accountTx(t).SaveConsent(ctx, id, c)
}

// missing turns "no row" into fault.ErrNotFound.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.ErrNotFound
	}
	return err
}

const (
	sqlFirstUse = `INSERT INTO survey_use (booking_id) VALUES ($1) ON CONFLICT (booking_id) DO NOTHING`
	sqlVisit    = `SELECT id, account_id, center_id, equipment_id, category, day, starts_at, ends_at, closed
		FROM survey_visit WHERE account_id = $1 AND equipment_id = $2 AND day = $3 ORDER BY ends_at DESC LIMIT 1`
	sqlSaveVisit = `INSERT INTO survey_visit (id, account_id, center_id, equipment_id, category, day, starts_at, ends_at, closed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, closed = excluded.closed`
	sqlCloseVisit   = `UPDATE survey_visit SET closed = 1 WHERE id = $1`
	sqlForgetVisits = `DELETE FROM survey_visit WHERE id IN (SELECT v.id FROM survey_visit v WHERE v.ends_at < $1
		AND NOT EXISTS (SELECT 1 FROM survey_invitation i WHERE i.visit_id = v.id) ORDER BY v.ends_at LIMIT $2)`
)

// FirstTime remembers a booking.
func (t surveyTx) FirstTime(ctx context.Context, booking string) (bool, error) {
	n, err := t.Exec(ctx, sqlFirstUse, booking)
	return n == 1, err
}

// Visit is the latest visit of that day; nil if none.
func (t surveyTx) Visit(ctx context.Context, account, equipment, day string) (*survey.Visit, error) {
	var v survey.Visit
	var from, to int64
	err := t.QueryRow(ctx, sqlVisit, account, equipment, day).Scan(&v.ID, &v.Account, &v.Center, &v.Equipment,
		&v.Category, &v.Day, &from, &to, &v.Closed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	v.Start, v.End = at(from), at(to)
	return &v, err
}

// SaveVisit writes a visit.
func (t surveyTx) SaveVisit(ctx context.Context, v *survey.Visit) error {
	_, err := t.Exec(ctx, sqlSaveVisit, v.ID, v.Account, v.Center, v.Equipment, v.Category, v.Day,
		ms(v.Start), ms(v.End), flag(v.Closed))
	return err
}

// CloseVisit ends a visit's growth.
func (t surveyTx) CloseVisit(ctx context.Context, id string) error {
	_, err := t.Exec(ctx, sqlCloseVisit, id)
	return err
}

// ForgetVisits drops old visits that no invitation needs.
func (t surveyTx) ForgetVisits(ctx context.Context, before time.Time, limit int) error {
	_, err := t.Exec(ctx, sqlForgetVisits, ms(before), limit)
	return err
}

// flag is a boolean as the databases keep it.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// moment is ms for a time that may be zero, kept as NULL.
func moment(v time.Time) any {
	if v.IsZero() {
		return nil
	}
	return ms(v)
}

// instant is the time of a value that may be NULL, which is zero.
func instant(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return at(v.Int64)
}
