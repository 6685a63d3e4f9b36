package proof

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// later is a time some days after the stage's Monday.
func (s *stage) later(days, hour int) time.Time { return s.hour(hour, 0).AddDate(0, 0, days) }

// booked books a machine some days ahead.
func (s *stage) booked(c caller, machine string, from time.Time, minutes int, more ...any) answer {
	s.t.Helper()
	return c.want(s.t, http.StatusCreated, "POST", "/api/v1/bookings", span(machine, from, minutes, more...))
}

// hit wants that a change hit one booking, and what became of it and why.
func (s *stage) hit(a, b answer, became, why string) {
	s.t.Helper()
	list := objects(a.object["affected"])
	if len(list) != 1 || child(list[0], "booking")["id"] != b.object["id"] || list[0]["became"] != became || why != "" && list[0]["why"] != why {
		s.t.Errorf("%s is not the one that was hit, %s because of %q: %s", b.text("code"), became, why, tail(string(a.raw), 1500))
	}
	if strings.Contains(string(a.raw), "나래시민둘") || strings.Contains(string(a.raw), "가람시민하나") {
		s.t.Errorf("who is hit is not masked: %s", tail(string(a.raw), 1500))
	}
}

// status wants a booking to be in it, as its owner sees it.
func (s *stage) status(c caller, b answer, status string) {
	s.t.Helper()
	if now := c.want(s.t, http.StatusOK, "GET", "/api/v1/bookings/"+b.text("id"), nil); now.text("status") != status {
		s.t.Errorf("%s is not %s: %s", b.text("code"), status, now.raw)
	}
}

// against wants a booking to be refused by one rule alone.
func (s *stage) against(c caller, code, machine string, from time.Time, minutes int) {
	s.t.Helper()
	if got := c.refused(s.t, 422, "policy", "POST", "/api/v1/bookings", span(machine, from, minutes)).codes(); !slices.Equal(got, []string{code}) {
		s.t.Errorf("%s is refused by %v, want %s", machine, got, code)
	}
}

