package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// Bookings remembers for the engine, on either database.
type Bookings struct {
	db    *DB
	cache *CatalogCache
}

// NewBookings is the engine's store over db.
func NewBookings(db *DB) *Bookings { return &Bookings{db: db, cache: &CatalogCache{}} }

// Do implements booking.Store.
func (s *Bookings) Do(ctx context.Context, fn func(context.Context, booking.Tx) (any, error)) (any, error) {
	return Do(ctx, s.db, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, bookingTx{tx, s.cache}) })
}

// Read implements booking.Store.
func (s *Bookings) Read(ctx context.Context, fn func(context.Context, booking.Reader) error) error {
	_, err := Read(ctx, s.db, func(ctx context.Context, tx *Tx) (bool, error) { return true, fn(ctx, bookingTx{tx, s.cache}) })
	return err
}

// keepKeys is how long a success is shown again under its idempotency key.
const keepKeys = 24 * time.Hour

type bookingTx struct {
	tx    *Tx
	cache *CatalogCache
}

func (t bookingTx) Now() time.Time { return t.tx.Now() }

// Accounts implements booking.Tx.
func (t bookingTx) Accounts() account.Tx { return accountTx{t.tx} }

func (t bookingTx) Concurrent() bool { return t.tx.db.dialect == postgres }

func (t bookingTx) Catalog(ctx context.Context) (*booking.Catalog, error) {
	return t.cache.In(ctx, t.tx)
}

func (t bookingTx) Claim(ctx context.Context, k booking.Key, subject string) (*booking.Replay, error) {
	body, prev, replay, err := t.tx.ClaimKey(ctx, k.Caller, k.Value, k.Body, subject, keepKeys)
	if err != nil || !replay {
		return nil, err
	}
	return &booking.Replay{Body: body, Subject: prev}, nil
}

func (t bookingTx) Replayed(ctx context.Context, k booking.Key) (*booking.Replay, error) {
	body, subject, found, err := t.tx.FindKey(ctx, k.Caller, k.Value, keepKeys)
	if err != nil || !found {
		return nil, err
	}
	return &booking.Replay{Body: body, Subject: subject}, nil
}

func (t bookingTx) Trace(ctx context.Context, e account.Entry, events ...account.Event) error {
	return t.tx.Record(ctx, e, events...)
}

const insertBooking = `INSERT INTO booking (id, code, status, version, equipment_id, center_id, unit, starts_at, ends_at, busy_until,
	occupies, counted, account_id, made_by, origin, created_at, checked_in_at, ended_at, answer_by, survey_at, remind_at, details)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`

// Insert implements booking.Writer.
func (t bookingTx) Insert(ctx context.Context, b *booking.Booking) error {
	details, err := json.Marshal(b.Details)
	if err != nil {
		return err
	}
	_, err = t.tx.Exec(ctx, insertBooking, b.ID, b.Code, string(b.Status), b.Version, b.EquipmentID, b.CenterID, b.Unit,
		ms(b.Start), ms(b.End), ms(b.BusyUntil), oneIf(b.Occupies), oneIf(b.Counted), b.AccountID, b.MadeBy, string(b.Origin), ms(b.CreatedAt),
		msPtr(b.CheckedInAt), msPtr(b.EndedAt), msPtr(b.AnswerBy), msPtr(b.SurveyAt), msPtr(b.RemindAt), string(details))
	return overlap(err)
}

const updateBooking = `UPDATE booking SET status = $1, version = version + 1, equipment_id = $2, center_id = $3, unit = $4, starts_at = $5,
	ends_at = $6, busy_until = $7, occupies = $8, counted = $9, checked_in_at = $10, ended_at = $11, answer_by = $12, survey_at = $13,
	remind_at = $14, details = $15 WHERE id = $16 AND version = $17 AND status = $18`

