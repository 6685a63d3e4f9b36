package proof

import (
	"net/http"
	"strings"
)

// asks: a question is asked, read by the center alone, answered by a message;
// another one is settled without words.
func (s *stage) asks() {
	t := s.t
	const words, reply = "두꺼운 데님 여덟 겹도 되나요?", "네, 여덟 겹까지 됩니다. 바늘은 준비되어 있습니다."
	s.secrets.add("words", words, reply)
	s.anon.refused(t, 401, "unauthenticated", "POST", "/api/v1/inquiries", object{"center": "home", "text": words})
	s.one.refused(t, 422, "validation", "POST", "/api/v1/inquiries", object{"center": "home", "text": strings.Repeat("가", 501)})
	body := object{"equipment": "sewing", "text": words}
	asked := s.one.want(t, http.StatusCreated, "POST", "/api/v1/inquiries", body, "Idempotency-Key", "ask-1")
	again := s.one.want(t, http.StatusCreated, "POST", "/api/v1/inquiries", body, "Idempotency-Key", "ask-1")
	if asked.text("state") != "waiting" || child(asked.object, "center")["id"] != "home" || again.text("id") != asked.text("id") {
		t.Errorf("asked: %s, again %s", asked.raw, again.raw)
	}
	other := s.one.want(t, http.StatusCreated, "POST", "/api/v1/inquiries", object{"center": "home", "text": "주차장이 있나요?"})
	path := "/api/v1/inquiries/" + asked.text("id")
	s.two.refused(t, 404, "not_found", "GET", path, nil)
	s.awayStaff.refused(t, 404, "not_found", "POST", path+"/answer", object{"text": reply})
	s.one.refused(t, 403, "forbidden", "POST", path+"/answer", object{"text": reply})

	s.awayStaff.refused(t, 403, "forbidden", "GET", "/api/v1/desk/home/inquiries", nil)
	desk := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/inquiries?state=waiting", nil)
	if list := desk.items(); len(list) != 2 || list[0]["id"] != asked.text("id") || strings.Contains(string(desk.raw), words) || strings.Contains(string(desk.raw), "가람시민하나") {
		t.Errorf("the desk's list, oldest first, masked and without words: %s", desk.raw)
	}
	if seen := s.staff.want(t, http.StatusOK, "GET", path, nil); seen.text("text") != words || child(seen.object, "account")["name"] != "가람시민하나" {
		t.Errorf("staff read who asks what: %s", seen.raw)
	}
	if a := s.staff.want(t, http.StatusOK, "POST", path+"/answer", object{"text": reply}); a.text("state") != "answered" {
		t.Errorf("answered: %s", a.raw)
	}
	s.mailed("case.reply", reply)
	s.staff.refused(t, 409, "state_conflict", "POST", path+"/answer", object{"text": reply})
	if a := s.staff.want(t, http.StatusOK, "POST", "/api/v1/inquiries/"+other.text("id")+"/close", nil); a.text("state") != "closed" || a.object["answer"] != nil {
		t.Errorf("closed: %s", a.raw)
	}
	mine := s.one.want(t, http.StatusOK, "GET", "/api/v1/inquiries", nil).items()
	if len(mine) != 2 || mine[0]["id"] != other.text("id") || mine[1]["answer"] != reply {
		t.Errorf("what I asked, newest first: %v", mine)
	}
	if n := len(s.two.want(t, http.StatusOK, "GET", "/api/v1/inquiries", nil).items()); n != 0 {
		t.Errorf("somebody else sees %d questions", n)
	}
	if told := s.mails(t, "case.reply", ""); len(told) != 1 {
		t.Errorf("%d answers left for one answer in writing", len(told))
	}
	s.audited("inquiry.ask", "inquiry.look", "inquiry.answer", "inquiry.close")
}

// devices: a person ends a session on another device of theirs, and no other's.
func (s *stage) devices() {
	t, phone := s.t, s.two
	s.signIn(&phone, "010-1000-0002", password)
	list := s.two.want(t, http.StatusOK, "GET", "/api/v1/me/sessions", nil).items()
	here := func(c caller) string {
		for _, d := range c.want(t, http.StatusOK, "GET", "/api/v1/me/sessions", nil).items() {
			if d["current"] == true {
				return d["id"].(string)
			}
		}
		t.Fatal("no session is the current one")
		return ""
	}
	there := here(phone)
	if len(list) < 2 || there == here(s.two) {
		t.Errorf("the devices: %v", list)
	}
	s.one.refused(t, 404, "not_found", "DELETE", "/api/v1/me/sessions/"+there, nil)
	s.two.want(t, http.StatusNoContent, "DELETE", "/api/v1/me/sessions/"+there, nil)
	phone.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
	if n := len(s.two.want(t, http.StatusOK, "GET", "/api/v1/me/sessions", nil).items()); n != len(list)-1 {
		t.Errorf("%d devices after one of %d was ended", n, len(list))
	}
}

// audited wants lines of the center's audit for each action, without secrets.
func (s *stage) audited(actions ...string) {
	s.t.Helper()
	for _, action := range actions {
		lines := s.manager.want(s.t, http.StatusOK, "GET", "/api/v1/audit?center=home&action="+action, nil)
		if len(lines.items()) == 0 {
			s.t.Errorf("no audit line of %s", action)
		}
		s.secrets.absent(s.t, "the audit", string(lines.raw))
	}
}
