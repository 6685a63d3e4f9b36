package scheduler

import (
	"context"
	"strconv"

	"gongbang/account"
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

// monthly tells whoever manages centers how a month was: by mail alone, to those
// who did not say no and still manage something.
func (d *Delivery) monthly(ctx context.Context, e Event) (result, error) {
	to := e.Data[toKey]
	if to == "" {
		managers, err := d.d.Months.Managers(ctx)
		return toEach(e, managers), err
	}
	c, err := d.d.People.Contacts(ctx, to)
	if err != nil {
		return result{}, err
	}
	actor := account.Actor{ID: to, Grants: c.Grants, Locale: c.Locale}
	switch {
	case c.MonthlyOptOut:
		return result{dropped: "not wanted"}, nil
	case c.Email == "" || d.d.Post.CanSend() && !d.d.Post.Has(notify.Email):
		return result{dropped: "no way to send mail"}, nil
	case !actor.MaySomewhere(account.Results):
		return result{dropped: "manages nothing any more"}, nil
	}
	m, err := d.d.Months.Month(ctx, actor, e.Subject)
	if err != nil {
		return result{}, err
	}
	v := notify.View{Name: oneLine(c.Name.Reveal()), Center: m.Name, Month: e.Subject, Sum: &m.Sum,
		Link: d.d.Links.Results(m.Center, e.Subject), Stop: d.d.Links.MonthlyMail()}
	return d.send(ctx, e, recipient{channel: notify.Email, to: c.Email.Reveal(), locale: c.Locale}, v)
}
