package edge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// refusable fails for anything but success and a refusal of the client's input.
func refusable(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if status := edge.Status(err); status < 400 || status >= 500 {
		t.Errorf("input is answered %d: %v", status, err)
	}
	if f, ok := fault.As(err); !ok || f.Code == "" {
		t.Errorf("no code: %v", err)
	}
}

func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{}`, `{"text":"a","n":1}`, `{"inner":{"name":null}}`, `{"free":{"a":[[[]]]}}`, `{"a":1,"a":1}`,
		"{\"a\":\"\xff\"}", `{"start":"2026-11-22T10:00:00Z"}`, `{"n":1e309}`, `[`, "null", `{"text":"\ud800"}`, ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		object, err := edge.ParseJSON(raw)
		refusable(t, err)
		if err != nil {
			return
		}
		var in input
		refusable(t, edge.Bind(object, &in))
		if strings.ContainsRune(in.Text, 0) {
			t.Error("NUL came through")
		}
		again, err := edge.ParseJSON(edge.Canonical(object))
		if err != nil || string(edge.Canonical(again)) != string(edge.Canonical(object)) {
			t.Errorf("the canonical form moves: %s", edge.Canonical(object))
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "q=a&n=1", "q=%ff", "kind=a,b,,", "at=2026-11-22T10:00:00+09:00", "%=%", "q;n", "flag=true&flag=false"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.RawQuery = query
		var in asked
		refusable(t, edge.BindQuery(r, &in))
	})
}

func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"", "Bearer x", "bearer  x", "Basic x", "Bearer", "Bearer \x00", "Bearer a b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		token, ok := edge.Bearer([]string{header})
		if ok && (token == "" || len(token) > 256 || strings.ContainsAny(token, " \x00\r\n")) {
			t.Errorf("%q gives %q", header, token)
		}
	})
}

func FuzzAcceptLanguage(f *testing.F) {
	for _, seed := range []string{"", "en", "ko-KR,ko;q=0.9,en;q=0.8", "en;q=NaN", ";;;,,,", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if l := edge.Accepts(header); l != "ko" && l != "en" {
			t.Errorf("%q gives %q", header, l)
		}
	})
}

func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"", "a", "journey-1", strings.Repeat("x", 128), strings.Repeat("x", 129), "한글", "a\tb", "~ !"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("POST", "/api/v1/bookings", nil)
		c.Request.Header = http.Header{"Idempotency-Key": {header}}
		k, err := edge.Key(c, map[string]any{})
		refusable(t, err)
		if err == nil && (k == nil || len(k.Value) < 1 || len(k.Value) > 128 || len(k.Body) != 64) {
			t.Errorf("%q gives %+v", header, k)
		}
	})
}

func TestIdempotencyKeyOfWhom(t *testing.T) {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("POST", "/api/v1/bookings", nil)
	if k, err := edge.Key(c, nil); k != nil || err != nil {
		t.Errorf("without a header: %v %v", k, err)
	}
	c.Request.Header.Set("Idempotency-Key", "one")
	k, err := edge.Key(c, map[string]any{"a": "b"})
	if err != nil || k.Caller != "192.0.2.1 POST /api/v1/bookings" || k.Value != "one" {
		t.Errorf("%+v %v", k, err)
	}
	c.Request.Header.Add("Idempotency-Key", "two")
	if _, err := edge.Key(c, nil); fault.Code(err) != "validation" {
		t.Errorf("two keys are told %v", err)
	}
}
