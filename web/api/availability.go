package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

type availabilityQuery struct {
	From date `query:"from"`
	Days *int `query:"days" validate:"omitempty,min=1,max=31"`
}

func (a *API) availability(c *call, in *availabilityQuery) error {
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	from, days := booking.Date(in.From), 1
	if from == "" {
		from = booking.DateOf(a.Clock(), zone)
	}
	if in.Days != nil {
		days = *in.Days
	}
	v, err := a.Engine.Availability(c.ctx(), c.actor, c.id(), from, days)
	if err != nil {
		return err
	}
	return c.tagged(gin.H{"equipment_id": v.Equipment.ID, "quantity": v.Equipment.Quantity,
		"days": each(v.Days, func(d booking.DayAvailability) gin.H { return dayJSON(d, v.Zone) })})
}

// tagged answers with an ETag over what is shown, and 304 to who has it.
func (c *call) tagged(body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(raw)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, no-cache")
	if hasTag(c.GetHeader("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", raw)
	return nil
}

func hasTag(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}

func dayJSON(d booking.DayAvailability, zone *time.Location) gin.H {
	h := gin.H{"date": d.Date, "closed_reason": orNull(d.Closed),
		"open":  each(d.Open, func(i booking.Interval) [2]string { return openJSON(d.Date, i, zone) }),
		"slots": each(d.Slots, func(s booking.Slot) gin.H { return slotJSON(s, zone) })}
	if d.Reason.Ko != "" {
		h["closed_text"] = d.Reason
	}
	return h
}

// openJSON is the wall clock of an opening; the next midnight is "24:00".
func openJSON(d booking.Date, i booking.Interval, zone *time.Location) [2]string {
	to := i.End.In(zone).Format("15:04")
	if booking.DateOf(i.End, zone) != d {
		to = "24:00"
	}
	return [2]string{i.Start.In(zone).Format("15:04"), to}
}

func slotJSON(s booking.Slot, zone *time.Location) gin.H {
	h := gin.H{"starts_at": stamp(s.Interval.Start, zone), "ends_at": stamp(s.Interval.End, zone),
		"state": s.State, "free_units": s.FreeUnits}
	put(h, "held_until", stampPtr(s.HeldUntil, zone))
	return h
}

type explainQuery struct {
	StartsAt *time.Time `query:"starts_at" validate:"required"`
	EndsAt   *time.Time `query:"ends_at" validate:"required,gtfield=StartsAt"`
}

func (a *API) explain(c *call, in *explainQuery) error {
	x, err := a.Engine.Explain(c.ctx(), c.actor, c.id(), *in.StartsAt, *in.EndsAt)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	needs := "nothing"
	if len(x.Needs) > 0 {
		needs = "approval"
	}
	return c.show(http.StatusOK, gin.H{"allowed": x.Allowed, "needs": needs,
		"violations": violationsJSON(x.Violations, c.locale(), zone)})
}
