package page_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gongbang/web/page/pagetest"
)

var hangul = regexp.MustCompile(`[\x{1100}-\x{11ff}\x{3130}-\x{318f}\x{ac00}-\x{d7a3}]+`)

// pagesOf is every page of the frame with who looks at it.
var pagesOf = []struct {
	path   string
	who    pagetest.Who
	status int
}{
	{"/", pagetest.Nobody, 200}, {"/", pagetest.Citizen, 200}, {"/?district=x", pagetest.Nobody, 200},
	{"/search", pagetest.Nobody, 200}, {"/search?q=laser&category=marking&sector=shoes", pagetest.Citizen, 200}, {"/search?q=zzz", pagetest.Nobody, 200},
	{"/centers/" + pagetest.Saha, pagetest.Nobody, 200}, {"/centers/" + pagetest.Gangseo, pagetest.Citizen, 200}, {"/centers/" + pagetest.Suyeong, pagetest.Nobody, 200},
	{"/ask", pagetest.Nobody, 200}, {"/ask?center=" + pagetest.Saha, pagetest.Citizen, 200}, {"/ask?equipment=" + pagetest.Laser, pagetest.Nobody, 200}, {"/ask?center=none", pagetest.Nobody, 200},
	{"/guide", pagetest.Nobody, 200}, {"/licence", pagetest.Nobody, 200}, {"/privacy", pagetest.Nobody, 200}, {"/settings", pagetest.Nobody, 200},
	{"/sign-in", pagetest.Nobody, 200}, {"/sign-in?by=password&next=/me", pagetest.Nobody, 200}, {"/sign-up", pagetest.Nobody, 200}, {"/password-reset", pagetest.Nobody, 200},
	{"/me", pagetest.Citizen, 200}, {"/me?verify=phone", pagetest.Citizen, 200}, {"/demo/messages", pagetest.Nobody, 200},
	{"/nothing-here", pagetest.Nobody, 404}, {"/centers/none", pagetest.Citizen, 404},
}

// TestEveryPage holds the pages of the frame to what all pages promise.
func TestEveryPage(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Demo: true})
	s.Book(pagetest.Citizen, pagetest.Laser, s.At(0, 14, 0), 2)
	brand := map[string]string{"ko": "부산 공동작업장 예약", "en": "Busan Shared Workshops"}
	for _, c := range pagesOf {
		client := s.As(c.who)
		for l, prefix := range map[string]string{"ko": "", "en": "/en"} {
			t.Run(fmt.Sprint(l, " ", c.path, " ", c.who), func(t *testing.T) {
				p := client.Get(prefix + c.path)
				if p.Status != c.status {
					t.Fatalf("answers %d", p.Status)
				}
				soundPage(t, p, l, brand[l])
				if len(p.Body) > 60<<10 {
					t.Errorf("%d bytes of HTML", len(p.Body))
				}
			})
		}
	}
}

// soundPage is what holds for every page whatever it shows.
func soundPage(t *testing.T, p *pagetest.Page, l, brand string) {
	t.Helper()
	for name, want := range map[string]int{"h1": 1, "main": 1, "title": 1} {
		if n := len(p.Elements(name)); n != want {
			t.Errorf("%d <%s>", n, name)
		}
	}
	if got := pagetest.Attr(p.Elements("html")[0], "lang"); got != l {
		t.Errorf("lang is %q", got)
	}
	title := pagetest.Inner(p.Elements("title")[0])
	if !strings.HasSuffix(title, " – "+brand) || strings.HasPrefix(title, " –") {
		t.Errorf("the title is %q", title)
	}
	if strings.Contains(p.Body, "⟦") || strings.Contains(p.Body, "ZgotmplZ") {
		t.Errorf("a text is missing or was refused: %s", p.Text())
	}
	if csp := p.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("CSP %q", csp)
	}
	if v := p.Header.Get("Cache-Control"); v != "no-store" {
		t.Errorf("Cache-Control %q", v)
	}
	soundElements(t, p, l)
	if l == "en" {
		for _, text := range readable(p.Elements("html")[0], false) {
			if found := hangul.FindString(text); found != "" {
				t.Errorf("%q is Korean in %q", found, text)
			}
		}
	}
}

