package survey

import (
	"strconv"

	"gongbang/internal/lang"
)

// Keys of the templates that come with the program.
const (
	standardKey = "use-standard" // after a use
	shortKey    = "use-short"    // after a use, of who comes often or answers at the counter
	notUsedKey  = "not-used"     // after a booking that came to nothing
	trainingKey = "training"     // after a course
	yearlyKey   = "yearly"       // once a year
)

const (
	overall    = "overall"
	comment    = "comment"
	firstNo    = 1 // version
	commentMax = 500
)

// Modes of anonymity.
const (
	Anonymous    = "anonymous"    // never linked to a person
	Confidential = "confidential" // linked for 90 days
	Identified   = "identified"   // linked if the person chooses so at the end
)

// Modes lists the modes, the default first.
var Modes = []string{Anonymous, Confidential, Identified}

// promises say what a mode keeps of the person and who sees what. They are of
// the program, not of a version: every form shows the one that holds now.
var promises = map[string]lang.Text{
	Anonymous: text("답변은 이름과 연결하지 않고 센터와 이용한 달만 남기며, 다섯 명 이상이 답한 장비나 장비 종류라면 그것도 남깁니다. "+
		"점수는 다섯 명 이상일 때만, 적으신 글은 답변이 열 건 이상일 때만 이름 없이 센터에 보여 줍니다.",
		"Your answer is not tied to your name: the center, the month and, where at least five people answered about it, the machine or its kind are kept. "+
			"The center sees figures of at least five people only, and what you write without a name among at least ten answers only."),
	Confidential: text("답변은 길어야 90일 동안 이름과 이어 두고 그 뒤에는 끊으며, 센터는 그 이름을 볼 수 없습니다. "+
		"점수는 다섯 명 이상일 때만, 적으신 글은 답변이 열 건 이상일 때만 이름 없이 센터에 보여 줍니다.",
		"Your answer stays tied to your name for at most 90 days, and the center can't see the name. "+
			"It sees figures of at least five people only, and what you write without a name among at least ten answers only."),
	Identified: text("이름을 함께 남길지는 마지막에 직접 고르실 수 있습니다. 고르시면 센터 관리자가 이름, 이용한 날과 장비, 답변을 길어야 90일 동안 볼 수 있고, "+
		"고르지 않으시면 답변을 이름과 연결하지 않습니다.",
		"You choose at the end whether your name goes with your answer. If you do, managers of the center can see your name, the day, the machine and your answers "+
			"for at most 90 days; unless you do, your answer is not tied to your name."),
}

// promise is the sentence about a mode.
func promise(mode string) lang.Text { return promises[mode] }

// firstPromise is how the shipped versions were published; they never change.
var firstPromise = text("답변은 이름과 연결하지 않고 센터와 이용한 달만 남깁니다. 다섯 명보다 적은 결과는 누구에게도 보여 주지 않습니다.",
	"Your answer is not tied to your name: the center and the month are kept, and results of fewer than five people are shown to nobody.")

// shipped lists the templates that come with the program.
func shipped() []*Template {
	return []*Template{standard(), short(), notUsed(), training(), yearly()}
}

// ship makes the first version of an anonymous template.
func ship(key string, title, intro lang.Text, q ...Question) *Template {
	return &Template{Key: key, Version: firstNo, Continues: true, Mode: Anonymous,
		Title: title, Intro: intro, Anonymity: firstPromise, Questions: q}
}

func text(ko, en string) lang.Text { return lang.Text{Ko: ko, En: en} }

func option(key, ko, en string) Option { return Option{key, text(ko, en)} }

// satisfied asks how satisfied somebody is; it can be not applicable.
func satisfied(key, ko, en string) Question {
	return Question{Key: key, Type: Sat5, NA: true, Options: sat5(true), Text: text(ko, en)}
}

// agrees asks whether a sentence is true; it can be not applicable.
func agrees(key, ko, en string) Question {
	return Question{Key: key, Type: Agree5, NA: true, Options: agree5(true), Text: text(ko, en)}
}

// lead is the one question that has to be answered.
func lead(ko, en string) Question {
	return Question{Key: overall, Type: Sat5, Required: true, Options: sat5(false), Text: text(ko, en)}
}

// anything is the last question, in words.
func anything() Question {
	return Question{Key: comment, Type: Words, Max: commentMax,
		Text: text("더 하고 싶은 말씀 (이름·연락처는 쓰지 마세요)", "Anything else? (no names, please)")}
}

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
	return orNot(na, out)
}

// likely is 10…0, best first as all scales; the question says what the ends mean.
func likely(na bool) []Option {
	var out []Option
	for n := likelyMost; n >= 0; n-- {
		out = append(out, Option{n, text(strconv.Itoa(n), strconv.Itoa(n))})
	}
	return orNot(na, out)
}

// orNot adds "not applicable" last.
func orNot(na bool, out []Option) []Option {
	if na {
		out = append(out, Option{NA, text("해당 없음", "Not applicable")})
	}
	return out
}
