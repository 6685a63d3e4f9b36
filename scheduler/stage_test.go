package scheduler_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/scheduler"
	"gongbang/store"
)

// hands is a clock that a test turns.
type hands struct{ ms atomic.Int64 }

func (h *hands) now() time.Time       { return time.UnixMilli(h.ms.Load()).UTC() }
func (h *hands) turn(d time.Duration) { h.ms.Add(d.Milliseconds()) }

// stage is a database, a world and a delivery over them.
type stage struct {
	t     *testing.T
	clock *hands
	db    *store.DB
	out   *store.Outbox
	world *world
}

func newStage(t *testing.T, o store.Options) *stage {
	t.Helper()
	s := &stage{t: t, clock: &hands{}, world: newWorld()}
	s.clock.ms.Store(time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC).UnixMilli())
	o.Clock = s.clock.now
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s.db, s.out = db, store.NewOutbox(db)
	s.person("c1", "citizen1@demo.test")
	s.booking("b1", booking.Confirmed)
	return s
}

func sqliteStage(t *testing.T) *stage {
	return newStage(t, store.Options{Path: filepath.Join(t.TempDir(), "gongbang.db")})
}

func (s *stage) person(id, email string) {
	s.world.people[id] = account.Contacts{AccountID: id, Name: "시민1", Email: account.Secret(email), EmailVerified: true, Locale: lang.Ko}
}

func (s *stage) booking(id string, status booking.Status) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	start := s.clock.now().Add(48 * time.Hour)
	s.world.bookings[id] = scheduler.BookingView{
		ID: id, Code: "7K3F-9QWD", Status: status, AccountID: "c1", CenterID: "center", Place: place, Unit: 1,
		Start: start, End: start.Add(2 * time.Hour), CancelUntil: start.Add(-2 * time.Hour), AnswerBy: start.Add(-3 * time.Hour),
		Link: "https://demo.test/b/" + id, DeskLink: "https://demo.test/desk/" + id,
	}
}

func (s *stage) emit(events ...account.Event) {
	s.t.Helper()
	for i := range events {
		if events[i].Key == "" {
			events[i].Key = events[i].Kind + "/" + events[i].Subject
		}
	}
	_, err := store.Do(context.Background(), s.db, func(ctx context.Context, tx *store.Tx) (bool, error) {
		return true, tx.Record(ctx, account.Entry{Actor: "job:test", Action: "test"}, events...)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) delivery(o scheduler.Outbox, post scheduler.Post) *scheduler.Delivery {
	s.t.Helper()
	w := s.world
	d, err := scheduler.NewDelivery(scheduler.DeliveryDeps{
		Outbox: o, Bookings: w, People: w, Surveys: w, Months: w, Tickets: w, Dangers: w, Codes: w, Links: addresses{w}, Post: post, Clock: s.clock.now, Log: quiet,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// drain runs batches until nothing is due.
func (s *stage) drain(d *scheduler.Delivery) {
	s.t.Helper()
	for range 100 {
		n, err := d.Run(context.Background())
		if err != nil {
			s.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
	s.t.Fatal("the outbox never empties")
}

func (s *stage) stats() scheduler.OutboxStats {
	s.t.Helper()
	st, err := s.out.Stats(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

// letters is a sender that keeps what it got; fail may refuse.
type letters struct {
	mu   sync.Mutex
	sent []notify.Message
	keys []string
	fail func(n int, m notify.Message) error
	n    int
}

func (l *letters) Send(_ context.Context, m notify.Message, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if l.fail != nil {
		if err := l.fail(l.n, m); err != nil {
			return err
		}
	}
	l.sent, l.keys = append(l.sent, m), append(l.keys, key)
	return nil
}

func (l *letters) kinds() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var k []string
	for _, m := range l.sent {
		k = append(k, m.Kind)
	}
	return strings.Join(k, " ")
}
