package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/internal/testkit"
	"gongbang/notify"
	"gongbang/notify/smtptest"
	"gongbang/scheduler"
	"gongbang/store"
	"gongbang/survey"
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
		Outbox: o, Bookings: w, People: w, Surveys: w, Tickets: w, Codes: w, Links: addresses{w}, Post: post, Clock: s.clock.now, Log: quiet,
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

func TestJudgedAgainWhenSent(t *testing.T) {
	for _, c := range []struct {
		kind   string
		status booking.Status
		change func(*scheduler.BookingView)
		data   map[string]string
		sent   bool
	}{
		{kind: notify.BookingConfirmed, status: booking.Confirmed, sent: true},
		{kind: notify.BookingConfirmed, status: booking.Cancelled},
		{kind: notify.BookingConfirmed, status: booking.Confirmed, change: func(b *scheduler.BookingView) { b.Start, b.End = b.Start.AddDate(0, 0, -9), b.End.AddDate(0, 0, -9) }},
		{kind: notify.BookingRequested, status: booking.Pending, sent: true},
		{kind: notify.BookingRequested, status: booking.Confirmed},
		{kind: notify.BookingRejected, status: booking.Rejected, sent: true},
		{kind: notify.BookingRejected, status: booking.Confirmed},
		{kind: notify.BookingMoved, status: booking.Confirmed, data: map[string]string{"starts_at": "2026-11-21T01:00:00Z", "ends_at": "2026-11-21T02:00:00Z"}, sent: true},
		{kind: notify.BookingMoved, status: booking.Cancelled},
		{kind: notify.BookingCancelled, status: booking.Cancelled, sent: true},
		{kind: notify.BookingCancelled, status: booking.Confirmed},
		{kind: notify.BookingNoShow, status: booking.NoShow, sent: true},
		{kind: notify.BookingNoShow, status: booking.CheckedIn},
		{kind: notify.JobReady, status: booking.Completed, change: func(b *scheduler.BookingView) { b.JobState = booking.JobReady }, sent: true},
		{kind: notify.JobReady, status: booking.CheckedIn, change: func(b *scheduler.BookingView) { b.JobState = booking.JobWorking }},
		{kind: notify.JobReceived, status: booking.CheckedIn, change: func(b *scheduler.BookingView) { b.JobState = booking.JobReceived }, sent: true},
		{kind: notify.JobDelayed, status: booking.CheckedIn, change: func(b *scheduler.BookingView) { b.JobState = booking.JobWorking }, sent: true},
		{kind: notify.JobDelayed, status: booking.Completed, change: func(b *scheduler.BookingView) { b.JobState = booking.JobReady }},
		{kind: notify.OutageAffected, status: booking.Confirmed, data: map[string]string{"became": "moved"}, sent: true},
		{kind: notify.OutageAffected, status: booking.Cancelled, data: map[string]string{"became": "moved"}},
		{kind: notify.OutageAffected, status: booking.Cancelled, data: map[string]string{"became": "cancelled"}, sent: true},
	} {
		t.Run(c.kind+" "+string(c.status), func(t *testing.T) {
			s := sqliteStage(t)
			s.booking("b1", c.status)
			if c.change != nil {
				b := s.world.bookings["b1"]
				c.change(&b)
				s.world.bookings["b1"] = b
			}
			s.emit(account.Event{Kind: c.kind, Subject: "b1", Data: c.data})
			mail := &letters{}
			s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
			if (len(mail.sent) == 1) != c.sent || len(mail.sent) > 1 {
				t.Fatalf("sent %d messages, want %v", len(mail.sent), c.sent)
			}
			if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
				t.Fatalf("%+v", st)
			}
		})
	}
}

