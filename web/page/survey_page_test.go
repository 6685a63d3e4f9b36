package page_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// invite finishes a use of the laser for a fresh person and tells the link's token.
func invite(t testing.TB, s *pagetest.Site, n string) string {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, err := s.Accounts.Create(ctx, account.System("test"), account.NewAccount{Name: account.Secret("시민" + n), Email: account.Secret("guest" + n + "@demo.test"), Demo: true, Consents: true})
	must(err)
	end := s.Clock.Now().Add(-3 * time.Hour)
	must(s.Surveys.Completed(ctx, survey.Use{BookingID: "use-" + n, AccountID: a.ID, CenterID: pagetest.Saha, EquipmentID: pagetest.Laser, Category: "laser",
		Unit: 1, Start: end.Add(-time.Hour), End: end, Mode: "self", Origin: "online"}))
	_, err = s.Surveys.SendDue(ctx)
	must(err)
	id, err := store.Read(ctx, s.DB, func(ctx context.Context, tx *store.Tx) (string, error) {
		var id string
		return id, tx.QueryRow(ctx, "SELECT id FROM survey_invitation WHERE account_id = $1", a.ID).Scan(&id)
	})
	must(err)
	m, err := s.Surveys.Invitation(ctx, id)
	must(err)
	return m.Token
}

// stored is the JSON of the answers that wait in the inbox, and how many.
func stored(t testing.TB, s *pagetest.Site) (answers string, n int) {
	t.Helper()
	_, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (bool, error) {
		return true, tx.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MAX(answers), '') FROM survey_inbox").Scan(&n, &answers)
	})
	if err != nil {
		t.Fatal(err)
	}
	return answers, n
}

// B12: only question 1 is asked for, looking stores nothing, and a second
// answer is refused politely; in both languages 매우 만족 and Very satisfied are a 5.
func TestB12SurveyStoresWhatWasPressed(t *testing.T) {
	for lang, words := range map[string]struct{ best, thanks, again string }{
		"":    {"매우 만족", "고맙습니다.", "이미 답해 주셨습니다"},
		"/en": {"Very satisfied", "Thank you.", "You have already answered"},
	} {
		s := pagetest.New(t)
		token := invite(t, s, "1")
		c := s.As(pagetest.Nobody)
		form := c.Get(lang + "/s/" + token).Follow().Is(200)
		value := ""
		for _, l := range form.Elements("label") {
			if pagetest.Inner(l) == words.best && value == "" {
				value = pagetest.Attr(l.FirstChild, "value")
			}
		}
		c.Get(lang + "/s/" + token + "?s=1").Follow()
		if _, n := stored(t, s); n != 0 {
			t.Fatal("looking recorded an answer")
		}
		sent := form.Form(lang + "/s")
		sent.Set("q.overall", value)
		done := c.Post(lang+"/s", sent)
		if to := done.To(); !strings.HasPrefix(to, lang+"/s/done?center=") {
			t.Errorf("leads to %s", to)
		}
		done.Follow().Is(200).Has(words.thanks)
		if answers, n := stored(t, s); n != 1 || answers != `{"overall":5}` {
			t.Errorf("%d stored: %s", n, answers)
		}
		c.Get(lang + "/s/" + token).Is(409).Has(words.again)
		c.Post(lang+"/s", sent).Is(404) // the cookie went with the answer
	}
}

