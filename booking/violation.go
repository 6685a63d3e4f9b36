package booking

import (
	"strconv"
	"time"

	"gongbang/internal/lang"
)

// Violation is one broken rule: a stable code, the values it is about, and a
// sentence that says what is wrong, why, and what to do now.
type Violation struct {
	Code   string
	Limit  *int       // minutes, bookings, people or years, as the code says
	Used   *int       // how much of Limit was used or asked for
	Until  *time.Time // when it changes: the window opens, a suspension or outage ends
	Action *Action
	Text   lang.Text
}

// Action is what the person can do next.
type Action struct {
	Label lang.Text
	Href  string
}

// violationCodes lists every code there is; tests ask for sentences of each.
var violationCodes = []string{
	"closed", "holiday", "outside_hours", "off_grid", "too_short", "too_long",
	"in_past", "not_open_yet", "too_late", "too_early", "limit",
	"certificate_missing", "certificate_expired", "not_eligible", "min_age", "too_many_people",
	"suspended", "outage", "retired", "lane", "lottery_only", "booked_elsewhere",
}

func violation(code, ko, en string) Violation {
	return Violation{Code: code, Text: lang.Text{Ko: ko, En: en}}
}

func (v Violation) limit(n int) Violation { v.Limit = &n; return v }

func (v Violation) used(n int) Violation { v.Used = &n; return v }

func (v Violation) until(t time.Time) Violation { t = t.UTC(); v.Until = &t; return v }

func (v Violation) action(href, ko, en string) Violation {
	v.Action = &Action{Label: lang.Text{Ko: ko, En: en}, Href: href}
	return v
}

// vClosed: the center is closed on that day, or for a part of it that the
// asked time touches; reason may be empty.
func vClosed(d Date, part bool, reason lang.Text) Violation {
	day := textDate(d)
	ko, en := day.Ko+"은 센터가 쉽니다", "The center is closed on "+day.En
	if part {
		ko, en = day.Ko+"의 그 시간에는 센터가 쉽니다", "The center is closed at that time on "+day.En
	}
	if reason.Ko != "" {
		ko += "(" + reason.Ko + ")"
	}
	if reason.En != "" && !hasHangul(reason.En) {
		en += " (" + reason.En + ")"
	}
	return violation("closed", ko+". 다른 시간을 골라 주세요.", en+". Please choose another time.")
}

// vHoliday: the center is closed on that public holiday.
func vHoliday(d Date, name lang.Text) Violation {
	day := textDate(d)
	ko, en := day.Ko+"은 공휴일이어서 센터가 쉽니다.", "The center is closed on "+day.En+", a public holiday."
	if name.Ko != "" {
		ko = day.Ko + "은 공휴일(" + name.Ko + ")이어서 센터가 쉽니다."
	}
	if name.En != "" && !hasHangul(name.En) {
		en = "The center is closed on " + day.En + ", a public holiday (" + name.En + ")."
	}
	return violation("holiday", ko+" 다른 날을 골라 주세요.", en+" Please choose another day.")
}

// vOutsideHours: some of the time is outside the opening hours of that weekday.
func vOutsideHours(open []Opening) Violation {
	hours := textOpenings(open)
	if len(open) == 0 {
		return violation("outside_hours", "센터가 문을 여는 시간이 아닙니다. 다른 시간을 골라 주세요.",
			"That is outside the opening hours. Please choose another time.")
	}
	return violation("outside_hours",
		"센터가 문을 여는 시간이 아닙니다. 이날은 "+hours.Ko+"에 엽니다. 그 안에서 골라 주세요.",
		"That is outside the opening hours. The center is open "+hours.En+" that day. Please choose a time within them.")
}

// vOffGrid: the start or the length does not fit the grid; values in minutes.
func vOffGrid(slot, step int) Violation {
	length, start := textLength(slot), textLength(step)
	return violation("off_grid",
		"예약 시간은 문을 여는 시각부터 "+start.Ko+"마다 시작하고 길이는 "+length.Ko+" 단위입니다. 화면에 있는 시간에서 골라 주세요.",
		"Bookings start every "+start.En+" from the opening time and last a multiple of "+length.En+". Please choose one of the times shown.").limit(slot)
}

