package page

import (
	"maps"
	"slices"

	"gongbang/booking"
)

// mostRows bounds the week table: a machine that starts every ten minutes has
// a list of the day alone, else the page would be too heavy for a phone.
const mostRows = 18

// weekView is seven days as columns and starts as rows, for wide screens.
type weekView struct {
	Caption string
	Days    []weekDay
	Rows    []weekRow
}

type weekDay struct {
	Name, Word string
	Current    bool
}

type weekRow struct {
	Time  string
	Cells []slotView // Text "" is a start that the day has not
}

// fillWeek draws the week of the chosen day.
func (r *request) fillWeek(t *timesView, from booking.Date) error {
	first := from.Add(max(0, daysBetween(from, t.Date)) / 7 * 7)
	w := &weekView{}
	rows := map[int][]slotView{}
	for col := range 7 {
		d := first.Add(col)
		day, ok := t.board.day(d)
		if !ok {
			return nil
		}
		starts, err := t.board.starts(d)
		if err != nil {
			return err
		}
		word, _ := r.dayWord(t.board, day)
		w.Days = append(w.Days, weekDay{Name: r.when().Date(d.At(0, r.catalog.Zone)), Word: word, Current: d == t.Date})
		for _, s := range starts {
			local := s.At.In(r.catalog.Zone)
			minute := local.Hour()*60 + local.Minute()
			if rows[minute] == nil {
				rows[minute] = make([]slotView, 7)
			}
			cell := r.slotView(t, s, "w", r.when().Time(s.At))
			cell.Week = true
			rows[minute][col] = cell
		}
	}
	if len(rows) == 0 || len(rows) > mostRows {
		return nil
	}
	for _, m := range slices.Sorted(maps.Keys(rows)) {
		w.Rows = append(w.Rows, weekRow{Time: r.when().Time(first.At(m, r.catalog.Zone)), Cells: rows[m]})
	}
	w.Caption = r.T("times.week", w.Days[0].Name, w.Days[6].Name, r.length(t.Minutes))
	t.Week = w
	return nil
}
