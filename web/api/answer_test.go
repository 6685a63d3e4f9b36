package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/api"
	"gongbang/web/api/apitest"
)

const span = `"equipment_id":"m1","starts_at":"2030-01-07T12:00:00+09:00","ends_at":"2030-01-07T13:00:00+09:00"`

func fields(t *testing.T, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%v: %.200s", err, body)
	}
	return m
}

func TestBookingAsClientsSeeIt(t *testing.T) {
	h := open(t, nil)
	_, body := h.call(t, apitest.Owner, "GET", "/api/v1/bookings/b1", "")
	m := fields(t, body)
	for key, want := range map[string]any{"code": "7K3F-9QWD", "starts_at": "2030-01-07T12:00:00+09:00", "status": "confirmed",
		"created_at": "2030-01-07T11:00:00.001+09:00", "purpose": "<b>시제품</b>"} {
		if m[key] != want {
			t.Errorf("%s is %v, want %v", key, m[key], want)
		}
	}
	who := m["account"].(map[string]any)
	if who["phone"] != "010-1000-0001" || who["name"] != "시민1" {
		t.Errorf("%v", who)
	}
	if fmt.Sprint(m["can"]) != "[cancel check_in]" {
		t.Errorf("%v", m["can"])
	}
	if m["links"].(map[string]any)["calendar"] != "/api/v1/bookings/b1/calendar.ics" {
		t.Errorf("%v", m["links"])
	}
	resp, ics := h.call(t, apitest.Owner, "GET", "/api/v1/bookings/b1/calendar.ics", "")
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/calendar") || !strings.HasPrefix(ics, "BEGIN:VCALENDAR") {
		t.Errorf("%v %s", resp.Header, ics)
	}
}

func TestRefusalsCarryTheirReasons(t *testing.T) {
	h := open(t, nil)
	h.engine.refuse = fault.New(fault.Invalid, "policy").Show("violations", violations())
	for language, want := range map[string]string{"ko": "칸에 맞지 않습니다.", "en": "Off the grid."} {
		resp, body := h.call(t, apitest.Owner, "POST", "/api/v1/bookings", "{"+span+"}", "Accept-Language", language)
		m := fields(t, body)
		list := m["violations"].([]any)
		first, second := list[0].(map[string]any), list[1].(map[string]any)
		if resp.StatusCode != 422 || m["code"] != "policy" || first["message"] != want || first["limit"] != 60.0 ||
			second["until"] != "2030-01-07T12:00:00+09:00" || second["action"].(map[string]any)["href"] != "/api/v1/equipment" {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}
	h.engine.refuse = fault.New(fault.Conflict, "slot_taken").Show("alternatives", []booking.Alternative{{EquipmentID: "m1", CenterID: "c1",
		Interval: booking.Interval{Start: noon.Add(time.Hour), End: noon.Add(2 * time.Hour)}}}).Show("free_at", &noon)
	resp, body := h.call(t, apitest.Owner, "POST", "/api/v1/holds", "{"+span+"}")
	m := fields(t, body)
	if resp.StatusCode != 409 || m["free_at"] != "2030-01-07T12:00:00+09:00" ||
		m["alternatives"].([]any)[0].(map[string]any)["starts_at"] != "2030-01-07T13:00:00+09:00" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if got := m["type"]; got != "/docs#slot_taken" {
		t.Errorf("type is %v", got)
	}
}

func TestIdempotencyReachesTheEngine(t *testing.T) {
	h := open(t, nil)
	key := func(body string, header ...string) *booking.Key {
		t.Helper()
		if resp, got := h.call(t, apitest.Owner, "POST", "/api/v1/bookings", body, header...); resp.StatusCode != 201 {
			t.Fatalf("%d %s", resp.StatusCode, got)
		}
		return h.engine.last.Load().Key
	}
	if key("{"+span+"}") != nil {
		t.Error("a key out of nothing")
	}
	one := key("{"+span+"}", "Idempotency-Key", "k1")
	spaced := key("{ "+span+" }", "Idempotency-Key", "k1")
	other := key("{"+span+`,"purpose":"다른 것"}`, "Idempotency-Key", "k1")
	if one.Caller != "owner POST /api/v1/bookings" || one.Value != "k1" || *one != *spaced || one.Body == other.Body {
		t.Errorf("%+v %+v %+v", one, spaced, other)
	}
	h.engine.replay = true
	for _, c := range []struct{ who, path, body string }{
		{string(apitest.Owner), "/api/v1/bookings", "{" + span + "}"},
		{string(apitest.OwnStaff), "/api/v1/desk/c1/walk-ins", `{"equipment_id":"m1","minutes":5,"name":"방문"}`},
		{string(apitest.OwnStaff), "/api/v1/equipment/m1/outages", `{"from":"2030-01-07T12:00:00+09:00","reason":"점검","kind":"fault"}`},
	} {
		resp, _ := h.call(t, apitest.Who(c.who), "POST", c.path, c.body, "Idempotency-Key", "k1")
		if resp.StatusCode != 201 || resp.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %v", c.path, resp.StatusCode, resp.Header)
		}
	}
	for _, bad := range []string{strings.Repeat("x", 129), "한글"} {
		if resp, body := h.call(t, apitest.Owner, "POST", "/api/v1/bookings", "{"+span+"}", "Idempotency-Key", bad); resp.StatusCode != 422 {
			t.Errorf("%q: %d %s", bad, resp.StatusCode, body)
		}
	}
}

