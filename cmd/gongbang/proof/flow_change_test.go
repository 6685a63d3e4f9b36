package proof

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"time"
)

// listen opens an event stream; the function it returns wants to have heard
// that the machine changed.
func (s *stage) listen(machine string) (heard func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", s.server.base+"/api/v1/events?equipment="+machine, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	events := make(chan string, 1)
	go func() {
		defer close(events)
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				events <- data
				return
			}
		}
	}()
	return func() {
		s.t.Helper()
		defer cancel()
		defer res.Body.Close()
		select {
		case data := <-events:
			if !strings.Contains(data, `"`+machine+`"`) {
				s.t.Errorf("the stream says %q", data)
			}
		case <-time.After(patience):
			s.t.Error("the stream says nothing")
		}
	}
}

// changes: move, stale versions, cancel and take it back.
func (s *stage) changes() {
	t := s.t
	one := s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("cutter", s.hour(16, 0), 60))
	two := s.two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("cutter", s.hour(17, 0), 60))
	move := func(version any, hour int) object {
		o := span("", s.hour(hour, 0), 60, "version", version)
		delete(o, "equipment_id")
		return o
	}
	path := "/api/v1/bookings/" + two.text("id")
	lost := s.two.refused(t, 409, "slot_taken", "PATCH", path, move(two.object["version"], 16))
	if len(objects(lost.object["alternatives"])) == 0 {
		t.Errorf("a lost move tells no alternatives: %s", lost.raw)
	}
	if kept := s.two.want(t, http.StatusOK, "GET", path, nil); kept.text("starts_at") != two.text("starts_at") {
		t.Errorf("who loses a move keeps the old time: %s", kept.raw)
	}
	moved := s.two.want(t, http.StatusOK, "PATCH", path, move(two.object["version"], 18))
	s.two.refused(t, 409, "stale", "PATCH", path, move(two.object["version"], 19))
	if s.state(s.anon, s.hour(17, 0)) != "free" || s.state(s.anon, s.hour(18, 0)) != "taken" {
		t.Error("a move frees the old time at once")
	}
	s.mailed("booking.moved", two.text("code"))
	s.two.refused(t, 404, "not_found", "POST", "/api/v1/bookings/"+one.text("id")+"/cancel", object{})
	off := s.one.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+one.text("id")+"/cancel", object{"reason": "일정 변경"})
	if off.text("status") != "cancelled" || s.state(s.anon, s.hour(16, 0)) != "free" {
		t.Errorf("cancelled: %s", off.raw)
	}
	s.mailed("booking.cancelled", one.text("code"))
	back := s.one.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+one.text("id")+"/restore", object{})
	if back.text("status") != "confirmed" || s.state(s.anon, s.hour(16, 0)) != "taken" {
		t.Errorf("restored: %s", back.raw)
	}
	s.one.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+one.text("id")+"/cancel", object{})
	s.two.want(t, http.StatusOK, "PATCH", path, move(moved.object["version"], 16))
	s.one.refused(t, 409, "slot_taken", "POST", "/api/v1/bookings/"+one.text("id")+"/restore", object{})
	mine := s.one.want(t, http.StatusOK, "GET", "/api/v1/bookings?scope=mine&status=cancelled&limit=1", nil)
	if len(mine.items()) != 1 || mine.items()[0]["id"] != one.text("id") {
		t.Errorf("my cancelled bookings: %s", mine.raw)
	}
	s.one.refused(t, 403, "forbidden", "GET", "/api/v1/bookings?scope=center&center=home", nil)
}

// approval: pending until staff look, approved with a change, or rejected.
func (s *stage) approval() {
	t := s.t
	asked := s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("laser", s.hour(15, 0), 60))
	if asked.text("status") != "pending" {
		t.Fatalf("it is %s", asked.raw)
	}
	s.mailed("booking.requested", asked.text("code"))
	path := "/api/v1/bookings/" + asked.text("id")
	s.one.refused(t, 403, "forbidden", "POST", path+"/approve", object{})
	s.awayStaff.refused(t, 404, "not_found", "POST", path+"/approve", object{})
	ok := s.staff.want(t, http.StatusOK, "POST", path+"/approve", object{"starts_at": stamp(s.hour(15, 30)), "ends_at": stamp(s.hour(16, 0))})
	if ok.text("status") != "confirmed" || ok.text("starts_at") != stamp(s.hour(15, 30)) {
		t.Errorf("approved with a change: %s", ok.raw)
	}
	s.mailed("booking.confirmed", asked.text("code"))
	s.staff.refused(t, 409, "state_conflict", "POST", path+"/approve", object{})
	no := s.two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("laser", s.hour(19, 0), 60))
	s.staff.refused(t, 422, "validation", "POST", "/api/v1/bookings/"+no.text("id")+"/reject", object{})
	if a := s.staff.want(t, http.StatusOK, "POST", "/api/v1/bookings/"+no.text("id")+"/reject", object{"reason": "재료가 맞지 않습니다"}); a.text("status") != "rejected" {
		t.Errorf("rejected: %s", a.raw)
	}
	s.mailed("booking.rejected", no.text("code"))
}

