package page

import (
	"slices"
	"time"

	"gongbang/booking"
)

// slotGroup is the starts of one half of a day.
type slotGroup struct {
	Name  string
	Cells []slotView
}

// slotView is one start. Before and After are read aloud around the visible
// clock time, so that the whole name holds date, weekday, time, length and state.
type slotView struct {
	ID, Time, Text string
	Before, After  string
	Week           bool // in the table, whose rows show the clock
	State          string
	Value          string // of the button; "" is none
	Href           string // of a link; "" is none
}

func (r *request) fillStarts(t *timesView) error {
	at := t.Date.At(0, r.catalog.Zone)
	t.Heading = r.T("times.heading", r.when().Day(at), r.length(t.Minutes))
	starts, err := t.board.starts(t.Date)
	if err != nil {
		return err
	}
	for _, s := range starts {
		name, clock := r.half(s.At)
		if n := len(t.Groups); n == 0 || t.Groups[n-1].Name != name {
			t.Groups = append(t.Groups, slotGroup{Name: name})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Cells = append(g.Cells, r.slotView(t, s, "s", clock))
	}
	if !slices.ContainsFunc(starts, func(s startCell) bool { return s.State == booking.SlotFree }) {
		r.sayNothingFree(t, len(starts))
	}
	return nil
}

// slotView is a start with everything that is said about it.
func (r *request) slotView(t *timesView, s startCell, prefix, clock string) slotView {
	v := slotView{ID: prefix + s.At.In(r.catalog.Zone).Format("0102-1504"), Time: clock, State: string(s.State), Text: r.T("slot." + string(s.State))}
	half := ""
	if group, short := r.half(s.At); clock == short && r.when().Time(s.At) != clock {
		half = group
	}
	v.Before, v.After = t.dayOf(r, s.At)+" "+half, t.after
	switch s.State {
	case booking.SlotFree:
		v.Value = r.startText(s.At)
		if t.board.moving != nil {
			v.Text = r.T("slot.move")
		}
	case slotShort:
		v.Text = r.T("slot.short", r.length(s.Fits))
		v.Href = r.timesLink(t, booking.DateOf(s.At, r.catalog.Zone), s.Fits) + "#start"
	case booking.SlotMine:
		r.mineSlot(t, s, &v)
	}
	return v
}

// dayOf is the name of a start's day; it is the same for all starts of a day.
func (t *timesView) dayOf(r *request, at time.Time) string {
	d := booking.DateOf(at, r.catalog.Zone)
	name, ok := t.names[d]
	if !ok {
		name = r.T("slot.before", r.dayName(at))
		t.names[d] = name
	}
	return name
}

// mineSlot leads to the own booking, or takes the own hold up again.
func (r *request) mineSlot(t *timesView, s startCell, v *slotView) {
	for _, own := range t.own {
		if own.Status.Occupies() && own.Interval().Has(s.At) {
			v.Text, v.Href = r.T("slot.own"), r.url("/bookings/"+own.ID)
			return
		}
	}
	if t.board.moving == nil {
		v.Value = r.startText(s.At)
	}
}

// sayNothingFree says why there is nothing to press, and where there is.
func (r *request) sayNothingFree(t *timesView, starts int) {
	day, _ := t.board.day(t.Date)
	text := r.T("times.none", r.length(t.Minutes))
	opens := t.board.e.Policy.Opens.Before(t.Date.At(0, r.catalog.Zone), r.catalog.Zone)
	switch name := r.closedName(day); {
	case name != "":
		text = r.T("times.closed_named", name)
	case len(day.Slots) == 0:
		text = r.T("times.closed")
	case starts == 0:
		text = r.T("times.over")
	case opens.After(r.now):
		text = r.T("times.not_yet", r.when().Moment(opens))
	}
	t.Notice = &Notice{Kind: "info", Text: text}
	for _, d := range t.board.days {
		if d.Date > t.Date && t.board.free(d) > 0 {
			t.Next = &Tab{Name: r.T("times.next", r.when().Day(d.Date.At(0, r.catalog.Zone))), Href: r.timesLink(t, d.Date, t.Minutes) + "#start"}
			return
		}
	}
}
