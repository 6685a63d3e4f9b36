package page_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

func TestAdminMachineIsChanged(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := "/manage/machines/" + pagetest.Laser
	m.Get(ownCenter+"/machines").Is(200).Has(path, "레이저 커팅기", "gongbang import").Lacks("⟦")
	code := "/desk/" + pagetest.Saha + "/codes?machine=" + pagetest.Laser
	m.Get(path).Is(200).Has(`href="` + code + `"`)
	m.Get(code).Is(200).Has(`class="qr"`, "/u/"+pagetest.Laser)
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
	m.Get(path).Is(200).Lacks("/codes?machine=")
	adminPress(t, m, path, url.Values{"retired": nil}).Follow().Is(200)
	c, err := s.Bookings.Catalog(t.Context())
	noErr(t, err)
	if e, _ := c.Machine(pagetest.Sewing); e.Retired {
		t.Error("the machine can't be offered again")
	}
}

// TestAdminMachineIsBookedElsewhere: a machine says for itself where it is
// booked and from when; what it doesn't say is its center's.
func TestAdminMachineIsBookedElsewhere(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	path := "/manage/machines/" + pagetest.Laser
	p := m.Get(path).Is(200).Has("센터와 같습니다")
	if form := p.Form(path); form.Get("booking") != "center" || form.Get("bookable_from") != "" {
		t.Errorf("a machine that says nothing shows %q from %q", form.Get("booking"), form.Get("bookable_from"))
	}
	adminPress(t, m, path, url.Values{"booking": {"elsewhere"}}).Is(422).Has("f-booking-error")
	adminPress(t, m, path, url.Values{"booking": {"elsewhere"}, "booking_link": {"javascript:1"}}).Is(422).Has("f-booking_link-error", "javascript:1")
	adminPress(t, m, path, url.Values{"bookable_from": {"soon"}}).Is(422).Has("f-bookable_from-error")
	adminPress(t, m, path, url.Values{"booking": {"elsewhere"}, "booking_phone": {"051-000-0000"}, "bookable_from": {"2030-03-01"}}).Follow().Is(200).Has(`value="2030-03-01"`, "051-000-0000")
	own := func() booking.OwnOffer {
		t.Helper()
		_, e := machineNow(t, s, pagetest.Laser)
		return e.Own
	}
	if o := own(); !o.Says || o.Elsewhere == nil || o.From != "2030-03-01" {
		t.Errorf("the machine says %+v", o)
	}
	adminPress(t, m, ownCenter, url.Values{"booking": {"none"}}).Follow().Is(200)
	adminPress(t, m, path, url.Values{"booking": {"here"}, "bookable_from": {""}}).Follow().Is(200)
	if _, e := machineNow(t, s, pagetest.Laser); e.Elsewhere != nil || e.BookableFrom != "" {
		t.Errorf("a machine that is booked here has %+v from %q", e.Elsewhere, e.BookableFrom)
	}
	adminPress(t, m, path, url.Values{"booking": {"center"}}).Follow().Is(200)
	if _, e := machineNow(t, s, pagetest.Laser); e.Own.Says || e.Elsewhere == nil {
		t.Errorf("a machine that says nothing has %+v", e.Elsewhere)
	}
	inEnglish(t, m, path)
}

// TestAdminCenterComesBack: with the machines that are chosen, after a look at
// them; a machine of a retired center is not retired itself.
func TestAdminCenterComesBack(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	adminPress(t, m, "/manage/machines/"+pagetest.Sewing, url.Values{"retired": {"yes"}}).Follow().Is(200)
	m.Get(ownCenter).Lacks(`name="machines"`)
	adminPress(t, m, ownCenter, url.Values{"retired": {"yes"}}).Follow().Is(200)
	adminPress(t, m, "/manage/machines/"+pagetest.Cutter, url.Values{"model": {"X-9"}}).Follow().Is(200)
	offered := func() (ids []string) {
		t.Helper()
		c, err := s.Bookings.Catalog(t.Context())
		noErr(t, err)
		v, _ := c.Center(pagetest.Saha)
		for _, e := range v.Equipment {
			if !e.Retired {
				ids = append(ids, e.ID)
			}
		}
		return ids
	}
	if ids := offered(); len(ids) != 0 {
		t.Fatalf("a retired center offers %v", ids)
	}
	inEnglish(t, m, ownCenter)
	form := m.Get(ownCenter).Form(ownCenter)
	if got := form["machines"]; len(got) != 2 || slices.Contains(got, pagetest.Sewing) {
		t.Errorf("the form offers %v", got)
	}
	adminPress(t, m, ownCenter, url.Values{"address": {"새 주소"}}).Follow().Is(200) // it stays retired
	p := adminPress(t, m, ownCenter, url.Values{"retired": nil, "machines": {pagetest.Laser, pagetest.Sewing}}).Is(200).Has("다시 예약을 받는 장비", "운영을 마친 채로 있는 장비")
	if ids := offered(); len(ids) != 0 {
		t.Errorf("the look at it wrote %v", ids)
	}
	secondPress(t, m, p, ownCenter, nil).Follow().Is(200).Has("저장했습니다")
	if ids := offered(); len(ids) != 2 || slices.Contains(ids, pagetest.Cutter) {
		t.Errorf("the center came back with %v", ids)
	}
}
