package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

const (
	inquiryColumns = `id, account_id, center_id, equipment_id, body, state, answer, asked_at, settled_at, settled_by, version`
	insertInquiry  = `INSERT INTO inquiry (` + inquiryColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`
	updateInquiry  = `UPDATE inquiry SET state = $1, answer = $2, settled_at = $3, settled_by = $4, version = version + 1
		WHERE id = $5 AND version = $6`
	inquiryByID   = `SELECT ` + inquiryColumns + ` FROM inquiry WHERE id = $1`
	tidyInquiries = `DELETE FROM inquiry WHERE id IN (SELECT id FROM inquiry WHERE asked_at < $1 ORDER BY asked_at LIMIT $2)`
)

// SaveInquiry implements booking.Writer.
func (t bookingTx) SaveInquiry(ctx context.Context, q *booking.Inquiry) error {
	if q.Version == 0 {
		q.Version = 1
		_, err := t.tx.Exec(ctx, insertInquiry, q.ID, q.AccountID, q.CenterID, q.EquipmentID, q.Text, string(q.State), q.Answer,
			ms(q.AskedAt), msPtr(q.SettledAt), q.SettledBy)
		return err
	}
	n, err := t.tx.Exec(ctx, updateInquiry, string(q.State), q.Answer, msPtr(q.SettledAt), q.SettledBy, q.ID, q.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	q.Version++
	return err
}

// Inquiry implements booking.Inquiries. In a transaction that writes the row is locked.
func (t bookingTx) Inquiry(ctx context.Context, id string) (*booking.Inquiry, error) {
	q, err := scanInquiry(t.tx.QueryRow(ctx, t.tx.forUpdate(inquiryByID), id))
	return q, missing(err)
}

// Inquiries implements booking.Inquiries.
func (t bookingTx) Inquiries(ctx context.Context, q booking.InquiryQuery) ([]*booking.Inquiry, error) {
	var w where
	for _, c := range [][2]string{{"account_id = ?", q.Account}, {"center_id = ?", q.Center}, {"state = ?", string(q.State)}} {
		if c[1] != "" {
			w.and(c[0], c[1])
		}
	}
	if !q.Since.IsZero() {
		w.and("asked_at > ?", ms(q.Since))
	}
	order := " ORDER BY asked_at, id LIMIT $"
	behind := "(asked_at, id) > (?, ?)"
	if q.Newest {
		order, behind = " ORDER BY asked_at DESC, id DESC LIMIT $", "(asked_at, id) < (?, ?)"
	}
	if q.After.ID != "" {
		w.and(behind, ms(q.After.Start), q.After.ID)
	}
	w.args = append(w.args, q.Limit)
	rows, err := t.tx.Query(ctx, `SELECT `+inquiryColumns+` FROM inquiry`+w.String()+order+strconv.Itoa(len(w.args)), w.args...)
	return all(rows, err, func(r *sql.Rows) (*booking.Inquiry, error) { return scanInquiry(r) })
}

func scanInquiry(row interface{ Scan(...any) error }) (*booking.Inquiry, error) {
	var q booking.Inquiry
	var asked int64
	var settled sql.NullInt64
	err := row.Scan(&q.ID, &q.AccountID, &q.CenterID, &q.EquipmentID, &q.Text, &q.State, &q.Answer, &asked, &settled, &q.SettledBy, &q.Version)
	q.AskedAt, q.SettledAt = at(asked), atPtr(settled)
	return &q, err
}

// TidyInquiries destroys questions, and their answers, that were asked before; it returns how many.
func (db *DB) TidyInquiries(ctx context.Context, before time.Time) (int, error) {
	n, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, tidyInquiries, ms(before), tidyRows)
	})
	return int(n), err
}
