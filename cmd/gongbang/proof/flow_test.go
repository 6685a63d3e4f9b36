package proof

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOneStop walks the whole flow over HTTP, as its clients would: entry,
// search, hold, booking, desk, use, survey, results and administration. Every
// answer is held to openapi.yaml, every operation of it is asked, and nothing
// of what people typed shows in the logs. The locks are lost on the way.
func TestOneStop(t *testing.T) {
	for _, mode := range []struct {
		name            string
		postgres, redis bool
	}{
		{"locks inside the process", false, false},
		{"Redis flushed, then killed", false, true},
		{"PostgreSQL", true, false},
	} {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel() // mostly waits for jobs to tick
			s := newStage(t, mode.postgres, mode.redis)
			s.entry()
			s.myself()
			s.offer()
			s.hold()
			s.changes()
			s.approval()
			s.papers()
			s.forOthers()
			s.administration()
			s.outages()
			s.rules()
			s.versions()
			s.places()
			s.closures()
			s.cityClosed()
			s.asks()
			s.devices()
			s.firms()
			s.certificates()
			missed := s.staysAway()
			job := s.job()
			s.day()
			s.jobDone(job)
			s.strikes(missed)
			s.walkIns()
			s.survey()
			s.questionnaires()
			s.usage()
			s.office()
			s.feeds()
			s.farewell()
			s.nextDay()
			s.leave()
			s.end()
			s.holds(t)
			if log := s.logs.String(); !strings.Contains(log, s.ids["010-1000-0001"]) || strings.Count(log, `"msg":"request"`) < 200 {
				t.Errorf("the log tells nothing (%d bytes): the look for secrets proves nothing", len(log))
			}
			s.secrets.absent(t, "the log", s.logs.String())
			if unseen := s.unseen(); len(unseen) > 0 && !t.Failed() {
				t.Errorf("never asked: %v", unseen)
			}
		})
	}
}

// unseen are operations that the flow forgot. A stream is let through unread
// by the recorder; the flow reads it by itself.
func (s *stage) unseen() []string {
	return slices.DeleteFunc(s.record.Unseen(), func(o string) bool { return o == "GET /api/v1/events" })
}

// entry: signing up and in, by password and by code, and a forgotten password.
func (s *stage) entry() {
	t := s.t
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/openapi.yaml", "/docs"} {
		s.anon.want(t, http.StatusOK, "GET", path, nil)
	}
	s.signUp("가람시민하나", "010-1000-0001", "one@demo.test", "firm", object{"name": "가람공방", "business_number": "123-45-67891"}, "groups", []string{"small"})
	s.signUp("나래시민둘", "010-1000-0002", "two@demo.test")
	s.anon.want(t, http.StatusAccepted, "POST", "/api/v1/accounts", object{"name": "다른사람", "phone": "010-1000-0001", "consents": object{"terms": true, "privacy": true}})
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/sessions", object{"login": "one@demo.test", "password": "not-the-password"})
	s.anon.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
	s.signIn(&s.one, "one@demo.test", password)
	s.signIn(&s.two, "010-1000-0002", password)
	for login, c := range map[string]*caller{"staff@demo.test": &s.staff, "away@demo.test": &s.awayStaff, "manager@demo.test": &s.manager, "admin@demo.test": &s.admin} {
		s.signIn(c, login, password)
	}
	s.anon.want(t, http.StatusAccepted, "POST", "/api/v1/sign-in-codes", object{"login": "two@demo.test"})
	s.anon.want(t, http.StatusAccepted, "POST", "/api/v1/sign-in-codes", object{"login": "nobody@demo.test"})
	code := s.codeFor("two@demo.test", 1)
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/sessions", object{"login": "two@demo.test", "code": wrongCode(code)})
	a := s.anon.want(t, http.StatusCreated, "POST", "/api/v1/sessions", object{"login": "two@demo.test", "code": code})
	s.two.token = a.text("token")
	s.secrets.add("session token", s.two.token)
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/sessions", object{"login": "two@demo.test", "code": code})

	s.signUp("다솜시민셋", "010-1000-0003", "three@demo.test")
	s.anon.want(t, http.StatusAccepted, "POST", "/api/v1/password-resets", object{"login": "three@demo.test"})
	const fresh = "새로운-비밀-문장-둘"
	s.secrets.add("password", fresh)
	s.anon.want(t, http.StatusNoContent, "POST", "/api/v1/password-resets", object{"login": "three@demo.test", "code": s.codeFor("three@demo.test", 1), "password": fresh})
	three := s.anon
	s.signIn(&three, "three@demo.test", fresh)
	three.want(t, http.StatusNoContent, "DELETE", "/api/v1/sessions/current", nil)
	three.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
}

