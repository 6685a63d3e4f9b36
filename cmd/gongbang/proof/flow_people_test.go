package proof

import (
	"net/http"
	"path"
	"strings"
)

// firms: a claim counts once staff or a member confirm it, and among confirmed
// members a booking goes from hand to hand.
func (s *stage) firms() {
	t, one, two := s.t, s.ids["one@demo.test"], s.ids["010-1000-0002"]
	firm := s.one.want(t, http.StatusOK, "GET", "/api/v1/me/firm", nil)
	s.two.refused(t, 404, "not_found", "GET", "/api/v1/me/firm", nil)
	claim := object{"name": "가람공방", "business_number": "123-45-67891"}
	s.two.refused(t, 422, "validation", "PUT", "/api/v1/me/firm", object{"name": "가람공방", "business_number": "123-45-67890"})
	if claimed := s.two.want(t, http.StatusOK, "PUT", "/api/v1/me/firm", claim); claimed.text("id") != firm.text("id") || claimed.object["confirmed_at"] != nil || len(objects(claimed.object["members"])) != 0 {
		t.Errorf("a claim alone: %s", claimed.raw)
	}
	confirm := func(who string) string { return "/api/v1/firms/" + firm.text("id") + "/members/" + who + "/confirm" }
	s.two.refused(t, 404, "not_found", "POST", confirm(two), nil)
	s.one.refused(t, 404, "not_found", "POST", confirm(two), nil) // who is not confirmed confirms nobody
	s.staff.want(t, http.StatusNoContent, "POST", confirm(one), nil)

	b := s.booked(s.one, "sewing", s.later(3, 15), 60)
	give := "/api/v1/bookings/" + b.text("id") + "/hand-over"
	s.one.refused(t, 422, "validation", "POST", give, object{"account_id": two})
	s.one.want(t, http.StatusNoContent, "POST", confirm(two), nil)
	members := s.two.want(t, http.StatusOK, "GET", "/api/v1/me/firm", nil)
	if len(objects(members.object["members"])) != 2 || strings.Contains(string(members.raw), "가람시민하나") {
		t.Errorf("the members, masked: %s", members.raw)
	}
	s.one.refused(t, 422, "validation", "POST", give, object{"account_id": s.ids["three@demo.test"]})
	s.awayStaff.refused(t, 404, "not_found", "POST", give, object{"account_id": two})
	if given := s.one.want(t, http.StatusOK, "POST", give, object{"account_id": two, "version": b.object["version"]}); given.text("status") != "confirmed" {
		t.Errorf("given: %s", given.raw)
	}
	until(t, "both are told", func() bool { return len(s.mails(t, "booking.handed_over", b.text("code"))) == 2 })
	s.status(s.two, b, "confirmed")
	for c, want := range map[*caller]bool{&s.one: false, &s.two: true} {
		mine := c.want(t, http.StatusOK, "GET", "/api/v1/bookings?scope=mine&limit=200", nil)
		if strings.Contains(string(mine.raw), b.text("id")) != want {
			t.Errorf("after it was given, the booking is among mine: %v, want %v", !want, want)
		}
	}
	if ours := s.one.want(t, http.StatusOK, "GET", "/api/v1/bookings?scope=firm&limit=200", nil); !strings.Contains(string(ours.raw), b.text("id")) {
		t.Errorf("the firm's bookings lack the one that was given: %s", tail(string(ours.raw), 600))
	}
	s.two.want(t, http.StatusNoContent, "DELETE", "/api/v1/me/firm", nil)
	s.two.refused(t, 404, "not_found", "DELETE", "/api/v1/me/firm", nil)
	s.one.refused(t, 422, "validation", "POST", "/api/v1/bookings/"+s.booked(s.one, "sewing", s.later(3, 16), 60).text("id")+"/hand-over", object{"account_id": two})
	s.audited("booking.hand_over", "firm.confirm")
}

