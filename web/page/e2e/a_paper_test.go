package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// onA4 is what is left of an upright A4 between margins of 14 mm, in CSS pixels.
const onA4 = 688

// A24: the report stands upright on A4: nothing is wider than the paper, and
// the head of a table comes again on each page.
func TestA24_ReportOnPaper(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	for _, english := range []bool{false, true} {
		b := rowNamed(t, "report-all").show(t, s, view{width: 1280}, english)
		paper := b.pdf()
		box := pdfBox.FindSubmatch(paper)
		if box == nil || len(pdfPage.FindAll(paper, -1)) == 0 {
			t.Fatal("the report prints on no page")
		}
		if size := bytes.Fields(box[1]); len(size) != 4 || numeric(size[2]) != 595 && numeric(size[2]) != 594 || numeric(size[3]) < 841 || numeric(size[3]) > 842 {
			t.Errorf("the paper is %s", box[1])
		}
		b.wide(onA4)
		b.emulate(map[string]string{"media": "print"})
		if wide := eval[[]string](b, `w => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.vh') && e.getBoundingClientRect().right > w + 1)
      .map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right))`, onA4); len(wide) > 0 {
			t.Errorf("english %v: wider than the paper: %s", english, strings.Join(wide, ", "))
		}
		heads := eval[[]string](b, `() => [...document.querySelectorAll('main table')].filter(e => e.checkVisibility()).map(e => e.tHead ? getComputedStyle(e.tHead).display : 'no head')`)
		if len(heads) < 3 {
			t.Errorf("the report has %d tables", len(heads))
		}
		for i, h := range heads {
			if h != "table-header-group" {
				t.Errorf("table %d: %s", i, h)
			}
		}
		if folder := os.Getenv("SCREENSHOTS"); folder != "" {
			name := "report.paper." + map[bool]string{false: "ko", true: "en"}[english]
			b.try(os.WriteFile(filepath.Join(folder, name+".png"), b.picture(), 0o644))
			b.try(os.WriteFile(filepath.Join(folder, name+".pdf"), paper, 0o644))
		}
	}
}
