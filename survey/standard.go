package survey

import "gongbang/internal/lang"

const (
	overall     = "overall"
	standardKey = "use-standard"
	standardNo  = 1
	commentMax  = 500
)

// shipped lists the templates that come with the program.
func shipped() []*Template { return []*Template{standard()} }

func text(ko, en string) lang.Text { return lang.Text{Ko: ko, En: en} }

func option(key, ko, en string) Option { return Option{key, text(ko, en)} }

// sat5 is the satisfaction scale, best first.
func sat5(na bool) []Option {
	return scale(na, text("매우 만족", "Very satisfied"), text("만족", "Satisfied"), text("보통", "Neutral"),
		text("불만족", "Dissatisfied"), text("매우 불만족", "Very dissatisfied"))
}

// agree5 is the agreement scale, best first.
func agree5(na bool) []Option {
	return scale(na, text("매우 그렇다", "Strongly agree"), text("그렇다", "Agree"), text("보통", "Neutral"),
		text("그렇지 않다", "Disagree"), text("전혀 그렇지 않다", "Strongly disagree"))
}

func scale(na bool, best ...lang.Text) []Option {
	var out []Option
	for i, t := range best {
		out = append(out, Option{len(best) - i, t})
	}
	if na {
		out = append(out, Option{NA, text("해당 없음", "Not applicable")})
	}
	return out
}

// standard is the questionnaire after a use: one page, about a minute, only
// the first question is required.
func standard() *Template {
	return &Template{
		Key: standardKey, Version: standardNo, Continues: true, Mode: "anonymous",
		Title: text("장비 이용 만족도 조사", "How was your visit?"),
		Intro: text("1분이면 됩니다. 첫 질문만 필수이고 나머지는 건너뛰어도 됩니다.",
			"It takes about a minute. Only the first question is required; skip any other."),
		Anonymity: text("답변은 이름과 연결하지 않고 센터와 이용한 달만 남깁니다. 다섯 명보다 적은 결과는 누구에게도 보여 주지 않습니다.",
			"Your answer is not tied to your name: the center and the month are kept, and results of fewer than five people are shown to nobody."),
		Questions: []Question{
			{Key: overall, Type: Sat5, Required: true, Options: sat5(false),
				Text: text("이번 장비 이용에 전반적으로 얼마나 만족하셨나요?", "Overall, how satisfied were you with this use?")},
			{Key: "ease", Type: Agree5, NA: true, Options: agree5(true),
				Text: text("예약부터 이용까지의 과정이 쉬웠다.", "It was easy to get from booking to using the machine.")},
			{Key: "equip", Type: Sat5, NA: true, Options: sat5(true),
				Text: text("장비의 상태와 성능에 얼마나 만족하셨나요?", "How satisfied were you with the condition and performance of the machine?")},
			{Key: "staff", Type: Sat5, NA: true, Options: sat5(true),
				Text: text("직원의 안내와 도움에 얼마나 만족하셨나요?", "How satisfied were you with the staff's guidance and help?")},
			{Key: "goal", Type: Single, Text: text("하려던 작업을 마치셨나요?", "Did you finish the work you came to do?"),
				Options: []Option{option("all", "모두", "All"), option("part", "일부만", "Part"), option("no", "마치지 못함", "No")}},
			{Key: "drivers", Type: Multi, Max: 3, Text: text("다음에 더 나아졌으면 하는 것 (3개까지)", "What should be better next time? (up to 3)"), Options: drivers()},
			{Key: "comment", Type: Words, Max: commentMax,
				Text: text("더 하고 싶은 말씀 (이름·연락처는 쓰지 마세요)", "Anything else? (no names, please)")},
		},
	}
}

func drivers() []Option {
	return []Option{
		option("booking", "예약 화면", "Booking pages"), option("times", "예약 가능 시간", "Bookable times"),
		option("machine", "고장·성능", "Faults and performance"), option("supplies", "재료·소모품", "Materials and supplies"),
		option("safety", "안전·청결", "Safety and cleanliness"), option("staff", "직원 안내", "Staff guidance"),
		option("cost", "비용", "Cost"), option("none", "없음", "Nothing"),
	}
}
