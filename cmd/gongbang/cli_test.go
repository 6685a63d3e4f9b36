package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMisuseIsExplained(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"fly"}, "no command"},
		{[]string{"serve", "now"}, `"now" is too much`},
		{[]string{"serve", "--port", "1"}, "-port"},
		{[]string{"serve", "--demo-public"}, "--demo"},
		{[]string{"import"}, "which file"},
		{[]string{"import", "a", "b"}, "one file"},
		{[]string{"import", "a", "--affected=drop"}, "keep or cancel"},
		{[]string{"import-bookings"}, "which file"},
		{[]string{"import-bookings", "a", "--wet-run"}, "too much"},
		{[]string{"account"}, "create or password"},
		{[]string{"account", "delete"}, "create or password"},
		{[]string{"account", "create", "--email", "a@demo.test", "--role", "admin"}, "--name"},
		{[]string{"account", "create", "--name", "시민1", "--role", "citizen"}, "--email or --phone"},
		{[]string{"account", "create", "--name", "시민1", "--email", "a@demo.test", "--role", "king"}, "citizen, staff, manager or admin"},
		{[]string{"account", "create", "--name", "직원1", "--email", "a@demo.test", "--role", "staff"}, "--center"},
		{[]string{"account", "create", "--name", "시민1", "--email", "a@demo.test", "--role", "citizen", "--center", "x"}, "no --center"},
		{[]string{"account", "password", "a@demo.test"}, "--password-stdin"},
		{[]string{"account", "password", "a", "b", "--password-stdin"}, "too much"},
		{[]string{"check", "all"}, "nothing behind"},
		{[]string{"backup"}, "where the copy goes"},
		{[]string{"load"}, "rush or steady"},
		{[]string{"load", "rush", "--people", "0"}, "above 0"},
		{[]string{"help", "fly"}, "no command"},
	} {
		s := cli(t, folder(t), "", c.args...)
		if s.code != exitMisused || !strings.Contains(s.err, c.says) || s.out != "" {
			t.Errorf("%q: code %d, says %q, should name %q", c.args, s.code, s.err, c.says)
		}
	}
}

func TestHelpNamesEverything(t *testing.T) {
	s := cli(t, nil, "")
	for _, c := range commands() {
		if !strings.Contains(s.out, "\n  "+c.name+" ") {
			t.Errorf("help does not name %s", c.name)
		}
		for _, args := range [][]string{{"help", c.name}, {c.name, "--help"}} {
			if h := cli(t, nil, "", args...); h.code != exitOK || !strings.HasPrefix(h.out, "usage: gongbang "+c.name) {
				t.Errorf("%q: code %d, %q", args, h.code, h.out)
			}
		}
	}
	settingsText := cli(t, nil, "", "help", "settings").out
	for _, set := range settings(&Config{}) {
		if !strings.Contains(settingsText, set.Name+"\n") {
			t.Errorf("help settings does not name %s", set.Name)
		}
	}
	if v := cli(t, nil, "", "version"); v.code != exitOK || !strings.HasPrefix(v.out, "gongbang ") {
		t.Errorf("version: %+v", v)
	}
}

func TestUnknownSettingsStopEveryCommand(t *testing.T) {
	for _, args := range [][]string{{"serve"}, {"import", "x.json"}, {"check"}, {"backup", "x"},
		{"account", "create", "--name", "시민1", "--email", "a@demo.test", "--role", "citizen"}} {
		s := cli(t, folder(t, "GONGBANG_RATELIMIT=off"), "", args...)
		if s.code != exitFailed || !strings.Contains(s.err, "GONGBANG_RATELIMIT") {
			t.Errorf("%q: %+v", args, s)
		}
	}
}

func TestImportIsAllOrNothingAndAgainWithoutHarm(t *testing.T) {
	env := folder(t)
	good := catalogFile(t, 2, `["09:00","18:00"]`)
	first := cli(t, env, "", "import", good)
	if first.code != exitOK || !strings.Contains(first.out, "1 centers, 1 kinds of machine, 2 units; revision") {
		t.Fatalf("first: %+v", first)
	}
	if again := cli(t, env, "", "import", good); again.code != exitOK || !strings.Contains(again.out, "unchanged") {
		t.Errorf("again: %+v", again)
	}
	bad := catalogFile(t, 0, `["18:00","09:00"]`)
	s := cli(t, env, "", "import", bad)
	if s.code != exitFailed || !strings.Contains(s.err, "centers[0].hours.mon") || !strings.Contains(s.err, "nothing was changed") {
		t.Errorf("bad: %+v", s)
	}
	if after := cli(t, env, "", "import", good); !strings.Contains(after.out, "unchanged") {
		t.Errorf("a refused import changed something: %+v", after)
	}
	if s := cli(t, env, "", "import", filepath.Join(t.TempDir(), "none.json")); s.code != exitFailed || !strings.Contains(s.err, "can't be read") {
		t.Errorf("missing file: %+v", s)
	}
}

