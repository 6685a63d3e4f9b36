package store

import (
	"context"
	"database/sql"

	"gongbang/survey"
)

const (
	sqlSaveNote = `INSERT INTO survey_note (id, center_id, case_id, ko, en, published_at, published_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlNote     = `SELECT id, center_id, case_id, ko, en, published_at, published_by FROM survey_note WHERE id = $1`
	sqlNotes    = `SELECT id, center_id, case_id, ko, en, published_at, published_by FROM survey_note
		WHERE center_id = $1 AND withdrawn_at IS NULL ORDER BY published_at DESC, id LIMIT $2`
	sqlWithdrawNote = `UPDATE survey_note SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL`
)

// SaveNote stores a note of what changed.
func (t surveyTx) SaveNote(ctx context.Context, n survey.Note) error {
	_, err := t.Exec(ctx, sqlSaveNote, n.ID, n.Center, n.Case, n.Text.Ko, n.Text.En, ms(n.At), n.By)
	return err
}

// Note reads one, withdrawn or not.
func (t surveyTx) Note(ctx context.Context, id string) (survey.Note, error) {
	n, err := scanNote(t.QueryRow(ctx, sqlNote, id))
	return n, missing(err)
}

// Notes lists a center's board, newest first.
func (t surveyTx) Notes(ctx context.Context, center string, limit int) ([]survey.Note, error) {
	rows, err := t.Query(ctx, sqlNotes, center, limit)
	return all(rows, err, func(r *sql.Rows) (survey.Note, error) { return scanNote(r) })
}

// WithdrawNote takes one off the board; false when it is off already.
func (t surveyTx) WithdrawNote(ctx context.Context, id string) (bool, error) {
	n, err := t.Exec(ctx, sqlWithdrawNote, ms(t.Now()), id)
	return n == 1, err
}

func scanNote(row interface{ Scan(...any) error }) (n survey.Note, err error) {
	var published int64
	err = row.Scan(&n.ID, &n.Center, &n.Case, &n.Text.Ko, &n.Text.En, &published, &n.By)
	n.At = at(published)
	return n, err
}
