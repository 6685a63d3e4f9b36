package page

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"gongbang/booking"
)

// ruleFields are the fields of the form as they are filled from values.
type ruleFields struct{ url.Values }

// written puts the values of a layer into the fields of the form.
func written(v booking.PolicyValues) url.Values {
	plain := map[string]any{}
	for key, raw := range v {
		var value any
		if json.Unmarshal(raw, &value) == nil {
			plain[key] = value
		}
	}
	f := ruleFields{url.Values{}}
	f.put("", plain, append([]string{"late_cancel"}, ruleNumbers...)...)
	window, _ := plain["window"].(map[string]any)
	f.before("window.opens", window["opens"])
	f.before("window.closes", window["closes"])
	f.before("cancel_until", plain["cancel_until"])
	f.limits(plain["limits"])
	f.certificate(plain)
	f.approval(plain["approval"])
	f.mode(plain, "min_age", "age", "years")
	f.put("", plain, "min_age")
	check, _ := plain["check_in"].(map[string]any)
	f.put("check_in.", check, "opens_minutes_before", "auto", "grace_minutes")
	f.mode(check, "grace_minutes", "grace", "minutes")
	f.noShow(plain)
	f.reminders(plain)
	f.lanes(plain["lanes"])
	if _, says := plain["lanes"]; says {
		f.Set("lanes", "own")
	}
	f.allocation(plain["allocation"])
	hold, _ := plain["hold"].(map[string]any)
	f.put("hold.", hold, "minutes", "extend_minutes", "extensions")
	return f.Values
}

// put writes values that are one number or one word.
func (f ruleFields) put(prefix string, values map[string]any, keys ...string) {
	for _, key := range keys {
		if values[key] != nil {
			f.Set(prefix+key, fmt.Sprint(values[key]))
		}
	}
}

// mode chooses the word for a value that is there: none, or the one for a value.
func (f ruleFields) mode(values map[string]any, key, field, word string) {
	value, says := values[key]
	switch {
	case says && value == nil:
		f.Set(field, "none")
	case says:
		f.Set(field, word)
	}
}

func (f ruleFields) before(name string, value any) {
	w, _ := value.(map[string]any)
	for _, unit := range beforeUnits {
		if n, ok := w[unit+"_before"]; ok {
			f.Set(name+".unit", unit)
			f.Set(name, fmt.Sprint(n))
		}
	}
	f.put(name+".", w, "at")
}

var beforeUnits = []string{"months", "days", "hours", "minutes"}

func (f ruleFields) stretch(name string, value any) {
	w, _ := value.(map[string]any)
	for unit, n := range w {
		f.Set(name+".unit", unit)
		f.Set(name, fmt.Sprint(n))
	}
}

func (f ruleFields) limits(value any) {
	list, ok := value.([]any)
	if ok {
		f.Set("limits", "own")
	}
	for i, x := range list {
		row, _ := x.(map[string]any)
		f.put(rowName("limits", i)+".", row, "max", "count", "per", "by", "over", "allocation")
	}
}

// certificate: a name alone refuses who hasn't got it.
func (f ruleFields) certificate(values map[string]any) {
	f.mode(values, "requires_certificate", "requires_certificate", "refuse")
	switch c := values["requires_certificate"].(type) {
	case string:
		f.Set("requires_certificate.key", c)
	case map[string]any:
		f.put("requires_certificate.", c, "key")
		if word, ok := c["if_missing"].(string); ok {
			f.Set("requires_certificate", word)
		}
	}
}

func (f ruleFields) approval(value any) {
	switch a := value.(type) {
	case string:
		f.Set("approval", a)
	case map[string]any:
		f.Set("approval", "staff")
		f.put("approval.", a, "answer_within_hours")
	}
}

func (f ruleFields) noShow(values map[string]any) {
	f.mode(values, "no_show", "no_show", "own")
	o, _ := values["no_show"].(map[string]any)
	f.put("no_show.", o, "points", "late_cancel_points", "penalty_hours_multiplier", "by", "over")
	if kinds, ok := o["counts"].([]any); ok { // each kind that is listed costs one point
		f.Set("no_show.points", "0")
		f.Set("no_show.late_cancel_points", "0")
		for _, k := range kinds {
			f.Set(map[any]string{"no_show": "no_show.points", "late_cancel": "no_show.late_cancel_points"}[k], "1")
		}
	}
	f.put(rowName("steps", 0)+".", map[string]any{"count": o["threshold"]}, "count")
	f.stretch(rowName("steps", 0)+".suspend", o["suspend"])
	ladder, _ := o["ladder"].([]any)
	for i, x := range ladder {
		step, _ := x.(map[string]any)
		f.put(rowName("steps", i)+".", step, "count")
		f.stretch(rowName("steps", i)+".suspend", step["suspend"])
	}
	for _, key := range []string{"points_expire", "clean_after"} {
		value, says := o[key]
		if says && f.Get("ending") == "" {
			f.Set("ending", "never")
		}
		if value != nil {
			f.Set("ending", "own")
			f.stretch("no_show."+key, value)
		}
	}
}

func (f ruleFields) reminders(values map[string]any) {
	f.mode(values, "reminder_hours_before", "reminders", "own")
	list, ok := values["reminder_hours_before"].([]any)
	if ok && len(list) == 0 {
		f.Set("reminders", "none")
	}
	f.list("reminder_hours_before", list)
}

func (f ruleFields) list(name string, list []any) {
	var words []string
	for _, x := range list {
		words = append(words, fmt.Sprint(x))
	}
	f.Set(name, strings.Join(words, ", "))
}

func (f ruleFields) lanes(value any) {
	list, _ := value.([]any)
	for i, x := range list {
		row, _ := x.(map[string]any)
		name := rowName("lanes", i)
		f.put(name+".", row, "units")
		times, _ := row["times"].([]any)
		f.list(name+".times", times)
		days, _ := row["weekdays"].([]any)
		for _, d := range days {
			f.Add(name+".weekdays", fmt.Sprint(d))
		}
		admits, _ := row["admits"].([]any)
		for _, who := range admits {
			if due, ok := who.(map[string]any); ok {
				f.Set(name+".due", fmt.Sprint(due["due_within_days"]))
				continue
			}
			f.Add(name+".admits", fmt.Sprint(who))
		}
		f.before(name+".released", row["released"])
	}
}

func (f ruleFields) allocation(value any) {
	switch a := value.(type) {
	case string:
		f.Set("allocation", a)
	case map[string]any:
		f.Set("allocation", "lottery")
		l, _ := a["lottery"].(map[string]any)
		f.put("allocation.lottery.", l, "apply_until_days_before", "draw_days_before")
		times, _ := l["times"].([]any)
		f.list("allocation.lottery.times", times)
	}
}
