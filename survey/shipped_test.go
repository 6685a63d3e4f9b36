package survey

import (
	"encoding/json"
	"reflect"
	"strconv"
	"testing"

	"gongbang/internal/fault"
)

// TestShippedTextsStay: what was delivered once is in databases; a changed
// text would stop the start there.
func TestShippedTextsStay(t *testing.T) {
	delivered := map[string]string{
		standardKey: "82c6310c79c4e7e8841152f5c464d1d61141641e12df6e2b784fd8281fb5a88c",
		shortKey:    "cdef9a2433c482a79e512fe772a35425138e4b88c5097ab9dd26aad19f43a10a",
		notUsedKey:  "9703ee96216d0f41778ad3657999a707bd468de115ea3b0bc9cfd1b6f903bea4",
		trainingKey: "a4c7cfff4c6e7b53b8c177ba5c8a9938e8404d3ad13dc86f90083d27bd069f4d",
		yearlyKey:   "e14d0301aa4ddaa98281d726ebb46d255f7def59403b9f4df05832bb0918120f",
	}
	for _, s := range shipped() {
		if want, ok := delivered[s.Key]; !ok || s.Version != firstNo || s.Hash() != want {
			t.Errorf("%s %d: %s, delivered %s", s.Key, s.Version, s.Hash(), want)
		}
		delete(delivered, s.Key)
	}
	if len(delivered) > 0 {
		t.Errorf("not shipped: %v", delivered)
	}
}

// TestShippedTemplates: every shipped template holds to what the design says
// of it, in both languages.
func TestShippedTemplates(t *testing.T) {
	keys := map[string][]string{
		standardKey: {"overall", "ease", "equip", "staff", "goal", "drivers", "comment"},
		shortKey:    {"overall", "comment"},
		notUsedKey:  {"reason", "again", "comment"},
		trainingKey: {"overall", "content", "teacher", "practice", "ready", "comment"},
		yearlyKey:   {"environment", "process", "result", "social", "overall", "nps", "comment"},
	}
	for _, s := range shipped() {
		var got []string
		must := 0
		for _, q := range s.Questions {
			got = append(got, q.Key)
			if q.Required {
				must++
			}
			if q.Text.Ko == "" || q.Text.En == "" {
				t.Errorf("%s %s: a text is missing", s.Key, q.Key)
			}
			if q.Type != Words && len(q.Options) == 0 || q.NA != offersNA(q) {
				t.Errorf("%s %s: options %v", s.Key, q.Key, q.Options)
			}
		}
		if !reflect.DeepEqual(got, keys[s.Key]) || must != 1 {
			t.Errorf("%s asks %v, %d required", s.Key, got, must)
		}
		if s.Anonymity != firstPromise || s.Series() != s.Key {
			t.Errorf("%s: %q, series %s", s.Key, s.Anonymity.Ko, s.Series())
		}
	}
}

func offersNA(q Question) bool {
	for _, o := range q.Options {
		if o.Value == any(NA) {
			return true
		}
	}
	return false
}

// TestEveryTypeIsAnsweredStoredAndCounted: each question of each template
// with every value it offers, through JSON, the store's reading and the count.
func TestEveryTypeIsAnsweredStoredAndCounted(t *testing.T) {
	for _, s := range shipped() {
		for _, q := range s.Questions {
			for _, v := range offered(q) {
				sent := map[string]any{}
				if lead := s.question(s.Lead()); lead.Key != q.Key {
					sent[lead.Key] = offered(lead)[0]
				}
				sent[q.Key] = v
				b, err := json.Marshal(sent)
				if err != nil {
					t.Fatal(err)
				}
				var back map[string]any
				if err := json.Unmarshal(b, &back); err != nil {
					t.Fatal(err)
				}
				a, err := check(s, back)
				if err != nil {
					t.Fatalf("%s %s %v: %v", s.Key, q.Key, v, err)
				}
				if b, err = json.Marshal(a); err != nil {
					t.Fatal(err)
				}
				if a, err = ReadAnswers(b); err != nil {
					t.Fatal(err)
				}
				counts := a.tally(s)[q.Key]
				if want := countedAs(q, v); !reflect.DeepEqual(counts, want) {
					t.Errorf("%s %s: %v counts as %v, want %v", s.Key, q.Key, v, counts, want)
				}
			}
		}
	}
}

