package page

import (
	"net/url"
	"strconv"
	"strings"
)

const (
	moreRows     = 2   // how many empty rows a button adds
	mostListRows = 200 // of one list; a list is never that long
)

// rowsOf is how many rows a list of the form has: those that are said, and some
// empty ones in a fresh form, or behind those that were sent.
func rowsOf(list string, said url.Values, fresh bool) int {
	n := 0
	for name := range said {
		rest, ok := strings.CutPrefix(name, list+".")
		index, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(index); ok && err == nil && i >= 0 && i < mostListRows {
			n = max(n, i+1)
		}
	}
	switch {
	case fresh && list == "lanes":
		n++
	case fresh || said.Get("more") == list:
		n += moreRows
	}
	return n
}

// focus puts the cursor in the first field of a row.
func (f *Form) focus(row string) {
	for _, x := range f.fields {
		if strings.HasPrefix(x.Name, row+".") {
			x.Focus = true
			return
		}
	}
}

// limitWords are the words that each part of a limit may be.
var limitWords = []struct {
	part  string
	words []string
}{
	{"count", []string{"minutes", "bookings", "upcoming", "concurrent", "consecutive_days"}},
	{"per", []string{"", "visit", "day", "week", "month"}},
	{"by", []string{"person", "firm"}},
	{"over", []string{"equipment", "category", "center", "city"}},
	{"allocation", []string{"", "lottery"}},
}

// limitParts are limits: the most, of what, in which span, for whom, over what.
func (r *request) limitParts(n int) (list []rulePart) {
	for i := range n {
		name := rowName("limits", i)
		row := []*Field{r.ruleNumber(name+".max", "max")}
		for _, w := range limitWords {
			label := w.part
			if label == "allocation" {
				label = "drawn"
			}
			row = append(row, r.oneWord(name+"."+w.part, label, w.words...))
		}
		list = append(list, rulePart{r.T("admin.rule.limit", i+1), row})
	}
	return list
}

// noShowParts are what is counted, what it leads to, how it ends, for whom and over what.
func (r *request) noShowParts(steps int) []rulePart {
	list := []rulePart{{Fields: []*Field{r.choose("no_show", "no_show", "none", "own"),
		r.ruleNumber("no_show.points", "points"), r.ruleNumber("no_show.late_cancel_points", "late_points")}}}
	for i := range steps {
		name := rowName("steps", i)
		row := append([]*Field{r.ruleNumber(name+".count", "step_points")}, r.stretchFields(name+".suspend", "suspend")...)
		list = append(list, rulePart{r.T("admin.rule.step", i+1), row})
	}
	return append(list,
		rulePart{Fields: []*Field{r.ruleNumber("no_show.penalty_hours_multiplier", "penalty_hours"), r.choose("ending", "ending", "never", "own")}},
		rulePart{r.ruleText("points_expire"), r.stretchFields("no_show.points_expire", "length")},
		rulePart{r.ruleText("clean_after"), r.stretchFields("no_show.clean_after", "length")},
		rulePart{Fields: []*Field{r.choose("no_show.by", "by", "person", "firm"), r.choose("no_show.over", "over", "equipment", "category", "center", "city")}})
}

// stretchFields are a length of days or months.
func (r *request) stretchFields(name, label string) []*Field {
	return []*Field{r.ruleNumber(name, label), r.oneWord(name+".unit", "stretch", "days", "months")}
}

// laneParts are what is kept: units or times, for whom, and until when.
func (r *request) laneParts(n int) (list []rulePart) {
	for i := range n {
		name := rowName("lanes", i)
		days := &Field{Name: name + ".weekdays", Type: "checkboxes", Label: r.ruleText("weekdays")}
		for _, d := range weekOrder {
			days.Options = append(days.Options, Option{Value: adminDays[d], Label: r.T("weekday." + strconv.Itoa(d))})
		}
		who := &Field{Name: name + ".admits", Type: "checkboxes", Label: r.ruleText("admits")}
		for _, w := range admitted {
			who.Options = append(who.Options, Option{Value: w, Label: r.ruleText("admits." + w)})
		}
		list = append(list,
			rulePart{r.T("admin.rule.lane", i+1), []*Field{r.ruleNumber(name+".units", "units"), r.timesField(name + ".times"), r.ruleNumber(name+".due", "due")}},
			rulePart{Fields: []*Field{who, days}},
			rulePart{r.T("admin.rule.released", i+1), r.beforeFields(name + ".released")})
	}
	return list
}

// admitted are the kinds of people that a lane takes, beside jobs that are due.
var admitted = []string{"anyone", "first_time", "desk"}
