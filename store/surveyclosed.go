package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"gongbang/survey"
)

const (
	sqlFrozen   = `SELECT COUNT(*) FROM survey_month WHERE month = $1`
	sqlEdges    = `SELECT COALESCE((SELECT MAX(month) FROM survey_month), ''), COALESCE((SELECT MIN(month) FROM survey_counter), '')`
	sqlLastHash = `SELECT hash FROM survey_month ORDER BY month DESC LIMIT 1`
	sqlChain    = `SELECT month, closed_at, version, prev, hash FROM survey_month ORDER BY month LIMIT 1200`
	sqlFunnel   = `SELECT funnel FROM survey_month WHERE month = $1`
	sqlFreeze   = `INSERT INTO survey_month (month, closed_at, version, prev, hash, funnel)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (month) DO NOTHING`
	sqlCell = `INSERT INTO survey_cell (period, center_id, series, dim, key, parent, month, first_month, n, questions, months)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlSealedCells = `SELECT period, center_id, series, dim, key, parent, n, questions, months FROM survey_cell
		WHERE month = $1 ORDER BY period, center_id, series, dim, parent, key LIMIT 1000000`
	someCells = `SELECT period, center_id, series, dim, key, parent, n, questions, months FROM survey_cell
		WHERE month >= $1 AND month <= $2 AND first_month >= $1 AND dim = $3 AND series LIKE CAST($4 AS TEXT) || '%'`
	cellOrder  = ` ORDER BY period, center_id, series, parent, key LIMIT 1000000`
	sqlCells   = someCells + ` AND period >= $5 AND period < $6` + cellOrder
	sqlCellsOf = someCells + ` AND center_id = $5` + cellOrder
)

// Frozen tells whether a month is closed.
func (t surveyTx) Frozen(ctx context.Context, month string) (bool, error) {
	var n int
	err := t.QueryRow(ctx, sqlFrozen, month).Scan(&n)
	return n > 0, err
}

// Edges are the newest closed month and the oldest with uses.
func (t surveyTx) Edges(ctx context.Context) (closed, used string, err error) {
	err = t.QueryRow(ctx, sqlEdges).Scan(&closed, &used)
	return closed, used, err
}

// LastHash is the end of the chain.
func (t surveyTx) LastHash(ctx context.Context) (string, error) {
	var hash string
	err := t.QueryRow(ctx, sqlLastHash).Scan(&hash)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return hash, err
}

// Chain lists the closed months.
func (t surveyTx) Chain(ctx context.Context) ([]survey.Frozen, error) {
	rows, err := t.Query(ctx, sqlChain)
	return all(rows, err, func(r *sql.Rows) (survey.Frozen, error) {
		var f survey.Frozen
		var closed int64
		err := r.Scan(&f.Month, &closed, &f.Version, &f.Prev, &f.Hash)
		f.ClosedAt = at(closed)
		return f, err
	})
}

// Sealed reads what was released with a month.
func (t surveyTx) Sealed(ctx context.Context, month string) (string, []survey.Cell, error) {
	var funnel string
	if err := t.QueryRow(ctx, sqlFunnel, month).Scan(&funnel); err != nil {
		return "", nil, missing(err)
	}
	rows, err := t.Query(ctx, sqlSealedCells, month)
	cells, err := all(rows, err, scanCell)
	return funnel, cells, err
}

// Freeze stores a closed month once.
func (t surveyTx) Freeze(ctx context.Context, f survey.Frozen) (bool, error) {
	n, err := t.Exec(ctx, sqlFreeze, f.Month, ms(f.ClosedAt), f.Version, f.Prev, f.Hash, f.Funnel)
	if err != nil || n != 1 {
		return false, err
	}
	for _, c := range f.Cells {
		questions, err := json.Marshal(c.Questions)
		if err != nil {
			return false, err
		}
		months := ""
		if len(c.Months) > 0 {
			b, err := json.Marshal(c.Months)
			if err != nil {
				return false, err
			}
			months = string(b)
		}
		if _, err := t.Exec(ctx, sqlCell, c.Period, c.Center, c.Series, string(c.Dim), c.Key, c.Parent, f.Month,
			c.First(), c.N, string(questions), months); err != nil {
			return false, err
		}
	}
	return true, nil
}

func scanCell(r *sql.Rows) (survey.Cell, error) {
	var c survey.Cell
	var questions, months string
	if err := r.Scan(&c.Period, &c.Center, &c.Series, &c.Dim, &c.Key, &c.Parent, &c.N, &questions, &months); err != nil {
		return c, err
	}
	if months != "" {
		if err := json.Unmarshal([]byte(months), &c.Months); err != nil {
			return c, err
		}
	}
	return c, json.Unmarshal([]byte(questions), &c.Questions)
}