func TestAMessageIsComplete(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingMoved, Subject: "b1", Data: map[string]string{"starts_at": "2026-11-21T01:00:00Z", "ends_at": "2026-11-21T02:00:00Z"}})
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if len(mail.sent) != 1 {
		t.Fatal(mail.kinds())
	}
	m := mail.sent[0]
	if m.To != "citizen1@demo.test" || m.Channel != notify.Email || m.At.Format(time.RFC3339) != "2026-11-20T12:00:00+09:00" || mail.keys[0] != "booking.moved/b1" {
		t.Errorf("%+v, key %s", m, mail.keys[0])
	}
	for _, part := range []string{"시민1 님", "이전 시간: 11. 21.(토) 오전 10:00 ~ 11:00", "11. 22.(일) 낮 12:00 ~ 오후 2:00", "https://demo.test/b/b1", "11. 22.(일) 오전 10:00까지"} {
		if !strings.Contains(m.Text, part) {
			t.Errorf("%q is missing in\n%s", part, m.Text)
		}
	}
	if !strings.HasPrefix(m.Subject, "[시험 공방] ") {
		t.Errorf("subject %q", m.Subject)
	}
}

func TestWhoIsGoneGetsNothing(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "unknown"})
	delete(s.world.people, "c1") // left
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if st := s.stats(); len(mail.sent) != 0 || st.Waiting != 0 || st.Dead != 0 {
		t.Fatalf("%s, %+v", mail.kinds(), st)
	}
}

func TestStaffAreToldOneByOne(t *testing.T) {
	s := sqliteStage(t)
	s.booking("b1", booking.Pending)
	s.world.staff["center"] = []string{"s1", "s2", "s3"}
	for _, id := range s.world.staff["center"] {
		s.person(id, id+"@demo.test")
	}
	s.world.tickets["t1"] = survey.Ticket{ID: "t1", Center: "center", Equipment: "e1", Text: "덮개가 열린 채 돕니다"}
	s.emit(account.Event{Kind: notify.ApprovalWaiting, Subject: "b1"}, account.Event{Kind: notify.SurveySafety, Subject: "t1"})
	failed := false
	mail := &letters{fail: func(_ int, m notify.Message) error {
		if m.To == "s2@demo.test" && !failed {
			failed = true
			return errors.New("later")
		}
		return nil
	}}
	d := s.delivery(s.out, notify.NewRouter(mail, nil))
	s.drain(d)
	if len(mail.sent) != 5 {
		t.Fatalf("%d messages before the retry, want 5", len(mail.sent))
	}
	s.clock.turn(time.Minute)
	s.drain(d)
	got := map[string]int{}
	for _, m := range mail.sent {
		got[m.Kind+" "+m.To]++
		if strings.Contains(m.Text, "시민1 님") && m.Kind == notify.ApprovalWaiting {
			t.Errorf("staff read a name by mail: %s", m.Text)
		}
	}
	if len(got) != 6 || len(mail.sent) != 6 {
		t.Fatalf("%v", got)
	}
}