func soundElements(t *testing.T, p *pagetest.Page, l string) {
	t.Helper()
	ids, labelled, primary := map[string]bool{}, map[string]bool{}, 0
	for _, n := range p.Find(func(n *html.Node) bool { return true }) {
		if id := pagetest.Attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labelled[pagetest.Attr(n, "for")] = true
		}
		if strings.Contains(" "+pagetest.Attr(n, "class")+" ", " primary ") {
			primary++
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s> can't work under the CSP", n.Data, a.Key)
			}
		}
		if n.Data == "script" && pagetest.Attr(n, "src") == "" || n.Data == "style" {
			t.Errorf("an inline <%s>", n.Data)
		}
		if href := pagetest.Attr(n, "href"); n.Data == "a" && l == "en" && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "/en/") && pagetest.Attr(n, "hreflang") == "" {
			t.Errorf("the English page leads to %s", href)
		}
	}
	if primary > 1 {
		t.Errorf("%d primary buttons", primary)
	}
	for _, n := range p.Find(func(n *html.Node) bool { return n.Data == "input" || n.Data == "select" || n.Data == "textarea" }) {
		kind := pagetest.Attr(n, "type")
		if kind != "hidden" && !labelled[pagetest.Attr(n, "id")] && n.Parent.Data != "label" {
			t.Errorf("<%s name=%q> has no label", n.Data, pagetest.Attr(n, "name"))
		}
		for id := range strings.FieldsSeq(pagetest.Attr(n, "aria-describedby")) {
			if !ids[id] {
				t.Errorf("%q is described by %q, which is not there", pagetest.Attr(n, "name"), id)
			}
		}
	}
	level := 1
	for _, n := range p.Find(func(n *html.Node) bool {
		return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
	}) {
		now := int(n.Data[1] - '0')
		if now > level+1 {
			t.Errorf("<%s>%s</%s> skips a level", n.Data, pagetest.Inner(n), n.Data)
		}
		level = now
	}
}

// readable lists the texts of a page outside of what is marked as Korean.
func readable(n *html.Node, korean bool) (texts []string) {
	if n.Type == html.ElementNode {
		switch l := pagetest.Attr(n, "lang"); l {
		case "ko":
			korean = true
		case "en":
			korean = false
		}
		if n.Data == "script" {
			return nil
		}
		for _, name := range []string{"title", "aria-label", "placeholder", "alt"} {
			if v := pagetest.Attr(n, name); v != "" && !korean {
				texts = append(texts, v)
			}
		}
	}
	if n.Type == html.TextNode && !korean {
		texts = append(texts, n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		texts = append(texts, readable(c, korean)...)
	}
	return texts
}

// TestEnglishWithoutEnglish: what a catalog has in Korean alone is marked so.
func TestEnglishWithoutEnglish(t *testing.T) {
	s := pagetest.New(t, pagetest.Options{Catalog: []byte(koreanOnly)})
	for _, path := range []string{"/", "/search", "/search?category=c&sector=s", "/centers/a", "/guide"} {
		p := s.As(pagetest.Nobody).Get("/en" + path).Is(200)
		body := p.Elements("body")[0]
		for _, text := range readable(body, false) {
			if found := hangul.FindString(text); found != "" {
				t.Errorf("%s: %q is Korean in %q", path, found, text)
			}
		}
	}
}

const koreanOnly = `{"catalog": "x", "time_zone": "Asia/Seoul", "brand": {"name": {"ko": "시험"}}, "operators": [{"id": "o", "name": {"ko": "시"}}],
"sectors": [{"id": "s", "name": {"ko": "봉제"}}, {"id": "s2", "name": {"ko": "가죽"}}], "categories": [{"id": "c", "name": {"ko": "재봉"}}, {"id": "d", "name": {"ko": "재단"}}],
"groups": [{"id": "g", "name": {"ko": "소공인"}}],
"centers": [{"id": "a", "name": {"ko": "가 센터"}, "former_name": "옛 센터", "operator": "o", "district": "구", "dong": "동", "address": "주소 1", "contact": {"phone": "02-000-0000"}, "sectors": ["s"],
"eligibility": {"groups": ["g"], "proof": "first_visit", "note": {"ko": "참고"}}, "hours": {"mon": ["09:00", "18:00"], "tue": ["09:00", "18:00"], "wed": null, "thu": null, "fri": null, "sat": null, "sun": null},
"closed_on_public_holidays": true, "sources": [], "equipment": [{"id": "a--m", "name": {"ko": "재봉기"}, "category": "c", "quantity": 2, "mode": "operator", "fee_krw_per_hour": 1000, "policy": {"slot_minutes": 60}}]}]}`

// TestRefusalPages: each says what to do, in the language of the path, and leads on.
func TestRefusalPages(t *testing.T) {
	s := pagetest.New(t)
	citizen := s.As(pagetest.Citizen)
	for _, c := range []struct {
		method, path string
		form         map[string][]string
		header       []string
		status       int
		ko, en       string
	}{
		{"GET", "/nothing", nil, nil, 404, "페이지를 찾을 수 없습니다", "Page not found"},
		{"GET", "/desk/" + pagetest.Saha, nil, nil, 403, "이 화면을 볼 권한이 없습니다", "You may not open this page"},
		{"DELETE", "/me", nil, nil, 405, "이 주소로는 열 수 없습니다", "can&#39;t be opened like that"},
		{"POST", "/settings", map[string][]string{"size": {"%\x00"}}, nil, 400, "보내신 내용을 읽지 못했습니다", "We could not read what was sent"},
		{"POST", "/settings", map[string][]string{"size": {strings.Repeat("x", 70<<10)}}, nil, 413, "내용이 너무 깁니다", "too long"},
		{"POST", "/settings", map[string][]string{"size": {"m"}}, []string{"Content-Type", "application/json"}, 415, "보내신 형식을 읽지 못했습니다", "could not read"},
		{"POST", "/settings", map[string][]string{"size": {"m"}}, []string{"Origin", "http://elsewhere.test", "Sec-Fetch-Site", "cross-site"}, 403, "다른 사이트에서 온 요청입니다", "came from another site"},
	} {
		for prefix, want := range map[string]string{"": c.ko, "/en": c.en} {
			p := citizen.Do(c.method, prefix+c.path, c.form, c.header...)
			if p.Status != c.status || !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") || !strings.Contains(p.Body, want) {
				t.Errorf("%s %s%s answers %d %s: %.300s", c.method, prefix, c.path, p.Status, p.Header.Get("Content-Type"), p.Text())
			}
			p.Has("<h1>", `class="btn primary"`)
		}
	}
	// Programs are answered as before.
	p := citizen.Get("/api/v1/nothing")
	if p.Status != 404 || p.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the API answers %d %s", p.Status, p.Header.Get("Content-Type"))
	}
}

