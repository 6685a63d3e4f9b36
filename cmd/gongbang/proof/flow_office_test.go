package proof

import (
	"bytes"
	"net/http"
	"strings"
	"time"
)

// certificates come by file, all or nothing, and one is ended before its time.
func (s *stage) certificates() {
	t := s.t
	send := func(c caller, query string, file string) answer {
		t.Helper()
		return c.call(t, "POST", "/api/v1/certificates/import"+query, raw(file), "Content-Type", "text/csv")
	}
	s.against(s.two, "certificate_missing", "studio", s.later(2, 15), 60)
	right := "\ufeff이메일,교육,근거,만료일\r\ntwo@demo.test,studio,교육," + s.later(100, 0).Format(time.DateOnly) + "\r\n"
	if a := send(s.two, "", right); a.status != 403 {
		t.Errorf("a person gives certificates: %d %s", a.status, a.raw)
	}
	bad := send(s.staff, "", right+"nobody@demo.test,studio,소문,2020-13-01\r\n")
	wrong := map[any]bool{}
	for _, e := range objects(bad.object["errors"]) {
		wrong[e["field"]] = true
	}
	if bad.status != 422 || bad.code != "validation" || !wrong["3.email"] || !wrong["3.basis"] || !wrong["3.expires"] || len(wrong) != 3 {
		t.Errorf("a file with a wrong line: %d %s", bad.status, bad.raw)
	}
	if a := send(s.staff, "?dry_run=1", right); a.status != 200 || a.object["dry_run"] != true || a.object["count"] != 1.0 {
		t.Errorf("a dry run: %d %s", a.status, a.raw)
	}
	s.against(s.two, "certificate_missing", "studio", s.later(2, 15), 60) // neither wrote anything
	if a := send(s.staff, "", right); a.status != 200 || a.object["dry_run"] != false || a.object["count"] != 1.0 {
		t.Errorf("a file: %d %s", a.status, a.raw)
	}
	s.booked(s.two, "studio", s.later(2, 15), 60)

	account := "/api/v1/accounts/" + s.ids["010-1000-0002"]
	list := objects(s.two.want(t, http.StatusOK, "GET", "/api/v1/me", nil).object["certificates"])
	if len(list) != 1 || list[0]["key"] != "studio" || list[0]["basis"] != "course" || list[0]["revoked_at"] != nil {
		t.Fatalf("my certificates: %v", list)
	}
	id, _ := list[0]["id"].(string)
	s.two.refused(t, 403, "forbidden", "DELETE", account+"/certificates/"+id, object{"reason": "제 것입니다"})
	s.awayStaff.refused(t, 404, "not_found", "DELETE", account+"/certificates/"+id, object{"reason": "다른 센터"})
	s.staff.refused(t, 422, "validation", "DELETE", account+"/certificates/"+id, object{})
	if a := s.staff.want(t, http.StatusOK, "DELETE", account+"/certificates/"+id, object{"reason": "다른 사람의 이수증"}); a.object["revoked_at"] == nil {
		t.Errorf("revoked: %s", a.raw)
	}
	if c := s.two.refused(t, 422, "policy", "POST", "/api/v1/bookings", span("studio", s.later(2, 17), 60)).codes(); len(c) != 1 || !strings.HasPrefix(c[0], "certificate_") {
		t.Errorf("after the end of the certificate: %v", c)
	}
	s.audited("account.certificate", "account.certificate_revoked")
}

// office: an account in full and renamed, and the figures as files; each look
// and each file is logged.
func (s *stage) office() {
	t, three := s.t, "/api/v1/accounts/"+s.ids["three@demo.test"]
	s.manager.refused(t, 403, "forbidden", "GET", three, nil)
	if a := s.admin.want(t, http.StatusOK, "GET", three, nil); a.text("name") != "다솜시민셋" || a.text("email") != "three@demo.test" {
		t.Errorf("an account in full: %s", a.raw)
	}
	const name = "다솜개명셋"
	s.secrets.add("name", name)
	s.admin.want(t, http.StatusOK, "PATCH", three, object{"name": name})
	if a := s.admin.want(t, http.StatusOK, "GET", three, nil); a.text("name") != name {
		t.Errorf("renamed: %s", a.raw)
	}
	if looks := s.admin.want(t, http.StatusOK, "GET", "/api/v1/audit?action=account.look", nil); !strings.Contains(string(looks.raw), s.ids["three@demo.test"]) {
		t.Errorf("the look is not logged: %s", tail(string(looks.raw), 600))
	}
	day := s.clock.Format(time.DateOnly)
	query := "?center=home&group_by=equipment&from=" + day + "&to=" + day
	for _, kind := range []string{"csv", "xlsx"} {
		s.staff.refused(t, 403, "forbidden", "GET", "/api/v1/usage/export."+kind+query+"&reason=x", nil)
		s.manager.refused(t, 422, "validation", "GET", "/api/v1/usage/export."+kind+query, nil)
	}
	file := s.manager.want(t, http.StatusOK, "GET", "/api/v1/usage/export.csv"+query+"&reason="+escape("월간 보고"), nil).raw
	if !bytes.HasPrefix(file, []byte("\ufeff")) || !strings.Contains(string(file), "자동재단기") || bytes.Count(file, []byte("\n")) < 5 {
		t.Errorf("the figures as CSV: %s", tail(string(file), 800))
	}
	book := s.manager.want(t, http.StatusOK, "GET", "/api/v1/usage/export.xlsx"+query+"&reason="+escape("월간 보고"), nil)
	if !bytes.HasPrefix(book.raw, []byte("PK")) || !strings.Contains(book.header.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("the figures as XLSX: %d bytes, %v", len(book.raw), book.header)
	}
	taken := s.manager.want(t, http.StatusOK, "GET", "/api/v1/audit?center=home&action=usage.export", nil).items()
	if len(taken) != 2 || taken[0]["reason"] != "월간 보고" {
		t.Errorf("who took the figures: %v", taken)
	}
}
