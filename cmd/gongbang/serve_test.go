package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gongbang/internal/testkit"
)

func TestServeUntilSIGTERM(t *testing.T) {
	env := folder(t, "GONGBANG_ADMIN_PASSWORD=a-long-password", "GONGBANG_DEV_MAILBOX=on")
	p := startServer(t, env)
	if !strings.Contains(p.said(), `"locks":"inside the process"`) {
		t.Errorf("the start does not tell which locks are used: %s", p.said())
	}
	status, out := callAPI(t, http.MethodPost, p.base+"/api/v1/sessions", "", map[string]string{"login": "admin@localhost", "password": "a-long-password"})
	if status != http.StatusCreated || out["token"] == "" {
		t.Errorf("the first admin can't sign in: %d %v", status, out)
	}
	// An open stream must not hold up the end.
	cli(t, env, "", "import", catalogFile(t, 1, `["09:00","18:00"]`))
	until(t, "the server sees the new catalog", func() bool {
		status, _ := callAPI(t, http.MethodGet, p.base+"/api/v1/equipment/test-machine", "", nil)
		return status == http.StatusOK
	})
	stream, err := http.Get(p.base + "/api/v1/events?equipment=test-machine")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if stream.StatusCode != http.StatusOK {
		t.Fatalf("the stream answers %d", stream.StatusCode)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("SIGTERM ends it with %d", code)
	}
	if !strings.Contains(p.said(), `"msg":"stopped"`) {
		t.Errorf("it did not stop in order: %s", p.said())
	}
}

// Commands work on the folder of a running server, and it sees what they did.
func TestCommandsBesideARunningServer(t *testing.T) {
	env := folder(t, "GONGBANG_DEV_MAILBOX=on", "GONGBANG_JOBS_EVERY=1s")
	p := startServer(t, env)
	if s := cli(t, env, "", "import", catalogFile(t, 1, `["00:00","24:00"]`)); s.code != exitOK {
		t.Fatalf("import: %+v", s)
	}
	if s := cli(t, env, "a-long-password\n", "account", "create", "--name", "시민1", "--email", "one@demo.test", "--role", "citizen", "--password-stdin"); s.code != exitOK {
		t.Fatalf("account: %+v", s)
	}
	status, out := callAPI(t, http.MethodPost, p.base+"/api/v1/sessions", "", map[string]string{"login": "one@demo.test", "password": "a-long-password"})
	if status != http.StatusCreated {
		t.Fatalf("sign-in: %d %v", status, out)
	}
	token, _ := out["token"].(string)
	start := time.Now().UTC().Truncate(time.Hour).Add(26 * time.Hour)
	body := map[string]any{"equipment_id": "test-machine", "starts_at": start, "ends_at": start.Add(time.Hour)}
	if status, out = callAPI(t, http.MethodPost, p.base+"/api/v1/bookings", token, body); status != http.StatusCreated {
		t.Fatalf("booking: %d %v", status, out)
	}
	id, _ := out["id"].(string)
	if status, out = callAPI(t, http.MethodPost, p.base+"/api/v1/bookings", token, body); status != http.StatusConflict {
		t.Errorf("the same time twice: %d %v", status, out)
	}
	if s := cli(t, env, "", "check"); s.code != exitOK || !strings.Contains(s.out, "bookings: 1\n") {
		t.Errorf("check: %+v", s)
	}
	// The center closes at that hour: the booking is listed, then cancelled.
	closed := catalogFile(t, 1, `null`)
	if s := cli(t, env, "", "import", closed); s.code != exitFailed || !strings.Contains(s.err, "test-machine") || !strings.Contains(s.err, "--affected") {
		t.Errorf("an import that breaks bookings: %+v", s)
	}
	if s := cli(t, env, "", "import", closed, "--affected=cancel"); s.code != exitOK || !strings.Contains(s.out, "affected bookings (cancel): 1") {
		t.Errorf("--affected=cancel: %+v", s)
	}
	if status, out = callAPI(t, http.MethodGet, p.base+"/api/v1/bookings/"+id, token, nil); status != http.StatusOK || out["status"] != "cancelled" {
		t.Errorf("the booking after it: %d %v", status, out)
	}
	if code := p.stop(t); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestServeRefusesATakenAddress(t *testing.T) {
	env := folder(t)
	p := startServer(t, env)
	s := cli(t, folder(t), "", "serve", "--addr", strings.TrimPrefix(p.base, "http://"))
	if s.code != exitFailed || !strings.Contains(s.err, "can't be used") {
		t.Errorf("%+v", s)
	}
}

func TestDemoIsLoadedOnceAndHolds(t *testing.T) {
	env := folder(t)
	p := startServer(t, env, "--demo")
	if !strings.Contains(p.said(), "seed 20260901") {
		t.Errorf("the seed is not told: %s", p.said())
	}
	for _, who := range []string{"citizen", "citizen2", "staff", "manager", "admin"} {
		status, out := callAPI(t, http.MethodPost, p.base+"/api/v1/sessions", "", map[string]string{"login": who + "@demo.test", "password": demoPassword})
		if status != http.StatusCreated {
			t.Errorf("%s: %d %v", who, status, out)
		}
	}
	t.Run("the README's six lines", func(t *testing.T) { bookByReadme(t, p.base) })
	if code := p.stop(t); code != 0 {
		t.Errorf("exit %d", code)
	}
	if s := cli(t, env, "", "check"); s.code != exitOK {
		t.Errorf("check: %+v", s)
	}
	again := startServer(t, env, "--demo")
	if !strings.Contains(again.said(), "a demo already") {
		t.Errorf("the second start: %s", again.said())
	}
	again.stop(t)
}

// bookByReadme runs what both READMEs tell a newcomer to type.
func bookByReadme(t *testing.T, base string) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	var lines []string
	for _, name := range []string{"README.md", "README.ko.md"} {
		raw, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(raw), "\napi=")
		snippet, _, ok := strings.Cut(rest, "```")
		if !ok {
			t.Fatalf("%s has no example", name)
		}
		lines = append(lines, "api="+snippet)
	}
	if lines[0] != lines[1] || strings.Count(lines[0], "\n") != 6 {
		t.Errorf("the READMEs differ, or the example has not six lines:\n%s", strings.Join(lines, "\n"))
	}
	var out []byte
	var err error
	for range 2 { // the next free time may begin between two of the lines, but not twice
		out, err = exec.CommandContext(t.Context(), "bash", "-c", strings.Replace(lines[0], "http://127.0.0.1:8080", base, 1)).CombinedOutput()
		if !strings.Contains(string(out), "in_past") {
			break
		}
	}
	if err != nil || !strings.Contains(string(out), `"status":"confirmed"`) {
		t.Errorf("error %v; it answered: %s", err, out)
	}
}