func TestBackFromRefusal(t *testing.T) {
	s := pagetest.New(t)
	s.As(pagetest.Nobody).Do(http.MethodGet, "/centers/none", nil, "Referer", "http://gongbang.test/search?q=a").Has(`href="/search?q=a"`)
	s.As(pagetest.Nobody).Do(http.MethodGet, "/centers/none", nil, "Referer", "http://elsewhere.test/").Lacks("elsewhere")
}

// TestStatic: names hold a hash, are kept for ever, and stay light.
func TestStatic(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	p := c.Get("/").Is(200)
	for kind, most := range map[string]int{"css": 30 << 10, "js": 15 << 10} {
		path := regexp.MustCompile(`/static/app\.[0-9a-f]{12}\.` + kind).FindString(p.Body)
		f := c.Get(path).Is(200)
		if f.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || len(f.Body) > most || f.Header.Get("Vary") != "" {
			t.Errorf("%s: %d bytes, %v", path, len(f.Body), f.Header)
		}
		for _, foreign := range []string{"http://", "https://", "@import", "url("} {
			if strings.Contains(strings.ReplaceAll(f.Body, "http://www.w3.org", ""), foreign) {
				t.Errorf("%s has %s", path, foreign)
			}
		}
	}
	c.Get("/static/app.000000000000.css").Is(404)
	c.Get("/static/../page.go").Is(404)
	if got := c.Get("/favicon.ico").Header.Get("Location"); !strings.HasPrefix(got, "/static/icon.") {
		t.Errorf("the icon is at %q", got)
	}
}

// TestDatabaseGone: even then people read what to do, in their language.
func TestDatabaseGone(t *testing.T) {
	s := pagetest.New(t)
	c := s.As(pagetest.Nobody)
	c.Get("/").Is(200)
	if err := s.DB.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/": "다시 눌러 주세요", "/en/search": "Please press again in a moment"} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond) // as long as this person waits
		defer cancel()
		w := httptest.NewRecorder()
		s.API.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
		body := w.Body.String()
		if w.Code < 500 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(body, want) || !strings.Contains(body, "<h1>") {
			t.Errorf("%s answers %d %s: %s", path, w.Code, w.Header().Get("Content-Type"), body)
		}
		if strings.Contains(body, "sql") {
			t.Error("the cause is shown")
		}
	}
}
