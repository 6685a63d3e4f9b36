package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"gongbang/account"
	"gongbang/web/edge"
)

const (
	// drainFor is how long running requests may take after a signal, and
	// stopFor how long jobs may: together less than the 10 s that are promised.
	drainFor = 6 * time.Second
	stopFor  = 2 * time.Second
)

// serveFlags is what stands behind serve.
type serveFlags struct {
	demo, public bool
	settings     map[string]string // name of a flag → its text
}

func parseServe(args []string) (serveFlags, error) {
	f := serveFlags{settings: map[string]string{}}
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&f.demo, "demo", false, "")
	fs.BoolVar(&f.public, "demo-public", false, "")
	for _, s := range settings(&Config{}) {
		if s.Flag != "" {
			fs.Func(s.Flag, "", func(text string) error { f.settings[s.Flag] = text; return nil })
		}
	}
	if err := fs.Parse(args); err != nil {
		return f, misuse{err}
	}
	if fs.NArg() > 0 {
		return f, misused("%q is too much", fs.Arg(0))
	}
	if f.public && !f.demo {
		return f, misused("--demo-public goes with --demo")
	}
	return f, nil
}

func runServe(ctx context.Context, c call) error {
	f, err := parseServe(c.args)
	if err != nil {
		return err
	}
	cfg, err := loadConfig(c.env, f.settings, f.demo)
	if err != nil {
		return err
	}
	if err := allowDemo(cfg, f); err != nil {
		return err
	}
	// Taken first: who starts a second server on the same address learns it
	// before anything is written.
	l, err := net.Listen("tcp", string(cfg.Addr))
	if err != nil {
		return fmt.Errorf("the address %s can't be used: %w", cfg.Addr, err)
	}
	defer l.Close()
	log := logTo(c.errOut, cfg)
	if f.demo {
		if err := prepareDemo(ctx, cfg, log, c.out); err != nil {
			return err
		}
	}
	return serve(ctx, cfg, log, l, f.demo)
}

// allowDemo refuses a demo that others could take for a real service.
func allowDemo(cfg *Config, f serveFlags) error {
	if f.demo && !f.public && !cfg.loopback() {
		return fmt.Errorf("--demo has accounts whose password everybody knows, so it listens on loopback only, not on %s; --demo-public allows it", cfg.Addr)
	}
	return nil
}

// serve runs everything until ctx ends, and then stops in the order that loses
// nothing: no new requests, streams ended, running requests answered, jobs
// settled, database closed. In a demo, whose address was allowed, people enter
// its accounts by one press.
func serve(ctx context.Context, cfg *Config, log *slog.Logger, l net.Listener, demo bool) error {
	collectLess()
	a, err := openApp(ctx, cfg, appOptions{Log: log, Server: true})
	if err != nil {
		return err
	}
	defer a.close()
	if err := a.firstAdmin(ctx); err != nil {
		return err
	}
	jobs, err := a.newScheduler(ctx)
	if err != nil {
		return err
	}
	waker := newWaker(jobs)
	api, err := a.newAPI()
	if err != nil {
		return err
	}
	if err := a.mountPages(api, demo); err != nil {
		return err
	}
	server := edge.NewServer(waker.after(api), log, api.CloseStreams)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	a.logStart(l.Addr())
	if a.run != nil {
		go a.run(background)
	}
	go a.drift.watch(background, a)
	go waker.run(background)
	jobs.Start()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(edge.Bounded(l)) }()
	go settle()
	select {
	case err = <-failed:
		log.Error("serving ended", "err", err)
	case <-ctx.Done():
		log.Info("stopping: running requests are answered first")
		err = nil
	}
	drain(log, "requests", drainFor, server.Shutdown)
	if err := server.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		log.Warn("closing connections", "err", err)
	}
	drain(log, "jobs", stopFor, jobs.Stop)
	log.Info("stopped")
	return err
}

// drain gives stop a time; what is not done then is cut off and logged.
func drain(log *slog.Logger, what string, patience time.Duration, stop func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := stop(ctx); err != nil {
		log.Warn("not all of it ended in time", "what", what, "err", err)
	}
}

func (a *app) firstAdmin(ctx context.Context) error {
	if a.cfg.AdminPassword == "" {
		return nil
	}
	made, err := a.accounts.EnsureAdmin(ctx, account.System("settings"), account.Secret(a.cfg.AdminPassword))
	if made {
		a.log.Info("the first admin was made", "login", "admin@localhost")
	}
	return err
}

// logStart says what runs here, for whoever reads the log first.
func (a *app) logStart(addr net.Addr) {
	locks := "inside the process"
	if a.redis != nil {
		locks = a.redis.Where()
	}
	a.log.Info("gongbang serves", "version", version, "address", addr.String(), "public_url", string(a.cfg.PublicURL),
		"database", a.db.Dialect(), "locks", locks, "jobs_every", time.Duration(a.cfg.JobsEvery).String())
	if a.cfg.DatabaseURL != "" && a.redis == nil {
		a.log.Warn("PostgreSQL without Redis: locks are inside this process, so holds of other nodes are not seen; bookings stay correct, the database decides")
	}
	if !a.post.CanSend() {
		a.log.Warn("no mail server, SMS gateway or dev mailbox is set: messages wait")
	}
	if a.cfg.Clock != 0 {
		a.log.Warn("the clock is shifted", "by", time.Duration(a.cfg.Clock).String())
	}
}
