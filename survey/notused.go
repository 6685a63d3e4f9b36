package survey

// notUsed asks why a booking came to nothing: not come, cancelled late,
// turned down, or the machine was down. It blames nobody and has no score.
func notUsed() *Template {
	return ship(notUsedKey,
		text("예약하신 장비를 쓰지 못한 까닭을 알려 주세요", "What kept you from using the machine?"),
		text("30초면 됩니다. 첫 질문만 필수입니다. 답변은 예약 제한에 쓰지 않습니다.",
			"It takes half a minute. Only the first question is required. Your answer has no effect on your bookings."),
		Question{Key: "reason", Type: Single, Required: true,
			Text: text("이번에 장비를 쓰지 못한 가장 큰 까닭은 무엇인가요?", "What was the main reason?"), Options: []Option{
				option("plans", "일정이나 계획이 바뀌었습니다", "My plans changed"),
				option("forgot", "예약을 잊었습니다", "I forgot the booking"),
				option("elsewhere", "다른 곳에서 작업했습니다", "I did the work elsewhere"),
				option("machine", "장비를 쓸 수 없었습니다", "The machine could not be used"),
				option("center", "센터에서 예약을 받지 않았습니다", "The center did not accept the booking"),
				option("unready", "자료나 재료가 준비되지 않았습니다", "My files or materials were not ready"),
				option("other", "그 밖의 까닭", "Another reason"),
			}},
		Question{Key: "again", Type: Single, Text: text("이 장비를 다시 예약하시겠습니까?", "Will you book this machine again?"),
			Options: []Option{option("yes", "예", "Yes"), option("maybe", "아직 모르겠습니다", "I don't know yet"), option("no", "아니요", "No")}},
		anything())
}
