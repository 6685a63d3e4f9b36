package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	c, err := loadConfig([]string{"HOME=/", "PATH=/bin"}, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "127.0.0.1:8080" || c.PublicURL != "http://127.0.0.1:8080" || c.KeyFile != "data/server.key" {
		t.Errorf("addr %q, public %q, key %q", c.Addr, c.PublicURL, c.KeyFile)
	}
	if c.SurveyDelay != span(2*time.Hour) || c.SurveyWindow != (window{From: 540, To: 1200}) || c.JobsEvery != tickSpan(time.Minute) {
		t.Errorf("survey %v %v, jobs %v", c.SurveyDelay, c.SurveyWindow, c.JobsEvery)
	}
	if !bool(c.RateLimit) || c.Streams != 2000 || bool(c.DevMailbox) || !c.loopback() {
		t.Errorf("limit %v, streams %v, mailbox %v, loopback %v", c.RateLimit, c.Streams, c.DevMailbox, c.loopback())
	}
}

func TestSettingsAreTakenAndRefused(t *testing.T) {
	const mailbox = "GONGBANG_DEV_MAILBOX=on"
	for _, c := range []struct {
		name, text string
		good       bool
	}{
		{"ADDR", "0.0.0.0:80", true}, {"ADDR", "[::1]:0", true}, {"ADDR", ":8080", true},
		{"ADDR", "8080", false}, {"ADDR", "localhost:http", false}, {"ADDR", "h:65536", false},
		{"DATABASE_URL", "postgres://u:p@h/db", true}, {"DATABASE_URL", "postgresql://h/db", true}, {"DATABASE_URL", "postgres:///db?host=/run/postgresql", true}, {"DATABASE_URL", "postgres://", false}, {"DATABASE_URL", "mysql://h/db", false},
		{"REDIS_URL", "redis://h:6379/1", true}, {"REDIS_URL", "unix:///run/redis.sock", true}, {"REDIS_URL", "rediss://a,rediss://b", true}, {"REDIS_URL", "redis://a:1, b:2", true},
		{"REDIS_URL", "h:6379", false}, {"REDIS_URL", "unix://", false}, {"REDIS_URL", "redis://a,,redis://b", false},
		{"PUBLIC_URL", "https://gongbang.test", true}, {"PUBLIC_URL", "gongbang.test", false}, {"PUBLIC_URL", "javascript:alert(1)", false},
		{"SMTP_URL", "smtp://u:p@mail.test:587", true}, {"SMTP_URL", "mail.test:25", false},
		{"SMS_URL", "https://u:s@sms.test/send", true}, {"SMS_URL", "sms.test", false},
		{"DEV_MAILBOX", "on", true}, {"DEV_MAILBOX", "yes", false},
		{"SURVEY_DELAY", "0s", true}, {"SURVEY_DELAY", "2", false}, {"SURVEY_DELAY", "-1h", false},
		{"SURVEY_SHARE", "all", true}, {"SURVEY_SHARE", "not-used=50,yearly=0", true}, {"SURVEY_SHARE", "use=101", false},
		{"SURVEY_SHARE", "nothing=5", false}, {"SURVEY_SHARE", "use", false}, {"SURVEY_SHARE", "use=5,", false},
		{"SURVEY_WINDOW", "always", true}, {"SURVEY_WINDOW", "08:30-24:00", true},
		{"SURVEY_WINDOW", "20:00-09:00", false}, {"SURVEY_WINDOW", "09:00-24:30", false}, {"SURVEY_WINDOW", "9-20", false},
		{"JOBS_EVERY", "1s", true}, {"JOBS_EVERY", "999ms", false}, {"JOBS_EVERY", "", true},
		{"RATE_LIMIT", "off", true}, {"RATE_LIMIT", "0", false},
		{"STREAMS", "1", true}, {"STREAMS", "0", false}, {"STREAMS", "many", false},
		{"TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16,::1", true}, {"TRUSTED_PROXIES", "10.0.0.0/33", false},
		{"LOG", "debug", true}, {"LOG", "INFO", false},
		{"ADMIN_PASSWORD", "a long password", true}, {"ADMIN_PASSWORD", "short", false},
		{"CLOCK", "+40d", true}, {"CLOCK", "+36h", true}, {"CLOCK", "-1d12h30m", true},
		{"CLOCK", "40d", false}, {"CLOCK", "+", false}, {"CLOCK", "+40", false}, {"CLOCK", "+1w", false},
	} {
		env := []string{mailbox, prefix + c.name + "=" + c.text}
		if c.name == "DEV_MAILBOX" {
			env = env[1:]
		}
		_, err := loadConfig(env, nil, false)
		if (err == nil) != c.good {
			t.Errorf("%s=%q: error %v, should be good: %v", c.name, c.text, err, c.good)
		}
		if err != nil && (!strings.Contains(err.Error(), prefix+c.name) || !strings.Contains(err.Error(), "allowed is ")) {
			t.Errorf("%s=%q: the sentence names neither the setting nor what is allowed: %v", c.name, c.text, err)
		}
	}
}

