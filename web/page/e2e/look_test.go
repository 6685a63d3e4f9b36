package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "embed"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp/kb"
)

//go:embed probe.js
var probe string

// variant is one way to look at a row.
type variant struct {
	english  bool
	width    int
	contrast bool
}

func (v variant) String() string {
	s := itoa(v.width) + ".ko"
	if v.english {
		s = itoa(v.width) + ".en"
	}
	if v.contrast {
		s += ".more"
	}
	return s
}

// looked is what one look at a row found: sentences by the number of the check.
type looked struct {
	row     row
	variant variant
	wrong   map[string][]string
	broken  string // why the page could not be looked at
	help    string // where the help stands
	title   string
}

var (
	looksOnce sync.Once
	looks     []*looked
)

// variants are those in which a row is looked at.
func (r row) variants() []variant {
	if !full() {
		return []variant{{width: 390}, {width: 390, english: true}}
	}
	var out []variant
	for _, english := range []bool{false, true} {
		for _, width := range []int{390, 1280} {
			for _, contrast := range []bool{false, true} {
				out = append(out, variant{english, width, contrast})
			}
		}
	}
	return out
}

// lookAtAll looks at every page once, for all checks of group A.
func lookAtAll(t *testing.T) []*looked {
	t.Helper()
	s := seoul(t)
	chromium(t)
	axe(t)
	looksOnce.Do(func() {
		type job struct {
			row row
			v   variant
		}
		jobs := make(chan job)
		var wg sync.WaitGroup
		var mu sync.Mutex
		for range 3 {
			wg.Go(func() {
				for j := range jobs {
					l := lookAt(t, s, j.row, j.v)
					mu.Lock()
					looks = append(looks, l)
					mu.Unlock()
				}
			})
		}
		for _, r := range tables(t, s) {
			for _, v := range r.variants() {
				jobs <- job{r, v}
			}
		}
		close(jobs)
		wg.Wait()
		slices.SortFunc(looks, func(a, b *looked) int {
			return strings.Compare(a.row.name+a.variant.String(), b.row.name+b.variant.String())
		})
	})
	return looks
}

// holds fails for every page on which a check of this number found something.
func holds(t *testing.T, number string) {
	t.Helper()
	t.Parallel()
	seen := 0
	for _, l := range lookAtAll(t) {
		name := l.row.name + " " + l.variant.String()
		if l.broken != "" && number == "A1" { // once is enough
			t.Errorf("%s can't be looked at: %s", name, l.broken)
		}
		wrong, looked := l.wrong[number]
		if !looked {
			continue
		}
		seen++
		if len(wrong) > 12 {
			wrong = append(wrong[:12:12], fmt.Sprintf("… and %d more", len(wrong)-12))
		}
		for _, w := range wrong {
			t.Errorf("%s: %s", name, w)
		}
	}
	if seen == 0 {
		t.Errorf("no page was looked at for %s", number)
	}
}

// lookAt takes all checks of group A on one page. What stops it is told, not
// fatal: the other pages are looked at all the same.
func lookAt(t *testing.T, s *stage, r row, v variant) (l *looked) {
	l = &looked{row: r, variant: v, wrong: map[string][]string{}}
	l.broken = apart(t, func(tb testing.TB) {
		b := r.show(tb, s, view{width: v.width, contrast: v.contrast}, v.english)
		// What others book meanwhile would change the page under the checks.
		eval[bool](b, `() => { window.__still = true; `+probe+`; return true; }`)
		if !full() && v.english { // the words alone
			l.ask(b, "A3", "language")
			return
		}
		l.static(b)
		l.axe(b)
		l.log(b, r)
		l.ask(b, "A22", "tofu")
		l.keys(b)
		l.moved(b)
	})
	return l
}

func (l *looked) ask(b *tab, number, name string, args ...any) {
	b.t.Helper()
	script := `(...args) => __probe.` + name + `(...args)`
	l.wrong[number] = append(l.wrong[number], eval[[]string](b, script, args...)...)
}

