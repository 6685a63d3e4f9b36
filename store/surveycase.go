package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"gongbang/internal/fault"
	"gongbang/survey"
)

const (
	sqlSaveCase = `INSERT INTO survey_case (id, account_id, center_id, equipment_id, month, day, state, comment, due_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'received', $7, $8)`
	caseColumns = `id, account_id, center_id, equipment_id, month, day, state, comment, assignee, due_at, reply, closed_at, closed_by, version`
	sqlCase     = `SELECT ` + caseColumns + ` FROM survey_case WHERE id = $1`
	sqlDueCases = `SELECT ` + caseColumns + ` FROM survey_case WHERE state <> 'answered' AND due_at <= $1 AND told = 0
		AND account_id <> '' ORDER BY due_at LIMIT $2`
	sqlChangeCase = `UPDATE survey_case SET state = $1, assignee = $2, reply = $3, closed_at = $4, closed_by = $5, version = version + 1
		WHERE id = $6 AND version = $7`
	sqlCaseTold = `UPDATE survey_case SET told = 1 WHERE id = $1 AND told = 0`
)

// SaveCase stores a wish for a reply.
func (t surveyTx) SaveCase(ctx context.Context, c survey.Case) error {
	_, err := t.Exec(ctx, sqlSaveCase, c.ID, c.Account, c.Center, c.Equipment, c.Month, c.Day, c.Comment, ms(c.DueAt))
	return err
}

// Case reads one.
func (t surveyTx) Case(ctx context.Context, id string) (*survey.Case, error) {
	c, err := scanCase(t.QueryRow(ctx, sqlCase, id))
	return &c, missing(err)
}

// Cases lists those that have a person, the first due first.
func (t surveyTx) Cases(ctx context.Context, q survey.CaseQuery) ([]survey.Case, error) {
	var w where
	w.and("account_id <> ''")
	if q.Account != "" {
		w.and("account_id = ?", q.Account)
	}
	if !inCenters(&w, q.Centers) {
		return nil, nil
	}
	switch q.State {
	case "":
	case survey.CaseOpen:
		w.and("state <> 'answered'")
	default:
		w.and("state = ?", string(q.State))
	}
	if q.After != "" {
		w.and("(due_at, id) > (SELECT c.due_at, c.id FROM survey_case c WHERE c.id = ?)", q.After)
	}
	w.args = append(w.args, q.Limit)
	rows, err := t.Query(ctx, `SELECT `+caseColumns+` FROM survey_case`+w.String()+` ORDER BY due_at, id LIMIT $`+strconv.Itoa(len(w.args)), w.args...)
	return all(rows, err, func(r *sql.Rows) (survey.Case, error) { return scanCase(r) })
}

// inCenters narrows to centers: nil is all, and false tells that there is none.
func inCenters(w *where, centers []string) bool {
	andIn(w, "center_id", centers)
	return centers == nil || len(centers) > 0
}

// CaseCounts counts what waits.
func (t surveyTx) CaseCounts(ctx context.Context, centers []string) (survey.CaseCount, error) {
	w := where{args: []any{ms(t.Now())}}
	w.and("state <> 'answered'")
	w.and("account_id <> ''")
	var n survey.CaseCount
	if !inCenters(&w, centers) {
		return n, nil
	}
	err := t.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END), 0) FROM survey_case`+w.String(), w.args...).
		Scan(&n.Open, &n.Overdue)
	return n, err
}

// CaseOutcome counts what came in a period.
func (t surveyTx) CaseOutcome(ctx context.Context, centers []string, from, to string) (n survey.CaseOutcome, err error) {
	var w where
	w.and("day >= ?", from)
	w.and("day <= ?", to)
	if !inCenters(&w, centers) {
		return n, nil
	}
	err = t.QueryRow(ctx, `SELECT COUNT(*), COUNT(closed_at), COALESCE(SUM(CASE WHEN closed_at <= due_at THEN 1 ELSE 0 END), 0)
		FROM survey_case`+w.String(), w.args...).Scan(&n.Came, &n.Answered, &n.InTime)
	return n, err
}

// DueCases lists what was due by then and nobody was told of.
func (t surveyTx) DueCases(ctx context.Context, by time.Time, limit int) ([]survey.Case, error) {
	rows, err := t.Query(ctx, sqlDueCases, ms(by), limit)
	return all(rows, err, func(r *sql.Rows) (survey.Case, error) { return scanCase(r) })
}

// ChangeCase writes c if it is the one that was read.
func (t surveyTx) ChangeCase(ctx context.Context, c *survey.Case) error {
	n, err := t.Exec(ctx, sqlChangeCase, string(c.State), c.Assignee, c.Reply, moment(c.ClosedAt), c.ClosedBy, c.ID, c.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	c.Version++
	return err
}

// CaseTold notes that a reminder left.
func (t surveyTx) CaseTold(ctx context.Context, id string) (bool, error) {
	n, err := t.Exec(ctx, sqlCaseTold, id)
	return n == 1, err
}

func scanCase(row interface{ Scan(...any) error }) (c survey.Case, err error) {
	var due int64
	var closed sql.NullInt64
	err = row.Scan(&c.ID, &c.Account, &c.Center, &c.Equipment, &c.Month, &c.Day, &c.State, &c.Comment, &c.Assignee, &due,
		&c.Reply, &closed, &c.ClosedBy, &c.Version)
	c.DueAt, c.ClosedAt = at(due), instant(closed)
	return c, err
}