// TestSurveyLinkLeavesTheAddressBar: the token is in no address, no page and
// no cookie that scripts or other paths can read.
func TestSurveyLinkLeavesTheAddressBar(t *testing.T) {
	s := pagetest.New(t)
	token := invite(t, s, "1")
	c := s.As(pagetest.Nobody)
	link := c.Get("/s/" + token + "?s=5")
	to := link.To()
	if strings.Contains(to, token) || !strings.HasPrefix(to, "/s?") || !strings.Contains(to, "s=5") {
		t.Errorf("leads to %s", to)
	}
	cookies := link.Header.Values("Set-Cookie")
	if len(cookies) != 2 {
		t.Fatalf("cookies %v", cookies)
	}
	for i, path := range []string{"Path=/s;", "Path=/en/s;"} {
		if !strings.Contains(cookies[i], path) || !strings.Contains(cookies[i], "HttpOnly") || !strings.Contains(cookies[i], "SameSite=Lax") || !strings.Contains(cookies[i], "Max-Age=21600") {
			t.Errorf("cookie %q", cookies[i])
		}
	}
	form := link.Follow().Is(200).Lacks(token)
	if got := chosen(form, "q.overall"); got != "5" {
		t.Errorf("?s=5 chooses %q", got)
	}
	if link.Header.Get("Referrer-Policy") != "no-referrer" || form.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v %v", link.Header, form.Header)
	}
	s.As(pagetest.Nobody).Get(to).Is(404).Has("링크를 다시 눌러 주세요")
	if c.Do("HEAD", "/s/"+token, nil); true {
		if _, n := stored(t, s); n != 0 {
			t.Error("HEAD recorded an answer")
		}
	}
}

func chosen(p *pagetest.Page, name string) string {
	for _, n := range p.Elements("input") {
		if pagetest.Attr(n, "name") == name && pagetest.HasAttr(n, "checked") {
			return pagetest.Attr(n, "value")
		}
	}
	return ""
}

// TestTwoSurveysAtOnce: two tabs of one browser answer their own survey each.
func TestTwoSurveysAtOnce(t *testing.T) {
	s := pagetest.New(t)
	one, two := invite(t, s, "1"), invite(t, s, "2")
	c := s.As(pagetest.Nobody)
	first, second := c.Get("/s/"+one).Follow(), c.Get("/s/"+two).Follow()
	for _, p := range []*pagetest.Page{first, second} {
		sent := p.Form("/s")
		sent.Set("q.overall", "4")
		c.Post("/s", sent).To()
	}
	if _, n := stored(t, s); n != 2 {
		t.Errorf("%d answers", n)
	}
	for _, token := range []string{one, two} {
		c.Get("/s/" + token).Is(409)
	}
}

// TestSurveyPage: center and month, never the exact time; questions with
// legends and words alone; the anonymity sentence; both consents unticked.
func TestSurveyPage(t *testing.T) {
	s := pagetest.New(t)
	token := invite(t, s, "1")
	c := s.As(pagetest.Nobody)
	p := c.Get("/s/" + token).Follow().Is(200)
	p.Has("2030년 1월", "이용은 어떠셨나요?", "점수는 다섯 명 이상일 때만")
	for _, time := range []string{"7:05", "07:05", "1. 8.", "2030-01-08"} {
		p.Lacks(time)
	}
	if legends := p.Elements("legend"); len(legends) != 6 || len(p.Elements("fieldset")) != 6 {
		t.Errorf("%d legends", len(legends))
	}
	if n := len(p.Find(func(n *html.Node) bool { return pagetest.HasAttr(n, "checked") })); n != 0 {
		t.Errorf("%d boxes are ticked", n)
	}
	if n := strings.Count(p.Body, "해당 없음"); n != 3 {
		t.Errorf("해당 없음 stands %d times", n)
	}
	if n := strings.Count(p.Body, "btn primary"); n != 1 {
		t.Errorf("%d primary buttons", n)
	}
	if strings.Contains(p.Body, "⟦") {
		t.Error("a text is missing")
	}
	s.As(pagetest.Nobody).Get("/en/s/"+token).Follow().Is(200).Has("January 2030", "Very satisfied", "Not applicable", "separate consent").Lacks("⟦")
}

