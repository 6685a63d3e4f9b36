package sheet

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// TestFourNothings: every row of the worked examples of an export.
func TestFourNothings(t *testing.T) {
	raw, err := os.ReadFile("../../testdata/survey-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Export []struct{ Answer, CSV string } `json:"export"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil || len(doc.Export) < 5 {
		t.Fatalf("%d rows, %v", len(doc.Export), err)
	}
	for _, x := range doc.Export {
		cell := given(true, false, x.Answer)
		switch x.Answer {
		case "NPS 0":
			cell = given(true, false, 0)
		case "skipped":
			cell = given(true, false, nil)
		case "not applicable":
			cell = given(true, true, nil)
		case "not asked in this version":
			cell = given(false, false, nil)
		}
		if got := text(cell); got != x.CSV {
			t.Errorf("%s becomes %q, want %q", x.Answer, got, x.CSV)
		}
	}
}

func TestResultsSheets(t *testing.T) {
	n, none := 12, 0
	score, empty := survey.Score([5]int{1, 0, 1, 5, 5}), survey.Score([5]int{})
	r := survey.Results{Rule: "s100 = (mean - 1) / 4 * 100", K: 5, Filter: survey.Filter{Centers: []string{"c1"}, From: "2030-01", To: "2030-01"},
		Total: survey.Group{Key: "total", Label: lang.Text{Ko: "전체", En: "Total"}, N: &n, Provisional: true,
			Questions: map[string]survey.Figure{"overall": {N: 12, Scale: &score}, "equip": {NA: 12, Scale: &empty}}},
		Groups: []survey.Group{{Key: "c1", Label: lang.Text{Ko: "=1+1"}, Suppressed: true}, {Key: "c2", Label: lang.Text{Ko: "빈 곳"}, N: &none}}}
	tables := Results(r, time.Unix(0, 0), lang.Ko)
	raw, err := CSV(tables[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\r\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "\ufeff구분,기호,응답,표시,overall n,overall 5,") || !strings.HasPrefix(lines[1], "'=1+1,c1,*,,*,*,") ||
		!strings.HasPrefix(lines[2], "빈 곳,c2,0,,,,") || !strings.HasPrefix(lines[3], "전체,total,12,잠정,12,5,5,1,0,1,0,0,77.1,") || !strings.Contains(lines[3], ",NA,") {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
	file, err := XLSX(tables...)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if formula, _ := f.GetCellFormula("만족도", "A2"); formula != "" {
		t.Errorf("a formula: %s", formula)
	}
	if rows, err := f.GetRows("조건"); err != nil || rows[8][1] != r.Rule {
		t.Errorf("%q %v", rows, err)
	}
}

func TestFilterInOneLine(t *testing.T) {
	if got := Filter("center", "c1", "category", "", "from", "2030-01"); got != `center="c1"&from="2030-01"` {
		t.Error(got)
	}
}
