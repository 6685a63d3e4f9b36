package page_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
	"gongbang/survey"
	"gongbang/web/page/pagetest"
)

// usedUp lets the citizen use the laser and be asked about it; it tells the booking.
func usedUp(t testing.TB, s *pagetest.Site) *booking.View {
	t.Helper()
	ctx := context.Background()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	v := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 1)
	s.Clock.Set(s.At(0, 11, 5))
	must(s.Bookings.CheckIn(ctx, s.Actor(pagetest.Staff), v.ID, booking.AttendRequest{}))
	s.Clock.Set(s.At(0, 11, 50))
	must(s.Bookings.Finish(ctx, s.Actor(pagetest.Staff), v.ID, booking.AttendRequest{}))
	must(nil, s.Surveys.Completed(ctx, survey.Use{BookingID: v.ID, AccountID: v.AccountID, CenterID: v.CenterID, EquipmentID: v.EquipmentID,
		Category: "laser", Unit: 1, Start: v.Start, End: s.Clock.Now(), Mode: "self", Origin: "online"}))
	s.Clock.Add(2 * time.Hour)
	must(s.Surveys.SendDue(ctx))
	return v
}

// TestOpenSurveyInMyBookings: the way to answer stands in the list and at the
// booking, for its person alone, until it is answered.
func TestOpenSurveyInMyBookings(t *testing.T) {
	s := pagetest.New(t)
	v := usedUp(t, s)
	c := s.As(pagetest.Citizen)
	list := c.Get("/bookings").Is(200).Has("설문 1건", "1. 8.(화)", "이용은 어떠셨나요?", "1분 답하기")
	link := ""
	for _, a := range list.Elements("a") {
		if h := pagetest.Attr(a, "href"); strings.HasPrefix(h, "/s/") {
			link = h
		}
	}
	for _, path := range []string{"/bookings/" + v.ID, "/bookings/" + v.ID + "/done"} {
		c.Get(path).Is(200).Has(`href="` + link + `"`)
	}
	c.Get("/en/bookings").Is(200).Has("1 survey", "Answer in a minute", `href="/en`+link+`"`)
	s.As(pagetest.Citizen2).Get("/bookings").Is(200).Lacks("/s/")
	for _, who := range []pagetest.Who{pagetest.Staff, pagetest.Manager, pagetest.Admin} {
		s.As(who).Get("/bookings/" + v.ID).Is(200).Lacks(`"/s/`)
		s.As(who).Get("/bookings").Is(200).Lacks(`"/s/`)
	}
	form := c.Get(link).Follow().Is(200).Form("/s")
	form.Set("q.overall", "5")
	c.Post("/s", form).To()
	c.Get("/bookings").Is(200).Lacks("설문 1건", `"/s/`)
	c.Get("/bookings/" + v.ID).Is(200).Lacks(`"/s/`)
}

// TestOptOutByLink: looking records nothing; one press, or one POST of a mail
// program, ends the surveys; again is harmless.
func TestOptOutByLink(t *testing.T) {
	s := pagetest.New(t)
	usedUp(t, s)
	ctx := context.Background()
	open, err := s.Surveys.Mine(ctx, s.Actor(pagetest.Citizen))
	if err != nil || len(open) != 1 {
		t.Fatal(open, err)
	}
	path := "/s/" + open[0].Token + "/opt-out"
	out := func() bool {
		p, err := s.Accounts.Me(ctx, s.Actor(pagetest.Citizen))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Consents {
			if c.Key == account.Survey {
				return !c.Given
			}
		}
		return false
	}
	c := s.As(pagetest.Nobody)
	page := c.Get(path).Is(200).Has("설문 안내 그만 받기", `action="`+path+`"`)
	if got := page.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("Referrer-Policy %q", got)
	}
	c.Get("/en"+path).Is(200).Has("Stop survey messages", `action="/en`+path+`"`)
	if out() {
		t.Fatal("looking ended the surveys")
	}
	c.Do("POST", path, map[string][]string{"List-Unsubscribe": {"One-Click"}}, "Content-Type", "multipart/form-data; boundary=x").Is(200).Has("설문 안내를 그만 보냅니다")
	if !out() {
		t.Fatal("one POST did not end the surveys")
	}
	c.Post(path, nil).Is(200)
	c.Get("/s/" + open[0].Token).Is(404)
	s.As(pagetest.Citizen).Get("/bookings").Is(200).Lacks("/s/")
	s.As(pagetest.Manager).Get("/manage").Is(200).Has("수신 거절")
	c.Post("/s/"+strings.Repeat("A", 22)+"/opt-out", nil).Is(404).Has("설문을 찾을 수 없습니다")
}

