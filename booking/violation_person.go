package booking

import (
	"time"

	"gongbang/internal/lang"
)

// vLimit: the person has used what a limit of the machine allows. used is what
// counts already without the asked booking; for consecutive_days it is the
// length of the row of days with it.
func vLimit(c *Catalog, e *Equipment, l Limit, used int) Violation {
	where, per := textOver(l.Over, c.label(c.Categories, e.Category)), textPer(l.Per)
	most, now := textCount(l.Count, l.Max), textCount(l.Count, used)
	var ko, en string
	switch l.Count {
	case "upcoming":
		ko = "아직 이용하지 않은 예약을 " + most.Ko + "까지 가지실 수 있습니다. 지금 " + now.Ko + "이 있습니다."
		en = "You can have up to " + most.En + " still to come " + where.En + ". You have " + now.En + " now."
	case "concurrent":
		ko = "같은 시간에 " + most.Ko + "까지 예약하실 수 있습니다. 그 시간에 이미 " + now.Ko + "이 있습니다."
		en = "You can have up to " + most.En + " at the same time " + where.En + ". You already have " + now.En + " at that time."
	case "consecutive_days":
		ko = "연달아 " + most.Ko + "까지 예약하실 수 있습니다. 이 예약을 하시면 연달아 " + now.Ko + "이 됩니다."
		en = "You can book up to " + most.En + " in a row " + where.En + ". This booking would make it " + now.En + "."
	case "bookings":
		ko = "예약을 " + most.Ko + "까지 하실 수 있습니다. 이미 " + now.Ko + "이 있습니다."
		en = "You can make up to " + most.En + " " + per.En + " " + where.En + ". You already have " + now.En + "."
	default:
		ko = most.Ko + "까지 예약하실 수 있습니다. 이미 예약하신 시간은 " + now.Ko + "입니다."
		en = "You can book up to " + most.En + " " + per.En + " " + where.En + ". You have already booked " + now.En + "."
	}
	if l.By == "firm" {
		ko, en = "같은 업체 분들의 예약을 합쳐 "+ko, "Bookings of your whole firm count. "+en
	}
	v := violation("limit", joinKo(per.Ko, where.Ko, ko)+" 기존 예약을 바꾸거나 다른 날을 골라 주세요.", en+" Please change a booking you have or choose another day.")
	return v.limit(l.Max).used(used).action("/api/v1/bookings?scope=mine", "내 예약 보기", "My bookings")
}

// vCertificateMissing: the machine asks for a training that the person has not had.
func vCertificateMissing(c *Catalog, key string) Violation {
	name := c.label(c.Categories, key)
	return violation("certificate_missing",
		"‘"+name.Ko+"’ 교육을 받으신 뒤 예약하실 수 있는 장비입니다. 교육 일정은 센터에 물어봐 주세요.",
		"You can book this machine after the training \""+latin(name)+"\". Please ask the center about the next training.")
}

// vCertificateExpired: the training is no longer valid at the time of use.
func vCertificateExpired(c *Catalog, key string, ended time.Time) Violation {
	name, day := c.label(c.Categories, key), textDate(DateOf(ended, c.Zone))
	return violation("certificate_expired",
		"‘"+name.Ko+"’ 교육 이수 기간이 "+day.Ko+"에 끝나서 그 시간에는 예약하실 수 없습니다. 다시 교육을 받으시거나 더 이른 시간을 골라 주세요.",
		"Your training \""+latin(name)+"\" ends on "+day.En+", before that time. Please renew it or choose an earlier time.").until(ended)
}

// vNotEligible: the person is in none of the groups the center is for, or has
// not said so; with proof before_booking staff have to confirm it first.
func vNotEligible(c *Catalog, center *Center) Violation {
	names := c.groupNames(center)
	ko, en := " 해당하시면 예약할 때 ‘네, 해당합니다’를 골라 주세요.", " If that is you, please say so when you book."
	if center.Eligibility.Proof == "before_booking" {
		ko, en = " 해당하시면 먼저 센터에서 확인을 받아 주세요.", " If that is you, please have the center confirm it first."
	}
	return violation("not_eligible", "이 센터는 다음에 해당하는 분이 이용하실 수 있습니다: "+names.Ko+"."+ko,
		"This center is for: "+names.En+"."+en)
}

