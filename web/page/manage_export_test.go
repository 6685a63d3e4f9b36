package page_test

import (
	"strings"
	"testing"

	"gongbang/store"
	"gongbang/web/page/pagetest"
)

// TestUsageFile: the figures leave as a file with a reason, and the audit has it.
func TestUsageFile(t *testing.T) {
	s := pagetest.New(t)
	m := s.As(pagetest.Manager)
	m.Get("/manage").Is(200).Has("엑셀", "CSV", `name="reason"`)
	m.Get("/manage/usage?as=xlsx&reason=").Is(422).Has("파일로 받으시는 까닭")
	p := m.Get("/manage/usage?as=xlsx&reason=report").Is(200)
	if !strings.HasPrefix(p.Body, "PK") || !strings.Contains(p.Header.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("%q", p.Header)
	}
	if p = m.Get("/en/manage/usage?as=csv&reason=report").Is(200); !strings.HasPrefix(p.Body, "\ufeffGroup,Id,Open (min)") || !strings.Contains(p.Body, "\r\nTotal,total,") {
		t.Errorf("%s", p.Body)
	}
	m.Get("/manage/usage?as=csv&reason=report&center=" + pagetest.Gangseo).Is(403)
	s.As(pagetest.Staff).Get("/manage/usage?as=csv&reason=report").Is(403)
	lines, err := s.DB.Audit(t.Context(), store.AuditFilter{Action: "usage.export", Limit: 9})
	if err != nil || len(lines) != 2 || lines[0].Reason != "report" || lines[0].Center != pagetest.Saha || lines[0].Actor != s.Actor(pagetest.Manager).ID {
		t.Errorf("%+v %v", lines, err)
	}
}
