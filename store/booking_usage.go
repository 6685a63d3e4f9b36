package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
)

// Reports of use are sums that the database makes, over the index
// booking_center. Times are whole minutes before they are added, so that the
// parts of a booking are its length without rest.

// usesOf is what became of each booking: kind is attended, no_show, unknown,
// open or cancelled; in order s ≤ f ≤ u ≤ e: begin, check-in, finish or
// giving up, and end; all cut at the moment of the report.
const usesOf = `SELECT equipment_id, span, ahead, kind, s, f, CASE WHEN v < f THEN f ELSE v END AS u, e, planned, ended FROM (
	SELECT equipment_id, span, ahead, kind, s, e, planned, ended,
		CASE WHEN kind <> 'attended' OR came < s THEN s WHEN came > e THEN e ELSE came END AS f,
		CASE WHEN ended < s THEN s WHEN ended < e THEN ended ELSE e END AS v
	FROM (
		SELECT equipment_id, %spans% AS span, CASE WHEN origin IN ('online', 'desk') THEN 1 ELSE 0 END AS ahead,
			CASE WHEN status = 'cancelled' THEN 'cancelled' WHEN status = 'no_show' THEN 'no_show' WHEN status = 'confirmed' THEN 'open'
				WHEN checked_in_at IS NULL THEN 'unknown' ELSE 'attended' END AS kind,
			starts_at AS s, CASE WHEN ends_at > %now% THEN %now% ELSE ends_at END AS e, ends_at AS planned,
			COALESCE(checked_in_at / 60000 * 60000, 0) AS came, ended_at / 60000 * 60000 AS ended
		FROM booking
		WHERE center_id IN (%centers%) AND starts_at >= %from% AND starts_at < %to%
			AND status IN ('confirmed', 'checked_in', 'completed', 'no_show', 'cancelled')) raw) cut`

// minutesOf is a sum of milliseconds where something holds, in minutes.
func minutesOf(length, when string) string {
	return "CAST(COALESCE(SUM(CASE WHEN " + when + " THEN " + length + " ELSE 0 END), 0) / 60000 AS BIGINT)"
}

// countOf is how many rows something holds for.
func countOf(when string) string {
	return "COUNT(CASE WHEN " + when + " THEN 1 END)"
}

var useSums = "SELECT equipment_id, span, " + strings.Join([]string{
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
}, ", ") + " FROM (" + usesOf + ") x GROUP BY equipment_id, span ORDER BY equipment_id, span LIMIT 20000"

// UseSums implements booking.Uses.
func (t bookingTx) UseSums(ctx context.Context, q booking.UseQuery) ([]booking.UseSum, error) {
	if len(q.Centers) == 0 {
		return nil, nil
	}
	query, args := useText(useSums, q)
	rows, err := t.tx.Query(ctx, query, args...)
	return all(rows, err, func(r *sql.Rows) (booking.UseSum, error) {
		var u booking.UseSum
		m, n := &u.Minutes, &u.Counts
		err := r.Scan(&u.Equipment, &u.Span, &m.Booked, &m.Used, &m.Idle, &m.Released, &m.NoShow, &m.Unknown, &m.Undecided, &m.Overrun,
			&n.Bookings, &n.Attended, &n.NoShows, &n.Unknown, &n.Undecided, &n.Cancelled, &n.Expected, &n.Made)
		return u, err
	})
}

// firstUses asks for each person who came once which use was their first ever:
// there are far fewer people than bookings.
const firstUses = `SELECT equipment_id, span, COUNT(*) FROM (SELECT x.equipment_id, %spans% AS span
		FROM (SELECT DISTINCT account_id FROM booking WHERE center_id IN (%centers%) AND starts_at >= %from% AND starts_at < %to%
			AND checked_in_at IS NOT NULL AND status IN ('checked_in', 'completed')) p
		JOIN booking x ON x.id = (SELECT o.id FROM booking o WHERE o.account_id = p.account_id AND o.checked_in_at IS NOT NULL
			AND o.status IN ('checked_in', 'completed') ORDER BY o.starts_at, o.id LIMIT 1)
		WHERE x.starts_at >= %from% AND x.starts_at < %to% AND x.center_id IN (%centers%)) first
	GROUP BY equipment_id, span ORDER BY equipment_id, span LIMIT 20000`

// UseFirst implements booking.Uses.
func (t bookingTx) UseFirst(ctx context.Context, q booking.UseQuery) ([]booking.UseSum, error) {
	if len(q.Centers) == 0 {
		return nil, nil
	}
	query, args := useText(firstUses, q)
	rows, err := t.tx.Query(ctx, query, args...)
	return all(rows, err, func(r *sql.Rows) (booking.UseSum, error) {
		var u booking.UseSum
		return u, r.Scan(&u.Equipment, &u.Span, &u.FirstTime)
	})
}

