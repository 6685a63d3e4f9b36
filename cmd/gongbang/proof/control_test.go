package proof

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the guard is taken away behind the program's back
)

// TestTheLooksGoRed is the control of what the proofs look at: a double
// booking slipped in without the trigger is told by `gongbang check`, and a
// log that speaks of locks, panics or races is noticed.
func TestTheLooksGoRed(t *testing.T) {
	h := topology{processes: 1}.rise(t, raceCatalog())
	p := h.citizens(t, 1)[0]
	caller{base: h.servers[0].base, token: p.token}.want(t, 201, "POST", "/api/v1/bookings", wideSlot(0))
	h.stop()
	db, err := sql.Open("sqlite3", h.file("gongbang.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const twice = "CREATE TEMP TABLE again AS SELECT * FROM booking; UPDATE again SET id = 'again'; INSERT INTO booking SELECT * FROM again"
	if _, err := db.Exec(twice); err == nil || !strings.Contains(err.Error(), "booking_overlap") {
		t.Fatalf("the trigger lets a double booking in: %v", err)
	}
	if _, err := db.Exec("DROP TABLE again; DROP TRIGGER booking_no_overlap_insert; " + twice); err != nil {
		t.Fatal(err)
	}
	got := h.command(t, "", "check")
	if got.code != 1 || !strings.Contains(got.out, "overlapping bookings: 1") || !strings.Contains(got.out, "BROKEN") {
		t.Errorf("check does not see a double booking: %+v", got)
	}
	for _, line := range []string{`{"error":"database is locked"}`, `{"msg":"panic"}`, "WARNING: DATA RACE", "panic: runtime error", "goroutine 7 [running]:"} {
		if !bad.MatchString(line) {
			t.Errorf("a log that says %q passes", line)
		}
	}
	if bad.MatchString(`{"msg":"gongbang serves","locks":"inside the process"}`) {
		t.Error("a sound log does not pass")
	}
}
