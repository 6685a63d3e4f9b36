package survey

import (
	"fmt"
	"testing"

	"gongbang/internal/lang"
)

func TestLinterOnTheShippedTemplates(t *testing.T) {
	want := map[string][]string{
		standardKey: {"questions[2].text.ko two_things", "questions[3].text.ko two_things"},
	}
	for _, s := range shipped() {
		var got []string
		for _, w := range lint(s) {
			got = append(got, w.Field+" "+w.Code)
		}
		if fmt.Sprint(got) != fmt.Sprint(want[s.Key]) {
			t.Errorf("%s: %v, want %v", s.Key, got, want[s.Key])
		}
	}
}

func TestLinter(t *testing.T) {
	for _, c := range []struct{ ko, en, want string }{
		{"직원에게 얼마나 만족하셨나요?", "How satisfied were you with the staff?", "[]"},
		{"이 결과 얼마나 만족하셨나요?", "Results?", "[]"},
		{"직원과 함께 한 작업은 어땠나요?", "Work with staff?", "[]"},
		{"효과가 있었나요?", "Demand?", "[]"},
		{"속도와 품질에 만족하셨나요?", "Speed?", "[two_things]"},
		{"직원과 강사에 만족하셨나요?", "Staff?", "[two_things]"},
		{"속도 및 품질", "Speed?", "[two_things]"},
		{"속도·품질", "Speed?", "[two_things]"},
		{"속도", "Speed and quality", "[two_things]"},
		{"속도", "", "[english_missing]"},
		{"성함을 적어 주세요", "Please", "[asks_name]"},
		{"만족도 (연락처도 적어 주세요)", "Please", "[asks_name]"},
		{"의견 (이름·연락처는 쓰지 마세요)", "Anything else? (no names, please)", "[two_things]"},
		{"속도", "Your e-mail?", "[asks_name]"},
		{"답하시면 센터 이용 쿠폰을 드립니다", "Thanks", "[advertising]"},
		{"속도", "Win a prize", "[advertising]"},
	} {
		q := satisfied("x", c.ko, c.en)
		var got []string
		for _, w := range lint(&Template{Title: text("제목", "Title"), Questions: []Question{q}}) {
			got = append(got, w.Code)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%q %q: %v, want %s", c.ko, c.en, got, c.want)
		}
	}
}

func TestLinterOnTheWhole(t *testing.T) {
	tpl := *standard()
	tpl.Title, tpl.Intro = lang.Text{Ko: "경품 추첨"}, lang.Text{Ko: "안내"}
	tpl.Questions = append(tpl.Questions, Question{Key: "more", Type: Agree5, Options: agree5(false), Text: text("편했다.", "Easy.")})
	got := map[string]bool{}
	for _, w := range lint(&tpl) {
		got[w.Field+" "+w.Code] = true
	}
	for _, want := range []string{"questions too_many", "title.en english_missing", "title.ko advertising", "intro.en english_missing", "questions[7].na no_na"} {
		if !got[want] {
			t.Errorf("no %s in %v", want, got)
		}
	}
}