// useText puts the values of a query into a text. Parameters are numbered by
// where they first stand in it, because SQLite binds them in that order.
func useText(text string, q booking.UseQuery) (string, []any) {
	machines := slices.Sorted(maps.Keys(q.Machines))
	values := map[string][]any{"%now%": {ms(q.Now)}, "%from%": {ms(q.Spans[0].Start)}, "%to%": {ms(q.Spans[len(q.Spans)-1].End)}}
	for _, s := range q.Spans[:len(q.Spans)-1] {
		values["%spans%"] = append(values["%spans%"], ms(s.End))
	}
	for _, c := range q.Centers {
		values["%centers%"] = append(values["%centers%"], c)
	}
	for _, m := range machines {
		values["%machines%"] = append(values["%machines%"], m, q.Machines[m])
	}
	tokens := []string{"%now%", "%spans%", "%centers%", "%from%", "%to%", "%machines%"}
	tokens = slices.DeleteFunc(tokens, func(t string) bool { return !strings.Contains(text, t) })
	slices.SortFunc(tokens, func(a, b string) int { return strings.Index(text, a) - strings.Index(text, b) })
	var args []any
	for _, token := range tokens {
		marks := make([]string, len(values[token]))
		for i, v := range values[token] {
			args = append(args, v)
			marks[i] = "$" + strconv.Itoa(len(args))
		}
		text = strings.ReplaceAll(text, token, useMarks(token, marks))
	}
	return text, args
}

// useMarks writes the parameters of a token as it needs them.
func useMarks(token string, marks []string) string {
	var b strings.Builder
	switch {
	case token == "%spans%" && len(marks) == 0:
		return "0"
	case token == "%spans%":
		b.WriteString("CASE")
		for i, m := range marks {
			fmt.Fprintf(&b, " WHEN starts_at < %s THEN %d", m, i)
		}
		fmt.Fprintf(&b, " ELSE %d END", len(marks))
		return b.String()
	case token == "%machines%":
		for i := 0; i < len(marks); i += 2 {
			fmt.Fprintf(&b, ", (%s, %s)", marks[i], marks[i+1])
		}
		return strings.TrimPrefix(b.String(), ", ")
	}
	return strings.Join(marks, ", ")
}

// hoursOfWeek is the week as one row of hours, from Monday midnight on.
const hoursOfWeek = 7 * 24

// useHours puts together what began and ended in the same hours of the week:
// the part in the first hour and the part in the last one. The hours between
// are full; no booking is longer than a day, so they are told by both ends.
// The first hour of 1970 was that of a Thursday, 72 hours after Monday.
const useHours = `WITH g(machine, part) AS (VALUES %machines%)
	SELECT (a + 72) % 168, (z + 72) % 168, COUNT(*),
		CAST(SUM(CASE WHEN a = z THEN u - f ELSE (a + 1) * 3600000 - %ahead% - f END) / 60000 AS BIGINT),
		CAST(SUM(CASE WHEN a = z THEN 0 ELSE u - z * 3600000 + %ahead% END) / 60000 AS BIGINT)
	FROM (SELECT f, u, (f + %ahead%) / 3600000 AS a, (u - 1 + %ahead%) / 3600000 AS z FROM (` + usesOf + `) x
		WHERE kind = 'attended' AND u > f AND equipment_id IN (SELECT machine FROM g)) hours
	GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 5000`

// UseHours implements booking.Uses.
func (t bookingTx) UseHours(ctx context.Context, q booking.UseQuery, ahead time.Duration) ([]booking.UseHour, error) {
	if len(q.Centers) == 0 || len(q.Machines) == 0 {
		return nil, nil
	}
	query, args := useText(useHours, q)
	query = strings.ReplaceAll(query, "%ahead%", fmt.Sprintf("(%d)", ahead.Milliseconds()))
	var week [hoursOfWeek]int
	rows, err := t.tx.Query(ctx, query, args...)
	_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
		var first, last, uses, begun, ended int
		if err := r.Scan(&first, &last, &uses, &begun, &ended); err != nil {
			return false, err
		}
		week[first] += begun
		week[last] += ended
		for between := (last - first - 1 + hoursOfWeek) % hoursOfWeek; first != last && between > 0; between-- {
			week[(first+between)%hoursOfWeek] += uses * 60
		}
		return true, nil
	})
	var out []booking.UseHour
	for h, used := range week {
		if used > 0 {
			out = append(out, booking.UseHour{Weekday: h / 24, Hour: h % 24, Used: used})
		}
	}
	return out, err
}

// Firms come by members who were confirmed; a claim alone names no firm.
const usePeople = `WITH g(machine, part) AS (VALUES %machines%)
	SELECT %by%, COUNT(DISTINCT x.account_id), COUNT(DISTINCT c.firm_id)
	FROM (SELECT DISTINCT account_id, equipment_id, %spans% AS span FROM booking
		WHERE center_id IN (%centers%) AND starts_at >= %from% AND starts_at < %to%
			AND checked_in_at IS NOT NULL AND status IN ('checked_in', 'completed')) x
	JOIN g ON g.machine = x.equipment_id
	LEFT JOIN firm_claim c ON c.account_id = x.account_id AND c.confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT 10000`

// UsePeople implements booking.Uses.
func (t bookingTx) UsePeople(ctx context.Context, q booking.UseQuery) (map[string]booking.UsePeople, error) {
	out := map[string]booking.UsePeople{}
	if len(q.Centers) == 0 || len(q.Machines) == 0 {
		return out, nil
	}
	by := "g.part"
	if len(q.Spans) > 1 {
		by = "CAST(x.span AS TEXT)"
	}
	query, args := useText(strings.Replace(usePeople, "%by%", by, 1), q)
	rows, err := t.tx.Query(ctx, query, args...)
	_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
		var key string
		var p booking.UsePeople
		err := r.Scan(&key, &p.People, &p.Firms)
		out[key] = p
		return true, err
	})
	return out, err
}
