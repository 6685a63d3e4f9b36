package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"gongbang/testdata"
)

// fetch gets a path as a person's browser does, unpacked.
func (s *site) fetch(t testing.TB, who person, path string) (body []byte, h http.Header) {
	t.Helper()
	req, err := http.NewRequest("GET", s.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if who.token != "" {
		req.AddCookie(&http.Cookie{Name: "gongbang", Value: who.token})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	return body, res.Header
}

func packed(t testing.TB, raw []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// B17: what a page weighs. 1 KB is 1,024 bytes.
func TestB17_PagesAreLight(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	const kb = 1024
	home, _ := s.fetch(t, person{}, "/")
	files := 0
	for kind, most := range map[string]int{".css": 30 * kb, ".js": 20 * kb} {
		raw, h := s.fetch(t, person{}, linked(t, string(home), kind))
		if len(raw) > most || len(raw) == 0 {
			t.Errorf("%s weighs %d bytes, allowed are %d", kind, len(raw), most)
		}
		if kind == ".js" && len(raw) > 15*kb {
			t.Errorf("our own script weighs %d bytes, allowed are %d", len(raw), 15*kb)
		}
		if !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept as %q", kind, h.Get("Cache-Control"))
		}
		files += packed(t, raw)
	}
	if sum := packed(t, home) + files; sum > 100*kb {
		t.Errorf("the first page weighs %d bytes packed", sum)
	}
	for _, r := range tables(t, s) {
		who, path, err := r.at(s)
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		body, _ := s.fetch(t, who, path)
		if r.staff {
			continue // the limit is that of citizens' phones
		}
		if len(body) > 60*kb {
			t.Errorf("%s (%s) weighs %d bytes", r.name, path, len(body))
		}
	}
}

// linked is the address of the page's own file of a kind.
func linked(t testing.TB, html, kind string) string {
	t.Helper()
	for _, part := range strings.Split(html, `"`) {
		if strings.HasPrefix(part, "/static/") && strings.HasSuffix(part, kind) {
			return part
		}
	}
	t.Fatalf("the page links no %s", kind)
	return ""
}

// B19: what only a government service may show is absent, until a catalog asks for it.
func TestB19_OfficialMarkOnlyWhenConfigured(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	const krds = "이 서비스의 화면은 행정안전부 범정부 UI/UX 디자인시스템(KRDS)의 스타일 값을 따랐습니다. (공공누리 제1유형)"
	licence, _ := s.fetch(t, person{}, "/licence")
	if !strings.Contains(strings.Join(strings.Fields(string(licence)), " "), krds) {
		t.Error("the licence page does not name KRDS")
	}
	const official = "이 누리집은 대한민국 공식 전자정부 누리집입니다."
	for _, r := range pages()[:6] {
		if body, _ := s.fetch(t, person{}, must(pathOf(r, s))(t)); strings.Contains(string(body), official) || strings.Contains(string(body), "전자정부 누리집") {
			t.Errorf("%s calls itself official", r.name)
		}
	}
	own, err := newSite(t.TempDir(), opening())
	if err != nil {
		t.Fatal(err)
	}
	catalog := bytes.Replace(testdata.Busan, []byte(`"brand": {`), []byte(`"brand": {"identifier": "시험시",`), 1)
	if bytes.Equal(catalog, testdata.Busan) {
		t.Fatal("the catalog has no brand")
	}
	if err := own.importing(catalog); err != nil {
		t.Fatal(err)
	}
	if err := own.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.kill)
	if body, _ := own.fetch(t, person{}, "/"); !strings.Contains(string(body), official) || !strings.Contains(string(body), "시험시") {
		t.Error("a catalog with an identifier does not show it")
	}
}

func pathOf(r row, s *stage) (string, error) { _, path, err := r.at(s); return path, err }

// B18: how soon the machine page comes with a full calendar behind it. A figure
// for `make bench`, no bound: what else the machine does decides too.
func BenchmarkB18_MachinePage(b *testing.B) {
	s := seoul(b)
	path := "/machines/" + s.machine
	for b.Loop() {
		s.fetch(b, person{}, path)
	}
}
