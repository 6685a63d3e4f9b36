package page

import (
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// minuteForm is how forms and links write a start: the wall clock of the
// catalog's zone, whatever zone the browser lives in.
const minuteForm = "2006-01-02T15:04"

// startAt reads a start as forms write it.
func (r *request) startAt(s string) (time.Time, bool) {
	t, err := time.ParseInLocation(minuteForm, s, r.catalog.Zone)
	return t.UTC(), err == nil && t.Year() >= 2000 && t.Year() < 2200
}

// startText writes a start as forms read it.
func (r *request) startText(t time.Time) string { return t.In(r.catalog.Zone).Format(minuteForm) }

// minutesOf reads a length in minutes; 0 is none.
func minutesOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 24*60 {
		return 0
	}
	return n
}

// length writes minutes as people say them.
func (r *request) length(minutes int) string {
	return r.when().Duration(time.Duration(minutes) * time.Minute)
}

// dayName is a day as it is read aloud: "11월 23일 월요일", "Monday, November 23".
func (r *request) dayName(t time.Time) string {
	t = t.In(r.catalog.Zone)
	return r.T("day.name", int(t.Month()), t.Day(), r.T("weekday."+strconv.Itoa(int(t.Weekday()))), r.T("month."+strconv.Itoa(int(t.Month()))))
}

// shortDay is a weekday of one letter (three in English).
func (r *request) shortDay(w time.Weekday) string {
	return r.T("weekday.short." + strconv.Itoa(int(w)))
}

// half is the part of the day a clock time begins with and the clock without
// it: "오후", "2:00"; noon keeps its word, "낮 12:00". English keeps it whole.
func (r *request) half(t time.Time) (group, clock string) {
	local := t.In(r.catalog.Zone)
	group = r.T("half.am")
	if local.Hour() >= 12 {
		group = r.T("half.pm")
	}
	text := r.when().Time(t)
	if rest, cut := strings.CutPrefix(text, group+" "); cut && r.lang == lang.Ko {
		return group, rest
	}
	return group, text
}

// statusChip is a booking's status in a word.
func (r *request) statusChip(v *booking.View) Chip {
	kinds := map[booking.Status]string{booking.Pending: "warn", booking.Offered: "warn", booking.Confirmed: "ok", booking.CheckedIn: "info",
		booking.Completed: "plain", booking.Cancelled: "plain", booking.Rejected: "danger", booking.NoShow: "danger"}
	return Chip{Kind: kinds[v.Status], Text: r.T("status." + string(v.Status))}
}

// may tells whether the service says that this can be done now.
func may(v *booking.View, verb booking.Verb) bool {
	for _, can := range v.Can {
		if can == verb {
			return true
		}
	}
	return false
}

// machinePath is a machine's page with a day, a length and the booking that
// moves; empty ones are left out.
func machinePath(id string, date booking.Date, minutes int, move string) string {
	path, sep := "/machines/"+id, "?"
	for _, part := range [][2]string{{"date", string(date)}, {"len", positive(minutes)}, {"move", move}} {
		if part[1] != "" {
			path += sep + part[0] + "=" + part[1]
			sep = "&"
		}
	}
	return path
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
