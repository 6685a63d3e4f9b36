package page_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"gongbang/web/page/pagetest"
)

// TestFilesThatLeaveAreWrittenDown: survey and use leave with a reason alone,
// and the log has the filter and the hash of the very file.
func TestFilesThatLeaveAreWrittenDown(t *testing.T) {
	s := pagetest.New(t)
	manager := s.As(pagetest.Manager)
	manager.Get("/manage/downloads").Is(200).Has("기록이 없습니다")
	manager.Get("/manage/usage?as=survey.csv&from=2030-01&to=2030-01").Is(422).Has("f-reason-error")
	manager.Get("/manage/downloads").Is(200).Has("기록이 없습니다")
	csv := manager.Get("/manage/usage?as=survey.csv&from=2030-01&to=2030-01&reason=%EC%9B%94%20%EB%B3%B4%EA%B3%A0").Is(200)
	if !strings.HasPrefix(csv.Body, "\ufeff") || !strings.Contains(csv.Header.Get("Content-Disposition"), "survey-results-2030-01-2030-01.csv") {
		t.Fatalf("%q %.80q", csv.Header, csv.Body)
	}
	if x := manager.Get("/manage/usage?as=survey.xlsx&reason=x").Is(200); !strings.HasPrefix(x.Body, "PK") {
		t.Errorf("%.40q", x.Body)
	}
	manager.Get("/manage/usage?as=csv&reason=y").Is(200)
	sum := sha256.Sum256([]byte(csv.Body))
	list := manager.Get("/manage/downloads").Is(200).Has("survey-results-2030-01-2030-01.csv", "월 보고", "usage-2030-01-2030-01.csv", hex.EncodeToString(sum[:]), "from=&#34;2030-01&#34;").Lacks("⟦")
	if n := strings.Count(list.Body, "<time"); n != 3 {
		t.Errorf("%d files are listed", n)
	}
	s.As(pagetest.Staff).Get("/manage/downloads").Is(403)
	s.As(pagetest.Admin).Get("/en/manage/downloads").Is(200).Has("What was downloaded", `<span lang="ko">월 보고</span>`)
}
