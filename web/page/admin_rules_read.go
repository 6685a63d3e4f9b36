package page

import (
	"net/url"
	"strconv"
	"strings"

	"gongbang/booking"
)

// ruleNumbers are the rules that are one number.
var ruleNumbers = []string{"slot_minutes", "start_step_minutes", "min_minutes", "max_minutes", "buffer_minutes", "capacity"}

// ruleInput reads the fields as a catalog file writes them. What is empty is
// left out, which inherits it; what a value may be, the service judges.
type ruleInput struct {
	*deskInput
	rows map[string][]int // of each list: the row in which each of its elements was written
}

func (r *request) ruleInput(sent url.Values) *ruleInput {
	return &ruleInput{r.deskInput(sent), map[string][]int{}}
}

func (d *ruleInput) values() booking.PolicyValues {
	v := document{}
	for _, key := range ruleNumbers {
		if d.text(key) != "" {
			v.set(key, d.whole(key))
		}
	}
	window := map[string]any{}
	for _, end := range []string{"opens", "closes"} {
		if w := d.before("window." + end); w != nil {
			window[end] = w
		}
	}
	d.say(v, "window", window)
	if w := d.before("cancel_until"); w != nil {
		v.set("cancel_until", w)
	}
	if s := d.text("late_cancel"); s != "" {
		v.set("late_cancel", s)
	}
	d.limits(v)
	d.certificate(v)
	d.approval(v)
	d.age(v)
	d.checkIn(v)
	d.noShow(v)
	d.reminders(v)
	d.lanes(v)
	d.allocation(v)
	hold := map[string]any{}
	d.counts(hold, "hold.", "minutes", "extend_minutes", "extensions")
	d.say(v, "hold", hold)
	return booking.PolicyValues(v)
}

// say sets a value of parts, of which at least one is said.
func (d *ruleInput) say(v document, key string, parts map[string]any) {
	if len(parts) > 0 {
		v.set(key, parts)
	}
}

// counts and words take the fields that were answered.
func (d *ruleInput) counts(into map[string]any, prefix string, keys ...string) {
	for _, key := range keys {
		if d.text(prefix+key) != "" {
			into[key] = d.whole(prefix + key)
		}
	}
}

func (d *ruleInput) words(into map[string]any, prefix string, keys ...string) {
	for _, key := range keys {
		if s := d.text(prefix + key); s != "" {
			into[key] = s
		}
	}
}

// mode is the word a rule was chosen by. Who writes values and chooses no word
// is asked which one counts.
func (d *ruleInput) mode(name string, below ...string) string {
	word := d.text(name)
	for _, field := range below {
		if word == "" && d.text(field) != "" {
			d.refuse(name, "admin_mode", "")
			break
		}
	}
	return word
}

// inRows are the fields of the rows of a list in which something is written.
func (d *ruleInput) inRows(list string, parts ...string) (names []string) {
	for i := range rowsOf(list, d.sent, false) {
		name, said := rowName(list, i), false
		for _, part := range parts {
			said = said || d.text(name+"."+part) != ""
		}
		if said {
			d.rows[list] = append(d.rows[list], i)
			names = append(names, name)
		}
	}
	return names
}

// filled are the fields that make rows of a list count as written.
func filled(rows []string, parts ...string) (names []string) {
	for _, row := range rows {
		for _, part := range parts {
			names = append(names, row+"."+part)
		}
	}
	return names
}

// before is a moment before a start; nil where none is given.
func (d *ruleInput) before(name string) map[string]any {
	unit, n, at := d.text(name+".unit"), d.text(name), d.text(name+".at")
	switch {
	case unit == "" && n == "" && at == "":
		return nil
	case unit == "":
		d.refuse(name+".unit", "admin_unit", "")
		return nil
	}
	w := map[string]any{unit + "_before": d.whole(name)}
	if at != "" {
		w["at"] = d.clock(name + ".at")
	}
	return w
}

// stretch is a length of days or months; nil where none is given.
func (d *ruleInput) stretch(name string) map[string]int {
	if d.text(name) == "" {
		return nil
	}
	return map[string]int{d.text(name + ".unit"): d.whole(name)}
}

