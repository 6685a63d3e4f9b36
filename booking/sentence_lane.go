package booking

import (
	"strings"
	"time"

	"gongbang/internal/lang"
)

// sayLanes tells what is kept for whom.
func (s *sentences) sayLanes(e *Equipment) {
	first := 1
	for _, l := range e.Policy.Lanes {
		what := textLane(l, first)
		first += l.Units
		who := textAdmits(l.Admits)
		if l.Admits.Anyone {
			s.say(what.Ko+" 누구나 예약하실 수 있습니다.", what.En+" can be booked by anyone.")
			continue
		}
		ko, en := what.Ko+" "+who.Ko+"께 드립니다.", what.En+" is kept for "+who.En+"."
		if l.Released != nil {
			at := textWhen(*l.Released)
			ko, en = ko+" "+at.Ko+"부터는 누구나 예약하실 수 있습니다.", en+" From "+at.En+" on anyone can book it."
		}
		s.say(ko, en)
	}
}

// sayLottery tells which times are drawn.
func (s *sentences) sayLottery(p Policy) {
	if p.Lottery == nil {
		return
	}
	l := *p.Lottery
	what := lang.Text{Ko: "이 장비는", En: "This machine"}
	if len(l.Times) > 0 {
		times := textOpenings(l.Times)
		what = lang.Text{Ko: times.Ko + " 시간은", En: "The time " + times.En}
	}
	s.say(what.Ko+" 추첨으로 정합니다. 이용일 "+count(l.ApplyUntilDays)+"일 전까지 신청하시면 "+count(l.DrawDays)+"일 전에 추첨합니다.",
		what.En+" is given out by lot. Apply up to "+plural(l.ApplyUntilDays, "day")+" before the day of use; the draw is "+plural(l.DrawDays, "day")+" before.")
}

// sayDrawnLimit tells a limit that counts only what was drawn.
func (s *sentences) sayDrawnLimit(l Limit) {
	per, most := textPer(l.Per), textCount(l.Count, l.Max)
	s.say(joinKo("추첨으로는 한 분이", per.Ko, most.Ko+"까지 받으실 수 있습니다."), strings.TrimSpace("By lot one person can get up to "+most.En+" "+per.En)+".")
}

var weekdaysEn = [7]string{"Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"}

// textLane names what a lane is about: "1~2호기는", "토요일 오전 9:00 ~ 11:00 시간은".
func textLane(l Lane, first int) lang.Text {
	var ko, en []string
	if len(l.Weekdays) > 0 {
		var k, n []string
		for _, d := range l.Weekdays {
			k, n = append(k, weekdaysKo[d]), append(n, weekdaysEn[d])
		}
		ko, en = append(ko, strings.Join(k, "·")+"요일"), append(en, "on "+strings.Join(n, ", "))
	}
	if len(l.Times) > 0 {
		t := textOpenings(l.Times)
		ko, en = append(ko, t.Ko), append(en, t.En)
	}
	if l.Units == 0 {
		return lang.Text{Ko: strings.Join(ko, " ") + " 시간은", En: "The machine " + strings.Join(en, ", ")}
	}
	units := textUnits(first, l.Units)
	return lang.Text{Ko: strings.Join(append(ko, units.Ko), " ") + "는", En: strings.Join(append([]string{units.En}, en...), " ")}
}

func textUnits(first, n int) lang.Text {
	if n == 1 {
		return lang.Text{Ko: count(first) + "호기", En: "Unit " + count(first)}
	}
	return lang.Text{Ko: count(first) + "~" + count(first+n-1) + "호기", En: "Units " + count(first) + " to " + count(first+n-1)}
}

// textAdmits names whom a lane takes: "처음 이용하시는 분과 전화로 예약하시는 분".
func textAdmits(a Admission) lang.Text {
	var ko, en []string
	if a.FirstTime {
		ko, en = append(ko, "이 장비를 처음 이용하시는 분"), append(en, "people who use this machine for the first time")
	}
	if a.DueWithinDays != nil {
		n := *a.DueWithinDays
		ko, en = append(ko, "납기가 "+count(n)+"일 안인 작업을 하시는 분"), append(en, "jobs that are due within "+plural(n, "day"))
	}
	if a.Desk {
		ko, en = append(ko, "전화나 창구로 예약하시는 분"), append(en, "people who book by phone or at the desk")
	}
	return lang.Text{Ko: strings.Join(ko, ", "), En: strings.Join(en, ", ")}
}

// vLane: the time, or the unit, is kept for others; until is when it is open to anyone.
func vLane(l Lane, i Interval, zone *time.Location) Violation {
	who := textAdmits(l.Admits)
	ko, en := who.Ko+"을 위해 남겨 둔 자리입니다.", "This is kept for "+who.En+"."
	if l.Released == nil {
		return violation("lane", ko+" 다른 시간이나 다른 장비를 골라 주세요.", en+" Please choose another time or machine.")
	}
	at := l.Released.Before(i.Start, zone)
	when := textMoment(at, zone)
	return violation("lane", ko+" "+when.Ko+"부터는 누구나 예약하실 수 있습니다. 그때 다시 골라 주시거나 다른 시간을 골라 주세요.",
		en+" From "+when.En+" on anyone can book it. Please come back then, or choose another time.").until(at)
}

// vLotteryOnly: the time is given out by lot.
func vLotteryOnly(l Lottery) Violation {
	return violation("lottery_only", "추첨으로 정하는 시간입니다. 이용일 "+count(l.ApplyUntilDays)+"일 전까지 센터에 신청해 주시거나 다른 시간을 골라 주세요.",
		"This time is given out by lot. Please apply at the center up to "+plural(l.ApplyUntilDays, "day")+" before, or choose another time.")
}