// Update implements booking.Writer.
func (t bookingTx) Update(ctx context.Context, b *booking.Booking, was booking.Status) error {
	details, err := json.Marshal(b.Details)
	if err != nil {
		return err
	}
	n, err := t.tx.Exec(ctx, updateBooking, string(b.Status), b.EquipmentID, b.CenterID, b.Unit, ms(b.Start), ms(b.End), ms(b.BusyUntil),
		oneIf(b.Occupies), oneIf(b.Counted), msPtr(b.CheckedInAt), msPtr(b.EndedAt), msPtr(b.AnswerBy), msPtr(b.SurveyAt), msPtr(b.RemindAt), string(details),
		b.ID, b.Version, string(was))
	if err != nil {
		return overlap(err)
	}
	if n != 1 {
		return fault.ErrStale
	}
	b.Version++
	return nil
}

const giveBooking = `UPDATE booking SET account_id = $1 WHERE id = $2 AND version = $3`

// Give implements booking.Writer. The account stands in an index of its own,
// so that no other change of a booking writes to it.
func (t bookingTx) Give(ctx context.Context, b *booking.Booking, to string) error {
	n, err := t.tx.Exec(ctx, giveBooking, to, b.ID, b.Version)
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	return err
}

// overlap tells the database's own refusal of a second occupying booking apart.
func overlap(err error) error {
	if err != nil && strings.Contains(err.Error(), "booking_overlap") {
		return errors.Join(booking.ErrOverlap, err)
	}
	return err
}

const bookingColumns = `id, code, status, version, equipment_id, center_id, unit, starts_at, ends_at, busy_until, occupies, counted,
	account_id, made_by, origin, created_at, checked_in_at, ended_at, answer_by, survey_at, remind_at, details`

func scanBooking(rows *sql.Rows) (*booking.Booking, error) {
	var b booking.Booking
	var start, end, busy, created int64
	var checkedIn, ended, answer, survey, remind sql.NullInt64
	var details string
	err := rows.Scan(&b.ID, &b.Code, &b.Status, &b.Version, &b.EquipmentID, &b.CenterID, &b.Unit, &start, &end, &busy, &b.Occupies, &b.Counted,
		&b.AccountID, &b.MadeBy, &b.Origin, &created, &checkedIn, &ended, &answer, &survey, &remind, &details)
	if err != nil {
		return nil, err
	}
	b.Start, b.End, b.BusyUntil, b.CreatedAt = at(start), at(end), at(busy), at(created)
	b.CheckedInAt, b.EndedAt, b.AnswerBy, b.SurveyAt, b.RemindAt = atPtr(checkedIn), atPtr(ended), atPtr(answer), atPtr(survey), atPtr(remind)
	return &b, json.Unmarshal([]byte(details), &b.Details)
}

// Booking implements booking.Finder.
func (t bookingTx) Booking(ctx context.Context, id string) (*booking.Booking, error) {
	rows, err := t.tx.Query(ctx, "SELECT "+bookingColumns+" FROM booking WHERE id = $1 LIMIT 1", id)
	found, err := all(rows, err, scanBooking)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound
	}
	return found[0], nil
}

// Lock implements booking.Tx: firms, the account, machines, bookings, each by id.
func (t bookingTx) Lock(ctx context.Context, l booking.Locks) error {
	if !t.Concurrent() {
		return nil
	}
	people := slices.DeleteFunc([]string{l.Account, l.Receiver}, func(id string) bool { return id == "" })
	if l.Firm {
		if err := t.lock(ctx, "SELECT id FROM firm WHERE id IN (SELECT firm_id FROM firm_claim WHERE account_id IN (%) AND confirmed_at IS NOT NULL) ORDER BY id LIMIT 1000",
			people); err != nil {
			return err
		}
	}
	if err := t.lock(ctx, "SELECT id FROM account WHERE id IN (%) ORDER BY id LIMIT 1000", people); err != nil {
		return err
	}
	if err := t.lock(ctx, "SELECT id FROM equipment WHERE id IN (%) ORDER BY id LIMIT 1000", l.Equipment); err != nil {
		return err
	}
	return t.lock(ctx, "SELECT id FROM booking WHERE id IN (%) ORDER BY id LIMIT 1000", l.Bookings)
}

func (t bookingTx) lock(ctx context.Context, query string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	marks, args := in(1, ids)
	rows, err := t.tx.Query(ctx, t.tx.forUpdate(strings.Replace(query, "%", marks, 1)), args...)
	_, err = all(rows, err, func(r *sql.Rows) (string, error) { var id string; return id, r.Scan(&id) })
	return err
}
