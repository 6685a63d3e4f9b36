package page_test

import (
	"net/url"
	"testing"

	"gongbang/web/page/pagetest"
)

// TestFirm: two people of one firm; staff confirm the first, the first the
// second; one hands a booking to the other.
func TestFirm(t *testing.T) {
	s := pagetest.New(t)
	one, two := s.As(pagetest.Citizen), s.As(pagetest.Citizen2)
	form := url.Values{"firm": {"시험 공방"}, "business_number": {"123-45-67891"}}
	one.Post("/me/firm", url.Values{"firm": {"시험 공방"}, "business_number": {"1"}}).Is(422).Has(`id="f-business_number-error"`)
	one.Post("/me/firm", form).Is(303)
	two.Post("/me/firm", form).Is(303)
	two.Get("/me").Has("시험 공방", "확인을 기다림").Lacks("시*1")
	m, err := s.Accounts.MyFirm(t.Context(), s.Actor(pagetest.Citizen))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Accounts.ConfirmMember(t.Context(), s.Actor(pagetest.Staff), m.ID, s.Actor(pagetest.Citizen).ID); err != nil {
		t.Fatal(err)
	}
	confirm := one.Get("/me").Is(200).Has("맞습니다").Form("/me/firm/confirm")
	one.Post("/me/firm/confirm", confirm).Is(303)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	two.Get("/bookings?tab=firm").Is(200).Has("우리 업체", "오후 2:00").Lacks("/bookings/" + b.ID)
	one.Get("/bookings/" + b.ID).Has("/bookings/" + b.ID + "/hand-over")
	path := "/bookings/" + b.ID + "/hand-over"
	one.Get(path).Is(200).Has("받으실 분")
	one.Post(path, url.Values{"account_id": {"nobody"}}).Is(422)
	one.Post(path, url.Values{"account_id": {s.Actor(pagetest.Citizen2).ID}}).Is(303)
	one.Get("/bookings/" + b.ID).Is(404)
	two.Get("/bookings/" + b.ID).Is(200)
	s.As(pagetest.Citizen2).Get("/en" + path).Is(200).Has("Who comes")
	one.Post("/me/firm/leave", url.Values{}).Is(303)
	one.Get("/me").Has("업체 알리기")
}
