package proof

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// job: somebody leaves work for staff to do.
func (s *stage) job() answer {
	t := s.t
	a := s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings",
		span("auto", s.hour(14, 0), 60, "job", object{"what": "앞치마 재봉", "quantity": 40, "due_date": s.clock.AddDate(0, 0, 3).Format(time.DateOnly), "note": "실은 남색"}))
	path := "/api/v1/bookings/" + a.text("id")
	s.one.refused(t, 403, "forbidden", "POST", path+"/job", object{"state": "received"})
	got := s.staff.want(t, http.StatusOK, "POST", path+"/job", object{"state": "received", "promised_at": stamp(s.hour(18, 0))})
	if got.text("status") != "checked_in" {
		t.Errorf("received is the check-in: %s", got.raw)
	}
	s.mailed("job.received", "앞치마")
	return a
}

// jobDone: worked on, continued in another booking, ready and collected.
func (s *stage) jobDone(job answer) {
	t := s.t
	path := "/api/v1/bookings/" + job.text("id")
	s.staff.want(t, http.StatusOK, "POST", path+"/job", object{"state": "working"})
	s.staff.want(t, http.StatusOK, "POST", path+"/job", object{"state": "working", "promised_at": stamp(s.hour(20, 0))})
	s.mailed("job.delayed", "앞치마")
	next := object{"starts_at": stamp(s.hour(16, 0)), "ends_at": stamp(s.hour(17, 0))}
	more := s.staff.want(t, http.StatusCreated, "POST", path+"/continue", next, "Idempotency-Key", "continue-1")
	again := s.staff.want(t, http.StatusCreated, "POST", path+"/continue", next, "Idempotency-Key", "continue-1")
	if more.text("id") != again.text("id") || more.text("origin") != "continue" {
		t.Errorf("continued: %s", again.raw)
	}
	s.staff.want(t, http.StatusOK, "POST", path+"/finish", object{})
	path = "/api/v1/bookings/" + more.text("id")
	s.staff.want(t, http.StatusOK, "POST", path+"/job", object{"state": "ready"})
	s.mailed("job.ready", "앞치마")
	if done := s.staff.want(t, http.StatusOK, "POST", path+"/job", object{"state": "collected"}); done.text("status") != "completed" {
		t.Errorf("collected: %s", done.raw)
	}
	s.staff.refused(t, 409, "state_conflict", "POST", path+"/job", object{"state": "working"})
}

