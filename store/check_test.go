package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
)

// broken are rows that no constraint lets in, and the invariant that finds each.
var broken = []struct {
	invariant string
	sql       []string
}{
	{"overlapping bookings", []string{
		`DROP TRIGGER booking_no_overlap_insert`, booked("b1", "confirmed", 1, 1000, 2000, 1), booked("b2", "confirmed", 1, 1900, 2900, 1)}},
	{"overlapping bookings", []string{
		`DROP TRIGGER booking_no_overlap_insert`, booked("b1", "confirmed", 1, 1000, 2000, 1), booked("b2", "pending", 1, 1000, 1500, 1)}},
	{"overlapping bookings by status", []string{
		booked("b1", "confirmed", 1, 1000, 2000, 0), booked("b2", "confirmed", 1, 1500, 2500, 0)}},
	{"bookings whose status occupies and whose row does not", []string{booked("b1", "checked_in", 1, 1000, 2000, 0)}},
	{"bookings whose row occupies and whose status does not", []string{booked("b1", "cancelled", 1, 1000, 2000, 1)}},
	{"bookings on unknown units", []string{booked("b1", "confirmed", 3, 1000, 2000, 1)}},
	{"bookings at another center than their machine", []string{
		booked("b1", "confirmed", 1, 1000, 2000, 1), `UPDATE booking SET center_id = 'elsewhere'`}},
	{"no-show points without a no-show", []string{
		booked("b1", "completed", 1, 1000, 2000, 0), `INSERT INTO strike (id, booking_id, kind, account_id, center_id, equipment_id, at, points, minutes, rule)
			VALUES ('s', 'b1', 'no_show', 'a', 'c', 'e', 1, 1, 60, '{}')`}},
	{"bookings of unknown people", []string{
		booked("b1", "confirmed", 1, 1000, 2000, 1), `DELETE FROM account`}},
	{"messages both sent and given up", []string{
		`INSERT INTO outbox (kind, key, subject, data, created_at, due_at, done_at, dead_at) VALUES ('k', 'k', 's', '{}', 1, 1, 2, 3)`}},
	{"invitations answered without their mark", []string{invited("i1", "answered")}},
	{"answer marks whose invitation is not answered", []string{invited("i1", "expired"), `INSERT INTO survey_answered VALUES ('i1')`}},
	{"answers beyond one for each invitation", []string{
		`INSERT INTO survey_inbox (id, center_id, month, category, equipment_id, template, version, answers) VALUES ('a1', 'c', '2026-01', 'cat', '', 't', 1, '{}')`}},
	{"closed survey months out of their chain", []string{
		`INSERT INTO survey_month (month, closed_at, version, prev, hash, funnel) VALUES ('2026-02', 1, 2, 'lost', 'h2', '[]')`}},
	{"closed survey months whose cells are not the sum of their answers", []string{
		`INSERT INTO survey_month (month, closed_at, version, prev, hash, funnel) VALUES ('2026-02', 1, 2, '', 'h2', '[]')`, cellOf("2026-02")}},
	{"closed survey months whose funnel shrank", []string{
		`INSERT INTO survey_month (month, closed_at, version, prev, hash, funnel)
			VALUES ('2026-02', 1, 2, '', 'h2', '[{"center":"c","step":"skip.opt_out","n":1}]')`}},
	{"closed survey months that the audit has otherwise", []string{
		`INSERT INTO audit (at, actor, action, subject, center_id, reason, request, detail) VALUES (1, 'a', 'survey.close', '2026-02', '', '', '', '{}')`}},
	{"released survey cells of no closed month", []string{cellOf("2026-02")}},
	{"changed audit rows", []string{`DROP TRIGGER audit_no_update`, `UPDATE audit SET actor = 'somebody else'`}},
}

