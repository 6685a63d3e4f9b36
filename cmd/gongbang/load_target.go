package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gongbang/store"
)

// target is the server under load and the database behind it.
type target struct {
	url     string
	zone    *time.Location
	config  *Config
	db      *store.DB
	own     *exec.Cmd // nil: it ran before
	folder  string    // of the own server
	mailbox *mailboxTail
}

// openTarget finds the server, or starts one, and gives its database the
// machines that the load is about.
func openTarget(ctx context.Context, c call, p loadPlan) (*target, error) {
	t := &target{url: strings.TrimRight(p.url, "/")}
	env := c.env
	if p.url == "" {
		var err error
		if env, err = t.ownSettings(env); err != nil {
			return nil, err
		}
	}
	err := t.prepare(ctx, env)
	if err == nil && p.url == "" {
		err = t.start(ctx, env, c.errOut)
	}
	if err == nil {
		err = t.ready(ctx)
	}
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// ownSettings is env for a server of our own: temporary folder, free port, no limits.
func (t *target) ownSettings(env []string) ([]string, error) {
	var err error
	if t.folder, err = os.MkdirTemp("", "gongbang-load-"); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	t.url = "http://" + addr
	own := map[string]string{
		"ADDR": addr, "DATA": t.folder, "KEY_FILE": "", "PUBLIC_URL": "", "SMTP_URL": "", "SMS_URL": "", "CLOCK": "",
		"DEV_MAILBOX": "on", "JOBS_EVERY": "1s", "RATE_LIMIT": "off", "LOG": "warn",
	}
	return withSettings(env, own), nil
}

// withSettings is env with other values for the settings named (without prefix).
func withSettings(env []string, other map[string]string) []string {
	var out []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		if _, ok := other[strings.TrimPrefix(name, prefix)]; !ok || !strings.HasPrefix(name, prefix) {
			out = append(out, e)
		}
	}
	for name, text := range other {
		out = append(out, prefix+name+"="+text)
	}
	return out
}

// prepare opens the database, refuses one that holds something else, and imports the machines.
func (t *target) prepare(ctx context.Context, env []string) (err error) {
	if t.config, err = loadConfig(env, nil, false); err != nil {
		return err
	}
	if t.db, err = openStore(ctx, t.config, t.config.now, patiently); err != nil {
		return err
	}
	name, err := catalogName(ctx, t.db)
	if err != nil {
		return err
	}
	if name != "" && name != loadCatalog {
		return fmt.Errorf("the database holds the catalog %q; load uses an empty database, or one that an earlier load made", name)
	}
	t.zone = time.UTC
	t.mailbox = newMailboxTail(t.config.mailboxFile())
	return importLoadCatalog(ctx, t.db)
}

func (t *target) start(ctx context.Context, env []string, errOut io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	t.own = exec.CommandContext(context.WithoutCancel(ctx), self, "serve")
	t.own.Env, t.own.Stderr, t.own.Dir = env, errOut, t.folder
	return t.own.Start()
}

// ready waits until the server answers.
func (t *target) ready(ctx context.Context) error {
	client := newLoadClient(t.url, 1)
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		a, err := client.call(ctx, http.MethodGet, "/readyz", "", nil)
		if err == nil && a.status == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no server is ready at %s: %w", t.url, errors.Join(err, ctx.Err()))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (t *target) describe() string {
	locks := "locks in the process"
	if t.config.RedisURL != "" {
		locks = "locks in Redis"
	}
	return fmt.Sprintf("%d centers, %d slots, %s, %s", loadCenters, loadCenters*loadMachines*loadHours*loadDays, t.db.Dialect(), locks)
}

// pid is the own server's; 0 where it ran before, and its figures can't be had.
func (t *target) pid() int {
	if t.own == nil || t.own.Process == nil {
		return 0
	}
	return t.own.Process.Pid
}

func (t *target) usage() usage { return usageOf(t.pid()) }

// printMemory shows what the own server took before the load and at most.
func (t *target) printMemory(out io.Writer, idle usage) {
	if u := t.usage(); u.peak > 0 {
		fmt.Fprintf(out, "memory of the server: %s idle, %s at most\n", mebi(idle.rss), mebi(u.peak))
	}
}

// verdict holds the invariants against the database after the load.
func (t *target) verdict(ctx context.Context, out io.Writer) error {
	r, err := t.db.Check(ctx, t.config.now())
	if err != nil {
		return err
	}
	return printCheck(out, r)
}

// close stops what openTarget started and removes its folder.
func (t *target) close() {
	if t.own != nil && t.own.Process != nil {
		_ = t.own.Process.Signal(os.Interrupt)
		_ = t.own.Wait()
	}
	if t.db != nil {
		_ = t.db.Close()
	}
	if t.folder != "" {
		_ = os.RemoveAll(filepath.Clean(t.folder))
	}
}

// preparePeople makes the accounts. All but the percentage that signs in by
// code come with an open session, as people who are signed in for a month do.
func (t *target) preparePeople(ctx context.Context, p loadPlan) ([]loadPerson, error) {
	rnd := rand.New(rand.NewPCG(p.seed, 1))
	people := make([]loadPerson, p.people)
	for i := range people {
		people[i] = loadPerson{login: fmt.Sprintf("load%d@demo.test", i+1), wants: t.anySlot(rnd)}
	}
	byCode := int(float64(p.people) * p.byCode / 100)
	if p.kind == "steady" {
		byCode = 0
	}
	if err := writePeople(ctx, t, people, byCode); err != nil {
		return nil, err
	}
	return people, nil
}

// anySlot is one of the slots, each as likely as the others.
func (t *target) anySlot(rnd *rand.Rand) slot {
	now := t.config.now().In(t.zone)
	day := time.Date(now.Year(), now.Month(), now.Day()+1+rnd.IntN(loadDays), loadFirstHour+rnd.IntN(loadHours), 0, 0, 0, t.zone)
	return slot{Equipment: loadMachine(rnd.IntN(loadCenters), rnd.IntN(loadMachines)), Start: day, End: day.Add(time.Hour)}
}

func loadMachine(center, machine int) string { return fmt.Sprintf("load-%02d-%d", center+1, machine+1) }
