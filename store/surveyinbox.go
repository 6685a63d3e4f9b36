package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"gongbang/survey"
)

const (
	sqlAnswered = `INSERT INTO survey_answered (invitation_id) VALUES ($1) ON CONFLICT (invitation_id) DO NOTHING`
	// Writing the row even when nothing changes makes answers and a flush of the
	// same center wait for each other on PostgreSQL: no answer is left without a due time.
	sqlAwait = `INSERT INTO survey_center (center_id, due_at) VALUES ($1, $2)
		ON CONFLICT (center_id) DO UPDATE SET due_at = COALESCE(survey_center.due_at, excluded.due_at)`
	sqlPut = `INSERT INTO survey_inbox (id, center_id, month, category, equipment_id, template, version, answers,
		trait_hour, trait_wait, trait_no_show, entry, account_id, day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	sqlInboxDue = `SELECT due_at FROM survey_center WHERE center_id = $1`
	sqlWaited   = `SELECT id, center_id, month, category, equipment_id, template, version, answers,
		trait_hour, trait_wait, trait_no_show, entry, account_id, day FROM survey_inbox WHERE center_id = $1 ORDER BY id LIMIT $2`
	sqlWaiting = `SELECT c.center_id, COALESCE(c.due_at, 0), COUNT(*) FROM survey_center c
		JOIN survey_inbox i ON i.center_id = c.center_id WHERE c.due_at IS NOT NULL
		GROUP BY c.center_id, c.due_at, i.entry ORDER BY c.center_id, i.entry LIMIT 1000`
	sqlAtDoor = `SELECT COALESCE((SELECT SUM(c.n) FROM survey_counter c WHERE c.rule = 'use' AND c.month = $1 AND c.center_id = $2
			AND c.equipment_id = $3 AND c.step = 'eligible'), 0),
		(SELECT COUNT(*) FROM survey_inbox i WHERE i.center_id = $2 AND i.month = $1 AND i.equipment_id = $3 AND i.entry = 'qr'),
		COALESCE((SELECT SUM(g.people) FROM survey_ground g WHERE g.month = $1 AND g.center_id = $2 AND g.equipment_id = $3 AND g.entry = 'qr'), 0)`
	sqlTakeOut = `DELETE FROM survey_inbox WHERE id = $1`
	sqlRespond = `INSERT INTO survey_response (id, center_id, month, category, equipment_id, template, version, answers, entry)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlEmptied = `UPDATE survey_center SET due_at = NULL WHERE center_id = $1`
	sqlPending = `SELECT COUNT(*) FROM (SELECT 1 FROM survey_inbox WHERE month = $1 LIMIT 1) AS one`
)

// Answered marks the one answer of an invitation.
func (t surveyTx) Answered(ctx context.Context, invitation string) (bool, error) {
	n, err := t.Exec(ctx, sqlAnswered, invitation)
	return n == 1, err
}

// Put adds an answer to its center's inbox.
func (t surveyTx) Put(ctx context.Context, a survey.Waited, due time.Time) error {
	body, err := json.Marshal(a.Answers)
	if err != nil {
		return err
	}
	if _, err := t.Exec(ctx, sqlAwait, a.Center, ms(due)); err != nil {
		return err
	}
	_, err = t.Exec(ctx, sqlPut, a.ID, a.Center, a.Month, a.Category, a.Equipment, a.Template, a.Version, string(body),
		a.Traits.Hour, a.Traits.Wait, a.Traits.NoShow, string(a.Entry), a.Account, a.Day)
	return err
}

// LockCenter takes a center's inbox.
func (t surveyTx) LockCenter(ctx context.Context, center string) (time.Time, error) {
	var due sql.NullInt64
	err := t.QueryRow(ctx, t.forUpdate(sqlInboxDue), center).Scan(&due)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return instant(due), err
}

// Waited lists what waits at a center.
func (t surveyTx) Waited(ctx context.Context, center string, limit int) ([]survey.Waited, error) {
	rows, err := t.Query(ctx, sqlWaited, center, limit)
	return all(rows, err, func(r *sql.Rows) (survey.Waited, error) {
		var w survey.Waited
		var body string
		if err := r.Scan(&w.ID, &w.Center, &w.Month, &w.Category, &w.Equipment, &w.Template, &w.Version, &body,
			&w.Traits.Hour, &w.Traits.Wait, &w.Traits.NoShow, &w.Entry, &w.Account, &w.Day); err != nil {
			return w, err
		}
		var err error
		w.Answers, err = survey.ReadAnswers([]byte(body))
		return w, err
	})
}

// AtDoor counts a machine's uses and the answers by its code.
func (t surveyTx) AtDoor(ctx context.Context, month, center, equipment string) (uses, answers int, err error) {
	var waiting, moved int
	err = t.QueryRow(ctx, sqlAtDoor, month, center, equipment).Scan(&uses, &waiting, &moved)
	return uses, waiting + moved, err
}

// Waiting lists centers with something in the inbox.
func (t surveyTx) Waiting(ctx context.Context) ([]survey.Waiting, error) {
	rows, err := t.Query(ctx, sqlWaiting)
	return all(rows, err, func(r *sql.Rows) (survey.Waiting, error) {
		var w survey.Waiting
		var due int64
		err := r.Scan(&w.Center, &due, &w.Count)
		w.Due = at(due)
		return w, err
	})
}

// Move stores responses and takes their answers out of the inbox.
func (t surveyTx) Move(ctx context.Context, center string, from []survey.Waited, to []survey.Response, emptied bool) error {
	for _, r := range to {
		body, err := json.Marshal(r.Answers)
		if err != nil {
			return err
		}
		if _, err := t.Exec(ctx, sqlRespond, r.ID, r.Center, r.Month, r.Category, r.Equipment, r.Template,
			r.Version, string(body), string(r.Entry)); err != nil {
			return err
		}
	}
	for _, w := range from {
		if _, err := t.Exec(ctx, sqlTakeOut, w.ID); err != nil {
			return err
		}
	}
	if !emptied {
		return nil
	}
	_, err := t.Exec(ctx, sqlEmptied, center)
	return err
}

// Pending tells whether answers of the month still wait.
func (t surveyTx) Pending(ctx context.Context, month string) (bool, error) {
	var n int
	err := t.QueryRow(ctx, sqlPending, month).Scan(&n)
	return n > 0, err
}
