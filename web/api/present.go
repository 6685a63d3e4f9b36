package api

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/web/edge/locale"
)

// present turns what a fault carries for the caller into JSON, in their
// language and in the catalog's zone.
func (a *API) present(ctx context.Context, l lang.Locale, key string, value any) any {
	zone, err := a.zone(ctx)
	if err != nil {
		zone = time.UTC // the refusal is worth more than its offset
	}
	switch v := value.(type) {
	case []booking.Violation:
		return violationsJSON(v, l, zone)
	case []booking.Alternative:
		return each(v, func(alt booking.Alternative) gin.H { return alternativeJSON(alt, zone) })
	case time.Time:
		return stamp(v, zone)
	case *time.Time:
		return stampPtr(v, zone)
	case booking.Booking, *booking.Booking, booking.View, *booking.View:
		return nil // a refusal never carries a person's booking
	}
	return value
}

func violationsJSON(list []booking.Violation, l lang.Locale, zone *time.Location) []gin.H {
	return each(list, func(v booking.Violation) gin.H {
		h := gin.H{"code": v.Code, "message": v.Text.In(l)}
		if h["message"] == "" {
			h["message"] = locale.Violation(l, v.Code)
		}
		if v.Limit != nil {
			h["limit"] = *v.Limit
		}
		if v.Used != nil {
			h["used"] = *v.Used
		}
		put(h, "until", stampPtr(v.Until, zone))
		if v.Action != nil {
			h["action"] = gin.H{"label": v.Action.Label.In(l), "href": v.Action.Href}
		}
		return h
	})
}

func alternativeJSON(alt booking.Alternative, zone *time.Location) gin.H {
	return gin.H{"equipment_id": alt.EquipmentID, "center_id": alt.CenterID,
		"starts_at": stamp(alt.Interval.Start, zone), "ends_at": stamp(alt.Interval.End, zone)}
}