// papers: a certificate and a confirmed group open what was refused before.
func (s *stage) papers() {
	t, one := s.t, s.ids["one@demo.test"]
	refused := s.one.refused(t, 422, "policy", "POST", "/api/v1/bookings", span("studio", s.hour(15, 0), 60))
	if c := refused.codes(); len(c) != 1 || c[0] != "certificate_missing" {
		t.Errorf("violations: %v", c)
	}
	s.one.refused(t, 403, "forbidden", "POST", "/api/v1/accounts/"+one+"/certificates", object{"key": "studio", "basis": "course"})
	s.staff.want(t, http.StatusCreated, "POST", "/api/v1/accounts/"+one+"/certificates",
		object{"key": "studio", "basis": "course", "expires": s.clock.AddDate(1, 0, 0).Format(time.DateOnly)})
	s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("studio", s.hour(15, 0), 60))
	refused = s.one.refused(t, 422, "policy", "POST", "/api/v1/bookings", span("press", s.hour(13, 0), 60))
	if c := refused.codes(); len(c) != 1 || c[0] != "not_eligible" {
		t.Errorf("violations: %v", c)
	}
	s.awayStaff.want(t, http.StatusOK, "POST", "/api/v1/accounts/"+one+"/groups/small/confirm", object{})
	s.one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("press", s.hour(13, 0), 60))
}

// forOthers: staff book for somebody who phones, known or written down.
func (s *stage) forOthers() {
	t := s.t
	known := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/people?phone="+s.secrets.phone("010-1000-0002"), nil).items()
	if len(known) != 1 || known[0]["id"] != s.ids["010-1000-0002"] {
		t.Fatalf("the desk finds %v", known)
	}
	s.staff.refused(t, 422, "validation", "GET", "/api/v1/desk/home/people?phone=0002", nil) // the whole number or nothing
	if n := len(s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/people?phone=010-1000-9999", nil).items()); n != 0 {
		t.Errorf("a number of nobody finds %d people", n)
	}
	two := object{"account_id": known[0]["id"]}
	s.two.refused(t, 403, "forbidden", "POST", "/api/v1/bookings", span("sewing", s.hour(20, 0), 30, "for", two))
	s.staff.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("sewing", s.hour(20, 0), 30, "for", two))
	hold := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/holds", span("sewing", s.hour(20, 30), 30, "for", two))
	s.staff.want(t, http.StatusCreated, "POST", "/api/v1/bookings", object{"hold_id": hold.text("id"), "for": two})
	name := "마루손님"
	s.secrets.add("name", name)
	guest := object{"name": name, "phone": s.secrets.phone("010-4000-0001"), "consent": "phone"}
	made := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("sewing", s.hour(11, 0), 60, "for", guest), "Idempotency-Key", "guest-1")
	again := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("sewing", s.hour(11, 0), 60, "for", guest), "Idempotency-Key", "guest-1")
	if made.text("id") != again.text("id") || made.text("origin") != "desk" {
		t.Errorf("for a guest: %s", again.raw)
	}
	if found := s.staff.want(t, http.StatusOK, "GET", "/api/v1/desk/home/people?phone=010-4000-0001", nil).items(); len(found) != 1 || found[0]["guest"] != true {
		t.Errorf("the guest is one record: %v", found)
	}
	s.mailed("booking.confirmed", made.text("code"))
	s.ids["guest"] = made.text("id")
	s.staff.want(t, http.StatusCreated, "POST", "/api/v1/bookings",
		span("cutter", s.hour(23, 0).AddDate(0, 0, 20), 30, "for", two, "override", object{"reason": "행사 준비"}))
	s.two.refused(t, 403, "forbidden", "POST", "/api/v1/bookings", span("cutter", s.hour(22, 0), 30, "override", object{"reason": "제발"}))
}

