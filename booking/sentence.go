package booking

import (
	"gongbang/internal/lang"
)

// sentences collects rules in both languages, line by line.
type sentences struct{ ko, en []string }

func (s *sentences) say(ko, en string) {
	s.ko, s.en = append(s.ko, ko), append(s.en, en)
}

// PolicyText says the rules of a machine in sentences, the same number in both
// languages, made from the values that refuse a booking.
func (c *Catalog) PolicyText(e *Equipment) (ko, en []string) {
	s := &sentences{}
	if e.Elsewhere != nil {
		where := textElsewhere(*e.Elsewhere)
		s.say(where.Ko, where.En)
		s.sayWho(c, e.Center)
		s.sayFee(e)
		return s.ko, s.en
	}
	if e.BookableFrom != "" {
		day := textDate(e.BookableFrom)
		s.say(day.Ko+" 이용분부터 여기서 예약하실 수 있습니다.", "Uses from "+day.En+" on are booked here.")
	}
	s.sayWho(c, e.Center)
	s.sayCertificate(c, e.Policy)
	s.sayAge(e.Policy)
	s.sayMode(e)
	s.sayWindow(e.Policy)
	s.sayGrid(e.Policy)
	s.sayApproval(e.Policy)
	s.sayLanes(e)
	s.sayLottery(e.Policy)
	s.sayLimits(c, e)
	s.sayCancel(e.Policy)
	s.sayCheckIn(e)
	s.sayNoShow(e.Policy, c.label(c.Categories, e.Category))
	s.sayReminders(e.Policy)
	s.sayHold(e.Policy)
	s.sayFee(e)
	return s.ko, s.en
}

// sayWho tells who may use the center and how that is shown.
func (s *sentences) sayWho(c *Catalog, center *Center) {
	el := center.Eligibility
	if len(el.Groups) == 0 {
		s.say("누구나 이용하실 수 있습니다.", "Anyone can use this center.")
		return
	}
	names := c.groupNames(center)
	ko, en := "예약할 때 ‘네, 해당합니다’를 고르시면 됩니다.", "You say so yourself when you book."
	switch el.Proof {
	case "first_visit":
		ko, en = "예약할 때 ‘네, 해당합니다’를 고르시고, 처음 오시는 날 직원이 한 번 확인합니다.", "You say so when you book, and staff confirm it once at your first visit."
	case "before_booking":
		ko, en = "예약하시기 전에 센터에서 확인을 받아 주세요.", "Please have the center confirm it before you book."
	}
	s.say("다음에 해당하는 분이 이용하실 수 있습니다: "+names.Ko+". "+ko, "This center is for: "+names.En+". "+en)
}

func (s *sentences) sayCertificate(c *Catalog, p Policy) {
	if p.Certificate == nil {
		return
	}
	name := c.label(c.Categories, p.Certificate.Key)
	if p.Certificate.AskStaff {
		s.say("‘"+name.Ko+"’ 교육을 받으신 분은 바로 예약하실 수 있습니다. 아직이시면 직원이 확인한 뒤 확정하며, 첫 이용은 직원과 함께 시작합니다.",
			"With the training \""+latin(name)+"\" you can book at once. Without it staff look at your request first, and the first use starts together with staff.")
		return
	}
	s.say("이용하시는 날까지 유효한 ‘"+name.Ko+"’ 교육을 받으신 뒤 예약하실 수 있습니다.",
		"You can book after the training \""+latin(name)+"\", which has to be valid on the day of use.")
}

func (s *sentences) sayMode(e *Equipment) {
	if e.Mode == Operator {
		s.say("직원이 대신 작업하는 장비입니다. 재료를 맡겨 주세요.", "Staff run this machine for you. Please bring your material.")
	}
	n := count(e.Policy.Capacity)
	if e.Policy.Capacity == 1 {
		s.say("한 예약에 "+n+"명이 이용하실 수 있습니다.", "A booking is for "+n+" person.")
		return
	}
	s.say("한 예약에 "+n+"명까지 이용하실 수 있습니다.", "A booking is for up to "+n+" people.")
}

func (s *sentences) sayWindow(p Policy) {
	opens, closes := textWhen(p.Opens), textWhen(p.Closes)
	s.say("예약은 "+opens.Ko+"부터 "+closes.Ko+"까지 하실 수 있습니다.", "You can book from "+opens.En+" until "+closes.En+".")
}

