package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
)

// verified fails unless the audit holds.
func verified(t *testing.T, db *store.DB) {
	t.Helper()
	if bad, err := db.VerifyAudit(context.Background()); bad != 0 || err != nil {
		t.Fatalf("first bad row %d, %v", bad, err)
	}
}

// wrongAt fails unless row bad is the first that does not hold.
func wrongAt(t *testing.T, db *store.DB, want int64) {
	t.Helper()
	if bad, err := db.VerifyAudit(context.Background()); bad != want || !errors.Is(err, store.ErrAuditBroken) {
		t.Fatalf("first bad row %d, %v; want %d", bad, err, want)
	}
}

// reasonsGo: one date after the other, the text and its salt are destroyed,
// the seal still holds, and the list says for what.
func reasonsGo(t *testing.T, open Opener) {
	ctx := context.Background()
	start := At(0, 9, 0)
	var now atomic.Int64
	now.Store(start.UnixMilli())
	db := open(t, func(o *store.Options) { o.Clock = func() time.Time { return time.UnixMilli(now.Load()) } })
	entries(t, db, 25)
	now.Store(start.Add(time.Hour).UnixMilli())
	entries(t, db, 5)
	sealAll(t, db, 30)

	now.Store(start.Add(store.KeepReasons - time.Millisecond).UnixMilli())
	if n, err := db.DestroyOld(ctx); n != 0 || err != nil {
		t.Fatalf("%d destroyed before the date, %v", n, err)
	}
	now.Store(start.Add(store.KeepReasons).UnixMilli())
	if n, err := db.DestroyOld(ctx); n != 23 || err != nil {
		t.Fatalf("%d destroyed, %v; want the 23 of the first 25 rows", n, err)
	}
	if n := number(t, db, `SELECT COUNT(*) FROM audit_reason WHERE body <> '' OR salt <> ''`); n != 5 {
		t.Errorf("%d reasons can be read, want 5", n)
	}
	verified(t, db)
	lines, err := db.Audit(ctx, store.AuditFilter{Action: "c", Limit: 30})
	if err != nil || len(lines) != 30 {
		t.Fatal(len(lines), err)
	}
	for k, want := range map[int]string{0: "r5 ", 5: " date", 20: " ", 29: " date"} { // the newest first; the tenth has none
		if l := lines[k]; l.Reason+" "+l.Erased != want {
			t.Errorf("line %d: reason %q, erased for %q", l.ID, l.Reason, l.Erased)
		}
	}
	report, err := db.Check(ctx, time.UnixMilli(now.Load()))
	if err != nil || len(report.Broken()) != 0 || finding(report, "reasons erased after their date") != 23 || finding(report, "reasons erased because the person left") != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	// Control: the same erasing is no erasing in another moment than the audit tells of.
	asOwner(t, db, "UPDATE audit_reason SET erased_at = erased_at + 1 WHERE audit_seq = 3")
	wrongAt(t, db, 3)
}

func finding(r store.CheckReport, name string) int64 {
	for _, f := range r.Findings {
		if f.Name == name {
			return f.Count
		}
	}
	return -1
}

// reasonOfOld: a row from before reasons were kept apart is listed and sealed
// as it stands, however its text begins.
func reasonOfOld(t *testing.T, open Opener) {
	db := open(t)
	for _, reason := range []string{"전화로 부탁", "sha256:x", "sha256:1:2:3"} {
		if err := exec(db, "INSERT INTO audit (at, actor, action, subject, center_id, reason, request, detail) VALUES (1, 'a', 'x', 's', '', '"+reason+"', '', '{}')"); err != nil {
			t.Fatal(err)
		}
	}
	sealAll(t, db, 3)
	verified(t, db)
	lines, err := db.Audit(context.Background(), store.AuditFilter{Limit: 5})
	if err != nil || len(lines) != 3 || lines[2].Reason != "전화로 부탁" || lines[2].Erased != "" {
		t.Fatalf("%+v %v", lines, err)
	}
	asOwner(t, db, "INSERT INTO audit_reason (audit_seq, about, salt, body, erase_after) VALUES (1, '', 's', '다른 까닭', 1)")
	wrongAt(t, db, 1)
}

// wordsStay: a word that only the program picks needs no second row.
func wordsStay(t *testing.T, open Opener) {
	db := open(t)
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		return none{}, errors.Join(tx.Record(ctx, account.Entry{Actor: "a", Action: "x", Subject: "s", Reason: "phone", About: "p"}),
			tx.Record(ctx, account.Entry{Actor: "a", Action: "x", Subject: "s", Reason: "phone 010", About: "p"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := number(t, db, `SELECT COUNT(*) FROM audit_reason`); n != 1 {
		t.Errorf("%d reasons are kept apart, want the typed one", n)
	}
}

// aboutOthers is typed about somebody who stays.
const aboutOthers = "다른 분의 문의"

// leftReasons: what staff typed about the person is gone, the audit still
// holds, and it says for what the reasons went. One about somebody else stays.
func leftReasons(t *testing.T, e *Engine, me account.Actor) {
	t.Helper()
	ctx := context.Background()
	if _, err := e.DB.SealAudit(ctx); err != nil {
		t.Fatal(err)
	}
	verified(t, e.DB)
	lines, err := e.DB.Audit(ctx, store.AuditFilter{Actor: e.Staff.ID, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	erased := map[string]int{}
	for _, l := range lines {
		if l.Erased != "" {
			erased[l.Action+" "+l.Reason+l.Erased]++
		}
	}
	if len(erased) != 3 || erased["booking.create left"] != 1 || erased["booking.cancel left"] != 1 || erased["account.look left"] != 1 {
		t.Errorf("erased: %v", erased)
	}
	if n := number(t, e.DB, `SELECT COUNT(*) FROM audit_reason WHERE erased_at IS NULL AND body = '`+aboutOthers+`' AND about <> '`+me.ID+`'`); n != 1 {
		t.Error("the reason about somebody else is gone")
	}
}
