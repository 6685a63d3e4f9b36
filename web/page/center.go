package page

import (
	"fmt"
	"net/http"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// centerView is one center: hours, who may use it, contact, machines.
type centerView struct {
	Frame
	Center   *booking.Center
	Standing booking.Standing
	Operator lang.Text
	Groups   lang.Text // "" is anyone
	Proof    string
	Week     []weekday
	Closed   []closure
	Holidays bool
	Hits     []hit
}

// weekday is one line of the hours.
type weekday struct {
	Name, Hours string
	Today       bool
}

// closure is a time when the center is shut though its hours say open.
type closure struct {
	When   string
	Reason lang.Text
}

func (p *pages) center(r *request) error {
	c, ok := r.catalog.Center(r.Param("id"))
	if !ok || c.Retired {
		return fault.ErrNotFound
	}
	v := centerView{Frame: r.framed(c.Name.In(r.lang)), Center: c, Operator: label(r.catalog.Operators, c.Operator), Holidays: c.ClosedHolidays}
	v.Write = askPath(c.ID, "")
	standing, err := p.Engine.Now(r.ctx())
	if err != nil {
		return err
	}
	v.Standing = standing[c.ID]
	if len(c.Eligibility.Groups) > 0 {
		v.Groups, v.Proof = groupNames(r.catalog, c), r.T("proof."+c.Eligibility.Proof)
	}
	v.Week, v.Closed = r.week(c), r.closures(c)
	var offered []*booking.Equipment
	for _, e := range c.Equipment {
		if !e.Retired {
			offered = append(offered, e)
		}
	}
	if v.Hits, err = r.hits(offered); err != nil {
		return err
	}
	return r.page(http.StatusOK, "center", &v)
}

// week is Monday to Sunday as a visitor reads it.
func (r *request) week(c *booking.Center) []weekday {
	var list []weekday
	today, when := r.today(), r.when()
	for k := range 7 {
		date := today.Monday().Add(k)
		d := date.Weekday()
		w := weekday{Name: r.T(fmt.Sprintf("weekday.%d", d)), Hours: r.T("center.shutday"), Today: date == today}
		for i, o := range c.Hours[d] {
			span := when.Times(date.At(o.From, r.catalog.Zone), date.At(o.To, r.catalog.Zone))
			if i > 0 {
				w.Hours += ", " + span
				continue
			}
			w.Hours = span
		}
		list = append(list, w)
	}
	return list
}

// closures are those that are not over, of the next three months.
func (r *request) closures(c *booking.Center) []closure {
	var list []closure
	when := r.when()
	for _, x := range c.Closures {
		if x.When.End.After(r.now) && x.When.Start.Before(r.now.AddDate(0, 3, 0)) {
			list = append(list, closure{when.Span(x.When.Start, x.When.End), x.Reason})
		}
	}
	return list
}

// Card is a hit of the center's own page.
func (v *centerView) Card(h hit) hitCard { return hitCard{h, v.Frame, false} }
