package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

func (a *API) myStrikes(c *call) error {
	s, err := a.Engine.MyStrikes(c.ctx(), c.actor)
	return a.strikes(c, s, err)
}

func (a *API) strikesOf(c *call) error {
	s, err := a.Engine.StrikesOf(c.ctx(), c.actor, c.id())
	return a.strikes(c, s, err)
}

func (a *API) strikes(c *call, s *booking.Strikes, err error) error {
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{"items": each(s.Items, strikeJSON), "next_cursor": nil,
		"suspensions": each(s.Suspensions, func(x booking.Suspension) gin.H { return suspensionJSON(x, s.Zone) })})
}

type reviewBody struct {
	Text string `json:"text" validate:"required,max=1000"`
}

func (a *API) askReview(c *call, in *reviewBody) error {
	s, err := a.Engine.AskReview(c.ctx(), c.actor, c.Param("sid"), in.Text)
	return a.strike(c, s, err)
}

type reasonBody struct {
	Reason string `json:"reason" validate:"required,max=500"`
}

func (a *API) waiveStrike(c *call, in *reasonBody) error {
	s, err := a.Engine.WaiveStrike(c.ctx(), c.actor, c.id(), c.Param("sid"), in.Reason)
	return a.strike(c, s, err)
}

func (a *API) keepStrike(c *call, in *reasonBody) error {
	s, err := a.Engine.KeepStrike(c.ctx(), c.actor, c.id(), c.Param("sid"), in.Reason)
	return a.strike(c, s, err)
}

func (a *API) reviews(c *call) error {
	list, err := a.Engine.Reviews(c.ctx(), c.actor, c.Param("center"))
	if err != nil {
		return err
	}
	return c.list(each(list, strikeJSON), "")
}

func (a *API) strike(c *call, s *booking.StrikeView, err error) error {
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, strikeJSON(*s))
}

// strikeJSON is a strike with the booking it is for.
func strikeJSON(s booking.StrikeView) gin.H {
	b, z := s.Booking, s.Booking.Zone
	h := gin.H{
		"id": s.ID, "kind": s.Kind, "points": s.Points, "state": s.State, "at": stamp(s.At, z), "counts_until": stampPtr(s.Until, z),
		"booking":   gin.H{"id": b.ID, "code": hyphened(b.Code), "starts_at": stamp(b.Start, z), "ends_at": stamp(b.End, z)},
		"account":   gin.H{"id": b.AccountID, "name": b.Person.Name, "phone": phone(b.Person.Phone)},
		"equipment": named(b.EquipmentID, b.Equipment.Name), "center": named(b.CenterID, b.Center.Name),
		"can_review": s.MayAsk,
	}
	if s.WaivedAt != nil {
		h["waived"] = gin.H{"at": stamp(*s.WaivedAt, z), "reason": s.WaiveReason}
	}
	if s.ReviewAt != nil {
		h["review"] = gin.H{"at": stamp(*s.ReviewAt, z), "text": s.ReviewText}
	}
	if s.KeptAt != nil {
		h["kept"] = gin.H{"at": stamp(*s.KeptAt, z), "reason": s.KeepReason}
	}
	return h
}

// suspensionJSON says from when until when new bookings stop, and where.
func suspensionJSON(x booking.Suspension, z *time.Location) gin.H {
	h := gin.H{"from": stamp(x.Start, z), "until": stamp(x.End, z), "over": x.Over, "strike_id": x.Strike}
	if e := x.Equipment; e != nil && x.Over != "city" {
		h["center"] = named(e.Center.ID, e.Center.Name)
		if x.Over == "equipment" {
			h["equipment"] = named(e.ID, e.Name)
		}
		if x.Over == "category" {
			delete(h, "center")
			h["category"] = e.Category
		}
	}
	return h
}
