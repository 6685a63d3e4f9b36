package scheduler

import (
	"context"
	"strconv"

	"gongbang/notify"
)

// low tells each manager of a center that low scores have come together.
func (d *Delivery) low(ctx context.Context, e Event) (result, error) {
	to := e.Data[toKey]
	if to == "" {
		managers, err := d.d.People.ManagersOf(ctx, e.Subject)
		return toEach(e, managers), err
	}
	place, err := d.d.Bookings.Place(ctx, e.Subject, "")
	if err != nil {
		return result{}, err
	}
	n, _ := strconv.Atoi(e.Data["low"])
	return d.tell(ctx, e, to, notify.View{Center: place.Center, Month: e.Data["month"], Low: n, Link: d.d.Links.Results(e.Subject, e.Data["month"])})
}
