package survey

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongbang/internal/lang"
)

// Warning of the linter. It refuses nothing: who edits decides.
type Warning struct {
	Field string `json:"field"` // as a validation names it; "questions" speaks of them all
	Code  string `json:"code"`
	Word  string `json:"word,omitempty"` // what it was found by
}

// Codes of warnings.
const (
	WarnName        = "asks_name"       // an answer with a name is not anonymous
	WarnTwoThings   = "two_things"      // who likes one and not the other has no answer
	WarnMany        = "too_many"        // more than 7 items
	WarnAdvertising = "advertising"     // would make the message advertising by law
	WarnEnglish     = "english_missing" // English pages would show Korean
	WarnNA          = "no_na"           // who it does not concern has to invent something
)

// Warnings lists the codes in the order they are explained.
var Warnings = []string{WarnName, WarnTwoThings, WarnMany, WarnAdvertising, WarnEnglish, WarnNA}

// manyItems is how many questions a minute holds.
const manyItems = 7

// nameWords ask who somebody is.
var nameWords = regexp.MustCompile(`(?i)성함|성명|이름|연락처|전화번호|휴대폰|휴대전화|핸드폰|이메일|전자우편|생년월일|주민등록|주민번호|사업자등록번호|사업자번호|집 주소|\b(your|full) names?\b|\bnames?\b|phone|e-?mail|date of birth|birthday|postal address`)

// nameDenied is a clause that asks for none.
var nameDenied = regexp.MustCompile(`(?i)마세요|마십시오|말아|않으|없이|빼고|\bno\b|\bnot\b|n't|without`)

// clauses are what one word of refusal covers.
var clauses = regexp.MustCompile(`[^()\[\].?!。\n]+`)

// advertisingWords make an invitation to a survey an advertisement. A survey of
// how satisfied somebody is with what they used is none; it becomes one when
// it gives a coupon for the sender's own service, or introduces or promotes
// something (Network Act, article 50; the reading is that of the Korea Internet
// & Security Agency's answers on unlawful spam, "설문조사(서비스 평가)를 하기 위해
// 보내는 정보도 광고성 정보에 해당 되나요?").
var advertisingWords = regexp.MustCompile(`(?i)쿠폰|할인|사은품|경품|기프티콘|상품권|이용권|추첨|당첨|적립|이벤트|행사 안내|특가|무료 체험|무료 이용|혜택|홍보|출시|신제품|신규 서비스|구매|\bcoupons?\b|discounts?|\bgifts?\b|\bprizes?\b|vouchers?|giveaway|\bpromo(tion)?s?\b|special offer|free (trial|use)|\bbuy\b|\bnew product`)

// Two things in one item: a word that ends in 와 or 과 before another, 및, a
// middle dot, "and". Some nouns end in 과 by themselves.
var (
	twoKorean  = regexp.MustCompile(`(\p{Hangul}+)(와|과|이랑|하고)\s+(\p{Hangul}+)`)
	twoMarks   = regexp.MustCompile(`\s및\s|\p{L}\s?[·ㆍ&/]\s?\p{L}|(?i:\band\b)`)
	nounsInGwa = regexp.MustCompile(`(결|효|성|학|경|통|초|사|일|교|치|내|외|안|제|전|부|여|투)$`)
	together   = regexp.MustCompile(`^(함께|같이|같은|달리|다르|관련|비교|상관)`)
)

// lint warns of what makes a questionnaire worse.
func lint(t *Template) (out []Warning) {
	if len(t.Questions) > manyItems {
		out = append(out, Warning{"questions", WarnMany, strconv.Itoa(len(t.Questions))})
	}
	out = append(out, lintText("title", t.Title, true)...)
	out = append(out, lintText("intro", t.Intro, t.Intro.Ko != "")...)
	for i, q := range t.Questions {
		at := fmt.Sprintf("questions[%d]", i)
		out = append(out, lintText(at+".text", q.Text, true)...)
		out = append(out, q.lint(at)...)
		if q.Type != Single && q.Type != Multi {
			continue // a scale's words are ours
		}
		for j, o := range q.Options {
			if o.Value != any(NA) {
				out = append(out, lintText(fmt.Sprintf("%s.options[%d].text", at, j), o.Text, true)...)
			}
		}
	}
	return out
}

// lint is what concerns one question.
func (q Question) lint(at string) (out []Warning) {
	rated := q.scale() || q.Type == Likely
	if rated && !q.NA && !q.Required {
		out = append(out, Warning{at + ".na", WarnNA, ""})
	}
	if q.Type == Multi || q.Type == Words {
		return out // several answers may name several things
	}
	for _, p := range [][2]string{{"ko", q.Text.Ko}, {"en", q.Text.En}} {
		if word := twoThings(p[1]); word != "" {
			out = append(out, Warning{at + ".text." + p[0], WarnTwoThings, word})
			break // once is enough
		}
	}
	return out
}

func lintText(field string, t lang.Text, needed bool) (out []Warning) {
	if needed && t.En == "" {
		out = append(out, Warning{field + ".en", WarnEnglish, ""})
	}
	for _, p := range [][2]string{{"ko", t.Ko}, {"en", t.En}} {
		if word := asksName(p[1]); word != "" {
			out = append(out, Warning{field + "." + p[0], WarnName, word})
		}
		if word := advertisingWords.FindString(p[1]); word != "" {
			out = append(out, Warning{field + "." + p[0], WarnAdvertising, word})
		}
	}
	return out
}

// asksName is the word that asks who somebody is; "" for none. "No names,
// please" asks for none.
func asksName(s string) string {
	for _, c := range clauses.FindAllString(s, -1) {
		if word := nameWords.FindString(c); word != "" && !nameDenied.MatchString(c) {
			return word
		}
	}
	return ""
}

// twoThings is where two things stand in one item; "" where they don't.
func twoThings(s string) string {
	for _, m := range twoKorean.FindAllStringSubmatch(s, -1) {
		if m[2] == "과" && nounsInGwa.MatchString(m[1]) && utf8.RuneCountInString(m[1]) < 4 || together.MatchString(m[3]) {
			continue
		}
		return m[0]
	}
	return strings.TrimSpace(twoMarks.FindString(s))
}
