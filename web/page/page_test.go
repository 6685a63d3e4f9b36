package page_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/survey"
	"gongbang/web/edge"
	"gongbang/web/page"
)

type nobody struct{}

func (nobody) Authenticate(context.Context, string) (account.Actor, error) {
	return account.Actor{}, fault.ErrSignIn
}

type forms struct {
	sent   []survey.Submission
	refuse error
}

func (f *forms) Open(_ context.Context, token string) (survey.Form, error) {
	switch token {
	case "answered":
		return survey.Form{}, survey.ErrAnswered
	case "expired":
		return survey.Form{}, survey.ErrExpired
	case "broken":
		return survey.Form{}, io.ErrUnexpectedEOF
	case "open":
	default:
		return survey.Form{}, fault.ErrNotFound
	}
	// Values come out of a stored template as float64.
	scale := []survey.Option{{Value: float64(5), Text: lang.Text{Ko: "매우 만족", En: "Very satisfied"}},
		{Value: float64(1), Text: lang.Text{Ko: "매우 불만족"}}, {Value: survey.NA, Text: lang.Text{Ko: "해당 없음"}}}
	return survey.Form{Title: lang.Text{Ko: "만족도 조사", En: "How was it?"}, Use: survey.FormUse{Center: lang.Text{Ko: "<센터>"}, Month: "2030-01"},
		Questions: []survey.Question{
			{Key: "overall", Type: survey.Sat5, Required: true, Text: lang.Text{Ko: "전반적으로", En: "Overall"}, Options: scale},
			{Key: "goal", Type: survey.Single, Text: lang.Text{Ko: "마치셨나요"}, Options: []survey.Option{{Value: "all", Text: lang.Text{Ko: "모두"}}}},
			{Key: "drivers", Type: survey.Multi, Max: 3, Text: lang.Text{Ko: "나아졌으면"}, Options: []survey.Option{{Value: "cost"}, {Value: "hours"}}},
			{Key: "comment", Type: survey.Words, Max: 500, Text: lang.Text{Ko: "더 하실 말씀"}},
		}}, nil
}

func (f *forms) Answer(_ context.Context, _ string, s survey.Submission) error {
	if f.refuse != nil {
		return f.refuse
	}
	f.sent = append(f.sent, s)
	return nil
}

type box []notify.Message

func (b box) List(int) ([]notify.Message, error) { return b, nil }

func site(t *testing.T, change func(*page.Deps)) (http.Handler, *forms) {
	t.Helper()
	public, _ := url.Parse("http://gongbang.test")
	e, err := edge.New(edge.Deps{Log: slog.New(slog.DiscardHandler), Sessions: nobody{}, PublicURL: public, NewID: func() string { return "r" }})
	if err != nil {
		t.Fatal(err)
	}
	f := &forms{}
	d := page.Deps{Edge: e, Surveys: f, Brand: func(context.Context) (lang.Text, error) { return lang.Text{Ko: "시험 <공방>", En: "Test"}, nil }}
	if change != nil {
		change(&d)
	}
	if err := page.Mount(d); err != nil {
		t.Fatal(err)
	}
	return e.Engine, f
}

func visit(h http.Handler, method, path, form string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func holds(t *testing.T, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("answers %d, want %d: %.300s", w.Code, status, w.Body)
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("%q is missing in %.600s", part, w.Body)
		}
	}
}

func TestStart(t *testing.T) {
	h, _ := site(t, func(d *page.Deps) {
		d.Mailbox, d.DemoPassword = box{}, "demo-demo-demo"
		d.Demo = []page.DemoAccount{{Login: "staff@demo.test", Role: lang.Text{Ko: "직원", En: "Staff"}}}
	})
	holds(t, visit(h, "GET", "/", ""), 200, `lang="ko"`, "시험 &lt;공방&gt;", `href="/docs"`, `href="/openapi.yaml"`, `href="/demo/messages"`, "staff@demo.test", "직원", "demo-demo-demo")
	holds(t, visit(h, "GET", "/en/", "", "Accept-Language", "ko"), 200, `lang="en"`, "Test", "Staff")
	holds(t, visit(h, "GET", "/", "", "Accept-Language", "en"), 200, `lang="ko"`)
	holds(t, visit(h, "GET", "/static/plain.css", ""), 200, "font")
}

func TestWithoutMailboxAndDemo(t *testing.T) {
	h, _ := site(t, nil)
	w := visit(h, "GET", "/", "")
	holds(t, w, 200)
	if body := w.Body.String(); strings.Contains(body, "demo") {
		t.Errorf("%s", body)
	}
	holds(t, visit(h, "GET", "/demo/messages", ""), 404)
}

