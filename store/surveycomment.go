package store

import (
	"context"
	"database/sql"
	"strings"

	"gongbang/survey"
)

const (
	// A question is a key of the JSON: inside of a text its quotes are escaped.
	sqlComments = `SELECT id, center_id, month, template, entry, answers, tags FROM survey_response WHERE center_id = $1 AND month = $2
		AND template = $3 AND entry = $4 AND answers LIKE '%"comment":"%' ORDER BY id LIMIT $5`
	sqlComment = `SELECT id, center_id, month, template, entry, answers, tags FROM survey_response WHERE id = $1
		AND (template = 'use-standard' AND entry = '' OR template = 'use-short' AND entry IN ('qr', 'counter'))
		AND answers LIKE '%"comment":"%'`
	sqlSaveTags = `UPDATE survey_response SET tags = $1 WHERE id = $2`
)

// Comments reads what people wrote to a questionnaire about a center's month,
// in the order of random ids.
func (t surveyTx) Comments(ctx context.Context, source, center, month string, limit int) ([]survey.Comment, error) {
	key, entry, _ := strings.Cut(source, "@")
	rows, err := t.Query(ctx, sqlComments, center, month, key, entry, limit)
	return all(rows, err, func(r *sql.Rows) (survey.Comment, error) { return scanComment(r) })
}

// Comment reads one.
func (t surveyTx) Comment(ctx context.Context, id string) (survey.Comment, error) {
	c, err := scanComment(t.QueryRow(ctx, t.forUpdate(sqlComment), id))
	return c, missing(err)
}

func scanComment(row interface{ Scan(...any) error }) (c survey.Comment, err error) {
	var entry, body, tags string
	if err := row.Scan(&c.ID, &c.Center, &c.Month, &c.Source, &entry, &body, &tags); err != nil {
		return c, err
	}
	if entry != "" {
		c.Source += "@" + entry
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
