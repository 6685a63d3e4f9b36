package store

import (
	"context"
	"database/sql"

	"gongbang/survey"
)

const (
	sqlStands = `SELECT category, equipment_id, people, kept FROM survey_ground
		WHERE month = $1 AND center_id = $2 AND template = $3 AND version = $4 AND entry = $5
		ORDER BY category, equipment_id LIMIT 10000`
	sqlSaveStand = `INSERT INTO survey_ground (month, center_id, template, version, entry, category, equipment_id, people, kept)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (month, center_id, template, version, entry, category, equipment_id)
		DO UPDATE SET people = excluded.people, kept = excluded.kept`
	sqlSomeResponses = `SELECT id FROM survey_response WHERE month = $1 AND center_id = $2
		ORDER BY CASE WHEN id >= $3 THEN 0 ELSE 1 END, id LIMIT $4`
	// A row that is changed in place stays on its page on PostgreSQL, near those it came with.
	sqlCopy = `INSERT INTO survey_response (id, center_id, month, category, equipment_id, template, version, answers, entry, tags)
		SELECT CAST($1 AS TEXT), center_id, month, category, equipment_id, template, version, answers, entry, tags
		FROM survey_response WHERE id = $2`
	sqlCopied     = `DELETE FROM survey_response WHERE id = $1`
	sqlRenameLink = `UPDATE survey_link SET response_id = $1 WHERE response_id = $2`
	sqlTouchTally = `UPDATE survey_tally SET n = n WHERE month = $1 AND center_id = $2`
)

// Stands lists what stands on a ground.
func (t surveyTx) Stands(ctx context.Context, g survey.Ground) ([]survey.Stand, error) {
	rows, err := t.Query(ctx, sqlStands, g.Month, g.Center, g.Template, g.Version, string(g.Entry))
	return all(rows, err, func(r *sql.Rows) (s survey.Stand, err error) {
		return s, r.Scan(&s.Category, &s.Equipment, &s.People, &s.Kept)
	})
}

// SaveStands replaces what stands on a ground, in the order given.
func (t surveyTx) SaveStands(ctx context.Context, g survey.Ground, list []survey.Stand) error {
	for _, s := range list {
		if _, err := t.Exec(ctx, sqlSaveStand, g.Month, g.Center, g.Template, g.Version, string(g.Entry),
			s.Category, s.Equipment, s.People, s.Kept); err != nil {
			return err
		}
	}
	return nil
}

// SomeResponses lists ids of a center's month, from a random one on.
func (t surveyTx) SomeResponses(ctx context.Context, month, center, from string, limit int) ([]string, error) {
	rows, err := t.Query(ctx, sqlSomeResponses, month, center, from, limit)
	return all(rows, err, scanText)
}

// Mix renames responses. PostgreSQL shows which transaction wrote a row, so
// the counts they went into are written again too.
func (t surveyTx) Mix(ctx context.Context, month, center string, names [][2]string) error {
	for _, n := range names {
		if _, err := t.Exec(ctx, sqlCopy, n[1], n[0]); err != nil {
			return err
		}
		if _, err := t.Exec(ctx, sqlCopied, n[0]); err != nil {
			return err
		}
		if _, err := t.Exec(ctx, sqlRenameLink, n[1], n[0]); err != nil {
			return err
		}
	}
	return t.touch(ctx, month, center)
}
