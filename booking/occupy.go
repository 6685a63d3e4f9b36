package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"gongbang/internal/fault"
)

// errSlotTaken is answered only when a read of the database, or the locks, left no unit.
var errSlotTaken = fault.New(fault.Conflict, "slot_taken")

// placing says where a booking may stand.
type placing struct {
	only   int                 // this unit and no other; 0: any
	prefer int                 // the unit whose lock was won; 0: none
	open   func(unit int) bool // the units that lanes leave open; nil: all
}

// occupy is the one way to take time: every write that occupies a unit goes
// through it. It chooses the unit on the transaction's own reads (the locked
// one first, then the best fit among the others) and writes b: a new booking
// when was is "", else a change of the one that had this status.
func (s *Service) occupy(ctx context.Context, tx Tx, f Facts, b *Booking, was Status, p placing) error {
	e, ok := f.Catalog.Machine(b.EquipmentID)
	if !ok {
		return fault.ErrNotFound
	}
	units := f.free(e, b.Interval(), b.BusyUntil, b.ID)
	units = slices.DeleteFunc(units, func(u int) bool { return p.only != 0 && u != p.only || p.open != nil && !p.open(u) })
	if len(units) == 0 {
		return errSlotTaken
	}
	b.Unit = units[0]
	if slices.Contains(units, p.prefer) {
		b.Unit = p.prefer
	}
	b.Occupies = true
	var err error
	if was == "" {
		err = tx.Insert(ctx, b)
	} else {
		err = tx.Update(ctx, b, was)
	}
	if errors.Is(err, ErrOverlap) { // the last guard; with the locks above it can't be reached
		return errSlotTaken.Because(err)
	}
	return err
}

// free lists the units that nothing takes for the time with its buffer, best
// fit first: the unit on which the least room is left around it, so that
// long stretches stay whole for others. ignore is a booking that moves.
func (f Facts) free(e *Equipment, use Interval, busyUntil time.Time, ignore string) []int {
	type fit struct {
		unit int
		room time.Duration
	}
	var fits []fit
	occupied := Interval{use.Start, busyUntil}
	for unit := 1; unit <= e.Quantity; unit++ {
		if f.out(unit, use) {
			continue
		}
		before, after, clash := near, near, false
		for _, o := range f.Busy {
			if o.Unit != unit || o.Booking == ignore {
				continue
			}
			taken := Interval{o.Interval.Start, o.BusyUntil}
			switch {
			case taken.Overlaps(occupied):
				clash = true
			case !taken.End.After(occupied.Start):
				before = min(before, occupied.Start.Sub(taken.End))
			default:
				after = min(after, taken.Start.Sub(occupied.End))
			}
		}
		if !clash {
			fits = append(fits, fit{unit, before + after})
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return int(a.room/time.Second) - int(b.room/time.Second) })
	units := make([]int, len(fits))
	for i, x := range fits {
		units[i] = x.unit
	}
	return units
}

// out tells whether an outage stops the unit in the time of use.
func (f Facts) out(unit int, use Interval) bool {
	return slices.ContainsFunc(f.Outages, func(o Span) bool {
		return (o.Unit == 0 || o.Unit == unit) && o.Interval.Overlaps(use)
	})
}