// static are the checks of the page as it came.
func (l *looked) static(b *tab) {
	b.t.Helper()
	l.title = eval[string](b, `() => document.title`)
	l.ask(b, "A2", "structure")
	l.ask(b, "A3", "language")
	l.ask(b, "A8", "labels")
	l.ask(b, "A9", "slots")
	l.ask(b, "A10", "coloured")
	if l.variant.width < 1024 {
		l.ask(b, "A11", "targets")
	}
	l.ask(b, "A12", "contrast")
	l.ask(b, "A16", "broken")
	l.ask(b, "A17", "type", l.row.staff)
	l.ask(b, "A19", "primary")
	l.ask(b, "A20", "tokens", tokens)
	l.help = eval[string](b, `() => __probe.help()`)
	l.wrong["A21"] = []string{}
	if shift := eval[float64](b, `() => window.__seen.shift`); shift >= 0.05 {
		l.wrong["A21"] = append(l.wrong["A21"], fmt.Sprintf("the page jumps by %.3f", shift))
	}
	l.wrong["B13"] = append([]string{}, l.named(eval[string](b, `() => document.body.innerText + ' ' + [...document.querySelectorAll('[aria-label],[title]')].map(e => e.getAttribute('aria-label') + ' ' + e.title).join(' ')`))...)
}

// log are the checks of what the tab noted beside the page.
func (l *looked) log(b *tab, r row) {
	b.t.Helper()
	wrong := append([]string{}, eval[[]string](b, `() => window.__seen.csp`)...)
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	for _, q := range b.log.requests {
		if !strings.HasPrefix(q.URL, b.site.base+"/") && !strings.HasPrefix(q.URL, "data:") {
			wrong = append(wrong, "a request leaves: "+q.URL)
		}
	}
	status := r.status
	for _, p := range b.log.problems {
		if status >= 400 && strings.Contains(p, "Failed to load resource") || r.then != nil && strings.Contains(p, "the server responded with a status of 4") {
			continue // the page itself is the refusal
		}
		wrong = append(wrong, p)
	}
	for url, h := range b.log.headers {
		csp := h["content-security-policy"]
		if strings.HasPrefix(h["content-type"], "text/html") && (csp == "" || strings.Contains(csp, "unsafe-")) {
			wrong = append(wrong, "the policy of "+url+" is "+csp)
		}
	}
	l.wrong["B16"] = wrong
}

// picture is the whole page.
func (b *tab) picture() []byte {
	b.t.Helper()
	size := eval[struct{ W, H int64 }](b, `() => ({W: innerWidth, H: Math.max(innerHeight, Math.min(6000, document.documentElement.scrollHeight))})`)
	// A window as high as the page, so that no bar at its bottom lies over it.
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: size.W, Height: size.H, DeviceScaleFactor: 1})
	b.settled()
	return call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{Width: float64(size.W), Height: float64(size.H), Scale: 1}}).Data
}

