package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
)

// in makes "$n, $n+1, …" from the first number on, and the arguments.
func in[T ~string](from int, values []T) (marks string, args []any) {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = "$" + strconv.Itoa(from+i)
		args = append(args, string(v))
	}
	return strings.Join(list, ", "), args
}

// where collects conditions whose parameters ascend.
type where struct {
	text []string
	args []any
}

// and adds a condition; each ? becomes the next parameter.
func (w *where) and(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.text = append(w.text, condition)
}

func andIn[T ~string](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	marks, args := in(len(w.args)+1, values)
	w.args = append(w.args, args...)
	w.text = append(w.text, column+" IN ("+marks+")")
}

func (w *where) String() string {
	if len(w.text) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.text, " AND ")
}

// Bookings implements booking.Finder.
func (t bookingTx) Bookings(ctx context.Context, q booking.ListQuery) ([]*booking.Booking, error) {
	var w where
	if q.Account != "" {
		w.and("account_id = ?", q.Account)
	}
	if q.Colleague != "" {
		w.and(`account_id IN (SELECT m.account_id FROM firm_claim c JOIN firm_claim m ON m.firm_id = c.firm_id
			WHERE c.account_id = ? AND c.confirmed_at IS NOT NULL AND m.confirmed_at IS NOT NULL)`, q.Colleague)
	}
	andIn(&w, "id", q.IDs)
	andIn(&w, "center_id", q.Centers)
	andIn(&w, "equipment_id", q.Equipment)
	andIn(&w, "status", q.Statuses)
	if q.Occupies {
		w.and("occupies = 1")
	}
	if q.Code != "" {
		w.and("code = ?", q.Code)
	}
	if !q.From.IsZero() {
		w.and("starts_at >= ?", ms(q.From))
	}
	if !q.To.IsZero() {
		w.and("starts_at < ?", ms(q.To))
	}
	if q.Attended {
		w.and("details LIKE ?", `%"attendee":{%"phone":%`)
	}
	due(&w, q)
	if q.After.ID != "" {
		w.and("(starts_at > ? OR starts_at = ? AND id > ?)", ms(q.After.Start), ms(q.After.Start), q.After.ID)
	}
	order := " ORDER BY starts_at, id"
	if q.Backward {
		order = " ORDER BY starts_at DESC, id DESC"
	}
	w.args = append(w.args, q.Limit)
	query := "SELECT " + bookingColumns + " FROM booking" + w.String() + order + " LIMIT $" + strconv.Itoa(len(w.args))
	rows, err := t.tx.Query(ctx, query, w.args...)
	return all(rows, err, scanBooking)
}

// due adds the conditions of the drains. Their literals let the partial indexes serve them.
func due(w *where, q booking.ListQuery) {
	if !q.Ends.Empty() {
		w.and("status IN ('confirmed', 'checked_in')")
		w.and("ends_at >= ?", ms(q.Ends.Start))
		w.and("ends_at < ?", ms(q.Ends.End))
	}
	if !q.AnswerBy.IsZero() {
		w.and("status = 'pending'")
		w.and("answer_by <= ?", ms(q.AnswerBy))
	}
	if !q.SurveyBy.IsZero() {
		w.and("survey_at IS NOT NULL")
		w.and("survey_at <= ?", ms(q.SurveyBy))
	}
	if !q.RemindBy.IsZero() {
		w.and("status = 'confirmed'")
		w.and("remind_at IS NOT NULL")
		w.and("remind_at <= ?", ms(q.RemindBy))
	}
	if !q.Tidy.IsZero() {
		w.and("occupies = 1")
		w.and("status = 'completed'")
		w.and("busy_until <= ?", ms(q.Tidy))
	}
}

// mostSpans bounds what one read of the board takes in.
const mostSpans = 20_000

