package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/notify"
	"gongbang/scheduler"
	"gongbang/store"
	"gongbang/store/memory"
	"gongbang/store/redis"
	"gongbang/survey"
	"gongbang/web/edge"
)

// app is the service put together: every part once, none of them started.
type app struct {
	cfg    *Config
	log    *slog.Logger
	clock  func() time.Time
	server bool // of several requests and jobs, not of one command

	db      *store.DB
	locks   booking.Locker
	watch   booking.Watch
	feed    booking.Feed
	limiter edge.Limiter
	redis   *redis.Client // nil: locks in the process
	notices interface{ Close() }
	run     func(context.Context) // notices between nodes; nil in one process
	drift   drift

	post     *notify.Router
	mailbox  *notify.Mailbox // nil: off
	accounts *account.Service
	bookings *booking.Service
	surveys  *survey.Service
	noShows  noShowBook
	delivery *scheduler.Delivery
}

// appOptions is what callers choose; zero is what a command needs.
type appOptions struct {
	Log    *slog.Logger                      // nil: silent
	Clock  func() time.Time                  // nil: the settings' clock
	Server bool                              // locks by the settings; else inside the process
	Post   func(notify.Sender) notify.Sender // wraps the dev mailbox: the demo reads along
}

// openApp opens the database and makes the services. close undoes it.
func openApp(ctx context.Context, cfg *Config, o appOptions) (_ *app, err error) {
	a := &app{cfg: cfg, log: o.Log, clock: o.Clock, server: o.Server}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.clock == nil {
		a.clock = func() time.Time { return cfg.now().Add(a.drift.get()) }
	}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if a.db, err = openStore(ctx, cfg, a.clock); err != nil {
		return nil, err
	}
	key, previous, err := loadKey(string(cfg.KeyFile))
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		a.openLocks,
		func() error { return a.openPost(o.Post) },
		func() error { return a.openServices(key, previous) },
		a.openDelivery,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return a, a.surveys.Load(ctx)
}

// openLocks chooses where locks, limits and notices live.
func (a *app) openLocks() error {
	deps := memory.Deps{Clock: a.clock}
	alone, err := memory.NewLimiter(deps)
	if err != nil {
		return err
	}
	if a.cfg.RedisURL == "" || !a.server {
		locker, err := memory.NewLocker(deps)
		notices := memory.NewNotices()
		a.locks, a.watch, a.feed, a.limiter, a.notices = locker, notices, notices, alone, notices
		return err
	}
	a.redis, err = redis.Open(redis.Options{URL: string(a.cfg.RedisURL), Changed: func(healthy bool, cause error) {
		if healthy {
			a.log.Info("redis answers again")
			return
		}
		a.log.Warn("redis does not answer; bookings go on, the database decides", "err", cause)
	}})
	if err != nil {
		return err
	}
	own, err := memory.NewLocker(memory.Deps{Clock: time.Now}) // never shifted, as Redis' clock is not
	if err != nil {
		return err
	}
	locker, err := redis.NewLocker(a.redis, own)
	if err != nil {
		return err
	}
	limiter, err := redis.NewLimiter(a.redis, alone)
	notices := redis.NewNotices(a.redis)
	a.locks, a.watch, a.feed, a.limiter, a.notices, a.run = locker, notices, notices, limiter, notices, notices.Run
	if a.cfg.Clock != 0 {
		a.locks = shifted{a.locks, time.Duration(a.cfg.Clock)}
	}
	return err
}

// openPost sets the ways a message can leave. The dev mailbox stands in for
// each channel that has no gateway.
func (a *app) openPost(wrap func(notify.Sender) notify.Sender) error {
	var mail, sms notify.Sender
	if a.cfg.DevMailbox {
		box, err := notify.NewMailbox(a.cfg.mailboxFile())
		if err != nil {
			return err
		}
		a.mailbox, mail, sms = box, box, box
		if wrap != nil {
			mail, sms = wrap(box), wrap(box)
		}
	}
	if a.cfg.SMTPURL != "" {
		m, err := notify.NewMail(notify.MailConfig{URL: string(a.cfg.SMTPURL)})
		if err != nil {
			return err
		}
		mail = m
	}
	if a.cfg.SMSURL != "" {
		g, err := notify.NewSMSGateway(string(a.cfg.SMSURL), a.clock)
		if err != nil {
			return err
		}
		sms = g
	}
	a.post = notify.NewRouter(mail, sms)
	return nil
}

