package page

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/web/edge"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// place tells where a permission is asked.
type place string

const (
	nowhere   place = "nowhere"   // no center is concerned, or the service judges by the thing itself
	inPath    place = "path"      // at :center of the path
	somewhere place = "somewhere" // at any center; the service narrows to those
)

// route is one row of the table. It is reached at path in Korean and at
// /en + path in English.
type route struct {
	method, path string
	may          account.Permission
	at           place
	name         string // of the action; unique
	do           func(*request) error
}

// check refuses a row that forgets to say who may use it.
func (r route) check() error {
	name := r.method + " " + r.path
	switch {
	case r.method != get && r.method != post:
		return fmt.Errorf("%s: pages know GET and POST", name)
	case r.may == "" || !account.Known(r.may):
		return fmt.Errorf("%s declares no known permission", name)
	case r.at != nowhere && r.at != inPath && r.at != somewhere:
		return fmt.Errorf("%s does not say where its permission is asked", name)
	case r.at == inPath && !strings.Contains(r.path, "/:center"):
		return fmt.Errorf("%s has no :center in its path", name)
	case r.at == nowhere && r.may != account.Public && r.may != account.SignedIn:
		return fmt.Errorf("%s: a permission of staff is asked at some center", name)
	case r.name == "" || r.do == nil:
		return fmt.Errorf("%s has no name or handler", name)
	}
	return nil
}

// staffed tells whether the page is for people who work here.
func (r route) staffed() bool {
	return r.name != "" && r.may != account.Public && r.may != account.SignedIn || strings.HasPrefix(r.path, "/desk") || strings.HasPrefix(r.path, "/manage")
}

// mount puts the table on the engine, in both languages.
func (p *pages) mount() error {
	seen := map[string]bool{}
	for _, r := range p.table {
		if key := r.method + " " + r.path; seen[key] || seen[r.method+" "+r.name] {
			return fmt.Errorf("page: %s or its name %q stands twice in the table", key, r.name)
		}
		seen[r.method+" "+r.path], seen[r.method+" "+r.name] = true, true
		p.handle(r, r.path, lang.Ko)
		p.handle(r, "/en"+r.path, lang.En)
	}
	edge.Get(p.Edge.Engine, "/en", func(c *gin.Context) { c.Redirect(http.StatusMovedPermanently, "/en/") })
	p.mountStatic()
	p.Edge.Page = p.refuse
	return nil
}

func (p *pages) handle(r route, path string, l lang.Locale) {
	h := []gin.HandlerFunc{
		func(c *gin.Context) { edge.SetLocale(c, l) },
		p.Edge.Browser,
		p.Edge.Wrap(func(c *gin.Context) error { return p.serve(c, r) }),
	}
	if r.method == get {
		edge.Get(p.Edge.Engine, path, h...)
		return
	}
	p.Edge.Engine.Handle(r.method, path, h...)
}

func (p *pages) serve(c *gin.Context, row route) error {
	r, err := p.request(c)
	if err != nil {
		return err
	}
	r.row = row
	if r.actor.Anonymous() && row.may != account.Public {
		return r.toSignIn()
	}
	if !row.permits(r.actor, c.Param("center")) {
		return fault.ErrForbidden
	}
	return row.do(r)
}

func (r route) permits(actor account.Actor, center string) bool {
	switch {
	case r.may == account.Public, r.may == account.SignedIn && !actor.Anonymous():
		return true
	case r.at == inPath:
		return actor.May(r.may, center)
	}
	return actor.MaySomewhere(r.may)
}

// Route is one row of the table for tests.
type Route struct {
	Method, Path, Name string
	Permission         account.Permission
	Place              string
}

// Routes lists the table.
func Routes() []Route {
	var list []Route
	for _, r := range (&pages{}).routes() {
		list = append(list, Route{r.method, r.path, r.name, r.may, string(r.at)})
	}
	return list
}
