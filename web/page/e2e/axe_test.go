package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// axe is the rule engine that `make` installs beside this package.
func axe(t testing.TB) string {
	t.Helper()
	source, err := axeSource()
	if err == nil {
		return source
	}
	if strings.Contains(os.Getenv("TEST_REQUIRE"), "chromium") {
		t.Fatalf("axe-core is required with chromium: %v", err)
	}
	t.Skip("axe-core is not installed (npm ci in web/page/e2e)")
	return ""
}

var axeSource = sync.OnceValues(func() (string, error) {
	raw, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	return string(raw), err
})

const runAxe = `async () => {
  const r = await axe.run(document, {preload: false, resultTypes: ['violations'],
    runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}});
  return r.violations.flatMap(v => v.nodes.slice(0, 4).map((n, i) => v.id + ' (' + v.impact + ', ' + v.nodes.length + '): ' + n.target.join(' ') + ' – ' + [...n.any, ...n.all, ...n.none].map(c => c.message).join('; ').slice(0, 200)));
}`

// axe asks the rule engine for violations.
func (l *looked) axe(b *tab) {
	b.t.Helper()
	source, err := axeSource()
	b.try(err)
	eval[bool](b, `() => { `+source+`; return true; }`)
	l.wrong["A1"] = append([]string{}, eval[[]string](b, runAxe)...)
}
