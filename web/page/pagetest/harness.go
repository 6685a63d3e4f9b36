package pagetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math/big"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/store"
	"gongbang/store/memory"
	"gongbang/survey"
	"gongbang/testdata"
	"gongbang/web/api"
	"gongbang/web/page"
)

// KST is the zone of the catalog.
var KST = time.FixedZone("KST", 9*60*60)

// Noon is when tests begin unless they say otherwise: a Tuesday, 10:05 in Busan, all centers have a day ahead.
var Noon = time.Date(2030, 1, 8, 10, 5, 0, 0, KST)

// Saha, Gangseo and Suyeong are the centers of the catalog; staff and manager belong to Saha.
const (
	Saha    = "busan-saha-shoes"
	Gangseo = "busan-gangseo-metal"
	Suyeong = "busan-suyeong-craft"
)

// Machines of the catalog that tests use most.
const (
	Laser   = Saha + "--laser"      // 2 units, nothing asked
	Sewing  = Saha + "--sewing"     // 4 units, 2,000 won an hour
	Cutter  = Saha + "--cutter"     // run by staff, approval
	CNC     = Gangseo + "--cnc"     // asks for a certificate and eligibility
	Printer = Gangseo + "--printer" // 3 units, half hour grid
	Studio  = Suyeong + "--studio"
)

// Options change a site; the zero value is the usual one.
type Options struct {
	Catalog []byte    // nil: testdata.Busan
	Now     time.Time // zero: Noon
	Demo    bool      // with demo accounts that can be entered by one press
	// Public is the address that clients use; "" is http://gongbang.test.
	Public  string
	Gateway bool // contacts must be proved
	Limiter bool
}

// Clock is the time of a site.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// Now is the time.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

// Add moves the time.
func (c *Clock) Add(d time.Duration) { c.mu.Lock(); c.t = c.t.Add(d); c.mu.Unlock() }

// Set moves the time to t.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); c.t = t; c.mu.Unlock() }

// Site is the service with its parts in reach.
type Site struct {
	T        testing.TB
	Clock    *Clock
	DB       *store.DB
	Bookings *booking.Service
	Accounts *account.Service
	Surveys  *survey.Service
	API      *api.API
	Mail     *Mail
	people   map[Who]account.Actor
	tokens   map[Who]string
	mu       sync.Mutex
}

// Mail is the mailbox page's source; tests put messages in.
type Mail struct {
	mu   sync.Mutex
	list []notify.Message
}

// Put adds a message.
func (m *Mail) Put(n notify.Message) {
	m.mu.Lock()
	m.list = append([]notify.Message{n}, m.list...)
	m.mu.Unlock()
}

// List is the newest n.
func (m *Mail) List(n int) ([]notify.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.list[:min(n, len(m.list))], nil
}

// New starts a site that ends with the test.
func New(t testing.TB, o ...Options) *Site {
	t.Helper()
	var opt Options
	if len(o) > 0 {
		opt = o[0]
	}
	if opt.Now.IsZero() {
		opt.Now = Noon
	}
	if opt.Catalog == nil {
		opt.Catalog = testdata.Busan
	}
	if opt.Public == "" {
		opt.Public = "http://gongbang.test"
	}
	s := &Site{T: t, Clock: &Clock{t: opt.Now}, Mail: &Mail{}, people: map[Who]account.Actor{}, tokens: map[Who]string{}}
	s.open(opt)
	s.mount(opt)
	return s
}

func (s *Site) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

var key = []byte("a server key of at least 32 bytes")

func (s *Site) open(o Options) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(s.T.TempDir(), "pages.db"), Clock: s.Clock.Now})
	s.must(err)
	s.T.Cleanup(func() { _ = db.Close() })
	s.DB = db
	file, problems := store.ReadCatalog(o.Catalog)
	if len(problems) > 0 {
		s.T.Fatalf("the catalog has problems: %v", problems)
	}
	_, err = store.SaveCatalog(ctx, db, file, "", nil)
	s.must(err)
	s.Accounts, err = account.New(account.Deps{Store: store.NewAccounts(db), Clock: s.Clock.Now, NewID: uuid.NewString,
		Random: rand.Reader, Key: key, Gateway: func() bool { return o.Gateway }})
	s.must(err)
	locks, err := memory.NewLocker(memory.Deps{Clock: s.Clock.Now})
	s.must(err)
	notices := memory.NewNotices()
	s.T.Cleanup(notices.Close)
	s.Bookings, err = booking.New(booking.Deps{Store: store.NewBookings(db), Locks: locks, Watch: notices, Guests: s.Accounts, Clock: s.Clock.Now,
		NewID: uuid.NewString, NewCode: newCode, Key: key, MustVerify: s.Accounts.MustVerify})
	s.must(err)
	s.Surveys, err = survey.New(survey.Deps{Store: store.NewSurveys(db), People: reach{s}, Catalog: s.surveyCatalog, NewID: uuid.NewString,
		Random: below, Key: key, Delay: 2 * time.Hour, Window: survey.Window{Always: true}})
	s.must(err)
	s.must(s.Surveys.Load(ctx))
	public, err := url.Parse(o.Public)
	s.must(err)
	s.API, err = api.New(api.Deps{Engine: s.Bookings, People: s.Accounts, Surveys: s.Surveys, Audit: noAudit{}, Feed: notices,
		Log: slog.New(slog.NewTextHandler(s.T.Output(), &slog.HandlerOptions{Level: slog.LevelError})), Clock: s.Clock.Now, NewID: uuid.NewString, PublicURL: public})
	s.must(err)
	s.T.Cleanup(s.API.CloseStreams)
}

