package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/testkit"
	"gongbang/notify"
	"gongbang/notify/smtptest"
	"gongbang/scheduler"
	"gongbang/store"
)

func TestNothingToSendWithWaits(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	begun := s.clock.now()
	mute := s.delivery(s.out, notify.NewRouter(nil, nil))
	if mute.CanSend() {
		t.Fatal("nothing can be sent, and it says it can")
	}
	for range 20 { // far more than eight tries
		s.drain(mute)
		s.clock.turn(5 * time.Minute)
	}
	if st := s.stats(); st.Waiting != 1 || st.Dead != 0 || !st.Oldest.Equal(begun) {
		t.Fatalf("%+v", st)
	}
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if len(mail.sent) != 1 {
		t.Fatal("the message was lost while it waited")
	}
}

func TestDeadAfterEight(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	mail := &letters{fail: func(int, notify.Message) error { return errors.New("the server answered 451") }}
	d := s.delivery(s.out, notify.NewRouter(mail, nil))
	var waits []time.Duration
	last := s.clock.now()
	for range 24 * 60 {
		before := mail.n
		s.drain(d)
		if mail.n > before {
			waits = append(waits, s.clock.now().Sub(last))
			last = s.clock.now()
		}
		s.clock.turn(time.Minute)
	}
	want := []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour}
	if fmt.Sprint(waits) != fmt.Sprint(want) {
		t.Errorf("tries after %v, want %v", waits, want)
	}
	dead, err := s.out.Dead(context.Background(), 10)
	if err != nil || len(dead) != 1 || dead[0].Tries != 8 || dead[0].Reason != "the server answered 451" || dead[0].Subject != "b1" {
		t.Fatalf("%+v, %v", dead, err)
	}
	if st := s.stats(); st.Waiting != 0 || st.Dead != 1 {
		t.Fatalf("%+v", st)
	}
}

func TestNoWayToReachSomebodyEndsOnTheList(t *testing.T) {
	s := sqliteStage(t)
	c := s.world.people["c1"]
	c.Email, c.Phone = "", "+821012345678"
	s.world.people["c1"] = c
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	d := s.delivery(s.out, notify.NewRouter(&letters{}, nil)) // mail alone
	for range 24 * 60 {
		s.drain(d)
		s.clock.turn(time.Minute)
	}
	if dead, err := s.out.Dead(context.Background(), 10); err != nil || len(dead) != 1 || strings.Contains(dead[0].Reason, "8210") {
		t.Fatalf("%+v, %v", dead, err)
	}
}

func TestOneBadEventHoldsNobodyUp(t *testing.T) {
	s := sqliteStage(t)
	bad := s.world.bookings["b1"]
	bad.AccountID = "panics"
	s.world.bookings["bad"] = bad
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "bad"}, account.Event{Kind: "draw.unknown", Subject: "x"}, account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if st := s.stats(); len(mail.sent) != 1 || st.Waiting != 2 {
		t.Fatalf("sent %s, %+v", mail.kinds(), st)
	}
}

func TestSMTPServerThatDropsAfterData(t *testing.T) {
	const bookings = 20
	s := sqliteStage(t)
	for i := range bookings {
		id := fmt.Sprintf("b%02d", i)
		s.booking(id, booking.Confirmed)
		s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: id})
	}
	server := smtptest.Start(t, func(m *smtptest.Server) {
		m.DropAfterData = func(n int) bool { return n == 5 } // dies once, mid-send
	})
	sender, err := notify.NewMail(notify.MailConfig{URL: "smtp://" + server.Addr, From: "no-reply@demo.test"})
	if err != nil {
		t.Fatal(err)
	}
	d := s.delivery(s.out, notify.NewRouter(sender, nil))
	for range 5 {
		s.drain(d)
		s.clock.turn(time.Minute)
	}
	ids := map[string]int{}
	for _, m := range server.Mails() {
		for line := range strings.Lines(m.Data) {
			if strings.HasPrefix(line, "Message-ID:") {
				ids[line]++
			}
		}
	}
	if len(ids) != bookings || len(server.Mails()) != bookings+1 {
		t.Fatalf("%d mails with %d ids; want every one of %d, and one twice", len(server.Mails()), len(ids), bookings)
	}
	if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestSMSGatewayThatFailsAtFirst(t *testing.T) {
	s := sqliteStage(t)
	c := s.world.people["c1"]
	c.Email, c.Phone, c.PhoneVerified = "", "+821012345678", true
	s.world.people["c1"] = c
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	var mu sync.Mutex
	var keys []string
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) < 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer gateway.Close()
	sender, err := notify.NewSMSGateway(strings.Replace(gateway.URL, "//", "//u:s3cret@", 1), s.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	d := s.delivery(s.out, notify.NewRouter(nil, sender))
	for range 10 {
		s.drain(d)
		s.clock.turn(time.Minute)
	}
	mu.Lock()
	defer mu.Unlock()
	if fmt.Sprint(keys) != "[booking.confirmed/b1 booking.confirmed/b1 booking.confirmed/b1]" || s.stats().Waiting != 0 {
		t.Fatalf("%v, %+v", keys, s.stats())
	}
}