func TestAvailabilityTag(t *testing.T) {
	h := open(t, nil)
	path := "/api/v1/equipment/m1/availability?from=2030-01-07&days=2"
	resp, body := h.call(t, apitest.Anonymous, "GET", path, "")
	tag := resp.Header.Get("ETag")
	days := fields(t, body)["days"].([]any)
	first, second := days[0].(map[string]any), days[1].(map[string]any)
	if fmt.Sprint(first["open"]) != "[[09:00 24:00]]" || first["closed_reason"] != nil || second["closed_reason"] != "holiday" {
		t.Errorf("%s", body)
	}
	for sent, want := range map[string]int{tag: 304, "W/" + tag: 304, `"a", ` + tag: 304, "*": 304, `"other"`: 200, "": 200} {
		if resp, body := h.call(t, apitest.Anonymous, "GET", path, "", "If-None-Match", sent); resp.StatusCode != want || want == 304 && body != "" {
			t.Errorf("If-None-Match %q answers %d", sent, resp.StatusCode)
		}
	}
	resp, _ = h.call(t, apitest.Anonymous, "GET", "/api/v1/equipment/m1/availability", "")
	if resp.StatusCode != 200 {
		t.Errorf("without a day it is today: %d", resp.StatusCode)
	}
}

func TestHeadRecordsAndSendsNothing(t *testing.T) {
	h := open(t, nil)
	resp, body := h.call(t, apitest.Anonymous, "HEAD", "/api/v1/surveys/open", "")
	if resp.StatusCode != 200 || body != "" || h.surveys.answered.Load() != 0 {
		t.Errorf("%d %q", resp.StatusCode, body)
	}
	if resp, _ := h.call(t, apitest.Anonymous, "HEAD", "/api/v1/surveys/unknown", ""); resp.StatusCode != 404 {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestSignUpTellsNothingBehindAGateway(t *testing.T) {
	for _, gateway := range []bool{false, true} {
		h := open(t, nil)
		h.people.gateway = gateway
		up := func(email string) (int, string) {
			resp, body := h.call(t, apitest.Anonymous, "POST", "/api/v1/accounts",
				`{"name":"시민1","email":"`+email+`","consents":{"terms":true,"privacy":true}}`)
			return resp.StatusCode, body
		}
		fresh, freshBody := up("new@demo.test")
		known, knownBody := up("known@demo.test")
		if known != 202 || gateway && (fresh != 202 || freshBody != knownBody) || !gateway && fresh != 201 {
			t.Errorf("gateway %v: %d %s, %d %s", gateway, fresh, freshBody, known, knownBody)
		}
	}
}

func TestSignInSetsAndTakesTheCookie(t *testing.T) {
	h := open(t, nil)
	resp, body := h.call(t, apitest.Anonymous, "POST", "/api/v1/sessions", `{"login":"citizen@demo.test","password":"x"}`)
	if c := resp.Header.Get("Set-Cookie"); resp.StatusCode != 201 || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") {
		t.Errorf("%d %q %s", resp.StatusCode, c, body)
	}
	resp, _ = h.call(t, apitest.Owner, "DELETE", "/api/v1/sessions/current", "")
	if c := resp.Header.Get("Set-Cookie"); resp.StatusCode != 204 || !strings.Contains(c, "Max-Age=0") {
		t.Errorf("%d %q", resp.StatusCode, c)
	}
}

func TestPages(t *testing.T) {
	h := open(t, nil)
	_, body := h.call(t, apitest.Anonymous, "GET", "/api/v1/centers?limit=1", "")
	m := fields(t, body)
	if len(m["items"].([]any)) != 1 || m["next_cursor"] == nil {
		t.Fatalf("%s", body)
	}
	_, body = h.call(t, apitest.Anonymous, "GET", "/api/v1/centers?limit=1&cursor="+m["next_cursor"].(string), "")
	if next := fields(t, body); next["next_cursor"] != nil || next["items"].([]any)[0].(map[string]any)["id"] != "c2" {
		t.Errorf("%s", body)
	}
	resp, body := h.call(t, apitest.OwnManager, "GET", "/api/v1/audit?limit=2", "")
	if resp.StatusCode != 200 || h.audit.last.Limit != 3 {
		t.Errorf("%d asked for %d", resp.StatusCode, h.audit.last.Limit)
	}
	h.call(t, apitest.OwnManager, "GET", "/api/v1/audit?cursor="+fields(t, body)["next_cursor"].(string), "")
	if h.audit.last.Before != 999 {
		t.Errorf("goes on before %d", h.audit.last.Before)
	}
	for _, path := range []string{"/api/v1/centers?cursor=!", "/api/v1/centers?cursor=" + m["next_cursor"].(string) + "x",
		"/api/v1/equipment?cursor=" + m["next_cursor"].(string), "/api/v1/centers?limit=0", "/api/v1/centers?limit=201"} {
		if resp, body := h.call(t, apitest.Anonymous, "GET", path, ""); resp.StatusCode != 422 {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

func TestReadiness(t *testing.T) {
	down := func(name string, required bool) api.Probe { return probe(name, required, fault.ErrUnavailable) }
	for _, c := range []struct {
		probes []api.Probe
		status int
	}{
		{nil, 200},
		{[]api.Probe{probe("database", true, nil), down("mail", false)}, 200},
		{[]api.Probe{down("database", true)}, 503},
	} {
		h := open(t, func(d *api.Deps) { d.Probes = c.probes })
		resp, body := h.call(t, apitest.Anonymous, "GET", "/readyz", "")
		if resp.StatusCode != c.status || len(fields(t, body)["checks"].(map[string]any)) != len(c.probes) {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	}
}

func TestMetrics(t *testing.T) {
	h := open(t, func(d *api.Deps) { d.Gauges = []api.Gauge{gauge("gongbang_outbox_waiting", 3)} })
	h.call(t, apitest.Owner, "POST", "/api/v1/bookings", "{"+span+"}")
	h.call(t, apitest.Anonymous, "GET", "/api/v1/surveys/secret-token-in-path?x=1", "")
	_, body := h.call(t, apitest.Anonymous, "GET", "/metrics", "")
	for _, want := range []string{
		`gongbang_http_requests_total{method="POST",route="/api/v1/bookings",status="201"} 1`,
		`gongbang_bookings_total{origin="online"} 1`, `gongbang_refusals_total{code="validation"} 1`,
		`gongbang_http_request_duration_seconds_count{route="/api/v1/bookings"} 1`, "gongbang_outbox_waiting 3",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(body, "secret-token") {
		t.Error("a path became a label")
	}
}

func TestDocsNeedNothingFromElsewhere(t *testing.T) {
	h := open(t, nil)
	resp, body := h.call(t, apitest.Anonymous, "GET", "/docs", "")
	if resp.StatusCode != http.StatusOK || strings.Contains(body, "<script") || strings.Contains(body, "https://") {
		t.Errorf("%d, or something from another origin", resp.StatusCode)
	}
	for _, want := range []string{"POST /api/v1/bookings", `id="slot_taken"`, `id="Booking"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if style, css := h.call(t, apitest.Anonymous, "GET", "/docs/style.css", ""); style.StatusCode != 200 || !strings.Contains(css, "font") {
		t.Errorf("the style answers %d", style.StatusCode)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("CSP %q", csp)
	}
}
