package proof

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// rules: who runs a center changes it, its machines and rules, and closes it;
// what comes is shown to everybody, and what a repeated request is told is the same.
func (s *stage) rules() {
	t := s.t
	text := object{"policy": object{"slot_minutes": 30, "buffer_minutes": 10}, "effective_from": stamp(s.hour(0, 0).AddDate(0, 0, 20))}
	s.awayStaff.refused(t, 403, "forbidden", "PUT", "/api/v1/centers/away/policy", text)
	s.manager.refused(t, 403, "forbidden", "PUT", "/api/v1/equipment/press/policy", text)
	shown := s.admin.want(t, http.StatusOK, "PUT", "/api/v1/centers/away/policy?preview=1", text)
	if machines := objects(shown.object["machines"]); len(machines) != 1 || len(objects(machines[0]["days"])) != 7 {
		t.Errorf("a preview: %s", tail(string(shown.raw), 600))
	}
	s.admin.want(t, http.StatusOK, "PUT", "/api/v1/centers/away/policy", text)
	if layer := s.admin.want(t, http.StatusOK, "GET", "/api/v1/centers/away/policy", nil); len(objects(layer.object["coming"])) != 1 {
		t.Errorf("what comes: %s", layer.raw)
	}
	if detail := s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/press", nil); !strings.Contains(string(detail.raw), "정리 시간 10분") {
		t.Errorf("what comes is not shown: %s", tail(string(detail.raw), 600))
	}
	bad := s.admin.refused(t, 422, "validation", "PUT", "/api/v1/equipment/press/policy", object{"policy": object{"lanes": []object{{"units": 2, "admits": []string{"desk"}}}}})
	if !strings.Contains(string(bad.raw), `"policy.lanes"`) {
		t.Errorf("the field is not named: %s", bad.raw)
	}
	s.admin.want(t, http.StatusOK, "PUT", "/api/v1/equipment/press/policy", object{"policy": object{"max_minutes": 120}})
	s.admin.want(t, http.StatusOK, "GET", "/api/v1/equipment/press/policy", nil)
	s.takenBack("/api/v1/equipment/press/policy")
	s.seriesEnds()
	is := s.anon.want(t, http.StatusOK, "GET", "/api/v1/centers/away", nil)
	s.admin.want(t, http.StatusOK, "PUT", "/api/v1/centers/away", object{"version": is.object["version"], "address": "시험로 2"})
	s.admin.refused(t, 409, "stale", "PUT", "/api/v1/centers/away", object{"version": is.object["version"], "address": "시험로 3"})
	is = s.anon.want(t, http.StatusOK, "GET", "/api/v1/equipment/press", nil)
	s.admin.want(t, http.StatusOK, "PUT", "/api/v1/equipment/press", object{"version": is.object["version"], "model": "P-2"})
	table := s.anon.want(t, http.StatusOK, "GET", "/api/v1/holidays", nil)
	days := objects(table.object["holidays"])
	s.manager.refused(t, 403, "forbidden", "PUT", "/api/v1/holidays", object{"version": table.object["version"], "holidays": days})
	s.admin.want(t, http.StatusOK, "PUT", "/api/v1/holidays", object{"version": table.object["version"], "holidays": append(days, object{"date": "2031-01-01", "ko": "신정"})})

	snow := object{"scope": "center:away", "from": s.clock.AddDate(0, 0, 1).Format("2006-01-02"), "reason": "폭설"}
	closed := s.awayStaff.want(t, http.StatusCreated, "POST", "/api/v1/closures", snow, "Idempotency-Key", "snow")
	again := s.awayStaff.want(t, http.StatusCreated, "POST", "/api/v1/closures", snow, "Idempotency-Key", "snow")
	if again.header.Get("Idempotent-Replayed") != "true" || string(again.raw) != string(closed.raw) {
		t.Errorf("the replay: %s, first %s", again.raw, closed.raw)
	}
	s.staff.refused(t, 403, "forbidden", "POST", "/api/v1/closures", snow)
	if n := len(s.awayStaff.want(t, http.StatusOK, "GET", "/api/v1/closures?center=away", nil).items()); n != 1 {
		t.Errorf("%d closures", n)
	}
	s.staff.refused(t, 403, "forbidden", "DELETE", "/api/v1/closures/"+closed.text("id"), nil)
	s.awayStaff.want(t, http.StatusNoContent, "DELETE", "/api/v1/closures/"+closed.text("id"), nil)
}

