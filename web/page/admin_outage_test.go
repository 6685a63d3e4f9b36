package page_test

import (
	"net/url"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// TestDeskOutageAgain: maintenance that comes every week shows whom all of it
// hits before it is saved, and leaves the days between alone.
func TestDeskOutageAgain(t *testing.T) {
	s := pagetest.New(t)
	hit := s.Book(pagetest.Citizen, pagetest.Cutter, s.At(9, 11, 0), 1)
	between := s.Book(pagetest.Citizen2, pagetest.Cutter, s.At(8, 11, 0), 1)
	staff, path := s.As(pagetest.Staff), desk+"/outage"
	weekly := url.Values{"machine": {pagetest.Cutter + " 0"}, "kind": {"maintenance"}, "reason": {"outage.4"}, "begin_date": {"2030-01-10"}, "begin_time": {"10:00"},
		"date": {"2030-01-10"}, "time": {"12:00"}, "repeat": {"week"}, "repeat_until": {"2030-01-31"}}
	p := adminPress(t, staff, path, weekly).Is(200).Has("매주", "4번", "/bookings/"+hit.ID).Lacks("/bookings/"+between.ID, "⟦")
	staff.Post(path, p.Form(path)).Is(200).Has("센터 사정으로 취소", "4번")
	if v := found(t, s, hit.ID); v.Status != booking.Cancelled {
		t.Errorf("the second week leaves the booking %s", v.Status)
	}
	if v := found(t, s, between.ID); v.Status != booking.Pending {
		t.Errorf("a day between is %s", v.Status)
	}
	list, err := s.Bookings.Outages(t.Context(), s.Actor(pagetest.Staff), pagetest.Cutter)
	noErr(t, err)
	if len(list) != 4 || !list[3].From.Equal(s.At(23, 10, 0)) {
		t.Errorf("the series is %+v", list)
	}
	series := path + "/" + list[0].ID + "/series"
	staff.Get(path).Is(200).Has(series)
	form := staff.Get(series + "?machine=" + pagetest.Cutter).Is(200).Lacks("⟦").Form(series)
	staff.Post(series, form).Is(422).Has("f-why-error")
	form.Set("why", "주기가 바뀌었습니다")
	form.Set("from", "2031-01-01")
	staff.Post(series, form).Is(422).Has("f-from-error", "남은 점검이 없습니다", "주기가 바뀌었습니다")
	form.Set("from", "2030-01-24")
	p = staff.Post(series, form).Is(200).Has("점검 2번이 없어집니다").Lacks("⟦")
	if list, _ = s.Bookings.Outages(t.Context(), s.Actor(pagetest.Staff), pagetest.Cutter); len(list) != 4 {
		t.Errorf("the look at it leaves %d", len(list))
	}
	noKorean(t, staff.Get("/en"+series+"?machine="+pagetest.Cutter).Is(200).Lacks("⟦"))
	staff.Post(series, p.Form(series)).Follow().Is(200).Has("되풀이하는 점검을 마쳤습니다")
	if list, _ = s.Bookings.Outages(t.Context(), s.Actor(pagetest.Staff), pagetest.Cutter); len(list) != 2 {
		t.Errorf("%d are left", len(list))
	}
	staff.Get(series + "?machine=" + pagetest.Laser).Is(404)
	weekly.Set("repeat_until", "2029-01-01")
	adminPress(t, staff, path, weekly).Is(422).Has("f-repeat_until-error", `value="2030-01-10"`)
	weekly.Set("repeat_until", "2030-02-01")
	weekly.Set("time", "09:00")
	adminPress(t, staff, path, weekly).Is(422).Has("f-time-error")
}
