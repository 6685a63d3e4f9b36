package page

import (
	"slices"
	"strconv"
	"time"

	"gongbang/booking"
)

// The timeline is a grid of columns of ten minutes. Places are written as
// classes (hours and sixths of an hour), because the page allows no inline style.
const (
	gridStep   = 10 // minutes of a column
	gridHour   = 60 / gridStep
	leastShown = 30     // minutes: nothing is drawn narrower than a finger
	shortBlock = 60     // minutes: below, a block has room for time and name only
	dayFrom    = 9 * 60 // what is shown of a day without anything, in minutes since midnight
	dayTo      = 18 * 60
)

// timeline is the day by machine and time.
type timeline struct {
	Hours []hourMark
	Now   string // classes of the now line; "" outside of what is shown
	Rows  []timelineRow
}

type hourMark struct{ Text, Place string }

// timelineRow is one unit with what stands on it.
type timelineRow struct {
	Name  string
	State Chip
	Lanes [][]boardBlock // blocks that overlap stand in lanes below each other; at least one
}

// dayFrame is what is shown of a day: whole hours, in minutes since midnight.
type dayFrame struct {
	day      booking.Date
	zone     *time.Location
	from, to int
}

func (f *dayFrame) minute(t time.Time) int {
	if t.Before(f.day.At(0, f.zone)) {
		return 0
	}
	if !t.Before(f.day.Add(1).At(0, f.zone)) {
		return 24 * 60
	}
	l := t.In(f.zone)
	return l.Hour()*60 + l.Minute()
}

// frameOf shows the opening hours and whatever lies outside of them.
func frameOf(t *booking.Today, open []booking.Interval) *dayFrame {
	f := &dayFrame{day: t.Date, zone: t.Zone, from: 24 * 60}
	whole := t.Date.Whole(t.Zone)
	grow := func(i booking.Interval) {
		f.from, f.to = min(f.from, f.minute(i.Start)), max(f.to, f.minute(i.End))
	}
	for _, i := range open {
		grow(i)
	}
	for _, m := range t.Machines {
		for _, v := range m.Bookings {
			if onTimeline(v.Status) && whole.Has(v.Start) {
				grow(v.Interval())
			}
		}
	}
	if f.from >= f.to {
		f.from, f.to = dayFrom, dayTo
	}
	f.from, f.to = f.from/60*60, (f.to+59)/60*60
	return f
}

// place is where an interval lies: its classes and its columns [from, to),
// clipped to what is shown.
func (f *dayFrame) place(i booking.Interval) (classes string, from, to int) {
	start := min(max(f.minute(i.Start), f.from), f.to-leastShown)
	end := min(max(f.minute(i.End), start+leastShown), f.to)
	from, to = (start-f.from)/gridStep, (end-f.from+gridStep-1)/gridStep
	return gridCell("p", "q", from) + " " + gridCell("u", "v", to-from), from, to
}

func gridCell(hour, part string, n int) string {
	return hour + strconv.Itoa(n/gridHour) + " " + part + strconv.Itoa(n%gridHour)
}

func (f *dayFrame) hours() []hourMark {
	var out []hourMark
	for m := f.from; m < f.to; m += 60 {
		out = append(out, hourMark{strconv.Itoa(m / 60), gridCell("p", "q", (m-f.from)/gridStep)})
	}
	return out
}

// now is the line of the present moment, on today's board only.
func (f *dayFrame) now(t time.Time) string {
	m := f.minute(t)
	if booking.DateOf(t, f.zone) != f.day || m < f.from || m >= f.to {
		return ""
	}
	return gridCell("p", "q", (m-f.from)/gridStep)
}

// lay puts the day's machines on the timeline. keep is the group to show, "" for all.
func (r *request) lay(t *booking.Today, f *dayFrame, base, keep string, confirm map[string]bool) timeline {
	out := timeline{Hours: f.hours(), Now: f.now(t.Now)}
	for _, m := range t.Machines {
		row := timelineRow{Name: r.deskMachine(m.Equipment, m.Unit), State: r.machineState(m.State)}
		var ends []int // column after the last block in each lane
		add := func(b boardBlock, i booking.Interval) {
			if keep != "" && b.Group != keep {
				return
			}
			classes, from, to := f.place(i)
			lane := slices.IndexFunc(ends, func(end int) bool { return end <= from })
			if lane < 0 {
				lane, ends = len(ends), append(ends, 0)
			}
			ends[lane] = to
			b.ID, b.Place, b.Short = "t"+b.ID, classes, (to-from)*gridStep < shortBlock
			row.Lanes = append(row.Lanes, make([][]boardBlock, len(ends)-len(row.Lanes))...)
			row.Lanes[lane] = append(row.Lanes[lane], b)
		}
		if m.Outage != nil {
			add(r.outageBlock(base, m), m.Outage.Interval(t.Now))
		}
		for _, v := range m.Bookings {
			if onTimeline(v.Status) {
				add(r.boardBlock(base, v, confirm[v.ID]), shownTime(v, t.Now))
			}
		}
		if keep == "" && row.Lanes == nil {
			row.Lanes = make([][]boardBlock, 1)
		}
		if row.Lanes != nil {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// shownTime is what a booking takes on the timeline: a use that goes on past
// its end, or ended before it, is drawn as it was.
func shownTime(v booking.View, now time.Time) booking.Interval {
	i := v.Interval()
	switch {
	case v.Status == booking.CheckedIn && v.Details.Job == nil && now.After(i.End):
		i.End = now
	case v.Status == booking.Completed && v.EndedAt != nil && v.EndedAt.After(i.Start) && v.EndedAt.Before(i.End):
		i.End = *v.EndedAt
	}
	return i
}

func (r *request) machineState(state string) Chip {
	kind := map[string]string{"free": "ok", "in_use": "info", "booked": "info", "outage": "danger"}[state]
	if kind == "" {
		kind = "plain"
	}
	return Chip{kind, r.T("desk.machine." + state)}
}
