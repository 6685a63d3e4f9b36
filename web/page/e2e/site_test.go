package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gongbang/internal/testkit"
	"gongbang/testdata"
)

// kst is the zone of the catalogs; a fixed offset, so that no zone file is needed.
var kst = time.FixedZone("KST", 9*60*60)

// site is one running server on a folder of its own.
type site struct {
	data, address, base string
	shift               time.Duration // from the machine's clock to the server's
	args                []string
	cmd                 *exec.Cmd
	done                chan struct{}
	mu                  sync.Mutex
	said                bytes.Buffer
}

// opening is the time at which a fresh site begins: a Tuesday, 10:20, with no
// holiday near, so that the centers of both catalogs are open and tomorrow too.
// It is asked for once: midnight may pass while the tests run.
var opening = sync.OnceValue(func() time.Time {
	var catalog struct {
		Holidays []struct{ Date string }
	}
	if err := json.Unmarshal(testdata.Seoul, &catalog); err != nil {
		panic(err)
	}
	off := map[string]bool{}
	for _, h := range catalog.Holidays {
		off[h.Date] = true
	}
	now := time.Now().In(kst)
	if day, err := time.ParseInLocation("2006-01-02", os.Getenv("TODAY"), kst); err == nil {
		now = day
	}
	for d := 1; ; d++ {
		t := time.Date(now.Year(), now.Month(), now.Day()+d, 10, 20, 0, 0, kst)
		near := false
		for n := -3; n <= 3; n++ {
			near = near || off[t.AddDate(0, 0, n).Format("2006-01-02")]
		}
		if t.Weekday() == time.Tuesday && !near {
			return t
		}
	}
})

// newSite prepares a folder; start lets it serve.
func newSite(data string, at time.Time, args ...string) (*site, error) {
	address, err := testkit.FreeAddress()
	if err != nil {
		return nil, err
	}
	return &site{data: data, address: address, base: "http://" + address, shift: time.Until(at).Truncate(time.Second), args: args}, nil
}

// now is the time that the server goes by.
func (s *site) now() time.Time { return time.Now().Add(s.shift).In(kst) }

// clock is the time of a day from today: clock(1, 9, 0) is tomorrow 9:00.
func (s *site) clock(days, hour, minute int) time.Time {
	n := s.now()
	return time.Date(n.Year(), n.Month(), n.Day()+days, hour, minute, 0, 0, kst)
}

func (s *site) env() []string {
	env := []string{"PATH=/usr/bin:/bin", "HOME=" + s.data}
	for name, text := range map[string]string{
		"DATA": s.data, "CLOCK": fmt.Sprintf("%+ds", int(s.shift.Seconds())), "DEV_MAILBOX": "on", "JOBS_EVERY": "1s",
		"RATE_LIMIT": "off", "SURVEY_DELAY": "0s", "SURVEY_WINDOW": "always", "LOG": "warn",
	} {
		env = append(env, "GONGBANG_"+name+"="+text)
	}
	return env
}

// start starts the server and waits until it is ready.
func (s *site) start() error {
	path, err := program()
	if err != nil {
		return err
	}
	s.done = make(chan struct{})
	s.cmd = exec.Command(path, append([]string{"serve", "--addr", s.address}, s.args...)...)
	s.cmd.Env, s.cmd.Stdout, s.cmd.Stderr = s.env(), s, s
	if err := startBound(s.cmd); err != nil {
		return err
	}
	go func() { defer close(s.done); _ = s.cmd.Wait() }()
	return s.ready()
}

func (s *site) ready() error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(3 * patience) // the demo is loaded first
	for {
		select {
		case <-s.done:
			return fmt.Errorf("the server ended: %s", s.log())
		case <-deadline:
			return fmt.Errorf("the server is never ready: %s", s.log())
		case <-tick.C:
			if res, err := http.Get(s.base + "/readyz"); err == nil {
				res.Body.Close()
				if res.StatusCode == http.StatusOK {
					return nil
				}
			}
		}
	}
}

// command runs a command of the program beside the server.
func (s *site) command(stdin string, args ...string) error {
	path, err := program()
	if err != nil {
		return err
	}
	cmd := exec.Command(path, args...)
	cmd.Env, cmd.Stdin = s.env(), strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("gongbang %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// kill ends the process at once, as a power cut would.
func (s *site) kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	<-s.done
}

func (s *site) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.Write(b)
}

func (s *site) log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return tail(s.said.String(), 4000)
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

// mail is a line of the dev mailbox.
type mail struct {
	Kind, To, Text string
	Links          []string
}

// mails lists what was sent to a contact, the oldest first.
func (s *site) mails(kind, to string) []mail {
	raw, err := os.ReadFile(filepath.Join(s.data, "messages.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		panic(err)
	}
	var out []mail
	for line := range bytes.Lines(raw) {
		var m mail
		if json.Unmarshal(line, &m) == nil && m.Kind == kind && (to == "" || m.To == to) {
			out = append(out, m)
		}
	}
	return out
}

// importing loads a catalog into the folder.
func (s *site) importing(catalog []byte) error {
	file := filepath.Join(s.data, "catalog.json")
	if err := os.WriteFile(file, catalog, 0o600); err != nil {
		return err
	}
	return s.command("", "import", file)
}