// vMinAge: the one who comes is too young, or did not say the age; age in years.
func vMinAge(age int) Violation {
	return violation("min_age", "만 "+count(age)+"세부터 이용하실 수 있는 장비입니다. 나이를 확인해 주시거나, 이용하실 분의 태어난 해와 관계를 적어 주세요.",
		"This machine is for people aged "+count(age)+" and over. Please confirm the age, or give the year of birth of the person who comes and how you are related.").limit(age)
}

// vTooManyPeople: more people than the machine has room for.
func vTooManyPeople(capacity, people int) Violation {
	one := " people"
	if capacity == 1 {
		one = " person"
	}
	return violation("too_many_people", "한 예약에 "+count(capacity)+"명까지 이용하실 수 있습니다. 인원을 줄여 주세요.",
		"Up to "+count(capacity)+one+" can use one booking. Please bring fewer people.").limit(capacity).used(people)
}

// vSuspended: new bookings are stopped for this person until end, over the scope of the rule.
func vSuspended(c *Catalog, e *Equipment, over string, end time.Time) Violation {
	at, where := textMoment(end, c.Zone), textStopped(over, c.label(c.Categories, e.Category))
	return violation("suspended", "벌점 때문에 "+at.Ko+"까지 "+where.Ko+" 새로 예약하실 수 없습니다. 이미 하신 예약은 그대로 있습니다. 사실과 다르면 다시 확인해 달라고 요청해 주세요.",
		"Because of penalty points you can't make new bookings "+where.En+" until "+at.En+". The ones you have stay. If that is wrong, please ask for a review.").
		until(end).action("/api/v1/me/strikes", "벌점 보기", "My penalty points")
}

// vBookedElsewhere: the machine is not booked here, or only for uses from a later day on.
func vBookedElsewhere(e *Equipment) Violation {
	if e.Elsewhere == nil {
		day := textDate(e.BookableFrom)
		return violation("booked_elsewhere", day.Ko+" 이용분부터 여기서 예약하실 수 있습니다. 그 전 이용은 센터에 말씀해 주세요.",
			"Uses from "+day.En+" on are booked here. For earlier ones please contact the center.")
	}
	text := textElsewhere(*e.Elsewhere)
	v := violation("booked_elsewhere", text.Ko, text.En)
	switch {
	case e.Elsewhere.Link != "":
		return v.action(e.Elsewhere.Link, "예약하러 가기", "Book there")
	case e.Elsewhere.Phone != "":
		return v.action("tel:"+e.Elsewhere.Phone, "전화하기", "Call")
	}
	return v
}

// textElsewhere says where a machine is booked.
func textElsewhere(where Elsewhere) lang.Text {
	phone := lang.LocalPhone(where.Phone)
	switch {
	case where.Link != "" && phone != "":
		return lang.Text{Ko: "이 장비는 다른 누리집(" + where.Link + ")이나 전화(" + phone + ")로 예약합니다. 그곳에서 예약해 주세요.",
			En: "This machine is booked on another site (" + where.Link + ") or by phone (" + phone + "). Please book it there."}
	case where.Link != "":
		return lang.Text{Ko: "이 장비는 다른 누리집(" + where.Link + ")에서 예약합니다. 그곳에서 예약해 주세요.",
			En: "This machine is booked on another site (" + where.Link + "). Please book it there."}
	case phone != "":
		return lang.Text{Ko: "이 장비는 전화(" + phone + ")로 예약합니다. 전화해 주세요.",
			En: "This machine is booked by phone (" + phone + "). Please call."}
	}
	return lang.Text{Ko: "이 장비는 예약을 받지 않습니다. 이용 방법은 센터에 물어봐 주세요.",
		En: "This machine can't be booked. Please ask the center how to use it."}
}

// latin is the English name, or the bare id-like text; never Hangul in an English sentence.
func latin(t lang.Text) string {
	if t.En != "" && !hasHangul(t.En) {
		return t.En
	}
	if !hasHangul(t.Ko) {
		return t.Ko
	}
	return "see the Korean name"
}
