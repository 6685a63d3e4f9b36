package page_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/testdata"
	"gongbang/web/page/pagetest"
)

// lateCosts is the catalog of Busan where a late cancel costs a point and one
// point stops new bookings.
func lateCosts(t *testing.T) []byte {
	t.Helper()
	text := strings.Replace(string(testdata.Busan), `"policy": {`, `"policy": {"no_show": {"points": 1, "late_cancel_points": 1, "threshold": 1}, `, 1)
	if text == string(testdata.Busan) {
		t.Fatal("the catalog has no policy")
	}
	return []byte(text)
}

// absent makes a booking of today that nobody came to.
func absent(t *testing.T, s *pagetest.Site, who pagetest.Who) *booking.View {
	t.Helper()
	b := s.Book(who, pagetest.Laser, s.At(0, 11, 0), 1)
	s.Clock.Set(s.At(0, 11, 40))
	v, err := s.Bookings.MarkNoShow(context.Background(), s.Actor(pagetest.Staff), b.ID, booking.AttendRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPointsReviewAndWaiver(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Catalog: lateCosts(t)})
	c, staff := s.As(pagetest.Citizen), s.As(pagetest.Staff)
	c.Get("/me").Is(200).Has("벌점이 없습니다")
	b := absent(t, s, pagetest.Citizen)
	me := c.Get("/me").Is(200).Has("오시지 않은 예약", "벌점 1점", "까지 셉니다", "새로 예약하실 수 없습니다", "다시 확인 요청하기").Lacks("⟦", "<textarea")
	c.Get("/api/v1/me/strikes").Is(200).Has(`"id":"`+b.ID+`-no_show"`, `"kind":"no_show"`, `"state":"counting"`, `"over":"center"`, `"can_review":true`)
	s.As(pagetest.Citizen2).Get("/api/v1/me/strikes").Is(200).Has(`"items":[]`, `"suspensions":[]`)
	staff.Get("/api/v1/accounts/" + s.Actor(pagetest.Citizen).ID + "/strikes").Is(200).Has(`"points":1`).Lacks("시민1")
	path := "/me?" + url.Values{"review": {b.ID + "-no_show"}}.Encode()
	if !strings.Contains(me.Body, "review="+b.ID) {
		t.Fatal("no link to ask for a review")
	}
	form := c.Get(path).Is(200).Form("/me/review")
	c.Post("/me/review", with(form, "text", " ")).Is(422).Has(`aria-invalid="true"`, "<textarea")
	c.Post("/me/review", with(form, "text", "<b>문이 잠겨 있었습니다")).Is(303)
	c.Get("/me").Has("다시 확인을 요청했습니다", "&lt;b&gt;문이 잠겨").Lacks("<b>문이")
	s.As(pagetest.Citizen).Get("/en/me").Is(200).Has("Penalty points", "Counts until", `lang="ko">&lt;b&gt;문이`)
	staff.Get(desk).Is(200).Has("벌점 확인 요청")
	staff.Get(desk+"/reviews").Is(200).Has("&lt;b&gt;문이 잠겨", "strike="+b.ID).Lacks("시민1 님")
	card := desk + "/strikes/" + s.Actor(pagetest.Citizen).ID
	staff.Get(cardOf(b)).Is(200).Has(card)
	answer := staff.Get(card+"?strike="+b.ID+"-no_show").Is(200).Has("벌점 없애기", "새로 예약하실 수 없습니다").Form(card)
	staff.Post(card, with(answer, "answer", "waive", "reason", "")).Is(422).Has("벌점 없애기")
	staff.Post(card, with(answer, "answer", "waive", "reason", "문이 정말 잠겨 있었습니다")).Is(303)
	staff.Get(card).Is(200).Has("없앰", "문이 정말 잠겨 있었습니다").Lacks("새로 예약하실 수 없습니다")
	staff.Get(desk + "/reviews").Is(200).Has("기다리는 요청이 없습니다")
	c.Get("/me").Has("없앰", "문이 정말 잠겨 있었습니다").Lacks("새로 예약하실 수 없습니다")
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 11, 0), 1)
}

func TestPointsAreKept(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Catalog: lateCosts(t)})
	b := absent(t, s, pagetest.Citizen)
	ctx, citizen := context.Background(), s.Actor(pagetest.Citizen)
	if _, err := s.Bookings.AskReview(ctx, citizen, b.ID+"-no_show", "왔습니다"); err != nil {
		t.Fatal(err)
	}
	staff, card := s.As(pagetest.Staff), desk+"/strikes/"+citizen.ID
	answer := staff.Get(card + "?strike=" + b.ID + "-no_show").Form(card)
	staff.Post(card, with(answer, "answer", "keep", "reason", "아무도 오지 않았습니다")).Is(303)
	s.As(pagetest.Citizen).Get("/me").Has("아무도 오지 않았습니다", "새로 예약하실 수 없습니다")
	staff.Post(card, with(answer, "answer", "keep", "reason", "또")).Is(409)
	staff.Post(card, with(answer, "strike", "nothing", "answer", "keep", "reason", "또")).Is(404)
}

