package survey

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gongbang/internal/fault"
)

// fields writes the wrong fields of a refusal as "field rule".
func fields(err error) (list []string) {
	if f, ok := fault.As(err); ok {
		for _, x := range f.Fields {
			list = append(list, x.Field+" "+x.Rule)
		}
	}
	return list
}

func TestShippedTemplatesSettleAsTheyAre(t *testing.T) {
	for _, s := range shipped() {
		d := Draft{Template: *s}
		if err := d.settle(); err != nil {
			t.Errorf("%s: %v", s.Key, fields(err))
		}
		if d.Anonymity != promise(s.Mode) {
			t.Errorf("%s promises %q", s.Key, d.Anonymity.Ko)
		}
		if d.Anonymity = s.Anonymity; d.Hash() != s.Hash() {
			t.Errorf("%s is another text after settling", s.Key)
		}
		if err := d.finished(); err != nil {
			t.Errorf("%s is unfinished: %v", s.Key, fields(err))
		}
	}
}

func TestWhatADraftRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change          func(*Draft)
		settle, publish string
	}{
		"nothing":              {func(*Draft) {}, "", ""},
		"no mode":              {func(d *Draft) { d.Mode = "" }, "mode one_of", ""},
		"two of one key":       {func(d *Draft) { d.Questions[1].Key = "overall" }, "questions[1].key unique", ""},
		"a key of digits":      {func(d *Draft) { d.Questions[1].Key = "5" }, "questions[1].key id", ""},
		"an option of digits":  {func(d *Draft) { d.Questions[4].Options[0].Value = "5" }, "questions[4].options[0].value id", ""},
		"two of one option":    {func(d *Draft) { d.Questions[4].Options[0].Value = "no" }, "questions[4].options[2].value unique", ""},
		"no type":              {func(d *Draft) { d.Questions[1].Type = "" }, "questions[1].type one_of", ""},
		"long words":           {func(d *Draft) { d.Questions[1].Text.Ko = strings.Repeat("가", 501) }, "questions[1].text.ko too_long", ""},
		"NUL":                  {func(d *Draft) { d.Title.En = "a\x00" }, "title.en text", ""},
		"a book to write":      {func(d *Draft) { d.Questions[6].Max = 2001 }, "questions[6].max range", ""},
		"too many":             {func(d *Draft) { d.Questions = make([]Question, 31) }, "questions max_items", ""},
		"no title":             {func(d *Draft) { d.Title.Ko = " " }, "", "title.ko required"},
		"no question":          {func(d *Draft) { d.Questions = nil }, "", "questions required"},
		"no words":             {func(d *Draft) { d.Questions[2].Text.Ko = "" }, "", "questions[2].text.ko required"},
		"one option":           {func(d *Draft) { d.Questions[4].Options = d.Questions[4].Options[:1] }, "", "questions[4].options min_items"},
		"more than there are":  {func(d *Draft) { d.Questions[5].Max = 9 }, "", "questions[5].max range"},
		"overall in words":     {func(d *Draft) { d.Questions[0].Type = Words }, "", "questions[0].type one_of"},
		"comment by numbers":   {func(d *Draft) { d.Questions[6].Type = Agree5 }, "", "questions[6].type one_of"},
		"if a later one":       {func(d *Draft) { d.Questions[1].ShowIf = &ShowIf{"goal", []any{"no"}} }, "", "questions[1].show_if one_of"},
		"if nothing there is":  {func(d *Draft) { d.Questions[5].ShowIf = &ShowIf{"goal", []any{"never"}} }, "", "questions[5].show_if one_of"},
		"if an earlier one":    {func(d *Draft) { d.Questions[5].ShowIf = &ShowIf{"goal", []any{"no"}} }, "", ""},
		"English may be empty": {func(d *Draft) { d.Questions[2].Text.En = "" }, "", ""},
	} {
		d := Draft{Template: *standard()}
		c.change(&d)
		if got := strings.Join(fields(d.settle()), ", "); got != c.settle {
			t.Errorf("%s: settling refuses %q, want %q", name, got, c.settle)
		} else if c.settle == "" {
			if got := strings.Join(fields(d.finished()), ", "); got != c.publish {
				t.Errorf("%s: publishing refuses %q, want %q", name, got, c.publish)
			}
		}
	}
}

func TestTypesGetTheirOptions(t *testing.T) {
	d := Draft{Template: *standard()}
	d.Questions[1].Type, d.Questions[1].NA = Likely, false
	d.Questions[2].NA = false
	d.Questions[3] = Question{Key: "staff", Type: Words, NA: true, Options: sat5(true), Text: text("a", "b")}
	d.Questions[4].NA = true
	if err := d.settle(); err != nil {
		t.Fatal(err)
	}
	for i, n := range map[int]int{1: 11, 2: 5, 3: 0, 4: 4} {
		if got := len(d.Questions[i].Options); got != n {
			t.Errorf("question %d has %d options, want %d", i, got, n)
		}
	}
	if d.Questions[3].NA || d.Questions[3].Max != commentMax {
		t.Errorf("words became %+v", d.Questions[3])
	}
}

