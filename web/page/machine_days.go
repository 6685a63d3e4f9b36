package page

import (
	"strconv"
	"time"

	"gongbang/booking"
)

// monthView is a month as a table of links, from Sunday.
type monthView struct {
	Key     string // 2026-11
	Caption string
	Days    []string // names of the columns
	Weeks   [][]DayCell
	Before  string
	After   string
}

// dayWords are the states that say why a day has nothing free, the strongest first.
var dayWords = []booking.SlotState{booking.SlotHeld, booking.SlotNotOpenYet, booking.SlotTaken, booking.SlotOutage, booking.SlotMine,
	booking.SlotTooLate, booking.SlotClosed}

// dayWord is a day in a word: how many steps are free, or why none is.
func (r *request) dayWord(b *machineBoard, day booking.DayAvailability) (word string, off bool) {
	if n := b.free(day); n > 0 {
		return r.T("days.free", n), false
	}
	if len(day.Slots) == 0 {
		return r.T("slot.closed"), true
	}
	seen := map[booking.SlotState]bool{}
	for _, s := range day.Slots {
		seen[s.State] = true
	}
	for _, w := range dayWords {
		if seen[w] {
			return r.T("days." + string(w)), true
		}
	}
	return r.T("days.past"), true
}

// dayCell is a day as a link; its name says what the eye puts together.
func (r *request) dayCell(t *timesView, day booking.DayAvailability) DayCell {
	at := day.Date.At(12*60, r.catalog.Zone)
	word, off := r.dayWord(t.board, day)
	key := "days.label"
	if !off {
		key = "days.label_free"
	}
	number := strconv.Itoa(at.In(r.catalog.Zone).Day())
	label := r.T(key, r.dayName(at), word)
	if name := r.closedName(day); name != "" {
		label += " · " + name
	}
	return DayCell{Href: r.timesLink(t, day.Date, t.Minutes) + "#start", Weekday: r.shortDay(day.Date.Weekday()), Day: number,
		Text: word, Label: label, Current: day.Date == t.Date, Off: off}
}

// closedName is why a day is closed: the holiday's name, the closure's reason.
func (r *request) closedName(day booking.DayAvailability) string {
	if day.Closed == "" {
		return ""
	}
	return day.Reason.In(r.lang)
}

func (r *request) fillStrip(t *timesView, from booking.Date) {
	for _, day := range t.board.days[:min(stripDays, len(t.board.days))] {
		t.Strip = append(t.Strip, r.dayCell(t, day))
		if name := r.closedName(day); name != "" {
			t.Closed = append(t.Closed, r.when().Date(day.Date.At(0, r.catalog.Zone))+" "+r.T("slot.closed")+" · "+name)
		}
	}
	if from > r.today() {
		t.Earlier = r.timesLink(t, max(r.today(), from.Add(-stripDays)), t.Minutes)
	}
	next := from.Add(len(t.Strip))
	if opens := t.board.e.Policy.Opens.Before(next.At(24*60-1, r.catalog.Zone), r.catalog.Zone); !opens.After(r.now) {
		t.Later = r.timesLink(t, next, t.Minutes)
	}
	t.ToMonth = r.timesLink(t, t.Date, t.Minutes) + "&month=" + t.Date.Month() + "#days"
}

// fillMonth draws a whole month; days of the past are numbers without a link.
func (r *request) fillMonth(t *timesView, month string) error {
	first, this := booking.Date(month+"-01"), booking.Date(r.today().Month()+"-01")
	if first < this || first > this.Add(farthest) {
		first = this
	}
	next := first.AddMonths(1)
	from := max(first, r.today())
	b := &machineBoard{r: r, e: t.board.e, minutes: t.Minutes, moving: t.board.moving}
	if err := b.load(from, daysBetween(from, next)); err != nil {
		return err
	}
	at := first.At(0, r.catalog.Zone).In(r.catalog.Zone)
	m := &monthView{Key: first.Month(), Caption: r.T("days.month", at.Year(), int(at.Month()), r.T("month."+strconv.Itoa(int(at.Month()))))}
	for w := range 7 {
		m.Days = append(m.Days, r.shortDay(time.Weekday(w)))
	}
	week := make([]DayCell, int(first.Weekday()), 7)
	for d := first; d < next; d = d.Add(1) {
		cell := DayCell{Day: strconv.Itoa(d.At(0, time.UTC).Day())}
		if day, ok := b.day(d); ok {
			cell = r.dayCell(t, day)
		}
		if week = append(week, cell); len(week) == 7 {
			m.Weeks, week = append(m.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		m.Weeks = append(m.Weeks, append(week, make([]DayCell, 7-len(week))...))
	}
	here := r.timesLink(t, t.Date, t.Minutes) + "&month="
	if first > this {
		m.Before = here + first.AddMonths(-1).Month() + "#days"
	}
	m.After = here + next.Month() + "#days"
	t.Month, t.ToStrip = m, r.timesLink(t, t.Date, t.Minutes)+"#days"
	return nil
}

func (r *request) fillLengths(t *timesView) {
	listed := false
	for _, n := range lengthsOf(t.board.e.Policy) {
		t.Lengths = append(t.Lengths, Tab{Name: r.length(n), Href: r.timesLink(t, t.Date, n) + "#start", Current: n == t.Minutes})
		listed = listed || n == t.Minutes
	}
	if !listed {
		t.Lengths = append(t.Lengths, Tab{Name: r.length(t.Minutes), Href: r.timesLink(t, t.Date, t.Minutes) + "#start", Current: true})
	}
}