// vTooShort: shorter than the shortest booking, in minutes.
func vTooShort(least int) Violation {
	l := textLength(least)
	return violation("too_short", "한 번에 "+l.Ko+"부터 예약하실 수 있습니다. 더 길게 골라 주세요.",
		"A booking lasts at least "+l.En+". Please choose a longer time.").limit(least)
}

// vTooLong: longer than the longest booking, in minutes.
func vTooLong(most int) Violation {
	l := textLength(most)
	return violation("too_long", "한 번에 "+l.Ko+"까지 예약하실 수 있습니다. 더 짧게 골라 주세요.",
		"A booking lasts at most "+l.En+". Please choose a shorter time.").limit(most)
}

// vInPast: the start has passed.
func vInPast() Violation {
	return violation("in_past", "이미 지난 시간입니다. 앞으로 올 시간을 골라 주세요.",
		"That time has already passed. Please choose a time in the future.")
}

// vNotOpenYet: bookings for that time open later.
func vNotOpenYet(opens time.Time, zone *time.Location) Violation {
	at := textMoment(opens, zone)
	return violation("not_open_yet", "아직 예약이 열리지 않은 시간입니다. "+at.Ko+"부터 예약하실 수 있습니다. 그때 다시 골라 주세요.",
		"Booking for that time has not opened yet. It opens on "+at.En+". Please come back then.").until(opens)
}

// vTooLate: bookings for that time have closed.
func vTooLate(closed time.Time, zone *time.Location) Violation {
	at := textMoment(closed, zone)
	return violation("too_late", "이 시간의 예약은 "+at.Ko+"에 마감되었습니다. 더 뒤의 시간을 골라 주세요.",
		"Booking for that time closed on "+at.En+". Please choose a later time.").until(closed)
}

// vTooLateToCancel: the cancel limit has passed and the rule refuses late changes.
func vTooLateToCancel(until time.Time, zone *time.Location) Violation {
	at := textMoment(until, zone)
	return violation("too_late", at.Ko+"까지 취소하거나 바꾸실 수 있었습니다. 지금은 센터에 말씀해 주세요.",
		"This booking could be cancelled or changed until "+at.En+". Please contact the center now.").until(until)
}

// vTooEarly: check-in has not opened yet.
func vTooEarly(from time.Time, zone *time.Location) Violation {
	at := textMoment(from, zone)
	return violation("too_early", "아직 입실 확인을 할 시간이 아닙니다. "+at.Ko+"부터 할 수 있습니다. 그때 다시 눌러 주세요.",
		"Check-in is not open yet. It opens on "+at.En+". Please try again then.").until(from)
}

// vNotGivenUpYet: the grace of the booking is not over.
func vNotGivenUpYet(until time.Time, zone *time.Location) Violation {
	at := textMoment(until, zone)
	return violation("too_early", at.Ko+"까지는 기다려 주세요. 그때까지 오시지 않으면 미방문으로 바꿀 수 있습니다.",
		"Please wait until "+at.En+". If the person has not come by then, you can mark a no-show.").until(until)
}

// vRetired: the machine or its center is no longer offered.
func vRetired() Violation {
	return violation("retired", "이제 예약을 받지 않는 장비입니다. 다른 장비를 찾아 주세요.",
		"This machine is no longer offered. Please look for another one.").action("/api/v1/equipment", "다른 장비 찾기", "Find another machine")
}

// vOutage: the machine stands for a check or a fault; FarFuture or the zero
// time say that the end is not known.
func vOutage(end time.Time, zone *time.Location) Violation {
	if end.IsZero() || !end.Before(FarFuture) {
		return violation("outage", "점검이나 고장으로 그 시간에는 이 장비를 쓸 수 없습니다. 다른 시간이나 다른 장비를 골라 주세요.",
			"The machine can't be used then because of maintenance or a fault. Please choose another time or machine.")
	}
	at := textMoment(end, zone)
	return violation("outage", "점검이나 고장으로 "+at.Ko+"까지 이 장비를 쓸 수 없습니다. 그 뒤의 시간이나 다른 장비를 골라 주세요.",
		"The machine can't be used until "+at.En+" because of maintenance or a fault. Please choose a later time or another machine.").until(end)
}

func hasHangul(s string) bool {
	for _, r := range s {
		if r >= 0xAC00 && r <= 0xD7A3 || r >= 0x3131 && r <= 0x318E {
			return true
		}
	}
	return false
}

func count(n int) string { return strconv.Itoa(n) }
