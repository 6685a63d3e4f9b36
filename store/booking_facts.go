package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"gongbang/booking"
)

// factsQuery is all that a judgement needs, in one statement: the catalog's
// revision, the person, their groups and certificates, their counted bookings,
// what stands on the machine, its outages, the person's strikes, strikes and
// bookings of colleagues (confirmed members of the same firm), and whether the
// person was on the machine before. Occupying bookings of a unit
// never overlap, so what stands in the way begins at the last one that starts
// before: one seek for each unit, however much is booked around it (CROSS JOIN
// keeps SQLite from walking all bookings first). Uses that run over their time
// (5, the second) have an index of their own.
const factsQuery = `WITH RECURSIVE units (n) AS (
	SELECT 1 UNION ALL SELECT n + 1 FROM units WHERE n < (SELECT quantity FROM equipment WHERE id = $1))
	SELECT 0 AS kind, '' AS a, '' AS b, '' AS c, '' AS d, revision AS n1, 0 AS n2, 0 AS n3, 0 AS n4 FROM catalog WHERE id = 1
	UNION ALL SELECT 1, id, name, COALESCE(phone, ''), '', guest, COALESCE(closed_at, 0), email_verified, phone_verified FROM account WHERE id = $2
	UNION ALL SELECT 2, group_id, '', '', '', COALESCE(declared_at, 0), COALESCE(confirmed_at, 0), 0, 0 FROM account_group WHERE account_id = $2
	UNION ALL SELECT 3, key, COALESCE(center_id, ''), '', '', COALESCE(valid_until, 0), 0, 0, 0 FROM certificate WHERE account_id = $2 AND revoked_at IS NULL
	UNION ALL SELECT 4, id, equipment_id, status, origin, unit, starts_at, ends_at, busy_until FROM booking
		WHERE account_id = $2 AND counted = 1 AND starts_at >= $3 AND starts_at < $4
	UNION ALL SELECT 5, b.id, b.account_id, b.status, b.origin, b.unit, b.starts_at, b.ends_at, b.busy_until FROM units u
		CROSS JOIN booking b WHERE b.equipment_id = $1 AND b.unit = u.n AND b.occupies = 1 AND b.starts_at < $5 AND b.busy_until > $6
		AND b.starts_at >= COALESCE((SELECT p.starts_at FROM booking p WHERE p.equipment_id = $1
			AND p.unit = u.n AND p.occupies = 1 AND p.starts_at <= $7 ORDER BY p.starts_at DESC LIMIT 1), $6)
	UNION ALL SELECT 5, id, account_id, status, origin, unit, starts_at, ends_at, busy_until FROM booking
		WHERE equipment_id = $1 AND occupies = 1 AND status = 'checked_in' AND starts_at < $5 AND busy_until <= $7
	UNION ALL SELECT 6, id, '', '', '', unit, starts_at, COALESCE(ends_at, expected_until), COALESCE(ends_at, 0) FROM outage
		WHERE equipment_id = $1 AND starts_at < $5 AND (ends_at IS NULL OR ends_at > $6)
	UNION ALL SELECT 7, '', account_id, equipment_id, rule, at, points, minutes, 0 FROM strike
		WHERE account_id = $2 AND taken_back_at IS NULL AND waived_at IS NULL
	UNION ALL SELECT 7, o.firm_id, s.account_id, s.equipment_id, s.rule, s.at, s.points, s.minutes, 0 FROM firm_claim m
		CROSS JOIN firm_claim o CROSS JOIN strike s WHERE m.account_id = $2 AND m.confirmed_at IS NOT NULL
		AND o.firm_id = m.firm_id AND o.account_id <> $2 AND o.confirmed_at IS NOT NULL
		AND s.account_id = o.account_id AND s.taken_back_at IS NULL AND s.waived_at IS NULL
	UNION ALL SELECT 8, b.id, b.equipment_id, b.status, o.firm_id, b.unit, b.starts_at, b.ends_at, b.busy_until FROM firm_claim m
		CROSS JOIN firm_claim o CROSS JOIN booking b WHERE m.account_id = $2 AND m.confirmed_at IS NOT NULL
		AND o.firm_id = m.firm_id AND o.account_id <> $2 AND o.confirmed_at IS NOT NULL
		AND b.account_id = o.account_id AND b.counted = 1 AND b.starts_at >= $3 AND b.starts_at < $4
	UNION ALL SELECT 9, id, '', '', '', 0, 0, 0, 0 FROM (SELECT id FROM booking
		WHERE $8 = 1 AND account_id = $2 AND equipment_id = $1 AND counted = 1 LIMIT 2) used
	LIMIT 20000`

