package sheet

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// TestNoFormula: what people or catalogs call something is text in both kinds of file.
func TestNoFormula(t *testing.T) {
	bad := []string{"=1+1", "+82", "-1", "@SUM(A1)", "\t=1", `=HYPERLINK("http://x.test")`, "|x"}
	table := Table{Name: "a", Head: []string{"x", "n"}}
	for _, b := range bad {
		table.Rows = append(table.Rows, []any{b, -1})
	}
	raw, err := CSV(table)
	if err != nil || !bytes.HasPrefix(raw, []byte("\ufeffx,n\r\n")) {
		t.Fatalf("%q %v", raw, err)
	}
	for _, b := range bad {
		if !strings.Contains(string(raw), "'"+b[:1]) {
			t.Errorf("%q is not guarded", b)
		}
	}
	if !strings.Contains(string(raw), ",-1\r\n") {
		t.Error("a number is guarded")
	}
	raw, err = XLSX(table)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range bad {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		formula, _ := f.GetCellFormula("a", cell)
		if v, err := f.GetCellValue("a", cell); formula != "" || strings.TrimSpace(v) != strings.TrimSpace(b) || err != nil {
			t.Errorf("%q became %q with formula %q, %v", b, v, formula, err)
		}
	}
}

func TestUsageSheets(t *testing.T) {
	u := &booking.Usage{Filter: booking.UsageFilter{Centers: []string{"c1"}, From: "2030-01-01", To: "2030-01-31"}, AsOf: time.Unix(0, 0),
		Total:  booking.UsageGroup{Key: "total", Label: lang.Text{Ko: "전체", En: "Total"}, People: 3, Firms: 2, FirstTime: 1, Minutes: booking.UsageMinutes{Open: 600, Used: 90}},
		Groups: []booking.UsageGroup{{Key: "m1", Label: lang.Text{Ko: "재단기"}}}}
	u.Week[2][13] = booking.UsageHour{Used: 90, Open: 600}
	raw, err := XLSX(Usage(u, time.UTC, lang.Ko)...)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	use, err := f.GetRows("이용")
	if err != nil || len(use) != 3 || use[1][0] != "재단기" || strings.Join(use[2][16:], " ") != "3 2 1" || use[2][11] != "15" {
		t.Errorf("%q %v", use, err)
	}
	if week, err := f.GetRows("요일과 시간"); err != nil || len(week) != 2 || strings.Join(week[1], " ") != "수 13:00 90 600 15" {
		t.Errorf("%q %v", week, err)
	}
	if english := Usage(u, time.UTC, lang.En); english[0].Head[2] != "Open (min)" || english[0].Rows[1][0] != "Total" {
		t.Errorf("%v", english[0])
	}
}
