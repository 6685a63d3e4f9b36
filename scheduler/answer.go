package scheduler

import (
	"context"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
)

// strikeAnswered tells somebody what staff made of their points, unless they
// decided otherwise since: then its own message says so.
func (d *Delivery) strikeAnswered(ctx context.Context, e Event) (result, error) {
	x, err := d.d.Bookings.Strike(ctx, e.Data["strike"])
	if err != nil {
		return result{}, err
	}
	if x.Waived != (e.Data[became] == "waive") {
		return result{dropped: "decided otherwise since"}, nil
	}
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if early, err := d.quiet(ctx, x.AccountID); early > 0 || err != nil {
		return result{after: early}, err
	}
	v := bookingView(b, e, b.PointsLink)
	v.Points, v.Reason = x.Points, x.Reason
	return d.tell(ctx, e, x.AccountID, v)
}

// questions tells a center that questions wait: by its own address where it
// has one, else each of its staff. Answered meanwhile, nothing is sent.
func (d *Delivery) questions(ctx context.Context, e Event) (result, error) {
	if at, ok := instant(e.Data[wantedAt]); ok && at.After(d.d.Clock()) {
		return result{after: at.Sub(d.d.Clock())}, nil
	}
	w, err := d.d.Bookings.Waiting(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if w.Count == 0 {
		return result{dropped: "answered"}, nil
	}
	v := notify.View{Center: w.Place.Center, Count: w.Count, Link: w.Link}
	to := e.Data[toKey]
	switch {
	case to != "":
		if early, err := d.quiet(ctx, to); early > 0 || err != nil {
			return result{after: early}, err
		}
		return d.tell(ctx, e, to, v)
	case w.Email != "" && d.d.Post.Has(notify.Email):
		return d.send(ctx, e, recipient{channel: notify.Email, to: w.Email, locale: lang.Ko}, v)
	}
	staff, err := d.d.People.StaffOf(ctx, e.Subject)
	return toEach(e, staff), err
}

// quiet is how long what is not urgent still waits for somebody who gets it by
// SMS: nobody's phone rings at night for it.
func (d *Delivery) quiet(ctx context.Context, accountID string) (time.Duration, error) {
	c, err := d.d.People.Contacts(ctx, accountID)
	if err != nil {
		return 0, err
	}
	channel, _, err := d.route(c)
	if err != nil || channel != notify.SMS {
		return 0, err
	}
	_, zone, err := d.d.Bookings.Sender(ctx)
	if err != nil {
		return 0, err
	}
	now := d.d.Clock()
	return booking.SMSTime(now, now.AddDate(0, 0, 2), zone).Sub(now), nil
}
