package page

import (
	"net/url"
	"strconv"

	"gongbang/booking"
)

// ruleGroup is a subject of the rules. It is folded up while nothing is said about it.
type ruleGroup struct {
	Title, Hint string
	Parts       []rulePart
	More        string // the list that gets further rows by a button
}

// rulePart are fields that belong together; without a legend each one stands for itself.
type rulePart struct {
	Legend string
	Fields []*Field
}

// Open tells whether something is said in the group, or was wrong in it.
func (g ruleGroup) Open() bool {
	for _, p := range g.Parts {
		for _, f := range p.Fields {
			if f.said() || f.Error != "" || f.Focus {
				return true
			}
		}
	}
	return false
}

// said tells whether a field was answered: of words that always choose one, no.
func (f *Field) said() bool {
	for _, o := range f.Options {
		if o.Checked && o.Value != "" && (f.Type == "checkboxes" || f.Options[0].Value == "") {
			return true
		}
	}
	return f.Value != ""
}

// The fields are named as the values are in a catalog file, with dots alone: a
// refusal that names a value finds its field. What has more than one field
// keeps the value's name for the one that is typed.
func (r *request) ruleGroups(v *rulesView, rows func(list string) int) []ruleGroup {
	alone := func(list ...*Field) rulePart { return rulePart{Fields: list} }
	before := func(name, label string) rulePart { return rulePart{r.ruleText(label), r.beforeFields(name)} }
	var lengths []*Field
	for _, key := range ruleNumbers {
		f := r.ruleNumber(key, key)
		f.Hint = r.inForce(v, key)
		lengths = append(lengths, f)
	}
	return []ruleGroup{
		{Title: "length", Parts: []rulePart{alone(lengths...)}},
		{Title: "window", Parts: []rulePart{before("window.opens", "opens"), before("window.closes", "closes"), before("cancel_until", "cancel_until"),
			alone(r.choose("late_cancel", "late_cancel", "allowed", "refused"))}},
		{Title: "limits", More: "limits", Parts: append([]rulePart{alone(r.choose("limits", "limits", "own"))}, r.limitParts(rows("limits"))...)},
		{Title: "who", Parts: []rulePart{alone(
			r.choose("requires_certificate", "certificate", "none", "refuse", "ask_staff"),
			&Field{Name: "requires_certificate.key", Type: "text", Label: r.ruleText("certificate_key"), Hint: r.ruleText("certificate_key.hint"), MaxLength: mostTitle},
			r.choose("approval", "approval", "none", "staff"), r.ruleNumber("approval.answer_within_hours", "approval_hours"),
			r.choose("age", "age", "none", "years"), r.ruleNumber("min_age", "min_age"))}},
		{Title: "checkin", Parts: []rulePart{alone(
			r.ruleNumber("check_in.opens_minutes_before", "check_opens"),
			r.choose("grace", "grace", "none", "minutes"), r.ruleNumber("check_in.grace_minutes", "grace_minutes"),
			r.choose("check_in.auto", "check_auto", "when_desk_seen", "always", "never"))}},
		{Title: "noshow", Hint: "noshow.hint", More: "steps", Parts: r.noShowParts(rows("steps"))},
		{Title: "reminders", Parts: []rulePart{alone(r.choose("reminders", "reminders", "none", "own"),
			&Field{Name: "reminder_hours_before", Type: "text", Label: r.ruleText("reminder_hours"), Hint: r.ruleText("reminder_hours.hint"), MaxLength: mostTitle})}},
		{Title: "lanes", Hint: "lanes.hint", More: "lanes", Parts: append([]rulePart{alone(r.choose("lanes", "lanes", "own"))}, r.laneParts(rows("lanes"))...)},
		{Title: "allocation", Parts: []rulePart{alone(r.choose("allocation", "allocation", "first_come", "lottery"),
			r.ruleNumber("allocation.lottery.apply_until_days_before", "apply_until"), r.ruleNumber("allocation.lottery.draw_days_before", "draw_days"),
			r.timesField("allocation.lottery.times"))}},
		{Title: "hold", Hint: "hold.hint", Parts: []rulePart{alone(r.ruleNumber("hold.minutes", "hold_minutes"), r.ruleNumber("hold.extend_minutes", "hold_extend"),
			r.ruleNumber("hold.extensions", "hold_extensions"))}},
	}
}

// rulesForm asks for the rules as the layer has them, or as they were sent.
func (r *request) rulesForm(v *rulesView, sent url.Values) {
	said := sent
	if sent == nil {
		said = r.rulesNow(v)
	}
	v.Groups = r.ruleGroups(v, func(list string) int { return rowsOf(list, said, sent == nil) })
	var fields []*Field
	for _, g := range v.Groups {
		for _, p := range g.Parts {
			fields = append(fields, p.Fields...)
		}
	}
	fields = append(fields, &Field{Name: "from_date", Type: "date", Label: r.T("admin.rule.from_date"), Hint: r.T("admin.rule.from_date.hint")},
		r.clockField("from_time", r.T("admin.rule.from_time"), "", false))
	v.Form = r.form(v.path(), fields...).fill(said).versioned(v.Layer.Version, sent)
	if list := said.Get("more"); list != "" {
		v.Form.focus(rowName(list, rowsOf(list, said, false)-moreRows))
	}
}

// rulesNow are the values of the layer, to take effect at the next opening.
func (r *request) rulesNow(v *rulesView) url.Values {
	now := written(v.Layer.Values)
	if at := r.nextOpening(v); at.After(r.now) {
		now.Set("from_date", string(booking.DateOf(at, r.catalog.Zone)))
		now.Set("from_time", at.In(r.catalog.Zone).Format("15:04"))
	}
	return now
}

func (r *request) ruleText(key string) string { return r.T("admin.rule." + key) }

func (r *request) ruleNumber(name, label string) *Field {
	return &Field{Name: name, Type: "number", InputMode: "numeric", Label: r.ruleText(label)}
}

// timesField asks for times of day; several are told apart by commas.
func (r *request) timesField(name string) *Field {
	return &Field{Name: name, Type: "text", Label: r.ruleText("times"), Hint: r.ruleText("times.hint"), MaxLength: mostAddress}
}

// inForce says what an empty field of a machine comes to.
func (r *request) inForce(v *rulesView, key string) string {
	if _, own := v.Layer.Values[key]; v.Machine == nil || own {
		return ""
	}
	p := v.Machine.Policy
	n := map[string]int{"slot_minutes": p.SlotMinutes, "start_step_minutes": p.StartStepMinutes, "min_minutes": p.MinMinutes, "max_minutes": p.MaxMinutes,
		"buffer_minutes": p.BufferMinutes, "capacity": p.Capacity}[key]
	return r.T("admin.rule.now", n)
}

// choose is a rule that is one of some words, or inherited.
func (r *request) choose(name, label string, words ...string) *Field {
	x := r.oneWord(name, label, words...)
	x.Options = append([]Option{{Value: "", Label: r.ruleText("inherit"), Checked: true}}, x.Options...)
	return x
}

func (r *request) oneWord(name, label string, words ...string) *Field {
	return &Field{Name: name, Type: "select", Label: r.ruleText(label), Options: r.words("admin.rule."+label+".", words, "")}
}

// beforeFields are a moment before a start.
func (r *request) beforeFields(name string) []*Field {
	return []*Field{r.ruleNumber(name, "n"), r.choose(name+".unit", "unit", beforeUnits...), r.hourField(name+".at", r.ruleText("at"), "")}
}

// rowName is the beginning of the names of a row's fields.
func rowName(list string, i int) string { return list + "." + strconv.Itoa(i) }
