package survey

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongbang/internal/fault"
)

func TestAnswersAreHeldToTheTemplate(t *testing.T) {
	for _, c := range []struct {
		name, sent, bad, rule string
	}{
		{"only the first", `{"overall":5}`, "", ""},
		{"everything", `{"overall":1,"ease":"NA","equip":"NA","staff":3,"goal":"part","drivers":["cost","booking","none"],"comment":"좋습니다"}`, "", ""},
		{"nothing", `{}`, "overall", "required"},
		{"no answer to the first", `{"ease":3}`, "overall", "required"},
		{"NA where it is not offered", `{"overall":"NA"}`, "overall", "type"},
		{"zero is no answer", `{"overall":0}`, "overall", "range"},
		{"six", `{"overall":6}`, "overall", "range"},
		{"nine", `{"overall":9}`, "overall", "range"},
		{"a fraction", `{"overall":4.5}`, "overall", "range"},
		{"a word", `{"overall":"5"}`, "overall", "type"},
		{"null", `{"overall":null}`, "overall", "type"},
		{"true", `{"overall":true}`, "overall", "type"},
		{"a list", `{"overall":[5]}`, "overall", "type"},
		{"small letters", `{"overall":5,"ease":"na"}`, "ease", "type"},
		{"unknown question", `{"overall":5,"age":3}`, "age", "unknown"},
		{"unknown option", `{"overall":5,"goal":"most"}`, "goal", "one_of"},
		{"NA of a single", `{"overall":5,"goal":"NA"}`, "goal", "one_of"},
		{"single as a list", `{"overall":5,"goal":["all"]}`, "goal", "type"},
		{"four of three", `{"overall":5,"drivers":["cost","booking","none","times"]}`, "drivers", "max"},
		{"twice the same", `{"overall":5,"drivers":["cost","cost"]}`, "drivers", "unique"},
		{"multi as a word", `{"overall":5,"drivers":"cost"}`, "drivers", "type"},
		{"multi of numbers", `{"overall":5,"drivers":[1]}`, "drivers", "type"},
		{"500 characters", `{"overall":5,"comment":"` + strings.Repeat("가", 500) + `"}`, "", ""},
		{"501 characters", `{"overall":5,"comment":"` + strings.Repeat("가", 501) + `"}`, "comment", "too_long"},
		{"a number as text", `{"overall":5,"comment":3}`, "comment", "type"},
	} {
		var sent map[string]any
		if err := json.Unmarshal([]byte(c.sent), &sent); err != nil {
			t.Fatal(err)
		}
		_, err := check(standard(), sent)
		if c.bad == "" {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		f, ok := fault.As(err)
		if !ok || f.Code != "validation" || len(f.Fields) != 1 || f.Fields[0].Field != "answers."+c.bad || f.Fields[0].Rule != c.rule {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func TestSkippedNotApplicableAndZeroAreDifferentThings(t *testing.T) {
	a, err := check(standard(), map[string]any{"overall": 5.0, "equip": NA, "comment": "  ", "drivers": []any{}})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Answers{"overall": 5, "equip": NA}); !reflect.DeepEqual(a, want) {
		t.Errorf("stored %v", a)
	}
	got := a.tally(standard())
	for q, want := range map[string][]string{"overall": {"5"}, "equip": {NA}, "ease": {skippedValue}, "drivers": {skippedValue}, "comment": {skippedValue}} {
		if !reflect.DeepEqual(got[q], want) {
			t.Errorf("%s counts as %v, want %v", q, got[q], want)
		}
	}
}

func TestCompleteIsHalfOfTheOtherItems(t *testing.T) {
	for _, c := range []struct {
		a    Answers
		want bool
	}{
		{Answers{"overall": 5}, false},
		{Answers{"overall": 5, "ease": 4, "equip": NA}, false},
		{Answers{"overall": 5, "ease": 4, "equip": NA, "comment": "x"}, false},
		{Answers{"overall": 5, "ease": 4, "equip": NA, "goal": "all"}, true},
		{Answers{"ease": 4, "equip": NA, "goal": "all"}, false},
	} {
		if got := c.a.complete(standard()); got != c.want {
			t.Errorf("%v: complete %v", c.a, got)
		}
	}
}

func TestStoredAnswersReadBack(t *testing.T) {
	a := Answers{"overall": 5, "equip": NA, "drivers": []string{"cost", "none"}, "comment": "좋습니다", "goal": "all"}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadAnswers(b)
	if err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("%v %v", got, err)
	}
	tb, err := json.Marshal(standard())
	if err != nil {
		t.Fatal(err)
	}
	tpl, err := ReadTemplate(tb)
	if err != nil || tpl.Hash() != standard().Hash() || !reflect.DeepEqual(tpl, standard()) {
		t.Errorf("the template does not read back: %v", err)
	}
}

func TestMaskingMatchesTheWorkedExample(t *testing.T) {
	for _, v := range readVectors(t).Masking {
		if got := Mask(v.In); got != v.Out {
			t.Errorf("%q, want %q", got, v.Out)
		}
	}
}

func TestMasking(t *testing.T) {
	for in, want := range map[string]string{
		"01012345678로 전화":         "[전화]로 전화",
		"010.1234.5678":           "[전화]",
		"０１０－１２３４－５６７８":           "[전화]",
		"+82 10-1234-5678":        "[전화]",
		"02-123-4567":             "[전화]",
		"031)123-4567":            "[전화]",
		"9001011234567":           "[주민번호]",
		"900101 - 1234567":        "[주민번호]",
		"123-45-67890":            "[사업자번호]",
		"a.b+c@d.co.kr 입니다":       "[이메일] 입니다",
		"2027년 3월 2일 14:00~16:00": "2027년 3월 2일 14:00~16:00",
		"4000번 원단 1000장":          "4000번 원단 1000장",
		"모델 12345678901234567890": "모델 12345678901234567890",
		"가\x00나":                  "가나",
	} {
		if got := Mask(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestMaskedTextStaysAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("0123456789-@. a가\n"))).Draw(t, "text")
		once := Mask(s)
		if twice := Mask(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}

func TestPublishedTotalsMoveInSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var truth, shown Published
		for _, answer := range rapid.SliceOf(rapid.IntRange(0, 4)).Draw(t, "answers") {
			truth.Counts[answer]++
			next := shown.next(truth)
			if by := next.N() - shown.N(); by != 0 && by < least {
				t.Fatalf("moved by %d", by)
			}
			if truth.N()-next.N() >= least {
				t.Fatalf("%d answers are held back", truth.N()-next.N())
			}
			shown = next
		}
	})
}

func TestLeftOverIsNothingOrFive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.MapOf(rapid.StringMatching(`[a-h]`), rapid.IntRange(0, 12)).Draw(t, "children")
		show, parent := Shown(n)
		total, left := 0, 0
		for k, v := range n {
			total += v
			if !show[k] {
				left += v
			} else if v < least {
				t.Fatalf("%s with %d people is shown", k, v)
			}
		}
		if parent != (total >= least) || parent && left > 0 && left < least {
			t.Fatalf("total %d shown %v, left over %d", total, parent, left)
		}
	})
}
