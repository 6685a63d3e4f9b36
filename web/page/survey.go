package page

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// surveyView is the form, all on one page.
type surveyView struct {
	Frame
	Errors    *Form // the summary after a refusal
	Action    string
	Name      string // of this form among the person's open ones
	Center    lang.Text
	Month     string
	Questions []surveyQuestion
	Intro     lang.Text
	Anonymity lang.Text
	Safety    string
	SafetyBad string
	// SafetyWhat says what becomes of a report.
	SafetyWhat string
	Contact    bool
	Offered    bool // to leave the name
	Identify   bool
	LastDay    string
}

// surveyQuestion is one question with what was chosen or written.
type surveyQuestion struct {
	No       int
	ID, Name string
	Label    lang.Text
	Kind     string // scale, likely, radios, checks, words
	Required bool
	Max      int
	Options  []surveyOption
	Words    string
	Error    string
	Focus    bool
	If       string // the field that decides whether this is asked; "" it always is
	Values   string // of that field, for which it is; a space between them
	Off      bool   // what was sent does not ask it
}

type surveyOption struct {
	Value  string
	Text   lang.Text
	Chosen bool
}

// answerField begins the name of every field that is an answer.
const answerField = "q."

// openSurvey shows the form behind a followed link. ?s=5 chooses the first
// answer, for links in messages; looking never records it.
func (p *pages) openSurvey(r *request) error {
	token := r.surveyToken(r.Query("f"))
	if token == "" {
		return r.surveyEnd(http.StatusNotFound, "survey.again")
	}
	form, err := p.Surveys.Open(r.ctx(), token)
	if err != nil {
		return r.surveyOver(err)
	}
	sent := url.Values{}
	if s := r.Query("s"); s != "" {
		sent.Set(answerField+form.Lead(), s)
	}
	return r.surveyForm(http.StatusOK, form, r.Query("f"), sent, nil)
}

// answerSurvey records the one answer of a link.
func (p *pages) answerSurvey(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	name := sent.Get("f")
	token := r.surveyToken(name)
	if token == "" {
		return r.surveyEnd(http.StatusNotFound, "survey.again")
	}
	form, err := p.Surveys.Open(r.ctx(), token)
	if err != nil {
		return r.surveyOver(err)
	}
	sub, err := submission(form, sent)
	if err == nil {
		err = p.Surveys.Answer(r.ctx(), token, sub)
	}
	if f, ok := fault.As(err); ok && f.Code == "validation" {
		return r.surveyForm(http.StatusUnprocessableEntity, form, name, sent, f)
	}
	if err != nil {
		return r.surveyOver(err)
	}
	r.surveyCookie(name, "", -1)
	return r.see("/s/done?center=" + url.QueryEscape(form.Use.CenterID))
}

// surveyForm draws the form with what was sent and what is wrong in it.
func (r *request) surveyForm(status int, form survey.Form, name string, sent url.Values, wrong *fault.Fault) error {
	v := r.surveyView(form, sent)
	v.Action, v.Name = r.url("/s"), name
	v.LastDay = v.When.Date(form.ExpiresAt.Add(-time.Second))
	if wrong != nil {
		r.surveyWrong(v, form, wrong)
	}
	return r.page(status, "survey", v)
}

// surveyView is a form as it is drawn: with what was sent, not yet with where it goes.
func (r *request) surveyView(form survey.Form, sent url.Values) *surveyView {
	title := form.Title.In(r.lang)
	if machine := form.Use.Equipment.In(r.lang); machine != "" && form.OfUse() {
		title = r.T("survey.title", machine)
	}
	v := &surveyView{Frame: r.framed(title), Errors: &Form{}, Center: form.Use.Center, Month: r.monthName(form.Use.Month),
		Intro: form.Intro, Anonymity: form.Anonymity, Safety: sent.Get("safety"), SafetyWhat: r.T("survey.safety.what"), Contact: sent.Get("contact") != "",
		Offered: form.Mode == survey.Identified, Identify: sent.Get("identify") != ""}
	for i, q := range form.Questions {
		v.Questions = append(v.Questions, surveyField(i+1, q, sent))
	}
	return v
}

