package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"gongbang/survey"
)

const (
	sqlTallied = `INSERT INTO survey_tally (month, center_id, series, dim, key, parent, question, value, n, held)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)
		ON CONFLICT (month, center_id, series, dim, key, parent, question, value) DO UPDATE SET held = survey_tally.held + excluded.held`
	sqlSettle = `UPDATE survey_tally SET n = n + held, held = 0 WHERE month = $1 AND center_id = $2 AND series = $3 AND held > 0`
	sqlHeld   = `SELECT month, center_id, series, dim, key, parent, question, value, n, held FROM survey_tally
		WHERE month = $1 AND center_id = $2 AND series = $3 AND held > 0
		ORDER BY month, center_id, series, dim, key, parent, question, value LIMIT 100000`
	sqlUnhold    = `UPDATE survey_tally SET held = 0 WHERE month = $1 AND center_id = $2 AND series = $3 AND held > 0`
	sqlAnswering = `SELECT DISTINCT month, center_id, series FROM survey_tally
		WHERE month >= $1 AND month <= $2 AND dim = '' AND question = '' AND n + held > 0
		ORDER BY month, center_id, series LIMIT 100000`
	sqlTallies = `SELECT month, center_id, series, dim, key, parent, question, value, n, held FROM survey_tally
		WHERE center_id = $1 AND month >= $2 AND month <= $3 LIMIT 1000000`
	sqlLead = `SELECT month, center_id, series, dim, key, parent, question, value, n, held FROM survey_tally
		WHERE month = $1 AND center_id = $2 AND series = $3 AND dim = '' AND question = 'overall' LIMIT 100`
	sqlPublish = `INSERT INTO survey_published (month, center_id, series, counts) VALUES ($1, $2, $3, $4)
		ON CONFLICT (month, center_id, series) DO UPDATE SET counts = excluded.counts`
	sqlShown = `SELECT month, center_id, series, counts FROM survey_published WHERE month = $1 AND center_id = $2 AND series = $3 LIMIT 1`
	// Series of one template begin with its key; which of them are meant is told
	// apart by whoever asks.
	sqlPublishedCounts = `SELECT month, center_id, series, counts FROM survey_published
		WHERE month >= $1 AND month <= $2 AND (CAST($3 AS TEXT) = '' OR center_id = $3) AND series LIKE CAST($4 AS TEXT) || '%'
		ORDER BY month, center_id, series LIMIT 20000`
)

// Tallied adds what the rows hold, in the order given.
func (t surveyTx) Tallied(ctx context.Context, rows []survey.TallyRow) error {
	for _, r := range rows {
		if _, err := t.Exec(ctx, sqlTallied, r.Month, r.Center, r.Series, string(r.Dim), r.Key, r.Parent, r.Question, r.Value, r.Held); err != nil {
			return err
		}
	}
	return nil
}

// Settle counts what is held.
func (t surveyTx) Settle(ctx context.Context, at survey.SeriesAt) error {
	if _, err := t.Exec(ctx, sqlSettle, at.Month, at.Center, at.Series); err != nil {
		return err
	}
	return t.touch(ctx, at.Month, at.Center)
}

// touch writes all counts of a center's month again: PostgreSQL shows which
// transaction wrote a row, and so which counts moved together.
func (t surveyTx) touch(ctx context.Context, month, center string) error {
	if t.db.dialect == sqlite {
		return nil
	}
	_, err := t.Exec(ctx, sqlTouchTally, month, center)
	return err
}

// Carry moves what is held to another month.
func (t surveyTx) Carry(ctx context.Context, at survey.SeriesAt, to string) error {
	rows, err := t.Query(ctx, sqlHeld, at.Month, at.Center, at.Series)
	held, err := all(rows, err, scanTally)
	if err != nil {
		return err
	}
	if _, err := t.Exec(ctx, sqlUnhold, at.Month, at.Center, at.Series); err != nil {
		return err
	}
	for i := range held {
		held[i].Month = to
	}
	if err := t.Tallied(ctx, held); err != nil {
		return err
	}
	return errors.Join(t.touch(ctx, at.Month, at.Center), t.touch(ctx, to, at.Center))
}

// Answering lists series with answers.
func (t surveyTx) Answering(ctx context.Context, from, to string) ([]survey.SeriesAt, error) {
	rows, err := t.Query(ctx, sqlAnswering, from, to)
	return all(rows, err, func(r *sql.Rows) (a survey.SeriesAt, err error) { return a, r.Scan(&a.Month, &a.Center, &a.Series) })
}

// Tallies reads all counts of one center.
func (t surveyTx) Tallies(ctx context.Context, q survey.TallyQuery) ([]survey.TallyRow, error) {
	rows, err := t.Query(ctx, sqlTallies, q.Center, q.From, q.To)
	return all(rows, err, scanTally)
}

// Lead reads the counts of the first question.
func (t surveyTx) Lead(ctx context.Context, at survey.SeriesAt) ([]survey.TallyRow, error) {
	rows, err := t.Query(ctx, sqlLead, at.Month, at.Center, at.Series)
	return all(rows, err, scanTally)
}

func scanTally(r *sql.Rows) (v survey.TallyRow, err error) {
	return v, r.Scan(&v.Month, &v.Center, &v.Series, &v.Dim, &v.Key, &v.Parent, &v.Question, &v.Value, &v.N, &v.Held)
}

// Publish stores what is shown of an open month.
func (t surveyTx) Publish(ctx context.Context, p survey.Published) error {
	counts, err := json.Marshal(p.Counts)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, sqlPublish, p.Month, p.Center, p.Series, string(counts))
	return err
}

// Shown is what is published of an open month.
func (t surveyTx) Shown(ctx context.Context, at survey.SeriesAt) (survey.Published, error) {
	rows, err := t.Query(ctx, sqlShown, at.Month, at.Center, at.Series)
	list, err := all(rows, err, scanPublished)
	if err != nil || len(list) == 0 {
		return survey.Published{Month: at.Month, Center: at.Center, Series: at.Series}, err
	}
	return list[0], nil
}
