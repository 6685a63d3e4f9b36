package page

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/web/edge"
	"gongbang/web/edge/locale"
)

// refusalView is the page for everything that could not be done.
type refusalView struct {
	Frame
	Status    int
	What      string   // what happened and what to do
	Reasons   []string // of the rules, where rules refused
	RequestID string   // where it is our mistake: to tell the help desk
	Back      string
}

// refuse answers a refusal for people: what happened and what to do now.
func (p *pages) refuse(c *gin.Context, f *fault.Fault, status int) {
	edge.SetLocale(c, languageOf(c.Request.URL.Path)) // paths without a route have none yet
	// It asks nothing where it needn't: the refusal may be that nothing answers.
	cat := p.last.Load()
	if cat == nil {
		cat = &booking.Catalog{}
		if status < http.StatusInternalServerError {
			if now, err := p.Engine.Catalog(c.Request.Context()); err == nil {
				cat = now
			}
		}
	}
	r := p.requestOn(c, cat)
	if status == http.StatusUnauthorized {
		_ = r.toSignIn()
		return
	}
	title, what := r.sentence(f)
	v := refusalView{Frame: r.framed(title), Status: status, What: what, Reasons: r.reasons(f)}
	if status >= http.StatusInternalServerError {
		v.RequestID = edge.RequestID(c)
	}
	if back, ok := r.cameFrom(); ok {
		v.Back = back
	}
	if err := r.page(status, "refusal", &v); err != nil {
		c.String(status, "%s", bareSentence(r.lang, f))
	}
}

func languageOf(path string) lang.Locale {
	if path == "/en" || strings.HasPrefix(path, "/en/") {
		return lang.En
	}
	return lang.Ko
}

func bareSentence(l lang.Locale, f *fault.Fault) string {
	title, detail := locale.Fault(l, f.Code, f.Values)
	return title + "\n" + detail + "\n"
}

// sentence is the title and the text of a refusal; pages have words of their
// own where the API's speak to programs.
func (r *request) sentence(f *fault.Fault) (title, what string) {
	values := f.Values
	title, what = locale.Fault(r.lang, f.Code, values)
	if key := "fault." + f.Code; r.p.texts.has(r.lang, key) {
		title, what = r.T(key), r.T(key+".what")
	}
	return title, what
}

// reasons are the sentences of broken rules, in the person's language.
func (r *request) reasons(f *fault.Fault) []string {
	list, _ := f.Extra["violations"].([]booking.Violation)
	var out []string
	for _, v := range list {
		text := v.Text.In(r.lang)
		if text == "" {
			text = locale.Violation(r.lang, v.Code)
		}
		out = append(out, text)
	}
	for _, field := range f.Fields {
		out = append(out, r.fieldSentence(field))
	}
	return out
}

// fieldSentence says what is wrong with a field and how to mend it.
func (r *request) fieldSentence(f fault.Field) string {
	if key := "rule." + f.Rule; r.p.texts.has(r.lang, key) {
		return r.T(key, f.Limit)
	}
	return locale.Rule(r.lang, f.Rule, f.Limit)
}

// cameFrom is the page of ours that a person came from.
func (r *request) cameFrom() (string, bool) {
	u, err := url.Parse(r.Request.Referer())
	if err != nil || u.Host == "" || u.Host != r.Request.Host || u.Path == r.Request.URL.Path && r.Request.Method == http.MethodGet {
		return "", false
	}
	return u.RequestURI(), true
}
