package scheduler

import (
	"context"
	"time"

	"gongbang/booking"
	"gongbang/notify"
)

// What the events of this file say beside their booking.
const (
	wantedAt       = "at"    // reminder: when it is wanted (RFC 3339)
	suspendedFor   = "kind"  // suspension: what the strike was for
	suspendedOver  = "over"  // equipment, category, center, city
	suspendedUntil = "until" // RFC 3339
)

// reminder reminds somebody of a start: by mail when it is wanted, by SMS
// outside the quiet hours; never after the start, never against a no.
func (d *Delivery) reminder(ctx context.Context, e Event) (result, error) {
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	now := d.d.Clock()
	if b.Status != booking.Confirmed || !b.Start.After(now) {
		return result{dropped: "no longer true: " + string(b.Status)}, nil
	}
	c, err := d.d.People.Contacts(ctx, b.AccountID)
	if err != nil {
		return result{}, err
	}
	if c.ReminderOptOut {
		return result{dropped: "not wanted"}, nil
	}
	channel, _, err := d.route(c)
	if err != nil {
		return result{}, err
	}
	wanted, _ := instant(e.Data[wantedAt])
	if channel == notify.SMS {
		_, zone, err := d.d.Bookings.Sender(ctx)
		if err != nil {
			return result{}, err
		}
		var ok bool
		if wanted, ok = smsAt(wanted, now, b.Start, zone); !ok {
			return result{dropped: "only quiet hours are left"}, nil
		}
	}
	if early := wanted.Sub(now); early > 0 {
		return result{after: early}, nil
	}
	v := bookingView(b, e, b.CancelLink)
	v.Points = b.CancelCost
	return d.tell(ctx, e, b.AccountID, v)
}

// smsAt is when the SMS leaves; one that is late by itself waits for the
// morning too. false: there is no time left for it before the start.
func smsAt(wanted, now, start time.Time, zone *time.Location) (time.Time, bool) {
	at := booking.SMSTime(wanted, start, zone)
	if at.After(now) {
		return at, true
	}
	at = booking.SMSTime(now, start, zone)
	return at, !at.Before(now)
}

// suspended tells somebody that new bookings stop, unless that is over or its
// no-show was taken back meanwhile.
func (d *Delivery) suspended(ctx context.Context, e Event) (result, error) {
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	until, _ := instant(e.Data[suspendedUntil])
	back := e.Data[suspendedFor] == string(booking.StruckNoShow) && b.Status != booking.NoShow
	if back || !until.After(d.d.Clock()) {
		return result{dropped: "no longer true: " + string(b.Status)}, nil
	}
	v := bookingView(b, e, b.PointsLink)
	v.Until, v.Over = until, e.Data[suspendedOver]
	if to := e.Data[toKey]; to != "" { // a colleague, whose firm is judged as one
		return d.tell(ctx, e, to, v)
	}
	return d.tell(ctx, e, b.AccountID, v)
}