// administration: people, roles and who did what.
func (s *stage) administration() {
	t := s.t
	s.manager.refused(t, 403, "forbidden", "GET", "/api/v1/accounts", nil)
	list := s.admin.want(t, http.StatusOK, "GET", "/api/v1/accounts?limit=3", nil)
	if len(list.items()) != 3 || list.text("next_cursor") == "" || strings.Contains(string(list.raw), "가람시민하나") {
		t.Errorf("accounts are listed masked, in pages: %s", list.raw)
	}
	three := s.ids["three@demo.test"]
	s.admin.want(t, http.StatusOK, "PATCH", "/api/v1/accounts/"+three, object{"roles": []object{{"role": "staff", "center": "away"}}})
	s.admin.refused(t, 422, "validation", "PATCH", "/api/v1/accounts/"+three, object{"roles": []object{{"role": "king", "center": "away"}}})
	if staff := s.admin.want(t, http.StatusOK, "GET", "/api/v1/accounts?role=staff&center=away", nil).items(); len(staff) != 2 {
		t.Errorf("staff of the other center: %v", staff)
	}
	s.staff.refused(t, 403, "forbidden", "GET", "/api/v1/audit", nil)
	s.manager.refused(t, 403, "forbidden", "GET", "/api/v1/audit?center=away", nil)
	for _, action := range []string{"booking.create", "booking.cancel", "booking.approve", "account.look", "account.certificate"} {
		lines := s.manager.want(t, http.StatusOK, "GET", "/api/v1/audit?center=home&action="+action, nil)
		if len(lines.items()) == 0 {
			t.Errorf("no audit line of %s", action)
		}
		s.secrets.absent(t, "the audit", string(lines.raw))
	}
}

// outages: who is hit goes to another unit, and the rest is told.
func (s *stage) outages() {
	t := s.t
	var made []answer
	for unit := range 2 {
		made = append(made, s.two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("sewing", s.hour(21, 0), 30, "unit", unit+1)))
	}
	body := object{"from": stamp(s.hour(21, 0)), "to": stamp(s.hour(23, 0)), "unit": 1, "reason": "바늘대 점검", "kind": "maintenance"}
	s.awayStaff.refused(t, 403, "forbidden", "POST", "/api/v1/equipment/sewing/outages", body)
	out := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/equipment/sewing/outages", body, "Idempotency-Key", "outage-1")
	again := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/equipment/sewing/outages", body, "Idempotency-Key", "outage-1")
	if out.text("id") != again.text("id") || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the outage twice: %s", again.raw)
	}
	affected := objects(out.object["affected"])
	if len(affected) != 1 || affected[0]["became"] != "moved" {
		t.Errorf("affected: %s", out.raw)
	}
	if now := s.two.want(t, http.StatusOK, "GET", "/api/v1/bookings/"+made[0].text("id"), nil); now.object["unit"] == 1.0 || now.text("status") != "confirmed" {
		t.Errorf("who was hit: %s", now.raw)
	}
	alone := s.two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", span("cutter", s.hour(21, 0), 30))
	hit := s.staff.want(t, http.StatusCreated, "POST", "/api/v1/equipment/cutter/outages",
		object{"from": stamp(s.hour(20, 0)), "expected_until": stamp(s.hour(22, 0)), "reason": "고장", "kind": "fault"})
	if affected := objects(hit.object["affected"]); len(affected) != 1 || affected[0]["became"] != "cancelled" {
		t.Errorf("affected: %s", hit.raw)
	}
	s.mailed("outage.affected", alone.text("code"))
	if got := s.state(s.anon, s.hour(21, 0)); got != "outage" {
		t.Errorf("the slot is %s", got)
	}
	refused := s.one.refused(t, 422, "policy", "POST", "/api/v1/bookings", span("cutter", s.hour(21, 0), 30))
	if c := refused.codes(); len(c) != 1 || c[0] != "outage" {
		t.Errorf("violations: %v", c)
	}
	if n := len(s.staff.want(t, http.StatusOK, "GET", "/api/v1/equipment/cutter/outages", nil).items()); n != 1 {
		t.Errorf("%d outages", n)
	}
	s.staff.want(t, http.StatusOK, "PATCH", "/api/v1/equipment/cutter/outages/"+hit.text("id"), object{"version": hit.object["version"], "to": stamp(s.hour(20, 30))})
	if got := s.state(s.anon, s.hour(21, 0)); got != "free" {
		t.Errorf("after the outage the slot is %s", got)
	}
}
