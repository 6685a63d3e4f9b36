package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// useView is how machines were used.
type useView struct {
	Heat     *heatChart
	Machines *barChart
	Booked   *barChart
	Rates    *dotChart
	LeftOut  int
}

// mostBars is how many machines are drawn; the table has all of them.
const mostBars = 8

func (r *request) useView(machines *booking.Usage) useView {
	return useView{Heat: r.heat(machines), Machines: r.machineBars(machines), Booked: r.bookedBars(machines.Total),
		Rates: r.rateDots(machines), LeftOut: machines.LeftOut}
}

// heat draws utilisation by weekday and hour, from the first open hour to the last.
func (r *request) heat(u *booking.Usage) *heatChart {
	h := &heatChart{chart: chart{ID: "heat", Title: r.T("manage.heat"), Desc: r.T("manage.heat.desc"), Finding: r.busiest(u.Week)}}
	first, last := openHours(u.Week)
	h.Head = append(h.Head, r.T("manage.hour"))
	for d := range u.Week {
		day := r.T("manage.day." + strconv.Itoa(d))
		h.Days = append(h.Days, tick{X: float64(heatColumn + d*heatColumn + heatColumn/2), Text: day})
		h.Head = append(h.Head, day)
	}
	for hour := first; hour <= last; hour++ {
		y := heatRow * (hour - first + 1)
		name := fmt.Sprintf("%02d:00", hour)
		h.Hours = append(h.Hours, tick{X: float64(y + heatRow/2 + 6), Text: name})
		line := chartLine{Name: chartName{Text: name}}
		for d := range u.Week {
			v := u.Week[d][hour].Utilisation()
			c := heatCell{X: heatColumn * (d + 1), Y: y, W: heatColumn - 2, H: heatRow - 2, Step: -1, Text: "–"}
			c.TextX, c.TextY = c.X+c.W/2, c.Y+heatRow/2+5
			if v != nil {
				c.Step, c.Text = heatStep(*v), strconv.FormatFloat(round0(*v), 'f', 0, 64)
			}
			h.Cells = append(h.Cells, c)
			line.Cells = append(line.Cells, c.Text)
		}
		h.Lines = append(h.Lines, line)
	}
	h.Height = heatRow * (last - first + 2)
	return h
}

func round0(v float64) float64 { return float64(int(v + 0.5)) }

// openHours is the range of hours in which anything was open or used.
func openHours(week [7][24]booking.UsageHour) (first, last int) {
	first, last = 9, 17
	seen := false
	for hour := range 24 {
		for d := range week {
			if x := week[d][hour]; x.Open > 0 || x.Used > 0 {
				if !seen {
					first, seen = hour, true
				}
				last = hour
			}
		}
		if !seen {
			last = first
		}
	}
	if !seen {
		return 9, 17
	}
	return first, last
}

// busiest says which half of which day was used most.
func (r *request) busiest(week [7][24]booking.UsageHour) string {
	best, day, half := 0.0, -1, 0
	for d := range week {
		for part := range 2 {
			var sum booking.UsageHour
			for hour := part * 12; hour < part*12+12; hour++ {
				sum.Used += week[d][hour].Used
				sum.Open += week[d][hour].Open
			}
			if v := sum.Utilisation(); v != nil && sum.Used > 0 && *v > best {
				best, day, half = *v, d, part
			}
		}
	}
	if day < 0 {
		return r.T("manage.heat.none")
	}
	return r.T("manage.heat.finding", r.T("manage.weekday."+strconv.Itoa(day)), r.T("manage.half."+strconv.Itoa(half)), strconv.FormatFloat(round0(best), 'f', 0, 64))
}

// machineBars shows the machines used most; the table lists all.
func (r *request) machineBars(u *booking.Usage) *barChart {
	groups := slices.Clone(u.Groups)
	slices.SortStableFunc(groups, func(a, b booking.UsageGroup) int { return cmp.Compare(used(b), used(a)) })
	c := chart{ID: "machines", Title: r.T("manage.machines"), Desc: r.T("manage.machines.desc"), Finding: r.T("manage.machines.none"),
		Head: []string{r.T("manage.machine"), r.T("manage.utilisation"), r.T("manage.used"), r.T("manage.open"), r.T("manage.bookings"), r.T("manage.noshow")}}
	several := len(u.Filter.Centers) > 1
	if several {
		c.Head = slices.Insert(c.Head, 1, r.T("manage.center"))
	}
	var names []lang.Text
	var values []string
	var amounts []float64
	for i, g := range groups {
		line := chartLine{r.chartName(g.Label), []string{percent(g.Minutes.Utilisation()) + "%", r.hours(g.Minutes.Used), r.hours(g.Minutes.Open),
			strconv.Itoa(g.Counts.Bookings), strconv.Itoa(g.Counts.NoShows)}}
		if several {
			line.Cells = slices.Insert(line.Cells, 0, r.centerOf(g.Key))
		}
		c.Lines = append(c.Lines, line)
		if i < mostBars && g.Counts.Bookings > 0 {
			names = append(names, g.Label)
			values = append(values, r.T("manage.machines.value", percent(g.Minutes.Utilisation()), g.Counts.Bookings, g.Counts.NoShows))
			amounts = append(amounts, used(g))
		}
	}
	if len(names) > 0 {
		c.Finding = r.T("manage.machines.finding", names[0].In(r.lang), percent(groups[0].Minutes.Utilisation()))
	}
	return r.bars(c, names, values, amounts, 100)
}

