package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/notify"
	"gongbang/testdata"
)

const (
	demoPassword = "demo-demo-demo"
	demoCenter   = "city-geumcheon-apparel"
	demoSeed     = 20260901
	demoPeople   = 140
	demoPast     = 14 // days that have passed
	demoAhead    = 6  // days that are booked already

	markLoading = "loading"
	markReady   = "ready"
)

// prepareDemo fills an empty database, and refuses one that is no demo.
func prepareDemo(ctx context.Context, cfg *Config, log *slog.Logger, out io.Writer) error {
	if cfg.SMTPURL != "" || cfg.SMSURL != "" || !bool(cfg.DevMailbox) {
		return fmt.Errorf("the demo writes to people who do not exist, so its messages go to the dev mailbox alone; unset %sSMTP_URL, %sSMS_URL and %sDEV_MAILBOX", prefix, prefix, prefix)
	}
	d, err := openDemo(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer d.a.close()
	mark, filled, err := d.a.db.Demo(ctx)
	switch {
	case err != nil:
		return err
	case mark == markReady:
		fmt.Fprintln(out, "The database is a demo already.")
		return nil
	case mark == markLoading:
		return errors.New("an earlier start was stopped while it loaded the demo; remove the data folder and start again")
	case filled:
		return errors.New("the database holds other data than a demo; --demo never touches it: use another GONGBANG_DATA")
	}
	began := time.Now()
	if err := d.load(ctx); err != nil {
		return fmt.Errorf("loading the demo: %w", err)
	}
	fmt.Fprintf(out, "Demo loaded in %.1f s (seed %d): %d bookings, %d survey answers. Password of citizen@, citizen2@, staff@, manager@ and admin@demo.test: %s\n",
		time.Since(began).Seconds(), demoSeed, d.booked, d.answered, demoPassword)
	return nil
}

// demo is the service on a clock that walks through the past weeks.
type demo struct {
	a        *app
	clock    *walkingClock
	rnd      *rand.Rand
	zone     *time.Location
	now      time.Time // where the walk ends
	catalog  *booking.Catalog
	people   []account.Actor
	staff    account.Actor // of demoCenter
	admin    account.Actor // stands for the staff of the other centers
	todo     timeline
	links    *linkReader
	booked   int
	answered int
}

// walkingClock is the time of the walk.
type walkingClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *walkingClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *walkingClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

func openDemo(ctx context.Context, cfg *Config, log *slog.Logger) (*demo, error) {
	d := &demo{clock: &walkingClock{}, rnd: rand.New(rand.NewPCG(demoSeed, 0)), links: &linkReader{}, now: cfg.now().Truncate(time.Minute)}
	d.clock.set(d.now.AddDate(0, 0, -demoPast))
	quiet := slog.New(slog.DiscardHandler) // two weeks of jobs are no news
	if slog.Level(cfg.Log) <= slog.LevelDebug {
		quiet = log
	}
	var err error
	d.a, err = openApp(ctx, cfg, appOptions{Log: quiet, Clock: d.clock.now, Post: d.links.wrap})
	return d, err
}

// load makes the demo, from the catalog to the last answer.
func (d *demo) load(ctx context.Context) (err error) {
	if err := d.a.db.MarkDemo(ctx, markLoading); err != nil {
		return err
	}
	if err := importBytes(ctx, d.a.db, testdata.Seoul); err != nil {
		return err
	}
	if d.catalog, err = d.a.bookings.Catalog(ctx); err != nil {
		return err
	}
	d.zone = d.catalog.Zone
	if err := d.makePeople(ctx); err != nil {
		return err
	}
	d.plan()
	if err := d.walk(ctx); err != nil {
		return err
	}
	if _, err := d.a.db.SealAudit(ctx); err != nil {
		return err
	}
	return d.a.db.MarkDemo(ctx, markReady)
}

func (d *demo) makePeople(ctx context.Context) error {
	make := func(n account.NewAccount, grants ...account.Grant) (account.Actor, error) {
		n.Demo, n.Consents = true, true
		a, err := d.a.accounts.Create(ctx, account.System("demo"), n)
		return account.Actor{ID: a.ID, Grants: grants, Locale: a.Locale}, err
	}
	for i := range demoPeople {
		n := account.NewAccount{Name: account.Secret(fmt.Sprintf("시민%d", i+1)), Email: account.Secret(fmt.Sprintf("citizen%d@demo.test", i+1))}
		switch i {
		case 0:
			n.Email, n.Phone, n.Password = "citizen@demo.test", "010-0000-1001", demoPassword
		case 1:
			n.Phone, n.Password = "010-0000-1002", demoPassword
		}
		p, err := make(n)
		if err != nil {
			return err
		}
		d.people = append(d.people, p)
	}
	here := account.Grant{Role: account.Staff, Center: demoCenter}
	var err error
	d.staff, err = make(account.NewAccount{Name: "직원", Email: "staff@demo.test", Password: demoPassword, Role: account.Staff, Centers: []string{demoCenter}}, here)
	if err != nil {
		return err
	}
	if _, err = make(account.NewAccount{Name: "관리자", Email: "manager@demo.test", Password: demoPassword, Role: account.Manager, Centers: []string{demoCenter}}); err != nil {
		return err
	}
	d.admin, err = make(account.NewAccount{Name: "운영자", Email: "admin@demo.test", Password: demoPassword, Role: account.Admin}, account.Grant{Role: account.Admin})
	return err
}

// desk is who works at the center.
func (d *demo) desk(center string) account.Actor {
	if center == demoCenter {
		return d.staff
	}
	return d.admin
}

// linkReader reads survey links along while messages go into the mailbox.
type linkReader struct {
	mu    sync.Mutex
	links []sentLink
}

// sentLink is a survey link and who got it.
type sentLink struct{ to, link string }

func (r *linkReader) wrap(next notify.Sender) notify.Sender { return readingSender{r, next} }

// take hands out what came since the last call.
func (r *linkReader) take() []sentLink {
	r.mu.Lock()
	defer r.mu.Unlock()
	links := r.links
	r.links = nil
	return links
}

type readingSender struct {
	r    *linkReader
	next notify.Sender
}

func (s readingSender) Send(ctx context.Context, m notify.Message, key string) error {
	if m.Kind == notify.SurveyInvitation && len(m.Links) > 0 {
		s.r.mu.Lock()
		s.r.links = append(s.r.links, sentLink{m.To, m.Links[0]})
		s.r.mu.Unlock()
	}
	return s.next.Send(ctx, m, key)
}
