package storetest

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"gongbang/store"
)

// Past is a history of finished uses for benchmarks: Rows half hours, one
// after the other on each of Machines machines m0, m1, … of center c, the last
// of them before Until. They belong to the accounts there are, in turn.
type Past struct {
	Rows, Machines int
	Until          time.Time
}

// pastDetails is as long as what an ordinary use leaves behind.
const pastDetails = `{"terms":{"cancel_until":"2026-01-01T00:00:00Z","late_cancel":"allowed","check_in_from":"2026-01-01T01:30:00Z",` +
	`"check_in_until":"2026-01-01T02:15:00Z","auto_no_show":"when_desk_seen","buffer_minutes":0,"mode":"self"},` +
	`"purpose":"시제품","people":1,"attendance":"attended","confirmed_at":"2026-01-01T00:00:00Z"}`

const insertPast = `INSERT INTO booking (id, code, status, version, equipment_id, center_id, unit, starts_at, ends_at, busy_until,
	occupies, counted, account_id, made_by, origin, created_at, checked_in_at, ended_at, details)
	WITH RECURSIVE k (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < $2),
	who (id, r) AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 FROM account)
	SELECT 'past-' || (1000000000000 + n), 'P' || (1000000 + n % 9000000), 'completed', 3, 'm' || (n % $3), 'c', 1,
	$4 - (n / $3 + 1) * 1800000, $4 - n / $3 * 1800000, $4 - n / $3 * 1800000, 0, 1, who.id, 'citizen', 'online',
	$4 - (n / $3 + 48) * 1800000, $4 - (n / $3 + 1) * 1800000, $4 - n / $3 * 1800000, $5
	FROM k JOIN who ON who.r = n % (SELECT COUNT(*) FROM account)`

// WritePast writes a history on SQLite. The indexes are made anew behind it,
// in one go each, which is many times faster than row by row.
func WritePast(t testing.TB, db *store.DB, p Past) {
	t.Helper()
	const chunk = 100_000
	inOne(t, db, func(ctx context.Context, tx *store.Tx) error {
		texts, err := indexesOf(ctx, tx)
		for name := range texts {
			if _, dropErr := tx.Exec(ctx, "DROP INDEX "+name); dropErr != nil {
				err = dropErr
			}
		}
		for from := 0; from < p.Rows && err == nil; from += chunk {
			_, err = tx.Exec(ctx, insertPast, from, min(from+chunk, p.Rows), p.Machines, p.Until.UnixMilli(), pastDetails)
		}
		for _, text := range texts {
			if err == nil {
				_, err = tx.Exec(ctx, text)
			}
		}
		return err
	})
}

func indexesOf(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	rows, err := tx.Query(ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'booking' AND sql IS NOT NULL LIMIT 100")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	texts := map[string]string{}
	for rows.Next() {
		var name string
		var text sql.NullString
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		texts[name] = text.String
	}
	return texts, rows.Err()
}

func inOne(t testing.TB, db *store.DB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if _, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (bool, error) { return true, fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}
