package api

import (
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func centerJSON(v *booking.Center) gin.H {
	h := named(v.ID, v.Name)
	h["version"] = v.Version
	h["retired"] = v.Retired
	h["operator"] = v.Operator
	h["district"] = v.District
	h["dong"] = v.Dong
	h["address"] = v.Address
	h["contact"] = v.Contact
	h["sectors"] = each(v.Sectors, func(s string) string { return s })
	h["hours"] = hoursJSON(v)
	h["hours_assumed"] = v.HoursAssumed
	h["closed_on_public_holidays"] = v.ClosedHolidays
	h["eligibility"] = eligibilityJSON(v.Eligibility)
	h["booking"] = bookedJSON(v.Elsewhere)
	h["sources"] = each(v.Sources, func(s string) string { return s })
	put(h, "former_name", v.FormerName)
	put(h, "opened", v.Opened)
	put(h, "bookable_from", string(v.BookableFrom))
	return h
}

func hoursJSON(v *booking.Center) gin.H {
	h := gin.H{}
	for day, openings := range v.Hours {
		if len(openings) == 0 {
			h[weekdays[day]] = nil
			continue
		}
		h[weekdays[day]] = each(openings, func(o booking.Opening) [2]string { return [2]string{clock(o.From), clock(o.To)} })
	}
	return h
}

// clock writes minutes since midnight; 1440 is "24:00".
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func eligibilityJSON(e booking.Eligibility) gin.H {
	h := gin.H{"groups": "anyone"}
	if len(e.Groups) > 0 {
		h["groups"] = e.Groups
		put(h, "proof", e.Proof)
	}
	if e.Note.Ko != "" {
		h["note"] = e.Note
	}
	return h
}

// bookedJSON is "here", "none", or where else it is booked.
func bookedJSON(e *booking.Elsewhere) any {
	switch {
	case e == nil:
		return "here"
	case *e == booking.Elsewhere{}:
		return "none"
	}
	return e
}

func equipmentJSON(e *booking.Equipment) gin.H {
	h := named(e.ID, e.Name)
	h["center"] = named(e.Center.ID, e.Center.Name)
	h["version"] = e.Version
	h["retired"] = e.Retired
	h["category"] = e.Category
	h["model"] = e.Model
	h["quantity"] = e.Quantity
	h["mode"] = e.Mode
	h["fee_krw_per_hour"] = e.FeeKRWPerHour
	h["booking"] = bookedJSON(e.Elsewhere)
	if e.Guide.Ko != "" {
		h["guide"] = e.Guide
	}
	put(h, "bookable_from", string(e.BookableFrom))
	return h
}

// comingJSON is how the rules of a machine will change, first change first.
func comingJSON(cat *booking.Catalog, e *booking.Equipment, now time.Time) []gin.H {
	return each(cat.Coming(e, now), func(r booking.ComingRules) gin.H {
		return gin.H{"effective_from": stamp(r.From, cat.Zone), "policy_text": gin.H{"ko": r.Ko, "en": r.En}}
	})
}
