package proof

import (
	"database/sql"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // a database is made newer than the program
)

// trace is what a person who runs the program never has to read.
var trace = regexp.MustCompile(`goroutine \d+|panic:|\.go:\d+|runtime error`)

// TestBadStarts starts the program where it must not run: it ends at once,
// with a sentence and without a stack trace, and prints no secret.
func TestBadStarts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() }) // after the parallel parts
	const secret = "hunter2-not-in-a-log"
	free := func(s *service) { s.with("ADDR", freeAddress(t)) }
	write := func(s *service, name, text string, mode os.FileMode) {
		if err := os.WriteFile(s.file(name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		spoil func(s *service)
		says  string // a word of the sentence
	}{
		"key file that others can read": {func(s *service) { write(s, "server.key", strings.Repeat("ab", 32)+"\n", 0o644) }, "chmod 600"},
		"key file with garbage":         {func(s *service) { write(s, "server.key", "garbage\n", 0o600) }, "is no key"},
		"key file with three lines":     {func(s *service) { write(s, "server.key", strings.Repeat(strings.Repeat("ab", 32)+"\n", 3), 0o600) }, "lines"},
		"key file that is a folder":     {func(s *service) { s.with("KEY_FILE", s.data) }, "is not a file"},
		"newer schema":                  {func(s *service) { newer(t, s) }, "newer"},
		"changed migration":             {func(s *service) { spoilMigration(t, s) }, "migration"},
		"database that is none":         {func(s *service) { write(s, "gongbang.db", strings.Repeat("this is no database\n", 500), 0o600) }, "database"},
		"data folder that is a file":    {func(s *service) { write(s, "file", "", 0o600); s.with("DATA", s.file("file")) }, "folder"},
		"unknown setting":               {func(s *service) { s.with("ADDRES", "127.0.0.1:1") }, "GONGBANG_ADDRES"},
		"address that is taken":         {func(s *service) { s.with("ADDR", taken.Addr().String()) }, "can't be used"},
		"address that is none":          {func(s *service) { s.with("ADDR", "here") }, "ADDR"},
		"PostgreSQL that is not there":  {func(s *service) { s.with("DATABASE_URL", "postgres://u:"+secret+"@127.0.0.1:1/none") }, "database"},
		"PostgreSQL URL that is none":   {func(s *service) { s.with("DATABASE_URL", "mysql://u:"+secret+"@127.0.0.1:1/none") }, "DATABASE_URL"},
		"Redis URL that is none":        {func(s *service) { s.with("REDIS_URL", "http://u:"+secret+"@127.0.0.1:1") }, "REDIS_URL"},
		"delay that is none":            {func(s *service) { s.with("SURVEY_DELAY", "soon") }, "SURVEY_DELAY"},
		"shifted clock for real people": {func(s *service) { s.with("CLOCK", "+1d", "DEV_MAILBOX", "off") }, "CLOCK"},
		"short password":                {func(s *service) { s.with("ADMIN_PASSWORD", "short") }, "ADMIN_PASSWORD"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			free(s)
			c.spoil(s)
			began := time.Now()
			got := s.command(t, "", "serve")
			sentence := strings.TrimSpace(got.err)
			switch {
			case got.code == 0:
				t.Errorf("it ran: %+v", got)
			case trace.MatchString(got.err + got.out):
				t.Errorf("it shows a stack trace: %s", got.err)
			case !strings.Contains(sentence, c.says) || len(sentence) < 20:
				t.Errorf("it says %q, nothing of %q", sentence, c.says)
			case strings.Contains(got.err+got.out, secret) || strings.Contains(got.err+got.out, "abababab"):
				t.Errorf("it prints a secret: %s", got.err)
			}
			t.Logf("exit %d after %s: %s", got.code, time.Since(began).Round(time.Millisecond), sentence)
		})
	}
	t.Run("Redis that is not there is no bad start", func(t *testing.T) {
		t.Parallel()
		newService(t, "REDIS_URL", "redis://127.0.0.1:1/0").start(t).stop()
	})
}

// newer makes a database of a later version of the program.
func newer(t *testing.T, s *service) {
	spoil(t, s, "INSERT INTO schema_migration (no, name, checksum, applied_at) VALUES (9999, '9999_later', 'x', 0)")
}

// spoilMigration makes a database whose history is not this program's.
func spoilMigration(t *testing.T, s *service) {
	spoil(t, s, "UPDATE schema_migration SET checksum = 'other' WHERE no = 1")
}

func spoil(t *testing.T, s *service, statement string) {
	t.Helper()
	s.imports(t, raceCatalog())
	db, err := sql.Open("sqlite3", s.file("gongbang.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
