package proof

import (
	"net/http"
	"strings"
	"time"
)

// places: a machine, a center and the public holidays are changed by who runs
// them; bookings that can't stand any more are listed, kept or cancelled.
func (s *stage) places() {
	s.machineChanged()
	s.centerChanged()
	s.holidays()
}

func (s *stage) machineChanged() {
	t, path := s.t, "/api/v1/equipment/table"
	version := s.anon.want(t, http.StatusOK, "GET", path, nil).object["version"]
	second := s.booked(s.two, "table", s.later(4, 10), 60, "unit", 2)
	s.staff.refused(t, 403, "forbidden", "PUT", path, object{"version": version, "model": "T-2"})
	fewer := s.manager.refused(t, 422, "validation", "PUT", path, object{"version": version, "quantity": 1})
	if wrong := objects(fewer.object["errors"]); len(wrong) != 1 || wrong[0]["field"] != "quantity" {
		t.Errorf("a booked unit is taken away: %s", fewer.raw)
	}
	changed := s.manager.want(t, http.StatusOK, "PUT", path, object{"version": version, "model": "T-2"})
	if changed.text("model") != "T-2" || len(objects(changed.object["affected"])) != 0 {
		t.Errorf("changed: %s", changed.raw)
	}
	s.manager.refused(t, 409, "stale", "PUT", path, object{"version": version, "model": "T-3"})
	gone := object{"version": changed.object["version"], "retired": true, "affected": "cancel"}
	s.hit(s.manager.want(t, http.StatusOK, "PUT", path+"?preview=1", gone), second, "cancelled", "retired")
	s.status(s.two, second, "confirmed")
	retired := s.manager.want(t, http.StatusOK, "PUT", path, gone)
	s.hit(retired, second, "cancelled", "retired")
	s.status(s.two, second, "cancelled")
	s.mailed("outage.affected", second.text("code"))
	s.anon.refused(t, 404, "not_found", "GET", path, nil)
	s.against(s.two, "retired", "table", s.later(4, 10), 60)
	s.manager.want(t, http.StatusOK, "PUT", path, object{"version": retired.object["version"], "retired": false})
	s.booked(s.one, "table", s.later(4, 10), 60, "unit", 2)
}

func (s *stage) centerChanged() {
	t, path := s.t, "/api/v1/centers/home"
	version := s.anon.want(t, http.StatusOK, "GET", path, nil).object["version"]
	saturday := s.booked(s.two, "sewing", s.later(5, 10), 60)
	hours := allDay()
	delete(hours, "sat")
	body := object{"version": version, "hours": hours, "address": "시험로 1"}
	s.staff.refused(t, 403, "forbidden", "PUT", path, body)
	s.manager.refused(t, 403, "forbidden", "PUT", "/api/v1/centers/away", object{"version": 1, "address": "시험로 2"})
	s.hit(s.manager.want(t, http.StatusOK, "PUT", path+"?preview=1", body), saturday, "kept", "closed")
	if now := s.anon.want(t, http.StatusOK, "GET", path, nil); now.object["version"] != version {
		t.Errorf("a preview is written: %s", now.raw)
	}
	changed := s.manager.want(t, http.StatusOK, "PUT", path, body)
	s.hit(changed, saturday, "kept", "closed")
	if changed.text("address") != "시험로 1" || changed.object["version"] == version {
		t.Errorf("changed: %s", changed.raw)
	}
	s.manager.refused(t, 409, "stale", "PUT", path, body)
	s.status(s.two, saturday, "confirmed")
	s.against(s.one, "closed", "sewing", s.later(5, 12), 60)
	if mails := s.mails(t, "outage.affected", saturday.text("code")); len(mails) != 0 {
		t.Errorf("who keeps the booking is told that it is gone: %v", mails)
	}
}

func (s *stage) holidays() {
	t, path := s.t, "/api/v1/holidays"
	s.manager.refused(t, 403, "forbidden", "PUT", path, object{"version": 1, "holidays": []object{}})
	hit := s.booked(s.one, "press", s.later(2, 10), 60)
	day := s.later(2, 0).Format(time.DateOnly)
	read := s.anon.want(t, http.StatusOK, "GET", path, nil)
	list := read.object["holidays"].([]any)
	body := object{"version": read.object["version"], "affected": "cancel", "holidays": append(list, object{"date": day, "ko": "시험의 날", "en": "Test day"})}
	s.hit(s.admin.want(t, http.StatusOK, "PUT", path+"?preview=1", body), hit, "cancelled", "holiday")
	if n := len(objects(s.anon.want(t, http.StatusOK, "GET", path, nil).object["holidays"])); n != len(list) {
		t.Errorf("a preview is written: %d holidays", n)
	}
	s.hit(s.admin.want(t, http.StatusOK, "PUT", path, body), hit, "cancelled", "holiday")
	s.admin.refused(t, 409, "stale", "PUT", path, body)
	if now := s.anon.want(t, http.StatusOK, "GET", path, nil); len(objects(now.object["holidays"])) != len(list)+1 || !strings.Contains(string(now.raw), `"`+day+`"`) {
		t.Errorf("holidays: %s", now.raw)
	}
	s.status(s.one, hit, "cancelled")
	s.mailed("outage.affected", hit.text("code"))
	s.against(s.one, "holiday", "press", s.later(2, 10), 60)
	s.booked(s.one, "sewing", s.later(2, 10), 60) // the other center stays open
}
