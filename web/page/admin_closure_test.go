package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// endOf is where the first closure of a page is taken back.
func endOf(t *testing.T, p *pagetest.Page) string {
	t.Helper()
	for _, f := range p.Elements("form") {
		if a := pagetest.Attr(f, "action"); strings.HasSuffix(a, "/end") {
			return a
		}
	}
	t.Fatal("no closure can be taken back")
	return ""
}

// TestDeskClosesEarly: who is at a machine may stay until then, whoever was to come is told.
func TestDeskClosesEarly(t *testing.T) {
	s := pagetest.New(t)
	late := s.Book(pagetest.Citizen2, pagetest.Laser, s.At(0, 16, 0), 1)
	now := checkedIn(t, s, pagetest.Citizen, pagetest.Laser, s.At(0, 11, 0), 3)
	staff, path := s.As(pagetest.Staff), desk+"/close"
	staff.Get(desk).Is(200).Has(path)
	p := adminPress(t, staff, path, url.Values{"time": {"1300"}, "reason": {"closure.2"}, "more": {"정전"}}).Is(200)
	p.Has("2건에 알립니다", "전기나 시설에", "/bookings/"+late.ID, "/bookings/"+now.ID).Lacks(inFull...).Lacks("⟦")
	if v := found(t, s, late.ID); v.Status != booking.Confirmed {
		t.Error("the preview cancelled a booking")
	}
	form := p.Form(path)
	form.Set("step", "save")
	for range 2 { // pressing twice closes once
		staff.Post(path, form).Is(200).Has("센터 사정으로 취소", "이용 시간을 줄임", "정전").Lacks("⟦")
	}
	if v := found(t, s, late.ID); v.Status != booking.Cancelled || v.Details.Cause != "center" {
		t.Errorf("who was to come: %s", v.Status)
	}
	if v := found(t, s, now.ID); v.Status != booking.CheckedIn || !v.End.Equal(s.At(0, 13, 0)) {
		t.Errorf("who is there: %s until %s", v.Status, v.End)
	}
	p = staff.Get(path).Is(200).Has("13:00", "정전")
	staff.Post(endOf(t, p), nil).Follow().Is(200).Has("다시 열었습니다", "정해진 휴관이 없습니다")
	adminPress(t, staff, path, url.Values{"time": {"곧"}, "more": {"적은 말"}}).Is(422).Has("f-time-error", "적은 말")
	adminPress(t, staff, path, url.Values{"time": {""}}).Is(422).Has("f-time-error")
	inEnglish(t, staff, path)
	noKorean(t, adminPress(t, staff, "/en"+path, url.Values{"day": {"1"}}).Is(200))
	staff.Post(path+"/none/end", nil).Is(404)
}

func TestAdminClosures(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(7, 11, 0), 1)
	m, path := s.As(pagetest.Manager), ownCenter+"/closures"
	p := adminPress(t, m, path, url.Values{"from_date": {"2030-01-15"}, "to_date": {"2030-01-16"}}).Is(200).Has("1건에 알립니다", "/bookings/"+b.ID)
	secondPress(t, m, p, path, nil).Is(200).Has("닫았습니다", "센터 사정으로 취소")
	p = m.Get(path).Is(200).Has("1. 15.(화)", "날씨 때문에")
	inEnglish(t, m, path)
	m.Post(endOf(t, p), nil).Follow().Has("다시 열었습니다")
	adminPress(t, m, path, url.Values{"from_date": {""}, "more": {"적은 말"}}).Is(422).Has("f-from_date-error", "적은 말")
	adminPress(t, m, path, url.Values{"from_date": {"2030-01-15"}, "to_date": {"2030-01-14"}}).Is(422).Has("f-to_date-error")
	adminPress(t, m, path, url.Values{"from_date": {"2029-01-15"}}).Is(422).Has("f-to_date-error")
	m.Get("/manage/centers/" + pagetest.Gangseo + "/closures").Is(http.StatusForbidden)
	m.Get("/manage/closures").Is(http.StatusForbidden)
	s.As(pagetest.Staff).Get(path).Is(http.StatusForbidden)
}

// TestAdminClosesTheCity: an admin closes all centers at once; each center sees it.
func TestAdminClosesTheCity(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 11, 0), 1)
	admin, path := s.As(pagetest.Admin), "/manage/closures"
	p := adminPress(t, admin, path, url.Values{"from_date": {"2030-01-09"}}).Is(200).Has("/bookings/"+b.ID, "사하")
	secondPress(t, admin, p, path, nil).Is(200).Has("닫았습니다")
	own := s.As(pagetest.Manager).Get(ownCenter + "/closures").Is(200).Has("모든 센터").Lacks("/end\"")
	end := endOf(t, admin.Get(path))
	s.As(pagetest.Manager).Post(strings.Replace(end, "/manage/closures", ownCenter+"/closures", 1), nil).Is(404)
	admin.Post(end, nil).Follow().Has("다시 열었습니다")
	inEnglish(t, admin, path)
	if v := found(t, s, b.ID); v.Status != booking.Cancelled {
		t.Errorf("the booking is %s", v.Status)
	}
	uniqueIDs(t, own)
}
