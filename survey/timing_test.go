package survey

import (
	"testing"
	"time"

	"gongbang/internal/lang"
)

var seoul = time.FixedZone("KST", 9*60*60)

// days is a catalog with holidays alone.
type days map[string]bool

func (d days) Center(string) (lang.Text, bool)          { return lang.Text{}, false }
func (d days) Centers() []string                        { return nil }
func (d days) Category(string) lang.Text                { return lang.Text{} }
func (d days) Equipment(string) (Machine, bool)         { return Machine{}, false }
func (d days) SurveyDelay(string) (time.Duration, bool) { return 0, false }
func (d days) Holiday(day string) bool                  { return d[day] }
func (d days) Zone() *time.Location                     { return seoul }

// Seollal 2027 with its substitute day, and the first of March.
var holidays = days{"2027-02-06": true, "2027-02-07": true, "2027-02-08": true, "2027-02-09": true, "2027-03-01": true}

func when(t *testing.T, s string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if v, err := time.Parse(layout, s); err == nil {
			return v
		}
	}
	t.Fatalf("no time: %s", s)
	return time.Time{}
}

func TestSendingMatchesTheWorkedTimes(t *testing.T) {
	w := Window{From: 9 * 60, To: 20 * 60}
	for _, v := range readVectors(t).Timing {
		got := w.Next(when(t, v.UsedUntil).Add(2*time.Hour), "email", holidays)
		if !got.Equal(when(t, v.Sent)) {
			t.Errorf("used until %s: leaves %s, want %s", v.UsedUntil, got.In(seoul), v.Sent)
		}
	}
}

func TestReminderAndExpiryMatchTheWorkedTimes(t *testing.T) {
	v := readVectors(t).Reminder
	w := Window{From: 9 * 60, To: 20 * 60}
	if got := w.Reminder(when(t, v.Sent), "email", holidays); !got.Equal(when(t, v.Reminder)) {
		t.Errorf("reminder %s, want %s", got.In(seoul), v.Reminder)
	}
	if got := Expires(when(t, v.Sent), seoul); !got.Equal(when(t, v.Expires)) {
		t.Errorf("expires %s, want %s", got.In(seoul), v.Expires)
	}
}

func TestWindowByChannel(t *testing.T) {
	w := Window{From: 9 * 60, To: 20 * 60}
	wide := Window{From: 0, To: 24 * 60}
	for _, c := range []struct {
		name, at, channel, want string
		w                       Window
	}{
		{"mail leaves on Saturday", "2027-03-06T12:00+09:00", "email", "2027-03-06T12:00+09:00", w},
		{"SMS waits for Monday", "2027-03-06T12:00+09:00", "sms", "2027-03-08T10:00+09:00", w},
		{"the window's end is outside", "2027-03-02T20:00+09:00", "email", "2027-03-03T10:00+09:00", w},
		{"the window's start is inside", "2027-03-02T09:00+09:00", "email", "2027-03-02T09:00+09:00", w},
		{"no SMS at night in the widest window", "2027-03-02T21:00+09:00", "sms", "2027-03-03T10:00+09:00", wide},
		{"no SMS before eight", "2027-03-02T07:59+09:00", "sms", "2027-03-02T10:00+09:00", wide},
		{"mail at night in the widest window", "2027-03-02T23:59+09:00", "email", "2027-03-02T23:59+09:00", wide},
		{"a holiday, then Tuesday", "2027-03-01T12:00+09:00", "email", "2027-03-02T10:00+09:00", w},
		{"always", "2027-03-01T03:00+09:00", "sms", "2027-03-01T03:00+09:00", Window{Always: true}},
	} {
		if got := c.w.Next(when(t, c.at), c.channel, holidays); !got.Equal(when(t, c.want)) {
			t.Errorf("%s: %s, want %s", c.name, got.In(seoul), c.want)
		}
	}
}

func TestParseWindow(t *testing.T) {
	if w, err := ParseWindow("09:00-20:00"); err != nil || w != (Window{From: 540, To: 1200}) {
		t.Errorf("%+v %v", w, err)
	}
	if w, err := ParseWindow("always"); err != nil || !w.Always {
		t.Errorf("%+v %v", w, err)
	}
	for _, s := range []string{"", "never", "9:00-20:00", "20:00-09:00", "09:00-09:00", "09:60-10:00", "09:00-25:00", "09:00-20:00x", "-1:00-09:00"} {
		if w, err := ParseWindow(s); err == nil {
			t.Errorf("%q is accepted as %+v", s, w)
		}
	}
}
