package page

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// walkInView seats somebody who just came: machine, phone, name if new, length.
type walkInView struct {
	deskView
	Step     string // machine, phone or start
	Machines []freeMachine
	What     string // the chosen machine
	Until    string // how long it is free
	Who      string // the known person; "" is somebody new
	Form     *Form
	Again    string // back to the choice of a machine
}

// freeMachine is a unit and whether somebody can start on it now.
type freeMachine struct {
	Name  string
	State Chip
	Text  string // until when, or why not
	Href  string // "" where nobody can start
}

// deskWalkIn shows the machines, then asks for the phone.
func (p *pages) deskWalkIn(r *request) error {
	v := walkInView{}
	var err error
	if v.deskView, err = r.desk("desk.walkin.title"); err != nil {
		return err
	}
	v.Again = v.Go("/walk-in")
	t, err := p.Engine.Today(r.ctx(), r.actor, v.Center.ID, "")
	if err != nil {
		return err
	}
	if e, unit, ok := r.chosenMachine(v.Center, r.Query("machine"), r.Query("unit")); ok {
		v.Step, v.What, v.Until = "phone", r.deskMachine(e, unit), r.freeText(t, e, unit)
		v.Form = r.phoneForm(v.Base+"/walk-in", "desk.walkin.phone_hint").hide("equipment_id", e.ID).hide("unit", strconv.Itoa(unit))
		return r.page(http.StatusOK, "desk_walkin", &v)
	}
	v.Step = "machine"
	for _, m := range t.Machines {
		if m.Equipment.Elsewhere != nil {
			continue
		}
		f := freeMachine{Name: r.deskMachine(m.Equipment, m.Unit), State: r.machineState(m.State), Text: r.freeText(t, m.Equipment, m.Unit)}
		if m.State == "free" || m.State == "closed" {
			f.Href = v.Go("/walk-in?" + url.Values{"machine": {m.Equipment.ID}, "unit": {strconv.Itoa(m.Unit)}}.Encode())
		}
		v.Machines = append(v.Machines, f)
	}
	return r.page(http.StatusOK, "desk_walkin", &v)
}

// chosenMachine is the unit of this center that an address or a form names.
func (r *request) chosenMachine(c *booking.Center, id, number string) (*booking.Equipment, int, bool) {
	e, ok := r.catalog.Machine(id)
	unit, err := strconv.Atoi(number)
	if !ok || e.Center.ID != c.ID || e.Retired || err != nil || unit < 0 || unit > e.Quantity {
		return nil, 0, false
	}
	return e, unit, true
}

// freeUntil is the next thing on a unit from now on: a booking, an outage that
// is known, the end of the opening hours. nil: nothing on this day.
func (r *request) freeUntil(t *booking.Today, e *booking.Equipment, unit int) *time.Time {
	var next *time.Time
	sooner := func(x time.Time) {
		if next == nil || x.Before(*next) {
			next = &x
		}
	}
	for _, m := range t.Machines {
		if m.Equipment.ID != e.ID || m.Unit != unit {
			continue
		}
		for _, v := range m.Bookings {
			if v.Occupies && v.BusyUntil.After(t.Now) {
				sooner(v.Start.Add(-time.Duration(e.Policy.BufferMinutes) * time.Minute))
			}
		}
	}
	for _, open := range r.catalog.Day(e.Center, t.Date).Open {
		if open.Has(t.Now) {
			sooner(open.End)
		}
	}
	return next
}

func (r *request) freeText(t *booking.Today, e *booking.Equipment, unit int) string {
	for _, m := range t.Machines {
		if m.Equipment.ID == e.ID && m.Unit == unit && m.State != "free" {
			return r.T("desk.walkin.not." + m.State)
		}
	}
	if next := r.freeUntil(t, e, unit); next != nil {
		return r.T("desk.walkin.until", r.staffWhen().Time(*next))
	}
	return r.T("desk.walkin.free")
}

// phoneForm asks for the number. It is sent and never stands in an address.
func (r *request) phoneForm(path, hint string) *Form {
	return r.form(path, &Field{Name: "phone", Type: "tel", Label: r.T("desk.phone.label"), Hint: r.T(hint), InputMode: "tel", Autocomplete: "off", MaxLength: 20, Focus: true}).hide("step", "who")
}

