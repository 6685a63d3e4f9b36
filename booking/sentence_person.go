package booking

import (
	"strings"

	"gongbang/internal/lang"
)

// sayAge tells who is old enough.
func (s *sentences) sayAge(p Policy) {
	if p.MinAge == 0 {
		return
	}
	n := count(p.MinAge)
	s.say("이용하시는 해에 만 "+n+"세 이상인 분이 이용하실 수 있습니다. 더 어린 분은 이용하실 수 없습니다.",
		"This machine is for people who are "+n+" or older in the year of use.")
}

// sayReminders tells when a reminder is sent.
func (s *sentences) sayReminders(p Policy) {
	if len(p.Reminders) == 0 {
		return
	}
	var ko, en []string
	for _, h := range p.Reminders {
		l := textLength(h * 60)
		ko, en = append(ko, l.Ko), append(en, l.En)
	}
	s.say("시작 "+strings.Join(ko, ", ")+" 전에 알림을 보내 드립니다.", "We remind you "+strings.Join(en, ", ")+" before the start.")
}

// sayNoShow tells what a no-show and a late cancel cost, and what that leads to.
func (s *sentences) sayNoShow(p Policy, kind lang.Text) {
	r := p.NoShow
	if r == nil || r.NoShow == 0 && r.LateCancel == 0 {
		s.say("오시지 않거나 늦게 취소하셔도 벌점은 없습니다.", "There are no penalty points for not coming or for a late cancel.")
		return
	}
	came, late := textCost(r.NoShow), textCost(r.LateCancel)
	s.say("오시지 않은 예약에는 "+came.Ko+" 늦은 취소나 늦은 변경에는 "+late.Ko+" 센터 사정으로 이용하지 못하신 예약에는 벌점이 없습니다.",
		"Not coming costs "+came.En+", a late cancel or change "+late.En+". What the center causes never costs any.")
	if len(r.Steps) > 0 {
		s.saySteps(r, kind)
	}
	if r.Hours > 0 {
		stopped, n := textStopped(r.Over, kind), count(r.Hours)
		s.say("벌점을 받으시면 예약하신 시간의 "+n+"배가 센터를 여는 시간으로 지날 때까지 "+stopped.Ko+" 새로 예약하실 수 없습니다.",
			"After penalty points you can't make new bookings "+stopped.En+" until "+n+" times the booked time has passed in opening hours.")
	}
	if r.By == "firm" {
		s.say("벌점은 같은 업체의 확인된 구성원을 모두 합쳐 셉니다.", "Points of all confirmed members of a firm are added up.")
	}
	if len(r.Steps) > 0 {
		s.sayEnding(r)
	}
}

// saySteps tells from how many points on new bookings stop, and for how long.
func (s *sentences) saySteps(r *NoShowRule, kind lang.Text) {
	stopped := textStopped(r.Over, kind)
	counted := textCounted(r.Over, kind)
	var ko, en []string
	for _, step := range r.Steps {
		l := textStretch(step.Suspend)
		ko, en = append(ko, count(step.Points)+"점 이상이 되면 "+l.Ko), append(en, "for "+l.En+" when they reach "+count(step.Points))
	}
	s.say(counted.Ko+" "+strings.Join(ko, ", ")+" 동안 "+stopped.Ko+" 새로 예약하실 수 없습니다. 이미 하신 예약은 그대로 있습니다.",
		"Your points "+counted.En+" stop new bookings "+stopped.En+" "+strings.Join(en, ", ")+". The bookings you have stay.")
}

// textCost writes what something costs: "벌점 1점이 있습니다.", "1 penalty point".
func textCost(points int) lang.Text {
	if points == 0 {
		return lang.Text{Ko: "벌점이 없습니다.", En: "none"}
	}
	return lang.Text{Ko: "벌점 " + count(points) + "점이 있습니다.", En: plural(points, "penalty point")}
}

// sayEnding tells how long points count.
func (s *sentences) sayEnding(r *NoShowRule) {
	switch {
	case !r.Expire.IsZero():
		l := textStretch(r.Expire)
		s.say("벌점은 받으신 날부터 "+l.Ko+"이 지나면 없어집니다.", "A point expires after "+l.En+".")
	case r.Clean.IsZero():
		s.say("벌점은 저절로 없어지지 않습니다.", "Points do not expire.")
	}
	if !r.Clean.IsZero() {
		l := textStretch(r.Clean)
		s.say(l.Ko+" 동안 새 벌점이 없으면 그 전의 벌점은 모두 없어집니다.", "After "+l.En+" without a new point all earlier ones are forgotten.")
	}
}

// textStretch writes a length of days or months: "30일", "3개월".
func textStretch(x Stretch) lang.Text {
	if x.Unit == Months {
		return lang.Text{Ko: count(x.N) + "개월", En: plural(x.N, "month")}
	}
	return lang.Text{Ko: count(x.N) + "일", En: plural(x.N, "day")}
}

// textStopped writes where new bookings stop; kind is the machine's.
func textStopped(over string, kind lang.Text) lang.Text {
	switch over {
	case "equipment":
		return lang.Text{Ko: "이 장비를", En: "on this machine"}
	case "category":
		return lang.Text{Ko: "같은 종류(" + kind.Ko + ") 장비를", En: "on machines of the kind \"" + latin(kind) + "\""}
	case "center":
		return lang.Text{Ko: "이 센터의 장비를", En: "at this center"}
	}
	return lang.Text{Ko: "모든 센터의 장비를", En: "at every center"}
}

// textCounted writes which points are added up.
func textCounted(over string, kind lang.Text) lang.Text {
	switch over {
	case "equipment":
		return lang.Text{Ko: "이 장비에서 받으신 벌점이", En: "from this machine"}
	case "category":
		return lang.Text{Ko: "같은 종류(" + kind.Ko + ") 장비에서 받으신 벌점이", En: "from machines of the kind \"" + latin(kind) + "\""}
	case "center":
		return lang.Text{Ko: "이 센터에서 받으신 벌점이", En: "from this center"}
	}
	return lang.Text{Ko: "모든 센터에서 받으신 벌점이", En: "from all centers"}
}