// feeds: an address for a calendar program is a key of its own; a new one of
// the same kind and the owner end it, and it is written into no log.
func (s *stage) feeds() {
	t := s.t
	feed := func(c caller, body object) (id, at string) {
		t.Helper()
		a := c.want(t, http.StatusCreated, "POST", "/api/v1/me/feeds", body)
		at = path.Base(a.text("url"))
		s.secrets.add("calendar address", strings.TrimSuffix(at, ".ics"))
		return a.text("id"), "/api/v1/calendar/" + at
	}
	_, old := feed(s.one, object{})
	id, mine := feed(s.one, object{})
	s.anon.refused(t, 404, "not_found", "GET", old, nil)
	file := s.anon.want(t, http.StatusOK, "GET", mine, nil)
	if text := string(file.raw); !strings.HasPrefix(text, "BEGIN:VCALENDAR") || !strings.Contains(text, s.ids["used"]) || !strings.Contains(text, "STATUS:CANCELLED") || strings.Contains(text, s.ids["guest"]) {
		t.Errorf("my calendar: %s", tail(text, 1500))
	}
	s.one.refused(t, 404, "not_found", "POST", "/api/v1/me/feeds", object{"equipment_id": "cutter"})
	_, desk := feed(s.staff, object{"equipment_id": "cutter"})
	if text := string(s.anon.want(t, http.StatusOK, "GET", desk, nil).raw); !strings.Contains(text, s.ids["used"]) || strings.Contains(text, "가람시민하나") {
		t.Errorf("a machine's calendar, masked: %s", tail(text, 1500))
	}
	if list := s.one.want(t, http.StatusOK, "GET", "/api/v1/me/feeds", nil); len(list.items()) != 1 || list.items()[0]["id"] != id || strings.Contains(string(list.raw), strings.TrimSuffix(path.Base(mine), ".ics")) {
		t.Errorf("my addresses, without their keys: %s", list.raw)
	}
	s.two.refused(t, 404, "not_found", "DELETE", "/api/v1/me/feeds/"+id, nil)
	s.one.want(t, http.StatusNoContent, "DELETE", "/api/v1/me/feeds/"+id, nil)
	s.anon.refused(t, 404, "not_found", "GET", mine, nil)
}

// farewell: a person takes everything along as a file and leaves for good;
// what is to come is cancelled, and nobody reads the name any more.
func (s *stage) farewell() {
	t, id := s.t, s.ids["one@demo.test"]
	mine := s.one.want(t, http.StatusOK, "GET", "/api/v1/me/export", nil)
	if child(mine.object, "profile")["name"] != "가람시민하나" || !strings.Contains(string(mine.raw), s.ids["used"]) || strings.Contains(string(mine.raw), s.ids["guest"]) || len(objects(mine.object["messages"])) == 0 {
		t.Errorf("my data: %s", tail(string(mine.raw), 1500))
	}
	coming := s.booked(s.one, "cutter", s.later(2, 10), 60)
	if got := s.state(s.two, s.later(2, 10)); got != "taken" {
		t.Errorf("the slot is %s", got)
	}
	s.one.refused(t, 422, "validation", "DELETE", "/api/v1/me", object{"password": "not-the-password"})
	s.one.refused(t, 422, "validation", "DELETE", "/api/v1/me", object{"confirm": "leave"}) // there is a password
	s.admin.refused(t, 409, "state_conflict", "DELETE", "/api/v1/me", object{"password": password})
	s.one.want(t, http.StatusNoContent, "DELETE", "/api/v1/me", object{"password": passwordOfOne})
	s.one.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/sessions", object{"login": "010-1000-0001", "password": passwordOfOne})
	s.status(s.staff, coming, "cancelled")
	if got := s.state(s.two, s.later(2, 10)); got != "free" {
		t.Errorf("who left keeps the slot %s", got)
	}
	used := s.staff.want(t, http.StatusOK, "GET", "/api/v1/bookings/"+s.ids["used"], nil)
	for _, gone := range []string{"가람시민하나", "라온이용자", "10000001", "30000001", "시제품"} {
		if strings.Contains(string(used.raw), gone) {
			t.Errorf("the booking of who left tells %q: %s", gone, used.raw)
		}
	}
	if empty := s.admin.want(t, http.StatusOK, "GET", "/api/v1/accounts/"+id, nil); empty.text("name") != "" || empty.object["phone"] != nil || empty.object["email"] != nil {
		t.Errorf("the account of who left: %s", empty.raw)
	}
	if left := s.admin.want(t, http.StatusOK, "GET", "/api/v1/audit?action=account.leave", nil).items(); len(left) != 1 || left[0]["subject"] != id {
		t.Errorf("the audit of leaving: %v", left)
	}
}
