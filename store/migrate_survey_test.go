package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"gongbang/store"
)

// A month that an older version closed keeps its seal and its figure, and what
// it had counted is counted on.
func TestClosedMonthsOfTheOlderVersionStay(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o store.Options) {
		stop := errors.New("stopped")
		if err := begin(store.FailAfter(o, 14, func() error { return stop })); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		driver, name := "sqlite3", o.Path
		if o.URL != "" {
			driver, name = "pgx", o.URL
		}
		old, err := sql.Open(driver, name)
		if err != nil {
			t.Fatal(err)
		}
		defer old.Close()
		sum := sha256.Sum256([]byte(`{"prev":"","month":"2026-10","cells":[{"month":"2026-10","center":"c","n":6,"questions":{"overall":{"4":6}}}]}`))
		for _, text := range []string{
			fmt.Sprintf(`INSERT INTO survey_month (month, closed_at, prev, hash) VALUES ('2026-10', 1, '', '%x')`, sum),
			`INSERT INTO survey_cell (month, center_id, n, questions) VALUES ('2026-10', 'c', 6, '{"overall":{"4":6}}')`,
			`INSERT INTO survey_tally (month, center_id, category, equipment_id, question, value, n) VALUES
				('2026-10', 'c', 'sewing', 'm1', 'overall', '4', 5), ('2026-10', 'c', '', '', 'overall', '4', 1),
				('2026-11', 'c', 'sewing', 'm1', 'overall', '5', 7), ('2026-11', 'c', 'sewing', '', 'overall', '3', 2)`,
			`INSERT INTO survey_published (month, center_id, counts) VALUES ('2026-11', 'c', '[0,0,2,0,7]')`,
		} {
			if _, err := old.Exec(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		db := open(t, o)
		r, err := db.Check(context.Background(), time.Now())
		if err != nil || len(r.Broken()) != 0 {
			t.Errorf("%+v %v", r.Broken(), err)
		}
		for text, want := range map[string]int{
			`SELECT SUM(n) FROM survey_tally WHERE month = '2026-10' AND dim = '' AND question = 'overall'`:      6,
			`SELECT SUM(n) FROM survey_tally WHERE month = '2026-10' AND dim = 'equipment' AND question = ''`:    5,
			`SELECT SUM(held) FROM survey_tally WHERE month = '2026-11' AND dim = 'category' AND question = ''`:  9,
			`SELECT SUM(n) FROM survey_tally WHERE month = '2026-11'`:                                            0,
			`SELECT COUNT(*) FROM survey_published WHERE month = '2026-11' AND series = 'use-standard'`:          1,
			`SELECT COUNT(*) FROM survey_cell WHERE period = '2026-10' AND first_month = '2026-10' AND dim = ''`: 1,
		} {
			got, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n int, err error) {
				return n, tx.QueryRow(ctx, text).Scan(&n)
			})
			if err != nil || got != want {
				t.Errorf("%s: %d, want %d (%v)", text, got, want, err)
			}
		}
	})
}