func (s *Site) mount(o Options) {
	d := page.Deps{Edge: s.API.Edge(), Engine: s.Bookings, People: s.Accounts, Surveys: s.Surveys, Audit: audit{s.DB}, Feed: s.API.Feed,
		Clock: s.Clock.Now, NewID: uuid.NewString, Key: key, Version: "test", Mailbox: s.Mail}
	if o.Demo {
		d.DemoPassword = DemoPassword
		for _, w := range []Who{Citizen, Staff, Manager} {
			d.Demo = append(d.Demo, page.DemoAccount{Login: string(w) + "@demo.test", Role: roles[w]})
		}
	} else {
		d.Mailbox = nil
	}
	s.must(page.Mount(d))
}

// Serve opens the site to a browser on this machine and tells its address.
func (s *Site) Serve() string {
	server := httptest.NewServer(s.API)
	s.T.Cleanup(func() { s.API.CloseStreams(); server.Close() })
	return server.URL
}

const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

func newCode() string {
	b := make([]byte, 8)
	for i := range b {
		b[i] = codeLetters[below(len(codeLetters))]
	}
	return string(b)
}

func below(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err)
	}
	return int(v.Int64())
}

// audit is the real one.
type audit struct{ db *store.DB }

func (a audit) Audit(ctx context.Context, q page.AuditQuery) ([]page.AuditLine, error) {
	found, err := a.db.Audit(ctx, store.AuditFilter(q))
	var out []page.AuditLine
	for _, l := range found {
		out = append(out, page.AuditLine(l))
	}
	return out, err
}

type noAudit struct{}

func (noAudit) Audit(context.Context, api.AuditQuery) ([]api.AuditLine, error) { return nil, nil }

// reach tells the survey that everybody can be asked by their contact.
type reach struct{ s *Site }

func (r reach) Reach(ctx context.Context, id string) (survey.Reach, error) {
	c, err := r.s.Accounts.Contacts(ctx, id)
	if err != nil {
		return survey.Reach{}, err
	}
	return survey.Reach{OptOut: c.SurveyOptOut, Staff: c.Staff, Channel: "email"}, nil
}

func (r reach) Person(ctx context.Context, id string) (survey.Person, error) {
	c, err := r.s.Accounts.Contacts(ctx, id)
	return survey.Person{Name: c.Name, Phone: c.Phone, Email: c.Email}, err
}

func (r reach) Team(ctx context.Context, center string) ([]survey.Member, error) {
	p, err := r.s.Accounts.List(ctx, account.System("survey"), account.Query{Center: center, Limit: 200})
	var team []survey.Member
	for _, a := range p.Items {
		team = append(team, survey.Member{ID: a.ID, Name: a.Name})
	}
	return team, err
}

type surveyCatalog struct{ *booking.Catalog }

func (s *Site) surveyCatalog(ctx context.Context) (survey.Catalog, error) {
	c, err := s.Bookings.Catalog(ctx)
	return surveyCatalog{c}, err
}

func (c surveyCatalog) Center(id string) (lang.Text, bool) {
	if v, ok := c.Catalog.Center(id); ok {
		return v.Name, true
	}
	return lang.Text{}, false
}

func (c surveyCatalog) Centers() []string {
	var ids []string
	for _, v := range c.Catalog.Centers {
		ids = append(ids, v.ID)
	}
	return ids
}

func (c surveyCatalog) Category(id string) lang.Text {
	for _, l := range c.Categories {
		if l.ID == id {
			return l.Name
		}
	}
	return lang.Text{Ko: id}
}

func (c surveyCatalog) Equipment(id string) (survey.Machine, bool) {
	e, ok := c.Machine(id)
	if !ok {
		return survey.Machine{}, false
	}
	return survey.Machine{Name: e.Name, Center: e.Center.ID, Category: e.Category}, true
}

func (c surveyCatalog) SurveyDelay(string) (time.Duration, bool) { return 0, false }
func (c surveyCatalog) Holiday(day string) bool                  { _, ok := c.Holidays[booking.Date(day)]; return ok }

func (c surveyCatalog) Zone() *time.Location { return c.Catalog.Zone }

// At is a time of the site's day: At(0, 14, 0) is today 14:00, At(1, 9, 0) tomorrow 9:00.
func (s *Site) At(days, hour, minute int) time.Time {
	n := s.Clock.Now().In(KST)
	return time.Date(n.Year(), n.Month(), n.Day()+days, hour, minute, 0, 0, KST)
}

// Book makes a booking for somebody through the engine.
func (s *Site) Book(who Who, machine string, start time.Time, hours int) *booking.View {
	s.T.Helper()
	v, _, err := s.Bookings.Book(context.Background(), s.Actor(who), booking.BookRequest{EquipmentID: machine, Start: start,
		End: start.Add(time.Duration(hours) * time.Hour), Declares: true})
	if err != nil {
		s.T.Fatalf("booking %s at %s: %v", machine, start, fmt.Errorf("%w", err))
	}
	return v
}

// With is the same site for another test: one of a fuzz target or a subtest.
func (s *Site) With(t testing.TB) *Site {
	return &Site{T: t, Clock: s.Clock, DB: s.DB, Bookings: s.Bookings, Accounts: s.Accounts, Surveys: s.Surveys, API: s.API, Mail: s.Mail, people: s.people, tokens: s.tokens}
}