// The figures of the README are those of web/edge.
func TestReadmeTellsTheRateLimits(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "edge", "session.go"))
	if err != nil {
		t.Fatal(err)
	}
	figures := regexp.MustCompile(`PerMinute, \w+Burst = +(\d+), (\d+)`).FindAllSubmatch(source, -1)
	if len(figures) != 2 {
		t.Fatalf("web/edge names %d limits", len(figures))
	}
	for _, name := range []string{"README.md", "README.ko.md"} {
		readme, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range figures {
			if row := fmt.Sprintf("| %s | %s |", f[1], f[2]); !strings.Contains(string(readme), row) {
				t.Errorf("%s does not tell %s", name, row)
			}
		}
	}
}

func TestStartTellsLocksAndWarns(t *testing.T) {
	t.Run("redis", func(t *testing.T) {
		url, _ := testkit.Redis(t)
		p := startServer(t, folder(t, "GONGBANG_REDIS_URL="+url))
		p.stop(t) // all that it said is read by then
		if !strings.Contains(p.said(), `"locks":"redis"`) {
			t.Errorf("it says %s", p.said())
		}
	})
	t.Run("postgres without redis", func(t *testing.T) {
		p := startServer(t, folder(t, "GONGBANG_DATABASE_URL="+testkit.Postgres(t)))
		p.stop(t)
		if !strings.Contains(p.said(), "PostgreSQL without Redis") || !strings.Contains(p.said(), `"database":"postgres"`) {
			t.Errorf("it says %s", p.said())
		}
	})
}
