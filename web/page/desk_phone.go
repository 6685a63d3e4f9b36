package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// phoneView books for somebody on the phone: number, name if new, machine and
// day, time, and then what to read aloud.
type phoneView struct {
	deskView
	Step   string // who, when or time
	Who    string // the known person; "" is somebody new
	What   string // machine, day and length that were chosen
	Notice *Notice
	Form   *Form
	Submit string
}

// deskPhone asks for the number of who calls.
func (p *pages) deskPhone(r *request) error {
	d, err := r.desk("desk.phone.title")
	if err != nil {
		return err
	}
	v := phoneView{deskView: d, Step: "who", Submit: d.T("desk.next")}
	v.Form = r.phoneForm(d.Base+"/phone", "desk.phone.hint")
	return r.page(http.StatusOK, "desk_phone", &v)
}

// deskBookByPhone goes one step on with each press; the last one books.
func (p *pages) deskBookByPhone(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v := &phoneView{}
	if v.deskView, err = r.desk("desk.phone.title"); err != nil {
		return err
	}
	who, err := r.whoIs(sent)
	if f, bad := refused(err); bad {
		v.Step, v.Submit, v.Form = "who", v.T("desk.next"), r.phoneForm(v.Base+"/phone", "desk.phone.hint").fill(sent)
		v.Form.refuse(r, f)
		return r.page(edge.Status(f), "desk_phone", v)
	}
	if err != nil {
		return err
	}
	v.Who = who.known
	in := r.deskInput(sent)
	ask, err := r.phoneAsk(v, in)
	if f, bad := refused(err); bad {
		r.whenForm(v, who, sent)
		v.Form.refuse(r, f)
		return r.page(edge.Status(f), "desk_phone", v)
	}
	switch sent.Get("step") {
	case "time":
		return r.offerTimes(v, who, ask, sent)
	case "book":
		return r.bookByPhone(v, who, ask, sent)
	}
	r.whenForm(v, who, sent)
	return r.page(http.StatusOK, "desk_phone", v)
}

// phoneAsk is the machine, the day and the length that were chosen.
type phoneAsk struct {
	machine *booking.Equipment
	day     booking.Date
	minutes int
}

func (r *request) phoneAsk(v *phoneView, in *deskInput) (phoneAsk, error) {
	a := phoneAsk{day: in.day("date", r.today())}
	if step := in.text("step"); step != "time" && step != "book" {
		return a, nil
	}
	e, _, ok := r.chosenMachine(v.Center, in.text("equipment_id"), "0")
	if !ok {
		in.refuse("equipment_id", "required", "")
		return a, in.err()
	}
	a.machine, a.minutes = e, in.number("length", 1, 24*60)
	if a.minutes == 0 {
		a.minutes = max(e.Policy.MinMinutes, e.Policy.SlotMinutes)
	}
	return a, in.err()
}

// phoneLengths are the lengths to ask for; the machine's rule judges them.
var phoneLengths = []int{30, 60, 90, 120, 180, 240}

// whenForm asks for the name of somebody new, and for machine, day and length.
func (r *request) whenForm(v *phoneView, who deskPerson, sent url.Values) {
	var fields []*Field
	if who.known == "" {
		fields = r.newPersonFields(who.phone != "", "phone")
	}
	machine := &Field{Name: "equipment_id", Type: "select", Label: r.T("desk.field.machine"), Focus: who.known != ""}
	for _, e := range v.Center.Equipment {
		if !e.Retired && e.Elsewhere == nil {
			machine.Options = append(machine.Options, Option{Value: e.ID, Label: e.Name.In(r.lang)})
		}
	}
	fields = append(fields, machine,
		&Field{Name: "date", Type: "date", Label: r.T("desk.field.date"), Value: string(r.today()), Required: true},
		&Field{Name: "length", Type: "select", Label: r.T("desk.field.length"), Options: r.minuteOptions(60, phoneLengths...)})
	v.Step, v.Submit = "when", r.T("desk.phone.times")
	v.Form = r.form(v.Base+"/phone", fields...).hide("step", "time").hide("phone", who.phone)
	if sent.Has("equipment_id") {
		v.Form.fill(sent)
	}
}

// offerTimes shows the free starts of the day; without any it says so and asks again.
func (r *request) offerTimes(v *phoneView, who deskPerson, a phoneAsk, sent url.Values) error {
	if who.known == "" && who.name == "" {
		r.whenForm(v, who, sent)
		f, _ := fault.As(fault.BadField("name", "required", ""))
		v.Form.refuse(r, f)
		return r.page(edge.Status(f), "desk_phone", v)
	}
	found, err := r.timeForm(v, who, a, sent)
	if err != nil {
		return err
	}
	if !found {
		what := v.What
		r.whenForm(v, who, sent)
		v.Notice = &Notice{Kind: "warn", Title: r.T("desk.phone.none"), Text: what, Role: "alert"}
	}
	return r.page(http.StatusOK, "desk_phone", v)
}

