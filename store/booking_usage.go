package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"gongbang/booking"
)

// Reports of use are sums that the database makes, over the index
// booking_center. Times are whole minutes before they are added, so that the
// parts of a booking are its length without rest.

// usesOf is what became of each booking: kind is attended, no_show, unknown,
// open or cancelled; in order s ≤ f ≤ u ≤ e: begin, check-in, finish or
// giving up, and end; all cut at $1.
const usesOf = `SELECT id, equipment_id, account_id, ahead, kind, s, f, CASE WHEN v < f THEN f ELSE v END AS u, e, planned, ended FROM (
	SELECT id, equipment_id, account_id, ahead, kind, s, e, planned, ended,
		CASE WHEN kind <> 'attended' OR came < s THEN s WHEN came > e THEN e ELSE came END AS f,
		CASE WHEN ended < s THEN s WHEN ended < e THEN ended ELSE e END AS v
	FROM (
		SELECT id, equipment_id, account_id, CASE WHEN origin IN ('online', 'desk') THEN 1 ELSE 0 END AS ahead,
			CASE WHEN status = 'cancelled' THEN 'cancelled' WHEN status = 'no_show' THEN 'no_show' WHEN status = 'confirmed' THEN 'open'
				WHEN checked_in_at IS NULL THEN 'unknown' ELSE 'attended' END AS kind,
			starts_at AS s, CASE WHEN ends_at > $1 THEN $1 ELSE ends_at END AS e, ends_at AS planned,
			COALESCE(checked_in_at / 60000 * 60000, 0) AS came, ended_at / 60000 * 60000 AS ended
		FROM booking
		WHERE starts_at >= $2 AND starts_at < $3 AND status IN ('confirmed', 'checked_in', 'completed', 'no_show', 'cancelled')
			AND center_id IN (%centers%)%machines%) raw) cut`

// minutesOf is a sum of milliseconds where something holds, in minutes.
func minutesOf(length, when string) string {
	return "CAST(COALESCE(SUM(CASE WHEN " + when + " THEN " + length + " ELSE 0 END), 0) / 60000 AS BIGINT)"
}

// countOf is how many rows something holds for.
func countOf(when string) string {
	return "COUNT(CASE WHEN " + when + " THEN 1 END)"
}

// earlier tells whether the person came to anything before x: the first use of
// somebody is counted where it happened, once.
const earlier = `EXISTS (SELECT 1 FROM booking o WHERE o.account_id = x.account_id AND o.checked_in_at IS NOT NULL
	AND o.status IN ('checked_in', 'completed') AND (o.starts_at < x.s OR o.starts_at = x.s AND o.id < x.id))`

var useSums = "SELECT equipment_id, " + strings.Join([]string{
	minutesOf("e - s", "kind <> 'cancelled'"),
	minutesOf("u - f", "kind = 'attended'"),
	minutesOf("f - s", "kind = 'attended'"),
	minutesOf("e - u", "kind IN ('attended', 'no_show')"),
	minutesOf("u - s", "kind = 'no_show'"),
	minutesOf("e - s", "kind = 'unknown'"),
	minutesOf("e - s", "kind = 'open'"),
	minutesOf("ended - planned", "kind = 'attended' AND ended > planned"),
	countOf("kind <> 'cancelled'"),
	countOf("kind = 'attended'"),
	countOf("kind = 'no_show'"),
	countOf("kind = 'unknown'"),
	countOf("kind = 'open'"),
	countOf("kind = 'cancelled' AND ahead = 1"),
	countOf("kind = 'no_show' OR kind = 'attended' AND ahead = 1"),
	countOf("ahead = 1"),
	countOf("kind = 'attended' AND NOT " + earlier),
}, ", ") + " FROM (" + usesOf + ") x GROUP BY equipment_id ORDER BY equipment_id LIMIT 10000"

