package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/web/edge"
)

// scope is what a closure closes: "center:ID" or "city".
type scope struct{ center string }

// UnmarshalText accepts the two forms.
func (s *scope) UnmarshalText(b []byte) error {
	text := string(b)
	id, ok := strings.CutPrefix(text, "center:")
	if text == "city" {
		*s = scope{}
		return nil
	}
	if !ok || id == "" {
		return errNoSuchDay
	}
	s.center = id
	return nil
}

// Rule names what such a field has to be.
func (*scope) Rule() string { return "scope" }

func (s scope) String() string {
	if s.center == "" {
		return "city"
	}
	return "center:" + s.center
}

// moment is a day, or an instant.
type moment struct {
	day booking.Date
	at  time.Time
}

// UnmarshalText accepts YYYY-MM-DD or RFC 3339.
func (m *moment) UnmarshalText(b []byte) error {
	var d date
	if d.UnmarshalText(b) == nil {
		m.day = booking.Date(d)
		return nil
	}
	at, ok := edge.ParseTime(string(b))
	if !ok {
		return errNoSuchDay
	}
	m.at = at
	return nil
}

// Rule names what such a field has to be.
func (*moment) Rule() string { return "moment" }

func (m moment) start(zone *time.Location) time.Time {
	if m.day != "" {
		return m.day.At(0, zone)
	}
	return m.at
}

// end counts a day as a whole one.
func (m moment) end(zone *time.Location) time.Time {
	if m.day != "" {
		return m.day.Add(1).At(0, zone)
	}
	return m.at
}

type closureBody struct {
	Scope  *scope  `json:"scope" validate:"required"`
	From   *moment `json:"from" validate:"required"`
	To     *moment `json:"to"`
	Reason string  `json:"reason" validate:"required,max=500"`
}

// close closes a center or the city. Without "to" it is the rest of the day
// that "from" lies in: the whole of a date, early closing from a time on.
func (a *API) close(c *call, in *closureBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	from := in.From.start(zone)
	to := booking.DateOf(from, zone).Add(1).At(0, zone)
	if in.To != nil {
		to = in.To.end(zone)
	}
	p, hit, replayed, err := a.Engine.Close(c.ctx(), c.actor, booking.ClosureRequest{Center: in.Scope.center, From: from, To: to, Reason: in.Reason, Key: key})
	if err != nil {
		return err
	}
	c.replayed(replayed)
	c.Header("Location", Base+"/closures")
	h := closureJSON(*p, zone)
	h["affected"] = affectedJSON(hit)
	return c.show(http.StatusCreated, h)
}

type closuresQuery struct {
	Center string `query:"center" validate:"max=128"`
}

func (a *API) closures(c *call, in *closuresQuery) error {
	list, err := a.Engine.Closures(c.ctx(), c.actor, in.Center)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(list, func(p booking.Posted) gin.H { return closureJSON(p, zone) }), "")
}

func (a *API) reopen(c *call) error {
	if err := a.Engine.Reopen(c.ctx(), c.actor, c.id()); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func closureJSON(p booking.Posted, zone *time.Location) gin.H {
	return gin.H{"id": p.ID, "scope": scope{p.Center}.String(), "from": stamp(p.When.Start, zone), "to": stamp(p.When.End, zone),
		"reason": p.Reason, "created_at": stamp(p.CreatedAt, zone)}
}
