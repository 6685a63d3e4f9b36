package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHideParameters(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT a FROM t WHERE b = $1 AND c < $12 LIMIT $2": "SELECT a FROM t WHERE b = NULLIF($1, NULL) AND c < NULLIF($12, NULL) LIMIT NULLIF($2, NULL)",
		"SELECT '$1', 'it''s $2', $3":                       "SELECT '$1', 'it''s $2', NULLIF($3, NULL)",
		"SELECT '$.x' || $1":                                "SELECT '$.x' || NULLIF($1, NULL)",
		"SELECT 1":                                          "SELECT 1",
	} {
		if got := hideParameters(in); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", in, got, want)
		}
		if got := sqlite.steady(in); got != want {
			t.Errorf("%s\nbecame %s", in, got)
		}
		if got := postgres.steady(in); got != in {
			t.Errorf("PostgreSQL plans by itself: %s", got)
		}
	}
	if in := "INSERT INTO t (a) VALUES ($1)"; sqlite.steady(in) != in {
		t.Error("an insert has nothing to plan")
	}
}

// A hidden parameter is the same value with the same type.
func TestHiddenParametersKeepTheirValue(t *testing.T) {
	db := planDB(t)
	_, err := Read(t.Context(), db, func(ctx context.Context, tx *Tx) (bool, error) {
		for _, v := range []any{int64(7), int64(0), int64(1), "text", "", 1.5, nil} {
			var got any
			var kind string
			if err := tx.QueryRow(ctx, "SELECT $1, typeof($1)", v).Scan(&got, &kind); err != nil {
				return false, err
			}
			if got != v {
				t.Errorf("%#v became %#v (%s)", v, got, kind)
			}
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The reads of every judgement and of every board seek by unit and start; a
// walk over a machine's bookings would grow with what is booked.
func TestFactsSeek(t *testing.T) {
	plan := planOf(t, factsQuery, "m", "a", 0, 0, 2, 1, 1, 1)
	for _, want := range []string{
		"SEARCH b USING INDEX booking_occupied (equipment_id=? AND unit=? AND starts_at>? AND starts_at<?)",
		"SEARCH p USING COVERING INDEX booking_occupied (equipment_id=? AND unit=? AND starts_at<?)",
		"USING INDEX booking_in_use (equipment_id=?",
		"SEARCH booking USING INDEX booking_account (account_id=? AND starts_at>? AND starts_at<?)",
	} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan has no %q:\n%s", want, plan)
		}
	}
	if strings.Contains(plan, "SCAN b\n") || strings.Contains(plan, "SCAN booking") {
		t.Errorf("the plan walks over bookings:\n%s", plan)
	}
}

// What is shown about a center is found without going through all answers or
// all centers, and what is shown of all in the order in which it is kept.
func TestFiguresOfACenterSeek(t *testing.T) {
	for _, one := range []struct {
		query, index string
		args         []any
	}{
		{sqlComments, "survey_response_comment (center_id=? AND month=? AND template=? AND entry=?)", []any{"c", "2028-01", "use-standard", "", 1}},
		{sqlCellsOf, "survey_cell_center (center_id=? AND dim=? AND month>? AND month<?)", []any{"2028-01", "2028-12", "", "use-standard", "c"}},
		{sqlCells, "survey_cell USING PRIMARY KEY (period>? AND period<?)", []any{"2028-01", "2028-12", "", "use-standard", "2028", "2029"}},
		{sqlCountersOf, "survey_counter_center (center_id=? AND rule=? AND month>? AND month<?)", []any{"2028-01", "2028-12", "", "", "c"}},
	} {
		if plan := planOf(t, one.query, one.args...); !strings.Contains(plan, one.index) {
			t.Errorf("%s\nis not found by %s:\n%s", one.query, one.index, plan)
		}
	}
}

func planOf(t *testing.T, query string, args ...any) string {
	t.Helper()
	rows, err := planDB(t).read.Query("EXPLAIN QUERY PLAN "+sqlite.steady(query), args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		plan.WriteString(line + "\n")
	}
	return plan.String()
}

func planDB(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "plan.db"), Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
