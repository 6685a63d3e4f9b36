package page_test

import (
	"net/url"
	"strings"
	"testing"

	"gongbang/web/page/pagetest"
)

// wished lets the citizen answer a survey with a wish for a reply; it tells the case's path.
func wished(t testing.TB, s *pagetest.Site) string {
	t.Helper()
	usedUp(t, s)
	c := s.As(pagetest.Citizen)
	link := ""
	for _, a := range c.Get("/bookings").Is(200).Elements("a") {
		if h := pagetest.Attr(a, "href"); strings.HasPrefix(h, "/s/") {
			link = h
		}
	}
	sent := c.Get(link).Follow().Is(200).Form("/s")
	sent.Set("q.overall", "1")
	sent.Set("q.comment", "작업대가 어둡습니다")
	sent.Set("contact", "yes")
	if to := c.Post("/s", sent).To(); to != "/s/done?center="+pagetest.Saha {
		t.Fatalf("on to %s", to)
	}
	c.Get("/s/done?center=" + pagetest.Saha).Is(200).Has("/centers/" + pagetest.Saha + "/changes")
	c.Get("/s/done?center=%3Cb%3E").Is(200).Lacks("changes", "<b>")
	for _, a := range s.As(pagetest.Staff).Get("/manage/cases").Is(200).Elements("a") {
		if h := pagetest.Attr(a, "href"); strings.HasPrefix(h, "/manage/cases/") {
			return h
		}
	}
	t.Fatal("no case is listed")
	return ""
}

// TestCaseOnPages: staff take a wish for a reply on and answer it; the person
// reads the answer, and the center tells everybody what changed.
func TestCaseOnPages(t *testing.T) {
	s := pagetest.New(t)
	path := wished(t, s)
	staff, manager, citizen := s.As(pagetest.Staff), s.As(pagetest.Manager), s.As(pagetest.Citizen)
	staff.Get("/manage/cases").Is(200).Has("작업대가 어둡습니다", "들어옴").Lacks("시민1", "010-0000-1001", "⟦", "매우 불만족")
	s.As(pagetest.Citizen2).Get("/manage/cases").Is(403)
	one := staff.Get(path).Is(200).Has("시민1", "010-0000-1001", "작업대가 어둡습니다").Lacks("⟦", "매우 불만족")
	manager.Get("/manage/audit").Is(200).Has("답을 바란 의견과 연락처를 보았습니다")
	work := one.Form(path)
	work.Set("state", "acknowledged")
	work.Set("assignee", s.Actor(pagetest.Staff).ID)
	staff.Post(path, work).Follow().Is(200).Has("확인함", "맡은 사람")
	if p := staff.Post(path, work); p.Status != 409 { // the version is an old one
		t.Errorf("an old version answers %d", p.Status)
	}
	answer := staff.Get(path).Form(path + "/reply")
	staff.Post(path+"/reply", answer).Is(422).Has("f-reply-error")
	answer.Set("reply", "전등을 바꾸었습니다.\n고맙습니다.")
	staff.Post(path+"/reply", answer).Follow().Is(200).Has("답변을 보냈습니다", "전등을 바꾸었습니다.").Lacks(path + "/reply")
	citizen.Get("/me").Is(200).Has(`id="cases"`, "작업대가 어둡습니다", "전등을 바꾸었습니다.")
	citizen.Get("/en/me").Is(200).Has("What I wished a reply to", `<p class="pre"><span lang="ko">작업대가 어둡습니다</span>`)
	s.As(pagetest.Citizen2).Get("/me").Is(200).Lacks(`id="cases"`)
	manager.Get("/manage").Is(200).Has("답을 기다리는 의견", "늦은 것 없음")
	manager.Get("/manage/report?from=2030-01&to=2030-01").Is(200).Has("답을 바란 의견은 1건입니다. 1건에 답했고, 그 가운데 1건은 기한 안에")

	board := "/centers/" + pagetest.Saha + "/changes"
	staff.Get(path).Lacks("/manage/changes")
	note := manager.Get(path).Is(200).Form("/manage/changes")
	manager.Post("/manage/changes", note).Is(422).Has("f-ko-error")
	note.Set("ko", "작업대 전등을 바꾸었습니다.")
	note.Set("en", "New lamps above the benches.")
	manager.Post("/manage/changes", note).Follow().Is(200).Has("게시했습니다", "작업대 전등을 바꾸었습니다.", path)
	s.As(pagetest.Nobody).Get(board).Is(200).Has("이렇게 바꿨습니다", "작업대 전등을 바꾸었습니다.").Lacks("/manage/", "<textarea", "⟦")
	s.As(pagetest.Nobody).Get("/en"+board).Is(200).Has("What we changed", "New lamps above the benches.").Lacks("작업대")
	s.As(pagetest.Nobody).Get("/centers/" + pagetest.Saha).Is(200).Has(`href="` + board + `"`)
	withdraw := ""
	for _, f := range manager.Get(board).Elements("form") {
		if a := pagetest.Attr(f, "action"); strings.HasSuffix(a, "/withdraw") {
			withdraw = a
		}
	}
	manager.Post(withdraw, url.Values{}).Follow().Is(200).Has("내렸습니다").Lacks("작업대 전등을")
	s.As(pagetest.Nobody).Get("/centers/nowhere/changes").Is(404)
}
