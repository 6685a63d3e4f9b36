package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"gongbang/booking"
	"gongbang/internal/fault"
)

const (
	insertStrike = `INSERT INTO strike (id, booking_id, kind, account_id, center_id, equipment_id, at, points, minutes, rule)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET center_id = excluded.center_id, equipment_id = excluded.equipment_id, at = excluded.at,
		points = excluded.points, minutes = excluded.minutes, rule = excluded.rule, taken_back_at = NULL,
		review_at = NULL, review_text = NULL, kept_at = NULL, kept_by = NULL, keep_reason = NULL
		WHERE strike.taken_back_at IS NOT NULL`
	takeBackStrike = `UPDATE strike SET taken_back_at = $1 WHERE booking_id = $2 AND kind = $3 AND taken_back_at IS NULL`
	answerStrike   = `UPDATE strike SET waived_at = $1, waived_by = $2, waive_reason = $3, review_at = $4, review_text = $5,
		kept_at = $6, kept_by = $7, keep_reason = $8 WHERE id = $9 AND taken_back_at IS NULL`
	colleaguesOf = `SELECT DISTINCT o.account_id FROM firm_claim m JOIN firm_claim o ON o.firm_id = m.firm_id
		WHERE m.account_id = $1 AND o.account_id <> $1 AND m.confirmed_at IS NOT NULL AND o.confirmed_at IS NOT NULL ORDER BY 1 LIMIT 1000`
	remindBooking = `UPDATE booking SET remind_at = $1 WHERE id = $2 AND version = $3`
)

// Strike implements booking.StrikeWriter.
func (t bookingTx) Strike(ctx context.Context, s *booking.Strike) (bool, error) {
	rule, err := json.Marshal(s.Rule)
	if err != nil {
		return false, err
	}
	n, err := t.tx.Exec(ctx, insertStrike, s.ID, s.BookingID, string(s.Kind), s.AccountID, s.CenterID, s.EquipmentID, ms(s.At), s.Points, s.Minutes, string(rule))
	return n == 1, err
}

// TakeBack implements booking.StrikeWriter.
func (t bookingTx) TakeBack(ctx context.Context, id string, k booking.StrikeKind) error {
	_, err := t.tx.Exec(ctx, takeBackStrike, ms(t.tx.now), id, string(k))
	return err
}

// Answer implements booking.StrikeWriter.
func (t bookingTx) Answer(ctx context.Context, s *booking.Strike) error {
	n, err := t.tx.Exec(ctx, answerStrike, msPtr(s.WaivedAt), textOrNull(s.WaivedBy), textOrNull(s.WaiveReason), msPtr(s.ReviewAt), textOrNull(s.ReviewText),
		msPtr(s.KeptAt), textOrNull(s.KeptBy), textOrNull(s.KeepReason), s.ID)
	if err == nil && n != 1 {
		return fault.ErrNotFound
	}
	return err
}

// Remind implements booking.Tx.
func (t bookingTx) Remind(ctx context.Context, b *booking.Booking) error {
	n, err := t.tx.Exec(ctx, remindBooking, msPtr(b.RemindAt), b.ID, b.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	return err
}

const strikeColumns = `s.id, s.booking_id, s.kind, s.account_id, s.center_id, s.equipment_id, s.at, s.points, s.minutes, s.rule,
	s.waived_at, COALESCE(s.waived_by, ''), COALESCE(s.waive_reason, ''), s.review_at, COALESCE(s.review_text, ''),
	s.kept_at, COALESCE(s.kept_by, ''), COALESCE(s.keep_reason, '')`

// Strikes implements booking.StrikeFinder.
func (t bookingTx) Strikes(ctx context.Context, q booking.StrikeQuery) ([]*booking.Strike, error) {
	var w where
	w.text = []string{"s.taken_back_at IS NULL"}
	if q.ID != "" {
		w.and("s.id = ?", q.ID)
	}
	if q.Counting {
		w.and("s.waived_at IS NULL")
	}
	if len(q.Reviews) > 0 {
		w.and("s.review_at IS NOT NULL AND s.kept_at IS NULL AND s.waived_at IS NULL")
		andIn(&w, "s.center_id", q.Reviews)
	}
	rest := strings.Join(w.text, " AND ")
	query := "SELECT " + strikeColumns + ", '' FROM strike s WHERE " + rest
	if q.Account != "" {
		w.args = append(w.args, q.Account)
		me := "$" + strconv.Itoa(len(w.args))
		query += " AND s.account_id = " + me
		if q.Colleagues {
			query += " UNION ALL SELECT " + strikeColumns + ", o.firm_id FROM firm_claim m JOIN firm_claim o ON o.firm_id = m.firm_id " +
				"JOIN strike s ON s.account_id = o.account_id WHERE m.account_id = " + me + " AND o.account_id <> " + me +
				" AND m.confirmed_at IS NOT NULL AND o.confirmed_at IS NOT NULL AND " + rest
		}
	}
	w.args = append(w.args, q.Limit)
	rows, err := t.tx.Query(ctx, query+" ORDER BY 7, 1 LIMIT $"+strconv.Itoa(len(w.args)), w.args...)
	return all(rows, err, scanStrike)
}

// Colleagues implements booking.StrikeFinder.
func (t bookingTx) Colleagues(ctx context.Context, id string) ([]string, error) {
	rows, err := t.tx.Query(ctx, colleaguesOf, id)
	return all(rows, err, func(r *sql.Rows) (colleague string, err error) { return colleague, r.Scan(&colleague) })
}

func scanStrike(r *sql.Rows) (*booking.Strike, error) {
	var s booking.Strike
	var struck int64
	var waived, review, kept sql.NullInt64
	var rule string
	err := r.Scan(&s.ID, &s.BookingID, &s.Kind, &s.AccountID, &s.CenterID, &s.EquipmentID, &struck, &s.Points, &s.Minutes, &rule,
		&waived, &s.WaivedBy, &s.WaiveReason, &review, &s.ReviewText, &kept, &s.KeptBy, &s.KeepReason, &s.Firm)
	if err != nil {
		return nil, err
	}
	s.At, s.WaivedAt, s.ReviewAt, s.KeptAt = at(struck), atPtr(waived), atPtr(review), atPtr(kept)
	return &s, json.Unmarshal([]byte(rule), &s.Rule)
}
