package page_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gongbang/web/page/pagetest"
)

const certificates = "/manage/certificates"

// upload sends the form as a browser does that has a file in it; "" chooses none.
func upload(t *testing.T, s *pagetest.Site, c *pagetest.Client, file string, form url.Values) (int, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "people.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", certificates, &body)
	r.Host = "gongbang.test"
	r.Header.Set("Content-Type", w.FormDataContentType())
	for name, value := range c.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	got := httptest.NewRecorder()
	s.API.ServeHTTP(got, r)
	return got.Code, got.Body.String()
}

// TestCertificatesFromAFile: every wrong line is told; nothing is saved before
// the second press.
func TestCertificatesFromAFile(t *testing.T) {
	s := pagetest.New(t)
	s.Actor(pagetest.Citizen)
	staff := s.As(pagetest.Staff)
	staff.Get(certificates).Is(200).Has(`enctype="multipart/form-data"`, "교육 열에 적는 이름").Lacks("⟦", `name="center"`)
	s.As(pagetest.Admin).Get("/en"+certificates).Is(200).Has(`name="center"`, "All centers").Lacks("⟦")
	held := func() int {
		t.Helper()
		me, err := s.Accounts.Me(t.Context(), s.Actor(pagetest.Citizen))
		if err != nil {
			t.Fatal(err)
		}
		return len(me.Certificates)
	}
	for name, x := range map[string]struct {
		file string
		has  []string
	}{
		"nothing":  {"", []string{`role="alert"`}},
		"columns":  {"name,key\nx,laser\n", []string{"1번째 줄", "필요한 열이 없습니다"}},
		"letters":  {"key,phone\nlaser,\xb0\xf8\xb9\xe6\n", []string{"UTF-8"}},
		"two":      {"전화번호,교육,만료일\n010-0000-1001,laser,어제\n010-9999-9999,laser,2031-01-01\n", []string{"2번째 줄, 만료일", "3번째 줄, 전화번호", "고칠 곳이 2군데"}},
		"past":     {"phone,key,expires\n010-0000-1001,laser,2029-01-01\n", []string{"2번째 줄, 만료일"}},
		"own desk": {"phone,key,center\n010-0000-1001,laser," + pagetest.Gangseo + "\n", []string{"2번째 줄, 센터"}},
	} {
		code, body := upload(t, s, staff, x.file, nil)
		if code != 422 {
			t.Errorf("%s answers %d", name, code)
		}
		for _, want := range x.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q: %.1500s", name, want, body)
			}
		}
	}
	good := "전화번호,교육,근거,만료일\r\n010-0000-1001,laser,교육,2031-12-31\r\n"
	code, body := upload(t, s, staff, good, nil)
	if code != 200 || !strings.Contains(body, "1건을 등록할 수 있습니다") || held() != 0 {
		t.Fatalf("the trial answers %d, holds %d: %.900s", code, held(), body)
	}
	for _, want := range []string{`<th scope="row">2</th>`, "시*1", "2031. 12. 31.", "새로 등록합니다", "교육 이수"} {
		if !strings.Contains(body, want) {
			t.Errorf("the trial does not say %q: %.2500s", want, body)
		}
	}
	if strings.Contains(body, "⟦") || strings.Contains(body, "시민1") {
		t.Errorf("the trial: %.2500s", body)
	}
	if code, _ := upload(t, s, staff, "", url.Values{"csv": {good}, "save": {"yes"}}); code != 303 || held() != 1 {
		t.Fatalf("saving answers %d, holds %d", code, held())
	}
	if _, body := upload(t, s, staff, good, nil); !strings.Contains(body, "지금 것은 끝납니다") {
		t.Errorf("a second file does not say what ends: %.2500s", body)
	}
	if code, _ := upload(t, s, staff, "", url.Values{"csv": {"phone,key\n1,laser\n"}, "save": {"yes"}}); code != 422 || held() != 1 {
		t.Errorf("a wrong file at the second press answers %d, holds %d", code, held())
	}
	if code, _ := upload(t, s, staff, strings.Repeat("x", 70<<10), nil); code != 413 {
		t.Errorf("a large file answers %d", code)
	}
	staff.Post(certificates, url.Values{"csv": {good}}).Is(415)
	if code, _ := upload(t, s, s.As(pagetest.Citizen), good, nil); code != 403 {
		t.Errorf("a citizen is answered %d", code)
	}
}
