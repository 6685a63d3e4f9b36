package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// watcher stands in every page before its own script: it notes what a check
// can't see afterwards. Once __still is set, the page hears no answer any more
// and its clock stands, so that it changes under no look, however long.
const watcher = `(() => {
  window.__seen = {shift: 0, csp: [], said: []};
  const now = performance.now.bind(performance);
  let stood;
  performance.now = () => window.__still ? stood ??= now() : now();
  const ask = window.fetch, heard = p => new Promise((ok, no) => p.then(v => window.__still || ok(v), e => window.__still || no(e)));
  window.fetch = (...args) => heard(ask(...args).then(r => { const text = r.text.bind(r); r.text = () => heard(text()); return r; }));
  try { new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__seen.shift += e.value; }).observe({type: 'layout-shift', buffered: true}); } catch (e) {}
  document.addEventListener('securitypolicyviolation', e => window.__seen.csp.push(e.violatedDirective + ' ' + e.blockedURI));
})()`

// finder is a function of scripts: the first visible element that a selector
// finds whose words contain a text.
const finder = `const find = (css, text) => [...document.querySelectorAll(css)].find(e => (e.checkVisibility({visibilityProperty: true}) || e.tagName === 'OPTION') &&
  (!text || [e.innerText, e.getAttribute('aria-label'), e.value, e.labels && [...e.labels].map(l => l.innerText).join(' ')].join(' ').includes(text)));
`

// eval runs a script in the page and decodes what it tells. A page that is
// being left is asked again.
func eval[T any](b *tab, script string, args ...any) T {
	b.t.Helper()
	v, err := tryEval[T](b, script, args...)
	if err != nil {
		b.t.Fatalf("%v in %s", err, tail(script, 200))
	}
	return v
}

func tryEval[T any](b *tab, script string, args ...any) (v T, err error) {
	texts := make([]string, len(args))
	for i, a := range args {
		raw, _ := json.Marshal(a)
		texts[i] = string(raw)
	}
	expression := "(" + script + ")(" + strings.Join(texts, ",") + ")"
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		v, err = chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		if err == nil || ctx.Err() != nil || !beingLeft(err) {
			return v, err
		}
		<-time.After(5 * time.Millisecond)
	}
}

// beingLeft tells whether a script got no answer because its page went away.
func beingLeft(err error) bool {
	var thrown *chromedp.ExceptionError
	return !errors.As(err, &thrown) && (strings.Contains(err.Error(), "context") || strings.Contains(err.Error(), "navigated"))
}

// goTo opens a path and waits until it stands.
func (b *tab) goTo(path string) *tab {
	b.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = b.site.base + path
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		b.t.Fatalf("%s: %v", path, err)
	}
	return b.settled()
}