// day: the desk's day, from the coming to the finish, with what goes wrong.
func (s *stage) day() {
	t := s.t
	used := "/api/v1/bookings/" + s.ids["used"]
	guest := "/api/v1/bookings/" + s.ids["guest"]
	s.staff.want(t, http.StatusUnprocessableEntity, "POST", used+"/check-in", object{})
	s.at(s.hour(10, 50))
	s.one.want(t, http.StatusOK, "POST", used+"/late", object{"minutes": 10})
	board := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/today", nil)
	if !strings.Contains(string(board.raw), s.ids["used"]) || strings.Contains(string(board.raw), "가람시민하나") || strings.Contains(string(board.raw), "10000001") {
		t.Errorf("the board shows the booking, masked: %s", tail(string(board.raw), 2000))
	}
	for _, q := range []string{"0001", "가람", "ㄱㄹㅅㅁ", s.ids["used code"], strings.ReplaceAll(s.ids["used code"], "-", ""), s.server.base + "/bookings/" + s.ids["used"]} {
		found := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/find?q="+escape(q), nil)
		if !strings.Contains(string(found.raw), s.ids["used"]) {
			t.Errorf("the desk does not find %q: %s", q, tail(string(found.raw), 600))
		}
	}
	s.one.refused(t, 403, "forbidden", "GET", "/api/v1/desk/home/today", nil)
	s.awayStaff.refused(t, 403, "forbidden", "GET", "/api/v1/desk/home/today", nil)
	s.staff.want(t, http.StatusOK, "POST", used+"/arrived", object{})
	s.one.refused(t, 403, "forbidden", "POST", used+"/check-in", object{})
	s.staff.refused(t, 422, "validation", "POST", used+"/check-in", object{"code": "2222-2222"})
	in := s.staff.want(t, http.StatusOK, "POST", used+"/check-in", object{"code": s.ids["used code"]})
	if in.text("status") != "checked_in" {
		t.Errorf("checked in: %s", in.raw)
	}
	s.staff.want(t, http.StatusOK, "POST", used+"/undo", object{"reason": "잘못 눌렀습니다"})
	s.staff.want(t, http.StatusOK, "POST", used+"/check-in", object{})
	s.staff.want(t, http.StatusOK, "POST", used+"/extend", object{"ends_at": stamp(s.hour(12, 20))})
	blocked := s.two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("cutter", s.hour(12, 30), 30))
	s.staff.refused(t, 409, "slot_taken", "POST", used+"/extend", object{"ends_at": stamp(s.hour(12, 50))})
	s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+blocked.text("id")+"/cancel", object{"reason": "재료가 없습니다"})

	s.at(s.hour(11, 20))
	gone := s.staff.want(t, http.StatusOK, "POST", guest+"/no-show", object{})
	if gone.text("status") != "no_show" {
		t.Errorf("no show: %s", gone.raw)
	}
	s.staff.want(t, http.StatusOK, "POST", guest+"/undo", object{"reason": "옆 장비에 있었습니다"})
	s.staff.want(t, http.StatusOK, "POST", guest+"/no-show", object{})
	if late := s.staff.want(t, http.StatusOK, "POST", guest+"/start-late", object{}); late.text("status") != "checked_in" {
		t.Errorf("came late: %s", late.raw)
	}
	s.staff.want(t, http.StatusOK, "POST", guest+"/finish", object{})
	done := s.staff.want(t, http.StatusOK, "POST", used+"/finish", object{})
	if done.text("status") != "completed" || s.state(s.anon, s.hour(11, 30)) != "free" {
		t.Errorf("an early finish frees the rest: %s, then %s", done.raw, s.state(s.anon, s.hour(11, 30)))
	}
	s.staff.refused(t, 409, "state_conflict", "POST", used+"/finish", object{})
}

// walkIns: sixteen people come without a booking, each for a moment. The locks
// are gone by then.
func (s *stage) walkIns() {
	t := s.t
	if s.redis != nil {
		s.redis.Kill()
	}
	var before answer
	for i := range 16 {
		name, phone := fmt.Sprintf("방문손님%02d", i), fmt.Sprintf("010-2000-%04d", i)
		s.secrets.add("name", name)
		body := object{"equipment_id": "sewing", "minutes": 7, "name": name, "phone": s.secrets.phone(phone), "consent": "counter"}
		in := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/desk/home/walk-ins", body, "Idempotency-Key", "walk-in-"+phone)
		again := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/desk/home/walk-ins", body, "Idempotency-Key", "walk-in-"+phone)
		if in.text("status") != "checked_in" || again.text("id") != in.text("id") {
			t.Errorf("walk-in: %s", again.raw)
		}
		if i > 0 {
			if before.object["unit"] == in.object["unit"] {
				t.Errorf("two at once on one machine: %s and %s", before.raw, in.raw)
			}
			s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+before.text("id")+"/finish", object{})
		}
		before = in
	}
	s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+before.text("id")+"/finish", object{})
	// The one machine is in use: the next is told when it is free.
	now := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/desk/home/walk-ins", object{"equipment_id": "cutter", "minutes": 20, "name": "방문손님하나"})
	full := s.staff.refused(t, 409, "slot_taken", "POST", "/api/v1/desk/home/walk-ins", object{"equipment_id": "cutter", "minutes": 20, "name": "방문손님둘째"})
	if full.object["free_at"] == nil {
		t.Errorf("nobody says when it is free: %s", full.raw)
	}
	s.staff.refused(t, 409, "state_conflict", "POST", "/api/v1/bookings/"+now.text("id")+"/cancel", object{"reason": "마음이 바뀌었습니다"}, "Accept-Language", "en")
	s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+now.text("id")+"/finish", object{})
}

