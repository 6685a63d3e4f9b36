package page_test

import (
	"net/http"
	"net/url"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

func TestAdminMachineIsChanged(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := "/manage/machines/" + pagetest.Laser
	m.Get(ownCenter+"/machines").Is(200).Has(path, "레이저 커팅기", "gongbang import").Lacks("⟦")
	adminPress(t, m, path, url.Values{"name_en": {"Laser"}, "quantity": {"3"}, "fee": {"1000"}, "guide_ko": {"새 안내입니다."}, "guide_en": {""}}).Follow().Is(200).Has("저장했습니다", "새 안내입니다.")
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	e, _ := c.Machine(pagetest.Laser)
	if e.Name.En != "Laser" || e.Quantity != 3 || e.FeeKRWPerHour != 1000 || e.Guide.En != "" || e.Policy.MaxMinutes != 240 {
		t.Errorf("the machine is %+v", e)
	}
	inEnglish(t, m, ownCenter+"/machines", path)
}

func TestAdminMachineIsRefused(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := "/manage/machines/" + pagetest.Laser
	adminPress(t, m, path, url.Values{"name_ko": {""}, "quantity": {"둘"}, "model": {"X-1"}}).Is(422).Has("f-name_ko-error", "f-quantity-error", "X-1")
	adminPress(t, m, path, url.Values{"quantity": {"0"}}).Is(422).Has("1 이상의 숫자로", "f-quantity-error")
	adminPress(t, m, path, url.Values{"guide_ko": {""}, "guide_en": {"Only English"}}).Is(422).Has("f-guide_ko-error", "Only English")
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 11, 0), 2)
	s.Book(pagetest.Citizen2, pagetest.Laser, s.At(1, 11, 0), 2)
	adminPress(t, m, path, url.Values{"quantity": {"1"}}).Is(422).Has("2호기에 앞으로의 예약이 있어")
	m.Get("/manage/machines/" + pagetest.CNC).Is(http.StatusForbidden)
	m.Post("/manage/machines/"+pagetest.CNC, nil).Is(http.StatusForbidden)
	m.Get("/manage/machines/none").Is(http.StatusNotFound)
	s.As(pagetest.Staff).Get(path).Is(http.StatusForbidden)
}

// TestAdminMachineRetires: who has it booked is shown, cancelled by the center and told.
func TestAdminMachineRetires(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Sewing, s.At(2, 11, 0), 1)
	m := s.As(pagetest.Manager)
	path := "/manage/machines/" + pagetest.Sewing
	p := adminPress(t, m, path, url.Values{"retired": {"yes"}}).Is(200).Has("예약 1건이 영향을 받습니다", "더는 운영하지 않는 장비입니다")
	secondPress(t, m, p, path, url.Values{"affected": {"cancel"}}).Is(200).Has("센터 사정으로 취소")
	if v := found(t, s, b.ID); v.Status != booking.Cancelled {
		t.Errorf("the booking is %s", v.Status)
	}
	m.Get(ownCenter + "/machines").Has("운영을 마침")
	adminPress(t, m, path, url.Values{"retired": nil}).Follow().Is(200)
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	if e, _ := c.Machine(pagetest.Sewing); e.Retired {
		t.Error("the machine can't be offered again")
	}
}