// Busy implements booking.Finder.
func (t bookingTx) Busy(ctx context.Context, equipment []string, i booking.Interval) ([]booking.Span, error) {
	if len(equipment) == 0 {
		return nil, nil
	}
	n := len(equipment)
	marks, args := in(1, equipment)
	again, _ := in(1, equipment)
	// One seek for each unit, as in factsQuery: what overlaps the interval
	// begins at the last one that starts before it.
	query := fmt.Sprintf(`WITH RECURSIVE units (id, n, quantity) AS (SELECT id, 1, quantity FROM equipment WHERE id IN (%[1]s)
		UNION ALL SELECT id, n + 1, quantity FROM units WHERE n < quantity)
		SELECT b.id, '', b.equipment_id, b.status, b.account_id, b.origin, b.unit, b.starts_at, b.ends_at, b.busy_until FROM units u
		CROSS JOIN booking b WHERE b.equipment_id = u.id AND b.unit = u.n AND b.occupies = 1 AND b.starts_at < $%[3]d AND b.busy_until > $%[4]d
		AND b.starts_at >= COALESCE((SELECT p.starts_at FROM booking p WHERE p.equipment_id = u.id
			AND p.unit = u.n AND p.occupies = 1 AND p.starts_at <= $%[4]d ORDER BY p.starts_at DESC LIMIT 1), $%[4]d)
		UNION ALL SELECT id, '', equipment_id, status, account_id, origin, unit, starts_at, ends_at, busy_until FROM booking
		WHERE equipment_id IN (%[2]s) AND occupies = 1 AND status = 'checked_in' AND starts_at < $%[3]d AND busy_until <= $%[4]d
		UNION ALL SELECT '', id, equipment_id, '', '', '', unit, starts_at, COALESCE(ends_at, expected_until), COALESCE(ends_at, 0) FROM outage
		WHERE equipment_id IN (%[2]s) AND starts_at < $%[3]d AND (ends_at IS NULL OR ends_at > $%[4]d) ORDER BY 7, 8 LIMIT %[5]d`,
		marks, again, n+1, n+2, mostSpans)
	rows, err := t.tx.Query(ctx, query, append(args, ms(i.End), ms(i.Start))...)
	spans, err := all(rows, err, func(r *sql.Rows) (booking.Span, error) {
		var s booking.Span
		var start, end, busy int64
		err := r.Scan(&s.Booking, &s.Outage, &s.Equipment, &s.Status, &s.Account, &s.Origin, &s.Unit, &start, &end, &busy)
		s.Interval, s.BusyUntil = booking.Interval{Start: at(start), End: at(end)}, at(busy)
		if s.Outage != "" {
			s = outageSpan(s, busy, t.tx.now)
		}
		return s, err
	})
	return overlapping(spans, i), err
}

// outageSpan counts an outage with no end (to is 0) as the engine does at a moment.
func outageSpan(s booking.Span, to int64, now time.Time) booking.Span {
	o := booking.Outage{From: s.Interval.Start, ExpectedUntil: &s.Interval.End}
	if to != 0 {
		o.To = &s.Interval.End
	}
	s.Interval = o.Interval(now)
	s.BusyUntil = s.Interval.End
	return s
}

// overlapping drops open-ended outages that begin too late or end before.
func overlapping(spans []booking.Span, i booking.Interval) []booking.Span {
	out := spans[:0]
	for _, s := range spans {
		if s.Outage == "" || s.Interval.Overlaps(i) {
			out = append(out, s)
		}
	}
	return out
}

// People implements booking.Finder.
func (t bookingTx) People(ctx context.Context, ids []string) (map[string]booking.PersonView, error) {
	out := map[string]booking.PersonView{}
	var missing []string
	for _, id := range ids {
		if _, seen := out[id]; !seen && id != "" {
			out[id] = booking.PersonView{ID: id}
			missing = append(missing, id)
		}
	}
	for len(missing) > 0 {
		n := min(len(missing), 200)
		marks, args := in(1, missing[:n])
		rows, err := t.tx.Query(ctx, "SELECT id, name, COALESCE(phone, '') FROM account WHERE id IN ("+marks+") LIMIT 200", args...)
		_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
			var p booking.PersonView
			err := r.Scan(&p.ID, &p.Name, &p.Phone)
			out[p.ID] = p
			return true, err
		})
		if err != nil {
			return nil, err
		}
		missing = missing[n:]
	}
	return out, nil
}
