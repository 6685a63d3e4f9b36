package edge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

const goodToken = "good-token-good-token-good-token-good-token"

// sessions knows one token.
type sessions struct{ err error }

func (s sessions) Authenticate(_ context.Context, token string) (account.Actor, error) {
	if s.err != nil {
		return account.Actor{}, s.err
	}
	if token != goodToken {
		return account.Actor{}, fault.ErrSignIn
	}
	return account.Actor{ID: "person-1", Session: "session-1"}, nil
}

// limiter remembers the keys and refuses some.
type limiter struct {
	keys   []string
	refuse bool
}

func (l *limiter) Allow(_ context.Context, key string, _, _ int) (bool, time.Duration) {
	l.keys = append(l.keys, key)
	return !l.refuse, 1500 * time.Millisecond
}

type setup struct {
	deps edge.Deps
	log  bytes.Buffer
}

// door is an edge with a public route that tells who asks, one that fails and one that panics.
func door(t *testing.T, change func(*edge.Deps)) (*edge.Edge, *setup) {
	t.Helper()
	s := &setup{}
	public, _ := url.Parse("http://gongbang.test")
	s.deps = edge.Deps{Log: slog.New(slog.NewJSONHandler(&s.log, nil)), Sessions: sessions{}, PublicURL: public,
		NewID: func() string { return "request-1" }}
	if change != nil {
		change(&s.deps)
	}
	e, err := edge.New(s.deps)
	if err != nil {
		t.Fatal(err)
	}
	g := e.Engine.Group("/api", e.Session)
	who := e.Wrap(func(c *gin.Context) error {
		a := edge.ActorOf(c)
		c.JSON(http.StatusOK, gin.H{"id": a.ID, "address": a.Address, "request": a.RequestID, "token": edge.TokenOf(c) != ""})
		return nil
	})
	edge.Get(g, "/who", who)
	g.POST("/who", who)
	g.POST("/body", e.Wrap(func(c *gin.Context) error {
		v, err := edge.ReadJSON(c)
		if err == nil {
			c.JSON(http.StatusOK, v)
		}
		return err
	}))
	edge.Get(g, "/fail/:secret", e.Wrap(func(*gin.Context) error { return errors.New("database said: secret-detail") }))
	edge.Get(g, "/panic", e.Wrap(func(*gin.Context) error { panic("secret-detail") }))
	return e, s
}

func ask(e *edge.Edge, method, target string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	e.Engine.ServeHTTP(w, r)
	return w
}

// problem reads a refusal and checks what every one of them has.
func problem(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("%d is of type %q: %s", w.Code, got, w.Body)
	}
	var p map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"type", "title", "detail", "code", "request_id"} {
		if s, _ := p[key].(string); s == "" {
			t.Errorf("the problem has no %s: %s", key, w.Body)
		}
	}
	if int(p["status"].(float64)) != w.Code {
		t.Errorf("status in the body is %v, in the answer %d", p["status"], w.Code)
	}
	return p
}

func TestUnknownErrorsAndPanicsShowNothing(t *testing.T) {
	for _, path := range []string{"/api/fail/token-in-path?name=query-secret", "/api/panic"} {
		e, s := door(t, nil)
		w := ask(e, "GET", path, nil)
		if p := problem(t, w); w.Code != 500 || p["code"] != "internal" {
			t.Errorf("%s answers %d %v", path, w.Code, p["code"])
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "goroutine") {
			t.Errorf("%s shows the client %s", path, w.Body)
		}
		if log := s.log.String(); strings.Contains(log, "query-secret") || strings.Contains(log, "token-in-path") {
			t.Errorf("the log carries what clients sent: %s", log)
		}
		if !strings.Contains(s.log.String(), "secret-detail") {
			t.Errorf("the log does not say what went wrong: %s", s.log.String())
		}
	}
}

