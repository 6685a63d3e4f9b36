package store

import (
	"context"
	"database/sql"
	"time"

	"gongbang/survey"
)

const (
	sqlSaveLink = `INSERT INTO survey_link (response_id, account_id, mode, expires_at) VALUES ($1, $2, $3, $4)`
	sqlUnlink   = `DELETE FROM survey_link WHERE response_id IN (SELECT response_id FROM survey_link
		WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
	sqlLinkedTo = `SELECT r.id, r.center_id, r.month, r.template, r.version, r.answers, l.mode, l.expires_at
		FROM survey_link l JOIN survey_response r ON r.id = l.response_id
		WHERE l.account_id = $1 ORDER BY r.month, r.id LIMIT $2`
)

// SaveLink ties a response to a person.
func (t surveyTx) SaveLink(ctx context.Context, l survey.Link) error {
	_, err := t.Exec(ctx, sqlSaveLink, l.Response, l.Account, l.Mode, ms(l.Expires))
	return err
}

// Unlink destroys links that ended.
func (t surveyTx) Unlink(ctx context.Context, by time.Time, limit int) error {
	_, err := t.Exec(ctx, sqlUnlink, ms(by), limit)
	return err
}

// LinkedTo reads the answers that are tied to a person.
func (t surveyTx) LinkedTo(ctx context.Context, account string, limit int) ([]survey.LinkedResponse, error) {
	rows, err := t.Query(ctx, sqlLinkedTo, account, limit)
	return all(rows, err, func(r *sql.Rows) (v survey.LinkedResponse, err error) {
		var body string
		var expires int64
		if err := r.Scan(&v.Response.ID, &v.Response.Center, &v.Response.Month, &v.Response.Template, &v.Response.Version,
			&body, &v.Mode, &expires); err != nil {
			return v, err
		}
		v.Expires = at(expires)
		v.Response.Answers, err = survey.ReadAnswers([]byte(body))
		return v, err
	})
}
