package main

import (
	"context"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// dangerReason is what people read whose bookings a report hits: never its words.
const dangerReason = "안전 문제를 확인하고 있습니다. / A safety problem is being looked at."

// dangers hands reports of a danger to the engine.
type dangers struct{ a *app }

// TakeOut closes all units of the machine until the center closes: a report
// does not say which unit it was. Past that the engine goes on day by day
// until staff end it.
func (d dangers) TakeOut(ctx context.Context, t survey.Ticket) error {
	c, err := d.a.bookings.Catalog(ctx)
	if err != nil {
		return err
	}
	e, ok := c.Machine(t.Equipment)
	if !ok || e.Retired {
		return nil
	}
	job, now := account.System("survey"), d.a.clock()
	running, err := d.a.bookings.Outages(ctx, job, e.ID)
	if err != nil {
		return err
	}
	for _, o := range running {
		if o.Unit == 0 && !o.From.After(now) {
			return d.a.surveys.TicketOutage(ctx, t.ID, o.ID)
		}
	}
	until := nextClose(c, e.Center, now)
	o, _, _, err := d.a.bookings.ReportOutage(ctx, job, booking.OutageRequest{EquipmentID: e.ID, From: now, ExpectedUntil: &until, Kind: booking.Fault,
		Reason: dangerReason, Key: &booking.Key{Caller: job.Name(), Value: t.ID, Body: t.ID}})
	if errors.Is(err, fault.ErrNotFound) { // gone since
		return nil
	}
	if err != nil {
		return err
	}
	return d.a.surveys.TicketOutage(ctx, t.ID, o.ID)
}

// nextClose is when the center closes on the day that people can next come.
func nextClose(c *booking.Catalog, center *booking.Center, now time.Time) time.Time {
	day := booking.DateOf(now, c.Zone)
	for range 14 {
		if open := c.Day(center, day).Open; len(open) > 0 && open[len(open)-1].End.After(now) {
			return open[len(open)-1].End
		}
		day = day.Add(1)
	}
	return now.Add(24 * time.Hour)
}