func TestShiftIsCounted(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"+40d": 40 * 24 * time.Hour, "-2h": -2 * time.Hour, "+1d12h": 36 * time.Hour, "-1d1h": -25 * time.Hour,
	} {
		var v shift
		if !v.set(text) || time.Duration(v) != want {
			t.Errorf("%s is %v, want %v", text, time.Duration(v), want)
		}
	}
}

func TestUnknownSettingIsAnError(t *testing.T) {
	_, err := loadConfig([]string{"GONGBANG_RATELIMIT=off"}, nil, false)
	if err == nil || !strings.Contains(err.Error(), "GONGBANG_RATELIMIT") {
		t.Errorf("got %v", err)
	}
}

func TestClockNeedsTheMailbox(t *testing.T) {
	env := []string{"GONGBANG_CLOCK=+40d"}
	if _, err := loadConfig(env, nil, false); err == nil || !strings.Contains(err.Error(), "GONGBANG_DEV_MAILBOX=on") {
		t.Errorf("got %v", err)
	}
	c, err := loadConfig(env, nil, true) // the demo has the mailbox on
	if err != nil {
		t.Fatal(err)
	}
	if d := time.Until(c.now()); d < 39*24*time.Hour {
		t.Errorf("shifted by %v", d)
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	env := []string{"GONGBANG_ADDR=127.0.0.1:1", "GONGBANG_DEV_MAILBOX=off"}
	c, err := loadConfig(env, map[string]string{"addr": "127.0.0.1:2"}, true)
	if err != nil || c.Addr != "127.0.0.1:2" || bool(c.DevMailbox) {
		t.Errorf("addr %v, mailbox %v, error %v", c.Addr, c.DevMailbox, err)
	}
	_, err = loadConfig(nil, map[string]string{"jobs-every": "soon"}, false)
	if err == nil || !strings.Contains(err.Error(), `--jobs-every is "soon"`) {
		t.Errorf("got %v", err)
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	for _, s := range settings(&Config{}) {
		if !s.secret {
			continue
		}
		err := s.set(s.Name, "hunter2")
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	// The contract has 18; the share that each rule asks is beside it.
	if s := settings(&Config{}); len(s) != 19 {
		t.Errorf("%d settings, want 19", len(s))
	}
}

func TestLoopback(t *testing.T) {
	for addr, want := range map[hostPort]bool{
		"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, "127.9.9.9:1": true,
		":8080": false, "0.0.0.0:1": false, "10.0.0.1:1": false, "[::]:1": false, "demo.test:1": false,
	} {
		if got := (&Config{Addr: addr}).loopback(); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

// The tables are written by hand nowhere: run the test with UPDATE=1 after a
// change of Config, and it puts them between the two marks of each README.
func TestReadmeTablesFollowTheStruct(t *testing.T) {
	const from, to = "<!-- settings -->\n", "<!-- /settings -->"
	for name, table := range map[string]string{
		"README.md":    settingsTable("| name | default | meaning |", func(s setting) string { return s.En + "; allowed: " + s.Allowed }),
		"README.ko.md": settingsTable("| 이름 | 기본값 | 뜻 |", func(s setting) string { return s.Ko }),
	} {
		path := filepath.Join("..", "..", name)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, rest, ok := strings.Cut(string(raw), from)
		old, tail, ok2 := strings.Cut(rest, to)
		if !ok || !ok2 {
			t.Fatalf("%s has no settings marks", name)
		}
		if old == table {
			continue
		}
		if os.Getenv("UPDATE") == "" {
			t.Errorf("%s: the settings table differs from the struct; run UPDATE=1 go test ./cmd/gongbang -run Readme", name)
			continue
		}
		if err := os.WriteFile(path, []byte(head+from+table+to+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
