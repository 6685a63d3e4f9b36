package page_test

import (
	"net/http"
	"net/url"
	"testing"

	"golang.org/x/net/html"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

const ownCenter = "/manage/centers/" + pagetest.Saha

// adminPress sends the form of a page as it stands there, with some values changed.
func adminPress(t *testing.T, c *pagetest.Client, path string, change url.Values) *pagetest.Page {
	t.Helper()
	form := c.Get(path).Is(200).Form(path)
	for k, v := range change {
		form[k] = v
		if len(v) == 0 {
			delete(form, k)
		}
	}
	return c.Post(path, form)
}

// secondPress sends what the first press asks to be looked at.
func secondPress(t *testing.T, c *pagetest.Client, p *pagetest.Page, path string, change url.Values) *pagetest.Page {
	t.Helper()
	form := p.Is(200).Form(path)
	form.Set("step", "save")
	for k, v := range change {
		form[k] = v
	}
	return c.Post(path, form)
}

// inEnglish opens pages in English and finds no Korean that is not marked.
func inEnglish(t *testing.T, c *pagetest.Client, paths ...string) {
	t.Helper()
	for _, path := range paths {
		p := c.Get("/en" + path).Is(200).Lacks("⟦")
		uniqueIDs(t, p)
		noKorean(t, p)
	}
}

func noKorean(t *testing.T, p *pagetest.Page) {
	t.Helper()
	for _, text := range readable(p.Elements("body")[0], false) {
		if found := hangul.FindString(text); found != "" {
			t.Errorf("%q is Korean in %q", found, text)
		}
	}
}

// valueOf is what stands in a field.
func valueOf(t *testing.T, p *pagetest.Page, name string) string {
	t.Helper()
	for _, n := range p.Find(func(n *html.Node) bool { return pagetest.Attr(n, "name") == name }) {
		return pagetest.Attr(n, "value")
	}
	t.Errorf("there is no field %s", name)
	return ""
}

func TestAdminCenterIsChanged(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	m.Get("/manage/centers").Is(200).Has(ownCenter).Lacks(pagetest.Gangseo, "⟦")
	s.As(pagetest.Admin).Get("/manage/centers").Is(200).Has(ownCenter, pagetest.Gangseo, "/manage/holidays")
	p := adminPress(t, m, ownCenter, url.Values{"name_ko": {"새 이름 센터"}, "phone": {"051-123-4567"}, "mon.from": {"0930"}, "mon.to": {"12:00"},
		"mon.from2": {"13:00"}, "mon.to2": {"17:00"}, "wed.off": {"yes"}, "booking": {"elsewhere"}, "booking_phone": {"051-000-0000"}})
	p.Follow().Is(200).Has("저장했습니다", "새 이름 센터", `value="09:30"`, `value="13:00"`)
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	v, _ := c.Center(pagetest.Saha)
	if v.Name.Ko != "새 이름 센터" || v.Name.En == "" || len(v.Hours[1]) != 2 || v.Hours[1][0] != (booking.Opening{From: 570, To: 720}) || len(v.Hours[3]) != 0 || v.Elsewhere == nil {
		t.Errorf("the center is %+v", v)
	}
	if len(v.Equipment) != 3 || v.Equipment[0].Policy.MaxMinutes != 240 {
		t.Error("the machines or their rules are gone")
	}
	inEnglish(t, m, "/manage/centers", ownCenter)
}

func TestAdminCenterIsRefused(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	p := adminPress(t, m, ownCenter, url.Values{"name_ko": {""}, "address": {"고친 주소"}, "mon.from": {"9시"}, "tue.from": {""}, "tue.to": {""}, "fri.from": {"18:00"}, "fri.to": {"09:00"}})
	p.Is(422).Has("고친 주소", "꼭 필요합니다", "9시", "여는 시각과 닫는 시각을", `aria-invalid="true"`)
	p = adminPress(t, m, ownCenter, url.Values{"fri.from": {"18:00"}, "fri.to": {"09:00"}})
	p.Is(422).Has("f-fri-from-error")
	p = adminPress(t, m, ownCenter, url.Values{"bookable_from": {"soon"}, "booking": {"elsewhere"}})
	p.Is(422).Has("f-bookable_from-error")
	adminPress(t, m, ownCenter, url.Values{"version": {"99"}}).Is(409).Has("다른 곳에서 먼저 바뀌었습니다")
	m.Get("/manage/centers/" + pagetest.Gangseo).Is(http.StatusForbidden)
	m.Post("/manage/centers/"+pagetest.Gangseo, nil).Is(http.StatusForbidden)
	s.As(pagetest.Staff).Get(ownCenter).Is(http.StatusForbidden)
	s.As(pagetest.Admin).Get("/manage/centers/nowhere").Is(http.StatusNotFound)
}

// TestAdminShorterHours: who is hit is shown before anything is written, and stays unless it is decided otherwise.
func TestAdminShorterHours(t *testing.T) {
	s := pagetest.New(t)
	late, early := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 16, 0), 2), s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 11, 0), 1)
	m := s.As(pagetest.Manager)
	shorter := url.Values{"wed.from": {"10:00"}, "wed.to": {"15:00"}}
	p := adminPress(t, m, ownCenter, shorter).Is(200)
	p.Has("예약 1건이 영향을 받습니다", "/bookings/"+late.ID, "운영 시간이 아닙니다", "그대로 두기").Lacks("/bookings/"+early.ID, "시민1", "⟦")
	form := p.Form(ownCenter)
	form.Set("step", "ask")
	m.Post(ownCenter, form).Is(200).Has(`value="15:00"`)
	secondPress(t, m, p, ownCenter, nil).Is(200).Has("그대로 둠")
	if v := found(t, s, late.ID); v.Status != booking.Confirmed {
		t.Errorf("a booking that stays is %s", v.Status)
	}
	p = adminPress(t, m, ownCenter, url.Values{"wed.off": {"yes"}}).Is(200)
	noKorean(t, adminPress(t, m, "/en"+ownCenter, url.Values{"wed.off": {"yes"}}).Is(200))
	secondPress(t, m, p, ownCenter, url.Values{"affected": {"cancel"}}).Is(200).Has("센터 사정으로 취소", "/bookings/"+early.ID)
	if v := found(t, s, early.ID); v.Status != booking.Cancelled || v.Details.Cause != "center" {
		t.Errorf("a booking that is cancelled is %s by %q", v.Status, v.Details.Cause)
	}
}
