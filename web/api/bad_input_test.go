package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gongbang/account"
	"gongbang/web/api"
	"gongbang/web/api/apitest"
)

func probe(name string, required bool, err error) api.Probe {
	return api.Probe{Name: name, Required: required, Check: func(context.Context) (map[string]any, error) { return nil, err }}
}

func gauge(name string, v float64) api.Gauge {
	return api.Gauge{Name: name, Help: "A figure.", Read: func(context.Context) (float64, error) { return v, nil }}
}

// asked builds a request to a route of the table as an admin, who may everything.
func asked(r api.RouteInfo, query, body string) *http.Request {
	path := r.Path
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			path = strings.Replace(path, part, byRoute(r.Path, strings.TrimSuffix(name, "}")), 1)
		}
	}
	req := httptest.NewRequest(r.Method, api.Base+path, strings.NewReader(body))
	req.URL.RawQuery = query
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token(apitest.AnyAdmin))
	return req
}

// TestBadBodiesOnEveryRoute: each route that takes a body refuses each kind of
// broken one with 4xx and a code, and the services never see it.
func TestBadBodiesOnEveryRoute(t *testing.T) {
	h := open(t, nil)
	contract, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	bad := map[string]string{
		"cut off": `{"login":`, "trailing": `{} {}`, "twice": `{"a":1,"a":2}`, "array": `[]`, "null": `null`, "bad UTF-8": "{\"a\":\"\xff\"}",
		"deep": strings.Repeat(`{"a":`, 30) + "1" + strings.Repeat("}", 30), "unknown": `{"surely_unknown":1}`,
		"huge": `{"a":"` + strings.Repeat("x", 70<<10) + `"}`, "NUL": "{\"a\u0000\":1}",
	}
	for _, r := range api.Routes() {
		if r.Method == http.MethodGet {
			continue
		}
		for name, body := range bad {
			check(t, h, contract, asked(r, "", body), r.Method+" "+r.Path+" "+name)
		}
		check(t, h, contract, asked(r, "surely_unknown=1", "{}"), r.Method+" "+r.Path+" with a query")
		form := asked(r, "", "a=b")
		form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		check(t, h, contract, form, r.Method+" "+r.Path+" with a form")
	}
	for _, r := range api.Routes() {
		if r.Method == http.MethodGet {
			for _, query := range []string{"surely_unknown=1", "%zz=1", "limit=x", "a=1;b=2", "q=%00"} {
				check(t, h, contract, asked(r, query, ""), "GET "+r.Path+"?"+query)
			}
		}
	}
	if n := h.engine.calls.Load(); n != 0 {
		t.Errorf("the engine was asked %d times", n)
	}
}

// check asks and wants a refusal of the client's input that fits the contract.
func check(t *testing.T, h *house, contract *apitest.Contract, req *http.Request, what string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, req)
	var p struct {
		Code   string
		Errors []struct{ Field, Rule, Message string }
	}
	_ = json.Unmarshal(w.Body.Bytes(), &p)
	if w.Code < 400 || w.Code >= 500 || p.Code == "" {
		t.Errorf("%s answers %d: %.200s", what, w.Code, w.Body)
	}
	if p.Code == "validation" && len(p.Errors) == 0 {
		t.Errorf("%s names no field: %.200s", what, w.Body)
	}
	if err := contract.Judge(req.Method, req.URL.Path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Error(err)
	}
}

// TestFieldsAreNamed spot-checks the fields and rules that clients are told.
func TestFieldsAreNamed(t *testing.T) {
	h := open(t, nil)
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", "/bookings", `{}`, "ends_at required, equipment_id required, starts_at required"},
		{"POST", "/bookings", `{"hold_id":"h","equipment_id":"m1"}`, "equipment_id not_with"},
		{"POST", "/bookings", `{"hold_id":"h","people":0}`, "people min"},
		{"POST", "/bookings", `{"hold_id":"h","attendee":{"phone":"1"}}`, "attendee.name required"},
		{"POST", "/bookings", `{"hold_id":"h","declares":["x"]}`, "declares.0 oneof"},
		{"POST", "/bookings", `{"hold_id":"h","job":{"what":"x","due_date":"2030-02-30"}}`, "job.due_date date"},
		{"POST", "/bookings", `{"hold_id":"h","for":{"account_id":"a","name":"b"}}`, "for.account_id not_with"},
		{"POST", "/holds", `{"equipment_id":"m1","starts_at":"2030-01-07T12:00:00+09:00","ends_at":"2030-01-07T12:00:00+09:00"}`, "ends_at after"},
		{"PATCH", "/bookings/b1", `{"starts_at":"2030-01-07T12:00:00+09:00","ends_at":"2030-01-07T13:00:00+09:00"}`, "version required"},
		{"POST", "/bookings/b1/extend", `{}`, "ends_at required"},
		{"POST", "/bookings/b1/undo", `{}`, "reason required"},
		{"POST", "/bookings/b1/late", `{"minutes":0}`, "minutes min"},
		{"POST", "/bookings/b1/job", `{"state":"eaten"}`, "state oneof"},
		{"POST", "/accounts", `{"name":"a"}`, "consents required"},
		{"POST", "/accounts", `{"name":"a","consents":{"terms":true}}`, "consents.privacy required"},
		{"POST", "/sessions", `{"password":"x"}`, "login required"},
		{"POST", "/password-resets", `{"login":"a","code":"1"}`, "password required"},
		{"PUT", "/me/consents/survey", `{}`, "given required"},
		{"POST", "/surveys/open", `{}`, "answers required"},
		{"PATCH", "/accounts/owner", `{"roles":[{"role":"king"}]}`, "roles.0.role oneof"},
		{"GET", "/survey-results?from=2030-13", "", "from month"},
		{"GET", "/survey-results?group_by=age", "", "group_by oneof"},
		{"GET", "/equipment/m1/availability?days=32", "", "days max"},
		{"GET", "/equipment/m1/availability?from=2030-02-30", "", "from date"},
		{"GET", "/equipment/m1/explain", "", "ends_at required, starts_at required"},
		{"GET", "/equipment?free_from=2030-01-07T12:00:00%2B09:00", "", "free_to required"},
		{"GET", "/bookings?scope=center", "", "center required"},
		{"GET", "/bookings?status=gone", "", "status.0 oneof"},
		{"GET", "/events", "", "equipment required"},
		{"GET", "/events?equipment=m1&center=c1", "", "equipment not_with"},
		{"GET", "/desk/c1/find", "", "q required"},
	} {
		resp, body := h.call(t, apitest.AnyAdmin, c.method, api.Base+c.path, c.body)
		var p struct {
			Errors []struct{ Field, Rule string }
		}
		_ = json.Unmarshal([]byte(body), &p)
		var told []string
		for _, e := range p.Errors {
			told = append(told, e.Field+" "+e.Rule)
		}
		if got := strings.Join(told, ", "); resp.StatusCode != 422 || got != c.want {
			t.Errorf("%s %s %s is told %d %q, want %q", c.method, c.path, c.body, resp.StatusCode, got, c.want)
		}
	}
}

