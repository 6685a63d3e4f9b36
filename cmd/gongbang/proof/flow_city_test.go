package proof

import (
	"net/http"
	"strings"
	"time"
)

// cityClosed: the whole city is closed for a day. People of every center are
// told, the day is nobody's, other days stay, and after the re-opening the day
// can be booked again while what was cancelled stays so.
func (s *stage) cityClosed() {
	t := s.t
	home, away := s.booked(s.two, "heat", s.later(9, 10), 60), s.booked(s.one, "press", s.later(9, 11), 60)
	next := s.booked(s.two, "heat", s.later(10, 10), 60)
	day := object{"scope": "city", "from": s.later(9, 0).Format(time.DateOnly), "reason": "태풍"}
	for _, c := range []caller{s.one, s.staff, s.manager} {
		c.refused(t, 403, "forbidden", "POST", "/api/v1/closures", day)
	}
	made := s.admin.want(t, http.StatusCreated, "POST", "/api/v1/closures", day, "Idempotency-Key", "typhoon")
	became := map[any]any{}
	for _, hit := range objects(made.object["affected"]) {
		became[child(hit, "booking")["id"]] = hit["became"]
	}
	if len(became) != 2 || became[home.text("id")] != "cancelled" || became[away.text("id")] != "cancelled" {
		t.Errorf("closing the city hits %v: %s", became, tail(string(made.raw), 1500))
	}
	if strings.Contains(string(made.raw), "나래시민둘") || strings.Contains(string(made.raw), "가람시민하나") {
		t.Errorf("who is hit is not masked: %s", tail(string(made.raw), 1500))
	}
	again := s.admin.want(t, http.StatusCreated, "POST", "/api/v1/closures", day, "Idempotency-Key", "typhoon")
	if again.text("id") != made.text("id") || len(objects(again.object["affected"])) != 2 {
		t.Errorf("the closure twice: %s", tail(string(again.raw), 600))
	}
	for who, lost := range map[*caller]answer{&s.two: home, &s.one: away} {
		s.status(*who, lost, "cancelled")
		s.mailed("outage.affected", lost.text("code"))
	}
	s.mailed("outage.affected", "사유: 태풍")
	s.status(s.two, next, "confirmed")
	s.against(s.two, "closed", "heat", s.later(9, 13), 60)
	s.against(s.one, "closed", "press", s.later(9, 13), 60)
	if n := len(s.awayStaff.want(t, http.StatusOK, "GET", "/api/v1/closures?center=away", nil).items()); n != 1 {
		t.Errorf("staff of a center see %d closures of the city", n)
	}
	for _, c := range []caller{s.staff, s.manager} {
		c.refused(t, 403, "forbidden", "DELETE", "/api/v1/closures/"+made.text("id"), nil)
	}
	s.admin.want(t, http.StatusNoContent, "DELETE", "/api/v1/closures/"+made.text("id"), nil)
	s.status(s.two, home, "cancelled")
	s.booked(s.one, "press", s.later(9, 11), 60)
	s.two.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+next.text("id")+"/cancel", object{"version": next.object["version"]})
}