// hasGateway tells whether real people can be reached: the dev mailbox proves no contact.
func (a *app) hasGateway() bool { return a.cfg.SMTPURL != "" || a.cfg.SMSURL != "" }

func (a *app) openServices(key, previous []byte) (err error) {
	a.accounts, err = account.New(account.Deps{
		Store: store.NewAccounts(a.db), Clock: a.clock, NewID: newID, Random: rand.Reader, Key: key, Gateway: a.hasGateway,
	})
	if err != nil {
		return err
	}
	a.bookings, err = booking.New(booking.Deps{
		Store: store.NewBookings(a.db), Locks: a.locks, Watch: a.watch, Guests: a.accounts, Clock: a.clock,
		NewID: newBookingID, NewCode: newCode, Key: key, PreviousKey: previous, MustVerify: a.accounts.MustVerify,
	})
	if err != nil {
		return err
	}
	a.surveys, err = survey.New(survey.Deps{
		Store: store.NewSurveys(a.db), People: surveyPeople{a}, Catalog: a.surveyCatalog, NewID: newID, Random: randomBelow,
		Key: key, OldKey: previous, Delay: time.Duration(a.cfg.SurveyDelay), Window: survey.Window(a.cfg.SurveyWindow),
		Shares: a.cfg.SurveyShare,
	})
	return err
}

func (a *app) openDelivery() (err error) {
	a.delivery, err = scheduler.NewDelivery(scheduler.DeliveryDeps{
		Outbox: store.NewOutbox(a.db), Bookings: mailBookings{a}, People: mailPeople{a}, Surveys: a.surveys,
		Months: mailMonths{a}, Tickets: store.NewSurveys(a.db), Dangers: dangers{a}, Codes: a.accounts, Links: mailLinks{a}, Post: a.post, Clock: a.clock, Log: a.log,
	})
	return err
}

// close ends what openApp began, last first.
func (a *app) close() {
	var errs []error
	if a.notices != nil {
		a.notices.Close()
	}
	if a.redis != nil {
		errs = append(errs, a.redis.Close())
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	if err := errors.Join(errs...); err != nil {
		a.log.Error("closing", "err", err)
	}
}

var publicID = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// newID is a random public id: 128 bits in 26 characters that nobody mistakes
// for one another.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: the runtime ends the program instead
	return publicID.EncodeToString(b[:])
}

// orderedID is in the order of its letters' bytes, so that ids sort as their bits do.
var orderedID = base32.NewEncoding("23456789abcdefghijkmnpqrstuvwxyz").WithPadding(base32.NoPadding)

// newBookingID is the millisecond and 80 random bits: as hard to guess as it
// has to be, and new ids stand together in the five indexes that hold them.
// With ids in no order each booking would write a page of every one of them,
// which doubles what a commit has to bring to the disk.
func newBookingID() string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails: the runtime ends the program instead
	for i, ms := 5, time.Now().UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		b[i] = byte(ms)
	}
	return orderedID.EncodeToString(b[:])
}

const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ" // no 0 O 1 I L

// newCode is the label of a booking that people read aloud.
func newCode() string {
	var b strings.Builder
	for range 8 {
		b.WriteByte(codeLetters[randomBelow(len(codeLetters))])
	}
	return b.String()
}

// randomBelow is uniform in [0, n) and can't be guessed.
func randomBelow(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the reader never fails
	}
	return int(v.Int64())
}

// logTo is the program's log: JSON lines.
func logTo(out io.Writer, cfg *Config) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: slog.Level(cfg.Log)}))
}