// booked is a row of unit u from start to end (ms), which is busy until end.
func booked(id, status string, unit, start, end, occupies int) string {
	return `INSERT INTO booking (id, code, status, version, equipment_id, center_id, unit, starts_at, ends_at, busy_until,
		occupies, counted, account_id, made_by, origin, created_at, details) VALUES ('` + id + `', '` + id + `', '` + status + `', 1, 'e', 'c', ` +
		decimal(unit) + `, ` + decimal(start) + `, ` + decimal(end) + `, ` + decimal(end) + `, ` + decimal(occupies) + `, 1, 'a', 'a', 'online', 1, '{}')`
}

// cellOf is a released cell of a month that no answer stands behind.
func cellOf(month string) string {
	return `INSERT INTO survey_cell (period, center_id, series, dim, key, parent, month, first_month, n, questions, months)
		VALUES ('` + month + `', 'c', 'use-standard', '', '', '', '` + month + `', '` + month + `', 9, '{"overall":{"5":9}}', '')`
}

func invited(id, state string) string {
	return `INSERT INTO survey_invitation (id, rule, account_id, center_id, equipment_id, category, day, template, version, state,
		reason, generation, tie, desk, delivered) VALUES ('` + id + `', 'r', 'a', '', '', '', '2026-01-01', 't', 1, '` + state + `', '', 1, '', 0, 0)`
}

func decimal(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + decimal(n%10)
}

const shop = `INSERT INTO center (id, ord, doc) VALUES ('c', 1, '{}');
	INSERT INTO equipment (id, center_id, ord, quantity, doc) VALUES ('e', 'c', 1, 2, '{}');
	INSERT INTO account (id, name, locale, channels, created_at) VALUES ('a', '시민1', 'ko', '[]', 1);
	INSERT INTO audit (at, actor, action, subject, center_id, reason, request, detail) VALUES (1, 'a', 'x', 's', '', '', '', '{}')`

// Each invariant is found broken by rows written behind the program's back,
// and holds in the same database without them.
func TestCheckFindsEachBrokenInvariant(t *testing.T) {
	for _, b := range broken {
		t.Run(b.invariant, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "gongbang.db")
			db := open(t, store.Options{Path: path, Clock: time.Now})
			direct, err := sql.Open("sqlite3", path+"?_foreign_keys=off&_busy_timeout=5000")
			if err != nil {
				t.Fatal(err)
			}
			defer direct.Close()
			direct.SetMaxOpenConns(1)
			if _, err := direct.Exec(shop); err != nil {
				t.Fatal(err)
			}
			if _, err := db.SealAudit(context.Background()); err != nil {
				t.Fatal(err)
			}
			if names := brokenNames(t, db); len(names) != 0 {
				t.Fatalf("broken before anything was: %v", names)
			}
			for _, statement := range b.sql {
				if _, err := direct.Exec(statement); err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
			}
			if names := brokenNames(t, db); !slices.Contains(names, b.invariant) {
				t.Errorf("found %v", names)
			}
		})
	}
}

