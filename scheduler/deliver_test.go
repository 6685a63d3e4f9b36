package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/notify/smtptest"
	"gongbang/scheduler"
	"gongbang/survey"
)

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

// TestWhoeverStandsThereStopsNoMachine: a report by a link takes the machine
// out of use; one by a code or at the counter is only told, for staff to judge.
func TestWhoeverStandsThereStopsNoMachine(t *testing.T) {
	for entry, stops := range map[string]bool{"": true, "qr": false, "counter": false} {
		s := sqliteStage(t)
		s.world.staff["center"] = []string{"s1"}
		s.person("s1", "s1@demo.test")
		s.world.tickets["t1"] = survey.Ticket{ID: "t1", Center: "center", Equipment: "e1", Text: "덮개가 열린 채 돕니다", State: survey.TicketOpen}
		s.emit(account.Event{Kind: notify.SurveySafety, Subject: "t1", Data: map[string]string{"center": "center", "equipment": "e1", "entry": entry}})
		mail := &letters{}
		s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
		if got := len(s.world.out) == 1; got != stops {
			t.Errorf("by %q: taken out of use: %v", entry, s.world.out)
		}
		if len(mail.sent) != 1 || mail.sent[0].To != "s1@demo.test" || !strings.Contains(mail.sent[0].Text, "덮개가 열린 채") {
			t.Errorf("by %q: %d messages", entry, len(mail.sent))
		}
	}
}

func TestStaffAreToldOneByOne(t *testing.T) {
	s := sqliteStage(t)
	s.booking("b1", booking.Pending)
	s.world.staff["center"] = []string{"s1", "s2", "s3"}
	for _, id := range s.world.staff["center"] {
		s.person(id, id+"@demo.test")
	}
	s.world.tickets["t1"] = survey.Ticket{ID: "t1", Center: "center", Equipment: "e1", Text: "덮개가 열린 채 돕니다", State: survey.TicketOpen}
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
	if len(s.world.out) != 1 || s.world.out[0] != "t1" {
		t.Fatalf("taken out of use: %v", s.world.out)
	}
	if len(got) != 6 || len(mail.sent) != 6 {
		t.Fatalf("%v", got)
	}
}

