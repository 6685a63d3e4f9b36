package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/account"
)

// AuditFilter selects lines of the audit. Empty fields do not select; Centers
// nil is every center, and an empty list none.
type AuditFilter struct {
	Actor, Action, Subject string
	Centers                []string
	From, To               time.Time // zero: open
	Before                 int64     // lines with a lower number; 0: from the newest
	Limit                  int
}

// AuditLine is one line with its number and time.
type AuditLine struct {
	ID int64
	At time.Time
	account.Entry
	// Erased is why a typed reason is not there any more: "left" or "date".
	Erased string
}

// auditCenters is how many centers one statement selects.
const auditCenters = 50

var (
	auditLines = `SELECT seq, at, actor, action, subject, center_id, COALESCE(body, reason), COALESCE(erased_for, ''), request, detail
		FROM audit LEFT JOIN audit_reason ON audit_seq = seq
		WHERE ($1 = '' OR actor = $1) AND ($2 = '' OR action = $2) AND ($3 = '' OR subject = $3)
			AND at >= $4 AND at < $5 AND seq < $6`
	auditOrder      = ` ORDER BY seq DESC LIMIT `
	auditEverywhere = auditLines + auditOrder + `$7`
	auditSomewhere  = auditLines + ` AND center_id IN (` + strings.TrimSuffix(placeholders(7, auditCenters), ", ") + `)` + auditOrder + `$57`
)

// placeholders writes n of them from $first on, each with a comma behind it.
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("$" + strconv.Itoa(first+i) + ", ")
	}
	return b.String()
}

// Audit lists lines, newest first. Who may read them is judged before.
func (db *DB) Audit(ctx context.Context, f AuditFilter) ([]AuditLine, error) {
	return Read(ctx, db, func(ctx context.Context, tx *Tx) ([]AuditLine, error) {
		if f.Centers == nil {
			return tx.auditLines(ctx, f, auditEverywhere, nil)
		}
		var out []AuditLine
		for some := range slices.Chunk(f.Centers, auditCenters) {
			more, err := tx.auditLines(ctx, f, auditSomewhere, some)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		slices.SortFunc(out, func(a, b AuditLine) int { return int(b.ID - a.ID) })
		return out[:min(len(out), f.Limit)], nil
	})
}

func (tx *Tx) auditLines(ctx context.Context, f AuditFilter, query string, centers []string) ([]AuditLine, error) {
	from, to, before := int64(0), ms(farAway), f.Before
	if !f.From.IsZero() {
		from = ms(f.From)
	}
	if !f.To.IsZero() {
		to = ms(f.To)
	}
	if before == 0 {
		before = 1 << 62
	}
	args := []any{f.Actor, f.Action, f.Subject, from, to, before}
	if centers != nil {
		for i := range auditCenters {
			args = append(args, centers[min(i, len(centers)-1)])
		}
	}
	rows, err := tx.Query(ctx, query, append(args, f.Limit)...)
	return all(rows, err, func(r *sql.Rows) (AuditLine, error) {
		var l AuditLine
		var when int64
		var detail string
		err := r.Scan(&l.ID, &when, &l.Actor, &l.Action, &l.Subject, &l.Center, &l.Reason, &l.Erased, &l.Request, &detail)
		l.At = at(when)
		if err == nil && detail != "" {
			err = json.Unmarshal([]byte(detail), &l.Detail)
		}
		return l, err
	})
}

// farAway is later than anything that is written.
var farAway = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
