package page_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// entries are how the answers in the inbox came, with the machine.
func entries(t testing.TB, s *pagetest.Site) (out string) {
	t.Helper()
	_, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (bool, error) {
		return true, tx.QueryRow(ctx, "SELECT COALESCE(MAX(entry || ' ' || equipment_id), '') FROM survey_inbox").Scan(&out)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCodeOnAMachine: whoever stands there answers without signing in, in both
// languages, and names nobody.
func TestCodeOnAMachine(t *testing.T) {
	for lang, words := range map[string]struct{ ask, danger, thanks string }{
		"":    {"이용은 어떠셨나요?", "먼저 직원을 불러 주세요", "고맙습니다."},
		"/en": {"How was", "please call them first", "Thank you"},
	} {
		s := pagetest.New(t)
		path := lang + "/u/" + pagetest.Laser
		c := s.As(pagetest.Nobody)
		p := c.Get(path).Is(200).Has(words.ask, words.danger).Lacks("⟦", `name="contact"`, `name="identify"`, `name="f"`)
		if _, n := stored(t, s); n != 0 {
			t.Fatal("looking recorded an answer")
		}
		form := p.Form(path)
		c.Post(path, form).Is(422).Has("q-overall-error")
		form.Set("q.overall", "4")
		form.Set("contact", "yes")
		c.Post(path, form).Is(422)
		form.Del("contact")
		form.Set("safety", "덮개가 열린 채 돕니다")
		c.Post(path, form).Follow().Is(200).Has(words.thanks, "/centers/"+pagetest.Saha+"/changes").Lacks("덮개")
		if answers, n := stored(t, s); n != 1 || answers != `{"overall":4}` || entries(t, s) != "qr "+pagetest.Laser {
			t.Errorf("stored are %d: %s, %s", n, answers, entries(t, s))
		}
		s.As(pagetest.Staff).Get("/desk/"+pagetest.Saha+"/safety").Is(200).Has("덮개가 열린 채 돕니다", "쓰는 중")
		for range 9 {
			c.Post(path, p.Form(path)) // 422: nothing chosen
		}
		form.Del("safety")
		for range 9 {
			c.Post(path, form).Is(303)
		}
		c.Post(path, form).Is(409)
		c.Get(path).Is(409).Lacks("⟦", "q.overall")
		c.Get(lang + "/u/nothing").Is(404)
	}
}

// TestCounter: the tablet begins with the machines, thanks, is back there, and
// never shows what was sent before.
func TestCounter(t *testing.T) {
	s := pagetest.New(t)
	path := "/desk/" + pagetest.Saha + "/ask"
	c := s.As(pagetest.Staff)
	start := c.Get(path).Is(200).Has("레이저 커팅기", path+"?machine="+pagetest.Laser, "장비를 고르지 않고").Lacks("⟦", `href="/desk"`, `href="/manage"`, "/sign-out")
	if start.Header.Get("Cache-Control") == "" || !strings.Contains(start.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("may be kept: %q", start.Header.Get("Cache-Control"))
	}
	c.Get("/en" + path).Is(200).Has("Please choose the machine").Lacks("⟦")
	for _, machine := range []string{pagetest.Laser, ""} {
		p := c.Get(path+"?machine="+machine).Is(200).Has(`autocomplete="off"`).Lacks("⟦", `href="/manage"`)
		if has := strings.Contains(p.Body, `name="safety"`); has != (machine != "") {
			t.Errorf("of machine %q a danger can be told: %v", machine, has)
		}
		form := p.Form(path)
		c.Post(path, form).Is(422).Has("q-overall-error")
		form.Set("q.overall", "5")
		form.Set("q.comment", "좋습니다")
		c.Post(path, form).Follow().Is(200).Has("고맙습니다. 답변을 받았습니다.", path+"?machine="+pagetest.Laser).Lacks("좋습니다")
		c.Get(path+"?machine="+machine).Is(200).Lacks("좋습니다", " checked")
	}
	if _, n := stored(t, s); n != 2 || entries(t, s) != "counter "+pagetest.Laser {
		t.Errorf("%d stored, %q", n, entries(t, s))
	}
	c.Get(path + "?machine=" + pagetest.CNC).Is(404)
	form := c.Get(path + "?machine=").Form(path)
	form.Set("q.overall", "5")
	form.Set("machine", pagetest.CNC)
	c.Post(path, form).Is(404)
}

// TestCodesOnPaper: one machine or all, with the address in print, in both languages.
func TestCodesOnPaper(t *testing.T) {
	s := pagetest.New(t)
	path := "/desk/" + pagetest.Saha + "/codes"
	c := s.As(pagetest.Staff)
	c.Get("/desk/" + pagetest.Saha).Is(200).Has(path)
	c.Get(path).Is(200).Has(path+"?machine="+pagetest.Laser, path+"?machine=all", "/desk/"+pagetest.Saha+"/ask").Lacks("⟦", "<svg class=\"qr\"")
	one := c.Get(path+"?machine="+pagetest.Laser).Is(200).Has("http://gongbang.test/u/"+pagetest.Laser, `lang="en"`, "data-print").Lacks("⟦", "/u/"+pagetest.Sewing)
	if n := strings.Count(one.Body, `<svg class="qr"`); n != 1 {
		t.Errorf("%d codes", n)
	}
	c.Get("/en"+path+"?machine=all").Is(200).Has("/u/"+pagetest.Laser, "/u/"+pagetest.Sewing, `lang="ko"`).Lacks("⟦")
	c.Get(path + "?machine=" + pagetest.CNC).Is(404)
}

// TestDoorsBesideTheScore: managers read them of closed months, told apart.
func TestDoorsBesideTheScore(t *testing.T) {
	s := pagetest.New(t)
	ctx := context.Background()
	s.Clock.Set(s.At(0, 17, 0))
	for _, n := range []string{"a", "b", "c", "d", "e"} {
		if err := s.Surveys.Answer(ctx, invite(t, s, n), survey.Submission{Answers: map[string]any{"overall": 5}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 6 {
		if err := s.Surveys.AnswerAt(ctx, s.Actor(pagetest.Nobody), survey.Door{Entry: survey.ByQR, Equipment: pagetest.Laser}, survey.Submission{Answers: map[string]any{"overall": 3}}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Surveys.Flush(ctx); n != 11 || err != nil {
		t.Fatal(n, err)
	}
	const january = "?from=2030-01&to=2030-01"
	s.As(pagetest.Manager).Get("/manage" + january).Is(200).Lacks("받은 답변 6건")
	s.Clock.Add(30 * 24 * time.Hour)
	if _, err := s.Surveys.CloseMonth(ctx); err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Manager)
	for _, path := range []string{"/manage", "/manage/report"} {
		c.Get(path+january).Is(200).Has("장비의 QR로 받은 답변 6건: 50.0점").Lacks("창구 태블릿", "⟦")
		c.Get("/en" + path + january).Is(200).Has("they are not in the score").Lacks("⟦")
	}
}

// TestCommentsAtDoors: managers read them apart, once their month is closed and
// ten such answers are in it.
func TestCommentsAtDoors(t *testing.T) {
	s := pagetest.New(t)
	ctx := context.Background()
	s.Clock.Set(s.At(0, 17, 0))
	invite(t, s, "a") // a use, so that the month has one
	for i := range 13 {
		d := survey.Door{Entry: survey.ByQR, Equipment: pagetest.Laser}
		if i > 9 {
			d = survey.Door{Entry: survey.ByCounter, Center: pagetest.Saha}
		}
		if err := s.Surveys.AnswerAt(ctx, s.Actor(pagetest.Staff), d, survey.Submission{Answers: map[string]any{"overall": 3, "comment": fmt.Sprintf("먼지 <b>%d</b>", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Add(26 * time.Hour)
	if _, err := s.Surveys.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	const january = "/manage?from=2030-01&to=2030-01"
	s.As(pagetest.Manager).Get(january).Is(200).Lacks("장비의 QR로 온 의견", "먼지")
	s.Clock.Add(30 * 24 * time.Hour)
	if _, err := s.Surveys.CloseMonth(ctx); err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Manager)
	p := c.Get(january).Is(200).Has("<h3>장비의 QR로 온 의견</h3>", "점수에 넣지 않은 답변", "답변 3건은 넣지 않았습니다", "먼지 &lt;b&gt;9&lt;/b&gt;").Lacks("⟦", "먼지 &lt;b&gt;10&lt;/b&gt;")
	if n := strings.Count(p.Body, "먼지"); n != 10 {
		t.Errorf("%d comments", n)
	}
	c.Get("/en"+january+"&q=9").Is(200).Has("1 comment found", "Comments by the code on a machine", "count in no score").Lacks("⟦")
}
