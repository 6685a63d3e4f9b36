package page

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// spareLimits is how many empty rows the form offers for further limits.
const spareLimits = 2

// limitRow is one limit of the form.
type limitRow struct {
	Name   string
	Fields []*Field
}

// limitRows is how many limits the form asks for.
func (v *rulesView) limitRows() int {
	var list []json.RawMessage
	_ = json.Unmarshal(v.Layer.Values["limits"], &list) // none when it says nothing
	return len(list) + spareLimits
}

// rulesForm asks for the rules as the layer has them, or as they were sent.
func (r *request) rulesForm(v *rulesView, sent url.Values) {
	var fields []*Field
	for _, key := range ruleNumbers {
		fields = append(fields, &Field{Name: key, Type: "number", InputMode: "numeric", Label: r.T("admin.rule." + key), Hint: r.inForce(v, key)})
	}
	for _, name := range []string{"opens", "closes", "cancel_until"} {
		fields = append(fields, r.beforeFields(name)...)
	}
	fields = append(fields, r.choose("late_cancel", "allowed", "refused"), r.choose("limits", "own"))
	for i := range v.limitRows() {
		row := r.limitFields(i)
		fields = append(fields, row...)
		v.Rows = append(v.Rows, limitRow{r.T("admin.rule.limit", i+1), row})
	}
	fields = append(fields, r.choose("certificate", "none", "refuse", "ask_staff"),
		&Field{Name: "certificate_key", Type: "text", Label: r.T("admin.rule.certificate_key"), Hint: r.T("admin.rule.certificate_key.hint"), MaxLength: mostTitle},
		r.choose("approval", "none", "staff"),
		&Field{Name: "approval_hours", Type: "number", InputMode: "numeric", Label: r.T("admin.rule.approval_hours")},
		&Field{Name: "check_opens", Type: "number", InputMode: "numeric", Label: r.T("admin.rule.check_opens")},
		r.choose("grace", "none", "minutes"),
		&Field{Name: "grace_minutes", Type: "number", InputMode: "numeric", Label: r.T("admin.rule.grace_minutes")},
		r.choose("check_auto", "when_desk_seen", "always", "never"),
		&Field{Name: "use_json", Type: "checkbox", Label: r.T("admin.rule.use_json"), Hint: r.T("admin.rule.use_json.hint")},
		&Field{Name: "json", Type: "textarea", Rows: 12, Label: r.T("admin.rule.json")},
		&Field{Name: "from_date", Type: "date", Label: r.T("admin.rule.from_date"), Hint: r.T("admin.rule.from_date.hint")},
		r.clockField("from_time", r.T("admin.rule.from_time"), "", false))
	v.Kept = r.keptOf(v.Layer.Values, v.limitRows())
	if sent == nil {
		v.Form = r.form(v.path(), fields...).fill(r.rulesNow(v)).versioned(v.Layer.Version, nil)
		return
	}
	v.Form = r.form(v.path(), fields...).fill(sent).versioned(v.Layer.Version, sent)
}

// rulesNow are the values of the layer, to take effect at the next opening.
func (r *request) rulesNow(v *rulesView) url.Values {
	now := written(v.Layer.Values)
	now.Set("json", writeValues(v.Layer.Values))
	if at := r.nextOpening(v); at.After(r.now) {
		now.Set("from_date", string(booking.DateOf(at, r.catalog.Zone)))
		now.Set("from_time", at.In(r.catalog.Zone).Format("15:04"))
	}
	return now
}

// inForce says what an empty field of a machine comes to.
func (r *request) inForce(v *rulesView, key string) string {
	if _, own := v.Layer.Values[key]; v.Machine == nil || own {
		return ""
	}
	p := v.Machine.Policy
	n := map[string]int{"slot_minutes": p.SlotMinutes, "min_minutes": p.MinMinutes, "max_minutes": p.MaxMinutes, "buffer_minutes": p.BufferMinutes, "capacity": p.Capacity}[key]
	return r.T("admin.rule.now", n)
}

// choose is a rule that is one of some words, or inherited.
func (r *request) choose(name string, words ...string) *Field {
	x := &Field{Name: name, Type: "select", Label: r.T("admin.rule." + name), Options: []Option{{Value: "", Label: r.T("admin.rule.inherit"), Checked: true}}}
	for _, w := range words {
		x.Options = append(x.Options, Option{Value: w, Label: r.T("admin.rule." + name + "." + w)})
	}
	return x
}

// beforeFields are a moment before a start.
func (r *request) beforeFields(name string) []*Field {
	unit := &Field{Name: name + "_unit", Type: "select", Label: r.T("admin.rule.unit"), Options: []Option{{Value: "", Label: r.T("admin.rule.inherit"), Checked: true}}}
	for _, u := range beforeUnits {
		unit.Options = append(unit.Options, Option{Value: u, Label: r.T("admin.rule.unit." + u)})
	}
	return []*Field{{Name: name + "_n", Type: "number", InputMode: "numeric", Label: r.T("admin.rule.n")}, unit, r.hourField(name+"_at", r.T("admin.rule.at"), "")}
}

