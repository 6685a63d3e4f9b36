package store

import (
	"context"
	"errors"
	"time"
)

// Finding is one line of a check. Broken tells that an invariant does not hold;
// other findings are only told.
type Finding struct {
	Name   string
	Count  int64
	Broken bool
	// Detail helps to find the cause: the first id, why. It names no person.
	Detail string
}

// CheckReport is what a check found, in a fixed order.
type CheckReport struct {
	Findings []Finding
	// Invariants is how many of the findings must be 0.
	Invariants int
}

// Broken lists the findings that break an invariant.
func (r CheckReport) Broken() []Finding {
	var out []Finding
	for _, f := range r.Findings {
		if f.Broken {
			out = append(out, f)
		}
	}
	return out
}

// invariant counts what must never be there, without relying on the
// constraint that should prevent it.
type invariant struct {
	name  string
	count string // one row: how many, and the least id among them
}

var invariants = []invariant{
	// Behind the latest end of all that start before it on the same unit.
	{"overlapping bookings", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM (SELECT id, starts_at,
			MAX(busy_until) OVER (PARTITION BY equipment_id, unit ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
		FROM booking WHERE occupies = 1) AS o WHERE starts_at < taken_until`},
	// The flag may have been changed by hand: the statuses alone say it too.
	{"overlapping bookings by status", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM (SELECT id, starts_at,
			MAX(ends_at) OVER (PARTITION BY equipment_id, unit ORDER BY starts_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
		FROM booking WHERE status IN ('pending', 'offered', 'confirmed', 'checked_in')) AS o WHERE starts_at < taken_until`},
	{"bookings whose status occupies and whose row does not", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM booking
		WHERE occupies = 0 AND status IN ('pending', 'offered', 'confirmed', 'checked_in')`},
	// A completed one keeps the unit for its buffer.
	{"bookings whose row occupies and whose status does not", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM booking
		WHERE occupies = 1 AND status NOT IN ('pending', 'offered', 'confirmed', 'checked_in', 'completed')`},
	{"bookings that end before they start", `SELECT COUNT(*), COALESCE(MIN(id), '') FROM booking
		WHERE ends_at <= starts_at OR occupies = 1 AND busy_until <= starts_at`},
	{"bookings on unknown units", `SELECT COUNT(*), COALESCE(MIN(b.id), '') FROM booking b
		LEFT JOIN equipment e ON e.id = b.equipment_id
		WHERE b.occupies = 1 AND (e.id IS NULL OR b.unit < 1 OR b.unit > e.quantity)`},
	{"bookings at another center than their machine", `SELECT COUNT(*), COALESCE(MIN(b.id), '') FROM booking b
		JOIN equipment e ON e.id = b.equipment_id WHERE b.occupies = 1 AND e.center_id <> b.center_id`},
	// Who came, or was sent away by the center, has no points for not coming.
	{"no-show points without a no-show", `SELECT COUNT(*), COALESCE(MIN(s.id), '') FROM strike s
		LEFT JOIN booking b ON b.id = s.booking_id
		WHERE s.kind = 'no_show' AND s.taken_back_at IS NULL AND (b.id IS NULL OR b.status <> 'no_show')`},
	{"bookings of unknown people", `SELECT COUNT(*), COALESCE(MIN(b.id), '') FROM booking b
		LEFT JOIN account a ON a.id = b.account_id WHERE a.id IS NULL`},
	{"messages both sent and given up", `SELECT COUNT(*), COALESCE(MIN(kind), '') FROM outbox
		WHERE done_at IS NOT NULL AND dead_at IS NOT NULL`},
}

// told are counts worth a look that break nothing; $1 is an hour ago.
var told = []invariant{
	{"messages due for more than an hour", `SELECT COUNT(*), COALESCE(MIN(kind), '') FROM outbox
		WHERE done_at IS NULL AND dead_at IS NULL AND due_at < $1 AND (lease_until IS NULL OR lease_until < $1)`},
	{"messages given up", `SELECT COUNT(*), COALESCE(MIN(kind), '') FROM outbox WHERE dead_at IS NOT NULL AND created_at < $1`},
	{"job runs that did not end", `SELECT COUNT(*), COALESCE(MIN(job), '') FROM job_run WHERE ended_at IS NULL AND lease_until < $1`},
}

// sizes tell how much was looked at, and which reasons were not there to look
// at: their rows say for what they went, which the audit was asked about.
var sizes = []invariant{
	{"reasons erased because the person left", `SELECT COUNT(*), '' FROM audit_reason WHERE erased_for = 'left'`},
	{"reasons erased after their date", `SELECT COUNT(*), '' FROM audit_reason WHERE erased_for = 'date'`},
	{"bookings", `SELECT COUNT(*), '' FROM booking`},
}

// Check holds the invariants against the database, each on one snapshot.
// Errors are about reading; what it finds is in the report.
func (db *DB) Check(ctx context.Context, now time.Time) (CheckReport, error) {
	var r CheckReport
	for _, i := range append(invariants[:len(invariants):len(invariants)], surveyInvariants...) {
		f, err := db.find(ctx, i)
		if err != nil {
			return r, err
		}
		f.Broken = f.Count > 0
		r.Findings = append(r.Findings, f)
	}
	closed, err := db.surveyFindings(ctx)
	if err != nil {
		return r, err
	}
	r.Findings = append(r.Findings, closed...)
	f, err := db.auditFinding(ctx)
	if err != nil {
		return r, err
	}
	r.Findings = append(r.Findings, f)
	r.Invariants = len(r.Findings)
	for _, i := range told {
		f, err := db.find(ctx, i, ms(now.Add(-time.Hour)))
		if err != nil {
			return r, err
		}
		r.Findings = append(r.Findings, f)
	}
	for _, i := range sizes {
		f, err := db.find(ctx, i)
		if err != nil {
			return r, err
		}
		r.Findings = append(r.Findings, f)
	}
	return r, nil
}

func (db *DB) find(ctx context.Context, i invariant, args ...any) (Finding, error) {
	return Read(ctx, db, func(ctx context.Context, tx *Tx) (Finding, error) {
		f := Finding{Name: i.name}
		err := tx.QueryRow(ctx, i.count, args...).Scan(&f.Count, &f.Detail)
		if f.Count == 0 {
			f.Detail = ""
		}
		return f, err
	})
}

func (db *DB) auditFinding(ctx context.Context) (Finding, error) {
	f := Finding{Name: "changed audit rows"}
	bad, err := db.VerifyAudit(ctx)
	if errors.Is(err, ErrAuditBroken) {
		f.Count, f.Broken, f.Detail = 1, true, err.Error()
		return f, nil
	}
	if bad != 0 {
		f.Count, f.Broken = 1, true
	}
	return f, err
}
