package booking

import "gongbang/internal/lang"

func (s *sentences) sayLimits(c *Catalog, e *Equipment) {
	for _, l := range e.Policy.Limits {
		if l.Allocation != "" {
			s.sayDrawnLimit(l)
			continue
		}
		who := lang.Text{Ko: "한 분이", En: "One person"}
		if l.By == "firm" {
			who = lang.Text{Ko: "한 업체가(확인된 구성원을 모두 합쳐)", En: "One firm (all its confirmed members together)"}
		}
		where, per, most := textOver(l.Over, c.label(c.Categories, e.Category)), textPer(l.Per), textCount(l.Count, l.Max)
		switch l.Count {
		case "upcoming":
			s.say(joinKo(who.Ko, where.Ko, "아직 이용하지 않은 예약을 "+most.Ko+"까지 가지실 수 있습니다."),
				who.En+" can have up to "+most.En+" still to come "+where.En+".")
		case "concurrent":
			s.say(joinKo(who.Ko, where.Ko, "같은 시간에 "+most.Ko+"까지 예약하실 수 있습니다."),
				who.En+" can have up to "+most.En+" at the same time "+where.En+".")
		case "consecutive_days":
			s.say(joinKo(who.Ko, where.Ko, "연달아 "+most.Ko+"까지 예약하실 수 있습니다."),
				who.En+" can book up to "+most.En+" in a row "+where.En+".")
		case "bookings":
			s.say(joinKo(who.Ko, per.Ko, where.Ko, "예약을 "+most.Ko+"까지 하실 수 있습니다."),
				who.En+" can make up to "+most.En+" "+per.En+" "+where.En+".")
		default:
			s.say(joinKo(who.Ko, per.Ko, where.Ko, most.Ko+"까지 예약하실 수 있습니다."),
				who.En+" can book up to "+most.En+" "+per.En+" "+where.En+".")
		}
	}
}

// sayCancel tells the cancel limit and what a late cancel means.
func (s *sentences) sayCancel(p Policy) {
	until := textWhen(p.CancelUntil)
	if p.CancelUntil == (When{Unit: Minutes}) || p.CancelUntil == (When{Unit: Hours}) {
		s.say("시작 시각까지 취소하거나 바꾸실 수 있습니다.", "You can cancel or change until the start.")
		return
	}
	if p.LateCancel == LateRefused {
		s.say(until.Ko+"까지 취소하거나 바꾸실 수 있습니다. 그 뒤에는 취소하거나 바꾸실 수 없으니 센터에 말씀해 주세요.",
			"You can cancel or change until "+until.En+". After that it is not possible; please contact the center.")
		return
	}
	s.say(until.Ko+"까지 취소하거나 바꾸실 수 있습니다. 그 뒤에도 시작 전까지 취소하실 수 있지만 늦은 취소로 남습니다. 확정되고 10분 안에 취소하시면 늦은 취소로 보지 않습니다.",
		"You can cancel or change until "+until.En+". After that you can still cancel until the start, but it is recorded as a late cancel, except within 10 minutes of the confirmation.")
}

// sayCheckIn tells when check-in opens and what becomes of somebody who does not come.
func (s *sentences) sayCheckIn(e *Equipment) {
	c := e.Policy.CheckIn
	opens := textLength(c.OpensMinutesBefore)
	if c.OpensMinutesBefore == 0 {
		s.say("시작 시각부터 입실 확인을 하실 수 있습니다.", "Check-in opens at the start.")
	} else {
		s.say("시작 "+opens.Ko+" 전부터 입실 확인을 하실 수 있습니다.", "Check-in opens "+opens.En+" before the start.")
	}
	if c.GraceMinutes == nil {
		s.say("늦으셔도 예약이 저절로 풀리지 않습니다.", "A booking is not given away by itself when you are late.")
		return
	}
	grace := textLength(*c.GraceMinutes)
	ko, en := "시작하고 "+grace.Ko+"이 지나도 오시지 않으면", "If you have not come "+grace.En+" after the start,"
	if *c.GraceMinutes == 0 {
		ko, en = "시작 시각까지 오시지 않으면", "If you have not come by the start,"
	}
	switch c.Auto {
	case Always:
		s.say(ko+" 남은 시간은 저절로 다른 분에게 열립니다.", en+" the rest of the time is opened to others automatically.")
	case Never:
		s.say(ko+" 직원이 확인한 뒤 남은 시간을 다른 분에게 열 수 있습니다.", en+" staff may open the rest of the time to others.")
	default:
		s.say(ko+" 남은 시간은 다른 분에게 열립니다. 센터 창구가 비어 있던 때에는 그렇게 하지 않습니다.",
			en+" the rest of the time is opened to others, but not while the center's desk was unattended.")
	}
}