// TestShapeComesBeforePermission, and who it is before both.
func TestShapeComesBeforePermission(t *testing.T) {
	h := open(t, nil)
	const path = "/api/v1/desk/c1/walk-ins"
	for who, want := range map[apitest.Who][2]int{apitest.Anonymous: {401, 401}, apitest.Owner: {422, 403}, apitest.OwnStaff: {422, 201}} {
		broken, _ := h.call(t, who, "POST", path, `{}`)
		whole, _ := h.call(t, who, "POST", path, `{"equipment_id":"m1","minutes":5,"name":"방문"}`)
		if broken.StatusCode != want[0] || whole.StatusCode != want[1] {
			t.Errorf("%s is answered %d and %d, want %v", who, broken.StatusCode, whole.StatusCode, want)
		}
	}
}

// FuzzEveryRoute throws bytes at every decoder through the whole API. What a
// client sends is never a 5xx, and every refusal has a code.
func FuzzEveryRoute(f *testing.F) {
	routes := api.Routes()
	for i := range routes {
		f.Add(uint8(i), "", []byte(`{}`), "k", "a")
	}
	f.Add(uint8(3), "limit=1&cursor=x", []byte(`{"hold_id":"x","people":-1}`), "\x00", "%2F")
	f.Add(uint8(4), "free_from=a", []byte(`{"answers":{"overall":[{}]}}`), strings.Repeat("x", 200), "..")
	h := build(f, nil)
	f.Fuzz(func(t *testing.T, at uint8, query string, body []byte, key, param string) {
		r := routes[int(at)%len(routes)]
		if r.Path == "/events" { // a stream that is let in would not end
			return
		}
		path := r.Path
		for part := range strings.SplitSeq(r.Path, "/") {
			if strings.HasPrefix(part, "{") {
				path = strings.Replace(path, part, url.PathEscape(param), 1)
			}
		}
		target, err := url.Parse(api.Base + path)
		if err != nil || param == "" || strings.Contains(param, "/") {
			return
		}
		req := httptest.NewRequest(r.Method, "/", bytes.NewReader(body))
		req.URL = target
		req.URL.RawQuery = query
		req.Header.Set("Content-Type", "application/json")
		req.Header["Idempotency-Key"] = []string{key}
		req.Header.Set("Authorization", "Bearer "+token(apitest.AnyAdmin))
		w := httptest.NewRecorder()
		h.api.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%s %s answers %d: %s", r.Method, req.URL, w.Code, w.Body)
		}
		if w.Code >= 400 {
			var p struct{ Code string }
			if json.Unmarshal(w.Body.Bytes(), &p) != nil || p.Code == "" {
				t.Errorf("%s %s answers %d without a code: %s", r.Method, req.URL, w.Code, w.Body)
			}
		}
	})
}

// FuzzCursor: a cursor is opaque, and whatever comes back is refused or understood.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "Y2VudGVyOmMx", "!!", "YXVkaXQ6LTE", "YXVkaXQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5"} {
		f.Add(seed)
	}
	h := build(f, nil)
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, r := range []api.RouteInfo{{Method: "GET", Path: "/centers", Permission: account.Public},
			{Method: "GET", Path: "/audit"}, {Method: "GET", Path: "/accounts"}, {Method: "GET", Path: "/equipment"}} {
			w := httptest.NewRecorder()
			h.api.ServeHTTP(w, asked(r, "cursor="+url.QueryEscape(cursor), ""))
			if w.Code != 200 && w.Code != 422 {
				t.Errorf("%s with %q answers %d", r.Path, cursor, w.Code)
			}
		}
	})
}