func (s *sentences) sayGrid(p Policy) {
	slot, step, least, most := textLength(p.SlotMinutes), textLength(p.StartStepMinutes), textLength(p.MinMinutes), textLength(p.MaxMinutes)
	s.say("문을 여는 시각부터 "+step.Ko+"마다 시작하실 수 있고, 길이는 "+slot.Ko+" 단위입니다.",
		"Bookings start every "+step.En+" from the opening time and last a multiple of "+slot.En+".")
	if p.MinMinutes == p.MaxMinutes {
		s.say("한 번에 "+least.Ko+" 동안 예약하실 수 있습니다.", "A booking lasts "+least.En+".")
	} else {
		s.say("한 번에 "+least.Ko+"부터 "+most.Ko+"까지 예약하실 수 있습니다.", "A booking lasts from "+least.En+" to "+most.En+".")
	}
	if p.BufferMinutes > 0 {
		b := textLength(p.BufferMinutes)
		s.say("예약과 예약 사이에는 정리 시간 "+b.Ko+"을 비워 둡니다.", "The machine is kept free for "+b.En+" of cleaning after each booking.")
	}
}

func (s *sentences) sayApproval(p Policy) {
	if p.Approval == nil {
		s.say("예약하시면 바로 확정됩니다.", "A booking is confirmed at once.")
		if p.Certificate != nil && p.Certificate.AskStaff {
			last := len(s.ko) - 1
			s.ko[last], s.en[last] = "교육을 받으신 분의 예약은 바로 확정됩니다.", "With the training a booking is confirmed at once."
		}
		return
	}
	h := textLength(p.Approval.AnswerWithinHours * 60)
	s.say("신청하시면 센터가 확인한 뒤 확정합니다. 문을 여는 시간으로 "+h.Ko+" 안에, 늦어도 시작 3시간 전까지 알려 드립니다.",
		"Staff confirm each request. They answer within "+h.En+" of opening time, at the latest 3 hours before the start.")
}

func (s *sentences) sayHold(p Policy) {
	h := p.Hold
	m, x := textLength(h.Minutes), textLength(h.ExtendMinutes)
	if h.Extensions == 0 {
		s.say("시간을 고르시면 "+m.Ko+" 동안 맡아 둡니다.", "A time you choose is kept for you for "+m.En+".")
		return
	}
	s.say("시간을 고르시면 "+m.Ko+" 동안 맡아 두고, "+x.Ko+"씩 "+count(h.Extensions)+"번까지 늘리실 수 있습니다.",
		"A time you choose is kept for you for "+m.En+"; you can add "+x.En+" up to "+plural(h.Extensions, "time")+".")
}

func (s *sentences) sayFee(e *Equipment) {
	if e.FeeKRWPerHour == 0 {
		s.say("이용료는 무료입니다.", "Use is free of charge.")
		return
	}
	won := textWon(e.FeeKRWPerHour)
	s.say("이용료는 1시간에 "+won.Ko+"이며 센터에서 내시면 됩니다.", "The fee is "+won.En+" an hour, paid at the center.")
}

// textWhen writes a moment before a start: "이용일 14일 전 오전 10:00", "시작 2시간 전".
func textWhen(w When) lang.Text {
	if w.N == 0 && (w.Unit == Hours || w.Unit == Minutes) {
		return lang.Text{Ko: "시작 시각", En: "the start"}
	}
	at := textClock(w.At)
	switch w.Unit {
	case Months:
		if w.N == 0 {
			return lang.Text{Ko: "이용일 당일 " + at.Ko, En: at.En + " on the day of use"}
		}
		return lang.Text{Ko: "이용일 " + count(w.N) + "개월 전 같은 날 " + at.Ko, En: at.En + " on the same day " + plural(w.N, "month") + " before"}
	case Days:
		if w.N == 0 {
			return lang.Text{Ko: "이용일 당일 " + at.Ko, En: at.En + " on the day of use"}
		}
		return lang.Text{Ko: "이용일 " + count(w.N) + "일 전 " + at.Ko, En: at.En + " " + plural(w.N, "day") + " before the day of use"}
	case Hours:
		l := textLength(w.N * 60)
		return lang.Text{Ko: "시작 " + l.Ko + " 전", En: l.En + " before the start"}
	}
	l := textLength(w.N)
	return lang.Text{Ko: "시작 " + l.Ko + " 전", En: l.En + " before the start"}
}
