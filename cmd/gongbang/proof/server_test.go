package proof

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongbang/internal/testkit"
)

// patience is how long a test waits for what should come at once; only a
// broken program ever waits that long.
const patience = 90 * time.Second

// service is what the processes of one installation share: folder and
// settings. Settings are names without the prefix and their texts.
type service struct {
	binary string
	data   string
	set    map[string]string
}

// newService is a fresh installation with a dev mailbox, jobs that tick each
// second and no rate limits; pairs of further settings win.
func newService(t *testing.T, pairs ...string) *service {
	t.Helper()
	return serviceAt(t.TempDir(), pairs...)
}

func serviceAt(data string, pairs ...string) *service {
	s := &service{binary: binary, data: data, set: map[string]string{
		"DATA": data, "DEV_MAILBOX": "on", "JOBS_EVERY": "1s", "RATE_LIMIT": "off",
		"SURVEY_DELAY": "0s", "SURVEY_WINDOW": "always",
	}}
	s.with(pairs...)
	return s
}

func (s *service) with(pairs ...string) *service {
	for i := 0; i+1 < len(pairs); i += 2 {
		s.set[pairs[i]] = pairs[i+1]
	}
	return s
}

func (s *service) env() []string {
	env := []string{"PATH=/usr/bin:/bin"}
	for name, text := range s.set {
		env = append(env, "GONGBANG_"+name+"="+text)
	}
	return env
}

func (s *service) file(name string) string { return filepath.Join(s.data, name) }

// said is what one run of a command left behind.
type said struct {
	code     int
	out, err string
}

// command runs a command of the program as a process of its own.
func (s *service) command(t *testing.T, stdin string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Env, cmd.Stdin = s.env(), strings.NewReader(stdin)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("gongbang %s does not end", strings.Join(args, " "))
	}
	if cmd.ProcessState == nil {
		t.Fatalf("gongbang %s: %v", strings.Join(args, " "), err)
	}
	return said{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// must runs a command that has to succeed.
func (s *service) must(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got := s.command(t, stdin, args...)
	if got.code != 0 {
		t.Fatalf("gongbang %s: %+v", strings.Join(args, " "), got)
	}
	return got.out
}

// holds runs `gongbang check` and wants every invariant kept.
func (s *service) holds(t *testing.T) {
	t.Helper()
	out := s.must(t, "", "check")
	if !strings.Contains(out, "overlapping bookings: 0\n") {
		t.Fatalf("check: %s", out)
	}
}

// server is one process that serves.
type server struct {
	t       *testing.T
	service *service
	cmd     *exec.Cmd
	base    string
	took    time.Duration // from the start of the process until it was ready
	done    chan struct{}
	mu      sync.Mutex
	log     bytes.Buffer
}

// start starts one more process of the service and waits until it is ready.
func (s *service) start(t *testing.T) *server {
	t.Helper()
	return s.startAt(t, freeAddress(t))
}

func (s *service) startAt(t *testing.T, address string) *server {
	t.Helper()
	p := &server{t: t, service: s, base: "http://" + address, done: make(chan struct{})}
	p.cmd = exec.Command(s.binary, "serve", "--addr", address)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = s.env(), p, p
	began := time.Now()
	if err := startBound(p.cmd); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", p.base, tail(p.said(), 4000))
		}
	})
	p.ready()
	p.took = time.Since(began)
	return p
}

func (p *server) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *server) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

func (p *server) ready() {
	p.t.Helper()
	until(p.t, "the server is ready", func() bool {
		select {
		case <-p.done:
			p.t.Fatalf("the server ended: %s", tail(p.said(), 4000))
		default:
		}
		return p.isReady()
	})
}

func (p *server) isReady() bool {
	res, err := http.Get(p.base + "/readyz")
	if err != nil {
		return false
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// until asks again and again, for as long as patience.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
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

// kill ends the process with SIGKILL and waits until it is gone.
func (p *server) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGCONT) // a stopped one dies as well; its clients learn it at once
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *server) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatalf("%v to the server: %v", sig, err)
	}
}

// stop asks it to end, waits, and looks at what it said.
func (p *server) stop() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatal("SIGTERM does not end the server")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		p.t.Errorf("the server ended with %d: %s", code, tail(p.said(), 4000))
	}
	p.sound()
}

// bad is what no log of a sound server says, whatever its clients do.
var bad = regexp.MustCompile(`(?i)database (table )?is locked|SQLITE_BUSY|"msg":"panic"|^panic:|DATA RACE|goroutine \d+ \[`)

// sound fails when the log tells of a panic, a data race or a lock error.
func (p *server) sound() {
	p.t.Helper()
	for line := range strings.Lines(p.said()) {
		if bad.MatchString(line) {
			p.t.Errorf("the log says: %s", tail(line, 2000))
			return
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	address, err := testkit.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// kst is the zone of the test catalogs; a fixed offset, so that no zone file is needed.
var kst = time.FixedZone("KST", 9*60*60)

// shift is the text of the setting CLOCK that makes it be then, now.
func shift(then time.Time) string {
	return fmt.Sprintf("+%dms", time.Until(then).Milliseconds())
}