func TestNobodyAtTheCenterIsNoFailure(t *testing.T) {
	s := sqliteStage(t)
	s.booking("b1", booking.Pending)
	s.emit(account.Event{Kind: notify.ApprovalWaiting, Subject: "b1"})
	s.drain(s.delivery(s.out, notify.NewRouter(&letters{}, nil)))
	if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestInvitationIsDeliveredOnceAndCounted(t *testing.T) {
	s := sqliteStage(t)
	m := survey.Message{ID: "i1", Account: "c1", Center: "center", Equipment: "e1", Token: "TOKEN", Send: true, Expires: s.clock.now().AddDate(0, 0, 14)}
	s.world.invites["i1"] = m
	no := m
	no.ID, no.Send = "i2", false // answered, or consent withdrawn
	s.world.invites["i2"] = no
	s.emit(account.Event{Kind: notify.SurveyInvitation, Subject: "i1"}, account.Event{Kind: notify.SurveyInvitation, Subject: "i2"}, account.Event{Kind: notify.SurveyReminder, Subject: "i1"})
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if len(mail.sent) != 2 || fmt.Sprint(s.world.delivered) != "[i1]" {
		t.Fatalf("sent %s, delivered %v", mail.kinds(), s.world.delivered)
	}
	for _, m := range mail.sent {
		if len(m.Links) != 2 || m.Links[0] != "https://demo.test/s/TOKEN" || m.Headers["List-Unsubscribe"] != "<https://demo.test/s/TOKEN/no>" {
			t.Errorf("%+v", m)
		}
	}
}

func TestCompletedUseReachesTheSurvey(t *testing.T) {
	s := sqliteStage(t)
	s.world.uses["b1"] = survey.Use{BookingID: "b1"}
	s.emit(account.Event{Kind: "booking.completed", Subject: "b1"}, account.Event{Kind: "booking.completed", Subject: "undone"})
	// Without any gateway, too: it is no message.
	s.drain(s.delivery(s.out, notify.NewRouter(nil, nil)))
	if len(s.world.completed) != 1 || s.world.completed[0].BookingID != "b1" || s.stats().Waiting != 0 {
		t.Fatalf("%+v, %+v", s.world.completed, s.stats())
	}
}

func TestCodes(t *testing.T) {
	s := sqliteStage(t)
	now := s.clock.now()
	s.world.codes["mail"] = account.CodeMessage{Kind: account.Email, To: "new@demo.test", Code: "042137", Locale: lang.Ko, ExpiresAt: now.Add(10*time.Minute - time.Second)}
	s.world.codes["sms"] = account.CodeMessage{Kind: account.Phone, To: "+821012345678", Code: "555555", Locale: lang.En, ExpiresAt: now.Add(30 * time.Second)}
	s.world.codes["over"] = account.CodeMessage{Kind: account.Email, To: "late@demo.test", Code: "111111", ExpiresAt: now}
	for _, id := range []string{"mail", "sms", "over", "used"} {
		s.emit(account.Event{Kind: notify.AccountCode, Key: id, Subject: "c1", Data: map[string]string{"code_id": id}})
	}
	mail, sms := &letters{}, &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, sms)))
	if len(mail.sent) != 1 || mail.sent[0].To != "new@demo.test" || !strings.Contains(mail.sent[0].Text, "042137") || !strings.Contains(mail.sent[0].Text, "9분") {
		t.Errorf("mail %+v", mail.sent)
	}
	if len(sms.sent) != 1 || !strings.Contains(sms.sent[0].Text, "555555") || !strings.Contains(sms.sent[0].Text, "1 minute") {
		t.Errorf("sms %+v", sms.sent)
	}
	if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
		t.Errorf("%+v", st)
	}
}

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

// Nothing about a person may reach the log or the list of dead letters.
func TestNoPersonalDataInLogAndList(t *testing.T) {
	s := sqliteStage(t)
	var log strings.Builder
	server := smtptest.Start(t, func(m *smtptest.Server) { m.RefuseTo = func(string) int { return 550 } })
	sender, err := notify.NewMail(notify.MailConfig{URL: "smtp://" + server.Addr, From: "no-reply@demo.test"})
	if err != nil {
		t.Fatal(err)
	}
	w := s.world
	d, err := scheduler.NewDelivery(scheduler.DeliveryDeps{
		Outbox: s.out, Bookings: w, People: w, Surveys: w, Tickets: w, Codes: w, Links: addresses{w},
		Post: notify.NewRouter(sender, nil), Clock: s.clock.now, Log: slog.New(slog.NewJSONHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.emit(account.Event{Kind: notify.BookingConfirmed, Subject: "b1"})
	for range 24 * 60 {
		s.drain(d)
		s.clock.turn(time.Minute)
	}
	dead, err := s.out.Dead(context.Background(), 10)
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Reason, "550") {
		t.Fatalf("%+v, %v", dead, err)
	}
	for _, canary := range []string{"citizen1", "시민1", "@demo.test"} {
		if strings.Contains(log.String(), canary) || strings.Contains(fmt.Sprint(dead), canary) {
			t.Errorf("%q was written: %s %+v", canary, log.String(), dead)
		}
	}
	if !strings.Contains(log.String(), "b1") {
		t.Error("the log tells nothing")
	}
}

func TestDeliveryNeedsEverything(t *testing.T) {
	w := newWorld()
	full := scheduler.DeliveryDeps{
		Outbox: emptyOutbox{}, Bookings: w, People: w, Surveys: w, Tickets: w, Codes: w, Links: addresses{w},
		Post: notify.NewRouter(nil, nil), Clock: time.Now, Log: quiet,
	}
	for _, name := range fields(full) {
		d := full
		reflect.ValueOf(&d).Elem().FieldByName(name).SetZero()
		if _, err := scheduler.NewDelivery(d); err == nil {
			t.Errorf("a delivery without %s was made", name)
		}
	}
}
