package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
)

// Audit is the contract of the append-only audit and its seals. The changes
// are made as the owner of the database, who can take the triggers away.
func Audit(t *testing.T, open Opener) {
	t.Run("audit rows can't be changed", func(t *testing.T) { auditIsAppendOnly(t, open) })
	t.Run("an audit left alone verifies", func(t *testing.T) { auditVerifies(t, open) })
	t.Run("rows go below the horizon", func(t *testing.T) { auditIsPruned(t, open) })
	t.Run("reasons go after their date", func(t *testing.T) { reasonsGo(t, open) })
	t.Run("a reason of old stays in its row", func(t *testing.T) { reasonOfOld(t, open) })
	t.Run("words of the program stay in the row", func(t *testing.T) { wordsStay(t, open) })
	t.Run("sealing beside writers misses no row", func(t *testing.T) { sealingBesideWriters(t, open) })
	for _, c := range []struct {
		name, text string
		bad        int64
	}{
		{"edited", "UPDATE audit SET reason = 'other' WHERE seq = 205", 205},
		{"text moved to the next column", "UPDATE audit SET actor = 'a', action = 'bc' WHERE seq = 7", 7},
		{"deleted", "DELETE FROM audit WHERE seq = 203", 203},
		{"last of a seal deleted", "DELETE FROM audit WHERE seq = 200", 200},
		{"put elsewhere", "UPDATE audit SET subject = CASE seq WHEN 11 THEN 's12' ELSE 's11' END WHERE seq IN (11, 12)", 11},
		{"added in between", "@insert 150", 150},
		{"sealed rows cut off", "DELETE FROM audit WHERE seq > 300", 301},
		{"rows and seal cut off", "DELETE FROM audit WHERE seq > 200; DELETE FROM audit_seal WHERE no > 1", 201},
		{"seal edited", "UPDATE audit_seal SET sealed_at = sealed_at + 1 WHERE no = 2", 201},
		{"seal deleted", "DELETE FROM audit_seal WHERE no = 1", 1},
		{"reason edited", "UPDATE audit_reason SET body = 'other' WHERE audit_seq = 205", 205},
		{"reason edited with its salt", "UPDATE audit_reason SET body = SUBSTR(salt, 32) || body, salt = SUBSTR(salt, 1, 31) WHERE audit_seq = 205", 205},
		{"reason put elsewhere", "UPDATE audit_reason SET body = CASE audit_seq WHEN 11 THEN 'r12' ELSE 'r11' END WHERE audit_seq IN (11, 12)", 11},
		{"reason about somebody else", "UPDATE audit_reason SET about = 'p2' WHERE audit_seq = 206", 206},
		{"reason with another date", "UPDATE audit_reason SET erase_after = 1 WHERE audit_seq = 206", 206},
		{"reason deleted", "DELETE FROM audit_reason WHERE audit_seq = 203", 203},
		{"reason added", "INSERT INTO audit_reason (audit_seq, about, salt, body, erase_after) VALUES (210, '', 's', 'r', 1)", 210},
		{"reason added behind the others", "INSERT INTO audit_reason (audit_seq, about, salt, body, erase_after) VALUES (400, '', 's', 'r', 1)", 400},
		{"reason taken away as if its date had come", "UPDATE audit_reason SET body = '', salt = '', erased_at = erase_after, erased_for = 'date' WHERE audit_seq = 207", 207},
		{"reason taken away as if somebody had left", "UPDATE audit_reason SET body = '', salt = '', erased_at = 1, erased_for = 'left' WHERE audit_seq = 207", 207},
		{"hidden by the horizon", "UPDATE meta SET value = '0' WHERE key = 'audit.horizon'; DELETE FROM audit WHERE seq = 4", 4},
	} {
		t.Run("audit "+c.name, func(t *testing.T) {
			db := open(t)
			entries(t, db, 400)
			sealAll(t, db, 400)
			if strings.HasPrefix(c.text, "@insert") {
				insertBetween(t, db, c.bad)
			} else {
				asOwner(t, db, c.text)
			}
			bad, err := db.VerifyAudit(context.Background())
			if bad != c.bad || !errors.Is(err, store.ErrAuditBroken) {
				t.Fatalf("first bad row %d, %v; want %d", bad, err, c.bad)
			}
		})
	}
}

