package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

type feedBody struct {
	EquipmentID string `json:"equipment_id" validate:"max=128"`
}

// newFeed makes a calendar address; it is shown this once.
func (a *API) newFeed(c *call, in *feedBody) error {
	catalog, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	center := ""
	if in.EquipmentID != "" {
		e, ok := catalog.Machine(in.EquipmentID)
		if !ok {
			return fault.ErrNotFound
		}
		center = e.Center.ID
	}
	f, token, err := a.People.NewFeed(c.ctx(), c.actor, center, in.EquipmentID)
	if err != nil {
		return err
	}
	h := feedJSON(f, catalog.Zone)
	h["url"] = a.PublicURL.JoinPath(edge.CalendarPath, token.Reveal()+".ics").String()
	return c.show(http.StatusCreated, h)
}

func (a *API) feeds(c *call) error {
	list, err := a.People.Feeds(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(list, func(f account.Feed) gin.H { return feedJSON(f, zone) }), "")
}

func (a *API) endFeed(c *call) error {
	if err := a.People.EndFeed(c.ctx(), c.actor, c.id()); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func feedJSON(f account.Feed, zone *time.Location) gin.H {
	return gin.H{"id": f.ID, "equipment_id": orNull(f.Equipment), "created_at": stamp(f.CreatedAt, zone)}
}

// readFeed answers a calendar program: whoever has the address may read.
func (a *API) readFeed(c *call) error {
	token, ok := strings.CutSuffix(c.Param("feed"), ".ics")
	if !ok {
		return fault.ErrNotFound
	}
	actor, equipment, err := a.People.FeedActor(c.ctx(), token)
	if err != nil {
		return err
	}
	file, err := a.Engine.Calendar(c.ctx(), actor, equipment, actor.Locale)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "text/calendar; charset=utf-8", file)
	return nil
}
