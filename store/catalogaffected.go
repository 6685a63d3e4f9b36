package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"gongbang/booking"
)

// AffectedBooking is a future booking that can't stand by the new catalog.
type AffectedBooking struct {
	ID, Code, EquipmentID, CenterID string
	Unit                            int
	Start, End                      time.Time
	Why                             string // retired, closed, holiday, outside_hours
}

// AffectedError refuses an import that would break bookings: nothing was
// saved, somebody has to say what becomes of them.
type AffectedError struct{ Bookings []AffectedBooking }

func (e *AffectedError) Error() string {
	return fmt.Sprintf("%d bookings are affected; say --affected=keep or --affected=cancel", len(e.Bookings))
}

// RefusedCatalogError refuses an import for what the database holds already.
type RefusedCatalogError struct{ Problems []booking.ImportProblem }

func (e *RefusedCatalogError) Error() string { return listProblems(e.Problems) }

// affectedBookings are the future bookings that stand by the old catalog and
// can't by the new one. A unit with bookings can't be taken away at all.
func affectedBookings(ctx context.Context, tx *Tx, before, after *booking.Catalog) ([]AffectedBooking, error) {
	rows, err := tx.Query(ctx, `SELECT id, code, equipment_id, center_id, unit, starts_at, ends_at FROM booking
		WHERE occupies = 1 AND status IN ('pending', 'offered', 'confirmed', 'checked_in') AND ends_at > $1 ORDER BY starts_at, id LIMIT $2`, ms(tx.Now()), mostRows)
	list, err := all(rows, err, scanAffected)
	if err != nil {
		return nil, err
	}
	var out []AffectedBooking
	var problems []booking.ImportProblem
	for _, b := range list {
		if e, ok := after.Machine(b.EquipmentID); ok && !e.Retired && b.Unit > e.Quantity {
			problems = addOnce(problems, booking.ImportProblem{Path: pathOf(after, e), Rule: "quantity", Limit: strconv.Itoa(b.Unit)})
		}
		i := booking.Interval{Start: b.Start, End: b.End}
		if b.Why = after.Breaks(b.EquipmentID, i); b.Why != "" && before.Breaks(b.EquipmentID, i) == "" {
			out = append(out, b)
		}
	}
	if len(problems) > 0 {
		return nil, &RefusedCatalogError{problems}
	}
	return out, nil
}

func scanAffected(r *sql.Rows) (b AffectedBooking, err error) {
	var start, end int64
	err = r.Scan(&b.ID, &b.Code, &b.EquipmentID, &b.CenterID, &b.Unit, &start, &end)
	b.Start, b.End = at(start), at(end)
	return b, err
}

// addOnce keeps the highest unit for each path.
func addOnce(list []booking.ImportProblem, p booking.ImportProblem) []booking.ImportProblem {
	for i := range list {
		if list[i].Path == p.Path {
			have, _ := strconv.Atoi(list[i].Limit)
			if now, _ := strconv.Atoi(p.Limit); now > have {
				list[i].Limit = p.Limit
			}
			return list
		}
	}
	return append(list, p)
}

func pathOf(c *booking.Catalog, e *booking.Equipment) string {
	for i, center := range c.Centers {
		for j, m := range center.Equipment {
			if m == e {
				return machinePath(i, j) + ".quantity"
			}
		}
	}
	return e.ID
}