// wrongCode is another code of six digits.
func wrongCode(code string) string {
	if strings.HasPrefix(code, "1") {
		return "2" + code[1:]
	}
	return "1" + code[1:]
}

// myself: what a person sees and changes of themselves.
func (s *stage) myself() {
	t := s.t
	me := s.one.want(t, http.StatusOK, "GET", "/api/v1/me", nil)
	if me.text("name") != "가람시민하나" || me.object["firm"] == nil || me.object["roles"] == nil {
		t.Errorf("/me: %s", me.raw)
	}
	s.secrets.add("e-mail", "one.new@demo.test")
	changed := s.one.want(t, http.StatusOK, "PATCH", "/api/v1/me", object{"email": "one.new@demo.test", "locale": "ko", "channels": []string{"email", "sms"}})
	if changed.text("email") != "one.new@demo.test" || changed.object["email_verified"] != false {
		t.Errorf("a changed contact: %s", changed.raw)
	}
	code := s.codeFor("one.new@demo.test", 1)
	s.one.refused(t, 422, "validation", "POST", "/api/v1/me/contacts/verify", object{"kind": "email", "code": wrongCode(code)})
	if a := s.one.want(t, http.StatusOK, "POST", "/api/v1/me/contacts/verify", object{"kind": "email", "code": code}); a.object["email_verified"] != true {
		t.Errorf("a proved contact: %s", a.raw)
	}
	s.one.want(t, http.StatusAccepted, "POST", "/api/v1/me/contacts/verify", object{"kind": "phone"})
	s.one.want(t, http.StatusOK, "PUT", "/api/v1/me/consents/survey", object{"given": true})
	s.secrets.add("password", passwordOfOne)
	s.one.want(t, http.StatusNoContent, "PUT", "/api/v1/me/password", object{"current": password, "password": passwordOfOne})
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/sessions", object{"login": "010-1000-0001", "password": password})
	s.signIn(&s.one, "010-1000-0001", passwordOfOne)
}

// offer: what there is, what is free, and why something is not.
func (s *stage) offer() {
	t := s.t
	s.anon.want(t, http.StatusOK, "GET", "/api/v1/catalog", nil)
	if n := len(s.anon.want(t, http.StatusOK, "GET", "/api/v1/centers", nil).items()); n != 2 {
		t.Errorf("%d centers", n)
	}
	s.anon.want(t, http.StatusOK, "GET", "/api/v1/centers/home", nil)
	s.anon.refused(t, 404, "not_found", "GET", "/api/v1/centers/none", nil)
	for _, q := range []string{"q=재단", "q=ㅈㄷㅈㄷㄱ", "q=cutter", "category=cutting", "q=자동%20재단기", "q=cutter&free_from=" + query(s.hour(11, 0)) + "&free_to=" + query(s.hour(12, 0))} {
		found := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment?"+q, nil).items()
		if len(found) != 1 || found[0]["id"] != "cutter" {
			t.Errorf("%s finds %v", q, found)
		}
	}
	detail := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/cutter", nil)
	if text, _ := detail.object["policy_text"].(object); text["ko"] == nil || text["en"] == nil {
		t.Errorf("policy text: %s", detail.raw)
	}
	first := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/cutter/availability?days=2&from="+s.clock.Format(time.DateOnly), nil)
	s.anon.want(t, http.StatusNotModified, "GET", "/api/v1/equipment/cutter/availability?days=2&from="+s.clock.Format(time.DateOnly), nil, "If-None-Match", first.header.Get("ETag"))
	why := func(machine string, from time.Time, minutes int) answer {
		to := from.Add(time.Duration(minutes) * time.Minute)
		return s.one.want(t, http.StatusOK, "GET", "/api/v1/equipment/"+machine+"/explain?starts_at="+query(from)+"&ends_at="+query(to), nil)
	}
	if a := why("cutter", s.hour(11, 0), 60); a.object["allowed"] != true {
		t.Errorf("explain: %s", a.raw)
	}
	for code, a := range map[string]answer{
		"off_grid": why("cutter", s.hour(11, 7), 60), "in_past": why("cutter", s.hour(9, 0), 60), "too_long": why("cutter", s.hour(11, 0), 300),
		"not_open_yet": why("cutter", s.hour(11, 0).AddDate(0, 0, 40), 60), "certificate_missing": why("studio", s.hour(11, 0), 60), "not_eligible": why("press", s.hour(11, 0), 60),
	} {
		if a.object["allowed"] != false || !slices.Contains(a.codes(), code) {
			t.Errorf("explain does not tell %s: %s", code, a.raw)
		}
	}
	if a := why("laser", s.hour(14, 0), 60); a.text("needs") != "approval" {
		t.Errorf("explain: %s", a.raw)
	}
}

// escape writes a text into a query string.
func escape(s string) string { return url.QueryEscape(s) }

