package page_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// TestAudit: a manager reads who did what and why at their own center, in
// words, with names masked; a look at personal data stands there with its reason.
func TestAudit(t *testing.T) {
	s := pagetest.New(t)
	b := s.Book(pagetest.Citizen, pagetest.Laser, s.At(1, 14, 0), 1)
	ctx := t.Context()
	if _, _, err := s.Accounts.FindByPhone(ctx, s.Actor(pagetest.Staff), pagetest.Saha, "010-0000-1001"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bookings.Cancel(ctx, s.Actor(pagetest.Staff), b.ID, booking.AttendRequest{Reason: "기계가 멈췄습니다"}); err != nil {
		t.Fatal(err)
	}
	m := s.As(pagetest.Manager)
	p := m.Get("/manage/audit").Is(200).Has("예약했습니다", "예약을 취소했습니다", "기계가 멈췄습니다", "개인정보를 보았습니다", "창구에서 전화번호로 찾음", "/bookings/"+b.ID)
	p.Lacks("시민1<", "직원1<", "account.look")
	m.Get("/manage/audit?subject=" + b.ID).Is(200).Has("예약을 취소했습니다").Lacks("개인정보를 보았습니다")
	m.Get("/manage/audit?actor=" + s.Actor(pagetest.Staff).ID).Is(200).Has("예약을 취소했습니다").Lacks(">예약했습니다<")
	m.Get("/manage/audit?from=2031-01-01").Is(200).Has("맞는 기록이 없습니다")
	m.Get("/manage/audit?center=" + pagetest.Gangseo).Is(422)
	s.As(pagetest.Manager).Get("/en/manage/audit").Is(200).Has("cancelled a booking", "looked up by phone at the desk")
	s.As(pagetest.Staff).Get("/manage/audit").Is(403)

	// Who left takes the reason along; that there was one stays.
	if err := s.Bookings.Leave(ctx, s.Actor(pagetest.Citizen)); err != nil {
		t.Fatal(err)
	}
	m.Get("/manage/audit?subject="+b.ID).Is(200).Has("예약을 취소했습니다", "탈퇴하셔서 지웠습니다").Lacks("기계가 멈췄습니다", "sha256:")
	m.Get("/en/manage/audit?subject=" + b.ID).Is(200).Has("erased, because the person left")
}

// TestEveryActionHasWords: what the services write into the audit can be read
// as a sentence in both languages.
func TestEveryActionHasWords(t *testing.T) {
	written := regexp.MustCompile(`(?:[eE]ntry\(\w+, |return |was, |action: +|Action: +|looked = |trace\("survey", |onStrike\(ctx, actor, \w+(?:\.\w+)?, id, )"([a-z]+\.[a-z_]+)"`)
	words := map[string]string{}
	files, err := filepath.Glob("locale/en.*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &words); err != nil { // adds to what is there
			t.Fatal(err)
		}
	}
	// An action that ends in what became of something has words for each of them.
	known := func(action string) bool {
		for key := range words {
			if key == "audit.do."+action || strings.HasSuffix(action, "_") && strings.HasPrefix(key, "audit.do."+action) {
				return true
			}
		}
		return false
	}
	n := 0
	for _, dir := range []string{"../../account", "../../booking", "../../survey"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			src, err := os.ReadFile(dir + "/" + name)
			for _, m := range written.FindAllStringSubmatch(string(src), -1) {
				if n++; !known(m[1]) {
					t.Errorf("%s writes %q, for which the page has no words", name, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 30 {
		t.Errorf("only %d actions were found", n)
	}
}
