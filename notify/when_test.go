package notify_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"gongbang/internal/lang"
	"gongbang/notify"
)

var seoul = func() *time.Location {
	z, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		panic(err)
	}
	return z
}()

func clock(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, seoul)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestSpan(t *testing.T) {
	now := clock("2026-11-20 09:00")
	for _, c := range []struct{ start, end, ko, en, staff string }{
		{"2026-11-22 14:00", "2026-11-22 16:00", "11. 22.(일) 오후 2:00 ~ 4:00", "Sun, Nov 22, 2026, 2:00–4:00 PM (KST)", "11. 22.(일) 14:00~16:00"},
		{"2026-11-22 11:00", "2026-11-22 13:00", "11. 22.(일) 오전 11:00 ~ 오후 1:00", "Sun, Nov 22, 2026, 11:00 AM–1:00 PM (KST)", "11. 22.(일) 11:00~13:00"},
		{"2026-11-22 12:00", "2026-11-22 13:30", "11. 22.(일) 낮 12:00 ~ 오후 1:30", "Sun, Nov 22, 2026, 12:00–1:30 PM (KST)", "11. 22.(일) 12:00~13:30"},
		{"2026-11-22 12:30", "2026-11-22 13:30", "11. 22.(일) 오후 12:30 ~ 1:30", "Sun, Nov 22, 2026, 12:30–1:30 PM (KST)", "11. 22.(일) 12:30~13:30"},
		{"2027-01-05 09:00", "2027-01-05 12:00", "2027. 1. 5.(화) 오전 9:00 ~ 낮 12:00", "Tue, Jan 5, 2027, 9:00 AM–12:00 PM (KST)", "2027. 1. 5.(화) 09:00~12:00"},
		{"2026-11-22 22:00", "2026-11-23 00:00", "11. 22.(일) 오후 10:00 ~ 밤 12:00", "Sun, Nov 22, 2026, 10:00 PM–12:00 AM (KST)", "11. 22.(일) 22:00~24:00"},
		{"2026-11-22 00:00", "2026-11-22 02:00", "11. 22.(일) 오전 0:00 ~ 2:00", "Sun, Nov 22, 2026, 12:00–2:00 AM (KST)", "11. 22.(일) 00:00~02:00"},
		{"2026-11-22 22:00", "2026-11-23 02:00", "11. 22.(일) 오후 10:00 ~ 11. 23.(월) 오전 2:00", "Sun, Nov 22, 2026, 10:00 PM – Mon, Nov 23, 2026, 2:00 AM (KST)", "11. 22.(일) 22:00 ~ 11. 23.(월) 02:00"},
	} {
		for want, w := range map[string]notify.When{
			c.ko:    {Locale: lang.Ko, Zone: seoul, Now: now},
			c.en:    {Locale: lang.En, Zone: seoul, Now: now},
			c.staff: {Locale: lang.Ko, Zone: seoul, Now: now, Staff: true},
		} {
			if got := w.Span(clock(c.start), clock(c.end)); got != want {
				t.Errorf("%s to %s: %q, want %q", c.start, c.end, got, want)
			}
		}
	}
}

func TestDate(t *testing.T) {
	ko := notify.When{Locale: lang.Ko, Zone: seoul, Now: clock("2026-12-31 23:30")}
	en := notify.When{Locale: lang.En, Zone: seoul, Now: ko.Now}
	for _, c := range []struct{ got, want string }{
		{ko.Date(clock("2026-12-31 23:59")), "12. 31.(목)"},
		{ko.Date(clock("2027-01-01 00:00")), "2027. 1. 1.(금)"},
		{notify.When{Zone: seoul}.Date(clock("2026-12-31 10:00")), "2026. 12. 31.(목)"},
		{ko.Day(clock("2026-12-31 08:00")), "오늘 12. 31.(목)"},
		{ko.Day(clock("2027-01-01 00:00")), "내일 2027. 1. 1.(금)"},
		{ko.Day(clock("2027-01-02 23:00")), "모레 2027. 1. 2.(토)"},
		{ko.Day(clock("2027-01-03 00:00")), "2027. 1. 3.(일)"},
		{ko.Day(clock("2026-12-30 23:59")), "12. 30.(수)"},
		{en.Day(clock("2027-01-01 12:00")), "Tomorrow, Fri, Jan 1, 2027"},
		{en.Day(clock("2027-01-02 12:00")), "Sat, Jan 2, 2027"},
		{ko.Moment(clock("2026-12-31 12:00")), "12. 31.(목) 낮 12:00"},
		{en.Moment(clock("2026-12-31 12:00")), "Thu, Dec 31, 2026, 12:00 PM (KST)"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDuration(t *testing.T) {
	ko, en := notify.When{Locale: lang.Ko}, notify.When{Locale: lang.En}
	for _, c := range []struct{ got, want string }{
		{ko.Duration(2 * time.Hour), "2시간"},
		{ko.Duration(90 * time.Minute), "1시간 30분"},
		{ko.Duration(30 * time.Minute), "30분"},
		{ko.Duration(0), "0분"},
		{en.Duration(90 * time.Minute), "1 hour 30 minutes"},
		{en.Duration(2 * time.Hour), "2 hours"},
		{ko.Remaining(4*time.Minute + 52*time.Second), "4분 52초 남음"},
		{ko.Remaining(52 * time.Second), "52초 남음"},
		{ko.Remaining(-time.Second), "0초 남음"},
		{en.Remaining(61 * time.Second), "1 minute 1 second left"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
