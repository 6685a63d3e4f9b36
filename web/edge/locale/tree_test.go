package locale_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gongbang/internal/lang"
	"gongbang/web/edge/locale"
)

// used is every code that the program's text can answer with, by group.
type used map[string]map[string]string

func (u used) add(group string, e ast.Expr, where string) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if s, err := strconv.Unquote(lit.Value); err == nil && s != "" {
		if u[group] == nil {
			u[group] = map[string]string{}
		}
		u[group][s] = where
	}
}

// TestEveryCodeHasSentences walks the whole program: who makes a new refusal
// has to write its sentences.
func TestEveryCodeHasSentences(t *testing.T) {
	found := used{}
	root := filepath.Join("..", "..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") && path != root {
			return filepath.SkipDir
		}
		// Errors of an import are told on the command line with the path in the file.
		if strings.HasPrefix(d.Name(), "catalog") && filepath.Base(filepath.Dir(path)) == "booking" {
			return nil
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			collect(t, path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, least := range []struct {
		group string
		n     int
	}{{"code", 15}, {"rule", 20}, {"violation", 15}} {
		if len(found[least.group]) < least.n {
			t.Errorf("only %d of group %s found: the walk has lost its way", len(found[least.group]), least.group)
		}
	}
	for group, codes := range found {
		for code, where := range codes {
			for _, l := range []lang.Locale{lang.Ko, lang.En} {
				if !locale.Has(l, group, code) && !(group == "rule" && pageHas(t, root, l, "rule."+code)) {
					t.Errorf("%s: %s %q has no sentence in %s.json", where, group, code, l)
				}
			}
		}
	}
}

// pageHas tells whether the pages bring a sentence of their own: rules that
// only a page's form has never reach the API.
func pageHas(t *testing.T, root string, l lang.Locale, key string) bool {
	t.Helper()
	parts, err := filepath.Glob(filepath.Join(root, "web", "page", "locale", string(l)+"*.json"))
	if err != nil || len(parts) == 0 {
		t.Fatalf("no texts of the pages: %v", err)
	}
	for _, part := range parts {
		raw, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), strconv.Quote(key)+":") {
			return true
		}
	}
	return false
}

// collect reads the calls that make refusals: fault.New(kind, code),
// BadField(field, rule, limit) and the packages' own short forms of it, and
// the rules that the edge makes itself.
func collect(t *testing.T, path string, found used) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Logf("%s is being written: %v", path, err)
		return
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		where := set.Position(call.Pos()).String()
		name, args := called(call), call.Args
		switch {
		case name == "fault.New" && len(args) == 2:
			found.add("code", args[1], where)
		case strings.HasSuffix(name, ".BadField") && len(args) == 3, name == "w.add" && len(args) == 3, name == "field" && len(args) == 3,
			name == "b.refuse" && len(args) == 3:
			found.add("rule", args[1], where)
		case name == "q.wrong" && len(args) == 2:
			found.add("rule", args[0], where)
		case strings.HasSuffix(name, ".With") && len(args) == 2 && isText(args[0], "advice"):
			found.add("advice", args[1], where)
		case name == "violation" && len(args) == 3:
			found.add("violation", args[0], where)
		}
		return true
	})
}

func isText(e ast.Expr, want string) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Value == strconv.Quote(want)
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
		return "?." + f.Sel.Name
	}
	return ""
}

// TestSameKeys: what one language has, the other has too, and both fill the same values.
func TestSameKeys(t *testing.T) {
	for _, code := range locale.Codes(lang.Ko) {
		if !locale.Has(lang.En, "code", code) {
			t.Errorf("en.json lacks %q", code)
		}
	}
	if ko, en := len(locale.Codes(lang.Ko)), len(locale.Codes(lang.En)); ko != en {
		t.Errorf("%d codes in Korean, %d in English", ko, en)
	}
}

func TestFill(t *testing.T) {
	if _, got := locale.Fault(lang.Ko, "rate_limited", map[string]string{"seconds": "7"}); !strings.HasPrefix(got, "7초") {
		t.Errorf("values are filled in, got %q", got)
	}
	title, _ := locale.Fault(lang.En, "never heard of", nil)
	if title == "" {
		t.Error("an unknown code still has a title")
	}
	if locale.Rule(lang.En, "never heard of", "") == "" {
		t.Error("an unknown rule still has a sentence")
	}
}