// settled waits until a loaded page was drawn: only then has the browser put
// the focus where the page asks for it, and begun to count what moves.
func (b *tab) settled() *tab {
	b.t.Helper()
	if !b.view.noScript { // nothing calls back there, and nothing changes any more
		eval[bool](b, `() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
	}
	return b
}

// path is where the tab is, without the origin.
func (b *tab) path() string {
	b.t.Helper()
	return eval[string](b, `() => location.pathname + location.search`)
}

// leaving runs what makes the tab load another page, and waits until that stands.
func (b *tab) leaving(do func()) *tab {
	b.t.Helper()
	eval[bool](b, `() => window.__left = true`)
	do()
	b.until("another page", func() bool {
		gone, err := tryEval[bool](b, `() => !window.__left && document.readyState === 'complete'`)
		return err == nil && gone
	})
	return b.settled()
}

// until waits for something on the page.
func (b *tab) until(what string, ok func() bool) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			b.t.Fatalf("never: %s\n%s", what, b.story())
		}
		<-time.After(20 * time.Millisecond)
	}
}

// story tells what the tab shows, for the sentence of a failure.
func (b *tab) story() string {
	where, _ := tryEval[string](b, `() => location.href + '\n' + (document.querySelector('main') || document.body).innerText`)
	return tail(where, 1800)
}

// fail ends the test and tells what the tab shows.
func (b *tab) fail(format string, args ...any) {
	b.t.Helper()
	b.t.Fatalf("%s\n%s", fmt.Sprintf(format, args...), b.story())
}

// is tells whether an element with a text is visible.
func (b *tab) is(css, text string) bool {
	b.t.Helper()
	return eval[bool](b, `(css, text) => {`+finder+` return !!find(css, text); }`, css, text)
}

// see waits for an element with a text.
func (b *tab) see(css, text string) *tab {
	b.t.Helper()
	b.until(fmt.Sprintf("%s with %q", css, text), func() bool { return b.is(css, text) })
	return b
}

// focused waits until the element that a selector finds has the focus.
func (b *tab) focused(css string) *tab {
	b.t.Helper()
	b.until("the focus on "+css, func() bool {
		return eval[bool](b, `css => { const e = document.querySelector(css); return !!e && e === document.activeElement; }`, css)
	})
	return b
}

// words are the words of an element, "" when there is none.
func (b *tab) words(css string) string {
	b.t.Helper()
	return eval[string](b, `css => (document.querySelector(css) || {innerText: ''}).innerText.trim()`, css)
}

// count tells how many visible elements a selector finds.
func (b *tab) count(css string) int {
	b.t.Helper()
	return eval[int](b, `css => [...document.querySelectorAll(css)].filter(e => e.checkVisibility({visibilityProperty: true})).length`, css)
}

// attr is an attribute of the first element that a selector finds.
func (b *tab) attr(css, name string) string {
	b.t.Helper()
	return eval[string](b, `(css, name) => { const e = document.querySelector(css); return e && e.getAttribute(name) || ''; }`, css, name)
}

// press clicks the middle of an element, as a finger does: what covers it gets
// the press, so a covered element fails. A page that puts fresh parts in while
// the finger is down hears nothing, so it is pressed again.
func (b *tab) press(css, text string) *tab {
	b.t.Helper()
	b.until(fmt.Sprintf("a press of %s with %q", css, text), func() bool {
		b.click(css, text, 1)
		return b.view.noScript || !eval[bool](b, `() => window.__heard === 0`)
	})
	b.pressed++
	return b
}

// click presses an element so many times in a row, whatever comes of it.
func (b *tab) click(css, text string, times int64) {
	b.t.Helper()
	spot := eval[struct {
		X, Y  float64
		Found bool
		Cover string
	}](b, `(css, text) => {`+finder+`
    const e = find(css, text);
    if (window.__heard === undefined) addEventListener('click', () => window.__heard++, true);
    window.__heard = 0;
    if (!e) return {X: 0, Y: 0, Found: false, Cover: ''};
    e.scrollIntoView({block: 'center', behavior: 'instant'});
    const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2;
    const hit = document.elementFromPoint(x, y);
    const label = e.labels && [...e.labels].some(l => l.contains(hit));
    return {X: x, Y: y, Found: true, Cover: hit && (e.contains(hit) || hit.contains(e) && hit.tagName !== 'BODY' || label) ? '' : hit ? hit.outerHTML.slice(0, 200) : 'nothing'};
  }`, css, text)
	if !spot.Found {
		b.fail("there is no %s with %q to press", css, text)
	}
	if spot.Cover != "" {
		b.fail("%s with %q is covered by %s", css, text, spot.Cover)
	}
	for n := int64(1); n <= times; n++ {
		for _, kind := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
			call(b, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: spot.X, Y: spot.Y, Button: "left", Buttons: 1, ClickCount: n})
		}
	}
}

// heldBack runs do while no answer reaches the tab, as on a slow line: the
// server has what was sent, and the page still stands.
func (b *tab) heldBack(do func()) {
	b.t.Helper()
	call(b, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*", RequestStage: fetch.RequestStageResponse}}})
	do()
	b.until("an answer to hold back", func() bool { return len(b.log.paused()) > 0 })
	call(b, fetch.Disable, cdp.Empty{})
}

// follow presses an element and waits for the page that it leads to.
func (b *tab) follow(css, text string) *tab {
	b.t.Helper()
	return b.leaving(func() { b.t.Helper(); b.press(css, text) })
}

// fill writes a value into a field as a person types it.
func (b *tab) fill(css, value string) *tab {
	b.t.Helper()
	found := eval[bool](b, `css => { const e = document.querySelector(css); if (!e) return false; e.scrollIntoView({block: 'center'}); e.focus(); e.select && e.select(); return true; }`, css)
	if !found {
		b.fail("there is no field %s", css)
	}
	return b.write(value)
}

// write types into what has the focus.
func (b *tab) write(value string) *tab {
	b.t.Helper()
	call(b, input.InsertText, input.InsertTextParams{Text: value})
	return b
}

// key presses keys of the keyboard.
func (b *tab) key(keys string, modifiers ...kb.Modifier) *tab {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.try(chromedp.Do(ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...))))
	return b
}

// tabTo walks with the Tab key until an element with a text has the focus.
func (b *tab) tabTo(css, text string) *tab {
	b.t.Helper()
	for range 250 {
		if eval[bool](b, `(css, text) => {`+finder+` const a = document.activeElement, e = find(css, text);
      return !!e && (e === a || !!a && a.type === 'radio' && a.name === e.name); }`, css, text) {
			return b
		}
		b.key(kb.Tab)
	}
	b.fail("Tab never reaches %s with %q", css, text)
	return b
}

// enter walks to an element and presses Enter there, and waits for the next page.
func (b *tab) enter(css, text string) *tab {
	b.t.Helper()
	b.tabTo(css, text)
	return b.leaving(func() { b.key(kb.Enter) })
}

// settings puts the screen settings' cookie, as the settings page does.
func (b *tab) settings(contrast, size string) {
	if size == "" {
		size = "m"
	}
	b.cookie("ui", contrast+"-"+size+"-ko")
}

// before puts a script into every page of the tab, before its own.
func (b *tab) before(script string) {
	b.t.Helper()
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// form is what a form would send untouched.
func (b *tab) form(css string) url.Values {
	b.t.Helper()
	pairs := eval[[][2]string](b, `css => [...new FormData(document.querySelector(css))].map(([k, v]) => [k, String(v)])`, css)
	v := url.Values{}
	for _, p := range pairs {
		v.Add(p[0], p[1])
	}
	return v
}

// live waits until the page's stream is open: what changes from then on is told.
func (b *tab) live() *tab {
	b.t.Helper()
	b.until("the live stream", b.log.streams)
	return b
}

// streams tells whether the server has answered the page's stream.
func (r *record) streams() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for url, status := range r.status {
		if strings.Contains(url, "/events?") && status == 200 {
			return true
		}
	}
	return false
}

// paused lists the answers that are held back.
func (r *record) paused() []fetch.RequestID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.held)
}

// statusOf is the status that an address was answered with last.
func (r *record) statusOf(url string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status[url]
}
