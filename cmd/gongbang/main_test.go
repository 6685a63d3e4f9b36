package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongbang/internal/testkit"
)

// beTheProgram makes the test binary run as gongbang: real processes, with the
// race detector in them, and nothing to build twice.
const beTheProgram = "BE_GONGBANG"

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// patience is how long a test waits for what should come at once; only a
// broken program ever waits that long.
const patience = 2 * time.Minute

// said is what one run of the program left behind.
type said struct {
	code     int
	out, err string
}

// cli runs a command inside the test process, with nothing from outside.
func cli(t *testing.T, env []string, stdin string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errOut bytes.Buffer
	code := run(ctx, args, env, strings.NewReader(stdin), &out, &errOut)
	return said{code, out.String(), errOut.String()}
}

// folder is the environment of a fresh data folder.
func folder(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{"GONGBANG_DATA=" + t.TempDir()}, more...)
}

func dataOf(env []string) string { return strings.TrimPrefix(env[0], "GONGBANG_DATA=") }

// process is the program as a process of its own.
type process struct {
	cmd  *exec.Cmd
	base string
	done chan struct{}
	mu   sync.Mutex
	log  bytes.Buffer
}

// startServer starts serve on a free port and waits until it is ready.
func startServer(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddr(t)
	p := &process{base: "http://" + addr, done: make(chan struct{})}
	p.cmd = exec.Command(self, append([]string{"serve", "--addr", addr}, args...)...)
	p.cmd.Env = append([]string{beTheProgram + "=1"}, env...)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout = p
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		_, _ = io.Copy(p, bufio.NewReader(stderr))
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("the server said:\n%s", p.said())
		}
	})
	p.ready(t)
	return p
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

func freeAddr(t testing.TB) string {
	t.Helper()
	address, err := testkit.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func (p *process) ready(t testing.TB) {
	t.Helper()
	until(t, "the server is ready", func() bool {
		select {
		case <-p.done:
			t.Fatalf("the server ended: %s", p.said())
		default:
		}
		res, err := http.Get(p.base + "/readyz")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
}

// until asks again and again, for as long as patience.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

// stop sends SIGTERM and waits for the end.
func (p *process) stop(t testing.TB) int {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		t.Fatal("SIGTERM does not end the server")
	}
	return p.cmd.ProcessState.ExitCode()
}

// callAPI sends JSON and reads JSON.
func callAPI(t *testing.T, method, url, token string, body any) (int, map[string]any) {
	t.Helper()
	var payload io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		payload = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, payload)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := map[string]any{}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil && err != io.EOF {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return res.StatusCode, out
}

// catalogFile writes a small catalog into a file of the test.
func catalogFile(t *testing.T, quantity int, hours string) string {
	t.Helper()
	days := map[string]any{}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		days[d] = json.RawMessage(hours)
	}
	doc, err := json.Marshal(map[string]any{"catalog": "test", "time_zone": "Asia/Seoul", "centers": []any{map[string]any{
		"id": "test-center", "name": map[string]string{"ko": "시험 센터", "en": "Test center"}, "operator": "city", "hours": days,
		"eligibility": map[string]any{"groups": "anyone"}, "policy": map[string]any{"slot_minutes": 60},
		"equipment": []any{map[string]any{"id": "test-machine", "name": map[string]string{"ko": "장비", "en": "Machine"},
			"category": "sewing", "quantity": quantity, "mode": "self"}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "catalog.json")
	if err := os.WriteFile(path, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
