package store

import (
	"context"
	"database/sql"

	"gongbang/internal/fault"
	"gongbang/survey"
)

const (
	sqlSaveTicket   = `INSERT INTO survey_ticket (id, center_id, equipment_id, day, body) VALUES ($1, $2, $3, $4, $5)`
	ticketColumns   = `id, center_id, equipment_id, day, body, state, outage_id, reason, settled_at, settled_by`
	sqlTicket       = `SELECT ` + ticketColumns + ` FROM survey_ticket WHERE id = $1`
	sqlTickets      = `SELECT ` + ticketColumns + ` FROM survey_ticket WHERE center_id = $1 AND state = 'open' ORDER BY day, id LIMIT $2`
	sqlSettleTicket = `UPDATE survey_ticket SET state = $1, reason = $2, settled_at = $3, settled_by = $4 WHERE id = $5 AND state = 'open'`
	sqlTicketOutage = `UPDATE survey_ticket SET outage_id = $1 WHERE id = $2`
)

// SaveTicket stores a safety report.
func (t surveyTx) SaveTicket(ctx context.Context, v survey.Ticket) error {
	_, err := t.Exec(ctx, sqlSaveTicket, v.ID, v.Center, v.Equipment, v.Day, v.Text)
	return err
}

// Ticket reads one.
func (t surveyTx) Ticket(ctx context.Context, id string) (survey.Ticket, error) {
	v, err := scanTicket(t.QueryRow(ctx, sqlTicket, id))
	return v, missing(err)
}

// Tickets lists what waits at a center.
func (t surveyTx) Tickets(ctx context.Context, center string, limit int) ([]survey.Ticket, error) {
	rows, err := t.Query(ctx, sqlTickets, center, limit)
	return all(rows, err, func(r *sql.Rows) (survey.Ticket, error) { return scanTicket(r) })
}

// SettleTicket ends the waiting of a report; fault.ErrState when it has ended.
func (t surveyTx) SettleTicket(ctx context.Context, v survey.Ticket) error {
	n, err := t.Exec(ctx, sqlSettleTicket, string(v.State), v.Reason, moment(v.SettledAt), v.SettledBy, v.ID)
	if err == nil && n != 1 {
		return fault.ErrState
	}
	return err
}

// TicketOutage notes the outage that a report opened.
func (t surveyTx) TicketOutage(ctx context.Context, id, outage string) error {
	_, err := t.Exec(ctx, sqlTicketOutage, outage, id)
	return err
}

// Ticket reads a report of a danger for those who have to look after it.
func (s *Surveys) Ticket(ctx context.Context, id string) (survey.Ticket, error) {
	return Read(ctx, s.db, func(ctx context.Context, tx *Tx) (survey.Ticket, error) { return surveyTx{tx}.Ticket(ctx, id) })
}

func scanTicket(row interface{ Scan(...any) error }) (v survey.Ticket, err error) {
	var settled sql.NullInt64
	err = row.Scan(&v.ID, &v.Center, &v.Equipment, &v.Day, &v.Text, &v.State, &v.Outage, &v.Reason, &settled, &v.SettledBy)
	v.SettledAt = instant(settled)
	return v, err
}
