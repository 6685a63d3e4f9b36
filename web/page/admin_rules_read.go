package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"gongbang/booking"
)

// ruleNumbers are the rules that are one number.
var ruleNumbers = []string{"slot_minutes", "min_minutes", "max_minutes", "buffer_minutes", "capacity"}

// limitParts are the words of a limit, as a catalog file writes them.
var limitParts = []string{"count", "per", "by", "over"}

// ruleValues reads the fields as a catalog file writes them. What is empty is
// left out, which inherits it; what a value may be, the service judges.
func (d *deskInput) ruleValues(rows int) booking.PolicyValues {
	v := document{}
	for _, key := range ruleNumbers {
		if d.text(key) != "" {
			v.set(key, d.whole(key))
		}
	}
	window := map[string]any{}
	for _, end := range []string{"opens", "closes"} {
		if w := d.before(end); w != nil {
			window[end] = w
		}
	}
	if len(window) > 0 {
		v.set("window", window)
	}
	if w := d.before("cancel_until"); w != nil {
		v.set("cancel_until", w)
	}
	if s := d.text("late_cancel"); s != "" {
		v.set("late_cancel", s)
	}
	d.limits(v, rows)
	d.certificate(v)
	d.approval(v)
	d.checkIn(v)
	return booking.PolicyValues(v)
}

// before is a moment before a start; nil where none is given.
func (d *deskInput) before(name string) map[string]any {
	unit, n, at := d.text(name+"_unit"), d.text(name+"_n"), d.text(name+"_at")
	switch {
	case unit == "" && n == "" && at == "":
		return nil
	case unit == "":
		d.refuse(name+"_unit", "admin_unit", "")
		return nil
	}
	w := map[string]any{unit + "_before": d.whole(name + "_n")}
	if at != "" {
		w["at"] = d.clock(name + "_at")
	}
	return w
}

func (d *deskInput) limits(v document, rows int) {
	list := []map[string]any{}
	for i := range rows {
		prefix := limitPrefix(i)
		if d.text(prefix+"max") == "" {
			continue
		}
		row := map[string]any{"max": d.whole(prefix + "max")}
		for _, part := range limitParts {
			if s := d.text(prefix + part); s != "" {
				row[part] = s
			}
		}
		list = append(list, row)
	}
	if d.text("limits") == "own" {
		v.set("limits", list)
	}
}

func limitPrefix(i int) string { return "limit" + strconv.Itoa(i) + "." }

func (d *deskInput) certificate(v document) {
	switch mode := d.text("certificate"); mode {
	case "":
	case "none":
		v.set("requires_certificate", nil)
	default:
		if d.text("certificate_key") == "" {
			d.refuse("certificate_key", "required", "")
		}
		v.set("requires_certificate", map[string]string{"key": d.text("certificate_key"), "if_missing": mode})
	}
}

func (d *deskInput) approval(v document) {
	switch d.text("approval") {
	case "none":
		v.set("approval", "none")
	case "staff":
		a := map[string]any{"by": "staff"}
		if d.text("approval_hours") != "" {
			a["answer_within_hours"] = d.whole("approval_hours")
		}
		v.set("approval", a)
	}
}

func (d *deskInput) checkIn(v document) {
	c := map[string]any{}
	if d.text("check_opens") != "" {
		c["opens_minutes_before"] = d.whole("check_opens")
	}
	switch d.text("grace") {
	case "none":
		c["grace_minutes"] = nil
	case "minutes":
		c["grace_minutes"] = d.whole("grace_minutes")
	}
	if s := d.text("check_auto"); s != "" {
		c["auto"] = s
	}
	if len(c) > 0 {
		v.set("check_in", c)
	}
}

// jsonValues reads all values as a catalog file writes them.
func (d *deskInput) jsonValues(name string) booking.PolicyValues {
	var values booking.PolicyValues
	dec := json.NewDecoder(bytes.NewReader([]byte(d.text(name))))
	if err := dec.Decode(&values); err != nil || dec.More() || values == nil {
		d.refuse(name, "admin_json", "")
		return nil
	}
	return values
}