func offered(q Question) (out []any) {
	switch q.Type {
	case Words:
		return []any{"좋습니다"}
	case Multi:
		for _, o := range q.Options {
			out = append(out, []any{o.Value})
		}
		return out
	}
	for _, o := range q.Options {
		out = append(out, o.Value)
	}
	return out
}

// countedAs is what the value has to count as.
func countedAs(q Question, v any) []string {
	switch {
	case v == any(NA):
		return []string{NA}
	case q.Type == Words:
		return []string{answeredValue}
	case q.Type == Multi:
		return []string{answeredValue, v.([]any)[0].(string)}
	case q.Type == Single:
		return []string{answeredValue, v.(string)}
	case q.Type == Likely:
		return []string{answeredValue, likelyValue + strconv.Itoa(v.(int))}
	}
	if q.Type == Likely {
		return []string{answeredValue, likelyValue + strconv.Itoa(v.(int))}
	}
	return []string{strconv.Itoa(v.(int))}
}

// TestZeroSkippedNotApplicableAndNotAsked are four different things.
func TestZeroSkippedNotApplicableAndNotAsked(t *testing.T) {
	year := yearly()
	for _, c := range []struct {
		sent map[string]any
		want []string
	}{
		{map[string]any{"overall": 5.0, "nps": 0.0}, []string{answeredValue, likelyValue + "0"}},
		{map[string]any{"overall": 5.0}, []string{skippedValue}},
		{map[string]any{"overall": 5.0, "nps": NA}, []string{NA}},
	} {
		a, err := check(year, c.sent)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.tally(year)["nps"]; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v counts as %v, want %v", c.sent, got, c.want)
		}
	}
	a, err := check(standard(), map[string]any{"overall": 5.0})
	if err != nil {
		t.Fatal(err)
	}
	if _, asked := a.tally(standard())["nps"]; asked {
		t.Error("a question that is not asked is counted")
	}
	if n := valid(map[string]int{answeredValue: 3, likelyValue + "0": 2, likelyValue + "10": 1, NA: 4, skippedValue: 8}); n != 3 {
		t.Errorf("%d people answered, want 3: zero is an answer", n)
	}
}

func TestRecommendationIsHeldToItsScale(t *testing.T) {
	for v, rule := range map[any]string{0.0: "", 10.0: "", "NA": "", -1.0: "range", 11.0: "range", 0.5: "range", "10": "type", true: "type"} {
		_, err := check(yearly(), map[string]any{"overall": 5.0, "nps": v})
		f, _ := fault.As(err)
		switch {
		case rule == "" && err != nil:
			t.Errorf("%v: %v", v, err)
		case rule != "" && (f == nil || len(f.Fields) != 1 || f.Fields[0].Rule != rule):
			t.Errorf("%v: %v, want %s", v, err, rule)
		}
	}
}

func TestCompleteWithoutAnOverallQuestion(t *testing.T) {
	for _, c := range []struct {
		t    *Template
		a    Answers
		want bool
	}{
		{notUsed(), Answers{"reason": "plans"}, false},
		{notUsed(), Answers{"reason": "plans", "again": "yes"}, true},
		{notUsed(), Answers{"again": "yes"}, false},
		{short(), Answers{"overall": 1}, true},
		{yearly(), Answers{"overall": 1, "nps": 0, "social": NA}, false},
		{yearly(), Answers{"overall": 1, "nps": 0, "social": NA, "result": 2}, true},
		{yearly(), Answers{"nps": 0, "social": NA, "result": 2, "process": 5}, false},
	} {
		if got := c.a.complete(c.t); got != c.want {
			t.Errorf("%s %v: complete %v", c.t.Key, c.a, got)
		}
	}
}