// keys walks through the page with the Tab key.
func (l *looked) keys(b *tab) {
	b.t.Helper()
	eval[bool](b, `() => { const b = document.body; b.tabIndex = -1; b.focus({preventScroll: true}); b.removeAttribute('tabindex'); scrollTo(0, 0); return true; }`)
	call(b, page.BringToFront, cdp.Empty{})
	l.wrong["A4"], l.wrong["A5"] = []string{}, eval[[]string](b, `() => __probe.reordered()`)
	type at struct {
		At    int
		Name  string
		Parts bool // a date, whose parts are stops of their own
		Wrong []string
	}
	stops := eval[int](b, `() => __probe.stops()`)
	var reached []int
	last := -2
	for n := range 2*stops + 3 {
		b.key(kb.Tab)
		f := eval[at](b, `() => __probe.focus()`)
		if n == 0 && !strings.Contains(f.Name, ".skip") {
			l.wrong["A4"] = append(l.wrong["A4"], "the first Tab focuses "+f.Name)
		}
		if f.At < 0 && f.Name == "" {
			break // out of the page, to the browser
		}
		if f.Parts && f.At == last {
			continue
		}
		if slices.Contains(reached, f.At) {
			if f.At == last {
				l.wrong["A5"] = append(l.wrong["A5"], "Tab does not leave "+f.Name)
			}
			break // around
		}
		if f.At >= 0 && f.At < last {
			l.wrong["A5"] = append(l.wrong["A5"], "Tab goes back to "+f.Name)
		}
		reached, last = append(reached, f.At), f.At
		l.wrong["A5"] = append(l.wrong["A5"], f.Wrong...)
	}
	for _, name := range eval[[]string](b, `r => __probe.missed(r)`, reached) {
		l.wrong["A5"] = append(l.wrong["A5"], "Tab never reaches "+name)
	}
	l.skip(b)
}

// skip presses the skip link: the focus goes to main.
func (l *looked) skip(b *tab) {
	b.t.Helper()
	if !eval[bool](b, `() => { const e = document.querySelector('.skip'); if (e) e.focus(); return !!e; }`) {
		l.wrong["A4"] = append(l.wrong["A4"], "there is no skip link")
		return
	}
	b.key(kb.Enter)
	if on := eval[string](b, `() => document.activeElement.tagName`); on != "MAIN" {
		l.wrong["A4"] = append(l.wrong["A4"], "the skip link leads to "+on)
	}
}

// moved are the checks that change the window, the letters or the colours.
func (l *looked) moved(b *tab) {
	b.t.Helper()
	for _, width := range []int{320, 360, 390, 768, 1024, 1280, 1920} {
		b.wide(width)
		l.ask(b, "A13", "wide")
		if width == 360 {
			l.ask(b, "A16", "broken")
		}
	}
	b.wide(l.variant.width)
	for _, size := range []string{"s", "l", "xl", "xxl"} {
		eval[bool](b, `s => { document.documentElement.dataset.size = s; return true; }`, size)
		l.ask(b, "A14", "clipped", "size "+size)
	}
	eval[bool](b, `() => { document.documentElement.dataset.size = 'm'; document.documentElement.style.fontSize = '200%'; return true; }`)
	l.ask(b, "A14", "clipped", "200 %")
	eval[bool](b, `() => { document.documentElement.style.fontSize = ''; const s = new CSSStyleSheet();
    s.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
    document.adoptedStyleSheets = [s]; return true; }`)
	l.ask(b, "A15", "clipped", "spaced")
	l.ask(b, "A15", "wide")
	eval[bool](b, `() => { document.adoptedStyleSheets = []; return true; }`)
	b.emulate(map[string]string{"forced-colors": "active"})
	l.ask(b, "A10", "forced")
	b.emulate(nil)
}

// stopped is what a look that can't go on panics with.
type stopped struct{ why string }

// apart runs a part of a test whose failure does not end the test, and tells
// why it failed.
func apart(t *testing.T, do func(testing.TB)) (why string) {
	a := &aside{TB: t}
	defer func() {
		for i := len(a.cleanups) - 1; i >= 0; i-- {
			a.cleanups[i]()
		}
		if r := recover(); r != nil {
			s, ok := r.(stopped)
			if !ok {
				panic(r)
			}
			why = s.why
		}
	}()
	do(a)
	return ""
}

type aside struct {
	testing.TB
	cleanups []func()
}

func (a *aside) Cleanup(f func())             { a.cleanups = append(a.cleanups, f) }
func (a *aside) Fatal(args ...any)            { panic(stopped{fmt.Sprint(args...)}) }
func (a *aside) Fatalf(f string, args ...any) { panic(stopped{fmt.Sprintf(f, args...)}) }
