package main

import (
	"context"
	"net/url"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/scheduler"
	"gongbang/survey"
)

// mailBookings reads bookings as messages show them.
type mailBookings struct{ a *app }

func (m mailBookings) Message(ctx context.Context, id string) (scheduler.BookingView, error) {
	v, err := m.a.bookings.Message(ctx, id)
	if err != nil {
		return scheduler.BookingView{}, err
	}
	d := v.Details
	out := scheduler.BookingView{
		ID: v.ID, Code: hyphenated(v.Code), Status: v.Status, AccountID: v.AccountID, CenterID: v.CenterID,
		Place: placeOf(v.Center, v.Equipment), Address: v.Center.Address, Start: v.Start, End: v.End,
		CancelUntil: d.Terms.CancelUntil, Cause: d.Cause, Reason: d.Reason, Late: d.Late,
		Link: m.a.link("bookings", v.ID), DeskLink: m.a.link("desk", v.CenterID),
		CancelLink: m.a.link("bookings", v.ID, "cancel"), PointsLink: m.a.link("me") + "#strikes", CancelCost: v.CancelCost,
	}
	if rule := d.Terms.NoShow; rule != nil && v.Status == booking.NoShow {
		out.Points = rule.NoShow
	} else if rule != nil && d.Late {
		out.Points = rule.LateCancel
	}
	if v.Equipment.Quantity > 1 { // the only one needs no number
		out.Unit = v.Unit
	}
	if v.AnswerBy != nil {
		out.AnswerBy = *v.AnswerBy
	}
	if d.Job != nil {
		out.Job, out.JobState = d.Job.What, d.Job.State
		if d.Job.PromisedAt != nil {
			out.PromisedAt = *d.Job.PromisedAt
		}
	}
	switch {
	case v.Status == booking.Rejected:
		out.Alternatives, err = m.instead(ctx, v)
	case v.Status == booking.Cancelled && d.Cause == "center":
		out.Alternatives, err = m.nearby(ctx, v)
	}
	return out, err
}

// alternativesIn is how far ahead a rejected booking looks for free times, in days.
const alternativesIn = 7

// instead is up to three free times of the same length on the same machine.
func (m mailBookings) instead(ctx context.Context, v *booking.View) ([]notify.Alternative, error) {
	from := booking.DateOf(m.a.clock(), v.Zone)
	av, err := m.a.bookings.Availability(ctx, account.Actor{ID: v.AccountID}, v.EquipmentID, from, alternativesIn)
	if err != nil {
		return nil, err
	}
	var out []notify.Alternative
	for _, day := range av.Days {
		start, end := time.Time{}, time.Time{}
		for _, s := range day.Slots {
			if s.State != booking.SlotFree || !s.Interval.Start.Equal(end) {
				start = s.Interval.Start
			}
			end = s.Interval.End
			if s.State != booking.SlotFree || end.Sub(start) < v.End.Sub(v.Start) {
				continue
			}
			out = append(out, notify.Alternative{Center: v.Center.Name, Equipment: v.Equipment.Name, Start: start, End: end})
			if len(out) == 3 {
				return out, nil
			}
			start = end
		}
	}
	return out, nil
}

// nearby are the times that are offered to whom the center cancelled.
func (m mailBookings) nearby(ctx context.Context, v *booking.View) ([]notify.Alternative, error) {
	found, err := m.a.bookings.Instead(ctx, v)
	if err != nil {
		return nil, err
	}
	c, err := m.a.bookings.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	var out []notify.Alternative
	for _, a := range found {
		if e, ok := c.Machine(a.EquipmentID); ok {
			out = append(out, notify.Alternative{Center: e.Center.Name, Equipment: e.Name, Start: a.Interval.Start, End: a.Interval.End})
		}
	}
	return out, nil
}

// Sender is what the service calls itself; before the first import it has no name yet.
func (m mailBookings) Sender(ctx context.Context) (lang.Text, *time.Location, error) {
	c, err := m.a.bookings.Catalog(ctx)
	if err != nil {
		return lang.Text{}, nil, err
	}
	brand := c.Brand.Name
	if brand.Ko == "" {
		brand = lang.Text{Ko: "공방", En: "Gongbang"}
	}
	return brand, c.Zone, nil
}

// hyphenated is a booking's code as people read it: 7K3F-9QWD.
func hyphenated(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// link is a page of the service.
func (a *app) link(parts ...string) string {
	u, err := url.JoinPath(string(a.cfg.PublicURL), parts...)
	if err != nil {
		return string(a.cfg.PublicURL) // judged when the settings were read
	}
	return u
}

// mailPeople reads whom messages go to.
type mailPeople struct{ a *app }

func (m mailPeople) Contacts(ctx context.Context, id string) (account.Contacts, error) {
	return m.a.accounts.Contacts(ctx, id)
}

// StaffOf lists who has a role at exactly this center: who sees all centers
// would else get every center's mail.
func (m mailPeople) StaffOf(ctx context.Context, center string) ([]string, error) {
	p, err := m.a.accounts.List(ctx, account.System("mail"), account.Query{Center: center, Limit: 200})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(p.Items))
	for i, item := range p.Items {
		ids[i] = item.ID
	}
	return ids, nil
}

// ManagersOf lists who manages exactly this center.
func (m mailPeople) ManagersOf(ctx context.Context, center string) ([]string, error) {
	p, err := m.a.accounts.List(ctx, account.System("mail"), account.Query{Center: center, Role: account.Manager, Limit: 200})
	ids := make([]string, len(p.Items))
	for i, item := range p.Items {
		ids[i] = item.ID
	}
	return ids, err
}

