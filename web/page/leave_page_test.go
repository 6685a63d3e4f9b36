package page_test

import (
	"net/url"
	"strings"
	"testing"

	"gongbang/account"
	"gongbang/web/page/pagetest"
)

// TestLeave: the page says what becomes of bookings and answers, asks for the
// password, and then the person is gone.
func TestLeave(t *testing.T) {
	s := pagetest.New(t)
	s.Password(pagetest.Citizen)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	c := s.As(pagetest.Citizen)
	c.Get("/me").Has(`href="/me/leave"`, `href="/me/export"`)
	p := c.Get("/me/leave").Is(200).Has("예약 1건을 취소하고", "만족도 조사의 답변은 남습니다", "오후 2:00")
	s.As(pagetest.Citizen).Get("/en/me/leave").Is(200).Has("1 booking that you have not used yet is cancelled")
	form := p.Form("/me/leave")
	if !form.Has("password") {
		t.Fatal(form)
	}
	c.Post("/me/leave", with(form, "password", "not that one")).Is(422).Has("맞지 않")
	if _, err := s.Accounts.Me(t.Context(), s.Actor(pagetest.Citizen)); err != nil {
		t.Fatal("a wrong password closed the account", err)
	}
	x := c.Get(c.Get("/me/export").Is(303).To()).Is(200)
	if !strings.Contains(x.Body, `"시민1"`) || !strings.Contains(x.Body, b.ID) || !strings.Contains(x.Body, account.ConsentVersion) {
		t.Errorf("the file lacks something: %s", x.Body)
	}
	if to := c.Post("/me/leave", with(form, "password", pagetest.DemoPassword)).Is(303).To(); to != "/" {
		t.Errorf("on to %s", to)
	}
	c.Get("/").Is(200).Has("탈퇴했습니다")
	c.Get("/me").Is(303)
	if v, err := s.Bookings.Get(t.Context(), account.System("test"), b.ID); err != nil || v.Status != "cancelled" || v.Person.Name != "" {
		t.Errorf("%+v %v", v, err)
	}
}

// TestLeaveByCode: who has no password shows a code.
func TestLeaveByCode(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Citizen)
	p := c.Get("/me/leave").Is(200)
	to := c.Post("/me/leave/code", url.Values{"kind": {"phone"}}).Is(303).To()
	c.Get(to).Is(200).Has("인증 번호를 보냈습니다")
	c.Post("/me/leave", with(p.Form("/me/leave"), "code", "1")).Is(422)
	c.Post("/me/leave", with(p.Form("/me/leave"), "code", s.Code())).Is(303)
	c.Get("/me").Is(303)
}