func TestAnswersGoToWhoAsked(t *testing.T) {
	s := sqliteStage(t)
	s.world.asks["q1"] = scheduler.InquiryView{AccountID: "c1", Place: place, Answer: "네, 8mm까지 됩니다.", Link: "https://demo.test/me#questions"}
	s.emit(account.Event{Kind: notify.CaseReply, Subject: "q1"}, account.Event{Kind: notify.CaseReply, Subject: "destroyed"})
	mail := &letters{}
	s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
	if len(mail.sent) != 1 || !strings.Contains(mail.sent[0].Text, "네, 8mm까지 됩니다.") || mail.sent[0].Links[0] != "https://demo.test/me#questions" {
		t.Fatalf("%+v", mail.sent)
	}
	if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
		t.Fatalf("%+v", st)
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

// TestWhatCameToNothingReachesTheSurvey: beside the message, and whether or
// not there is somebody to send it.
func TestWhatCameToNothingReachesTheSurvey(t *testing.T) {
	for i, kind := range []string{notify.BookingNoShow, notify.BookingCancelled, notify.BookingRejected, notify.OutageAffected} {
		s := sqliteStage(t)
		s.world.uses["not b1"] = survey.Use{BookingID: "b1"}
		s.emit(account.Event{Kind: kind, Subject: "b1"}, account.Event{Kind: kind, Subject: "used after all"})
		s.drain(s.delivery(s.out, notify.NewRouter(nil, nil)))
		if len(s.world.nothing) != 1 || s.world.nothing[0].BookingID != "b1" || len(s.world.completed) != 0 {
			t.Errorf("%d %s: %+v", i, kind, s.world.nothing)
		}
	}
}

func TestACourseReachesTheSurvey(t *testing.T) {
	s := sqliteStage(t)
	s.emit(account.Event{Kind: account.Trained, Subject: "c1", Data: map[string]string{"account": "a1", "center": "east"}})
	s.drain(s.delivery(s.out, notify.NewRouter(nil, nil)))
	got := s.world.trained
	if len(got) != 1 || got[0].BookingID != "c1" || got[0].AccountID != "a1" || got[0].CenterID != "east" || got[0].End.IsZero() {
		t.Fatalf("%+v", got)
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
		Outbox: s.out, Bookings: w, People: w, Surveys: w, Months: w, Tickets: w, Dangers: w, Codes: w, Links: addresses{w},
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
		Outbox: emptyOutbox{}, Bookings: w, People: w, Surveys: w, Tickets: w, Dangers: w, Codes: w, Links: addresses{w},
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

func TestPointsThatWereLookedAt(t *testing.T) {
	for _, c := range []struct {
		name, became string
		waived       bool
		says         string
	}{
		{"waived", "waive", true, "벌점 2점을 없앴습니다"},
		{"kept", "keep", false, "그대로 두기로 했습니다"},
		{"kept, and waived since", "keep", true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sqliteStage(t)
			s.booking("b1", booking.NoShow)
			s.world.strikes["x1"] = scheduler.StrikeView{AccountID: "c1", Points: 2, Waived: c.waived, Reason: "그날 눈이 많이 왔습니다"}
			s.emit(account.Event{Kind: notify.StrikeAnswered, Subject: "b1", Data: map[string]string{"strike": "x1", "became": c.became}},
				account.Event{Kind: notify.StrikeAnswered, Subject: "b1", Data: map[string]string{"strike": "gone", "became": c.became}})
			mail := &letters{}
			s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
			if (c.says != "") != (len(mail.sent) == 1) {
				t.Fatalf("sent %d", len(mail.sent))
			}
			if c.says != "" && (!strings.Contains(mail.sent[0].Text, c.says) || !strings.Contains(mail.sent[0].Text, "그날 눈이 많이 왔습니다")) {
				t.Errorf("%q is not in\n%s", c.says, mail.sent[0].Text)
			}
			if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

func TestQuestionsAreToldToTheCenter(t *testing.T) {
	for _, c := range []struct {
		name    string
		waiting scheduler.WaitingView
		staff   []string
		want    []string
	}{
		{"its own address", scheduler.WaitingView{Count: 2, Place: place, Email: "center@demo.test", Link: "https://demo.test/desk/center"}, []string{"c1"}, []string{"center@demo.test"}},
		{"each of its staff", scheduler.WaitingView{Count: 1, Place: place, Link: "https://demo.test/desk/center"}, []string{"c1"}, []string{"one"}},
		{"answered meanwhile", scheduler.WaitingView{Place: place, Email: "center@demo.test"}, []string{"c1"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sqliteStage(t)
			s.world.waiting["center"], s.world.staff["center"] = c.waiting, c.staff
			at := s.clock.now().Add(40 * time.Minute)
			s.emit(account.Event{Kind: notify.InquiryWaiting, Subject: "center", Data: map[string]string{"at": at.Format(time.RFC3339Nano)}})
			mail := &letters{}
			d := s.delivery(s.out, notify.NewRouter(mail, nil))
			s.drain(d)
			if len(mail.sent) != 0 {
				t.Fatal("told before the hour is over")
			}
			s.clock.turn(41 * time.Minute)
			s.drain(d)
			if len(mail.sent) != len(c.want) {
				t.Fatalf("sent %d, want %d", len(mail.sent), len(c.want))
			}
			for _, m := range mail.sent {
				if c.name == "its own address" && m.To != c.want[0] || !strings.Contains(m.Text, "문의가") || m.Links[0] != "https://demo.test/desk/center" {
					t.Errorf("%+v", m)
				}
			}
		})
	}
}

func TestMonthIsToldToManagersByMail(t *testing.T) {
	s := sqliteStage(t)
	manages := []account.Grant{{Role: account.Manager, Center: "center"}}
	for id, change := range map[string]func(*account.Contacts){
		"m1":    func(*account.Contacts) {},
		"m2":    func(c *account.Contacts) { c.Locale, c.Channels = lang.En, []account.Channel{account.BySMS} },
		"no":    func(c *account.Contacts) { c.MonthlyOptOut = true },
		"phone": func(c *account.Contacts) { c.Email, c.Phone = "", "+821000000001" },
		"staff": func(c *account.Contacts) { c.Grants = []account.Grant{{Role: account.Staff, Center: "center"}} },
	} {
		s.person(id, id+"@demo.test")
		c := s.world.people[id]
		c.Grants = manages
		change(&c)
		s.world.people[id] = c
		s.world.managers = append(s.world.managers, id)
		s.world.months[id] = scheduler.MonthView{Center: "center", Name: place.Center, Sum: notify.MonthSum{Centers: 1, Waiting: 2}}
	}
	s.world.managers = append(s.world.managers, "left")
	mail := &letters{}
	d := s.delivery(s.out, notify.NewRouter(mail, mail))
	for range 2 { // the same month again is known by its key
		s.emit(account.Event{Kind: notify.ManagerMonthly, Key: "manager.monthly:2026-10", Subject: "2026-10"})
		s.drain(d)
	}
	texts := map[string]notify.Message{}
	for _, m := range mail.sent {
		texts[m.To] = m
	}
	if len(mail.sent) != 2 || len(texts) != 2 {
		t.Fatalf("sent %+v", mail.sent)
	}
	for to, want := range map[string]string{"m1@demo.test": "시험 센터의 2026년 10월", "m2@demo.test": "October 2026: Test Center"} {
		m := texts[to]
		if m.Channel != notify.Email || !strings.Contains(m.Text, want) || m.Links[0] != "https://demo.test/manage?center=center&from=2026-10" {
			t.Errorf("%s: %+v", to, m)
		}
	}
	if st := s.stats(); st.Dead != 0 || st.Waiting != 0 {
		t.Errorf("%+v", st)
	}
}
