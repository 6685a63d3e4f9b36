package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// Base is the path that all routes but the operations ones begin with.
const Base = "/api/v1"

// Place tells where a permission is asked.
type Place string

const (
	Nowhere    Place = "nowhere"    // no center is concerned, or the service judges by the thing itself
	InPath     Place = "path"       // the center is :center of the path
	OfMachine  Place = "equipment"  // the center of the equipment :id of the path
	OfCenter   Place = "center"     // the center :id of the path
	OfScope    Place = "scope"      // the center that the body's scope names; the whole city is city_edit's
	OfClosure  Place = "closure"    // the center of the closure :id of the path; the city's is city_edit's
	Everywhere Place = "everywhere" // at every center at once
	Somewhere  Place = "somewhere"  // at any center; the service narrows to those
	InQuery    Place = "query"      // at ?center= when it is given, else somewhere
)

// route is one row of the table.
type route struct {
	method, path string
	may          account.Permission
	at           Place
	do           action
}

// action judges the shape of a request and answers it.
type action struct {
	shape func(c *call) (any, error)
	run   func(c *call, in any) error
}

// none is an action without any input.
func none(run func(c *call) error) action {
	type nothing struct{}
	return withBody(func(c *call, _ *nothing) error { return run(c) })
}

// withBody is an action whose input is a JSON object.
func withBody[T any](run func(c *call, in *T) error) action {
	return action{
		shape: func(c *call) (any, error) {
			if err := edge.NoQuery(c.Request); err != nil {
				return nil, err
			}
			in := new(T)
			if !changes(c.Request.Method) {
				return in, nil
			}
			var err error
			if c.sent, err = edge.ReadJSON(c.Context); err != nil {
				return nil, err
			}
			return in, edge.Bind(c.sent, in)
		},
		run: func(c *call, in any) error { return run(c, in.(*T)) },
	}
}

// withQuery is an action whose input is the query string.
func withQuery[T any](run func(c *call, in *T) error) action {
	return action{
		shape: func(c *call) (any, error) {
			in := new(T)
			return in, edge.BindQuery(c.Request, in)
		},
		run: func(c *call, in any) error { return run(c, in.(*T)) },
	}
}

func changes(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// check refuses a row that forgets to say who may use it.
func (r route) check() error {
	name := r.method + " " + r.path
	switch {
	case r.may == "" || !account.Known(r.may):
		return fmt.Errorf("api: %s declares no known permission", name)
	case r.at == "":
		return fmt.Errorf("api: %s does not say where its permission is asked", name)
	case r.at == InPath && !strings.Contains(r.path, ":center"):
		return fmt.Errorf("api: %s has no :center in its path", name)
	case (r.at == OfMachine || r.at == OfCenter || r.at == OfClosure) && !strings.Contains(r.path, ":id"):
		return fmt.Errorf("api: %s has no :id in its path", name)
	case r.do.shape == nil || r.do.run == nil:
		return fmt.Errorf("api: %s has no handler", name)
	}
	return nil
}

// serve judges in the order of the contract: who, shape, permission; the
// action's service judges the rest.
func (a *API) serve(r route) gin.HandlerFunc {
	return a.edge.Wrap(func(g *gin.Context) error {
		c := &call{Context: g, api: a, actor: edge.ActorOf(g)}
		if r.may != account.Public && c.actor.Anonymous() {
			return fault.ErrSignIn
		}
		in, err := r.do.shape(c)
		if err != nil {
			return err
		}
		if err := a.permit(c, r); err != nil {
			return err
		}
		return r.do.run(c, in)
	})
}

func (a *API) permit(c *call, r route) error {
	if r.may == account.Public || r.may == account.SignedIn {
		return nil
	}
	center, everywhere := "", false
	switch r.at {
	case InPath:
		center = c.Param("center")
	case InQuery:
		center = c.Query("center")
		everywhere = center == ""
	case OfMachine, OfCenter, OfScope, OfClosure:
		var err error
		if center, err = a.centerOf(c, r.at); err != nil {
			return err
		}
		if center == "" {
			return unlessMay(c.actor.May(account.CityEdit, ""))
		}
	case Everywhere:
	default:
		everywhere = true
	}
	return unlessMay(everywhere && c.actor.MaySomewhere(r.may) || !everywhere && c.actor.May(r.may, center))
}

func unlessMay(may bool) error {
	if may {
		return nil
	}
	return fault.ErrForbidden
}

// centerOf finds the center a request is about; "" is the whole city.
func (a *API) centerOf(c *call, at Place) (string, error) {
	if at == OfScope {
		named, _ := c.sent["scope"].(string)
		return strings.TrimPrefix(strings.TrimPrefix(named, "city"), "center:"), nil
	}
	catalog, err := a.catalogNow(c.ctx())
	if err != nil {
		return "", err
	}
	switch at {
	case OfMachine:
		if machine, ok := catalog.Machine(c.id()); ok {
			return machine.Center.ID, nil
		}
	case OfCenter:
		if center, ok := catalog.Center(c.id()); ok {
			return center.ID, nil
		}
	default:
		if i := slices.IndexFunc(catalog.Posted, func(p booking.Posted) bool { return p.ID == c.id() }); i >= 0 {
			return catalog.Posted[i].Center, nil
		}
	}
	return "", fault.ErrNotFound
}

// mount puts the table on the engine.
func (a *API) mount(group *gin.RouterGroup, table []route) error {
	var bad []error
	for _, r := range table {
		if err := r.check(); err != nil {
			bad = append(bad, err)
			continue
		}
		if r.method == http.MethodGet {
			edge.Get(group, r.path, a.serve(r))
			continue
		}
		group.Handle(r.method, r.path, a.serve(r))
	}
	return errors.Join(bad...)
}

// RouteInfo is one row of the table for tests and documents; Path is with {parameters} and without Base.
type RouteInfo struct {
	Method     string
	Path       string
	Permission account.Permission
	Place      Place
}

// Routes lists the table of the JSON routes.
func Routes() []RouteInfo {
	var list []RouteInfo
	for _, r := range (&API{}).routes() {
		list = append(list, RouteInfo{r.method, braces(r.path), r.may, r.at})
	}
	return list
}

// braces writes /bookings/:id as /bookings/{id}.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}
