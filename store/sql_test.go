package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	isSQL       = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s`)
	placeholder = regexp.MustCompile(`\$([0-9]+)`)
	limited     = regexp.MustCompile(`\bLIMIT\b`)
	forbidden   = regexp.MustCompile(`(?i)\bSELECT\s+(\w+\.)?\*|\bNOW\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bstrftime\s*\(|\bdatetime\s*\(`)
	aggregate   = regexp.MustCompile(`^\s*SELECT\s+(COALESCE\s*\(\s*)?(COUNT|MAX|MIN|SUM|AVG|EXISTS)\s*\(`)
	grouped     = regexp.MustCompile(`\bGROUP BY\b`)
	fromTable   = regexp.MustCompile(`\bFROM\s+([a-z_]+)`)
	nested      = regexp.MustCompile(`\([^()]*\)`)
	writes      = regexp.MustCompile(`\b(INSERT|UPDATE|DELETE)\b`)
	oneDatabase = regexp.MustCompile(`^(dialect|sqlite|postgres|backup|migrate)`)
	otherTongue = regexp.MustCompile(`(?i)\bFOR UPDATE\b|::\w|\bILIKE\b|\bIFNULL\s*\(|\bINSERT OR\b|\bjson_\w+\s*\(|\bANY\s*\(|\browid\b|\bPRAGMA\b`)
)

// sqlText is one SQL text of the package, or the beginning of one.
type sqlText struct {
	text  string
	where token.Position
	whole bool // every part of it is known here
	row   bool // asked through QueryRow: at most one row is read
}

// faults lists what is wrong with a text.
func (s sqlText) faults() (out []string) {
	if m := forbidden.FindString(s.text); m != "" {
		out = append(out, "contains "+m)
	}
	file := filepath.Base(s.where.Filename)
	if m := otherTongue.FindString(s.text); m != "" && !oneDatabase.MatchString(file) {
		out = append(out, "contains "+m+", which one of the databases does not know; put it into dialect.go")
	}
	// SQLite numbers $n by first appearance, so $2 before $1 binds silently wrong.
	known, _, _ := strings.Cut(s.text, unknown)
	highest := 0
	for _, m := range placeholder.FindAllStringSubmatch(known, -1) {
		n, _ := strconv.Atoi(m[1])
		if n > highest+1 {
			out = append(out, "$"+m[1]+" appears before $"+strconv.Itoa(highest+1))
		}
		highest = max(highest, n)
	}
	if s.lists() && !limited.MatchString(s.text) {
		out = append(out, "a list without LIMIT")
	}
	return out
}

// lists tells whether a text may answer with many rows: not when it is asked
// through QueryRow, is one aggregate, reads no table, or changes rows.
func (s sqlText) lists() bool {
	verb := strings.Fields(s.text)[0]
	if s.row || !s.whole || verb != "SELECT" && (verb != "WITH" || writes.MatchString(s.text)) {
		return false
	}
	outer := s.text
	for nested.MatchString(outer) {
		outer = nested.ReplaceAllString(outer, "")
	}
	return fromTable.MatchString(outer) && (!aggregate.MatchString(s.text) || grouped.MatchString(outer))
}

// unknown stands for a part of a text that is made at run time.
const unknown = "\x00"

// asked finds what reaches QueryRow, or Exec, which reads no rows: names of constants, and nodes.
type asked struct {
	names map[string]bool
	nodes map[ast.Node]bool
}

func (a asked) mark(e ast.Node) {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			a.names[id.Name] = true
		}
		a.nodes[n] = true
		return true
	})
}

// function marks the arguments of QueryRow, and what was assigned to a local
// name that is one of them.
func (a asked) function(f *ast.FuncDecl) {
	local := asked{map[string]bool{}, map[ast.Node]bool{}}
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && (strings.HasPrefix(sel.Sel.Name, "QueryRow") || sel.Sel.Name == "Exec") {
				for _, arg := range call.Args {
					a.mark(arg)
					local.mark(arg)
				}
			}
		}
		return true
	})
	ast.Inspect(f, func(n ast.Node) bool {
		if set, ok := n.(*ast.AssignStmt); ok && len(set.Lhs) == len(set.Rhs) {
			for i, left := range set.Lhs {
				if id, ok := left.(*ast.Ident); ok && local.names[id.Name] {
					a.mark(set.Rhs[i])
				}
			}
		}
		return true
	})
}

// collect finds the SQL texts of parsed files: constants and literals, with
// constants and literals that are joined to them.
func collect(fset *token.FileSet, files []*ast.File) []sqlText {
	constants := map[string]ast.Expr{}
	single := asked{map[string]bool{}, map[ast.Node]bool{}}
	part := map[string]bool{} // constants that others begin or end with
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, name := range n.Names {
					if i < len(n.Values) {
						constants[name.Name] = n.Values[i]
					}
				}
			case *ast.BinaryExpr:
				for _, side := range []ast.Expr{n.X, n.Y} {
					if id, ok := side.(*ast.Ident); ok && n.Op == token.ADD {
						part[id.Name] = true
					}
				}
			case *ast.FuncDecl:
				single.function(n)
			}
			return true
		})
	}
	var out []sqlText
	for _, f := range files {
		names := map[ast.Expr]string{}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, e := range v.Values {
					names[e] = v.Names[min(i, len(v.Names)-1)].Name
				}
			}
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			switch e.(type) {
			case *ast.BasicLit, *ast.BinaryExpr:
			default:
				return true
			}
			text, whole := fold(e, constants, 0)
			if isSQL.MatchString(text) {
				out = append(out, sqlText{text, fset.Position(e.Pos()), whole && !part[names[e]], single.nodes[n] || single.names[names[e]]})
				return false
			}
			return true
		})
	}
	return out
}

// fold joins what is known of a text; whole is false when a part is not.
func fold(e ast.Expr, constants map[string]ast.Expr, depth int) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, l := fold(e.X, constants, depth)
		right, r := fold(e.Y, constants, depth)
		return left + right, l && r
	case *ast.ParenExpr:
		return fold(e.X, constants, depth)
	case *ast.Ident:
		if value, ok := constants[e.Name]; ok && depth < 5 {
			return fold(value, constants, depth+1)
		}
	}
	return unknown, false
}

func TestEverySQLText(t *testing.T) {
	fset := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	texts := collect(fset, files)
	if len(texts) < 10 {
		t.Fatalf("only %d SQL texts found: the test looks at the wrong place", len(texts))
	}
	for _, s := range texts {
		for _, fault := range s.faults() {
			t.Errorf("%s:%d: %s", filepath.Base(s.where.Filename), s.where.Line, fault)
		}
	}
}

// The test above must see each kind of mistake.
func TestEverySQLTextControl(t *testing.T) {
	for _, c := range []struct{ src, fault string }{
		{"const a = `SELECT x FROM t WHERE a = $2 AND b = $1 LIMIT 1`", "$2 appears before $1"},
		{"const a = `UPDATE t SET a = $1, b = $3 WHERE c = $2`", "$3 appears before $2"},
		{"const a = `SELECT * FROM t LIMIT 1`", "contains SELECT *"},
		{"const a = `SELECT t.* FROM t LIMIT 1`", "contains SELECT t.*"},
		{"const a = `UPDATE t SET a = NOW()`", "contains NOW("},
		{"const a = `SELECT x FROM t LIMIT 1 FOR UPDATE`", "contains FOR UPDATE"},
		{"const a = `SELECT x FROM t`", "a list without LIMIT"},
		{"const c = `x, y`\nconst a = `SELECT ` + c + ` FROM t`", "a list without LIMIT"},
		{"const a = `SELECT x FROM t`\nfunc f() { q.QueryRow(ctx, a) }", ""},
		{"func f() { q.QueryRow(ctx, `SELECT COUNT(x) FROM t`) }", ""},
		{"const a = `SELECT x FROM t`\nfunc f() { b := a; q.QueryRow(ctx, b) }", ""},
		{"const a = `SELECT COUNT(x), COALESCE(MIN(x), '') FROM t`", ""},
		{"const a = `SELECT COUNT(x) FROM t GROUP BY y`", "a list without LIMIT"},
		{"var a = `SELECT x FROM t WHERE a = $1 AND b IN (` + marks(2) + `) LIMIT $9`", ""},
		{"func f() { q.Query(ctx, `SELECT x FROM t WHERE a = $1 LIMIT $2`) }", ""},
		{"const a = `SELECT x FROM t WHERE a = $1 OR b = $1 LIMIT 1`", ""},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "x.go", "package x\n"+c.src, 0)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, s := range collect(fset, []*ast.File{f}) {
			all = append(all, s.faults()...)
		}
		if c.fault == "" && len(all) > 0 || c.fault != "" && !slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, c.fault) }) {
			t.Errorf("%s: found %q, want %q", c.src, all, c.fault)
		}
	}
}
