package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

func (a *API) catalog(c *call) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{
		"catalog": cat.Name, "as_of": cat.AsOf, "provenance": cat.Provenance, "time_zone": cat.Zone.String(),
		"brand": cat.Brand, "help": cat.Help, "operators": labels(cat.Operators), "sectors": labels(cat.Sectors),
		"categories": labels(cat.Categories), "groups": labels(cat.Groups),
	})
}

func labels(list []booking.Label) []booking.Label {
	return each(list, func(l booking.Label) booking.Label { return l })
}

type centersQuery struct {
	Operator string `query:"operator" validate:"max=128"`
	District string `query:"district" validate:"max=128"`
	Sector   string `query:"sector" validate:"max=128"`
	page
}

func (a *API) centers(c *call, in *centersQuery) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	found := cat.FindCenters(in.Operator, in.District, in.Sector)
	items, next, err := slice(found, in.page, "center", func(v *booking.Center) string { return v.ID })
	if err != nil {
		return err
	}
	return c.list(each(items, centerJSON), next)
}

// slice cuts a page out of a list that is in memory; the cursor is the last id shown.
func slice[T any](all []T, p page, kind string, id func(T) string) (items []T, next string, err error) {
	after, err := readCursor(p.Cursor, kind)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if after != "" {
		from = -1
		for i, v := range all {
			if id(v) == after {
				from = i + 1
			}
		}
		if from < 0 {
			return nil, "", fault.BadField("cursor", "cursor", "")
		}
	}
	to := min(from+p.limit(), len(all))
	if to < len(all) {
		next = writeCursor(id(all[to-1]), kind)
	}
	return all[from:to], next, nil
}

func (a *API) center(c *call) error {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return err
	}
	v, ok := cat.Center(c.id())
	if !ok || v.Retired {
		return fault.ErrNotFound
	}
	h := centerJSON(v)
	ahead := slices.DeleteFunc(slices.Clone(v.Closures), func(cl booking.Closure) bool { return !cl.When.End.After(a.Clock()) })
	h["closures"] = each(ahead, func(cl booking.Closure) gin.H {
		return gin.H{"from": stamp(cl.When.Start, cat.Zone), "to": stamp(cl.When.End, cat.Zone), "reason": cl.Reason}
	})
	machines := []gin.H{}
	for _, e := range v.Equipment {
		if !e.Retired {
			machines = append(machines, equipmentJSON(e))
		}
	}
	h["equipment"] = machines
	return c.show(http.StatusOK, h)
}

type equipmentQuery struct {
	Center   string     `query:"center" validate:"max=128"`
	Category string     `query:"category" validate:"max=128"`
	Sector   string     `query:"sector" validate:"max=128"`
	Operator string     `query:"operator" validate:"max=128"`
	Q        string     `query:"q" validate:"max=200"`
	FreeFrom *time.Time `query:"free_from" validate:"required_with=FreeTo"`
	FreeTo   *time.Time `query:"free_to" validate:"required_with=FreeFrom,omitempty,gtfield=FreeFrom"`
	page
}

func (a *API) equipment(c *call, in *equipmentQuery) error {
	var free booking.Interval
	if in.FreeFrom != nil && in.FreeTo != nil {
		free = booking.Interval{Start: *in.FreeFrom, End: *in.FreeTo}
	}
	q := booking.SearchQuery{Text: in.Q, Center: in.Center, Category: in.Category, Sector: in.Sector, Operator: in.Operator}
	found, err := a.Engine.Search(c.ctx(), q, free)
	if err != nil {
		return err
	}
	items, next, err := slice(found, in.page, "equipment", func(f booking.FreeEquipment) string { return f.Equipment.ID })
	if err != nil {
		return err
	}
	return c.list(each(items, func(f booking.FreeEquipment) gin.H {
		h := equipmentJSON(f.Equipment)
		if !free.Start.IsZero() {
			h["free_units"] = f.FreeUnits
		}
		return h
	}), next)
}

func (a *API) machine(c *call) error {
	cat, e, err := a.offered(c)
	if err != nil {
		return err
	}
	ko, en := cat.PolicyText(e)
	h := equipmentJSON(e)
	h["center"] = centerJSON(e.Center)
	h["policy"] = e.Policy
	h["policy_text"] = gin.H{"ko": ko, "en": en}
	h["coming"] = comingJSON(cat, e, a.Clock())
	h["source"] = e.Source
	h["assumed"] = each(e.Assumed, func(s string) string { return s })
	return c.show(http.StatusOK, h)
}

// offered finds the equipment :id; a retired one is shown to nobody but who works there.
func (a *API) offered(c *call) (*booking.Catalog, *booking.Equipment, error) {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return nil, nil, err
	}
	e, ok := cat.Machine(c.id())
	if !ok || (e.Retired || e.Center.Retired) && !c.actor.May(account.DeskWork, e.Center.ID) {
		return nil, nil, fault.ErrNotFound
	}
	return cat, e, nil
}