// query writes an instant into a query string.
func query(t time.Time) string { return strings.ReplaceAll(stamp(t), "+", "%2B") }

// state of the cutter's slot at a time, as somebody sees it.
func (s *stage) state(c caller, at time.Time) string {
	s.t.Helper()
	a := c.want(s.t, http.StatusOK, "GET", "/api/v1/equipment/cutter/availability?days=1&from="+at.Format(time.DateOnly), nil)
	for _, day := range objects(a.object["days"]) {
		for _, slot := range objects(day["slots"]) {
			if when, err := time.Parse(time.RFC3339, slot["starts_at"].(string)); err == nil && when.Equal(at) {
				return slot["state"].(string)
			}
		}
	}
	s.t.Fatalf("no slot at %s: %s", at, tail(string(a.raw), 500))
	return ""
}

// hold: a time is kept, extended and confirmed once, though the locks are
// flushed in between; whoever else wants it is told what is free instead.
func (s *stage) hold() {
	t, at := s.t, s.hour(11, 0)
	if got := s.state(s.anon, at); got != "free" {
		t.Fatalf("the slot is %s", got)
	}
	heard := s.listen("cutter")
	given := s.one.want(t, http.StatusCreated, "POST", "/api/v1/holds", span("cutter", at.Add(4*time.Hour), 60))
	hold := s.one.want(t, http.StatusCreated, "POST", "/api/v1/holds", span("cutter", at, 60))
	if hold.object["replaced"] == nil {
		t.Errorf("a second hold replaces the first: %s", hold.raw)
	}
	s.one.want(t, http.StatusNoContent, "DELETE", "/api/v1/holds/"+given.text("id"), nil)
	if got := [3]string{s.state(s.one, at), s.state(s.two, at), s.state(s.anon, at)}; got != [3]string{"mine", "held", "held"} {
		t.Errorf("a hold is %v to its holder, another and nobody", got)
	}
	lost := s.two.refused(t, 409, "slot_taken", "POST", "/api/v1/holds", span("cutter", at, 60))
	if len(objects(lost.object["alternatives"])) == 0 {
		t.Errorf("the loser is told no alternatives: %s", lost.raw)
	}
	s.two.refused(t, 409, "slot_taken", "POST", "/api/v1/bookings", span("cutter", at, 60))
	s.two.refused(t, 404, "not_found", "POST", "/api/v1/bookings", object{"hold_id": hold.text("id")})
	longer := s.one.want(t, http.StatusOK, "POST", "/api/v1/holds/"+hold.text("id")+"/extend", nil)
	if longer.text("id") == hold.text("id") {
		t.Errorf("an extended hold keeps its id: %s", longer.raw)
	}
	if s.redis != nil {
		s.redis.Flush()
	}
	body := object{"hold_id": longer.text("id"), "purpose": "시제품", "people": 2, "attendee": object{"name": "라온이용자", "phone": s.secrets.phone("010-3000-0001"), "relation": "딸", "birth_year": 1990}}
	s.secrets.add("name", "라온이용자")
	booked := s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", body, "Idempotency-Key", "flow-1")
	again := s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", body, "Idempotency-Key", "flow-1")
	if again.text("id") != booked.text("id") || again.header.Get("Idempotent-Replayed") != "true" || string(again.raw) != string(booked.raw) {
		t.Errorf("the replay: %s, first %s", again.raw, booked.raw)
	}
	body["purpose"] = "다른 것"
	s.one.refused(t, 422, "idempotency_mismatch", "POST", "/api/v1/bookings", body, "Idempotency-Key", "flow-1")
	if booked.text("status") != "confirmed" || s.state(s.two, at) != "taken" || s.state(s.one, at) != "mine" {
		t.Errorf("after the booking: %s, %s to others", booked.raw, s.state(s.two, at))
	}
	s.two.refused(t, 404, "not_found", "GET", "/api/v1/bookings/"+booked.text("id"), nil)
	s.awayStaff.refused(t, 404, "not_found", "GET", "/api/v1/bookings/"+booked.text("id"), nil)
	whole := s.staff.want(t, http.StatusOK, "GET", "/api/v1/bookings/"+booked.text("id"), nil)
	if !strings.Contains(string(whole.raw), "가람시민하나") {
		t.Errorf("staff of the center see the person: %s", whole.raw)
	}
	ics := s.one.want(t, http.StatusOK, "GET", "/api/v1/bookings/"+booked.text("id")+"/calendar.ics", nil)
	if !strings.Contains(string(ics.raw), "BEGIN:VEVENT") {
		t.Errorf("calendar: %s", ics.raw)
	}
	s.mailed("booking.confirmed", booked.text("code"))
	s.ids["used"] = booked.text("id")
	s.ids["used code"] = booked.text("code")
	heard()
}