// deskSeat takes the phone, then the name and the length, and seats the person.
func (p *pages) deskSeat(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v := walkInView{}
	if v.deskView, err = r.desk("desk.walkin.title"); err != nil {
		return err
	}
	e, unit, ok := r.chosenMachine(v.Center, sent.Get("equipment_id"), sent.Get("unit"))
	if !ok {
		return r.see(v.Base + "/walk-in")
	}
	v.Again, v.What = v.Go("/walk-in"), r.deskMachine(e, unit)
	who, err := r.whoIs(sent)
	if f, bad := refused(err); bad {
		v.Step = "phone"
		v.Form = r.phoneForm(v.Base+"/walk-in", "desk.walkin.phone_hint").hide("equipment_id", e.ID).hide("unit", strconv.Itoa(unit)).fill(sent)
		v.Form.refuse(r, f)
		return r.page(edge.Status(f), "desk_walkin", &v)
	}
	if err != nil {
		return err
	}
	v.Step, v.Who = "start", who.known
	if sent.Get("step") != "start" {
		if err := r.startForm(&v, e, unit, who, sent); err != nil {
			return err
		}
		return r.page(http.StatusOK, "desk_walkin", &v)
	}
	err = r.seat(v.Center, e, unit, who, sent)
	f, bad := refused(err)
	switch {
	case err == nil:
		return nil
	case !bad:
		return err
	}
	if err := r.startForm(&v, e, unit, who, sent); err != nil {
		return err
	}
	return r.walkInAgain(&v, sent, f)
}

// walkInAgain shows the last step once more: with the reason, and with a way around
// a rule for those who may take it.
func (r *request) walkInAgain(v *walkInView, sent url.Values, f *fault.Fault) error {
	if f.Code == "policy" || sent.Get("override") != "" {
		v.Form.fields = append(v.Form.fields, r.overrideField())
	}
	v.Form.fill(sent).refuse(r, f)
	if at, ok := f.Extra["free_at"].(*time.Time); ok && at != nil {
		v.Form.Reasons = append(v.Form.Reasons, r.T("desk.walkin.free_at", r.staffWhen().Moment(*at)))
	}
	return r.page(edge.Status(f), "desk_walkin", v)
}

// overrideField lets staff write down why a rule is waived; only who was
// refused by one is asked.
func (r *request) overrideField() *Field {
	return &Field{Name: "override", Type: "text", Label: r.T("desk.override"), Hint: r.T("desk.override_hint"), MaxLength: moreLength}
}

// startLengths are the lengths offered at the counter, in minutes.
var startLengths = []int{30, 60, 90, 120, 180, 240}

// startForm asks for the name of somebody new and for the length; lengths that
// run into the next booking are not offered.
func (r *request) startForm(v *walkInView, e *booking.Equipment, unit int, who deskPerson, sent url.Values) error {
	t, err := r.p.Engine.Today(r.ctx(), r.actor, v.Center.ID, "")
	if err != nil {
		return err
	}
	v.Until = r.freeText(t, e, unit)
	next := r.freeUntil(t, e, unit)
	var fits []int
	for _, m := range startLengths {
		if m <= e.Policy.MaxMinutes && (next == nil || !t.Now.Truncate(time.Minute).Add(time.Duration(m)*time.Minute).After(*next)) {
			fits = append(fits, m)
		}
	}
	if next != nil && len(fits) == 0 {
		if rest := int(next.Sub(t.Now) / time.Minute); rest > 0 {
			fits = []int{rest}
		}
	}
	if len(fits) == 0 {
		fits = startLengths[:2]
	}
	var fields []*Field
	if who.known == "" {
		fields = r.newPersonFields(who.phone != "", "counter")
	}
	fields = append(fields, &Field{Name: "minutes", Type: "radios", Label: r.T("desk.walkin.length"), Options: r.minuteOptions(fits[min(1, len(fits)-1)], fits...)},
		r.clockField("at", r.T("desk.walkin.at"), "", false))
	fields[len(fields)-1].Hint = r.T("desk.walkin.at_hint")
	v.Form = r.form(v.Base+"/walk-in", fields...).keyed(r).hide("step", "start").hide("equipment_id", e.ID).hide("unit", strconv.Itoa(unit)).hide("phone", who.phone)
	if key := sent.Get("key"); key != "" {
		v.Form.Key = key
	}
	return nil
}

// seat starts the use and goes back to the board.
func (r *request) seat(c *booking.Center, e *booking.Equipment, unit int, who deskPerson, sent url.Values) error {
	in := r.deskInput(sent)
	req := booking.WalkInRequest{CenterID: c.ID, EquipmentID: e.ID, Unit: unit, Minutes: in.number("minutes", 1, 24*60), At: in.at("at", r.today()),
		Name: who.name, Phone: who.phone, Consent: who.consent, Override: in.text("override"), Key: r.key(sent)}
	if err := in.err(); err != nil {
		return err
	}
	v, _, err := r.p.Engine.WalkIn(r.ctx(), r.actor, req)
	if err != nil {
		return err
	}
	return r.see(deskBase(c.ID) + "?" + url.Values{"did": {"walk-in"}, "last": {v.ID}}.Encode())
}
