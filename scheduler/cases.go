package scheduler

import (
	"context"

	"gongbang/notify"
)

// caseReply brings the answer to whoever wished for one in a survey.
func (d *Delivery) caseReply(ctx context.Context, e Event) (result, error) {
	c, err := d.d.Surveys.CaseMessage(ctx, e.Subject)
	switch {
	case err != nil:
		return result{}, err
	case c.Account == "" || c.Reply == "":
		return result{dropped: "forgotten"}, nil
	}
	place, err := d.d.Bookings.Place(ctx, c.Center, c.Equipment)
	if err != nil {
		return result{}, err
	}
	v := notify.View{Center: place.Center, Equipment: place.Equipment, Contact: place.Phone, Answer: c.Reply, Opinion: true, Link: d.d.Links.OwnCases()}
	return d.tell(ctx, e, c.Account, v)
}

// caseDue reminds who looks after a case that its answer is due: the one it
// was given to, else each of the center's staff.
func (d *Delivery) caseDue(ctx context.Context, e Event) (result, error) {
	c, err := d.d.Surveys.CaseMessage(ctx, e.Subject)
	switch {
	case err != nil:
		return result{}, err
	case !c.Open:
		return result{dropped: "answered"}, nil
	}
	to := e.Data[toKey]
	switch {
	case to == "" && c.Assignee != "":
		return toEach(e, []string{c.Assignee}), nil
	case to == "":
		staff, err := d.d.People.StaffOf(ctx, c.Center)
		return toEach(e, staff), err
	}
	place, err := d.d.Bookings.Place(ctx, c.Center, c.Equipment)
	if err != nil {
		return result{}, err
	}
	return d.tell(ctx, e, to, notify.View{Center: place.Center, Link: d.d.Links.Case(c.ID)})
}
