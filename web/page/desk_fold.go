package page

import (
	"slices"
	"strconv"
	"time"

	"gongbang/booking"
)

// fold is a deed that asks something first.
type fold struct {
	Path, Label, Text, Submit string
	Danger                    bool
	Primary                   bool // the one thing to do next on this card
	Open                      bool
	Form                      *Form
}

// folds are the deeds that ask something, in the order of a visit.
func (r *request) folds(base string, b *booking.View) []fold {
	var out []fold
	add := func(verb booking.Verb, path string, fields ...*Field) *fold {
		if !slices.Contains(b.Can, verb) {
			return &fold{}
		}
		out = append(out, fold{Path: path, Label: r.T("desk.do." + path), Text: r.T("desk.about." + path), Submit: r.T("desk.submit." + path),
			Form: r.deedForm(base, b, path, ofDeed(path, fields)...)})
		return &out[len(out)-1]
	}
	f := add(booking.VerbApprove, "approve", r.spanFields(b, b.Start)...)
	f.Primary, f.Open = true, true
	add(booking.VerbReject, "reject", r.reasonFields("reject")...).Danger = true
	if slices.Contains(b.Can, booking.VerbJob) {
		out = append(out, r.jobFold(base, b)...)
	}
	if f := add(booking.VerbContinue, "continue", r.spanFields(b, b.Start.AddDate(0, 0, 1))[:3]...); f.Form != nil {
		f.Form.keyed(r)
	}
	if !r.now.After(b.End) {
		add(booking.VerbLate, "late", &Field{Name: "minutes", Type: "radios", Label: r.T("desk.late.minutes"), Options: r.minuteOptions(10, 10, 20, 30, 60)})
	}
	add(booking.VerbMove, "move", r.spanFields(b, b.Start)...)
	add(booking.VerbNoShow, "no-show").Danger = true
	add(booking.VerbUndo, "undo", r.reasonFields("undo")...)
	add(booking.VerbCancel, "cancel", r.reasonFields("cancel")...).Danger = true
	if b.Status == booking.Confirmed || b.Status == booking.CheckedIn {
		out = append(out, fold{Path: "close", Label: r.T("desk.do.close"), Text: r.T("desk.about.close"), Submit: r.T("desk.submit.close"), Danger: true,
			Form: r.deedForm(base, b, "close", ofDeed("close", r.reasonFields("close"))...)})
	}
	return out
}

func (r *request) reasonFields(deed string) []*Field {
	return []*Field{
		{Name: "reason", Type: "radios", Label: r.T("desk.reason"), Options: r.reasonsOf(deed)},
		{Name: "more", Type: "text", Label: r.T("desk.reason.more"), MaxLength: moreLength},
	}
}

// spanFields ask for date, time, length and unit, filled with those of the booking.
func (r *request) spanFields(b *booking.View, start time.Time) []*Field {
	fields := []*Field{
		{Name: "date", Type: "date", Label: r.T("desk.field.date"), Value: string(booking.DateOf(start, b.Zone)), Required: true},
		r.clockField("time", r.T("desk.field.time"), start.In(b.Zone).Format("15:04"), true),
		r.lengthField(b.Equipment, b.Interval().Minutes()),
	}
	if b.Equipment.Quantity < 2 {
		return fields
	}
	units := &Field{Name: "unit", Type: "select", Label: r.T("desk.field.unit"), Options: []Option{{Value: "0", Label: r.T("desk.any_unit"), Checked: true}}}
	for unit := 1; unit <= b.Equipment.Quantity; unit++ {
		units.Options = append(units.Options, Option{Value: strconv.Itoa(unit), Label: r.T("desk.unit_no", unit)})
	}
	return append(fields, units)
}

// clockField is a time of day as staff type it. It is no time input: those
// show 오전 and 오후 on a Korean computer.
func (r *request) clockField(name, label, value string, required bool) *Field {
	return &Field{Name: name, Type: "text", Label: label, Value: value, InputMode: "numeric", Placeholder: "13:05", MaxLength: 5, Required: required}
}

// lengthField offers every length of the machine's rule, and the one that is now.
func (r *request) lengthField(e *booking.Equipment, now int) *Field {
	step := max(1, e.Policy.SlotMinutes)
	var lengths []int
	for m := max(step, e.Policy.MinMinutes); m <= max(e.Policy.MaxMinutes, now) && len(lengths) < 96; m += step {
		lengths = append(lengths, m)
	}
	if !slices.Contains(lengths, now) && now > 0 {
		lengths = append(lengths, now)
		slices.Sort(lengths)
	}
	return &Field{Name: "minutes", Type: "select", Label: r.T("desk.field.length"), Options: r.minuteOptions(now, lengths...)}
}

func (r *request) minuteOptions(chosen int, minutes ...int) []Option {
	var out []Option
	for _, m := range minutes {
		out = append(out, Option{Value: strconv.Itoa(m), Label: r.staffWhen().Duration(time.Duration(m) * time.Minute), Checked: m == chosen})
	}
	return out
}

// jobStates are the states of a job in their order.
var jobStates = []booking.JobState{booking.JobWaiting, booking.JobReceived, booking.JobWorking, booking.JobReady, booking.JobCollected}

// jobFold is one form with a button for each state that lies ahead, and for a
// note or a promise alone.
func (r *request) jobFold(base string, b *booking.View) []fold {
	state := b.Details.Job.State
	var ahead []Option
	for i := slices.Index(jobStates, state); i >= 0 && i < len(jobStates); i++ {
		label := r.T("desk.job.do." + string(jobStates[i]))
		if jobStates[i] == state {
			label = r.T("desk.job.same")
		}
		ahead = append(ahead, Option{Value: string(jobStates[i]), Label: label})
	}
	if len(ahead) < 2 {
		return nil // collected: nothing lies ahead
	}
	ahead[1].Checked = true
	date, at := &Field{Name: "date", Type: "date", Label: r.T("desk.job.date")}, r.clockField("time", r.T("desk.job.time"), "", false)
	if p := b.Details.Job.PromisedAt; p != nil {
		date.Value, at.Value = string(booking.DateOf(*p, b.Zone)), p.In(b.Zone).Format("15:04")
	}
	return []fold{{Path: "job", Label: r.T("desk.do.job"), Text: r.T("desk.about.job"), Submit: r.T("desk.submit.job"), Open: true, Primary: true,
		Form: r.deedForm(base, b, "job", ofDeed("job", []*Field{{Name: "state", Type: "radios", Label: r.T("desk.job.state"), Options: ahead}, date, at,
			{Name: "note", Type: "text", Label: r.T("desk.job.note"), Hint: r.T("desk.job.note_hint"), MaxLength: moreLength, Value: b.Details.Job.StaffNote}})...)}}
}
