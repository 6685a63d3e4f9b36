package page

import (
	"net/http"
	"slices"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// homeView is the start page.
type homeView struct {
	Frame
	Sectors   []booking.Label
	Again     []againCard
	Upcoming  *booking.View
	Centers   []centerLine
	Total     int
	Operators []booking.Label // to choose from
	Districts []string
	Operator  string // chosen
	District  string
	Accounts  []DemoAccount
}

// againCard is a machine somebody used before with its next free times.
type againCard struct {
	Machine *booking.Equipment
	Length  time.Duration // of the last time
	Starts  []booking.Interval
}

// centerLine is a center as it stands now.
type centerLine struct {
	Center   *booking.Center
	Operator lang.Text
	Standing booking.Standing
}

const (
	againCards  = 3
	againStarts = 2
)

func (p *pages) home(r *request) error {
	v := homeView{Frame: r.frame("home.title"), Sectors: r.catalog.Sectors, Accounts: p.Demo}
	v.Operator, v.District = r.Query("operator"), r.Query("district")
	v.Operators, v.Districts = r.catalog.Operators, districts(r.catalog)
	standing, err := p.Engine.Now(r.ctx())
	if err != nil {
		return err
	}
	v.Total = len(r.catalog.FindCenters("", "", ""))
	for _, c := range r.catalog.FindCenters(v.Operator, v.District, "") {
		v.Centers = append(v.Centers, centerLine{c, label(r.catalog.Operators, c.Operator), standing[c.ID]})
	}
	if v.SignedIn {
		if v.Again, err = r.againCards(); err != nil {
			return err
		}
		coming, err := p.Engine.Upcoming(r.ctx(), r.actor, 1)
		if err != nil {
			return err
		}
		if len(coming) > 0 {
			v.Upcoming = &coming[0]
		}
	}
	return r.page(http.StatusOK, "home", &v)
}

// againCards are the machines of somebody's newest bookings.
func (r *request) againCards() ([]againCard, error) {
	past, err := r.p.Engine.Recent(r.ctx(), r.actor, 20)
	if err != nil {
		return nil, err
	}
	var cards []againCard
	minutes := map[string]int{}
	for _, b := range past {
		if _, twice := minutes[b.EquipmentID]; twice || b.Equipment == nil || b.Equipment.Retired || b.Equipment.Elsewhere != nil || len(cards) == againCards {
			continue
		}
		length := b.End.Sub(b.Start)
		minutes[b.EquipmentID] = int(length / time.Minute)
		cards = append(cards, againCard{Machine: b.Equipment, Length: length})
	}
	if len(cards) == 0 {
		return nil, nil
	}
	free, err := r.p.Engine.Earliest(r.ctx(), r.actor, minutes, againStarts)
	for i := range cards {
		cards[i].Starts = free[cards[i].Machine.ID]
	}
	return cards, err
}

// label is the name of an id; the id itself where the list has none.
func label(list []booking.Label, id string) lang.Text {
	for _, l := range list {
		if l.ID == id {
			return l.Name
		}
	}
	return lang.Text{Ko: id, En: id}
}

// districts lists where there are centers, in alphabetical order.
func districts(c *booking.Catalog) []string {
	var list []string
	for _, center := range c.FindCenters("", "", "") {
		if center.District != "" && !slices.Contains(list, center.District) {
			list = append(list, center.District)
		}
	}
	slices.Sort(list)
	return list
}
