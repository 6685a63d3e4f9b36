package main

import (
	"context"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/survey"
)

// surveyPeople tells the survey how somebody can be asked.
type surveyPeople struct{ a *app }

// Reach finds the channel of the first message. Without any sender the
// contact itself counts: the message waits then, and the person is not skipped.
func (p surveyPeople) Reach(ctx context.Context, id string) (survey.Reach, error) {
	c, err := p.a.accounts.Contacts(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return survey.Reach{}, nil
	}
	if err != nil {
		return survey.Reach{}, err
	}
	r := survey.Reach{OptOut: c.SurveyOptOut, Staff: c.Staff}
	address := addressOf(c)
	channel, _, ok := p.a.post.Route(address)
	switch {
	case ok:
		r.Channel = string(channel)
	case p.a.post.CanSend():
	case address.Email != "":
		r.Channel = string(notify.Email)
	case address.Phone != "":
		r.Channel = string(notify.SMS)
	}
	return r, nil
}

// Person is who wished for a reply.
func (p surveyPeople) Person(ctx context.Context, id string) (survey.Person, error) {
	c, err := p.a.accounts.Contacts(ctx, id)
	return survey.Person{Name: c.Name, Phone: c.Phone, Email: c.Email}, err
}

// Team lists who has a role at exactly this center.
func (p surveyPeople) Team(ctx context.Context, center string) ([]survey.Member, error) {
	page, err := p.a.accounts.List(ctx, account.System("survey"), account.Query{Center: center, Limit: 200})
	team := make([]survey.Member, len(page.Items))
	for i, a := range page.Items {
		team[i] = survey.Member{ID: a.ID, Name: a.Name}
	}
	return team, err
}

func addressOf(c account.Contacts) notify.Address {
	a := notify.Address{Email: c.Email.Reveal(), Phone: c.Phone.Reveal(), EmailVerified: c.EmailVerified, PhoneVerified: c.PhoneVerified}
	for _, ch := range c.Channels {
		a.Prefer = append(a.Prefer, notify.Channel(ch))
	}
	return a
}

// surveyCatalog is the engine's catalog as the survey sees it.
type surveyCatalog struct{ *booking.Catalog }

func (a *app) surveyCatalog(ctx context.Context) (survey.Catalog, error) {
	c, err := a.bookings.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	return surveyCatalog{c}, nil
}

func (c surveyCatalog) Center(id string) (lang.Text, bool) {
	center, ok := c.Catalog.Center(id)
	if !ok {
		return lang.Text{}, false
	}
	return center.Name, true
}

func (c surveyCatalog) Centers() []string {
	ids := make([]string, len(c.Catalog.Centers))
	for i, center := range c.Catalog.Centers {
		ids[i] = center.ID
	}
	return ids
}

func (c surveyCatalog) Category(id string) lang.Text {
	for _, l := range c.Categories {
		if l.ID == id {
			return l.Name
		}
	}
	return lang.Text{Ko: id} // lists that are left out: ids are shown as they are
}

func (c surveyCatalog) Equipment(id string) (survey.Machine, bool) {
	e, ok := c.Machine(id)
	if !ok {
		return survey.Machine{}, false
	}
	return survey.Machine{Name: e.Name, Center: e.Center.ID, Category: e.Category}, true
}

// SurveyDelay is read as the import checked it.
func (c surveyCatalog) SurveyDelay(category string) (time.Duration, bool) {
	for _, l := range c.Categories {
		if l.ID == category && l.SurveyDelay != "" {
			d, err := time.ParseDuration(l.SurveyDelay)
			return d, err == nil
		}
	}
	return 0, false
}

func (c surveyCatalog) Holiday(day string) bool {
	_, ok := c.Holidays[booking.Date(day)]
	return ok
}

func (c surveyCatalog) Zone() *time.Location { return c.Catalog.Zone }