func TestMailboxEscapes(t *testing.T) {
	h, _ := site(t, func(d *page.Deps) {
		d.Mailbox = box{{At: time.Unix(0, 0), To: "a@demo.test", Kind: "account.code", Subject: "<script>alert(1)</script>",
			Text: "첫 줄\n<img src=x onerror=1>", Links: []string{"http://gongbang.test/s/x", "javascript:alert(1)"}}}
	})
	w := visit(h, "GET", "/demo/messages", "")
	holds(t, w, 200, "&lt;script&gt;", "&lt;img", `href="http://gongbang.test/s/x"`)
	for _, bad := range []string{"<script", "<img", "javascript:"} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("%q came through", bad)
		}
	}
	csp := w.Header().Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("CSP %q", csp)
	}
}

func TestSurveyForm(t *testing.T) {
	h, f := site(t, nil)
	w := visit(h, "GET", "/s/open", "")
	holds(t, w, 200, "만족도 조사", "&lt;센터&gt;", `name="q.overall" value="5" required`, `value="NA"`, `name="q.drivers" value="cost"`,
		`maxlength="500"`, `method="post" action="/s/open"`)
	if w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", w.Header())
	}
	holds(t, visit(h, "GET", "/s/open", "", "Accept-Language", "en"), 200, "How was it?", "Very satisfied")
	holds(t, visit(h, "HEAD", "/s/open", ""), 200)
	if len(f.sent) != 0 {
		t.Fatal("looking recorded an answer")
	}
}

func TestSurveyAnswer(t *testing.T) {
	h, f := site(t, nil)
	// A browser under Referrer-Policy no-referrer sends Origin: null.
	w := visit(h, "POST", "/s/open", "q.overall=5&q.goal=all&q.drivers=cost&q.drivers=hours&q.comment=%EC%A2%8B%EC%95%84%EC%9A%94&contact=yes&safety=+", "Origin", "null")
	holds(t, w, 201, "감사합니다")
	if len(f.sent) != 1 {
		t.Fatalf("%d answers", len(f.sent))
	}
	got := f.sent[0]
	if got.Answers["overall"] != 5 || got.Answers["goal"] != "all" || len(got.Answers["drivers"].([]any)) != 2 ||
		got.Answers["comment"] != "좋아요" || got.Contact == nil || got.Safety != nil {
		t.Errorf("%+v", got)
	}
	visit(h, "POST", "/s/open", "q.overall=NA&q.goal=&q.comment=&safety=flame")
	got = f.sent[1]
	if got.Answers["overall"] != "NA" || len(got.Answers) != 1 || got.Contact != nil || got.Safety.Text != "flame" {
		t.Errorf("%+v", got)
	}
}

func TestSurveyRefusals(t *testing.T) {
	h, f := site(t, nil)
	for path, want := range map[string]int{"/s/answered": 409, "/s/expired": 410, "/s/unknown": 404} {
		for _, method := range []string{"GET", "POST"} {
			w := visit(h, method, path, "q.overall=5")
			holds(t, w, want, "<h1>")
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("%s %s is %s", method, path, w.Header().Get("Content-Type"))
			}
		}
	}
	for form, want := range map[string]int{"q.overall=5&q.overall=1": 422, "evil=1": 422, "q.overall=%zz": 400, "q.comment=%00": 400, "q.comment=%ff": 400,
		"q.comment=" + strings.Repeat("x", 70<<10): 413} {
		if w := visit(h, "POST", "/s/open", form); w.Code != want {
			t.Errorf("%.30q answers %d, want %d", form, w.Code, want)
		}
	}
	if w := visit(h, "POST", "/s/open", "q.overall=5", "Content-Type", "application/json"); w.Code != 415 {
		t.Errorf("JSON answers %d", w.Code)
	}
	holds(t, visit(h, "GET", "/s/broken", ""), 500, "internal")
	if len(f.sent) != 0 {
		t.Error("a refused form was recorded")
	}
}

// TestRefusedFormKeepsWhatWasTyped: nobody types an answer twice.
func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	h, f := site(t, nil)
	f.refuse = fault.BadField("answers.overall", "required", "")
	w := visit(h, "POST", "/s/open", "q.overall=1&q.comment=%3Cb%3E&q.drivers=hours")
	holds(t, w, 422, `role="alert"`, "전반적으로", `value="1" checked`, "&lt;b&gt;</textarea>", `value="hours" checked`)
}

func TestMissingDeps(t *testing.T) {
	if page.Mount(page.Deps{}) == nil {
		t.Error("pages without anything are mounted")
	}
}

func FuzzSurveyForm(f *testing.F) {
	for _, seed := range []string{"q.overall=5", "q.overall=99999999999999999999", "q.drivers=a&q.drivers=a", "a;b", "%", "safety=%00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, form string) {
		h, _ := site(t, nil)
		if w := visit(h, "POST", "/s/open", form); w.Code >= 500 {
			t.Errorf("%q answers %d", form, w.Code)
		}
	})
}