// TestWhatBreaksASeries: a key never changes its meaning while the series goes on.
func TestWhatBreaksASeries(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Draft)
		want   []Difference
	}{
		"nothing":      {func(*Draft) {}, nil},
		"words":        {func(d *Draft) { d.Questions[2].Text.Ko = "장비는 어땠나요?" }, []Difference{{"equip", ChangeWords, false}}},
		"words of one": {func(d *Draft) { d.Questions[4].Options[0].Text.En = "Everything" }, []Difference{{"goal", ChangeWords, false}}},
		"title":        {func(d *Draft) { d.Title.Ko = "조사" }, []Difference{{"", ChangeTitle, false}}},
		"order":        {func(d *Draft) { q := d.Questions; q[1], q[2] = q[2], q[1] }, []Difference{{"", ChangeOrder, false}}},
		"one less":     {func(d *Draft) { d.Questions = slices.Delete(d.Questions, 5, 6) }, []Difference{{"drivers", ChangeRemoved, false}}},
		"one more":     {func(d *Draft) { d.Questions = append(d.Questions, agrees("clean", "깨끗하다.", "Clean.")) }, []Difference{{"clean", ChangeAdded, false}}},
		"required":     {func(d *Draft) { d.Questions[1].Required = true }, []Difference{{"ease", ChangeRequired, false}}},
		"longer words": {func(d *Draft) { d.Questions[6].Max = 600 }, []Difference{{"comment", ChangeWords, false}}},
		"type":         {func(d *Draft) { d.Questions[1].Type = Sat5 }, []Difference{{"ease", ChangeType, true}}},
		"no NA":        {func(d *Draft) { d.Questions[1].NA = false }, []Difference{{"ease", ChangeNA, true}}},
		"an option more": {func(d *Draft) {
			d.Questions[4].Options = append(d.Questions[4].Options, option("later", "나중", "Later"))
		}, []Difference{{"goal", ChangeOptions, true}}},
		"one more choice":          {func(d *Draft) { d.Questions[5].Max = 4 }, []Difference{{"drivers", ChangeOptions, true}}},
		"options in another order": {func(d *Draft) { slices.Reverse(d.Questions[4].Options) }, nil},
		"mode":                     {func(d *Draft) { d.Mode = Identified }, []Difference{{"", ChangeMode, true}}},
		"asked of some":            {func(d *Draft) { d.Questions[5].ShowIf = &ShowIf{"goal", []any{"no"}} }, []Difference{{"drivers", ChangeShown, true}}},
	} {
		before := []Edition{{Template: *standard()}}
		d := Draft{Template: *standard()}
		d.Version = 2
		c.change(&d)
		if err := d.settle(); err != nil {
			t.Fatal(name, fields(err))
		}
		if got := differences(&d.Template, before); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		breaks := slices.ContainsFunc(c.want, func(c Difference) bool { return c.Breaks })
		if _, err := d.release(before, true); (err != nil) != breaks {
			t.Errorf("%s: the series goes on with %v", name, err)
		}
		next, err := d.release(before, false)
		if err != nil || next.Break != 1 || next.Continues || next.Series() != "use-standard.2" {
			t.Errorf("%s: a new series is refused: %v, %s", name, err, next.Series())
		}
	}
}

// TestAKeyKeepsItsMeaningOverAGap: what a version left out comes back as it was.
func TestAKeyKeepsItsMeaningOverAGap(t *testing.T) {
	first, second := *standard(), *standard()
	second.Version = 2
	second.Questions = slices.Delete(slices.Clone(second.Questions), 5, 6)
	d := Draft{Template: *standard()}
	d.Version = 3
	d.Questions[5].Max = 1
	before := []Edition{{Template: second}, {Template: first}}
	want := []Difference{{"drivers", ChangeAdded, false}, {"drivers", ChangeOptions, true}}
	if got := differences(&d.Template, before); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	before[0].Break = 1
	if got := differences(&d.Template, before); len(got) != 1 {
		t.Errorf("after a break: %v", got)
	}
}

func TestConditionsAreJudgedHere(t *testing.T) {
	tpl := *standard()
	tpl.Questions[5].ShowIf = &ShowIf{"goal", []any{"part", "no"}}
	tpl.Questions[6].ShowIf = &ShowIf{"drivers", []any{"cost", "none"}}
	for _, c := range []struct {
		sent   map[string]any
		stored Answers
		counts map[string][]string
	}{
		{map[string]any{"overall": 5.0, "goal": "all", "drivers": []any{"cost"}, "comment": "x"}, Answers{"overall": 5, "goal": "all"}, map[string][]string{}},
		{map[string]any{"overall": 5.0, "goal": "no", "drivers": []any{"cost", "times"}, "comment": "x"},
			Answers{"overall": 5, "goal": "no", "drivers": []string{"cost", "times"}, "comment": "x"},
			map[string][]string{"drivers": {"#", "cost", "times"}, "comment": {"#"}}},
		{map[string]any{"overall": 5.0, "goal": "part"}, Answers{"overall": 5, "goal": "part"}, map[string][]string{"drivers": {skippedValue}}},
		{map[string]any{"overall": 5.0, "drivers": "nonsense"}, Answers{"overall": 5}, map[string][]string{}},
	} {
		a, err := check(&tpl, c.sent)
		if err != nil || !reflect.DeepEqual(a, c.stored) {
			t.Errorf("%v is stored as %v %v", c.sent, a, err)
		}
		counts := a.tally(&tpl)
		for _, key := range []string{"drivers", "comment"} {
			if !reflect.DeepEqual(counts[key], c.counts[key]) {
				t.Errorf("%v counts %s as %v, want %v", c.sent, key, counts[key], c.counts[key])
			}
		}
	}
	// A required question is required of who is asked it.
	tpl.Questions[5].Required = true
	if _, err := check(&tpl, map[string]any{"overall": 5.0, "goal": "all"}); err != nil {
		t.Error("a question that is not asked is required")
	}
	if _, err := check(&tpl, map[string]any{"overall": 5.0, "goal": "no"}); fault.Code(err) != "validation" {
		t.Errorf("%v", err)
	}
}
