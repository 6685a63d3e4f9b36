package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"gongbang/survey"
)

const (
	sqlSaveLink = `INSERT INTO survey_link (response_id, account_id, mode, expires_at, id, day, equipment_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlUnlink = `DELETE FROM survey_link WHERE response_id IN (SELECT response_id FROM survey_link
		WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)`
	sqlLinkedTo = `SELECT r.id, r.center_id, r.month, r.template, r.version, r.answers, l.mode, l.expires_at
		FROM survey_link l JOIN survey_response r ON r.id = l.response_id
		WHERE l.account_id = $1 AND l.expires_at > $2 ORDER BY r.month, r.id LIMIT $3`
	namedColumns = `l.id, l.account_id, l.day, l.equipment_id, l.expires_at, r.center_id, r.template, r.version, r.answers
		FROM survey_link l JOIN survey_response r ON r.id = l.response_id`
	sqlNamedOne    = `SELECT ` + namedColumns + ` WHERE l.id = $1 AND l.id <> '' AND l.expires_at > $2`
	sqlUnname      = `DELETE FROM survey_link WHERE account_id = $1 AND mode = 'identified'`
	sqlUnnameInbox = `UPDATE survey_inbox SET account_id = '', day = '' WHERE account_id = $1 AND entry = 'named'`
)

// SaveLink ties a response to a person.
func (t surveyTx) SaveLink(ctx context.Context, l survey.Link) error {
	_, err := t.Exec(ctx, sqlSaveLink, l.Response, l.Account, l.Mode, ms(l.Expires), l.ID, l.Day, l.Equipment)
	return err
}

// Unlink destroys links that ended.
func (t surveyTx) Unlink(ctx context.Context, by time.Time, limit int) error {
	_, err := t.Exec(ctx, sqlUnlink, ms(by), limit)
	return err
}

// LinkedTo reads the answers that are tied to a person.
func (t surveyTx) LinkedTo(ctx context.Context, account string, limit int) ([]survey.LinkedResponse, error) {
	rows, err := t.Query(ctx, sqlLinkedTo, account, ms(t.Now()), limit)
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

// Named lists answers whose writer chose to give their name.
func (t surveyTx) Named(ctx context.Context, q survey.NamedQuery) ([]survey.NamedResponse, error) {
	var w where
	w.and("l.id <> ''")
	w.and("l.expires_at > ?", ms(t.Now()))
	if !inCenters(&w, q.Centers) {
		return nil, nil
	}
	if q.After != "" {
		w.and("(l.day, l.id) < (SELECT a.day, a.id FROM survey_link a WHERE a.id = ?)", q.After)
	}
	w.args = append(w.args, q.Limit)
	rows, err := t.Query(ctx, `SELECT `+namedColumns+w.String()+` ORDER BY l.day DESC, l.id DESC LIMIT $`+strconv.Itoa(len(w.args)), w.args...)
	return all(rows, err, func(r *sql.Rows) (survey.NamedResponse, error) { return scanNamed(r) })
}

// NamedOne reads one of them.
func (t surveyTx) NamedOne(ctx context.Context, id string) (survey.NamedResponse, error) {
	n, err := scanNamed(t.QueryRow(ctx, sqlNamedOne, id, ms(t.Now())))
	return n, missing(err)
}

func scanNamed(row interface{ Scan(...any) error }) (n survey.NamedResponse, err error) {
	var body string
	var expires int64
	r := &n.Response
	if err := row.Scan(&n.ID, &n.Account, &n.Day, &n.Equipment, &expires, &r.Center, &r.Template, &r.Version, &body); err != nil {
		return n, err
	}
	n.Expires = at(expires)
	r.Answers, err = survey.ReadAnswers([]byte(body))
	return n, err
}

// Unname destroys the links that a person chose, moved or not yet.
func (t surveyTx) Unname(ctx context.Context, account string) (int, error) {
	links, err := t.Exec(ctx, sqlUnname, account)
	if err != nil {
		return 0, err
	}
	waiting, err := t.Exec(ctx, sqlUnnameInbox, account)
	return int(links + waiting), err
}
