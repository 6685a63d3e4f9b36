package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

//go:embed templates
var templateFiles embed.FS

// loadTemplates parses every page of templates/ with the frame and the parts.
func loadTemplates() (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(template.FuncMap{"icon": icon}).ParseFS(templateFiles, "templates/frame.html", "templates/parts/*.html")
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
		t, err := template.Must(base.Clone()).ParseFS(templateFiles, file)
		if err != nil {
			return nil, err
		}
		set[name] = t
	}
	return set, nil
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
