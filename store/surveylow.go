package store

import (
	"context"
	"database/sql"
	"errors"

	"gongbang/internal/fault"
	"gongbang/survey"
)

const (
	sqlLowTold  = `SELECT month, center_id, told, told_at FROM survey_low WHERE month >= $1 AND month <= $2 LIMIT 10000`
	sqlLowNow   = `SELECT told FROM survey_low WHERE month = $1 AND center_id = $2`
	sqlLowFirst = `INSERT INTO survey_low (month, center_id, told, told_at) VALUES ($1, $2, $3, $4) ON CONFLICT (month, center_id) DO NOTHING`
	sqlLowNext  = `UPDATE survey_low SET told = $1, told_at = $2 WHERE month = $3 AND center_id = $4 AND told = $5`
)

// LowTold reads what managers know of the months, by month and center.
func (t surveyTx) LowTold(ctx context.Context, from, to string) (map[[2]string]survey.LowTold, error) {
	rows, err := t.Query(ctx, sqlLowTold, from, to)
	list, err := all(rows, err, func(r *sql.Rows) (survey.LowTold, error) {
		var v survey.LowTold
		var told int64
		err := r.Scan(&v.Month, &v.Center, &v.Told, &told)
		v.At = at(told)
		return v, err
	})
	out := map[[2]string]survey.LowTold{}
	for _, v := range list {
		out[[2]string{v.Month, v.Center}] = v
	}
	return out, err
}

// TellLow notes a new count (0 is where one begins) and tells the one before; fault.ErrStale when
// somebody told as many already.
func (t surveyTx) TellLow(ctx context.Context, v survey.LowTold) (before int, err error) {
	err = t.QueryRow(ctx, sqlLowNow, v.Month, v.Center).Scan(&before)
	var n int64
	switch {
	case errors.Is(err, sql.ErrNoRows):
		n, err = t.Exec(ctx, sqlLowFirst, v.Month, v.Center, v.Told, ms(t.Now()))
	case err == nil && before < v.Told:
		n, err = t.Exec(ctx, sqlLowNext, v.Told, ms(t.Now()), v.Month, v.Center, before)
	}
	if err == nil && n != 1 {
		err = fault.ErrStale
	}
	return before, err
}
