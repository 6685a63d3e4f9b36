package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

// bookBody asks for a booking, by a hold or directly.
type bookBody struct {
	HoldID      string        `json:"hold_id" validate:"max=1024"`
	EquipmentID string        `json:"equipment_id" validate:"required_without=HoldID,excluded_with=HoldID,max=128"`
	StartsAt    time.Time     `json:"starts_at" validate:"required_without=HoldID,excluded_with=HoldID"`
	EndsAt      time.Time     `json:"ends_at" validate:"required_without=HoldID,excluded_with=HoldID,omitempty,gtfield=StartsAt"`
	Unit        *int          `json:"unit" validate:"omitempty,min=1,max=1000"`
	Purpose     string        `json:"purpose" validate:"max=500"`
	People      *int          `json:"people" validate:"omitempty,min=1,max=1000"`
	Attendee    *attendeeBody `json:"attendee"`
	Job         *jobBody      `json:"job"`
	Declares    []string      `json:"declares" validate:"max=4,dive,oneof=eligibility min_age"`
	For         *forBody      `json:"for"`
	Override    *overrideBody `json:"override"`
}

type attendeeBody struct {
	Name      string `json:"name" validate:"required,max=80"`
	Phone     string `json:"phone" validate:"max=32"`
	Relation  string `json:"relation" validate:"max=40"`
	BirthYear *int   `json:"birth_year" validate:"omitempty,min=1900,max=2100"`
}

type jobBody struct {
	What     string `json:"what" validate:"required,max=200"`
	Quantity *int   `json:"quantity" validate:"omitempty,min=1,max=1000000"`
	DueDate  date   `json:"due_date"`
	Note     string `json:"note" validate:"max=1000"`
}

type forBody struct {
	AccountID string `json:"account_id" validate:"max=64,excluded_with=Name"`
	Name      string `json:"name" validate:"required_without=AccountID,max=80"`
	Phone     string `json:"phone" validate:"max=32"`
	Consent   string `json:"consent" validate:"omitempty,oneof=phone paper counter"`
}

type overrideBody struct {
	Reason string `json:"reason" validate:"required,max=500"`
}

func (b *overrideBody) reason() string {
	if b == nil {
		return ""
	}
	return strings.TrimSpace(b.Reason)
}

func (in *bookBody) request(key *booking.Key) booking.BookRequest {
	req := booking.BookRequest{HoldID: in.HoldID, EquipmentID: in.EquipmentID, Start: in.StartsAt, End: in.EndsAt,
		Unit: number(in.Unit), Purpose: in.Purpose, People: number(in.People), Declares: slices.Contains(in.Declares, "eligibility"), OfAge: slices.Contains(in.Declares, "min_age"),
		Override: in.Override.reason(), Key: key}
	if a := in.Attendee; a != nil {
		req.Attendee = &booking.Attendee{Name: a.Name, Phone: a.Phone, Relation: a.Relation, BirthYear: number(a.BirthYear)}
	}
	if j := in.Job; j != nil {
		req.Job = &booking.JobRequest{What: j.What, Quantity: number(j.Quantity), DueDate: booking.Date(j.DueDate), Note: j.Note}
	}
	if f := in.For; f != nil {
		req.For = &booking.ForWhom{AccountID: f.AccountID, Name: f.Name, Phone: f.Phone, Consent: f.Consent}
	}
	return req
}

// number is 0 for a number that was not given.
func number(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (a *API) book(c *call, in *bookBody) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	v, replayed, err := a.Engine.Book(c.ctx(), c.actor, in.request(key))
	return a.made(c, v, replayed, err)
}

// made answers a new booking.
func (a *API) made(c *call, v *booking.View, replayed bool, err error) error {
	if err != nil {
		return err
	}
	if !replayed {
		a.metrics.booked(v.Origin)
	}
	c.replayed(replayed)
	c.Header("Location", Base+"/bookings/"+v.ID)
	return c.show(http.StatusCreated, bookingJSON(v))
}

type bookingsQuery struct {
	Scope  string   `query:"scope" validate:"omitempty,oneof=mine firm center"`
	Center string   `query:"center" validate:"required_if=Scope center,max=128"`
	Status []string `query:"status" validate:"max=8,dive,oneof=pending offered confirmed checked_in completed cancelled rejected no_show"`
	From   date     `query:"from"`
	To     date     `query:"to"`
	Q      string   `query:"q" validate:"max=100"`
	page
}

// page is the part of a query that all lists share.
type page struct {
	Limit  *int   `query:"limit" validate:"omitempty,min=1,max=200"`
	Cursor string `query:"cursor" validate:"max=512"`
}

func (p page) limit() int {
	if p.Limit == nil {
		return 50
	}
	return *p.Limit
}

func (a *API) bookings(c *call, in *bookingsQuery) error {
	q := booking.List{Scope: in.Scope, Center: in.Center, From: booking.Date(in.From), To: booking.Date(in.To),
		Q: in.Q, Cursor: in.Cursor, Limit: in.limit()}
	if q.Scope == "" {
		q.Scope = "mine"
	}
	for _, s := range in.Status {
		q.Statuses = append(q.Statuses, booking.Status(s))
	}
	p, err := a.Engine.List(c.ctx(), c.actor, q)
	if err != nil {
		return err
	}
	return c.list(bookingsJSON(p.Items), p.Next)
}

func (a *API) booking(c *call) error {
	v, err := a.Engine.Get(c.ctx(), c.actor, c.id())
	return a.answer(c, v, err)
}

// answer shows the booking that an action left behind.
func (a *API) answer(c *call, v *booking.View, err error) error {
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, bookingJSON(v))
}

type moveBody struct {
	Version     *int      `json:"version" validate:"required,min=1"`
	StartsAt    time.Time `json:"starts_at" validate:"required"`
	EndsAt      time.Time `json:"ends_at" validate:"required,gtfield=StartsAt"`
	EquipmentID string    `json:"equipment_id" validate:"max=128"`
	Unit        *int      `json:"unit" validate:"omitempty,min=1,max=1000"`
}

func (a *API) move(c *call, in *moveBody) error {
	v, err := a.Engine.Move(c.ctx(), c.actor, c.id(), booking.MoveRequest{Version: *in.Version,
		EquipmentID: in.EquipmentID, Start: in.StartsAt, End: in.EndsAt, Unit: number(in.Unit)})
	return a.answer(c, v, err)
}

type versionBody struct {
	Version *int `json:"version" validate:"omitempty,min=1"`
}

func (a *API) restore(c *call, in *versionBody) error {
	v, err := a.Engine.Restore(c.ctx(), c.actor, c.id(), number(in.Version))
	return a.answer(c, v, err)
}

func (a *API) calendar(c *call) error {
	ics, err := a.Engine.ICS(c.ctx(), c.actor, c.id(), c.locale())
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="booking.ics"`)
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", ics)
	return nil
}

func (c *call) replayed(yes bool) {
	if yes {
		c.Header("Idempotent-Replayed", "true")
	}
}

func bookingsJSON(list []booking.View) []gin.H {
	return each(list, func(v booking.View) gin.H { return bookingJSON(&v) })
}