// entries writes n rows in transactions of 50; each tenth has no reason.
func entries(t *testing.T, db *store.DB, n int) {
	t.Helper()
	for from := 0; from < n; from += 50 {
		_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
			for i := from; i < min(from+50, n); i++ {
				e := account.Entry{Actor: "ab", Action: "c", Subject: fmt.Sprintf("s%d", i+1), Reason: fmt.Sprintf("r%d", i+1), About: "p1", Detail: map[string]any{"i": i}}
				if i%10 == 9 {
					e.Reason = ""
				}
				if err := tx.Record(ctx, e); err != nil {
					return none{}, err
				}
			}
			return none{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func sealAll(t *testing.T, db *store.DB, want int) {
	t.Helper()
	n, err := db.SealAudit(context.Background())
	if err != nil || n != want {
		t.Fatalf("%d rows sealed, want %d: %v", n, want, err)
	}
}

func exec(db *store.DB, texts ...string) error {
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		for _, text := range texts {
			if _, err := tx.Exec(ctx, text); err != nil {
				return none{}, err
			}
		}
		return none{}, nil
	})
	return err
}

// asOwner changes rows behind the triggers' back.
func asOwner(t *testing.T, db *store.DB, text string) {
	t.Helper()
	var texts []string
	if db.Dialect() == "sqlite" {
		for _, trigger := range []string{"audit_no_update", "audit_no_delete", "audit_seal_no_update", "audit_seal_no_delete", "audit_reason_no_update", "audit_reason_no_delete"} {
			texts = append(texts, "DROP TRIGGER "+trigger)
		}
	} else {
		texts = append(texts, "ALTER TABLE audit DISABLE TRIGGER ALL", "ALTER TABLE audit_seal DISABLE TRIGGER ALL", "ALTER TABLE audit_reason DISABLE TRIGGER ALL")
	}
	for part := range strings.SplitSeq(text, ";") {
		texts = append(texts, strings.TrimSpace(part))
	}
	if err := exec(db, texts...); err != nil {
		t.Fatal(err)
	}
}

// insertBetween removes a row and puts another one in its place.
func insertBetween(t *testing.T, db *store.DB, seq int64) {
	t.Helper()
	asOwner(t, db, fmt.Sprintf("DELETE FROM audit WHERE seq = %d", seq))
	overriding := ""
	if db.Dialect() == "postgres" {
		overriding = "OVERRIDING SYSTEM VALUE"
	}
	if err := exec(db, fmt.Sprintf(`INSERT INTO audit (seq, at, actor, action, subject, center_id, reason, request, detail)
		%s VALUES (%d, 1, 'x', 'y', 'z', '', '', '', '{}')`, overriding, seq)); err != nil {
		t.Fatal(err)
	}
}

func auditIsAppendOnly(t *testing.T, open Opener) {
	db := open(t)
	entries(t, db, 3)
	sealAll(t, db, 3)
	for _, text := range []string{
		"UPDATE audit SET reason = 'x' WHERE seq = 1",
		"DELETE FROM audit WHERE seq = 1",
		"DELETE FROM audit",
		"UPDATE audit_seal SET sealed_at = 0",
		"DELETE FROM audit_seal",
		"UPDATE audit_reason SET body = 'x' WHERE audit_seq = 1",
		"UPDATE audit_reason SET body = '', salt = '', erased_at = 1, erased_for = 'date', about = '' WHERE audit_seq = 1",
		"DELETE FROM audit_reason WHERE audit_seq = 1",
	} {
		if err := exec(db, text); err == nil {
			t.Errorf("%s was allowed", text)
		}
	}
}

func auditVerifies(t *testing.T, open Opener) {
	db := open(t)
	verify := func() {
		t.Helper()
		if bad, err := db.VerifyAudit(context.Background()); bad != 0 || err != nil {
			t.Fatalf("first bad row %d, %v", bad, err)
		}
	}
	verify()
	entries(t, db, 450)
	verify()
	sealAll(t, db, 450)
	verify()
	old, err := db.AuditHead(context.Background())
	if err != nil || old == "" {
		t.Fatalf("head %q, %v", old, err)
	}
	entries(t, db, 3)
	sealAll(t, db, 3)
	sealAll(t, db, 0)
	verify()
	if bad, err := db.VerifyAuditSince(context.Background(), old); bad != 0 || err != nil {
		t.Fatalf("since an older head: %d, %v", bad, err)
	}
	// The newest seal and the kept head both go: only the head kept outside tells.
	head, _ := db.AuditHead(context.Background())
	asOwner(t, db, fmt.Sprintf("DELETE FROM audit WHERE seq > 450; DELETE FROM audit_seal WHERE no = 4; UPDATE meta SET value = '%s' WHERE key = 'audit.head'", old))
	verify()
	if bad, err := db.VerifyAuditSince(context.Background(), head); bad != 451 || !errors.Is(err, store.ErrAuditBroken) {
		t.Fatalf("cut off with its head: %d, %v", bad, err)
	}
}

func auditIsPruned(t *testing.T, open Opener) {
	var now atomic.Int64
	now.Store(1_000_000)
	db := open(t, func(o *store.Options) { o.Clock = func() time.Time { return time.UnixMilli(now.Load()) } })
	entries(t, db, 250)
	sealAll(t, db, 250)
	now.Add(1000)
	entries(t, db, 10)
	sealAll(t, db, 10)
	entries(t, db, 5) // not sealed: stays whatever is asked
	n, err := db.PruneAudit(context.Background(), time.UnixMilli(1_000_500))
	if err != nil || n != 250 {
		t.Fatalf("%d rows went, %v; want 250", n, err)
	}
	if left := number(t, db, `SELECT COUNT(*) FROM audit_reason`); left != 9+5 {
		t.Errorf("%d reasons are left, want those of the 15 rows, of which one has none", left)
	}
	if bad, err := db.VerifyAudit(context.Background()); bad != 0 || err != nil {
		t.Fatalf("after the retention: first bad row %d, %v", bad, err)
	}
	if n, err := db.PruneAudit(context.Background(), time.UnixMilli(9_000_000)); err != nil || n != 10 {
		t.Fatalf("%d rows went, %v; want the 10 sealed ones", n, err)
	}
	sealAll(t, db, 5)
	if bad, err := db.VerifyAudit(context.Background()); bad != 0 || err != nil {
		t.Fatalf("first bad row %d, %v", bad, err)
	}
}

func sealingBesideWriters(t *testing.T, open Opener) {
	db := open(t)
	const writers, each = 8, 40
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
					// A write before the entry gives transactions another order than their numbers.
					if _, err := tx.Exec(ctx, put, fmt.Sprintf("b%d-%d", w, i), "v"); err != nil {
						return none{}, err
					}
					e := account.Entry{Actor: "a", Action: "x", Subject: fmt.Sprint(w, i)}
					return none{}, errors.Join(tx.Record(ctx, e), tx.Record(ctx, e))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan none)
	go func() { all.Wait(); close(done) }()
	sealed := 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		n, err := db.SealAudit(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		sealed += n
	}
	if sealed != 2*writers*each {
		t.Errorf("%d rows sealed of %d", sealed, 2*writers*each)
	}
	if bad, err := db.VerifyAudit(context.Background()); bad != 0 || err != nil {
		t.Fatalf("first bad row %d, %v", bad, err)
	}
}
