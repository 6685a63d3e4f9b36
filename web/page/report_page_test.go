package page_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/web/page/pagetest"
)

// rowsOf are the rows of the table of that name, as what they say.
func rowsOf(t testing.TB, p *pagetest.Page, id string) (rows [][]string) {
	t.Helper()
	for _, table := range p.Elements("table") {
		if pagetest.Attr(table, "data-of") != id {
			continue
		}
		for _, n := range within(table) {
			if n.Data != "tr" {
				continue
			}
			var row []string
			for _, cell := range within(n) {
				if cell.Data == "td" || cell.Data == "th" {
					row = append(row, pagetest.Inner(cell))
				}
			}
			rows = append(rows, row)
		}
		return rows
	}
	t.Fatalf("there is no table %s", id)
	return nil
}

// TestReport: a month on paper says of use, satisfaction, who was asked, what
// stood and what people wrote the same as the API and the dashboard.
func TestReport(t *testing.T) {
	s := pagetest.New(t)
	ctx := context.Background()
	staff := s.Actor(pagetest.Staff)
	until := s.At(0, 13, 0)
	if _, _, _, err := s.Bookings.ReportOutage(ctx, staff, booking.OutageRequest{EquipmentID: pagetest.Sewing, Unit: 4, From: s.At(0, 11, 0), To: &until, ExpectedUntil: &until,
		Reason: "바늘 교체", Kind: booking.Maintenance}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.Bookings.Close(ctx, s.Actor(pagetest.Manager), booking.ClosureRequest{Center: pagetest.Saha, From: s.At(2, 0, 0), To: s.At(3, 0, 0), Reason: "전기 공사"}); err != nil {
		t.Fatal(err)
	}
	januaryOf(t, s, 12)
	m := s.As(pagetest.Manager)
	p := m.Get("/manage/report?from=2030-01&to=2030-01").Is(200).Lacks("⟦", "style=")
	p.Has("s100 = (mean - 1) / 4 * 100", "전기 공사", "1명 · 업체 0곳 · 처음 오신 분 1명", "프로그램 판", "2030년 1월")
	api := asked[struct{ Total scoreJSON }](t, m, "/api/v1/survey-results?from=2030-01&to=2030-01").Total.Questions["overall"]
	if row := rowsOf(t, p, "score")[1]; row[1] != one(*api.S100) || row[2] != "["+one(api.S100CI[0])+"–"+one(api.S100CI[1])+"]" || row[5] != "12" {
		t.Errorf("the score is %v, the API says %+v", row, api)
	}
	if rows := rowsOf(t, p, "use-by"); len(rows) != 4 || rows[1][3] != "1" || rows[1][4] != "1" {
		t.Errorf("use is %v", rows)
	}
	if rows := rowsOf(t, p, "stops"); len(rows) != 2 || rows[1][2] != "0" || rows[1][3] != "1" || rows[1][4] != "2시간" {
		t.Errorf("outages are %v", rows)
	}
	if rows := rowsOf(t, p, "skips"); len(rows) != 11 {
		t.Errorf("exclusions are %v", rows)
	}
	m.Get("/manage/report?center=" + pagetest.Gangseo).Is(403)
	s.As(pagetest.Staff).Get("/manage/report").Is(403)
	admin := s.As(pagetest.Admin).Get("/en/manage/report?from=2030-01&to=2030-01").Is(200).Has("Report on use and satisfaction").Lacks("⟦")
	if rows := rowsOf(t, admin, "where"); len(rows) != 4 || rowsOf(t, admin, "use-by")[0][0] != "Center" {
		t.Errorf("centers are %v", rows)
	}
}

// TestReportOfTheLastHalf: without a choice it is the newest half-year that is over.
func TestReportOfTheLastHalf(t *testing.T) {
	for at, want := range map[string]string{"2030-01-08": "2029년 7월 ~ 2029년 12월", "2030-06-30": "2029년 7월 ~ 2029년 12월", "2030-07-01": "2030년 1월 ~ 2030년 6월"} {
		now, err := time.ParseInLocation("2006-01-02", at, pagetest.KST)
		if err != nil {
			t.Fatal(err)
		}
		s := pagetest.New(t, pagetest.Options{Now: now})
		if body := s.As(pagetest.Manager).Get("/manage/report").Is(200).Body; !strings.Contains(body, want) {
			t.Errorf("on %s it is not %s", at, want)
		}
	}
}