// fact is one row of factsQuery; what its columns mean depends on kind.
type fact struct {
	kind           int
	a, b, c, d     string
	n1, n2, n3, n4 int64
}

// Facts implements booking.Rules.
func (t bookingTx) Facts(ctx context.Context, q booking.FactsQuery) (booking.Facts, error) {
	from, to := int64(0), int64(0)
	if q.Account != "" && !q.Counted.Empty() {
		from, to = ms(q.Counted.Start), ms(q.Counted.End)
	}
	last := q.Near.Start
	if q.Last.After(last) {
		last = q.Last
	}
	rows, err := t.tx.Query(ctx, factsQuery, q.Equipment, q.Account, from, to, ms(q.Near.End), ms(q.Near.Start), ms(last), oneIf(q.Used))
	facts, err := all(rows, err, func(r *sql.Rows) (fact, error) {
		var x fact
		return x, r.Scan(&x.kind, &x.a, &x.b, &x.c, &x.d, &x.n1, &x.n2, &x.n3, &x.n4)
	})
	if err != nil {
		return booking.Facts{}, err
	}
	var f booking.Facts
	var revision int64
	for _, x := range facts {
		if x.kind == 0 {
			revision = x.n1
		}
	}
	if f.Catalog, err = t.cache.At(ctx, t.tx, revision); err != nil {
		return f, err
	}
	for _, x := range facts {
		if x.kind == 7 {
			s, err := x.strike()
			if err != nil {
				return f, err
			}
			f.Strikes = append(f.Strikes, s)
			continue
		}
		x.into(&f, q, t.tx.now)
	}
	return f, nil
}

func (x fact) strike() (booking.Strike, error) {
	s := booking.Strike{Firm: x.a, AccountID: x.b, EquipmentID: x.c, At: at(x.n1), Points: int(x.n2), Minutes: int(x.n3)}
	return s, json.Unmarshal([]byte(x.d), &s.Rule)
}

func (x fact) into(f *booking.Facts, q booking.FactsQuery, now time.Time) {
	switch x.kind {
	case 1:
		f.Person = &booking.Person{ID: x.a, Name: x.b, Phone: x.c, Guest: x.n1 == 1, Closed: x.n2 != 0, Verified: x.n3 == 1 || x.n4 == 1,
			Groups: map[string]booking.GroupState{}, Certificates: map[string]time.Time{}}
	case 2:
		f.Person.Groups[x.a] = booking.GroupState{Declared: x.n1 != 0, Confirmed: x.n2 != 0}
	case 3:
		x.certificate(f, q)
	case 4:
		f.Mine = append(f.Mine, x.span(x.b, ""))
	case 8:
		s := x.span(x.b, "")
		s.Firm, s.Origin = x.d, ""
		f.Firm = append(f.Firm, s)
	case 5:
		f.Busy = append(f.Busy, x.span(q.Equipment, x.b))
	case 9:
		f.Used = append(f.Used, x.a)
	case 6:
		s := outageSpan(booking.Span{Outage: x.a, Equipment: q.Equipment, Unit: int(x.n1), Interval: booking.Interval{Start: at(x.n2), End: at(x.n3)}}, x.n4, now)
		if s.Interval.Overlaps(q.Near) {
			f.Outages = append(f.Outages, s)
		}
	}
}

func (x fact) span(equipment, account string) booking.Span {
	return booking.Span{Booking: x.a, Equipment: equipment, Unit: int(x.n1), Status: booking.Status(x.c), Account: account,
		Origin: booking.Origin(x.d), Interval: booking.Interval{Start: at(x.n2), End: at(x.n3)}, BusyUntil: at(x.n4)}
}

// certificate keeps the longest right of a key; one that is tied to a center counts there only.
func (x fact) certificate(f *booking.Facts, q booking.FactsQuery) {
	if e, ok := f.Catalog.Machine(q.Equipment); x.b != "" && (!ok || e.Center.ID != x.b) {
		return
	}
	var until time.Time
	if x.n1 != 0 {
		until = at(x.n1)
	}
	if had, ok := f.Person.Certificates[x.a]; ok && (had.IsZero() || !until.IsZero() && !until.After(had)) {
		return
	}
	f.Person.Certificates[x.a] = until
}