// crashed is an outbox whose node dies right after a message left: nothing is settled any more.
type crashed struct {
	scheduler.Outbox
	dead atomic.Bool
}

func (c *crashed) Done(ctx context.Context, e scheduler.Event) error {
	if c.dead.CompareAndSwap(false, true) || c.dead.Load() {
		return errors.New("killed")
	}
	return c.Outbox.Done(ctx, e)
}

func TestCrashBetweenSendAndDoneDoublesAtMostOnce(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	mail := &letters{}
	post := notify.NewRouter(mail, nil)
	if _, err := s.delivery(&crashed{Outbox: s.out}, post).Run(context.Background()); err == nil {
		t.Fatal("the node did not die")
	}
	other := s.delivery(s.out, post)
	s.drain(other)
	if len(mail.sent) != 1 {
		t.Fatal("the lease did not hold")
	}
	s.clock.turn(5 * time.Minute)
	s.drain(other)
	s.clock.turn(time.Hour)
	s.drain(other)
	if len(mail.sent) != 2 || mail.keys[0] != mail.keys[1] || s.stats().Waiting != 0 {
		t.Fatalf("%d messages with keys %v", len(mail.sent), mail.keys)
	}
}

func TestACrashEveryTimeIsGivenUp(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	for range scheduler.MaxTries { // nodes that die while they hold it
		if got, err := s.out.Claim(context.Background(), 5*time.Minute, 1); err != nil || len(got) != 1 {
			t.Fatalf("%v, %v", got, err)
		}
		s.clock.turn(5 * time.Minute)
	}
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if st := s.stats(); st.Dead != 1 || st.Waiting != 0 || len(mail.sent) != 0 {
		t.Fatalf("%+v, sent %d", st, len(mail.sent))
	}
}

func TestThreeNodesDeliverEachOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gongbang.db")
	for name, options := range map[string]func(*testing.T) store.Options{
		"sqlite":   func(*testing.T) store.Options { return store.Options{Path: path} },
		"postgres": func(t *testing.T) store.Options { return store.Options{URL: testkit.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			const events = 450
			o := options(t)
			s := newStage(t, o)
			for i := range events {
				id := fmt.Sprintf("b%03d", i)
				s.booking(id, booking.Confirmed)
				s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: id})
			}
			mail := &letters{}
			var wg sync.WaitGroup
			for range 3 {
				o.Clock = s.clock.now
				db, err := store.Open(context.Background(), o)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				d := s.delivery(store.NewOutbox(db), notify.NewRouter(mail, nil))
				wg.Go(func() {
					for s.stats().Waiting > 0 {
						if _, err := d.Run(context.Background()); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			seen := map[string]int{}
			for _, key := range mail.keys {
				seen[key]++
			}
			if len(mail.sent) != events || len(seen) != events {
				t.Fatalf("%d messages about %d bookings, want %d", len(mail.sent), len(seen), events)
			}
		})
	}
}

func TestStopGivesTheRestBack(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, store.Options{Path: filepath.Join(dir, "gongbang.db")})
		for i := range 100 {
			id := fmt.Sprintf("b%03d", i)
			s.booking(id, booking.Confirmed)
			s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: id})
		}
		gate := make(chan struct{})
		mail := &letters{}
		slow := senderFunc(func(ctx context.Context, m notify.Message, key string) error {
			<-gate
			return mail.Send(ctx, m, key)
		})
		dd := deps(t, newMemRuns(), &work{d: newDiary()})
		dd.Delivery = s.delivery(s.out, notify.NewRouter(slow, nil))
		sch := start(t, dd)
		synctest.Wait() // every sender is busy
		done := make(chan error)
		go func() { done <- sch.Stop(context.Background()) }()
		synctest.Wait() // the stop is under way
		close(gate)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		sent := len(mail.sent)
		if sent == 0 || sent > 20 {
			t.Errorf("%d messages left after the stop began", sent)
		}
		// No lease holds what was given back: another node goes on at once.
		s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
		if len(mail.sent) != 100 || s.stats().Waiting != 0 {
			t.Fatalf("%d sent before the stop, %d in all, want 100", sent, len(mail.sent))
		}
	})
}

type senderFunc func(context.Context, notify.Message, string) error

func (f senderFunc) Send(ctx context.Context, m notify.Message, key string) error {
	return f(ctx, m, key)
}