// limitFields are one limit: the most, of what, in which span, for whom, over what.
func (r *request) limitFields(i int) []*Field {
	row := []*Field{{Name: limitPrefix(i) + "max", Type: "number", InputMode: "numeric", Label: r.T("admin.rule.max")}}
	for _, part := range limitParts {
		x := &Field{Name: limitPrefix(i) + part, Type: "select", Label: r.T("admin.rule." + part)}
		for _, w := range limitWords[part] {
			x.Options = append(x.Options, Option{Value: w, Label: r.T("admin.rule." + part + "." + w)})
		}
		row = append(row, x)
	}
	return row
}

// limitWords are the words that each part of a limit may be.
var limitWords = map[string][]string{
	"count": {"minutes", "bookings", "upcoming", "concurrent", "consecutive_days"},
	"per":   {"", "visit", "day", "week", "month"},
	"by":    {"person", "firm"},
	"over":  {"equipment", "category", "center", "city"},
}

// Before are the fields of a moment before a start.
func (v *rulesView) Before(name string) []*Field {
	return []*Field{v.Form.Field(name + "_n"), v.Form.Field(name + "_unit"), v.Form.Field(name + "_at")}
}

// Named are fields by their names.
func (v *rulesView) Named(names ...string) []*Field {
	var list []*Field
	for _, name := range names {
		list = append(list, v.Form.Field(name))
	}
	return list
}

// Open tells whether the JSON is used, or was wrong.
func (v *rulesView) Open() bool {
	return v.Form.Field("use_json").Checked || v.Form.Field("json").Error != ""
}

var limitPath = regexp.MustCompile(`^limits\[(\d+)\](?:\.(\w+))?$`)

// rulesField is where the form asks for what a refusal names as a catalog file does.
func (v *rulesView) rulesField(x fault.Field) fault.Field {
	if x.Field == "effective_from" {
		x.Field = "from_date"
		return x
	}
	path, ok := strings.CutPrefix(x.Field, "policy.")
	if !ok {
		return x
	}
	if m := limitPath.FindStringSubmatch(path); m != nil {
		i, _ := strconv.Atoi(m[1])
		x.Field = limitPrefix(i) + m[2]
		if m[2] == "" || m[2] == "allocation" {
			x.Field = limitPrefix(i) + "max"
		}
		return x
	}
	known := map[string]string{"window": "opens_n", "window.opens": "opens_n", "window.opens.at": "opens_at", "window.closes": "closes_n", "window.closes.at": "closes_at",
		"cancel_until": "cancel_until_n", "cancel_until.at": "cancel_until_at", "requires_certificate": "certificate", "requires_certificate.key": "certificate_key",
		"approval": "approval", "approval.answer_within_hours": "approval_hours", "check_in.opens_minutes_before": "check_opens",
		"check_in.grace_minutes": "grace_minutes", "check_in.auto": "check_auto"}
	if name, ok := known[path]; ok {
		path = name
	}
	for _, name := range []string{"window.opens", "window.closes", "cancel_until"} {
		if strings.HasPrefix(path, name+".") {
			path = strings.TrimPrefix(name, "window.") + "_n"
		}
	}
	x.Field = path
	return x
}

// inJSON names what is wrong where the fields don't show it: in the JSON, and
// in the rules of a machine that the center's change does not fit.
func (r *request) inJSON(v *rulesView, sent url.Values, err error) error {
	f, bad := refused(err)
	if !bad || len(f.Fields) == 0 {
		return err
	}
	c := *f
	c.Fields = nil
	for _, x := range f.Fields {
		asked := v.Form.named(v.rulesField(x).Field)
		switch {
		case sent.Get("use_json") != "" && strings.HasPrefix(x.Field, "policy."):
			v.Form.Reasons = append(v.Form.Reasons, strings.TrimPrefix(x.Field, "policy.")+": "+r.fieldSentence(inNumbers(&Form{}, x)))
			x = fault.Field{Field: "json", Rule: "admin_values"}
		case asked == nil:
			v.Form.Reasons = append(v.Form.Reasons, r.whoseRule(v, x.Field)+": "+r.fieldSentence(inNumbers(&Form{}, x)))
			x = fault.Field{Field: "use_json", Rule: "admin_values"}
		}
		c.Fields = append(c.Fields, x)
	}
	return &c
}

var machineRule = regexp.MustCompile(`^equipment\[(\d+)\]\.policy\.(.+)$`)

// whoseRule names a rule of a machine by the machine.
func (r *request) whoseRule(v *rulesView, path string) string {
	m := machineRule.FindStringSubmatch(path)
	if m == nil {
		return path
	}
	if i, err := strconv.Atoi(m[1]); err == nil && i < len(v.Center.Equipment) {
		return v.Center.Equipment[i].Name.In(r.lang) + " · " + m[2]
	}
	return m[2]
}
