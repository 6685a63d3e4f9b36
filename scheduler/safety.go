package scheduler

import (
	"context"

	"gongbang/notify"
	"gongbang/survey"
)

// Dangers takes a machine out of use on the word of somebody who used it.
type Dangers interface {
	// TakeOut opens an outage for a report; again is harmless, and so is a
	// machine that is gone or out of use already.
	TakeOut(ctx context.Context, t survey.Ticket) error
}

// entryKey tells in the data of survey.safety where the answer came from; ""
// is an invitation.
const entryKey = "entry"

// safety takes the machine out of use, and then tells each of the center's
// staff, at once. An invitation is one real person who used that machine
// lately; behind a code on the wall may be anybody, so that what comes from
// there is for staff to judge first.
func (d *Delivery) safety(ctx context.Context, e Event) (result, error) {
	t, err := d.d.Tickets.Ticket(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	to := e.Data[toKey]
	if to == "" {
		if e.Data[entryKey] == "" && t.State == survey.TicketOpen {
			if err := d.d.Dangers.TakeOut(ctx, t); err != nil {
				return result{}, err
			}
		}
		staff, err := d.d.People.StaffOf(ctx, t.Center)
		return toEach(e, staff), err
	}
	place, err := d.d.Bookings.Place(ctx, t.Center, t.Equipment)
	if err != nil {
		return result{}, err
	}
	return d.tell(ctx, e, to, notify.View{Center: place.Center, Equipment: place.Equipment, Report: t.Text, Link: d.d.Links.Ticket(t.Center, t.ID)})
}