func used(g booking.UsageGroup) float64 {
	if v := g.Minutes.Utilisation(); v != nil {
		return *v
	}
	return 0
}

func (r *request) centerOf(machine string) string {
	e, ok := r.catalog.Machine(machine)
	if !ok {
		return ""
	}
	return e.Center.Name.In(r.lang)
}

// bookedBars parts the booked time without rest.
func (r *request) bookedBars(g booking.UsageGroup) *barChart {
	m := g.Minutes
	c := chart{ID: "booked", Title: r.T("manage.booked"), Desc: r.T("manage.booked.desc", r.hours(m.Booked)), Finding: r.T("manage.booked.none"),
		Head: []string{r.T("manage.what"), r.T("manage.time"), r.T("manage.share")}}
	var names []lang.Text
	var values []string
	var amounts []float64
	for _, part := range []struct {
		key     string
		minutes int
	}{{"used", m.Used}, {"idle", m.Idle}, {"released", m.Released}, {"noshow", m.NoShow}, {"unknown", m.Unknown}, {"undecided", m.Undecided}} {
		name := r.T("manage.part." + part.key)
		of := "–"
		if m.Booked > 0 {
			v := 100 * float64(part.minutes) / float64(m.Booked)
			of = percent(&v) + "%"
		}
		c.Lines = append(c.Lines, chartLine{chartName{Text: name}, []string{r.hours(part.minutes), of}})
		names = append(names, lang.Text{Ko: name, En: name})
		values = append(values, r.hours(part.minutes)+" · "+of)
		amounts = append(amounts, float64(part.minutes))
	}
	c.Lines = append(c.Lines, chartLine{chartName{Text: r.T("manage.part.booked")}, []string{r.hours(m.Booked), ""}})
	if m.Booked > 0 {
		v := 100 * float64(m.Used) / float64(m.Booked)
		c.Finding = r.T("manage.booked.finding", r.hours(m.Booked), percent(&v))
	}
	if m.Overrun > 0 {
		c.Notes = append(c.Notes, r.T("manage.overrun", r.hours(m.Overrun)))
	}
	return r.bars(c, names, values, amounts, float64(m.Booked))
}

// rateDots shows how many stayed away and how many cancelled, with Wilson's
// interval; with several centers, also who stayed away where.
func (r *request) rateDots(u *booking.Usage) *dotChart {
	total := u.Total
	c := chart{ID: "rates", Title: r.T("manage.rates"), Desc: r.T("manage.rates.desc"), Finding: r.T("manage.rates.none"),
		Head: []string{r.T("manage.what"), r.T("manage.rate"), r.T("manage.interval"), r.T("manage.of")}}
	var points []point
	add := func(name lang.Text, k, n int) {
		p := r.ratePoint(name, k, n)
		points = append(points, p)
		c.Lines = append(c.Lines, rateLine(r.chartName(name), k, n))
	}
	noShow, cancel := r.T("manage.noshow.rate"), r.T("manage.cancel.rate")
	add(lang.Text{Ko: noShow, En: noShow}, total.Counts.NoShows, total.Counts.Expected)
	add(lang.Text{Ko: cancel, En: cancel}, total.Counts.Cancelled, total.Counts.Made)
	if ci := survey.Wilson(total.Counts.NoShows, total.Counts.Expected); ci != nil {
		c.Finding = r.T("manage.rates.finding", total.Counts.Expected, total.Counts.NoShows, percent(&ci[0]), percent(&ci[1]))
	}
	for _, id := range u.Filter.Centers {
		if n := r.atCenter(u, id); n.Expected > 0 && n.Expected < total.Counts.Expected {
			center, _ := r.catalog.Center(id)
			label := r.T("manage.noshow.at", center.Name.In(r.lang))
			name := lang.Text{Ko: label}
			if center.Name.En != "" {
				name.En = label
			}
			add(name, n.NoShows, n.Expected)
		}
	}
	return r.dots(c, points)
}

// atCenter sums what a center's machines say of people who were expected.
func (r *request) atCenter(u *booking.Usage, center string) (n booking.UsageCounts) {
	for _, g := range u.Groups {
		if e, ok := r.catalog.Machine(g.Key); ok && e.Center.ID == center {
			n.Expected += g.Counts.Expected
			n.NoShows += g.Counts.NoShows
		}
	}
	return n
}

func (r *request) ratePoint(name lang.Text, k, n int) point {
	p := point{name: name, value: r.T("manage.rate.none"), extra: fmt.Sprintf("(%d/%d)", k, n), pale: n < paleBelow}
	if ci := survey.Wilson(k, n); ci != nil {
		v := 100 * float64(k) / float64(n)
		p.score, p.low, p.high = &v, &ci[0], &ci[1]
		p.value = percent(&v) + "% " + interval(ci[0], ci[1])
	}
	return p
}

func rateLine(name chartName, k, n int) chartLine {
	line := chartLine{name, []string{"–", "–", fmt.Sprintf("%d/%d", k, n)}}
	if ci := survey.Wilson(k, n); ci != nil {
		v := 100 * float64(k) / float64(n)
		line.Cells[0], line.Cells[1] = percent(&v)+"%", interval(ci[0], ci[1])
	}
	return line
}
