package page

import (
	"net/http"
	"net/url"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// sheetView is the day for the wall: by machine and time, with room to sign.
type sheetView struct {
	deskView
	Day      string
	Printed  string
	Full     bool
	Booked   bool // there are bookings, and so links to step through
	Machines []sheetMachine
	Other    string // with or without names
	Empty    []int  // lines for who just comes
}

type sheetMachine struct {
	Name string
	Rows []sheetRow
}

type sheetRow struct{ Times, Name, Phone, Code, State, Href string }

// deskSheet is the day sheet for print. Names in full are asked for on purpose,
// and each look is logged.
func (p *pages) deskSheet(r *request) error {
	d, err := r.desk("desk.sheet.title")
	if err != nil {
		return err
	}
	date := r.today()
	if q := r.Query("date"); q != "" {
		var ok bool
		if date, ok = booking.ParseDate(q); !ok {
			return fault.BadField("date", "date", "")
		}
	}
	t, err := p.Engine.Today(r.ctx(), r.actor, d.Center.ID, date)
	if err != nil {
		return err
	}
	w := r.staffWhen()
	v := sheetView{deskView: d, Full: r.Query("names") == "full", Day: w.Date(date.At(12*60, t.Zone)), Printed: w.Moment(t.Now), Empty: []int{1, 2, 3}}
	q := url.Values{"date": {string(date)}}
	if !v.Full {
		q.Set("names", "full")
	}
	v.Other = v.Go("/sheet?" + q.Encode())
	for _, m := range t.Machines {
		s := sheetMachine{Name: r.deskMachine(m.Equipment, m.Unit)}
		for _, x := range m.Bookings {
			if !onTimeline(x.Status) {
				continue
			}
			row, err := r.sheetRow(x, v.Full)
			if err != nil {
				return err
			}
			s.Rows, v.Booked = append(s.Rows, row), true
		}
		v.Machines = append(v.Machines, s)
	}
	return r.page(http.StatusOK, "desk_sheet", &v)
}

func (r *request) sheetRow(x booking.View, full bool) (sheetRow, error) {
	if full {
		v, err := r.p.Engine.Get(r.ctx(), r.actor, x.ID)
		if err != nil {
			return sheetRow{}, err
		}
		x = *v
	}
	state, _ := r.deskState(x, false)
	return sheetRow{Times: r.staffWhen().Times(x.Start, x.End), Name: r.whoComes(&x), Phone: r.framed("").Phone(x.Person.Phone), Code: booking.ShowCode(x.Code), State: state.Text,
		Href: r.url(deskBase(x.CenterID) + "/bookings/" + x.ID)}, nil
}