func brokenNames(t *testing.T, db *store.DB) []string {
	t.Helper()
	r, err := db.Check(context.Background(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.Broken() {
		names = append(names, f.Name)
	}
	return names
}

func TestCheckOnPostgres(t *testing.T) {
	r, err := postgresDB(t).Check(context.Background(), time.Now())
	if err != nil || len(r.Broken()) != 0 || r.Invariants < 10 || len(r.Findings) <= r.Invariants {
		t.Errorf("%+v, error %v", r, err)
	}
}

func TestHousekeeping(t *testing.T) {
	for name, db := range map[string]func(*testing.T, ...change) *store.DB{"sqlite": sqliteDB, "postgres": postgresDB} {
		t.Run(name, func(t *testing.T) {
			ctx, d := context.Background(), db(t)
			if mark, filled, err := d.Demo(ctx); mark != "" || filled || err != nil {
				t.Errorf("fresh: %q %v %v", mark, filled, err)
			}
			if err := d.MarkDemo(ctx, "ready"); err != nil {
				t.Error(err)
			}
			if mark, _, err := d.Demo(ctx); mark != "ready" || err != nil {
				t.Errorf("marked: %q %v", mark, err)
			}
			if lines, err := d.Audit(ctx, store.AuditFilter{Limit: 10, Centers: []string{"c"}}); err != nil || len(lines) != 0 {
				t.Errorf("audit: %v %v", lines, err)
			}
			claim(t, d, "old")
			if n, err := d.TidyKeys(ctx, time.Now().Add(-time.Hour)); n != 0 || err != nil {
				t.Errorf("a fresh key went: %d %v", n, err)
			}
			if n, err := d.TidyKeys(ctx, time.Now().Add(time.Hour)); n != 1 || err != nil {
				t.Errorf("an old key stays: %d %v", n, err)
			}
			if err := saveTicket(d, survey.Ticket{ID: "t1", Center: "c", Equipment: "e", Day: "2026-01-01", Text: "덮개가 열린 채 돕니다"}); err != nil {
				t.Fatal(err)
			}
			if got, err := store.NewSurveys(d).Ticket(ctx, "t1"); err != nil || got.Text == "" || got.Center != "c" {
				t.Errorf("ticket: %+v %v", got, err)
			}
			if _, err := store.NewSurveys(d).Ticket(ctx, "none"); err == nil {
				t.Error("a ticket that is not there was found")
			}
		})
	}
}

func claim(t *testing.T, db *store.DB, key string) {
	t.Helper()
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (bool, error) {
		_, _, replay, err := tx.ClaimKey(ctx, "caller", key, "body", "subject", time.Hour)
		return replay, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func saveTicket(db *store.DB, v survey.Ticket) error {
	_, err := store.NewSurveys(db).Do(context.Background(), func(ctx context.Context, tx survey.Tx) (any, error) {
		return nil, tx.SaveTicket(ctx, v)
	})
	return err
}

// The audit is listed newest first, by each filter, and only where asked.
func TestAuditList(t *testing.T) {
	for name, db := range map[string]func(*testing.T, ...change) *store.DB{"sqlite": sqliteDB, "postgres": postgresDB} {
		t.Run(name, func(t *testing.T) {
			ctx, d := context.Background(), db(t)
			for i, center := range []string{"c1", "c2", "c1", ""} {
				record(t, d, "actor"+decimal(i%2), center)
			}
			for _, c := range []struct {
				f    store.AuditFilter
				want int
			}{
				{store.AuditFilter{Limit: 10}, 4},
				{store.AuditFilter{Limit: 2}, 2},
				{store.AuditFilter{Limit: 10, Actor: "actor0"}, 2},
				{store.AuditFilter{Limit: 10, Action: "none"}, 0},
				{store.AuditFilter{Limit: 10, Centers: []string{"c1"}}, 2},
				{store.AuditFilter{Limit: 10, Centers: []string{"c1", "c2"}}, 3},
				{store.AuditFilter{Limit: 1, Centers: []string{"c1"}}, 1},
				{store.AuditFilter{Limit: 10, Centers: []string{}}, 0},
				{store.AuditFilter{Limit: 10, From: time.Now().Add(time.Hour)}, 0},
				{store.AuditFilter{Limit: 10, To: time.Now().Add(time.Hour)}, 4},
			} {
				lines, err := d.Audit(ctx, c.f)
				if err != nil || len(lines) != c.want {
					t.Errorf("%+v: %d lines, want %d, error %v", c.f, len(lines), c.want, err)
				}
				for i := 1; i < len(lines); i++ {
					if lines[i-1].ID <= lines[i].ID {
						t.Errorf("%+v: not newest first", c.f)
					}
				}
				if len(lines) > 1 && lines[0].ID > 1 {
					next, err := d.Audit(ctx, store.AuditFilter{Limit: 1, Before: lines[0].ID})
					if err != nil || len(next) != 1 || next[0].ID >= lines[0].ID {
						t.Errorf("the page behind: %v %v", next, err)
					}
				}
			}
		})
	}
}

func record(t *testing.T, db *store.DB, actor, center string) {
	t.Helper()
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (bool, error) {
		return true, tx.Record(ctx, account.Entry{Actor: actor, Action: "test", Subject: "s", Center: center, Detail: map[string]any{"n": 1}})
	})
	if err != nil {
		t.Fatal(err)
	}
}
