package page

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/lang"
)

// hitsPerPage is how many machines one page of results shows.
const hitsPerPage = 20

// searchView is the list of machines that fit.
type searchView struct {
	Frame
	Query   string
	Filters []filter
	Tags    []tag
	Hits    []hit
	Count   int
	Popular []*booking.Equipment // when nothing fits
	More    string               // the next page
	Chosen  int
}

// filter is a group of check boxes.
type filter struct {
	Name, Label string
	Options     []Option
}

// tag is a chosen filter with the address without it.
type tag struct{ Text, Href string }

// hit is one machine as a card.
type hit struct {
	Machine  *booking.Equipment
	Category lang.Text
	Chips    []Chip
	Start    *booking.Interval // the earliest free one
}

// filterNames are the groups that can be chosen from, in the order they are shown.
var filterNames = []string{"category", "sector", "operator", "district"}

func (p *pages) search(r *request) error {
	q := r.Request.URL.Query()
	v := searchView{Frame: r.frame("search.title"), Query: clip(q.Get("q"), 100)}
	found, err := p.Engine.Search(r.ctx(), booking.SearchQuery{Text: v.Query}, booking.Interval{})
	if err != nil {
		return err
	}
	var fit []*booking.Equipment
	for _, f := range found {
		if chosen(f.Equipment, q) {
			fit = append(fit, f.Equipment)
		}
	}
	v.Count = len(fit)
	v.Filters, v.Tags = r.filters(q)
	v.Chosen = len(v.Tags)
	from, _ := strconv.Atoi(q.Get("from"))
	from = min(max(from, 0), len(fit))
	if to := from + hitsPerPage; to < len(fit) {
		fit = fit[:to]
		next := url.Values{}
		for name, values := range q {
			next[name] = values
		}
		next.Set("from", strconv.Itoa(to))
		v.More = r.url("/search?" + next.Encode())
	}
	if v.Hits, err = r.hits(fit[from:]); err != nil {
		return err
	}
	if v.Count == 0 {
		v.Popular = popular(r.catalog)
	}
	return r.page(http.StatusOK, "search", &v)
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// chosen tells whether a machine is in every group that something was chosen of.
func chosen(e *booking.Equipment, q url.Values) bool {
	for name, has := range map[string]func(string) bool{
		"category": func(s string) bool { return e.Category == s },
		"sector":   func(s string) bool { return slices.Contains(e.Center.Sectors, s) },
		"operator": func(s string) bool { return e.Center.Operator == s },
		"district": func(s string) bool { return e.Center.District == s },
	} {
		if len(q[name]) > 0 && !slices.ContainsFunc(q[name], has) {
			return false
		}
	}
	return true
}

// filters are the groups with what is chosen, and the chosen ones as tags.
func (r *request) filters(q url.Values) (groups []filter, tags []tag) {
	for _, name := range filterNames {
		g := filter{Name: name, Label: r.T("filter." + name)}
		for _, l := range r.filterLabels(name) {
			on := contains(q[name], l.ID)
			g.Options = append(g.Options, Option{Value: l.ID, Label: l.Name.In(r.lang), Checked: on})
			if on {
				tags = append(tags, tag{l.Name.In(r.lang), r.url("/search?" + without(q, name, l.ID).Encode())})
			}
		}
		if len(g.Options) > 1 {
			groups = append(groups, g)
		}
	}
	return groups, tags
}

func (r *request) filterLabels(name string) []booking.Label {
	c := r.catalog
	switch name {
	case "category":
		return c.Categories
	case "sector":
		return c.Sectors
	case "operator":
		return c.Operators
	}
	var list []booking.Label
	for _, d := range districts(c) {
		list = append(list, booking.Label{ID: d, Name: lang.Text{Ko: d}})
	}
	return list
}

func without(q url.Values, name, value string) url.Values {
	out := url.Values{}
	for n, values := range q {
		for _, v := range values {
			if n != "from" && (n != name || v != value) {
				out.Add(n, v)
			}
		}
	}
	return out
}

// hits are cards of machines with the earliest free start of each.
func (r *request) hits(machines []*booking.Equipment) ([]hit, error) {
	ask := map[string]int{}
	for _, e := range machines {
		if e.Elsewhere == nil {
			ask[e.ID] = 0
		}
	}
	free, err := r.p.Engine.Earliest(r.ctx(), r.actor, ask, 1)
	if err != nil {
		return nil, err
	}
	list := make([]hit, len(machines))
	for i, e := range machines {
		list[i] = hit{Machine: e, Category: label(r.catalog.Categories, e.Category)}
		if f := free[e.ID]; len(f) > 0 {
			list[i].Start = &f[0]
		}
		if list[i].Chips, err = r.needs(e, list[i].Start); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// needs are the chips of what a machine asks for, with how the person stands:
// what the engine says of the earliest free time.
func (r *request) needs(e *booking.Equipment, start *booking.Interval) ([]Chip, error) {
	var chips []Chip
	if e.Mode == booking.Operator {
		chips = append(chips, Chip{"plain", r.T("chip.operator")})
	}
	if e.Policy.Approval != nil {
		chips = append(chips, Chip{"info", r.T("chip.approval")})
	}
	groups := len(e.Center.Eligibility.Groups) > 0
	switch {
	case e.Policy.Certificate != nil || groups:
	case len(chips) > 0:
		return chips, nil
	default:
		return append(chips, Chip{"ok", r.T("chip.anyone")}), nil
	}
	var x booking.Explanation
	known := !r.actor.Anonymous() && start != nil
	if known {
		var err error
		if x, err = r.p.Engine.Explain(r.ctx(), r.actor, e.ID, start.Start, start.End); err != nil {
			return nil, err
		}
	}
	if e.Policy.Certificate != nil {
		chips = append(chips, r.certificateChip(e, x, known))
	}
	if groups {
		chips = append(chips, Chip{"plain", r.T("chip.groups", groupNames(r.catalog, e.Center).In(r.lang))})
	}
	return chips, nil
}

func (r *request) certificateChip(e *booking.Equipment, x booking.Explanation, known bool) Chip {
	switch {
	case known && broken(x, "certificate_expired"):
		return Chip{"warn", r.T("chip.certificate.expired")}
	case known && broken(x, "certificate_missing"), !known && !e.Policy.Certificate.AskStaff:
		return Chip{"warn", r.T("chip.certificate")}
	case known && !slices.Contains(x.Needs, "certificate"):
		return Chip{"ok", r.T("chip.certificate.held")}
	}
	return Chip{"info", r.T("chip.certificate.first")}
}

func broken(x booking.Explanation, code string) bool {
	return slices.ContainsFunc(x.Violations, func(v booking.Violation) bool { return v.Code == code })
}

// groupNames are the groups a center is for, in words.
func groupNames(c *booking.Catalog, center *booking.Center) lang.Text {
	var ko, en []string
	for _, id := range center.Eligibility.Groups {
		n := label(c.Groups, id)
		ko = append(ko, n.Ko)
		if n.En != "" {
			en = append(en, n.En)
		}
	}
	t := lang.Text{Ko: strings.Join(ko, ", ")}
	if len(en) == len(ko) { // else all of it is marked as Korean
		t.En = strings.Join(en, ", ")
	}
	return t
}

// popular are machines that can be booked here, one of each kind, most units first.
func popular(c *booking.Catalog) []*booking.Equipment {
	list := c.Search(booking.SearchQuery{})
	slices.SortStableFunc(list, func(a, b *booking.Equipment) int { return b.Quantity - a.Quantity })
	var out []*booking.Equipment
	for _, e := range list {
		same := func(o *booking.Equipment) bool { return o.Category == e.Category }
		if e.Elsewhere == nil && len(out) < 5 && !slices.ContainsFunc(out, same) {
			out = append(out, e)
		}
	}
	return out
}

// Fee is what an hour costs, in words.
func (f Frame) Fee(e *booking.Equipment) string {
	if e.FeeKRWPerHour == 0 {
		return f.T("fee.free")
	}
	return f.T("fee.hour", f.Won(e.FeeKRWPerHour))
}

// Length is a number of minutes in words.
func (f Frame) Length(minutes int) string {
	return f.When.Duration(time.Duration(minutes) * time.Minute)
}

// hitCard is a hit with the frame that draws it. Place is off where the center is the page.
type hitCard struct {
	hit
	Frame Frame
	Place bool
}

// Card is a hit as the part of that name takes it.
func (v *searchView) Card(h hit) hitCard { return hitCard{h, v.Frame, true} }
