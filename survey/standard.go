package survey

// standard is the questionnaire after a use: one page, about a minute, only
// the first question is required.
func standard() *Template {
	return ship(standardKey,
		text("장비 이용 만족도 조사", "How was your visit?"),
		text("1분이면 됩니다. 첫 질문만 필수이고 나머지는 건너뛰어도 됩니다.",
			"It takes about a minute. Only the first question is required; skip any other."),
		lead("이번 장비 이용에 전반적으로 얼마나 만족하셨나요?", "Overall, how satisfied were you with this use?"),
		agrees("ease", "예약부터 이용까지의 과정이 쉬웠다.", "It was easy to get from booking to using the machine."),
		satisfied("equip", "장비의 상태와 성능에 얼마나 만족하셨나요?", "How satisfied were you with the condition and performance of the machine?"),
		satisfied("staff", "직원의 안내와 도움에 얼마나 만족하셨나요?", "How satisfied were you with the staff's guidance and help?"),
		Question{Key: "goal", Type: Single, Text: text("하려던 작업을 마치셨나요?", "Did you finish the work you came to do?"),
			Options: []Option{option("all", "모두", "All"), option("part", "일부만", "Part"), option("no", "마치지 못함", "No")}},
		Question{Key: "drivers", Type: Multi, Max: 3, Text: text("다음에 더 나아졌으면 하는 것 (3개까지)", "What should be better next time? (up to 3)"), Options: drivers()},
		anything())
}

func drivers() []Option {
	return []Option{
		option("booking", "예약 화면", "Booking pages"), option("times", "예약 가능 시간", "Bookable times"),
		option("machine", "고장·성능", "Faults and performance"), option("supplies", "재료·소모품", "Materials and supplies"),
		option("safety", "안전·청결", "Safety and cleanliness"), option("staff", "직원 안내", "Staff guidance"),
		option("cost", "비용", "Cost"), option("none", "없음", "Nothing"),
	}
}

// short is for who has little time: the same first question, so that its
// words compare, in a series of its own.
func short() *Template {
	return ship(shortKey,
		text("짧은 만족도 조사", "How was your visit, in short?"),
		text("첫 질문만 필수입니다. 10초면 됩니다.", "Only the first question is required. It takes ten seconds."),
		lead("이번 장비 이용에 전반적으로 얼마나 만족하셨나요?", "Overall, how satisfied were you with this use?"),
		anything())
}