// TestComments: a closed month's comments, masked, searchable, and nothing beside them.
func TestComments(t *testing.T) {
	s := pagetest.New(t)
	ctx := context.Background()
	s.Clock.Set(s.At(0, 17, 0))
	for i := range 11 {
		sub := survey.Submission{Answers: map[string]any{"overall": 5 - i%3, "comment": fmt.Sprintf("바늘이 <b>%d</b>번 부러졌습니다. 010-1234-5678", i)}}
		if err := s.Surveys.Answer(ctx, invite(t, s, fmt.Sprint("c", i)), sub); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Surveys.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	c := s.As(pagetest.Manager)
	const january = "/manage?from=2030-01&to=2030-01"
	c.Get(january).Is(200).Has("닫힌 달의 의견만", "응답 11건은 넣지 않았습니다").Lacks("부러졌습니다", `name="q"`)
	s.Clock.Add(30 * 24 * time.Hour)
	if _, err := s.Surveys.CloseMonth(ctx); err != nil {
		t.Fatal(err)
	}
	p := s.As(pagetest.Manager).Get(january).Is(200).Has("응답 11건 가운데 의견 11건", "바늘이 &lt;b&gt;7&lt;/b&gt;번 부러졌습니다. [전화]").Lacks("010-1234-5678")
	if n := strings.Count(p.Body, "부러졌습니다"); n != 11 {
		t.Errorf("%d comments", n)
	}
	found := s.As(pagetest.Manager).Get(january+"&q=%3Cb%3E7").Is(200).Has("찾은 의견 1건", `value="&lt;b&gt;7"`, "모두 보기")
	if n := strings.Count(found.Body, "부러졌습니다"); n != 1 {
		t.Errorf("the search shows %d", n)
	}
	s.As(pagetest.Manager).Get("/en"+january).Is(200).Has(`<span lang="ko">바늘이`, "11 comments among 11 answers").Lacks("⟦")
	tagged(t, s, p, january)
	s.As(pagetest.Manager).Get(january + "&category=laser").Is(200).Has("의견은 센터 아래로 나누지 않습니다").Lacks("부러졌습니다")
}

// tagged marks a comment by its buttons, filters by the mark, and takes it away.
func tagged(t *testing.T, s *pagetest.Site, p *pagetest.Page, january string) {
	t.Helper()
	c := s.As(pagetest.Manager)
	var actions []string
	for _, f := range p.Elements("form") {
		if a := pagetest.Attr(f, "action"); strings.Contains(a, "/tags?") {
			actions = append(actions, strings.ReplaceAll(a, "&amp;", "&"))
		}
	}
	if len(actions) != 11 {
		t.Fatalf("%d comments can be marked", len(actions))
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(actions[4], "/manage/comments/"), "/")
	p = c.Post(actions[4], map[string][]string{"add": {"praise"}}).Follow().Is(200)
	p.Has(`name="remove" value="praise" aria-pressed="true">칭찬`, "칭찬 1<", "예약 화면 0<", `id="c-`+id+`"`)
	one := c.Get(january+"&tag=praise").Is(200).Has("찾은 의견 1건", `aria-current="page">칭찬 1`, `id="c-`+id+`"`)
	if n := strings.Count(one.Body, "부러졌습니다"); n != 1 {
		t.Errorf("the filter shows %d", n)
	}
	s.As(pagetest.Manager).Get("/en"+january+"&tag=praise").Is(200).Has("1 comment found", "Praise 1<", `value="machine" aria-pressed="false">Faults and performance`)
	s.As(pagetest.Manager).Get("/manage/report?from=2030-01&to=2030-01").Is(200).Has(`<span class="sub">(칭찬)</span>`)
	gone := c.Post(strings.Replace(actions[4], "?", "?tag=praise&", 1), map[string][]string{"remove": {"praise"}}).Follow().Is(200)
	gone.Has("찾은 의견 0건").Lacks("부러졌습니다")
	s.As(pagetest.Staff).Post(actions[4], map[string][]string{"add": {"praise"}}).Is(403)
	c.Post(actions[4], map[string][]string{"add": {"홍길동"}}).Is(422)
	c.Get(january + "&tag=no").Is(422)
}

// TestNamedAnswers: who chose to give their name is listed masked, opened in
// full with a record of it, and gone once they take the name off.
func TestNamedAnswers(t *testing.T) {
	s := pagetest.New(t)
	ctx := context.Background()
	if _, err := store.Do(ctx, s.DB, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, `INSERT INTO survey_template (key, version, body, hash, published_at)
			SELECT key, 2, REPLACE(REPLACE(body, '"mode":"anonymous"', '"mode":"identified"'), '"version":1,', '"version":2,'), hash, published_at
			FROM survey_template WHERE key = 'use-standard' AND version = 1`)
	}); err != nil {
		t.Fatal(err)
	}
	s.As(pagetest.Manager).Get("/manage/named").Is(200).Has("이름을 남긴 답변이 없습니다")
	usedUp(t, s)
	c := s.As(pagetest.Citizen)
	link := ""
	for _, a := range c.Get("/bookings").Is(200).Elements("a") {
		if h := pagetest.Attr(a, "href"); strings.HasPrefix(h, "/s/") {
			link = h
		}
	}
	page := c.Get(link).Follow().Is(200).Has("센터 관리자가 이름, 이용한 날과 장비, 답변을 길어야 90일 동안 볼 수 있고", "이 답변을 제 이름, 이용한 날, 장비와 함께").Lacks("⟦")
	form := page.Form("/s")
	for name, value := range map[string]string{"q.overall": "2", "q.goal": "part", "q.comment": "<i>날</i>이 무딥니다", "identify": "yes"} {
		form.Set(name, value)
	}
	c.Post("/s", form).To()
	invited := invite(t, s, "other") // did not choose it
	if err := s.Surveys.Answer(ctx, invited, survey.Submission{Answers: map[string]any{"overall": 5, "comment": "조용한 말"}}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Add(26 * time.Hour)
	if _, err := s.Surveys.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	list := s.As(pagetest.Manager).Get("/manage/named").Is(200).Has("1. 8.(화)", "시*1").Lacks("시민1", "무딥니다", "조용한 말")
	if n := strings.Count(list.Body, `class="rowlink"`); n != 1 {
		t.Fatalf("%d answers are listed", n)
	}
	one := ""
	for _, a := range list.Elements("a") {
		if h := pagetest.Attr(a, "href"); strings.HasPrefix(h, "/manage/named/") {
			one = h
		}
	}
	s.As(pagetest.Manager).Get(one).Is(200).Has("시민1", "불만족", "일부만", "&lt;i&gt;날&lt;/i&gt;이 무딥니다", "기록에 남습니다").Lacks("조용한 말")
	s.As(pagetest.Manager).Get("/en"+one).Is(200).Has(`<span lang="ko">시민1</span>`, "Dissatisfied").Lacks("⟦")
	s.As(pagetest.Staff).Get("/manage/named").Is(403)
	s.As(pagetest.Staff).Get(one).Is(403)
	s.As(pagetest.Nobody).Get(one).Is(303)
	s.As(pagetest.Admin).Get("/manage/audit").Is(200).Has("이름을 남긴 답변을 보았습니다", "본인이 이름을 남긴 답변")
	s.As(pagetest.Citizen).Get("/me").Is(200).Has("이름을 남긴 설문 답변", "내 이름 빼기")
	s.As(pagetest.Citizen).Post("/me/unname", nil).Follow().Is(200).Has("답변에서 이름을 뺐습니다").Lacks("내 이름 빼기")
	s.As(pagetest.Manager).Get("/manage/named").Is(200).Has("이름을 남긴 답변이 없습니다")
	s.As(pagetest.Manager).Get(one).Is(404)
}