// survey: each finished use is asked about once, an answer counts once, and
// the results show nothing that fewer than five people said.
func (s *stage) survey() {
	t := s.t
	var tokens []string
	// The guest, the first booking, the job and sixteen walk-ins; the first
	// person used two machines and is asked once.
	until(t, "the invitations leave", func() bool { tokens = s.invitations(); return len(tokens) >= 18 })
	month := s.clock.Format("2006-01")
	results := "/api/v1/survey-results?center=home&from=" + month + "&to=" + month
	first := "/api/v1/surveys/" + tokens[0]
	for range 6 {
		s.anon.want(t, http.StatusOK, "HEAD", first, nil)
		if form := s.anon.want(t, http.StatusOK, "GET", first, nil); form.text("state") != "open" {
			t.Fatalf("looking records: %s", form.raw)
		}
	}
	s.anon.refused(t, 422, "validation", "POST", first, object{"answers": object{"overall": 9}})
	s.anon.refused(t, 422, "validation", "POST", first, object{"answers": object{"equip": 3}})
	s.anon.refused(t, 422, "validation", "POST", first, object{"answers": object{"overall": 3, "height": 3}})
	s.anon.refused(t, 404, "not_found", "GET", "/api/v1/surveys/"+strings.Repeat("A", len(tokens[0])), nil)
	s.anon.refused(t, 404, "not_found", "GET", first[:len(first)-1], nil)
	var mu sync.Mutex
	statuses := map[int]int{}
	atOnce(8, func(int) {
		a, err := s.anon.try(t.Context(), "POST", first, object{"answers": object{"overall": 5, "equip": "NA", "goal": "all", "drivers": []string{"booking"}, "comment": "연락은 010-7777-8888"}})
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		statuses[a.status]++
	})
	if statuses[201] != 1 || statuses[409] != 7 {
		t.Errorf("eight answers at once: %v", statuses)
	}
	s.anon.refused(t, 409, "already_answered", "GET", first, nil)
	few := s.manager.want(t, http.StatusOK, "GET", results, nil)
	if total, _ := few.object["total"].(object); total["suppressed"] != true || total["n"] != nil {
		t.Errorf("one answer is shown: %s", few.raw)
	}
	for i, token := range tokens[1:] {
		s.anon.want(t, http.StatusCreated, "POST", "/api/v1/surveys/"+token, object{"answers": object{"overall": 1 + i%5}, "contact": object{"consent": i == 0}})
	}
	s.cases()
	var total object
	until(t, "the results show ten answers", func() bool {
		total, _ = s.manager.want(t, http.StatusOK, "GET", results, nil).object["total"].(object)
		n, _ := total["n"].(float64)
		return n >= 10
	})
	figures, _ := total["questions"].(object)
	overall, _ := figures["overall"].(object)
	mean, _ := overall["mean"].(float64)
	if score, _ := overall["s100"].(float64); score < (mean-1)/4*100-1e-9 || score > (mean-1)/4*100+1e-9 {
		t.Errorf("the score does not follow its rule: %v", overall)
	}
	s.one.refused(t, 403, "forbidden", "GET", results, nil)
	s.staff.refused(t, 403, "forbidden", "GET", results, nil)
	said := s.manager.want(t, http.StatusOK, "GET", "/api/v1/survey-comments?center=home&from="+month+"&to="+month, nil)
	if n := len(said.items()); n != 0 {
		t.Errorf("%d comments of a month that is open", n)
	}
	s.manager.refused(t, 404, "not_found", "PUT", "/api/v1/survey-comments/nobody/tags", object{"tags": []string{"praise"}})
	s.manager.refused(t, 422, "validation", "PUT", "/api/v1/survey-comments/nobody/tags", object{"tags": []string{"a word of my own"}})
	s.manager.refused(t, 403, "forbidden", "GET", "/api/v1/survey-results?center=away", nil)
	s.admin.want(t, http.StatusOK, "GET", "/api/v1/survey-results?center=away&group_by=equipment", nil)
	for _, kind := range []string{"csv", "xlsx"} {
		s.manager.refused(t, 422, "validation", "GET", "/api/v1/survey-results/export."+kind+"?center=home", nil)
		s.manager.want(t, http.StatusOK, "GET", "/api/v1/survey-results/export."+kind+"?center=home&reason=report", nil)
	}
	s.audited("file.download")
	for _, m := range s.mails(t, "survey.invitation", "") {
		if n := len(s.mails(t, "survey.invitation", m.Links[0])); n != 1 {
			t.Errorf("%d messages carry one invitation", n)
		}
	}
}