// writeValues writes values for people who read JSON.
func writeValues(v booking.PolicyValues) string {
	if len(v) == 0 {
		return "{}"
	}
	var b bytes.Buffer
	raw, err := json.Marshal(v)
	if err != nil || json.Indent(&b, raw, "", "  ") != nil {
		return "{}"
	}
	return b.String()
}

// written puts values into the fields of the form. What the fields can't hold
// is left out; keptOf finds it.
func written(v booking.PolicyValues) url.Values {
	form := url.Values{}
	plain := map[string]any{}
	for key, raw := range v {
		var value any
		if json.Unmarshal(raw, &value) == nil {
			plain[key] = value
		}
	}
	for _, key := range append([]string{"late_cancel"}, ruleNumbers...) {
		put(form, key, plain[key])
	}
	window, _ := plain["window"].(map[string]any)
	putBefore(form, "opens", window["opens"])
	putBefore(form, "closes", window["closes"])
	putBefore(form, "cancel_until", plain["cancel_until"])
	putLimits(form, plain["limits"])
	putCertificate(form, v, plain["requires_certificate"])
	switch a := plain["approval"].(type) {
	case string:
		form.Set("approval", a)
	case map[string]any:
		put(form, "approval", a["by"])
		put(form, "approval_hours", a["answer_within_hours"])
	}
	check, _ := plain["check_in"].(map[string]any)
	put(form, "check_opens", check["opens_minutes_before"])
	put(form, "check_auto", check["auto"])
	if grace, ok := check["grace_minutes"]; ok && grace == nil {
		form.Set("grace", "none")
	} else if ok {
		form.Set("grace", "minutes")
		put(form, "grace_minutes", grace)
	}
	return form
}

func put(form url.Values, name string, value any) {
	if value != nil {
		form.Set(name, fmt.Sprint(value))
	}
}

func putBefore(form url.Values, name string, value any) {
	w, _ := value.(map[string]any)
	for _, unit := range beforeUnits {
		if n, ok := w[unit+"_before"]; ok {
			form.Set(name+"_unit", unit)
			put(form, name+"_n", n)
		}
	}
	put(form, name+"_at", w["at"])
}

var beforeUnits = []string{"months", "days", "hours", "minutes"}

func putLimits(form url.Values, value any) {
	list, ok := value.([]any)
	if ok {
		form.Set("limits", "own")
	}
	for i, x := range list {
		row, _ := x.(map[string]any)
		put(form, limitPrefix(i)+"max", row["max"])
		for _, part := range limitParts {
			put(form, limitPrefix(i)+part, row[part])
		}
	}
}

func putCertificate(form url.Values, v booking.PolicyValues, value any) {
	_, says := v["requires_certificate"]
	switch c := value.(type) {
	case nil:
		if says {
			form.Set("certificate", "none")
		}
	case string:
		form.Set("certificate", "refuse")
		form.Set("certificate_key", c)
	case map[string]any:
		form.Set("certificate", "refuse")
		put(form, "certificate", c["if_missing"])
		put(form, "certificate_key", c["key"])
	}
}

// keptOf lists the keys that the fields can't hold: read back from the fields
// they would be another rule.
func (r *request) keptOf(v booking.PolicyValues, rows int) []string {
	in := r.deskInput(written(v))
	back := in.ruleValues(rows)
	var kept []string
	for _, key := range slices.Sorted(maps.Keys(v)) {
		if !sameRule(key, v, back) {
			kept = append(kept, key)
		}
	}
	return kept
}

// sameRule tells whether a key means the same in two layers, whoever runs the machine.
func sameRule(key string, a, b booking.PolicyValues) bool {
	if _, ok := b[key]; !ok {
		return false
	}
	for _, mode := range []booking.Mode{booking.Self, booking.Operator} {
		x, wrong := booking.EffectivePolicy(mode, booking.PolicyLayer{Values: booking.PolicyValues{key: a[key]}})
		y, wrongToo := booking.EffectivePolicy(mode, booking.PolicyLayer{Values: booking.PolicyValues{key: b[key]}})
		one, err := json.Marshal(x)
		two, err2 := json.Marshal(y)
		if err != nil || err2 != nil || !bytes.Equal(one, two) || len(wrong) != len(wrongToo) {
			return false
		}
	}
	return true
}
