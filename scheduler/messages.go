package scheduler

import (
	"context"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
)

// codeID names the code in the data of account.code.
const codeID = "code_id"

// code sends the six digits, made anew from the id of the code.
func (d *Delivery) code(ctx context.Context, e Event) (result, error) {
	c, err := d.d.Codes.CodeMessage(ctx, e.Data[codeID])
	if err != nil {
		return result{}, err
	}
	left := c.ExpiresAt.Sub(d.d.Clock())
	if left <= 0 {
		return result{dropped: "over"}, nil
	}
	channel := notify.Email
	if c.Kind == account.Phone {
		channel = notify.SMS
	}
	// Whole minutes, rounded down: what is told must not be longer than what
	// holds. Less than one is told as one: 0 helps nobody.
	v := notify.View{PIN: c.Code.Reveal(), Valid: max(time.Minute, left.Truncate(time.Minute))}
	return d.send(ctx, e, recipient{channel: channel, to: c.To.Reveal(), locale: c.Locale}, v)
}

// aboutBooking tells the person who booked what became of the booking.
func (d *Delivery) aboutBooking(ctx context.Context, e Event) (result, error) {
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if !stillRight[e.Kind](b, e, d.d.Clock()) {
		return result{dropped: "no longer true: " + string(b.Status)}, nil
	}
	return d.tell(ctx, e, b.AccountID, bookingView(b, e, b.Link))
}

// handedOver tells who gave a booking on, or who has it now.
func (d *Delivery) handedOver(ctx context.Context, e Event) (result, error) {
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if !stillRight[e.Kind](b, e, d.d.Clock()) {
		return result{dropped: "no longer true: " + string(b.Status)}, nil
	}
	link := b.Link
	if e.Data[toKey] != b.AccountID { // it is not theirs to look at any more
		link = ""
	}
	return d.tell(ctx, e, e.Data[toKey], bookingView(b, e, link))
}

// approval tells each of the center's staff that a booking waits.
func (d *Delivery) approval(ctx context.Context, e Event) (result, error) {
	b, err := d.d.Bookings.Message(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if !stillRight[e.Kind](b, e, d.d.Clock()) {
		return result{dropped: "no longer true: " + string(b.Status)}, nil
	}
	if to := e.Data[toKey]; to != "" {
		v := bookingView(b, e, b.DeskLink)
		v.Alternatives = nil
		return d.tell(ctx, e, to, v)
	}
	staff, err := d.d.People.StaffOf(ctx, b.CenterID)
	return toEach(e, staff), err
}

// invitation sends the link of a survey, and then, as an event of its own,
// tells the survey that it was accepted.
func (d *Delivery) invitation(ctx context.Context, e Event) (result, error) {
	m, err := d.d.Surveys.Invitation(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	if !m.Send {
		return result{dropped: "answered, over or not wanted"}, nil
	}
	place, err := d.d.Bookings.Place(ctx, m.Center, m.Equipment)
	if err != nil {
		return result{}, err
	}
	v := notify.View{Center: place.Center, Equipment: place.Equipment, Contact: place.Phone, Expires: m.Expires}
	v.Link, v.OptOut = d.d.Links.Survey(m.Token)
	r, err := d.tell(ctx, e, m.Account, v)
	if err == nil && !r.wait && r.dropped == "" && e.Kind == notify.SurveyInvitation {
		r.into = []event{{Kind: surveyDelivered, Key: e.Key + ":delivered", Subject: e.Subject}}
	}
	return r, err
}

// aboutKey tells in the data of case.reply what was answered; "" is a question.
const (
	aboutKey  = "about"
	aboutCase = "case"
)

// reply brings the center's answer to who asked, or said something in a survey.
func (d *Delivery) reply(ctx context.Context, e Event) (result, error) {
	if e.Data[aboutKey] == aboutCase {
		return d.caseReply(ctx, e)
	}
	q, err := d.d.Bookings.Inquiry(ctx, e.Subject)
	if err != nil {
		return result{}, err
	}
	v := notify.View{Center: q.Place.Center, Equipment: q.Place.Equipment, Contact: q.Place.Phone, Answer: q.Answer, Link: q.Link}
	return d.tell(ctx, e, q.AccountID, v)
}

// tell sends a message to an account by the channel the person prefers.
func (d *Delivery) tell(ctx context.Context, e Event, accountID string, v notify.View) (result, error) {
	c, err := d.d.People.Contacts(ctx, accountID)
	if err != nil {
		return result{}, err
	}
	channel, to, err := d.route(c)
	if err != nil {
		return result{}, err
	}
	v.Name = oneLine(c.Name.Reveal())
	return d.send(ctx, e, recipient{channel: channel, to: to, locale: c.Locale}, v)
}

// route picks how to reach somebody.
func (d *Delivery) route(c account.Contacts) (notify.Channel, string, error) {
	a := notify.Address{
		Email: c.Email.Reveal(), EmailVerified: c.EmailVerified, Phone: c.Phone.Reveal(), PhoneVerified: c.PhoneVerified,
	}
	for _, channel := range c.Channels {
		a.Prefer = append(a.Prefer, notify.Channel(channel))
	}
	channel, to, ok := d.d.Post.Route(a)
	if !ok && d.d.Post.CanSend() {
		return "", "", errNoChannel
	}
	return channel, to, nil
}

type recipient struct {
	channel notify.Channel
	to      string
	locale  lang.Locale
}

// send composes a message and lets it leave; without gateway and mailbox it waits.
func (d *Delivery) send(ctx context.Context, e Event, to recipient, v notify.View) (result, error) {
	switch {
	case !d.d.Post.CanSend():
		return result{wait: true}, nil
	case !d.d.Post.Has(to.channel):
		return result{}, errNoChannel
	}
	brand, zone, err := d.d.Bookings.Sender(ctx)
	if err != nil {
		return result{}, err
	}
	v.Brand, v.Zone, v.Now = brand, zone, d.d.Clock()
	m, err := notify.Compose(e.Kind, to.locale, v)
	if err != nil {
		return result{}, err
	}
	m.Channel, m.To, m.At = to.channel, to.to, v.Now.In(zone)
	return result{}, d.d.Post.Send(ctx, m, e.Key)
}

// oneLine keeps a name from looking like a text of ours.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func bookingView(b BookingView, e Event, link string) notify.View {
	v := notify.View{
		Center: b.Place.Center, Equipment: b.Place.Equipment, Unit: b.Unit, Place: b.Address, Contact: b.Place.Phone, Code: b.Code,
		Start: b.Start, End: b.End, Reason: b.Reason, Cause: b.Cause, Late: b.Late, Became: e.Data[became], Points: b.Points,
		Alternatives: b.Alternatives, Job: b.Job, PromisedAt: b.PromisedAt, Link: link,
	}
	v.BeforeStart, _ = instant(e.Data[beforeStart])
	v.BeforeEnd, _ = instant(e.Data[beforeEnd])
	if b.Status.Occupies() {
		v.CancelUntil = b.CancelUntil
	}
	if b.Status == booking.Pending {
		v.AnswerBy = b.AnswerBy
	}
	return v
}
