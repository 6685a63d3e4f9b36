package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"text/template/parse"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

//go:embed templates
var templateFiles embed.FS

// loadTemplates parses every page of templates/ with the frame and those parts
// that it names: all parts in every page were four fifths of what an idle
// service keeps in memory and looks through with every collection.
func loadTemplates() (map[string]*template.Template, error) {
	funcs := template.FuncMap{"icon": icon}
	base, err := template.New("").Funcs(funcs).ParseFS(templateFiles, "templates/frame.html", "templates/parts/*.html")
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	set := map[string]*template.Template{}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
		if name == "frame" {
			continue
		}
		t, err := template.New(path.Base(file)).Funcs(funcs).ParseFS(templateFiles, file)
		if err != nil {
			return nil, err
		}
		if err := complete(t, base, "frame"); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, own := range t.Templates() {
			if err := complete(t, base, called(own.Tree.Root)...); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
		set[name] = t
	}
	return set, nil
}

// complete adds to t what it lacks of the named templates, and of those that
// they name in turn: each a copy, because drawing changes it.
func complete(t, base *template.Template, names ...string) error {
	for _, name := range names {
		if t.Lookup(name) != nil {
			continue
		}
		part := base.Lookup(name)
		if part == nil {
			return fmt.Errorf("there is no template %q", name)
		}
		if _, err := t.AddParseTree(name, part.Tree.Copy()); err != nil {
			return err
		}
		if err := complete(t, base, called(part.Tree.Root)...); err != nil {
			return err
		}
	}
	return nil
}

// called lists the templates that a node calls.
func called(n parse.Node) (names []string) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil { // no else
			return nil
		}
		for _, child := range n.Nodes {
			names = append(names, called(child)...)
		}
	case *parse.IfNode:
		return append(called(n.List), called(n.ElseList)...)
	case *parse.RangeNode:
		return append(called(n.List), called(n.ElseList)...)
	case *parse.WithNode:
		return append(called(n.List), called(n.ElseList)...)
	case *parse.TemplateNode:
		return []string{n.Name}
	}
	return names
}

// page answers with a whole page. It is drawn in memory first, so that a
// broken template is a 500 and not half a page.
func (r *request) page(status int, name string, view any) error {
	return r.draw(status, name, "frame", view)
}

// fragment answers with one {{define}} of a page's template, for the script to put in.
func (r *request) fragment(status int, name, block string, view any) error {
	return r.draw(status, name, block, view)
}

func (r *request) draw(status int, name, block string, view any) error {
	t, ok := r.p.set[name]
	if !ok {
		return fmt.Errorf("page: there is no template %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, block, view); err != nil {
		return err
	}
	pageHeaders(r.Writer.Header())
	if strings.Contains(r.row.path, "/:token") { // the address itself is a secret
		r.Header("Referrer-Policy", "no-referrer")
	}
	r.Data(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// refused is the refusal that a form shows again with its values: what the
// person can mend. Everything else goes the way of all errors.
func refused(err error) (*fault.Fault, bool) {
	f, ok := fault.As(err)
	if !ok || edge.Status(err) >= http.StatusInternalServerError {
		return nil, false
	}
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.Gone, fault.TooMany, fault.Unauthenticated:
		return f, true
	}
	return nil, false
}
