package e2e

import (
	"strings"
	"testing"
)

// A8: a form that is sent wrong comes back with what was typed, says at the
// field what is wrong, and the first wrong field has the focus.
func TestA8_WrongFormsComeBack(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	for _, x := range []struct {
		name, path string
		fill       map[string]string
		first      string // the field that is focused
	}{
		{"sign-in", "/sign-in", map[string]string{"f-login": "01012"}, "f-login"},
		{"sign-in by password", "/sign-in?by=password", map[string]string{"f-login": "nobody@demo.test"}, "f-password"},
		{"sign-up", "/sign-up", map[string]string{"f-name": "시험가", "f-email": "no address"}, ""},
		{"password-reset", "/password-reset", map[string]string{"f-login": "x"}, "f-login"},
	} {
		for _, prefix := range []string{"", "/en"} {
			b := s.open(t, person{}, view{}).goTo(prefix + x.path)
			for id, value := range x.fill {
				b.fill("#"+id, value)
			}
			b.follow("main form .btn.primary", "")
			name := prefix + " " + x.name
			for id, value := range x.fill {
				if kept := eval[string](b, `id => (document.getElementById(id) || {value: 'gone'}).value`, id); kept != value {
					t.Errorf("%s: %s held %q and now %q", name, id, value, kept)
				}
			}
			got := eval[struct {
				Focus, First string
				Said         bool
				Summary      string
			}](b, `() => {
        const wrong = [...document.querySelectorAll('[aria-invalid=true]')], e = wrong[0];
        const said = wrong.length > 0 && wrong.every(w => (w.getAttribute('aria-describedby') || '').split(/\s+/).some(i => document.getElementById(i) && document.getElementById(i).innerText.trim()));
        return {Focus: document.activeElement.id, First: e ? e.id : '', Said: said, Summary: (document.querySelector('[role=alert]') || {innerText: ''}).innerText}; }`)
			if got.First == "" || got.Focus != got.First || x.first != "" && got.First != x.first {
				t.Errorf("%s: the first wrong field is %q, the focus is on %q", name, got.First, got.Focus)
			}
			if !got.Said || strings.TrimSpace(got.Summary) == "" {
				t.Errorf("%s: what is wrong is not said (summary %q)", name, got.Summary)
			}
		}
	}
}