// TestCancelSaysItsCost: what the page says before is what the person has after.
func TestCancelSaysItsCost(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Catalog: lateCosts(t)})
	c := s.As(pagetest.Citizen)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 12, 0), 1)
	path := "/bookings/" + b.ID + "/cancel"
	c.Get(path).Is(200).Has("지금 취소하시면 벌점이 없습니다").Lacks("벌점 1점")
	s.Clock.Set(s.At(0, 11, 30))
	p := c.Get(path).Is(200).Has("지금 취소하시면 벌점 1점입니다").Lacks("벌점이 없습니다")
	c.Get("/bookings/" + b.ID + "/move?start=2030-01-09T12:00&minutes=60").Is(200).Has("지금 바꾸시면 벌점 1점입니다")
	c.Post(path, p.Form(path)).Is(303)
	c.Get("/me").Has("늦은 취소", "벌점 1점")
	s.Clock.Add(time.Minute)
	c.Post("/bookings/"+b.ID+"/restore", nil).Is(303)
	c.Get("/me").Has("벌점이 없습니다").Lacks("벌점 1점")
}

func TestRemindersCanBeRefused(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	refused := func() bool {
		k, err := s.Accounts.Contacts(context.Background(), s.Actor(pagetest.Citizen).ID)
		if err != nil {
			t.Fatal(err)
		}
		return k.ReminderOptOut
	}
	if form := c.Get("/me").Form("/me/reminders"); form.Get("reminder") == "" || refused() {
		t.Errorf("who was never asked is not reminded: %v", form)
	}
	c.Post("/me/reminders", url.Values{}).Is(303)
	if form := c.Get("/me").Form("/me/reminders"); form.Get("reminder") != "" || !refused() {
		t.Errorf("a no is not kept: %v", form)
	}
	c.Post("/me/reminders", url.Values{"reminder": {"yes"}}).Is(303)
	if refused() {
		t.Error("a yes is not kept")
	}
}

func TestMonthlyMailCanBeRefused(t *testing.T) {
	s := pagetest.New(t)
	s.As(pagetest.Citizen).Get("/me").Is(200).Lacks("/me/monthly")
	s.As(pagetest.Citizen).Post("/me/monthly", url.Values{}).Is(404)
	c := s.As(pagetest.Manager)
	refused := func() bool {
		k, err := s.Accounts.Contacts(context.Background(), s.Actor(pagetest.Manager).ID)
		if err != nil {
			t.Fatal(err)
		}
		return k.MonthlyOptOut
	}
	if form := c.Get("/me").Form("/me/monthly"); form.Get("monthly") == "" || refused() {
		t.Errorf("who was never asked gets no mail: %v", form)
	}
	c.Post("/me/monthly", url.Values{}).Is(303)
	if form := c.Get("/me").Has("매달 받는 메일", "동의하지 않음").Form("/me/monthly"); form.Get("monthly") != "" || !refused() {
		t.Errorf("a no is not kept: %v", form)
	}
	c.Post("/me/monthly", url.Values{"monthly": {"yes"}}).Is(303)
	if refused() {
		t.Error("a yes is not kept")
	}
}

// TestAgeIsAsked: above what everybody said at sign-up the page asks for the
// person's word, or for the year of birth of who comes.
func TestAgeIsAsked(t *testing.T) {
	catalog := strings.Replace(string(testdata.Busan), `"policy": {`, `"policy": {"min_age": 19, `, 1)
	s := pagetest.New(t, pagetest.Options{Catalog: []byte(catalog)})
	c := s.As(pagetest.Citizen)
	confirm := func(change ...string) *pagetest.Page {
		p := c.Post("/holds", url.Values{"equipment_id": {pagetest.Laser}, "start": {"2030-01-09T11:00"}, "minutes": {"60"}})
		form := c.Get(p.To()).Is(200).Has("만 19세 이상입니다", "태어난 해").Form("/bookings")
		return c.Post("/bookings", with(form, change...))
	}
	confirm().Is(422).Has("만 19세부터")
	confirm("attendee_name", "시민9", "attendee_relation", "딸", "attendee_birth", "2015", "of_age", "yes").Is(422).Has("만 19세부터")
	confirm("attendee_name", "시민9", "attendee_relation", "딸", "attendee_birth", "열다섯").Is(422).Has(`name="attendee_birth"`)
	confirm("of_age", "yes").Is(303)
}