// takenBack: of two planned changes one is taken back, and the other one stays.
func (s *stage) takenBack(path string) {
	t := s.t
	now := s.admin.want(t, http.StatusOK, "GET", path, nil).object["policy"]
	for day := 40; day <= 50; day += 10 {
		s.admin.want(t, http.StatusOK, "PUT", path, object{"policy": object{"max_minutes": 60}, "effective_from": stamp(s.hour(0, 0).AddDate(0, 0, day))})
	}
	coming := objects(s.admin.want(t, http.StatusOK, "GET", path, nil).object["coming"])
	first, why := path+"/versions/"+fmt.Sprint(coming[0]["version"]), object{"reason": "의견을 더 듣기로 했습니다"}
	s.manager.refused(t, 403, "forbidden", "DELETE", first, why)
	left := s.admin.want(t, http.StatusOK, "DELETE", first, why)
	if rest := objects(left.object["coming"]); len(rest) != 1 || rest[0]["effective_from"] != coming[1]["effective_from"] || fmt.Sprint(left.object["policy"]) != fmt.Sprint(now) {
		t.Errorf("one of two changes was taken back: %s", left.raw)
	}
	s.admin.refused(t, 409, "state_conflict", "DELETE", first, why)
	last := objects(left.object["coming"])[0]["version"]
	s.admin.want(t, http.StatusOK, "DELETE", path+"/versions/"+fmt.Sprint(last), why)

	of := strings.NewReplacer("equipment/press", "centers/away").Replace(path)
	planned := objects(s.admin.want(t, http.StatusOK, "GET", of, nil).object["coming"])
	left = s.admin.want(t, http.StatusOK, "DELETE", of+"/versions/"+fmt.Sprint(planned[0]["version"]), why)
	if len(objects(left.object["coming"])) != 0 {
		t.Errorf("the center's change was taken back: %s", left.raw)
	}
	for action, subject := range map[string]string{"equipment.policy_withdraw": "press", "center.policy_withdraw": "away"} {
		if lines := s.admin.want(t, http.StatusOK, "GET", "/api/v1/audit?center=away&action="+action, nil).items(); len(lines) == 0 || lines[0]["subject"] != subject {
			t.Errorf("audit of %s: %v", action, lines)
		}
	}
}

// seriesEnds: maintenance every week is ended from a day on.
func (s *stage) seriesEnds() {
	t, path := s.t, "/api/v1/equipment/press/outages"
	from := s.later(60, 10)
	first := s.admin.want(t, http.StatusCreated, "POST", path, object{"kind": "maintenance", "reason": "정기 점검", "from": stamp(from), "to": stamp(from.Add(time.Hour)),
		"repeat": object{"every": "week", "until": from.AddDate(0, 0, 28).Format(time.DateOnly)}})
	end, body := path+"/"+first.text("id")+"/end-series", object{"from": from.AddDate(0, 0, 7).Format(time.DateOnly), "reason": "점검 주기가 바뀌었습니다"}
	s.staff.refused(t, 403, "forbidden", "POST", end, body)
	if shown := s.admin.want(t, http.StatusOK, "POST", end+"?preview=1", body); len(objects(shown.object["ended"])) != 4 {
		t.Errorf("a preview: %s", shown.raw)
	}
	if done := s.admin.want(t, http.StatusOK, "POST", end, body); len(objects(done.object["ended"])) != 4 {
		t.Errorf("ended: %s", done.raw)
	}
	s.admin.want(t, http.StatusOK, "POST", end, object{"reason": "점검을 하지 않습니다"})
}
