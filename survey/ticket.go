package survey

import (
	"context"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// TicketState is what staff made of a report of a danger.
type TicketState string

const (
	TicketOpen  TicketState = "open"
	TicketFault TicketState = "fault" // there is something wrong with the machine
	TicketSafe  TicketState = "safe"  // it can be used again
)

// Ticket is a safety report. It has its own text and never a response's id.
type Ticket struct {
	ID, Center, Equipment string
	Day                   string // on which it came
	Text                  string
	State                 TicketState
	Outage                string // id of the outage it opened; "" none
	Reason                string // why it is no danger
	SettledAt             time.Time
	SettledBy             string // account
}

// ticketsShown bounds the open reports of one center.
const ticketsShown = 100

// Tickets lists the reports that wait for staff of the center, in the order of
// the days they came.
func (s *Service) Tickets(ctx context.Context, actor account.Actor, center string) ([]Ticket, error) {
	if err := mayWork(actor, center); err != nil {
		return nil, err
	}
	var list []Ticket
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		list, err = r.Tickets(ctx, center, ticketsShown)
		return err
	})
	return list, err
}

// SettleTicket says whether there is a danger; once. That there is none asks
// for a reason. The outage is the engine's to end.
func (s *Service) SettleTicket(ctx context.Context, actor account.Actor, center, id string, to TicketState, reason string) (Ticket, error) {
	reason = strings.TrimSpace(reason)
	switch err := mayWork(actor, center); {
	case err != nil:
		return Ticket{}, err
	case to != TicketFault && to != TicketSafe:
		return Ticket{}, fault.BadField("state", "one_of", "fault safe")
	case to == TicketSafe:
		var err error
		if reason, err = written("reason", reason); err != nil {
			return Ticket{}, err
		}
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Ticket, error) {
		t, err := tx.Ticket(ctx, id)
		switch {
		case err != nil:
			return Ticket{}, err
		case t.Center != center:
			return Ticket{}, fault.ErrNotFound
		case t.State != TicketOpen:
			return Ticket{}, fault.ErrState
		}
		t.State, t.Reason, t.SettledAt, t.SettledBy = to, reason, tx.Now(), actor.ID
		if err := tx.SettleTicket(ctx, t); err != nil {
			return Ticket{}, err
		}
		return t, tx.Trace(ctx, account.Entry{Actor: actor.Name(), Action: "survey.safety_" + string(to), Subject: t.ID, Center: t.Center,
			Reason: reason, Request: actor.RequestID, Detail: map[string]any{"equipment": t.Equipment}})
	})
}

// TicketOutage notes the outage that a report opened.
func (s *Service) TicketOutage(ctx context.Context, id, outage string) error {
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) { return true, tx.TicketOutage(ctx, id, outage) })
	return err
}

// mayWork: what waits at a desk is its staff's.
func mayWork(actor account.Actor, center string) error {
	switch {
	case actor.Anonymous():
		return fault.ErrSignIn
	case !actor.May(account.DeskWork, center):
		return fault.ErrForbidden
	}
	return nil
}
