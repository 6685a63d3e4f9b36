package notify

import (
	"fmt"
	"strings"
	"time"

	"gongbang/internal/lang"
)

// When writes dates and times as people read them, in the catalog's zone.
// Citizens read "오후 2:00 ~ 4:00", staff and official papers 14:00~16:00.
type When struct {
	Locale lang.Locale
	Zone   *time.Location // nil: UTC
	Now    time.Time      // Korean dates of this year are written without the year
	Staff  bool           // the 24 hour style
}

var koWeekday = [7]string{"일", "월", "화", "수", "목", "금", "토"}

// Date is the day of t: "2026. 11. 22.(일)", in the current year "11. 22.(일)";
// English "Sun, Nov 22, 2026".
func (w When) Date(t time.Time) string {
	t = w.in(t)
	if w.Locale == lang.En {
		return t.Format("Mon, Jan 2, 2006")
	}
	s := fmt.Sprintf("%d. %d.(%s)", t.Month(), t.Day(), koWeekday[t.Weekday()])
	if w.Now.IsZero() || t.Year() != w.in(w.Now).Year() {
		s = fmt.Sprintf("%d. %s", t.Year(), s)
	}
	return s
}

// Day is the date with 오늘, 내일 or 모레 before it where it fits. It is for
// pages: a message may be read days later.
func (w When) Day(t time.Time) string {
	words := map[int]lang.Text{0: {Ko: "오늘", En: "Today"}, 1: {Ko: "내일", En: "Tomorrow"}, 2: {Ko: "모레"}}
	word, ok := words[w.daysAhead(t)]
	switch {
	case !ok || w.Locale == lang.En && word.En == "":
		return w.Date(t)
	case w.Locale == lang.En:
		return word.En + ", " + w.Date(t)
	}
	return word.Ko + " " + w.Date(t)
}

func (w When) daysAhead(t time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := w.in(t).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(t).Sub(day(w.Now)) / (24 * time.Hour))
}

// Time is the clock time of t: "오후 2:00", "낮 12:00", "2:00 PM"; staff "14:00".
func (w When) Time(t time.Time) string {
	t = w.in(t)
	switch {
	case w.Staff:
		return t.Format("15:04")
	case w.Locale == lang.En:
		return t.Format("3:04 PM")
	}
	half, clock := w.korean(t)
	return half + " " + clock
}

// korean parts the time into its half of the day and the clock. Midnight is
// 오전 0:00: 오전 12:00 is read as noon by many.
func (w When) korean(t time.Time) (half, clock string) {
	h, m := t.Hour(), t.Minute()
	switch {
	case h == 12 && m == 0:
		return "낮", "12:00"
	case h < 12:
		return "오전", fmt.Sprintf("%d:%02d", h, m)
	case h == 12:
		return "오후", fmt.Sprintf("12:%02d", m)
	}
	return "오후", fmt.Sprintf("%d:%02d", h-12, m)
}

// Moment is a date with a time: "11. 22.(일) 오후 2:00"; English ends with the zone, "(KST)".
func (w When) Moment(t time.Time) string {
	if w.Locale == lang.En {
		return w.Date(t) + ", " + w.Time(t) + w.zone(t)
	}
	return w.Date(t) + " " + w.Time(t)
}

// Span is the interval [start, end): "11. 22.(일) 오후 2:00 ~ 4:00",
// "Sun, Nov 22, 2026, 2:00–4:00 PM (KST)"; staff "11. 22.(일) 14:00~16:00".
func (w When) Span(start, end time.Time) string {
	if !w.sameDay(start, end) {
		return w.overnight(start, end)
	}
	if w.Locale == lang.En {
		return w.Date(start) + ", " + w.Times(start, end) + w.zone(start)
	}
	return w.Date(start) + " " + w.Times(start, end)
}

// Times is the interval without its date: "오후 2:00 ~ 4:00", "2:00–4:00 PM", "14:00~16:00".
func (w When) Times(start, end time.Time) string {
	switch {
	case w.Staff && w.Locale == lang.En:
		return w.Time(start) + "–" + w.ending(start, end)
	case w.Staff:
		return w.Time(start) + "~" + w.ending(start, end)
	case w.Locale == lang.En:
		return englishTimes(w.in(start), w.in(end))
	}
	first, clock := w.korean(w.in(start))
	second := w.ending(start, end)
	if rest, same := strings.CutPrefix(second, first+" "); same {
		second = rest
	}
	return first + " " + clock + " ~ " + second
}

// ending writes an end; the midnight that ends a day is 24:00 of that day, not 0:00 of the next.
func (w When) ending(start, end time.Time) string {
	e := w.in(end)
	if e.Hour() == 0 && e.Minute() == 0 && end.After(start) && w.Locale != lang.En {
		if w.Staff {
			return "24:00"
		}
		return "밤 12:00"
	}
	return w.Time(end)
}

func englishTimes(start, end time.Time) string {
	if start.Format("PM") == end.Format("PM") && start.YearDay() == end.YearDay() {
		return start.Format("3:04") + "–" + end.Format("3:04 PM")
	}
	return start.Format("3:04 PM") + "–" + end.Format("3:04 PM")
}

func (w When) overnight(start, end time.Time) string {
	if w.Locale == lang.En {
		return w.Date(start) + ", " + w.Time(start) + " – " + w.Date(end) + ", " + w.Time(end) + w.zone(start)
	}
	return w.Date(start) + " " + w.Time(start) + " ~ " + w.Date(end) + " " + w.Time(end)
}

// sameDay: an end at midnight belongs to the day that it ends.
func (w When) sameDay(start, end time.Time) bool {
	last := end
	if end.After(start) {
		last = end.Add(-time.Nanosecond)
	}
	sy, sm, sd := w.in(start).Date()
	ly, lm, ld := w.in(last).Date()
	return sy == ly && sm == lm && sd == ld
}

// Duration is a length in whole minutes: "2시간", "1시간 30분", "30분"; "1 hour 30 minutes".
func (w When) Duration(d time.Duration) string {
	minutes := int(d / time.Minute)
	hour, minute := lang.Text{Ko: "시간", En: "hour"}, lang.Text{Ko: "분", En: "minute"}
	return w.pair(minutes/60, hour, minutes%60, minute)
}

// Remaining is a countdown: "4분 52초 남음", "4 minutes 52 seconds left". Less than nothing is nothing.
func (w When) Remaining(d time.Duration) string {
	seconds := max(0, int(d/time.Second))
	minute, second := lang.Text{Ko: "분", En: "minute"}, lang.Text{Ko: "초", En: "second"}
	s := w.pair(seconds/60, minute, seconds%60, second)
	if w.Locale == lang.En {
		return s + " left"
	}
	return s + " 남음"
}

func (w When) pair(big int, bigUnit lang.Text, small int, smallUnit lang.Text) string {
	var parts []string
	if big > 0 {
		parts = append(parts, w.count(big, bigUnit))
	}
	if small > 0 || big == 0 {
		parts = append(parts, w.count(small, smallUnit))
	}
	return strings.Join(parts, " ")
}

func (w When) count(n int, unit lang.Text) string {
	switch {
	case w.Locale != lang.En:
		return fmt.Sprintf("%d%s", n, unit.Ko)
	case n == 1:
		return "1 " + unit.En
	}
	return fmt.Sprintf("%d %ss", n, unit.En)
}

func (w When) zone(t time.Time) string {
	name, _ := w.in(t).Zone()
	return " (" + name + ")"
}

func (w When) in(t time.Time) time.Time {
	if w.Zone == nil {
		return t.UTC()
	}
	return t.In(w.Zone)
}
