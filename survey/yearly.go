package survey

// training is asked after a course.
func training() *Template {
	return ship(trainingKey,
		text("교육 만족도 조사", "How was your course?"),
		text("1분이면 됩니다. 첫 질문만 필수이고 나머지는 건너뛰어도 됩니다.",
			"It takes about a minute. Only the first question is required; skip any other."),
		lead("이번 교육에 전반적으로 얼마나 만족하셨나요?", "Overall, how satisfied were you with this course?"),
		satisfied("content", "교육 내용에 얼마나 만족하셨나요?", "How satisfied were you with what was taught?"),
		satisfied("teacher", "강사의 설명에 얼마나 만족하셨나요?", "How satisfied were you with the instructor's explanations?"),
		agrees("practice", "직접 해 볼 시간이 넉넉했다.", "There was enough time to try things myself."),
		agrees("ready", "이제 장비를 혼자 쓸 수 있다.", "I can now use the machine on my own."),
		anything())
}

// yearly is asked once a year of everybody who used a center: the four sides
// of satisfaction with a public service, the whole, and the recommendation.
func yearly() *Template {
	return ship(yearlyKey,
		text("연간 만족도 조사", "Your year at the center"),
		text("2분이면 됩니다. ‘전반적으로’를 묻는 질문만 필수이고 나머지는 건너뛰어도 됩니다.",
			"It takes about two minutes. Only the question that begins with “overall” is required; skip any other."),
		satisfied("environment", "지난 1년 동안 센터의 시설 환경에 얼마나 만족하셨나요?", "Over the past year, how satisfied were you with the center's facilities?"),
		satisfied("process", "예약에서 이용까지의 과정에 얼마나 만족하셨나요?", "How satisfied were you with the way from booking to use?"),
		satisfied("result", "센터에서 만든 결과물에 얼마나 만족하셨나요?", "How satisfied were you with what you made at the center?"),
		agrees("social", "이 센터는 지역 제조업에 도움이 된다.", "This center helps local manufacturing."),
		lead("지난 1년을 전반적으로 볼 때 센터에 얼마나 만족하셨나요?", "Overall, how satisfied were you with the center over the past year?"),
		Question{Key: "nps", Type: Likely, NA: true, Options: likely(true),
			Text: text("이 센터를 동료에게 추천하시겠습니까? (10 꼭 추천한다 … 0 전혀 추천하지 않는다)",
				"Would you recommend this center to a colleague? (10 certainly … 0 not at all)")},
		anything())
}