// strict is the rule of the heat press: one no-show stops new bookings of it.
func strict(more ...any) object {
	o := object{"check_in": object{"auto": "never"}, "no_show": object{"points": 1, "threshold": 1, "suspend": object{"days": 7}, "over": "equipment"}}
	for i := 0; i+1 < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

// versions: one in force at once, and one from tomorrow that is previewed,
// told, and cancels what it breaks; until then the old one is judged by.
func (s *stage) versions() {
	t, path := s.t, "/api/v1/equipment/heat/policy"
	s.staff.refused(t, 403, "forbidden", "GET", path, nil)
	s.staff.refused(t, 403, "forbidden", "PUT", path, object{"policy": strict()})
	s.manager.refused(t, 422, "validation", "PUT", path, object{"policy": object{"max_minutes": -1}})
	if now := s.manager.want(t, http.StatusOK, "PUT", path, object{"policy": strict()}); now.object["version"] != 1.0 {
		t.Errorf("the first change: %s", now.raw)
	}
	long, short := s.booked(s.two, "heat", s.later(3, 10), 120), s.booked(s.one, "heat", s.later(3, 13), 60)
	begins := s.later(1, 0)
	change := object{"policy": strict("max_minutes", 60), "effective_from": stamp(begins), "affected": "cancel", "version": 1}
	shown := s.manager.want(t, http.StatusOK, "PUT", path+"?preview=1", change)
	s.hit(shown, long, "cancelled", "too_long")
	machines := objects(shown.object["machines"])
	if shown.object["preview"] != true || shown.text("effective_from") != stamp(begins) || len(machines) != 1 || len(objects(machines[0]["days"])) != 7 {
		t.Errorf("the preview: %s", tail(string(shown.raw), 1500))
	}
	s.status(s.two, long, "confirmed")
	if now := s.manager.want(t, http.StatusOK, "GET", path, nil); now.object["version"] != 1.0 || len(objects(now.object["coming"])) != 0 {
		t.Errorf("a preview is written: %s", now.raw)
	}
	s.hit(s.manager.want(t, http.StatusOK, "PUT", path, change), long, "cancelled", "too_long")
	s.manager.refused(t, 409, "stale", "PUT", path, change)
	s.status(s.two, long, "cancelled")
	s.status(s.one, short, "confirmed")
	s.mailed("outage.affected", long.text("code"))
	s.mailed("outage.affected", "이용 규칙이 바뀌어")

	detail := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/heat", nil)
	coming := objects(detail.object["coming"])
	if len(coming) != 1 || coming[0]["effective_from"] != stamp(begins) {
		t.Fatalf("what comes is not told: %s", tail(string(detail.raw), 2000))
	}
	now, then := lines(child(detail.object, "policy_text")["ko"]), lines(child(coming[0], "policy_text")["ko"])
	if text := "1시간까지 예약"; strings.Contains(now, text) || !strings.Contains(then, text) {
		t.Errorf("the sentences say now %q and then %q", now, then)
	}
	s.booked(s.two, "heat", s.later(3, 10), 120) // judged by the rules of today
}

// lines are the sentences of a policy text.
func lines(v any) string {
	var b strings.Builder
	list, _ := v.([]any)
	for _, line := range list {
		text, _ := line.(string)
		b.WriteString(text + "\n")
	}
	return b.String()
}

// nextDay: what was planned for today is in force; a citizen is still signed
// in, who works at a center signs in each day.
func (s *stage) nextDay() {
	t := s.t
	s.at(s.later(1, 9))
	s.staff.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
	s.signIn(&s.manager, "manager@demo.test", password)
	s.signIn(&s.admin, "admin@demo.test", password)
	s.against(s.two, "too_long", "heat", s.later(3, 10), 120)
	s.booked(s.two, "heat", s.later(3, 10), 60)
	detail := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/heat", nil)
	if text := lines(child(detail.object, "policy_text")["ko"]); len(objects(detail.object["coming"])) != 0 || !strings.Contains(text, "1시간까지 예약") {
		t.Errorf("today's rules: %s", text)
	}
	rules := s.manager.want(t, http.StatusOK, "GET", "/api/v1/equipment/heat/policy", nil)
	if rules.text("since") != stamp(s.hour(0, 0)) || child(rules.object, "policy")["max_minutes"] != 60.0 {
		t.Errorf("the rules in force: %s", tail(string(rules.raw), 900))
	}
}

// closures: a morning of the center is closed, who was to come is told, and
// after the re-opening the time is anybody's.
func (s *stage) closures() {
	t := s.t
	lost := s.booked(s.two, "heat", s.later(1, 10), 60)
	body := object{"scope": "center:home", "from": stamp(s.later(1, 9)), "to": stamp(s.later(1, 12)), "reason": "단수"}
	s.awayStaff.refused(t, 403, "forbidden", "POST", "/api/v1/closures", body)
	s.one.refused(t, 403, "forbidden", "POST", "/api/v1/closures", body)
	far := object{"scope": "center:home", "from": s.later(5, 0).Format(time.DateOnly), "reason": "단수"}
	s.staff.refused(t, 403, "forbidden", "POST", "/api/v1/closures", far)
	s.manager.refused(t, 403, "forbidden", "POST", "/api/v1/closures", object{"scope": "city", "from": s.later(5, 0).Format(time.DateOnly), "reason": "단수"})
	made := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/closures", body, "Idempotency-Key", "closure-1")
	s.hit(made, lost, "cancelled", "")
	again := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/closures", body, "Idempotency-Key", "closure-1")
	if again.text("id") != made.text("id") || again.header.Get("Idempotent-Replayed") != "true" || len(objects(again.object["affected"])) != 1 {
		t.Errorf("the closure twice: %s", again.raw)
	}
	s.mailed("outage.affected", lost.text("code"))
	s.mailed("outage.affected", "사유: 단수")
	s.against(s.one, "closed", "heat", s.later(1, 10), 60)
	open := s.staff.want(t, http.StatusOK, "GET", "/api/v1/closures?center=home", nil).items()
	if len(open) != 1 || open[0]["id"] != made.text("id") || open[0]["scope"] != "center:home" {
		t.Errorf("what is closed: %v", open)
	}
	s.awayStaff.refused(t, 403, "forbidden", "DELETE", "/api/v1/closures/"+made.text("id"), nil)
	s.staff.want(t, http.StatusNoContent, "DELETE", "/api/v1/closures/"+made.text("id"), nil)
	s.staff.refused(t, 409, "state_conflict", "DELETE", "/api/v1/closures/"+made.text("id"), nil)
	if n := len(s.staff.want(t, http.StatusOK, "GET", "/api/v1/closures?center=home", nil).items()); n != 0 {
		t.Errorf("%d closures stand after the re-opening", n)
	}
	s.status(s.two, lost, "cancelled")
	s.booked(s.one, "heat", s.later(1, 10), 60)
}