func (d *ruleInput) limits(v document) {
	rows := d.inRows("limits", "max")
	if d.mode("limits", filled(rows, "max")...) != "own" {
		return
	}
	list := []map[string]any{}
	for _, name := range rows {
		row := map[string]any{"max": d.whole(name + ".max")}
		for _, w := range limitWords {
			d.words(row, name+".", w.part)
		}
		list = append(list, row)
	}
	v.set("limits", list)
}

func (d *ruleInput) certificate(v document) {
	switch mode := d.mode("requires_certificate", "requires_certificate.key"); mode {
	case "":
	case "none":
		v.set("requires_certificate", nil)
	default:
		c := map[string]any{"if_missing": mode}
		d.words(c, "requires_certificate.", "key")
		v.set("requires_certificate", c)
	}
}

func (d *ruleInput) approval(v document) {
	switch d.mode("approval", "approval.answer_within_hours") {
	case "none":
		v.set("approval", "none")
	case "staff":
		a := map[string]any{"by": "staff"}
		d.counts(a, "approval.", "answer_within_hours")
		v.set("approval", a)
	}
}

func (d *ruleInput) age(v document) {
	switch d.mode("age", "min_age") {
	case "none":
		v.set("min_age", nil)
	case "years":
		v.set("min_age", d.whole("min_age"))
	}
}

func (d *ruleInput) checkIn(v document) {
	c := map[string]any{}
	d.counts(c, "check_in.", "opens_minutes_before")
	switch d.mode("grace", "check_in.grace_minutes") {
	case "none":
		c["grace_minutes"] = nil
	case "minutes":
		c["grace_minutes"] = d.whole("check_in.grace_minutes")
	}
	d.words(c, "check_in.", "auto")
	d.say(v, "check_in", c)
}

func (d *ruleInput) reminders(v document) {
	switch d.mode("reminders", "reminder_hours_before") {
	case "none":
		v.set("reminder_hours_before", []int{})
	case "own":
		list := []int{}
		for _, s := range d.list("reminder_hours_before") {
			n, err := strconv.Atoi(s)
			if err != nil {
				d.refuse("reminder_hours_before", "number", "")
				return
			}
			list = append(list, n)
		}
		v.set("reminder_hours_before", list)
	}
}

// list are values that are told apart by commas; at least one has to be there.
func (d *ruleInput) list(name string) (values []string) {
	for _, s := range strings.Split(d.text(name), ",") {
		if s = strings.TrimSpace(s); s != "" {
			values = append(values, s)
		}
	}
	if len(values) == 0 {
		d.refuse(name, "required", "")
	}
	return values
}

// times are times of day, written with or without spaces around the line.
func (d *ruleInput) times(into map[string]any, name string) {
	if d.text(name) == "" {
		return
	}
	list := d.list(name)
	for i, s := range list {
		list[i] = strings.NewReplacer(" ", "", "~", "-", "–", "-").Replace(s)
	}
	into["times"] = list
}

func (d *ruleInput) allocation(v document) {
	const lottery = "allocation.lottery."
	switch d.mode("allocation", lottery+"apply_until_days_before", lottery+"draw_days_before", lottery+"times") {
	case "first_come":
		v.set("allocation", "first_come")
	case "lottery":
		l := map[string]any{}
		d.counts(l, lottery, "apply_until_days_before", "draw_days_before")
		d.times(l, lottery+"times")
		v.set("allocation", map[string]any{"lottery": l})
	}
}

// lanes reads what is kept. A row without units, times, days and people is none.
func (d *ruleInput) lanes(v document) {
	rows := d.inRows("lanes", "units", "times", "weekdays", "admits", "due")
	if d.mode("lanes", filled(rows, "units", "times", "weekdays", "admits", "due")...) != "own" {
		return
	}
	list := []map[string]any{}
	for _, name := range rows {
		row := map[string]any{}
		d.counts(row, name+".", "units")
		d.times(row, name+".times")
		if days := d.sent[name+".weekdays"]; len(days) > 0 {
			row["weekdays"] = days
		}
		var admits []any
		for _, who := range d.sent[name+".admits"] {
			admits = append(admits, who)
		}
		if d.text(name+".due") != "" {
			admits = append(admits, map[string]int{"due_within_days": d.whole(name + ".due")})
		}
		if len(admits) > 0 {
			row["admits"] = admits
		}
		if w := d.before(name + ".released"); w != nil {
			row["released"] = w
		}
		list = append(list, row)
	}
	v.set("lanes", list)
}
