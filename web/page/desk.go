package page

import (
	"net/http"
	"slices"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// deskView is what every desk page shows: the frame and the center it works for.
type deskView struct {
	Frame
	Center  *booking.Center
	Base    string // of the center's desk, without the language: /desk/ID
	Heading string
	Sought  string // what stands in the find box
	Seek    bool   // the find box takes the focus
}

// Go is a path of this center's desk in the page's language.
func (v deskView) Go(path string) string { return v.URL(v.Base + path) }

// desk begins a page of the center in the path; its title names the center,
// because staff of several centers have several of these open.
func (r *request) desk(key string, args ...any) (deskView, error) {
	c, ok := r.catalog.Center(r.Param("center"))
	if !ok {
		return deskView{}, fault.ErrNotFound
	}
	heading := r.T(key, args...)
	return deskView{Frame: r.framed(heading + " · " + c.Name.In(r.lang)), Center: c, Base: deskBase(c.ID), Heading: heading}, nil
}

func deskBase(center string) string { return "/desk/" + center }

type chooseView struct {
	Frame
	Centers []chosenCenter
}

type chosenCenter struct {
	Center *booking.Center
	Href   string
}

// deskChoose lets staff of several centers choose one; who has one is there at once.
func (p *pages) deskChoose(r *request) error {
	mine, all := r.actor.Centers(account.DeskWork)
	v := chooseView{Frame: r.frame("desk.choose.title")}
	for _, c := range r.catalog.Centers {
		if !c.Retired && (all || slices.Contains(mine, c.ID)) {
			v.Centers = append(v.Centers, chosenCenter{c, r.url(deskBase(c.ID))})
		}
	}
	if len(v.Centers) == 1 {
		return r.see(deskBase(v.Centers[0].Center.ID))
	}
	return r.page(http.StatusOK, "desk_choose", &v)
}

// ofCenter is a booking of this center's desk; one of another center is not
// found here, though the person may work there too.
func (r *request) ofCenter(v *booking.View, err error) (*booking.View, error) {
	if err == nil && v.CenterID != r.Param("center") {
		err = fault.ErrNotFound
	}
	return v, err
}

// deskMachine is the machine as the desk calls it: with the unit's number where there are several.
func (r *request) deskMachine(e *booking.Equipment, unit int) string {
	name := e.Name.In(r.lang)
	if name == "" {
		name = e.ID
	}
	if e.Quantity < 2 || unit == 0 {
		return name
	}
	return r.T("desk.unit", name, unit)
}

// catalogLabel is the name of an id in a list of the catalog; the id itself where it has none.
func (r *request) catalogLabel(list []booking.Label, id string) string {
	for _, l := range list {
		if l.ID == id {
			return l.Name.In(r.lang)
		}
	}
	return id
}
