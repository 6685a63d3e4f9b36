package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"gongbang/internal/fault"
	"gongbang/survey"
)

const (
	sqlPublishTemplate = `INSERT INTO survey_template (key, version, body, hash, published_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key, version) DO NOTHING`
	sqlTemplate       = `SELECT body FROM survey_template WHERE key = $1 AND version = $2`
	sqlNewestTemplate = `SELECT body FROM survey_template WHERE key = $1 ORDER BY version DESC LIMIT 1`
	sqlTemplateHash   = `SELECT hash FROM survey_template WHERE key = $1 AND version = $2`
	sqlEditions       = `SELECT body, published_at FROM survey_template WHERE key = $1 ORDER BY version DESC LIMIT $2`
	sqlNewestEditions = `SELECT t.body, t.published_at FROM survey_template t WHERE NOT EXISTS
		(SELECT 1 FROM survey_template n WHERE n.key = t.key AND n.version > t.version) ORDER BY t.key LIMIT $1`

	sqlDraft       = `SELECT body, revision, changed_at FROM survey_draft WHERE key = $1`
	sqlDrafts      = `SELECT body, revision, changed_at FROM survey_draft ORDER BY key LIMIT $1`
	sqlInsertDraft = `INSERT INTO survey_draft (key, version, revision, body, changed_at) VALUES ($1, $2, 1, $3, $4)
		ON CONFLICT (key) DO NOTHING`
	sqlChangeDraft = `UPDATE survey_draft SET revision = revision + 1, body = $1, changed_at = $2 WHERE key = $3 AND revision = $4`
	sqlBrought     = `SELECT COUNT(*) FROM survey_brought WHERE key = $1 AND text = $2`
	sqlNoteBrought = `INSERT INTO survey_brought (key, text) VALUES ($1, $2) ON CONFLICT (key, text) DO NOTHING`
	sqlDropDraft   = `DELETE FROM survey_draft WHERE key = $1 AND revision = $2`
)

// PublishTemplate stores a version once and reports what is stored.
func (t surveyTx) PublishTemplate(ctx context.Context, v *survey.Template) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	if _, err := t.Exec(ctx, sqlPublishTemplate, v.Key, v.Version, string(body), v.Hash(), ms(t.Now())); err != nil {
		return "", err
	}
	var hash string
	err = t.QueryRow(ctx, sqlTemplateHash, v.Key, v.Version).Scan(&hash)
	return hash, err
}

// Template reads a published version.
func (t surveyTx) Template(ctx context.Context, key string, version int) (*survey.Template, error) {
	return readTemplate(t.QueryRow(ctx, sqlTemplate, key, version))
}

// Newest reads the version that is asked now.
func (t surveyTx) Newest(ctx context.Context, key string) (*survey.Template, error) {
	return readTemplate(t.QueryRow(ctx, sqlNewestTemplate, key))
}

func readTemplate(row *sql.Row) (*survey.Template, error) {
	var body string
	if err := row.Scan(&body); err != nil {
		return nil, missing(err)
	}
	return survey.ReadTemplate([]byte(body))
}

// Editions lists versions of a key, or the newest of each.
func (t surveyTx) Editions(ctx context.Context, key string, limit int) ([]survey.Edition, error) {
	query, args := sqlEditions, []any{key, limit}
	if key == "" {
		query, args = sqlNewestEditions, []any{limit}
	}
	rows, err := t.Query(ctx, query, args...)
	return all(rows, err, func(r *sql.Rows) (e survey.Edition, err error) {
		var body string
		var published int64
		if err = r.Scan(&body, &published); err != nil {
			return e, err
		}
		v, err := survey.ReadTemplate([]byte(body))
		if err == nil {
			e.Template, e.At = *v, at(published)
		}
		return e, err
	})
}

// Draft reads the draft of a key. On PostgreSQL who writes it waits for others.
func (t surveyTx) Draft(ctx context.Context, key string) (*survey.Draft, error) {
	d, err := scanDraft(t.QueryRow(ctx, t.forUpdate(sqlDraft), key))
	if err != nil {
		return nil, missing(err)
	}
	return d, nil
}

// Drafts lists what is being made.
func (t surveyTx) Drafts(ctx context.Context, limit int) ([]*survey.Draft, error) {
	rows, err := t.Query(ctx, sqlDrafts, limit)
	return all(rows, err, func(r *sql.Rows) (*survey.Draft, error) { return scanDraft(r) })
}

func scanDraft(row interface{ Scan(...any) error }) (*survey.Draft, error) {
	var body string
	var d survey.Draft
	var changed int64
	if err := row.Scan(&body, &d.Revision, &changed); err != nil {
		return nil, err
	}
	v, err := survey.ReadTemplate([]byte(body))
	if err != nil {
		return nil, err
	}
	d.Template, d.At = *v, at(changed)
	return &d, nil
}

// SaveDraft writes a draft if its revision still is that one; 0 inserts.
func (t surveyTx) SaveDraft(ctx context.Context, d *survey.Draft, was int) error {
	body, err := json.Marshal(&d.Template)
	if err != nil {
		return err
	}
	if was == 0 {
		return once(t.Exec(ctx, sqlInsertDraft, d.Key, d.Version, string(body), ms(t.Now())))
	}
	return once(t.Exec(ctx, sqlChangeDraft, string(body), ms(t.Now()), d.Key, was))
}

// DropDraft deletes a draft if its revision still is that one.
func (t surveyTx) DropDraft(ctx context.Context, key string, revision int) error {
	return once(t.Exec(ctx, sqlDropDraft, key, revision))
}

// once is fault.ErrStale where not one row was written.
func once(n int64, err error) error {
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	return err
}

// Repeated claims an idempotency key, or finds who did before.
func (t surveyTx) Repeated(ctx context.Context, k survey.Key, subject string) (*survey.Replay, error) {
	body, was, replay, err := t.ClaimKey(ctx, k.Caller, k.Value, k.Body, subject, keepKeys)
	if err != nil || !replay {
		return nil, err
	}
	return &survey.Replay{Body: body, Subject: was}, nil
}

// Brought tells whether a text came with the program before.
func (t surveyTx) Brought(ctx context.Context, key, text string) (bool, error) {
	var n int
	err := t.QueryRow(ctx, sqlBrought, key, text).Scan(&n)
	return n > 0, err
}

// NoteBrought remembers that it came.
func (t surveyTx) NoteBrought(ctx context.Context, key, text string) error {
	_, err := t.Exec(ctx, sqlNoteBrought, key, text)
	return err
}
