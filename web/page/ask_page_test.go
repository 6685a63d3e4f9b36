package page_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"gongbang/store"
	"gongbang/web/page/pagetest"
)

// TestAskAndAnswer: from the footer of a machine to the answer in my information.
func TestAskAndAnswer(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	c.Get("/machines/" + pagetest.Laser).Is(200).Has(`href="/ask?equipment=` + pagetest.Laser + `"`)
	c.Get("/centers/" + pagetest.Saha).Is(200).Has(`href="/ask?center=` + pagetest.Saha + `"`)
	c.Get("/nothing").Is(404).Has(`class="btn" href="/ask"`)
	page := c.Get("/ask?equipment="+pagetest.Laser).Is(200).Has("글로 문의하기", "레이저")
	form := page.Form("/ask")
	c.Post("/ask", form).Is(422).Has(`role="alert"`, `href="#f-text"`, "꼭 필요합니다")
	form.Set("text", "아크릴 <b>8mm</b>도 되나요?")
	c.Post("/ask", form).Follow().Is(200).Has("문의를 보냈습니다", "아크릴 &lt;b&gt;8mm&lt;/b&gt;도 되나요?", "답을 기다림")
	if to := c.Post("/ask", form).To(); to != "/me#questions" { // pressed twice: asked once
		t.Error(to)
	}

	staff := s.As(pagetest.Staff)
	staff.Get("/desk/"+pagetest.Saha).Is(200).Has(`<span class="count">1</span>`, "문의 보기").Lacks("8mm", "시민1")
	list := staff.Get("/desk/"+pagetest.Saha+"/questions").Is(200).Has("시*1", "레이저").Lacks("8mm", "시민1", "010-0000-1001")
	link := ""
	for _, a := range list.Elements("a") {
		if strings.Contains(pagetest.Attr(a, "href"), "/questions/") {
			link = pagetest.Attr(a, "href")
		}
	}
	staff.Get("/en"+link).Is(200).Has(`<span lang="ko">아크릴`, "Send the answer").Lacks("⟦")
	one := staff.Get(link).Is(200).Has("시민1", "010-0000-1001", "아크릴 &lt;b&gt;8mm&lt;/b&gt;도 되나요?")
	staff.Post(link+"/answer", url.Values{"text": {" "}}).Is(422).Has(`role="alert"`, "꼭 필요합니다")
	answer := one.Form(link + "/answer")
	answer.Set("text", "네, 8mm까지 됩니다.")
	staff.Post(link+"/answer", answer).Follow().Is(200).Has("답을 보냈습니다", "답을 기다리는 문의가 없습니다")
	staff.Post(link+"/answer", answer).Is(409)
	staff.Get(link).Is(200).Has("네, 8mm까지 됩니다.", "답을 받음").Lacks("<textarea")
	c.Get("/me").Is(200).Has("네, 8mm까지 됩니다.", "답을 받음")
	s.As(pagetest.Citizen2).Get("/me").Is(200).Lacks("8mm")

	admin := s.As(pagetest.Admin)
	admin.Get(strings.Replace(link, pagetest.Saha, pagetest.Gangseo, 1)).Is(404)
	s.As(pagetest.Citizen).Get(link).Is(403)
}

// TestAskWithoutASession: who writes first and signs in then loses nothing.
func TestAskWithoutASession(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	c := s.As(pagetest.Nobody)
	form := c.Get("/ask").Is(200).Has(`value="`+pagetest.Gangseo+`"`, "로그인 화면이 먼저").Form("/ask")
	form.Set("center", pagetest.Gangseo)
	form.Set("text", strings.Repeat("뷁<", 249)+"끝")
	to := c.Post("/ask", form).To()
	if !strings.HasPrefix(to, "/sign-in?flow=") {
		t.Fatalf("leads to %q", to)
	}
	enter := with(c.Get(strings.Replace(to, "?", "?by=password&", 1)).Is(200).Form("/sign-in"), "login", "citizen@demo.test", "password", pagetest.DemoPassword)
	c.Post("/sign-in", enter).Follow().Is(200).Has("문의를 보냈습니다", "뷁&lt;끝")
	longest := strings.Repeat("<", 500) // six bytes each in what is kept
	form.Set("text", longest)
	if to := s.As(pagetest.Nobody).Post("/ask", form).To(); !strings.HasPrefix(to, "/sign-in?flow=") {
		t.Error("the longest question is not kept")
	}
}

// TestAskTooOften: the sixth of a day is refused in words, and stays in its field.
func TestAskTooOften(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	for _, text := range []string{"하나", "둘", "셋", "넷", "다섯"} {
		form := c.Get("/ask?center=" + pagetest.Saha).Form("/ask")
		form.Set("text", text)
		c.Post("/ask", form).To()
	}
	form := c.Get("/ask?center=" + pagetest.Saha).Form("/ask")
	form.Set("text", "여섯째")
	c.Post("/ask", form).Is(429).Has("하루에 5건까지", "여섯째</textarea>")
	c.Post("/en/ask", form).Is(429).Has("We take 5 a day")
}

// TestCloseQuestion: nothing is sent, and it is off the list.
func TestCloseQuestion(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	form := c.Get("/ask?center=" + pagetest.Saha).Form("/ask")
	form.Set("text", "몇 시까지 여나요?")
	c.Post("/ask", form).To()
	id, err := store.Read(context.Background(), s.DB, func(ctx context.Context, tx *store.Tx) (string, error) {
		var id string
		err := tx.QueryRow(ctx, "SELECT id FROM inquiry").Scan(&id)
		return id, err
	})
	if err != nil {
		t.Fatal(err)
	}
	staff := s.As(pagetest.Staff)
	staff.Post("/desk/"+pagetest.Saha+"/questions/"+id+"/close", nil).Follow().Is(200).Has("문의를 마쳤습니다", "답을 기다리는 문의가 없습니다")
	c.Get("/me").Has("몇 시까지 여나요?", "마침")
}
