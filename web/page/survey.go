package page

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
	"gongbang/web/edge"
	"gongbang/web/edge/locale"
)

// prefix tells an answer from the other fields of the form.
const prefix = "q."

type surveyView struct {
	Form  survey.Form
	Path  string
	Wrong []string // sentences, after a refused POST
	Sent  map[string]map[string]bool
	Words map[string]string
}

// Chosen tells whether an option was chosen in a form that was refused.
func (v surveyView) Chosen(key string, value any) bool { return v.Sent[key][plain(value)] }

// Name is the field's name of a question.
func (v surveyView) Name(key string) string { return prefix + key }

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

// openSurvey shows the form and records nothing: mail scanners follow links.
func (p *pages) openSurvey(c *gin.Context) error {
	form, err := p.Surveys.Open(c.Request.Context(), c.Param("token"))
	if err != nil {
		return p.refused(c, err)
	}
	return p.form(c, http.StatusOK, surveyView{Form: form})
}

func (p *pages) form(c *gin.Context, status int, v surveyView) error {
	v.Path = "/s/" + c.Param("token")
	return p.show(c, status, "survey", v.Form.Title.In(edge.LocaleOf(c)), v)
}

func (p *pages) answerSurvey(c *gin.Context) error {
	form, err := p.Surveys.Open(c.Request.Context(), c.Param("token"))
	if err != nil {
		return p.refused(c, err)
	}
	sent, err := readForm(c)
	if err != nil {
		return p.refused(c, err)
	}
	sub, err := submission(form, sent)
	if err == nil {
		err = p.Surveys.Answer(c.Request.Context(), c.Param("token"), sub)
	}
	if f, ok := fault.As(err); ok && f.Code == "validation" {
		return p.form(c, http.StatusUnprocessableEntity, again(form, sent, f, edge.LocaleOf(c)))
	}
	if err != nil {
		return p.refused(c, err)
	}
	l := edge.LocaleOf(c)
	return p.notice(c, http.StatusCreated,
		lang.Text{Ko: "답변해 주셔서 감사합니다", En: "Thank you for your answer"}.In(l),
		lang.Text{Ko: "답변은 센터를 더 낫게 바꾸는 데 쓰겠습니다.", En: "It will be used to make the center better."}.In(l))
}

// readForm takes exactly what a browser sends for our form.
func readForm(c *gin.Context) (map[string][]string, error) {
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.MediaType, "unsupported_media_type")
	}
	if err := c.Request.ParseForm(); err != nil {
		if strings.Contains(err.Error(), "too large") {
			return nil, fault.New(fault.TooLarge, "too_large")
		}
		return nil, fault.New(fault.BadRequest, "bad_request")
	}
	for _, values := range c.Request.PostForm {
		for _, v := range values {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, fault.New(fault.BadRequest, "bad_request")
			}
		}
	}
	return c.Request.PostForm, nil
}

// submission makes of the fields what the API would be sent. An empty field is a skipped question.
func submission(form survey.Form, sent map[string][]string) (survey.Submission, error) {
	sub := survey.Submission{Answers: map[string]any{}}
	known := map[string]bool{"contact": true, "safety": true}
	for _, q := range form.Questions {
		known[prefix+q.Key] = true
		values := sent[prefix+q.Key]
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
	if text := strings.TrimSpace(strings.Join(sent["safety"], " ")); text != "" {
		sub.Safety = &survey.Safety{Text: text}
	}
	return sub, nil
}

func typed(t survey.Type, values []string) any {
	switch t {
	case survey.Sat5, survey.Agree5:
		if n, err := strconv.Atoi(values[0]); err == nil {
			return n
		}
	case survey.Multi:
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		return list
	}
	return values[0]
}

// again shows the form as it was sent, with what is wrong in it.
func again(form survey.Form, sent map[string][]string, f *fault.Fault, l lang.Locale) surveyView {
	v := surveyView{Form: form, Sent: map[string]map[string]bool{}, Words: map[string]string{}}
	labels := map[string]string{}
	for _, q := range form.Questions {
		labels["answers."+q.Key] = q.Text.In(l)
		v.Sent[q.Key] = map[string]bool{}
		for _, value := range sent[prefix+q.Key] {
			v.Sent[q.Key][value] = true
			v.Words[q.Key] = value
		}
	}
	for _, field := range f.Fields {
		label := labels[field.Field]
		if label == "" {
			label = field.Field
		}
		v.Wrong = append(v.Wrong, label+" – "+locale.Rule(l, field.Rule, field.Limit))
	}
	return v
}

// refused says in a sentence why there is no form. What is our mistake goes the way of all errors.
func (p *pages) refused(c *gin.Context, err error) error {
	f, ok := fault.As(err)
	if !ok || edge.Status(err) >= http.StatusInternalServerError {
		return err
	}
	title, detail := locale.Fault(edge.LocaleOf(c), f.Code, f.Values)
	return p.notice(c, edge.Status(err), title, detail)
}

type noticeView struct{ Title, Detail string }

func (p *pages) notice(c *gin.Context, status int, title, detail string) error {
	return p.show(c, status, "notice", title, noticeView{title, detail})
}
