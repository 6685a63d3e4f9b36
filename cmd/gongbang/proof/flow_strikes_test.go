package proof

import (
	"net/http"
	"strings"
	"time"
)

// staysAway books what its owner will not come to.
func (s *stage) staysAway() answer { return s.booked(s.two, "heat", s.hour(11, 0), 60) }

// strikes: a no-show costs a point and stops new bookings of the machine; the
// person asks for a review, staff keep it, and later waive it all the same.
func (s *stage) strikes(missed answer) {
	t, account := s.t, "/api/v1/accounts/"+s.ids["010-1000-0002"]
	const words = "문이 잠겨 있어 들어가지 못했습니다"
	s.secrets.add("words", words)
	if gone := s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+missed.text("id")+"/no-show", object{}); gone.text("status") != "no_show" {
		t.Errorf("no show: %s", gone.raw)
	}
	s.mailed("booking.no_show", missed.text("code"))
	s.mailed("booking.no_show", "벌점 1점")
	s.mailed("account.suspended", missed.text("code"))
	mine := s.two.want(t, http.StatusOK, "GET", "/api/v1/me/strikes", nil)
	list, stops := mine.items(), objects(mine.object["suspensions"])
	if len(list) != 1 || list[0]["points"] != 1.0 || list[0]["kind"] != "no_show" || list[0]["state"] != "counting" || list[0]["can_review"] != true || child(list[0], "booking")["id"] != missed.text("id") {
		t.Fatalf("my strikes: %s", mine.raw)
	}
	if len(stops) != 1 || stops[0]["over"] != "equipment" || child(stops[0], "equipment")["id"] != "heat" || !s.sevenDays(stops[0]) {
		t.Errorf("where new bookings stop: %s", mine.raw)
	}
	s.against(s.two, "suspended", "heat", s.later(3, 18), 60)
	s.booked(s.two, "sewing", s.later(3, 18), 60) // another machine is free for them
	if n := len(s.one.want(t, http.StatusOK, "GET", "/api/v1/me/strikes", nil).items()); n != 0 {
		t.Errorf("%d strikes of somebody who came", n)
	}
	id, _ := list[0]["id"].(string)
	s.staff.refused(t, 409, "state_conflict", "POST", account+"/strikes/"+id+"/keep", object{"reason": "아직 묻지 않았습니다"})
	s.review(id, account, words)

	waived := s.staff.want(t, http.StatusOK, "POST", account+"/strikes/"+id+"/waive", object{"reason": "문이 고장이었습니다"})
	if waived.text("state") != "waived" || child(waived.object, "waived")["reason"] != "문이 고장이었습니다" {
		t.Errorf("waived: %s", waived.raw)
	}
	s.staff.refused(t, 409, "state_conflict", "POST", account+"/strikes/"+id+"/waive", object{"reason": "두 번"})
	if n := len(objects(s.two.want(t, http.StatusOK, "GET", "/api/v1/me/strikes", nil).object["suspensions"])); n != 0 {
		t.Errorf("%d suspensions by a waived strike", n)
	}
	s.booked(s.two, "heat", s.later(3, 18), 60)
	s.audited("strike.review", "strike.keep", "strike.waive", "strike.look")
}

// sevenDays tells whether a suspension lasts as long as the rule says.
func (s *stage) sevenDays(o object) bool {
	from, err := time.Parse(time.RFC3339, o["from"].(string))
	until, wrong := time.Parse(time.RFC3339, o["until"].(string))
	return err == nil && wrong == nil && until.Equal(from.AddDate(0, 0, 7))
}

// review: the person asks once, the center alone sees and answers it.
func (s *stage) review(id, account, words string) {
	t, path := s.t, "/api/v1/me/strikes/"+id+"/review"
	s.one.refused(t, 404, "not_found", "POST", path, object{"text": words})
	if asked := s.two.want(t, http.StatusOK, "POST", path, object{"text": words}); child(asked.object, "review")["text"] != words || asked.object["can_review"] != false {
		t.Errorf("asked: %s", asked.raw)
	}
	s.two.refused(t, 409, "state_conflict", "POST", path, object{"text": words})
	s.awayStaff.refused(t, 403, "forbidden", "GET", "/api/v1/desk/home/reviews", nil)
	waiting := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/reviews", nil)
	if list := waiting.items(); len(list) != 1 || list[0]["id"] != id || strings.Contains(string(waiting.raw), "나래시민둘") {
		t.Errorf("the desk's reviews, masked: %s", waiting.raw)
	}
	s.two.refused(t, 403, "forbidden", "POST", account+"/strikes/"+id+"/waive", object{"reason": "제발"})
	s.awayStaff.refused(t, 404, "not_found", "POST", account+"/strikes/"+id+"/waive", object{"reason": "다른 센터"})
	if n := len(s.awayStaff.want(t, http.StatusOK, "GET", account+"/strikes", nil).items()); n != 0 {
		t.Errorf("another center sees %d strikes", n)
	}
	looked := s.staff.want(t, http.StatusOK, "GET", account+"/strikes", nil)
	if len(looked.items()) != 1 || strings.Contains(string(looked.raw), "나래시민둘") {
		t.Errorf("staff look: %s", looked.raw)
	}
	kept := s.staff.want(t, http.StatusOK, "POST", account+"/strikes/"+id+"/keep", object{"reason": "문은 열려 있었습니다"})
	if kept.text("state") != "counting" || child(kept.object, "kept")["reason"] != "문은 열려 있었습니다" {
		t.Errorf("kept: %s", kept.raw)
	}
	if n := len(s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/reviews", nil).items()); n != 0 {
		t.Errorf("%d reviews wait after the answer", n)
	}
	s.against(s.two, "suspended", "heat", s.later(3, 18), 60)
}
