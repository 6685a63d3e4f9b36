package page

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"

	"gongbang/internal/fault"
	"gongbang/survey"
)

// surveyLife is how long a form may stay open after its link was followed;
// following the link again begins anew.
const surveyLife = 6 * 60 * 60 // seconds

// followSurvey takes the token out of the address bar: it goes into a cookie
// that only the survey pages are sent, and the browser to the form. Nothing is
// recorded; mail scanners follow links.
func (p *pages) followSurvey(r *request) error {
	token := r.Param("token")
	if _, err := p.Surveys.Open(r.ctx(), token); err != nil {
		return r.surveyOver(err)
	}
	name := surveyName(token)
	r.surveyCookie(name, token, surveyLife)
	to := url.Values{"f": {name}}
	if s := r.Query("s"); s != "" && len(s) <= 8 {
		to.Set("s", s)
	}
	pageHeaders(r.Writer.Header())
	r.Header("Referrer-Policy", "no-referrer")
	return r.see("/s?" + to.Encode())
}

// surveyName tells the forms of several tabs apart. It says nothing of the token.
func surveyName(token string) string {
	sum := sha256.Sum256([]byte("survey form\x00" + token))
	return hex.EncodeToString(sum[:4])
}

// surveyCookie keeps a token, or drops it (age below 0), for the form in both languages.
func (r *request) surveyCookie(name, token string, age int) {
	for _, path := range []string{"/s", "/en/s"} {
		http.SetCookie(r.Writer, &http.Cookie{Name: "survey-" + name, Value: token, Path: path, MaxAge: age, HttpOnly: true,
			Secure: r.p.Edge.Secure(), SameSite: http.SameSiteLaxMode})
	}
}

// surveyToken is the token behind an open form; "" when the cookie is gone.
func (r *request) surveyToken(name string) string {
	c, err := r.Request.Cookie("survey-" + name)
	if err != nil || surveyName(c.Value) != name {
		return ""
	}
	return c.Value
}

// surveyEndView is where there is no form (any more), and why.
type surveyEndView struct {
	Frame
	What    string
	Changes string // leads to what the center changed; "" elsewhere
}

// surveyOver says why there is nothing to answer. What is our mistake goes the way of all errors.
func (r *request) surveyOver(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	switch f.Code {
	case survey.ErrAnswered.Code:
		return r.surveyEnd(http.StatusConflict, "survey.answered")
	case survey.ErrExpired.Code:
		return r.surveyEnd(http.StatusGone, "survey.expired")
	case fault.ErrNotFound.Code:
		return r.surveyEnd(http.StatusNotFound, "survey.unknown")
	}
	return err
}

func (r *request) surveyEnd(status int, key string) error {
	return r.page(status, "survey_end", &surveyEndView{Frame: r.frame(key), What: r.T(key + ".what")})
}

// surveyDone thanks, and leads to what the center changed. It knows nothing of the answer.
func (p *pages) surveyDone(r *request) error {
	v := &surveyEndView{Frame: r.frame("survey.done"), What: r.T("survey.done.what")}
	if c, ok := r.catalog.Center(r.Query("center")); ok {
		v.Changes = r.url("/centers/" + c.ID + "/changes")
	}
	return r.page(http.StatusOK, "survey_end", v)
}