func TestAccountsFromTheCommandLine(t *testing.T) {
	env := folder(t)
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	staff := []string{"account", "create", "--name", "직원1", "--email", "staff@demo.test", "--phone", "010-0000-0005", "--role", "staff", "--center", "test-center", "--password-stdin"}
	if s := cli(t, env, "journey-journey\n", staff...); s.code != exitOK {
		t.Errorf("create: %+v", s)
	}
	if s := cli(t, env, "journey-journey\n", staff...); s.code != exitFailed || !strings.Contains(s.err, "taken") {
		t.Errorf("twice: %+v", s)
	}
	staff[11] = "no-such-center"
	if s := cli(t, env, "journey-journey\n", staff...); s.code != exitFailed || !strings.Contains(s.err, "no-such-center") {
		t.Errorf("unknown center: %+v", s)
	}
	if s := cli(t, env, "short\n", "account", "password", "staff@demo.test", "--password-stdin"); s.code != exitFailed {
		t.Errorf("short password: %+v", s)
	}
	if s := cli(t, env, "", "account", "password", "staff@demo.test", "--password-stdin"); s.code != exitFailed || !strings.Contains(s.err, "no password") {
		t.Errorf("no password: %+v", s)
	}
	if s := cli(t, env, "another-password\n", "account", "password", "staff@demo.test", "--password-stdin"); s.code != exitOK {
		t.Errorf("password: %+v", s)
	}
	if s := cli(t, env, "another-password\n", "account", "password", "nobody@demo.test", "--password-stdin"); s.code != exitFailed {
		t.Errorf("unknown login: %+v", s)
	}
}

func TestCheckAndBackup(t *testing.T) {
	env := folder(t)
	if s := cli(t, env, "", "check"); s.code != exitFailed || !strings.Contains(s.err, "no database") {
		t.Errorf("check of nothing: %+v", s)
	}
	if _, err := os.Stat(filepath.Join(dataOf(env), "gongbang.db")); err == nil {
		t.Error("check made a database")
	}
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	s := cli(t, env, "", "check")
	if s.code != exitOK || !strings.HasPrefix(s.out, "overlapping bookings: 0\n") || !strings.Contains(s.out, "invariants hold\n") {
		t.Errorf("check: %+v", s)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if s := cli(t, env, "", "backup", copied); s.code != exitOK {
		t.Fatalf("backup: %+v", s)
	}
	if s := cli(t, env, "", "backup", copied); s.code != exitFailed || !strings.Contains(s.err, "there already") {
		t.Errorf("backup over a file: %+v", s)
	}
	restored := folder(t)
	raw, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dataOf(restored), "gongbang.db"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := cli(t, restored, "", "check"); s.code != exitOK {
		t.Errorf("check of the restored copy: %+v", s)
	}
}

func TestDemoRefusals(t *testing.T) {
	for _, c := range []struct {
		env  []string
		args []string
		says string
	}{
		{nil, []string{"--addr", "0.0.0.0:0"}, "loopback"},
		{[]string{"GONGBANG_DEV_MAILBOX=off"}, []string{"--addr", "127.0.0.1:0"}, "dev mailbox"},
		{[]string{"GONGBANG_SMTP_URL=smtp://mail.test"}, []string{"--addr", "127.0.0.1:0"}, "dev mailbox"},
	} {
		s := cli(t, folder(t, c.env...), "", append([]string{"serve", "--demo"}, c.args...)...)
		if s.code != exitFailed || !strings.Contains(s.err, c.says) {
			t.Errorf("%v %v: %+v", c.env, c.args, s)
		}
	}
	env := folder(t)
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	if s := cli(t, env, "", "serve", "--demo", "--addr", "127.0.0.1:0"); s.code != exitFailed || !strings.Contains(s.err, "other data") {
		t.Errorf("a real database: %+v", s)
	}
}
