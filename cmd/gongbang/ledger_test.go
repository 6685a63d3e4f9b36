package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongbang/account"
)

// TestLedger: a ledger is brought in whole, a dry run writes nothing, and
// conflicts are named by line, those between two lines of the file too.
func TestLedger(t *testing.T) {
	env := folder(t)
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	day := time.Now().AddDate(0, 0, 40).Format(time.DateOnly)
	ledger := func(lines ...string) string {
		path := filepath.Join(t.TempDir(), "ledger.csv")
		if err := os.WriteFile(path, []byte("\ufeff"+strings.ReplaceAll(strings.Join(lines, "\r\n"), "DAY", day)), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := ledger("전화번호,이름,장비,호기,시작,끝,메모", `010-0000-0011,시민1,test-machine,1,DAY 10:00,DAY 11:30,"견본, 두 벌"`,
		",시민2,test-machine,,DAY 20:00,DAY 21:00,", "01000000011,시민1,test-machine,1호기,DAY 12:00,DAY 13:00,")
	for range 2 {
		if s := cli(t, env, "", "import-bookings", good, "--dry-run"); s.code != exitOK || !strings.Contains(s.out, "3 bookings would be brought in") {
			t.Fatalf("dry: %+v", s)
		}
	}
	if n := guests(t, env); n != 0 {
		t.Errorf("a dry run wrote %d people down", n)
	}
	bad := ledger("phone,name,equipment,unit,start,end", "010-0000-0011,시민1,test-machine,1,DAY 10:00,DAY 11:00",
		"010-0000-0012,시민2,test-machine,1,DAY 10:30,DAY 11:30", "12,시민3,test-machine,,DAY 14:00,DAY 15:00",
		",시민4,no-machine,,DAY 14:00,DAY 15:00", ",시민5,test-machine,,2020-01-01 10:00,2020-01-01 11:00", ",시민6,test-machine,9,DAY 14:00,DAY 15:00")
	s := cli(t, env, "", "import-bookings", bad)
	if s.code != exitFailed || !strings.Contains(s.err, "nothing was written: 5 lines") {
		t.Fatalf("bad: %+v", s)
	}
	for _, line := range []string{":3: slot_taken", ":4: phone phone", ":5: equipment unknown", ":6: in_past: ", ":7: unit max 1"} {
		if !strings.Contains(s.err, line) {
			t.Errorf("%q is not told: %s", line, s.err)
		}
	}
	if s := cli(t, env, "", "import-bookings", good); s.code != exitOK || !strings.Contains(s.out, "3 bookings brought in") {
		t.Fatalf("good, after a refused file: %+v", s)
	}
	if n := guests(t, env); n != 2 { // one phone is one person
		t.Errorf("%d people were written down", n)
	}
	if s := cli(t, env, "", "import-bookings", good); s.code != exitFailed || strings.Count(s.err, "slot_taken") != 3 {
		t.Errorf("twice: %+v", s)
	}
	for _, x := range []struct{ text, says string }{
		{"name,shoe", `no column "shoe"`}, {"name,start,end", "column equipment is missing"}, {"", "names no columns"},
		{"name,equipment,start,end\na,b,tomorrow,DAY 10:00", ":2: start is no time"}, {"name,equipment,start,end\n\"a", ":2: can't be read as CSV"},
		{"name,equipment,start,end\n\xff", "not UTF-8"},
	} {
		if s := cli(t, env, "", "import-bookings", ledger(x.text)); s.code != exitFailed || !strings.Contains(s.err, x.says) {
			t.Errorf("%q: %+v", x.text, s)
		}
	}
}

// guests counts the accounts of a data folder.
func guests(t *testing.T, env []string) int {
	t.Helper()
	cfg, err := loadConfig(env, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openApp(t.Context(), cfg, appOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	p, err := a.accounts.List(t.Context(), operator, account.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return len(p.Items)
}
