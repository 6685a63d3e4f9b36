package proof

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// crawlLimit bounds the pages that one person's crawl looks at.
const crawlLimit = 150

var link = regexp.MustCompile(`(?:href|action|src)="([^"]+)"`)

// crawl walks every page that links lead to, as nobody, a citizen and an
// admin with the hostile names and texts all over the database: no page fails
// and none gives a script back.
func (s *siege) crawl() {
	s.t.Helper()
	base := s.servers[0].base
	starts := []string{"/", "/en/", "/docs", "/demo/messages", "/s/" + s.tokens[len(s.tokens)-1], "/bookings", "/desk/race", "/me"}
	texts := 0
	for _, token := range []string{"", s.people[2].token, s.admin.token} {
		queue, seen := append([]string(nil), starts...), map[string]bool{}
		for len(queue) > 0 && len(seen) < crawlLimit {
			path := queue[0]
			queue = queue[1:]
			if seen[path] {
				continue
			}
			seen[path] = true
			body, ok := s.page(base+path, token)
			if !ok {
				continue
			}
			if strings.Contains(body, html.EscapeString("<script>proof")) {
				texts++
			}
			queue = append(queue, local(base, path, body)...)
		}
	}
	if texts == 0 {
		s.t.Error("no page shows the hostile text at all: the look proves nothing")
	}
	s.t.Logf("crawled: %d pages show the hostile text, escaped", texts)
}

// page reads one page as a browser would; ok is false for what is no page.
func (s *siege) page(address, token string) (body string, ok bool) {
	headers := []string{"Accept", "text/html", "Accept-Language", "en"}
	if token != "" {
		headers = append(headers, "Cookie", "gongbang="+token)
	}
	a, err := caller{base: address, client: &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}.
		try(s.t.Context(), "GET", "", nil, headers...)
	if err != nil {
		s.t.Errorf("%s: %v", address, err)
		return "", false
	}
	if a.status >= 500 {
		s.t.Errorf("%s answers %d: %s", address, a.status, tail(string(a.raw), 300))
	}
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return "", false
	}
	body = string(a.raw)
	for _, live := range []string{"<script>proof", "<img src=x"} {
		if at := strings.Index(body, live); at >= 0 {
			s.t.Errorf("%s gives back what was typed as it is: …%s…", address, body[max(0, at-200):min(len(body), at+100)])
		}
	}
	if !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
		s.t.Errorf("%s has no strict policy: %q", address, a.header.Get("Content-Security-Policy"))
	}
	return body, true
}

// local are the links of a page that stay on the server.
func local(base, from, body string) []string {
	var out []string
	at, err := url.Parse(base + from)
	if err != nil {
		return nil
	}
	for _, m := range link.FindAllStringSubmatch(body, -1) {
		to, err := at.Parse(html.UnescapeString(m[1]))
		if err == nil && to.Host == at.Host && !strings.HasPrefix(to.Path, "/api/") && !strings.HasPrefix(to.Path, "/static/") {
			out = append(out, to.RequestURI())
		}
	}
	return out
}
