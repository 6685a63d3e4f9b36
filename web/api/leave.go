package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/survey"
)

// mostExported bounds how many bookings one person's file holds.
const mostExported = 20_000

// exportMe is all that is kept about the caller, as a file.
func (a *API) exportMe(c *call) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	x, err := a.People.Export(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	bookings := []gin.H{}
	q := booking.List{Scope: "mine", Limit: 200}
	for len(bookings) < mostExported {
		p, err := a.Engine.List(c.ctx(), c.actor, q)
		if err != nil {
			return err
		}
		bookings = append(bookings, bookingsJSON(p.Items)...)
		if q.Cursor = p.Next; q.Cursor == "" || len(p.Items) == 0 {
			break
		}
	}
	cases, err := a.Surveys.MyCases(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	answers, err := a.Surveys.Linked(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="my-data.json"`)
	return c.show(http.StatusOK, gin.H{"made_at": stamp(a.Clock(), zone), "profile": profileJSON(x.Profile, zone), "bookings": bookings,
		"cases":    each(cases, caseJSON),
		"answers":  each(answers, func(l survey.LinkedAnswer) gin.H { return linkedJSON(l, zone) }),
		"messages": each(x.Messages, func(s account.Sent) gin.H { return sentJSON(s, zone) })})
}

func sentJSON(s account.Sent, zone *time.Location) gin.H {
	return gin.H{"kind": s.Kind, "about": s.About, "created_at": stamp(s.CreatedAt, zone), "left_at": stampPtr(s.LeftAt, zone)}
}

// linkedJSON is an answer that is tied to the caller until then.
func linkedJSON(l survey.LinkedAnswer, zone *time.Location) gin.H {
	return gin.H{"template": l.Template, "title": l.Title, "center": l.Center, "month": l.Month, "answers": l.Answers,
		"mode": l.Mode, "until": stamp(l.Until, zone)}
}

type leaveBody struct {
	Password account.Secret `json:"password" validate:"max=1024"`
	Code     account.Secret `json:"code" validate:"max=16"`
	Confirm  string         `json:"confirm" validate:"max=32"`
}

// leave closes the caller's account for good.
func (a *API) leave(c *call, in *leaveBody) error {
	err := a.People.Leave(c.ctx(), c.actor, account.Leaving{Password: in.Password, Code: in.Code, Confirm: in.Confirm}, a.Engine.Leave)
	if err != nil {
		return err
	}
	a.edge.SetCookie(c.Context, "", time.Time{})
	c.Status(http.StatusNoContent)
	return nil
}