// cases: who wished for a reply gets one, from staff of the center alone.
func (s *stage) cases() {
	t := s.t
	list := s.staff.want(t, http.StatusOK, "GET", "/api/v1/survey-cases?state=open", nil).items()
	if len(list) != 1 || list[0]["person"] != nil {
		t.Fatalf("cases: %v", list)
	}
	path := "/api/v1/survey-cases/" + list[0]["id"].(string)
	s.awayStaff.refused(t, 404, "not_found", "GET", path, nil)
	s.one.refused(t, 403, "forbidden", "GET", path, nil)
	if one := s.staff.want(t, http.StatusOK, "GET", path, nil); one.object["person"] == nil || strings.Contains(string(one.raw), "overall") {
		t.Errorf("a case: %s", one.raw)
	}
	s.staff.want(t, http.StatusOK, "PATCH", path, object{"version": 1, "state": "acknowledged"})
	s.staff.refused(t, 409, "stale", "PATCH", path, object{"version": 1, "state": "acted"})
	s.staff.want(t, http.StatusOK, "PATCH", path, object{"reply": "선풍기를 놓았습니다."})
	s.staff.refused(t, 409, "state_conflict", "PATCH", path, object{"reply": "또"})
	until(t, "the reply leaves", func() bool {
		for _, m := range s.mails(t, "case.reply", "") {
			if strings.Contains(m.Text, "선풍기를 놓았습니다.") {
				return true
			}
		}
		return false
	})
	s.audited("case.look", "case.change", "case.answer")
}

// usage: what the machines were used, in minutes that add up.
func (s *stage) usage() {
	t := s.t
	day := s.clock.Format(time.DateOnly)
	path := "/api/v1/usage?center=home&group_by=equipment&from=" + day + "&to=" + day
	s.staff.refused(t, 403, "forbidden", "GET", path, nil)
	a := s.manager.want(t, http.StatusOK, "GET", path, nil)
	total := child(a.object, "total")
	for _, g := range append(objects(a.object["groups"]), total) {
		sum := 0.0
		for _, part := range []string{"used", "idle", "released", "no_show", "unknown", "undecided"} {
			n, _ := child(g, "minutes")[part].(float64)
			sum += n
		}
		if booked, _ := child(g, "minutes")["booked"].(float64); booked != sum {
			t.Errorf("%v: %v minutes were booked, the parts are %v", g["key"], booked, sum)
		}
	}
	if people, _ := total["people"].(float64); people < 2 { // the first person and the guest; walk-ins of this very minute are not over
		t.Errorf("%v people came: %s", people, tail(string(a.raw), 1500))
	}
}

// leave: signing out, and what everybody did is audited without their names.
func (s *stage) leave() {
	t := s.t
	lines := s.admin.want(t, http.StatusOK, "GET", "/api/v1/audit?limit=200", nil)
	s.secrets.absent(t, "the audit", string(lines.raw))
	for _, c := range []caller{s.two, s.manager} {
		c.want(t, http.StatusNoContent, "DELETE", "/api/v1/sessions/current", nil)
		c.refused(t, 401, "unauthenticated", "GET", "/api/v1/me", nil)
	}
	ready := s.anon.want(t, http.StatusOK, "GET", "/readyz", nil)
	s.secrets.absent(t, "/readyz", string(ready.raw))
}
