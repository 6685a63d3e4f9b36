package sheet

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// What stands in a cell without a figure. Zero, skipped, not applicable and
// not asked are four different things.
const (
	notApplicable = "NA"
	notAsked      = "-"
	tooFew        = "*"
)

// given is the cell of one answer or figure: the value, of which 0 is one,
// else why there is none.
func given(asked, na bool, v any) any {
	switch {
	case !asked:
		return notAsked
	case na:
		return notApplicable
	}
	return v // nil: skipped
}

// Results is what managers may see of a survey as two sheets: a line for each
// group with the total last, and what was asked for. It holds released cells
// alone, so no answer of anybody is in it.
func Results(r survey.Results, asOf time.Time, l lang.Locale) []Table {
	in := func(ko, en string) string { return lang.Text{Ko: ko, En: en}.In(l) }
	groups := append(slices.Clone(r.Groups), r.Total)
	keys := questionsOf(groups)
	t := Table{Name: in("만족도", "Satisfaction"), Head: []string{in("구분", "Group"), in("기호", "Id"), in("응답", "Answers"), in("표시", "Mark")}}
	for _, k := range keys {
		for _, name := range []string{"n", "5", "4", "3", "2", "1", "NA", in("건너뜀", "skipped"), "S100", in("S100 하한", "S100 low"), in("S100 상한", "S100 high"), "Top2 %"} {
			t.Head = append(t.Head, k+" "+name)
		}
	}
	for _, g := range groups {
		row := []any{g.Label.In(l), g.Key, answersOf(g), mark(g, in)}
		for _, k := range keys {
			row = append(row, cells(g, k)...)
		}
		t.Rows = append(t.Rows, row)
	}
	f := r.Funnel
	asked := Table{Name: in("조건", "Asked for"), Head: []string{in("항목", "What"), in("값", "Value")}, Rows: [][]any{
		{in("기간", "Period"), r.Filter.From + " ~ " + r.Filter.To}, {in("센터", "Centers"), strings.Join(r.Filter.Centers, ", ")},
		{in("장비", "Machine"), r.Filter.Equipment}, {in("장비 종류", "Category"), r.Filter.Category}, {in("나눈 기준", "Grouped by"), r.Filter.GroupBy},
		{in("만든 때", "Made at"), asOf.Format("2006-01-02 15:04")}, {in("설문", "Survey"), r.Series}, {in("점수 계산", "Rule"), r.Rule},
		{in("가장 적은 사람", "Fewest people"), r.K}, {in("넣지 않은 응답", "Answers left out"), r.LeftOut},
		{in("안내 대상 이용", "Eligible uses"), f.Eligible}, {in("안내", "Invited"), f.Invited}, {in("도착", "Delivered"), f.Delivered},
		{in("모두 답함", "Completed"), f.Completed}, {in("일부만 답함", "Partial"), f.Partial}, {in("수신 거절", "Refused"), f.Refused},
		{in("안내율(%)", "Coverage (%)"), share(f.Coverage)}, {"RR1 (%)", share(f.RR1)}, {"RR2 (%)", share(f.RR2)},
		{in("빈칸", "Empty"), in("답한 사람 없음", "nobody answered")}, {notApplicable, in("해당 없음이라고만 답함", "only answered as not applicable")},
		{notAsked, in("묻지 않음", "not asked")}, {tooFew, in("다섯 사람보다 적어 보이지 않음", "fewer than five people, not shown")},
	}}
	return []Table{t, asked}
}

// questionsOf lists the scales of the groups, the first question first.
func questionsOf(groups []survey.Group) []string {
	seen := map[string]bool{}
	for _, g := range groups {
		for k, f := range g.Questions {
			if f.Scale != nil {
				seen[k] = true
			}
		}
	}
	delete(seen, "overall")
	return append([]string{"overall"}, slices.Sorted(maps.Keys(seen))...)
}

func answersOf(g survey.Group) any {
	if g.N == nil {
		return tooFew
	}
	return *g.N
}

// mark says how a line is to be read.
func mark(g survey.Group, in func(ko, en string) string) string {
	var words []string
	if g.Provisional {
		words = append(words, in("잠정", "provisional"))
	}
	if g.ReferenceOnly {
		words = append(words, in("참고용", "for reference only"))
	}
	return strings.Join(words, ", ")
}

// cells are the figures of one question of a group.
func cells(g survey.Group, key string) []any {
	f, shown := g.Questions[key]
	out := make([]any, 12)
	if !shown || f.Scale == nil {
		why := any(tooFew)
		if g.N != nil && *g.N == 0 {
			why = nil // nobody answered at all
		}
		for i := range out {
			out[i] = why
		}
		return out
	}
	na := f.N == 0 && f.NA > 0
	out[0] = f.N
	for i := range 5 {
		out[1+i] = f.Counts[4-i]
	}
	out[6], out[7] = f.NA, f.Skipped
	out[8], out[11] = given(true, na, share(f.S100)), given(true, na, share(f.Top2))
	if f.S100CI != nil {
		out[9], out[10] = f.S100CI[0], f.S100CI[1]
	}
	return out
}

// Filter writes what was asked for in one line, as the log keeps it.
func Filter(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pairs[i] + "=" + strconv.Quote(pairs[i+1]))
	}
	return b.String()
}
