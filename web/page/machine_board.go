package page

import (
	"slices"
	"time"

	"gongbang/booking"
)

// mostCells bounds the slots that one page asks for; a machine with steps of a
// minute shows fewer days at once.
const mostCells = 2000

// stripDays is how many days a strip shows: two weeks, as far as a window usually reaches.
const stripDays = 14

// slotShort is a start from which less than the asked length is free.
const slotShort booking.SlotState = "short"

// machineBoard is what a machine offers on some days for one length.
type machineBoard struct {
	r       *request
	e       *booking.Equipment
	minutes int
	days    []booking.DayAvailability
	moving  *booking.View // whose own time does not stand in its way
	known   map[booking.Date][]startCell
}

// startCell is one possible start. State is what a person is told: SlotFree
// when it can be pressed.
type startCell struct {
	At, End time.Time
	State   booking.SlotState
	Fits    int // minutes, of a short one
}

// load asks for the days from a date on.
func (b *machineBoard) load(from booking.Date, days int) error {
	n, cells := 0, 0
	for ; n < days; n++ {
		if days*24*60 <= mostCells*b.e.Policy.SlotMinutes {
			n = days // even open all day it is not too much
			break
		}
		cells += len(b.r.catalog.Slots(b.e, from.Add(n)))
		if cells > mostCells {
			break
		}
	}
	a, err := b.r.p.Engine.Availability(b.r.ctx(), b.r.actor, b.e.ID, from, max(1, n))
	if err != nil {
		return err
	}
	b.days, b.known = a.Days, map[booking.Date][]startCell{}
	return nil
}

func (b *machineBoard) day(d booking.Date) (booking.DayAvailability, bool) {
	for _, day := range b.days {
		if day.Date == d {
			return day, true
		}
	}
	return booking.DayAvailability{}, false
}

// free counts the steps of a day that can be had.
func (b *machineBoard) free(day booking.DayAvailability) int {
	n := 0
	for _, s := range day.Slots {
		if b.open(s) {
			n++
		}
	}
	return n
}

// open tells whether a slot can be had: it is free, or it is only the time of
// the booking that moves.
func (b *machineBoard) open(s booking.Slot) bool {
	switch {
	case s.State == booking.SlotFree:
		return true
	case b.moving == nil || s.State != booking.SlotMine || b.moving.EquipmentID != b.e.ID:
		return false
	}
	return b.moving.Interval().Overlaps(s.Interval) && s.Interval.Start.After(b.r.now)
}

// starts lists the starts of a day that are still to come.
func (b *machineBoard) starts(d booking.Date) ([]startCell, error) {
	day, ok := b.day(d)
	if !ok || len(day.Slots) == 0 {
		return nil, nil
	}
	if out, ok := b.known[d]; ok {
		return out, nil
	}
	slots := day.Slots
	if next, ok := b.day(d.Add(1)); ok { // who is open over midnight
		slots = slices.Concat(slots, next.Slots)
	}
	var out []startCell
	for _, at := range b.r.catalog.Starts(b.e, d) {
		if at.Before(b.r.now) {
			continue
		}
		c, err := b.cell(slots, at)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	b.known[d] = out
	return out, nil
}

// cell says how a start stands. What the states of single slots can't tell
// (several units, or starts between slots) the engine's search answers.
func (b *machineBoard) cell(slots []booking.Slot, at time.Time) (startCell, error) {
	c, missing := b.run(slots, at, at.Add(time.Duration(b.minutes)*time.Minute))
	between := b.e.Policy.StartStepMinutes < b.e.Policy.SlotMinutes && c.State != booking.SlotFree && c.State != booking.SlotMine
	spread := c.State == booking.SlotFree && missing >= b.e.Quantity && b.moving == nil
	if !between && !spread {
		return c, nil
	}
	free, err := b.searched(booking.Interval{Start: c.At, End: c.End})
	switch {
	case err != nil:
		return c, err
	case free:
		c.State = booking.SlotFree
	case spread:
		c.State = booking.SlotTaken
	}
	return c, nil
}

// run follows the slots from a start. missing counts the units that are not
// free along the way: fewer than there are leave one that is free throughout.
func (b *machineBoard) run(slots []booking.Slot, at, end time.Time) (c startCell, missing int) {
	c = startCell{At: at, End: end, State: booking.SlotFree}
	for cursor := at; cursor.Before(end); {
		i := slices.IndexFunc(slots, func(s booking.Slot) bool { return s.Interval.Has(cursor) })
		switch {
		case i < 0:
			c.State = booking.SlotClosed
		case !b.open(slots[i]) && (cursor.Equal(at) || !windowOnly(slots[i])):
			c.State = slots[i].State
		default:
			missing += b.e.Quantity - slots[i].FreeUnits
			cursor = slots[i].Interval.End
			continue
		}
		slot := max(1, b.e.Policy.SlotMinutes)
		if fits := int(cursor.Sub(at)/time.Minute) / slot * slot; fits >= b.e.Policy.MinMinutes && fits > 0 {
			c.State, c.Fits = slotShort, fits
		}
		break
	}
	return c, missing
}

// windowOnly tells whether a slot is free but for the booking window, which is
// judged by the start alone.
func windowOnly(s booking.Slot) bool {
	return s.State == booking.SlotNotOpenYet || s.State == booking.SlotTooLate
}

// searched asks the engine whether one unit is free for all of a time.
func (b *machineBoard) searched(i booking.Interval) (bool, error) {
	found, err := b.r.p.Engine.Search(b.r.ctx(), booking.SearchQuery{Center: b.e.Center.ID, Category: b.e.Category}, i)
	return slices.ContainsFunc(found, func(f booking.FreeEquipment) bool { return f.Equipment.ID == b.e.ID }), err
}

// lengthsOf are the lengths that can be chosen; of very many the round ones.
func lengthsOf(p booking.Policy) []int {
	step := max(1, p.SlotMinutes)
	for (p.MaxMinutes-p.MinMinutes)/step >= 10 {
		step *= 2
	}
	var out []int
	for n := p.MinMinutes; n <= p.MaxMinutes; n += step {
		out = append(out, n)
	}
	return out
}
