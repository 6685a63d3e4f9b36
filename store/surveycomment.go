package store

import (
	"context"
	"database/sql"
	"strings"

	"gongbang/survey"
)

const (
	// A question is a key of the JSON: inside of a text its quotes are escaped.
	sqlComments = `SELECT id, center_id, month, answers, tags FROM survey_response WHERE center_id = $1 AND month = $2
		AND template = 'use-standard' AND entry = '' AND answers LIKE '%"comment":"%' ORDER BY id LIMIT $3`
	sqlComment = `SELECT id, center_id, month, answers, tags FROM survey_response WHERE id = $1
		AND template = 'use-standard' AND entry = '' AND answers LIKE '%"comment":"%'`
	sqlSaveTags = `UPDATE survey_response SET tags = $1 WHERE id = $2`
)

// Comments reads what people wrote, in the order of random ids.
func (t surveyTx) Comments(ctx context.Context, center, month string, limit int) ([]survey.Comment, error) {
	rows, err := t.Query(ctx, sqlComments, center, month, limit)
	return all(rows, err, func(r *sql.Rows) (survey.Comment, error) { return scanComment(r) })
}

// Comment reads one.
func (t surveyTx) Comment(ctx context.Context, id string) (survey.Comment, error) {
	c, err := scanComment(t.QueryRow(ctx, t.forUpdate(sqlComment), id))
	return c, missing(err)
}

func scanComment(row interface{ Scan(...any) error }) (c survey.Comment, err error) {
	var body, tags string
	if err := row.Scan(&c.ID, &c.Center, &c.Month, &body, &tags); err != nil {
		return c, err
	}
	answers, err := survey.ReadAnswers([]byte(body))
	c.Text, _ = answers["comment"].(string)
	c.Tags = strings.Fields(tags)
	return c, err
}

// SaveTags replaces what a comment is marked with.
func (t surveyTx) SaveTags(ctx context.Context, id string, tags []string) error {
	_, err := t.Exec(ctx, sqlSaveTags, strings.Join(tags, " "), id)
	return err
}