// TestSurveyErrorsKeepAnswers: A8 for the survey.
func TestSurveyErrorsKeepAnswers(t *testing.T) {
	s := pagetest.New(t)
	token := invite(t, s, "1")
	c := s.As(pagetest.Nobody)
	sent := c.Get("/s/" + token).Follow().Form("/s")
	sent["q.drivers"] = []string{"cost", "times", "staff", "machine"}
	sent.Set("q.comment", "<b>바늘</b>")
	sent.Set("safety", "불꽃이 튐")
	sent.Set("contact", "yes")
	p := c.Post("/s", sent).Is(422)
	p.Has(`role="alert"`, "하나를 골라 주세요.", "3개까지만 골라 주세요.", `aria-describedby="q-overall-error"`, `aria-invalid="true"`,
		"&lt;b&gt;바늘&lt;/b&gt;", "불꽃이 튐", `href="#q-overall"`).Lacks("<b>바늘")
	focus := p.Find(func(n *html.Node) bool { return pagetest.HasAttr(n, "autofocus") })
	if len(focus) != 1 || pagetest.Attr(focus[0], "id") != "q-overall" {
		t.Errorf("%d are focused", len(focus))
	}
	kept := p.Form("/s")
	if len(kept["q.drivers"]) != 4 || kept.Get("contact") != "yes" {
		t.Errorf("kept %v", kept)
	}
	kept["q.drivers"] = []string{"cost", "times", "staff"}
	kept.Set("q.overall", "2")
	kept.Set("q.ease", "NA")
	kept.Set("q.comment", strings.Repeat("가", 499)+"\r\n")
	c.Post("/s", kept).To()
	answers, n := stored(t, s)
	if n != 1 || strings.Contains(answers, "comment") || !strings.Contains(answers, `"ease":"NA"`) || !strings.Contains(answers, `["cost","staff","times"]`) {
		t.Errorf("%d stored: %s", n, answers)
	}
	for table, want := range map[string]string{"SELECT COUNT(*) FROM survey_case": "1", "SELECT COUNT(*) FROM survey_ticket": "1"} {
		got, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (string, error) {
			var v string
			return v, tx.QueryRow(ctx, table).Scan(&v)
		})
		if err != nil || got != want {
			t.Errorf("%s: %s %v", table, got, err)
		}
	}
}

func TestSurveyRefusals(t *testing.T) {
	s := pagetest.New(t)
	token := invite(t, s, "1")
	c := s.As(pagetest.Nobody)
	form := c.Get("/s/" + token).Follow().Form("/s")
	for name, want := range map[string]struct {
		change func(url.Values)
		status int
	}{
		"two answers":     {func(v url.Values) { v["q.overall"] = []string{"5", "1"} }, 422},
		"unknown field":   {func(v url.Values) { v.Set("evil", "1") }, 422},
		"not on the list": {func(v url.Values) { v.Set("q.overall", "9") }, 422},
		"not a number":    {func(v url.Values) { v.Set("q.overall", "NaN") }, 422},
		"NUL":             {func(v url.Values) { v.Set("q.comment", "a\x00") }, 400},
		"no UTF-8":        {func(v url.Values) { v.Set("q.comment", "\xff") }, 400},
		"too much":        {func(v url.Values) { v.Set("q.comment", strings.Repeat("x", 70<<10)) }, 413},
		"other form":      {func(v url.Values) { v.Set("f", "00000000") }, 404},
	} {
		sent := url.Values{}
		for k, v := range form {
			sent[k] = v
		}
		sent.Set("q.overall", "5")
		want.change(sent)
		if p := c.Post("/s", sent); p.Status != want.status || !strings.Contains(p.Body, "<h1") && want.status != 413 {
			t.Errorf("%s answers %d, want %d: %.300s", name, p.Status, want.status, p.Text())
		}
	}
	if _, n := stored(t, s); n != 0 {
		t.Error("a refused form was recorded")
	}
	c.Get("/s/unknown-token").Is(404).Has("설문을 찾을 수 없습니다")
	c.Get("/en/s/unknown-token").Is(404).Has("There is no such survey")
	s.Clock.Add(20 * 24 * time.Hour)
	c.Get("/s/" + token).Is(410).Has("설문 기간이 지났습니다")
	form.Set("q.overall", "5")
	c.Post("/s", form).Is(410)
}

func FuzzSurveyForm(f *testing.F) {
	for _, seed := range []string{"q.overall=5", "q.overall=99999999999999999999", "q.drivers=a&q.drivers=a", "a;b", "%", "safety=%00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := pagetest.New(t)
		c := s.As(pagetest.Nobody)
		sent := c.Get("/s/" + invite(t, s, "1")).Follow().Form("/s")
		more, _ := url.ParseQuery(text)
		for k, v := range more {
			sent[k] = v
		}
		if p := c.Post("/s", sent); p.Status >= 500 {
			t.Errorf("%q answers %d", text, p.Status)
		}
	})
}
