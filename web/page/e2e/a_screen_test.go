package e2e

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
)

// A23: the clear screen is black, is drawn by the server and stays.
func TestA23_ClearScreenStays(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	b := s.open(t, person{}, view{})
	b.goTo("/settings")
	b.press(`input[name=contrast][value=more]`, "").follow("main .btn.primary", "")
	for _, path := range []string{"/", "/search", "/machines/" + s.machine, "/sign-in"} {
		b.goTo(path)
		got := eval[[]string](b, `() => { const c = getComputedStyle(document.body); return [c.backgroundColor, c.color, document.documentElement.dataset.contrast]; }`)
		if strings.Join(got, " ") != "rgb(0, 0, 0) rgb(244, 245, 246) more" {
			t.Errorf("%s is drawn in %v", path, got)
		}
	}
	// Without a script it is the same: nothing is switched on afterwards.
	still := s.open(t, person{}, view{noScript: true, contrast: true})
	still.goTo("/")
	if got := eval[string](still, `() => getComputedStyle(document.body).backgroundColor`); got != "rgb(0, 0, 0)" {
		t.Errorf("without a script it is %s", got)
	}
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page[^s]`)
var pdfBox = regexp.MustCompile(`/MediaBox\s*\[([^\]]*)\]`)

// pdf prints the page as a browser prints it: by the size that its style asks for.
func (b *tab) pdf() []byte {
	b.t.Helper()
	prefer, margin := true, 0.4
	return call(b, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &prefer, PaperWidth: 8.27, PaperHeight: 11.69,
		MarginTop: &margin, MarginBottom: &margin, MarginLeft: &margin, MarginRight: &margin}).Data
}

// A24: the slip is one page A4 with its code and without navigation; the day
// sheet of the desk lies on its side.
func TestA24_Print(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	for _, name := range []string{"slip", "done"} {
		b := rowNamed(t, name).show(t, s, view{width: 1280}, false)
		if pages := len(pdfPage.FindAll(b.pdf(), -1)); pages != 1 {
			t.Errorf("%s prints on %d pages", name, pages)
		}
		b.emulate(map[string]string{"media": "print"})
		seen := eval[[]bool](b, `() => { const shown = e => !!e && e.checkVisibility(), q = [...document.querySelectorAll('main svg')].find(x => x.getBoundingClientRect().width >= 100);
      return [shown(q), [...document.querySelectorAll('header nav, footer nav, .skip, header.top')].some(shown)]; }`)
		if !seen[0] || seen[1] {
			t.Errorf("%s on paper: code %v, navigation %v", name, seen[0], seen[1])
		}
	}
	b := rowNamed(t, "desk-sheet").show(t, s, view{width: 1280}, false)
	sheet := b.pdf()
	box := pdfBox.FindSubmatch(sheet)
	if box == nil {
		t.Fatal("the sheet prints on no page")
	}
	size := bytes.Fields(box[1])
	if len(size) != 4 || len(size[2]) == 0 || numeric(size[2]) <= numeric(size[3]) {
		t.Errorf("the day sheet stands upright: %s", box[1])
	}
}

func numeric(b []byte) (n float64) {
	for _, c := range strings.SplitN(string(b), ".", 2)[0] {
		n = n*10 + float64(c-'0')
	}
	return n
}

func rowNamed(t testing.TB, name string) row {
	t.Helper()
	for _, r := range pages() {
		if r.name == name {
			return r
		}
	}
	t.Fatalf("there is no row %s", name)
	return row{}
}

// B15: the zone and language of the browser change nothing: times are Seoul's.
func TestB15_TimesAreSeouls(t *testing.T) {
	t.Parallel()
	s := ownSeoul(t) // nobody books between the two looks
	date := s.clock(1, 0, 0).Format("2006-01-02")
	who := s.newCitizen(t)
	id := must(s.booked(who, s.machine))(t)
	for _, path := range []string{"/machines/" + s.machine + "?date=" + date, "/bookings", "/bookings/" + id, "/en/bookings/" + id} {
		here := s.open(t, who, view{}).goTo(path)
		there := s.open(t, who, view{zone: "America/New_York", locale: "en-US"}).goTo(path)
		a, b := here.words("main"), there.words("main")
		if a != b {
			t.Errorf("%s in Seoul:\n%s\nin New York:\n%s", path, tail(a, 600), tail(b, 600))
		}
		if lang := there.attr("html", "lang"); lang != map[bool]string{true: "en", false: "ko"}[strings.HasPrefix(path, "/en")] {
			t.Errorf("%s speaks %s to an English browser", path, lang)
		}
		if eval[string](there, `() => Intl.DateTimeFormat().resolvedOptions().timeZone`) != "America/New_York" {
			t.Fatal("the browser is not in New York")
		}
	}
	b := s.open(t, who, view{zone: "America/New_York"}).goTo("/bookings/" + id)
	if stamp := b.attr("main time[datetime]", "datetime"); !strings.HasSuffix(stamp, "+09:00") {
		t.Errorf("the time is marked as %q", stamp)
	}
}
