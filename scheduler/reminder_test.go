package scheduler_test

import (
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/notify"
)

// TestRemindersAndQuietHours: when a reminder that is wanted so many hours
// before a start really leaves; the clock goes from half hour to half hour.
func TestRemindersAndQuietHours(t *testing.T) {
	for _, c := range []struct {
		name, handed, start string
		hours               int
		sms, refused        bool
		cancelled           bool
		sent                string // "" never
	}{
		{name: "by mail, to the hour", handed: "11-21 09:00", start: "11-22 09:00", hours: 24, sent: "11-21 09:00"},
		{name: "by mail at night", handed: "11-21 23:00", start: "11-22 07:00", hours: 8, sent: "11-21 23:00"},
		{name: "by mail, handed out before the quiet hours", handed: "11-21 20:30", start: "11-22 07:00", hours: 8, sent: "11-21 23:00"},
		{name: "an SMS by day", handed: "11-21 14:00", start: "11-22 14:00", hours: 24, sms: true, sent: "11-21 14:00"},
		{name: "an SMS waits for the morning", handed: "11-21 22:00", start: "11-22 22:00", hours: 24, sms: true, sent: "11-22 08:00"},
		{name: "an SMS before dawn waits for the morning", handed: "11-21 06:00", start: "11-22 06:00", hours: 24, sms: true, sent: "11-21 08:00"},
		{name: "an SMS that would come too late leaves the evening before", handed: "11-21 20:30", start: "11-22 07:00", hours: 2, sms: true, sent: "11-21 20:30"},
		{name: "an SMS at eight is not before a start at eight", handed: "11-21 20:30", start: "11-22 08:00", hours: 1, sms: true, sent: "11-21 20:30"},
		{name: "nobody ran in the evening", handed: "11-21 22:00", start: "11-22 07:00", hours: 2, sms: true},
		{name: "nobody ran at all until the morning", handed: "11-22 08:30", start: "11-22 09:00", hours: 24, sms: true, sent: "11-22 08:30"},
		{name: "never after the start", handed: "11-22 09:30", start: "11-22 09:00", hours: 24},
		{name: "never against a no", handed: "11-21 09:00", start: "11-22 09:00", hours: 24, refused: true},
		{name: "never for what was cancelled", handed: "11-21 09:00", start: "11-22 09:00", hours: 24, cancelled: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sqliteStage(t)
			at := func(text string) time.Time {
				v, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+text, seoul)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			b := s.world.bookings["b1"]
			b.Start, b.End, b.CancelLink = at(c.start), at(c.start).Add(time.Hour), "https://demo.test/b/b1/cancel"
			if c.cancelled {
				b.Status = booking.Cancelled
			}
			s.world.bookings["b1"] = b
			p := s.world.people["c1"]
			p.ReminderOptOut = c.refused
			if c.sms {
				p.Email, p.Phone, p.Channels = "", "+821012345678", []account.Channel{account.BySMS}
			}
			s.world.people["c1"] = p
			s.clock.ms.Store(at(c.handed).UnixMilli())
			wanted := b.Start.Add(-time.Duration(c.hours) * time.Hour)
			s.emit(account.Event{Kind: notify.BookingReminder, Subject: "b1", Data: map[string]string{"at": wanted.Format(time.RFC3339)}})
			out := &letters{}
			d := s.delivery(s.out, notify.NewRouter(out, out))
			for range 60 {
				s.drain(d)
				s.clock.turn(30 * time.Minute)
			}
			got := ""
			for _, m := range out.sent {
				got += m.At.Format("01-02 15:04")
				if !strings.Contains(m.Text, "https://demo.test/b/b1/cancel") {
					t.Errorf("no cancel link in\n%s", m.Text)
				}
			}
			if got != c.sent {
				t.Errorf("left at %q, want %q", got, c.sent)
			}
			if st := s.stats(); st.Waiting != 0 || st.Dead != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestSuspensionIsToldWhileItIsTrue: not when it is over or was taken back.
func TestSuspensionIsToldWhileItIsTrue(t *testing.T) {
	for _, c := range []struct {
		name, kind, until, over string
		status                  booking.Status
		says                    string
	}{
		{"a no-show", "no_show", "2026-12-20T01:00:00Z", "center", booking.NoShow, "벌점 때문에 12. 20.(일) 오전 10:00까지 시험 센터의 장비를 새로 예약하실 수 없습니다"},
		{"the whole city", "late_cancel", "2026-12-20T01:00:00Z", "city", booking.Cancelled, "모든 센터의 장비를"},
		{"one machine", "no_show", "2026-12-20T01:00:00Z", "equipment", booking.NoShow, "까지 이 장비를 새로 예약하실 수 없습니다"},
		{"came after all", "no_show", "2026-12-20T01:00:00Z", "center", booking.CheckedIn, ""},
		{"over", "no_show", "2026-11-19T01:00:00Z", "center", booking.NoShow, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sqliteStage(t)
			s.booking("b1", c.status)
			s.emit(account.Event{Kind: notify.AccountSuspended, Subject: "b1", Data: map[string]string{"kind": c.kind, "over": c.over, "until": c.until}})
			mail := &letters{}
			s.drain(s.delivery(s.out, notify.NewRouter(mail, nil)))
			if (c.says != "") != (len(mail.sent) == 1) {
				t.Fatalf("sent %d", len(mail.sent))
			}
			if c.says != "" && !strings.Contains(mail.sent[0].Text, c.says) {
				t.Errorf("%q is not in\n%s", c.says, mail.sent[0].Text)
			}
		})
	}
}
