package page_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

func TestAdminHolidays(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(3, 11, 0), 1)
	admin, path := s.As(pagetest.Admin), "/manage/holidays"
	admin.Get(path).Is(200).Has("공휴일").Lacks("⟦", "2030-01-11")
	add := url.Values{"date": {"2030-01-11"}, "ko": {"임시 공휴일"}, "en": {"Extra holiday"}}
	version := func() string {
		t.Helper()
		c, err := s.Bookings.Catalog(t.Context())
		noErr(t, err)
		return strconv.Itoa(c.HolidayVersion())
	}
	press := func(change url.Values) *pagetest.Page {
		change.Set("do", "add")
		change.Set("version", version())
		return admin.Post(path, change)
	}
	first := admin.Get(path).Form(path)
	if first.Get("version") != version() {
		t.Errorf("the form carries the version %q", first.Get("version"))
	}
	p := press(add).Is(200).Has("예약 1건이 영향을 받습니다", "공휴일에는 쉽니다", "/bookings/"+b.ID)
	secondPress(t, admin, p, path, url.Values{"affected": {"cancel"}}).Is(200).Has("센터 사정으로 취소")
	if v := found(t, s, b.ID); v.Status != booking.Cancelled {
		t.Errorf("the booking is %s", v.Status)
	}
	admin.Get(path).Has("임시 공휴일", "Extra holiday")
	first.Set("date", "2030-02-01")
	first.Set("ko", "또 하루")
	admin.Post(path, first).Is(http.StatusConflict).Has("다른 곳에서 먼저 바뀌었습니다", `value="또 하루"`)
	press(add).Is(422).Has("f-date-error", "이미 공휴일로", `value="임시 공휴일"`)
	press(url.Values{"date": {"soon"}, "ko": {""}}).Is(422).Has("f-date-error", "f-ko-error")
	admin.Post(path, url.Values{"do": {"remove"}, "date": {"2030-01-11"}, "version": {version()}}).Follow().Is(200).Has("저장했습니다").Lacks("임시 공휴일")
	admin.Post(path, url.Values{"do": {"remove"}, "date": {"2030-01-11"}, "version": {version()}}).Is(404)
	inEnglish(t, admin, path)
	for _, who := range []pagetest.Who{pagetest.Manager, pagetest.Staff} {
		s.As(who).Get(path).Is(http.StatusForbidden)
		s.As(who).Post(path, url.Values{"do": {"remove"}}).Is(http.StatusForbidden)
	}
}
