package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the name of this module in go.mod.
const module = "gongbang"

// arrow says what a package may import: packages of this module (a trailing
// "/..." includes those below), other modules, and what it must not, of the
// standard library.
type arrow struct {
	own    []string
	others []string // nil: none; "*": any
	never  []string
}

var technology = []string{"database/sql", "net/http", "os", "log", "log/slog"}

// arrows is the picture of the README as a table.
// The first row whose name is the package, or is above it, counts.
var arrows = []struct {
	pkg string
	arrow
}{
	{"cmd", arrow{own: []string{"..."}, others: []string{"*"}}},
	{"web", arrow{own: []string{"web/...", "account", "booking", "survey", "notify", "internal/fault", "internal/lang"}, others: []string{"*"}, never: []string{"database/sql"}}},
	{"scheduler", arrow{own: []string{"account", "booking", "survey", "notify", "internal/fault", "internal/lang"}, others: []string{"*"}, never: []string{"database/sql"}}},
	{"store", arrow{own: []string{"store/...", "account", "booking", "survey", "notify", "scheduler", "internal/...", "testdata"}, others: []string{"*"}}},
	{"booking", arrow{own: []string{"account", "internal/fault", "internal/lang"}, never: technology}},
	{"survey", arrow{own: []string{"account", "internal/fault", "internal/lang"}, never: technology}},
	// account.Secret hides itself from slog, so it must know slog's Value.
	{"account", arrow{own: []string{"internal/fault", "internal/lang"}, others: []string{"golang.org/x/crypto/argon2"}, never: technology[:4]}},
	{"notify", arrow{own: []string{"internal/fault", "internal/lang"}, never: []string{"database/sql"}}},
	{"internal/fault", arrow{never: technology}},
	{"internal/lang", arrow{never: technology}},
	{"internal", arrow{own: []string{"internal/...", "account", "booking", "survey"}, others: []string{"*"}}},
	{"testdata", arrow{}},
}

// wrongArrow tells why pkg (a folder of this module) may not import imp; "" is fine.
func wrongArrow(pkg, imp string) string {
	i := slices.IndexFunc(arrows, func(a struct {
		pkg string
		arrow
	}) bool {
		return pkg == a.pkg || strings.HasPrefix(pkg, a.pkg+"/")
	})
	if i < 0 {
		return "no arrow is declared for this package"
	}
	a := arrows[i]
	own, isOwn := strings.CutPrefix(imp, module+"/")
	switch {
	case isOwn && !slices.ContainsFunc(a.own, func(p string) bool { return covers(p, own) }):
		return a.pkg + " may not import this package"
	case isOwn:
		return ""
	case slices.Contains(a.never, imp):
		return a.pkg + " knows no " + imp
	case strings.Contains(strings.Split(imp, "/")[0], ".") && !slices.Contains(a.others, "*") && !slices.Contains(a.others, imp):
		return a.pkg + " uses the standard library only"
	}
	return ""
}

func covers(pattern, pkg string) bool {
	above, deep := strings.CutSuffix(pattern, "...")
	return pkg == pattern || deep && (strings.HasPrefix(pkg, above) || pkg == strings.TrimSuffix(above, "/"))
}

func TestImportArrows(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "data" || d.Name() == "build" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		seen++
		pkg := path.Dir(filepath.ToSlash(rel))
		for _, i := range file.Imports {
			imp, _ := strconv.Unquote(i.Path.Value)
			if why := wrongArrow(pkg, imp); why != "" && !harness(pkg) {
				t.Errorf("%s imports %s: %s", rel, imp, why)
			}
		}
		return nil
	})
	if err != nil || seen < 20 {
		t.Fatalf("read %d files, error %v", seen, err)
	}
}

// harness names packages that only tests import; they hold real parts together.
func harness(pkg string) bool {
	return strings.HasPrefix(pkg, "internal/testkit") || strings.HasSuffix(pkg, "test")
}

func TestWrongArrowsAreRed(t *testing.T) {
	for _, c := range []struct{ pkg, imp string }{
		{"web/api", "gongbang/store"},
		{"web/api", "gongbang/store/redis"},
		{"scheduler", "gongbang/store"},
		{"booking", "gongbang/survey"},
		{"booking", "gongbang/store"},
		{"booking", "database/sql"},
		{"booking", "net/http"},
		{"survey", "gongbang/booking"},
		{"survey", "github.com/robfig/cron/v3"},
		{"account", "gongbang/booking"},
		{"account", "golang.org/x/crypto/bcrypt"},
		{"notify", "gongbang/account"},
		{"store/redis", "gongbang/web/api"},
		{"internal/fault", "gongbang/account"},
		{"other", "fmt"},
	} {
		if wrongArrow(c.pkg, c.imp) == "" {
			t.Errorf("%s importing %s should be red", c.pkg, c.imp)
		}
	}
	for _, c := range []struct{ pkg, imp string }{
		{"cmd/gongbang", "gongbang/store/redis"},
		{"web/api", "gongbang/booking"},
		{"web/api", "gongbang/web/edge"},
		{"store", "gongbang/scheduler"},
		{"booking", "gongbang/account"},
		{"booking", "context"},
	} {
		if why := wrongArrow(c.pkg, c.imp); why != "" {
			t.Errorf("%s importing %s should be fine: %s", c.pkg, c.imp, why)
		}
	}
}
