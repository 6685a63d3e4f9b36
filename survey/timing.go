package survey

import (
	"fmt"
	"time"
)

const (
	dayLayout   = "2006-01-02"
	monthLayout = "2006-01"
	giveUp      = 7 * 24 * time.Hour // a first message later than this after the use is not sent
	morning     = 10 * 60            // what can't leave at its hour leaves at 10:00
	remindDays  = 3
	expireDays  = 14
	lastDay     = 24 * time.Hour // no reminder this close to the end
	smsFrom     = 8 * 60         // never SMS 21:00–08:00, whatever the window says
	smsTo       = 21 * 60
)

// Window is when invitations may leave: [From, To) in minutes of the day, not
// on public holidays, by SMS not on weekends. Always switches all of it off.
type Window struct {
	From, To int
	Always   bool
}

// ParseWindow reads "09:00-20:00" or "always".
func ParseWindow(s string) (Window, error) {
	if s == "always" {
		return Window{Always: true}, nil
	}
	var h1, m1, h2, m2 int
	n, err := fmt.Sscanf(s, "%02d:%02d-%02d:%02d", &h1, &m1, &h2, &m2)
	w := Window{From: h1*60 + m1, To: h2*60 + m2}
	if err != nil || n != 4 || s != fmt.Sprintf("%02d:%02d-%02d:%02d", h1, m1, h2, m2) ||
		m1 > 59 || m2 > 59 || h1 < 0 || w.To > 24*60 || w.From >= w.To {
		return Window{}, fmt.Errorf("survey window %q is neither HH:MM-HH:MM nor always", s)
	}
	return w, nil
}

// Next is the first moment from t on when a message may leave by the channel.
func (w Window) Next(t time.Time, channel string, c Catalog) time.Time {
	if w.Always {
		return t
	}
	from, to := w.From, w.To
	if channel == "sms" {
		from, to = max(from, smsFrom), min(to, smsTo)
	}
	start := morning
	if start < from || start >= to {
		start = from
	}
	for range 60 { // two months without a working day is no calendar
		local := t.In(c.Zone())
		minute := local.Hour()*60 + local.Minute()
		switch {
		case rests(local, channel, c) || minute >= to:
			t = clock(local, 1, start)
		case minute < from:
			return clock(local, 0, start).UTC()
		default:
			return t
		}
	}
	return t
}

// rests tells whether nothing leaves on that day.
func rests(local time.Time, channel string, c Catalog) bool {
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	return c.Holiday(local.Format(dayLayout)) || channel == "sms" && weekend
}

// clock is minute of the day days after local's day, by the wall clock.
func clock(local time.Time, days, minute int) time.Time {
	return time.Date(local.Year(), local.Month(), local.Day()+days, minute/60, minute%60, 0, 0, local.Location())
}

// Expires is the last second of a link: the 14th day after sending, 23:59:59.
func Expires(sent time.Time, zone *time.Location) time.Time {
	l := sent.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day()+expireDays, 23, 59, 59, 0, zone).UTC()
}

// Reminder is when the one reminder leaves: the third day after sending at
// 10:00 or the next moment it may; zero when that is in the link's last 24 hours.
func (w Window) Reminder(sent time.Time, channel string, c Catalog) time.Time {
	at := w.Next(clock(sent.In(c.Zone()), remindDays, morning), channel, c).UTC()
	if Expires(sent, c.Zone()).Sub(at) < lastDay {
		return time.Time{}
	}
	return at
}

// month is the calendar month of t in the zone.
func month(t time.Time, zone *time.Location) string { return t.In(zone).Format(monthLayout) }

// day is the day of t in the zone.
func day(t time.Time, zone *time.Location) string { return t.In(zone).Format(dayLayout) }

// nextMonth is the month after "2006-01".
func nextMonth(m string) string {
	t, _ := time.Parse(monthLayout, m)
	return t.AddDate(0, 1, 0).Format(monthLayout)
}