// UseSums implements booking.Uses.
func (t bookingTx) UseSums(ctx context.Context, q booking.UseQuery) ([]booking.UseSum, error) {
	if len(q.Centers) == 0 {
		return nil, nil
	}
	query, args := useText(useSums, q, "")
	rows, err := t.tx.Query(ctx, query, args...)
	return all(rows, err, func(r *sql.Rows) (booking.UseSum, error) {
		var u booking.UseSum
		m, n := &u.Minutes, &u.Counts
		err := r.Scan(&u.Equipment, &m.Booked, &m.Used, &m.Idle, &m.Released, &m.NoShow, &m.Unknown, &m.Undecided, &m.Overrun,
			&n.Bookings, &n.Attended, &n.NoShows, &n.Unknown, &n.Undecided, &n.Cancelled, &n.Expected, &n.Made, &u.FirstTime)
		return u, err
	})
}

// useText puts the lists of a query into a text; every parameter before them is there.
func useText(text string, q booking.UseQuery, machines string) (string, []any) {
	centers, ids := in(4, q.Centers)
	args := append([]any{ms(q.Now), ms(q.Starts.Start), ms(q.Starts.End)}, ids...)
	if machines != "" {
		marks, ids := in(len(args)+1, q.Equipment)
		machines = fmt.Sprintf(machines, marks)
		args = append(args, ids...)
	}
	return strings.NewReplacer("%centers%", centers, "%machines%", machines).Replace(text), args
}

// onMachines keeps to the named machines.
const onMachines = " AND equipment_id IN (%s)"

// The hours a use touches are counted from the hour of its start: no booking
// is longer than a day, so there are at most 25.
const useHours = `WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k < 24)
	SELECT (hour / 24 + 3) % 7, hour % 24, CAST(SUM(CASE WHEN u < upto THEN u ELSE upto END - CASE WHEN f > since THEN f ELSE since END) / 60000 AS BIGINT)
	FROM (SELECT f, u, (f + %ahead%) / 3600000 + k AS hour, ((f + %ahead%) / 3600000 + k) * 3600000 - %ahead% AS since,
			((f + %ahead%) / 3600000 + k + 1) * 3600000 - %ahead% AS upto
		FROM (` + usesOf + `) x CROSS JOIN n WHERE kind = 'attended' AND u > f) part
	WHERE u > since GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 168`

// UseHours implements booking.Uses.
func (t bookingTx) UseHours(ctx context.Context, q booking.UseQuery, ahead time.Duration) ([]booking.UseHour, error) {
	if len(q.Centers) == 0 || len(q.Equipment) == 0 {
		return nil, nil
	}
	query, args := useText(useHours, q, onMachines)
	// The distance is a number of ours, written out: parameters are numbered by
	// their first appearance, and this one stands before the others.
	query = strings.ReplaceAll(query, "%ahead%", fmt.Sprintf("(%d)", ahead.Milliseconds()))
	rows, err := t.tx.Query(ctx, query, args...)
	return all(rows, err, func(r *sql.Rows) (booking.UseHour, error) {
		var h booking.UseHour
		return h, r.Scan(&h.Weekday, &h.Hour, &h.Used)
	})
}

// Firms come by members who were confirmed; a claim alone names no firm.
const usePeople = `SELECT %by%, COUNT(DISTINCT x.account_id), COUNT(DISTINCT c.firm_id)
	FROM (SELECT account_id, center_id, equipment_id FROM booking
		WHERE checked_in_at IS NOT NULL AND starts_at < $1 AND starts_at >= $2 AND starts_at < $3 AND status IN ('checked_in', 'completed')
			AND center_id IN (%centers%)%machines%) x
	LEFT JOIN firm_claim c ON c.account_id = x.account_id AND c.confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT 10000`

var useBy = map[booking.UseBy]string{booking.UseByNothing: "''", booking.UseByCenter: "x.center_id", booking.UseByMachine: "x.equipment_id"}

// UsePeople implements booking.Uses.
func (t bookingTx) UsePeople(ctx context.Context, q booking.UseQuery, by booking.UseBy) (map[string]booking.UsePeople, error) {
	out := map[string]booking.UsePeople{}
	if len(q.Centers) == 0 || len(q.Equipment) == 0 {
		return out, nil
	}
	query, args := useText(usePeople, q, onMachines)
	rows, err := t.tx.Query(ctx, strings.Replace(query, "%by%", useBy[by], 1), args...)
	_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
		var key string
		var p booking.UsePeople
		err := r.Scan(&key, &p.People, &p.Firms)
		out[key] = p
		return true, err
	})
	return out, err
}