// Use is a finished booking as the survey takes it. Whose attendance is
// unknown, or whom the center sent away, is asked nothing.
func (m mailBookings) Use(ctx context.Context, id string) (survey.Use, bool, error) {
	v, err := m.a.bookings.Message(ctx, id)
	if err != nil {
		return survey.Use{}, false, err
	}
	if v.Status != booking.Completed || v.Details.Attendance == "unknown" || v.Details.Cause == "center" {
		return survey.Use{}, false, nil
	}
	u := useOf(v)
	if v.CheckedInAt != nil && v.CheckedInAt.After(u.Start) {
		u.Start = *v.CheckedInAt
	}
	if v.EndedAt != nil && !v.EndedAt.Before(u.Start) {
		u.End = *v.EndedAt
	}
	u.Traits, err = m.a.traits(ctx, v)
	return u, true, err
}

func useOf(v *booking.View) survey.Use {
	u := survey.Use{
		BookingID: v.ID, AccountID: v.AccountID, CenterID: v.CenterID, EquipmentID: v.EquipmentID, Category: v.Equipment.Category,
		Unit: v.Unit, Start: v.Start, End: v.End, Mode: string(v.Equipment.Mode), Origin: string(v.Origin), DeskContact: v.Details.Consent != "",
	}
	if a := v.Details.Attendee; a != nil {
		u.BirthYear = a.BirthYear
	}
	return u
}

// Unused is a booking that came to nothing, as the survey takes it: not come,
// cancelled late, turned down, or the machine was out of service. It was known
// when the claim on the time ended.
func (m mailBookings) Unused(ctx context.Context, id string) (survey.Use, bool, error) {
	v, err := m.a.bookings.Message(ctx, id)
	if err != nil {
		return survey.Use{}, false, err
	}
	late := v.Status == booking.Cancelled && (v.Details.Late || v.Details.Cause == "center")
	if v.Status != booking.NoShow && v.Status != booking.Rejected && !late {
		return survey.Use{}, false, nil
	}
	u := useOf(v)
	if v.EndedAt != nil {
		u.End = *v.EndedAt
	}
	if now := m.a.clock(); u.End.After(now) {
		u.End = now
	}
	if u.Start.After(u.End) { // counted in the month in which it was known
		u.Start = u.End
	}
	return u, true, nil
}

// Place names a center and its machine by id; what is not there stays empty.
func (m mailBookings) Place(ctx context.Context, centerID, equipmentID string) (scheduler.Place, error) {
	c, err := m.a.bookings.Catalog(ctx)
	if err != nil {
		return scheduler.Place{}, err
	}
	center, _ := c.Center(centerID)
	machine, _ := c.Machine(equipmentID)
	return placeOf(center, machine), nil
}

// Strike is points about which staff decided something.
func (m mailBookings) Strike(ctx context.Context, id string) (scheduler.StrikeView, error) {
	x, err := m.a.bookings.StrikeMessage(ctx, id)
	if err != nil {
		return scheduler.StrikeView{}, err
	}
	v := scheduler.StrikeView{AccountID: x.AccountID, Points: x.Points, Waived: x.WaivedAt != nil, Reason: x.KeepReason}
	if v.Waived {
		v.Reason = x.WaiveReason
	}
	return v, nil
}

// Waiting is what a center's staff are told about questions.
func (m mailBookings) Waiting(ctx context.Context, center string) (scheduler.WaitingView, error) {
	p, err := m.a.bookings.Inquiries(ctx, account.System("deliver"), booking.InquiryList{Center: center, State: booking.InquiryWaiting, Limit: 100})
	if err != nil {
		return scheduler.WaitingView{}, err
	}
	c, err := m.a.bookings.Catalog(ctx)
	if err != nil {
		return scheduler.WaitingView{}, err
	}
	v := scheduler.WaitingView{Count: len(p.Items), Link: m.a.link("desk", center)}
	if home, ok := c.Center(center); ok {
		v.Place, v.Email = placeOf(home, nil), home.Contact.Email
	}
	return v, nil
}

// Inquiry is the answer to a question; the person reads both on their own page.
func (m mailBookings) Inquiry(ctx context.Context, id string) (scheduler.InquiryView, error) {
	v, err := m.a.bookings.InquiryMessage(ctx, id)
	if err != nil {
		return scheduler.InquiryView{}, err
	}
	return scheduler.InquiryView{AccountID: v.AccountID, Place: placeOf(v.Center, v.Equipment), Answer: v.Answer, Link: m.a.link("me") + "#questions"}, nil
}

func placeOf(c *booking.Center, e *booking.Equipment) (p scheduler.Place) {
	if c != nil {
		p.Center, p.Phone = c.Name, c.Contact.Phone
	}
	if e != nil {
		p.Equipment = e.Name
	}
	return p
}

// mailLinks makes the addresses that stand in messages alone.
type mailLinks struct{ a *app }

// Survey is the link of an invitation, and the address that takes a no by one POST.
func (m mailLinks) Survey(token string) (link, optOut string) {
	return m.a.link("s", token), m.a.link("s", token, "opt-out")
}

// Ticket is where staff deal with a report.
func (m mailLinks) Ticket(center, _ string) string { return m.a.link("desk", center, "safety") }

// Case is where staff work on a wish for a reply.
func (m mailLinks) Case(id string) string { return m.a.link("manage", "cases", id) }

// OwnCases is where people see what they said and what was answered.
func (m mailLinks) OwnCases() string { return m.a.link("me") + "#cases" }

// Results is where managers see a month of a center.
func (m mailLinks) Results(center, month string) string {
	q := url.Values{"from": {month}, "to": {month}}
	if center != "" {
		q.Set("center", center)
	}
	return m.a.link("manage") + "?" + q.Encode()
}

// MonthlyMail is where managers turn the mail about each month off.
func (m mailLinks) MonthlyMail() string { return m.a.link("me") + "#monthly" }
