package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gongbang/store"
)

// TestWhatIsPastItsDateIsGone: words and contact of an answered case are there
// for thirty days, then no byte of the file has them, and the proof has counts.
func TestWhatIsPastItsDateIsGone(t *testing.T) {
	ctx, words := context.Background(), "작업대가 몹시 어둡습니다"
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "gongbang.db")
	db := open(t, store.Options{Path: path}, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := store.Do(ctx, db, func(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Exec(ctx, query, args...) }); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO survey_case (id, account_id, center_id, equipment_id, month, day, state, comment, due_at, reply, closed_at)
		VALUES ('k1', 'p1', 'c1', 'm1', '2029-12', '2029-12-30', 'answered', $1, 0, 'ok', $2)`, words, now.UnixMilli())
	exec(`INSERT INTO survey_case (id, account_id, center_id, equipment_id, month, day, state, comment, due_at)
		VALUES ('k2', 'p2', 'c1', 'm1', '2029-12', '2029-12-30', 'received', 'waits', $1)`, now.UnixMilli())
	inFile := func() bool {
		t.Helper()
		if _, err := db.FoldWAL(ctx); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(raw, []byte(words))
	}
	now = now.Add(store.KeepClosedCases)
	if n, err := db.DestroyOld(ctx); n != 0 || err != nil || !inFile() {
		t.Fatalf("before its date: %d rows, %v", n, err)
	}
	now = now.Add(time.Second)
	for _, want := range []int{1, 0} {
		if n, err := db.DestroyOld(ctx); n != want || err != nil {
			t.Fatalf("%d rows of %d, %v", n, want, err)
		}
	}
	if done, err := db.Compact(ctx); !done || err != nil {
		t.Fatal("the file is not made anew", err)
	}
	if inFile() {
		t.Error("the words are still in the file")
	}
	lines, err := db.Audit(ctx, store.AuditFilter{Action: "retention.destroy", Limit: 9})
	if err != nil || len(lines) != 1 || len(lines[0].Detail) != 1 || lines[0].Detail["cases_answered"] != 1.0 {
		t.Fatalf("the proof: %+v %v", lines, err)
	}
	now = now.Add(store.KeepOpenCases)
	if n, err := db.DestroyOld(ctx); n != 1 || err != nil {
		t.Fatalf("an unanswered case: %d rows, %v", n, err)
	}
}