// surveyWrong shows what is wrong at its questions, and in the summary. The
// first wrong one is focused.
func (r *request) surveyWrong(v *surveyView, form survey.Form, wrong *fault.Fault) {
	v.Errors.Title = r.T("survey.check")
	for i, q := range form.Questions {
		bad := fieldOf(wrong, "answers."+q.Key)
		if bad == nil {
			continue
		}
		x := &v.Questions[i]
		x.Error, x.Focus = r.surveyRule(q, *bad), len(v.Errors.Wrong) == 0
		v.Errors.Wrong = append(v.Errors.Wrong, WrongField{x.ID, r.T("survey.no", x.No), x.Error})
	}
	if bad := fieldOf(wrong, "safety.text"); bad != nil {
		v.SafetyBad = r.fieldSentence(*bad)
		v.Errors.Wrong = append(v.Errors.Wrong, WrongField{"safety", r.T("survey.safety"), v.SafetyBad})
	}
	if len(v.Errors.Wrong) == 0 {
		v.Errors.Reasons = []string{r.T("survey.unread")}
	}
}

func fieldOf(f *fault.Fault, name string) *fault.Field {
	if f == nil {
		return nil
	}
	for i := range f.Fields {
		if f.Fields[i].Field == name {
			return &f.Fields[i]
		}
	}
	return nil
}

// surveyRule says what is wrong with an answer and how to mend it.
func (r *request) surveyRule(q survey.Question, f fault.Field) string {
	key := "survey.rule." + f.Rule
	if q.Type == survey.Multi && f.Rule == "max" {
		key = "survey.rule.most"
	}
	if r.p.texts.has(r.lang, key) {
		return r.T(key, f.Limit)
	}
	return r.fieldSentence(f)
}

// surveyField is a question as a field of the form.
func surveyField(no int, q survey.Question, sent url.Values) surveyQuestion {
	x := surveyQuestion{No: no, ID: "q-" + q.Key, Name: answerField + q.Key, Label: q.Text, Required: q.Required, Max: q.Max, Kind: "radios"}
	given := sent[x.Name]
	if c := q.ShowIf; c != nil {
		x.If = answerField + c.Question
		x.Off = true
		for _, v := range c.Values {
			x.Values = strings.TrimSpace(x.Values + " " + plain(v))
			x.Off = x.Off && !contains(sent[x.If], plain(v))
		}
	}
	switch q.Type {
	case survey.Sat5, survey.Agree5:
		x.Kind = "scale"
	case survey.Likely:
		x.Kind = "likely"
	case survey.Multi:
		x.Kind = "checks"
	case survey.Words:
		x.Kind, x.Words = "words", strings.Join(given, "\n")
	}
	for _, o := range q.Options {
		value := plain(o.Value)
		x.Options = append(x.Options, surveyOption{value, o.Text, contains(given, value)})
	}
	return x
}

// plain is a stored value as a form sends it.
func plain(value any) string {
	switch n := value.(type) {
	case string:
		return n
	case int:
		return strconv.Itoa(n)
	case float64: // out of a stored template
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return ""
}

// submission makes of the fields what the API would be sent. An empty field is a skipped question.
func submission(form survey.Form, sent url.Values) (survey.Submission, error) {
	sub := survey.Submission{Answers: map[string]any{}}
	known := map[string]bool{"contact": true, "safety": true, "f": true, "identify": form.Mode == survey.Identified}
	for _, q := range form.Questions {
		name := answerField + q.Key
		known[name] = true
		values := sent[name]
		if len(values) == 0 || len(values) == 1 && values[0] == "" {
			continue
		}
		if len(values) > 1 && q.Type != survey.Multi {
			return sub, fault.BadField("answers."+q.Key, "once", "")
		}
		sub.Answers[q.Key] = typed(q.Type, values)
	}
	for name := range sent {
		if !known[name] {
			return sub, fault.BadField(name, "unknown", "")
		}
	}
	if len(sent["contact"]) > 0 {
		sub.Contact = &survey.Contact{Consent: true}
	}
	sub.Identify = len(sent["identify"]) > 0
	if text := strings.TrimSpace(strings.Join(sent["safety"], " ")); text != "" {
		sub.Safety = &survey.Safety{Text: text}
	}
	return sub, nil
}

func typed(t survey.Type, values []string) any {
	switch t {
	case survey.Sat5, survey.Agree5, survey.Likely:
		if n, err := strconv.Atoi(values[0]); err == nil {
			return n
		}
	case survey.Multi:
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		return list
	case survey.Words:
		return strings.ReplaceAll(values[0], "\r\n", "\n") // a browser counts a line's end once
	}
	return values[0]
}

// monthName is "2030-01" as people read it: 2030년 1월, January 2030.
func (r *request) monthName(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	if r.lang == lang.En {
		return t.Format("January 2006")
	}
	return r.T("month.name", t.Year(), int(t.Month()))
}

// surveyAsk is a question with the frame its template speaks by.
type surveyAsk struct {
	Frame    Frame
	Question surveyQuestion
}

// Ask hands a question to its template.
func (v *surveyView) Ask(q surveyQuestion) surveyAsk { return surveyAsk{v.Frame, q} }
