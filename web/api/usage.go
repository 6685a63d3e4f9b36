package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/survey"
)

// usageRule is printed beside every utilisation.
const usageRule = "utilisation = used / open * 100"

// usageDays are the weekdays in the order of booking.Usage.Week.
var usageDays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

type usageQuery struct {
	Center   string `query:"center" validate:"max=128"`
	Category string `query:"category" validate:"max=128"`
	From     date   `query:"from"`
	To       date   `query:"to"`
	GroupBy  string `query:"group_by" validate:"omitempty,oneof=center category equipment month"`
}

// usage tells how much machines were used; booking.Usage defines each figure.
func (a *API) usage(c *call, in *usageQuery) error {
	u, err := a.Engine.Usage(c.ctx(), c.actor, booking.UsageQuery{Center: in.Center, Category: in.Category,
		From: booking.Date(in.From), To: booking.Date(in.To), GroupBy: in.GroupBy})
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	filter := gin.H{"centers": each(u.Filter.Centers, func(id string) string { return id }), "from": u.Filter.From, "to": u.Filter.To}
	put(filter, "category", u.Filter.Category)
	put(filter, "group_by", u.Filter.GroupBy)
	return c.show(http.StatusOK, gin.H{"filter": filter, "as_of": stamp(u.AsOf, zone), "rule": usageRule, "total": usageGroupJSON(u.Total),
		"groups": each(u.Groups, usageGroupJSON), "week": usageWeekJSON(u.Week), "left_out": u.LeftOut})
}

func usageGroupJSON(g booking.UsageGroup) gin.H {
	m, n := g.Minutes, g.Counts
	return gin.H{"key": g.Key, "label": g.Label, "utilisation": m.Utilisation(),
		"minutes": gin.H{"open": m.Open, "booked": m.Booked, "used": m.Used, "idle": m.Idle, "released": m.Released,
			"no_show": m.NoShow, "unknown": m.Unknown, "undecided": m.Undecided, "overrun": m.Overrun},
		"bookings": gin.H{"total": n.Bookings, "attended": n.Attended, "no_shows": n.NoShows, "unknown": n.Unknown,
			"undecided": n.Undecided, "cancelled": n.Cancelled},
		"no_show_rate": rateJSON(n.NoShows, n.Expected), "cancel_rate": rateJSON(n.Cancelled, n.Made),
		"people": g.People, "firms": g.Firms, "first_time": g.FirstTime}
}

// rateJSON is a share in percent with its 95 % interval; null where there is nothing to share.
func rateJSON(k, n int) gin.H {
	h := gin.H{"k": k, "n": n, "percent": nil, "ci": survey.Wilson(k, n)}
	if n > 0 {
		h["percent"] = 100 * float64(k) / float64(n)
	}
	return h
}

// usageWeekJSON has 24 hours of each weekday, Monday first.
func usageWeekJSON(week [7][24]booking.UsageHour) []gin.H {
	out := make([]gin.H, len(week))
	for d, hours := range week {
		var used, open [24]int
		for h, x := range hours {
			used[h], open[h] = x.Used, x.Open
		}
		out[d] = gin.H{"weekday": usageDays[d], "used": used, "open": open}
	}
	return out
}
