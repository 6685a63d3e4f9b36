package main

import (
	"context"
	"slices"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/notify"
	"gongbang/scheduler"
	"gongbang/survey"
)

// mailMonths sums up months for the mail to managers. Every figure is what the
// same person would see on the dashboard.
type mailMonths struct{ a *app }

// Managers lists managers and admins of whatever center.
func (m mailMonths) Managers(ctx context.Context) ([]string, error) {
	var ids []string
	for _, role := range []account.Role{account.Manager, account.Admin} {
		q := account.Query{Role: role, Limit: 200}
		for more := true; more; more = q.After != "" {
			p, err := m.a.accounts.List(ctx, account.System("mail"), q)
			if err != nil {
				return nil, err
			}
			for _, item := range p.Items {
				ids = append(ids, item.ID)
			}
			q.After = p.Next
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func (m mailMonths) Month(ctx context.Context, actor account.Actor, month string) (scheduler.MonthView, error) {
	// A desk where somebody only works is not what they manage.
	actor.Grants = slices.DeleteFunc(slices.Clone(actor.Grants), func(g account.Grant) bool { return g.Role == account.Staff })
	from := booking.Date(month + "-01")
	used, err := m.a.bookings.Usage(ctx, actor, booking.UsageQuery{From: from, To: from.AddMonths(1).Add(-1)})
	if err != nil {
		return scheduler.MonthView{}, err
	}
	said, err := m.a.surveys.Results(ctx, actor, survey.ResultsQuery{From: month, To: month, Compare: "previous"})
	if err != nil {
		return scheduler.MonthView{}, err
	}
	waiting, err := m.a.surveys.CaseCounts(ctx, actor, "")
	if err != nil {
		return scheduler.MonthView{}, err
	}
	v := scheduler.MonthView{Sum: scoreOf(said)}
	v.Sum.Centers = len(used.Filter.Centers)
	v.Sum.Waiting, v.Sum.Overdue = waiting.Open, waiting.Overdue
	t := used.Total
	v.Sum.UsedMinutes, v.Sum.OpenMinutes = t.Minutes.Used, t.Minutes.Open
	v.Sum.People, v.Sum.Expected, v.Sum.NoShows = t.People, t.Counts.Expected, t.Counts.NoShows
	if v.Sum.Centers == 1 {
		v.Center = used.Filter.Centers[0]
		place, err := mailBookings(m).Place(ctx, v.Center, "")
		v.Name = place.Center
		return v, err
	}
	return v, nil
}

// firstQuestion is the one that the score is made of.
const firstQuestion = "overall"

// scoreOf is the score with what may be said about it beside the month before.
func scoreOf(r survey.Results) notify.MonthSum {
	m := notify.MonthSum{Hidden: r.Total.Suppressed, Open: r.Total.Provisional}
	f := r.Total.Questions[firstQuestion]
	if f.Scale == nil || f.S100 == nil {
		m.Hidden = m.Hidden || r.Total.N != nil && *r.Total.N > 0
		return m
	}
	m.Answers, m.Score, m.Reference, m.Interval = f.N, f.S100, r.Total.ReferenceOnly, (*[2]float64)(f.S100CI)
	if r.Previous == nil {
		return m
	}
	if before := r.Previous.Questions[firstQuestion]; before.Scale != nil {
		m.Before = before.S100
	}
	if c, ok := r.Change[firstQuestion]; ok {
		m.Step, m.StepCI = c.S100, (*[2]float64)(c.S100CI)
	}
	return m
}