func TestWhoAsks(t *testing.T) {
	cases := []struct {
		name   string
		header []string
		status int
		id     string
	}{
		{"nobody", nil, 200, ""},
		{"bearer", []string{"Authorization", "Bearer " + goodToken}, 200, "person-1"},
		{"scheme in small letters", []string{"Authorization", "bearer " + goodToken}, 200, "person-1"},
		{"cookie", []string{"Cookie", "gongbang=" + goodToken}, 200, "person-1"},
		{"header wins", []string{"Authorization", "Bearer " + goodToken, "Cookie", "gongbang=old"}, 200, "person-1"},
		{"wrong token on a public route", []string{"Authorization", "Bearer wrong"}, 401, ""},
		{"wrong cookie", []string{"Cookie", "gongbang=wrong"}, 401, ""},
		{"empty token", []string{"Authorization", "Bearer "}, 401, ""},
		{"empty header", []string{"Authorization", ""}, 401, ""},
		{"other scheme", []string{"Authorization", "Basic " + goodToken}, 401, ""},
		{"two headers", []string{"Authorization", "Bearer " + goodToken, "Authorization", "Bearer " + goodToken}, 401, ""},
		{"huge token", []string{"Authorization", "Bearer " + strings.Repeat("a", 300)}, 401, ""},
		{"token with a space", []string{"Authorization", "Bearer a b"}, 401, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e, s := door(t, nil)
			w := ask(e, "GET", "/api/who", nil, c.header...)
			if w.Code != c.status {
				t.Fatalf("answers %d: %s", w.Code, w.Body)
			}
			if strings.Contains(s.log.String(), goodToken) {
				t.Error("the log carries the token")
			}
			if c.status == 401 {
				if problem(t, w)["code"] != "unauthenticated" || w.Header().Get("WWW-Authenticate") == "" {
					t.Errorf("%s", w.Body)
				}
				cleared := strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0")
				if usedCookie := c.header[0] == "Cookie"; cleared != usedCookie {
					t.Errorf("the cookie is taken away: %v", cleared)
				}
				return
			}
			var got struct{ ID, Address, Request string }
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.ID != c.id || got.Address != "192.0.2.1" || got.Request != "request-1" {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

func TestSessionsDownIsNotAWrongToken(t *testing.T) {
	e, _ := door(t, func(d *edge.Deps) { d.Sessions = sessions{fault.ErrUnavailable} })
	w := ask(e, "GET", "/api/who", nil, "Cookie", "gongbang="+goodToken)
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestCookieBehindTLS(t *testing.T) {
	e, _ := door(t, func(d *edge.Deps) { d.PublicURL, _ = url.Parse("https://gongbang.test") })
	e.Engine.GET("/in", func(c *gin.Context) { e.SetCookie(c, goodToken, time.Now().Add(time.Hour)) })
	w := ask(e, "GET", "/in", nil)
	cookie := w.Header().Get("Set-Cookie")
	for _, want := range []string{"__Host-gongbang=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("%q lacks %s", cookie, want)
		}
	}
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS behind TLS")
	}
	if got := ask(e, "GET", "/api/who", nil, "Cookie", "gongbang="+goodToken).Body.String(); strings.Contains(got, "person-1") {
		t.Error("a cookie without the __Host- prefix counts behind TLS")
	}
}

func TestSecurityHeaders(t *testing.T) {
	e, _ := door(t, nil)
	for _, path := range []string{"/api/who", "/nowhere", "/api/panic"} {
		h := ask(e, "GET", path, nil).Header()
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Request-Id": "request-1",
		} {
			if !strings.Contains(h.Get(key), want) {
				t.Errorf("%s: %s is %q", path, key, h.Get(key))
			}
		}
		if h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: HSTS without TLS", path)
		}
	}
}

func TestOtherSitesCanNotChangeAnything(t *testing.T) {
	e, _ := door(t, nil)
	for _, c := range []struct {
		method string
		header []string
		status int
	}{
		{"POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"POST", []string{"Origin", "https://evil.test"}, 403},
		{"POST", []string{"Origin", "null"}, 403},
		{"POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"POST", []string{"Origin", "http://gongbang.test"}, 200},
		{"POST", nil, 200},
		{"GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
	} {
		if w := ask(e, c.method, "/api/who", nil, c.header...); w.Code != c.status {
			t.Errorf("%s %v answers %d", c.method, c.header, w.Code)
		}
	}
}

func TestRateLimit(t *testing.T) {
	l := &limiter{}
	e, _ := door(t, func(d *edge.Deps) { d.Limiter = l })
	ask(e, "GET", "/api/who", nil)
	ask(e, "GET", "/api/who", nil, "Authorization", "Bearer "+goodToken)
	ask(e, "GET", "/api/who", nil, "Authorization", "Bearer wrong")
	want := []string{"ip:192.0.2.1", "a:person-1", "ip:192.0.2.1"}
	if strings.Join(l.keys, " ") != strings.Join(want, " ") {
		t.Errorf("charged %v, want %v", l.keys, want)
	}
	l.refuse = true
	w := ask(e, "GET", "/api/who", nil)
	if p := problem(t, w); w.Code != 429 || p["code"] != "rate_limited" || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d %v %v", w.Code, p, w.Header())
	}
}

func TestForwardedForIsBelievedFromTrustedProxiesOnly(t *testing.T) {
	for proxies, want := range map[string]string{"": "192.0.2.1", "192.0.2.0/24": "198.51.100.7", "10.0.0.1": "192.0.2.1"} {
		e, _ := door(t, func(d *edge.Deps) {
			if proxies != "" {
				d.TrustedProxies = []string{proxies}
			}
		})
		w := ask(e, "GET", "/api/who", nil, "X-Forwarded-For", "198.51.100.7")
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("trusting %q: %s", proxies, w.Body)
		}
	}
	if _, err := edge.New(edge.Deps{Log: slog.Default(), Sessions: sessions{}, PublicURL: &url.URL{}, NewID: func() string { return "" },
		TrustedProxies: []string{"not an address"}}); err == nil {
		t.Error("a proxy that is no address is taken")
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	e, _ := door(t, nil)
	if w := ask(e, "GET", "/api/nowhere", nil); w.Code != 404 || problem(t, w)["code"] != "not_found" {
		t.Errorf("%d", w.Code)
	}
	if w := ask(e, "PUT", "/api/who", nil); w.Code != 405 || problem(t, w)["code"] != "method_not_allowed" || w.Header().Get("Allow") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := ask(e, "GET", "/api/fail/%00", nil); w.Code != 400 {
		t.Errorf("NUL in a path answers %d", w.Code)
	}
	if w := ask(e, "GET", "/api/fail/%ff", nil); w.Code != 400 {
		t.Errorf("bad UTF-8 in a path answers %d", w.Code)
	}
	if w := ask(e, "HEAD", "/api/who", nil); w.Code != 200 {
		t.Errorf("HEAD answers %d", w.Code)
	}
}

func TestLanguage(t *testing.T) {
	e, _ := door(t, nil)
	for header, want := range map[string]string{"": "찾을", "ko": "찾을", "en": "Not", "en-US,en;q=0.9": "Not", "fr, de": "찾을",
		"ko;q=0.5, en;q=0.9": "Not", "en;q=0.5, ko": "찾을", "en, ko": "Not", "en;q=0": "찾을", "en;q=broken": "찾을", strings.Repeat("en,", 500): "찾을"} {
		w := ask(e, "GET", "/nowhere", nil, "Accept-Language", header)
		if title := problem(t, w)["title"].(string); !strings.HasPrefix(title, want) {
			t.Errorf("%.40q is answered %q", header, title)
		}
	}
}

func TestMissingDeps(t *testing.T) {
	if _, err := edge.New(edge.Deps{}); err == nil {
		t.Error("an edge without anything is made")
	}
}

// TestAdvice: who is slowed down learns of the way that is open.
func TestAdvice(t *testing.T) {
	e, _ := door(t, nil)
	e.Engine.GET("/busy", e.Wrap(func(*gin.Context) error { return fault.ErrUnavailable.With("advice", "code") }))
	w := ask(e, "GET", "/busy", nil)
	if p := problem(t, w); w.Code != 503 || p["advice"] != "code" || !strings.Contains(p["detail"].(string), "인증 번호") {
		t.Errorf("%d %v", w.Code, p)
	}
}