// timeForm is the last question: at what time.
func (r *request) timeForm(v *phoneView, who deskPerson, a phoneAsk, sent url.Values) (found bool, err error) {
	w := r.staffWhen()
	v.What = strings.Join([]string{a.machine.Name.In(r.lang), w.Day(a.day.At(12*60, r.catalog.Zone)), w.Duration(time.Duration(a.minutes) * time.Minute)}, " · ")
	starts, err := r.freeStarts(a)
	if err != nil {
		return false, err
	}
	times := &Field{Name: "starts_at", Type: "radios", Label: r.T("desk.phone.start")}
	for i, s := range starts {
		times.Options = append(times.Options, Option{Value: deskStamp(s), Label: w.Times(s, s.Add(time.Duration(a.minutes)*time.Minute)), Checked: i == 0})
	}
	v.Step, v.Submit = "time", r.T("desk.phone.book")
	v.Form = r.form(v.Base+"/phone", times, &Field{Name: "purpose", Type: "text", Label: r.T("desk.phone.purpose"), MaxLength: moreLength}).keyed(r).
		hide("step", "book").hide("phone", who.phone).hide("equipment_id", a.machine.ID).hide("date", string(a.day)).hide("length", sent.Get("length"))
	if who.known == "" {
		v.Form.hide("name", who.name).hide("consent", who.consent)
	}
	return len(starts) > 0, nil
}

// freeStarts are the starts of a day from which the machine is free for the length.
func (r *request) freeStarts(a phoneAsk) ([]time.Time, error) {
	av, err := r.p.Engine.Availability(r.ctx(), r.actor, a.machine.ID, a.day, 2) // two: a use may go on past midnight
	if err != nil {
		return nil, err
	}
	var slots []booking.Slot
	for _, d := range av.Days {
		slots = append(slots, d.Slots...)
	}
	var out []time.Time
	for _, s := range r.catalog.Starts(a.machine, a.day) {
		use := booking.Interval{Start: s, End: s.Add(time.Duration(a.minutes) * time.Minute)}
		if freeFor(slots, use) {
			out = append(out, s)
		}
	}
	return out, nil
}

// freeFor tells whether the slots cover the whole use and every one is free.
func freeFor(slots []booking.Slot, use booking.Interval) bool {
	covered := time.Duration(0)
	taken := slices.ContainsFunc(slots, func(s booking.Slot) bool {
		if !s.Interval.Overlaps(use) {
			return false
		}
		from, to := s.Interval.Start, s.Interval.End
		if from.Before(use.Start) {
			from = use.Start
		}
		if to.After(use.End) {
			to = use.End
		}
		covered += to.Sub(from)
		return s.State != booking.SlotFree && s.State != booking.SlotMine || s.FreeUnits == 0
	})
	return !taken && covered >= use.End.Sub(use.Start)
}

// bookByPhone books, and leads to what is read aloud.
func (r *request) bookByPhone(v *phoneView, who deskPerson, a phoneAsk, sent url.Values) error {
	in := r.deskInput(sent)
	start := in.instant("starts_at")
	err := in.err()
	if err == nil {
		var made *booking.View
		made, _, err = r.p.Engine.Book(r.ctx(), r.actor, booking.BookRequest{EquipmentID: a.machine.ID, Start: start, End: start.Add(time.Duration(a.minutes) * time.Minute),
			Purpose: in.text("purpose"), Override: in.text("override"), Key: r.key(sent),
			For: &booking.ForWhom{Name: who.name, Phone: who.phone, Consent: who.consent}})
		if err == nil {
			return r.see(v.Base + "/bookings/" + made.ID + "/said")
		}
	}
	f, bad := refused(err)
	if !bad {
		return err
	}
	if _, err := r.timeForm(v, who, a, sent); err != nil {
		return err
	}
	if f.Code == "policy" || sent.Get("override") != "" {
		v.Form.fields = append(v.Form.fields, r.overrideField())
	}
	v.Form.fill(sent).refuse(r, f)
	return r.page(edge.Status(f), "desk_phone", v)
}

// saidView is what staff read to the person on the phone.
type saidView struct {
	deskView
	Who   string
	Lines []string
	Rows  []Row
	Href  string
}

// deskSaid is the summary of a booking by phone, with the code in single letters.
func (p *pages) deskSaid(r *request) error {
	d, err := r.desk("desk.said.title")
	if err != nil {
		return err
	}
	b, err := r.ofCenter(p.Engine.Get(r.ctx(), r.actor, r.Param("id")))
	if err != nil {
		return err
	}
	w := r.when() // spoken to a citizen: 오후 2:00
	v := saidView{deskView: d, Href: d.Go("/bookings/" + b.ID), Who: r.whoComes(b)}
	state := "confirmed"
	if b.Status == booking.Pending {
		state = "pending"
	}
	v.Lines = []string{r.T("desk.said.what", w.Span(b.Start, b.End), b.Equipment.Name.In(r.lang)), r.T("desk.said." + state),
		r.T("desk.said.code", spelled(b.Code))}
	if b.Status == booking.Confirmed {
		v.Lines = append(v.Lines, r.T("desk.said.cancel", w.Moment(b.Details.Terms.CancelUntil)))
	}
	v.Rows = r.cardRows(b)
	return r.page(http.StatusOK, "desk_said", &v)
}

// spelled is a code as it is read aloud: letter by letter, with a pause in the middle.
func spelled(code string) string {
	halves := strings.Split(booking.ShowCode(code), "-")
	for i, half := range halves {
		halves[i] = strings.Join(strings.Split(half, ""), " ")
	}
	return strings.Join(halves, ", ")
}
