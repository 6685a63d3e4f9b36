package page

import (
	"net/http"
	"slices"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

type adminCentersView struct {
	adminView
	Centers []adminCenterLine
}

// adminCenterLine is a center that somebody runs.
type adminCenterLine struct {
	Center   *booking.Center
	Path     string
	Machines int
}

// adminCenters lists the centers that somebody runs, retired ones too: they can be opened again.
func (p *pages) adminCenters(r *request) error {
	v := adminCentersView{adminView: r.admin(r.T("admin.centers.title"), r.T("manage.title"), "/manage")}
	for _, c := range r.catalog.Centers {
		if !r.actor.May(account.OfferEdit, c.ID) {
			continue
		}
		line := adminCenterLine{Center: c, Path: r.url(manageCenter(c.ID))}
		for _, e := range c.Equipment {
			if !e.Retired {
				line.Machines++
			}
		}
		v.Centers = append(v.Centers, line)
	}
	return r.page(http.StatusOK, "admin_centers", &v)
}

// adminOf begins a page about the center in the path.
func (r *request) adminOf(key string) (adminView, error) {
	c, ok := r.catalog.Center(r.Param("center"))
	if !ok {
		return adminView{}, fault.ErrNotFound
	}
	v := r.admin(r.T(key), r.T("admin.centers.title"), manageCenters)
	v.Center = c
	v.of(c.Name.In(r.lang), v.Text(c.Name))
	return v, nil
}

// adminCenterView is the page about what a center is.
type adminCenterView struct {
	adminView
	Comes, Stays []lang.Text // machines of a retired center that come back with it, and those that don't
}

func (p *pages) adminCenter(r *request) error {
	own, err := r.adminOf("admin.center.title")
	if err != nil {
		return err
	}
	own.Form = r.centerForm(own.Center, nil)
	return r.page(http.StatusOK, "admin_center", &adminCenterView{adminView: own})
}

// adminSaveCenter saves what a center is. A retired one comes back with the
// machines that were chosen, after a look at them.
func (p *pages) adminSaveCenter(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	own, err := r.adminOf("admin.center.title")
	if err != nil {
		return err
	}
	v, c := &adminCenterView{adminView: own}, own.Center
	v.Form = r.centerForm(c, sent).fill(sent)
	draw := func(status int) error { return r.page(status, "admin_center", v) }
	if sent.Get("step") == "ask" {
		return draw(http.StatusOK)
	}
	set, err := r.centerChange(c, sent)
	if err == nil {
		retired := sent.Get("retired") != ""
		machines := v.back(retired, sent["machines"])
		_, err = r.try(&v.adminView, sent, machines != nil, func(d booking.Deciding) (*booking.OfferOutcome, error) {
			return p.Engine.ChangeCenter(r.ctx(), r.actor, c.ID, booking.PlaceChange{Deciding: d, Set: set, Retired: &retired, Machines: machines})
		})
	}
	return r.show(&v.adminView, err, centerField, draw, "note.admin_saved", manageCenter(c.ID))
}

// back decides for each machine of a retired center that is offered again; nil decides nothing.
func (v *adminCenterView) back(retired bool, chosen []string) map[string]bool {
	if retired || !v.Center.Retired {
		return nil
	}
	machines := map[string]bool{}
	for _, e := range v.Center.Equipment {
		machines[e.ID] = slices.Contains(chosen, e.ID)
		if machines[e.ID] {
			v.Comes = append(v.Comes, e.Name)
		} else {
			v.Stays = append(v.Stays, e.Name)
		}
	}
	return machines
}
