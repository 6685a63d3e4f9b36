package page

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// outageView reports a machine that can't be used. What it does to whom is
// shown before it is saved and again after.
type outageView struct {
	deskView
	Step    string // ask, check or done
	What    string
	Times   string
	Reason  template.HTML
	Hit     []hitLine
	Again   bool // the same press came twice
	Form    *Form
	Running []runningOutage
}

// runningOutage is an outage that is not over.
type runningOutage struct {
	Machine, Times string
	Reason         template.HTML
	State          Chip
	End            *Form  // nil while it lies ahead
	Series         string // leads to the end of all that come again; at the first of them
}

// deskOutage asks what is broken, and lists what stands already.
func (p *pages) deskOutage(r *request) error {
	v := &outageView{Step: "ask"}
	var err error
	if v.deskView, err = r.desk("desk.outage.title"); err != nil {
		return err
	}
	v.Form = r.outageForm(v)
	if m := r.Query("machine"); m != "" {
		v.Form.fill(url.Values{"machine": {m}, "kind": {"fault"}, "date": {v.Form.Field("date").Value}, "time": {v.Form.Field("time").Value}})
	}
	return r.outagePage(http.StatusOK, v)
}

func (r *request) outagePage(status int, v *outageView) error {
	var err error
	if v.Step == "ask" {
		v.Running, err = r.runningOutages(v)
	}
	if err != nil {
		return err
	}
	return r.page(status, "desk_outage", v)
}

// outageForm names machine and unit, what happened, and until when.
func (r *request) outageForm(v *outageView) *Form {
	machine := &Field{Name: "machine", Type: "select", Label: r.T("desk.outage.machine"), Required: true}
	for _, e := range v.Center.Equipment {
		if e.Retired {
			continue
		}
		all := e.Name.In(r.lang)
		if e.Quantity > 1 {
			all = r.T("desk.outage.all", all)
		}
		machine.Options = append(machine.Options, Option{Value: e.ID + " 0", Label: all})
		for unit := 1; unit <= e.Quantity && e.Quantity > 1; unit++ {
			machine.Options = append(machine.Options, Option{Value: e.ID + " " + strconv.Itoa(unit), Label: r.deskMachine(e, unit)})
		}
	}
	end := r.openEnd(v.Center)
	return r.form(v.Base+"/outage", machine,
		&Field{Name: "kind", Type: "radios", Label: r.T("desk.outage.kind"), Options: []Option{
			{Value: string(booking.Fault), Label: r.T("desk.outage.kind.fault"), Checked: true}, {Value: string(booking.Maintenance), Label: r.T("desk.outage.kind.maintenance")}}},
		&Field{Name: "reason", Type: "select", Label: r.T("desk.outage.reason"), Options: r.reasonsOf("outage")},
		&Field{Name: "more", Type: "text", Label: r.T("desk.reason.more"), MaxLength: moreLength},
		&Field{Name: "date", Type: "date", Label: r.T("desk.outage.until"), Value: string(booking.DateOf(end.Add(-time.Minute), r.catalog.Zone)), Required: true},
		r.clockField("time", r.T("desk.outage.until_time"), r.staffWhen().Time(end), true),
		&Field{Name: "sure", Type: "checkbox", Label: r.T("desk.outage.sure"), Hint: r.T("desk.outage.sure_hint")},
		&Field{Name: "begin_date", Type: "date", Label: r.optional("desk.outage.begin"), Hint: r.T("desk.outage.begin.hint")},
		r.hourField("begin_time", r.optional("desk.outage.begin_time"), ""),
		&Field{Name: "repeat", Type: "select", Label: r.T("desk.outage.repeat"), Options: []Option{{Value: "", Label: r.T("desk.outage.repeat.no"), Checked: true},
			{Value: "week", Label: r.T("desk.outage.repeat.week")}, {Value: "month", Label: r.T("desk.outage.repeat.month")}}},
		&Field{Name: "repeat_until", Type: "date", Label: r.optional("desk.outage.repeat_until")},
	).keyed(r).hide("step", "check")
}

// openEnd is when the center closes on the day that people can next come.
func (r *request) openEnd(c *booking.Center) time.Time {
	for day, n := r.today(), 0; n < 14; day, n = day.Add(1), n+1 {
		open := r.catalog.Day(c, day).Open
		if len(open) > 0 && open[len(open)-1].End.After(r.now) {
			return open[len(open)-1].End
		}
	}
	return r.now.Add(24 * time.Hour)
}

// deskReportOutage shows what an outage would hit; the second press saves it
// and shows what became of everybody.
func (p *pages) deskReportOutage(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v := &outageView{}
	if v.deskView, err = r.desk("desk.outage.title"); err != nil {
		return err
	}
	req, e, err := r.outageRequest(v, sent)
	if err == nil && sent.Get("step") == "save" {
		err = r.saveOutage(v, req, e)
	} else if err == nil {
		err = r.previewOutage(v, req, e, sent)
	}
	f, bad := refused(err)
	switch {
	case err == nil:
		return r.outagePage(http.StatusOK, v)
	case !bad:
		return err
	}
	v.Step, v.Form = "ask", r.outageForm(v).fill(sent)
	v.Form.refuse(r, outageFields(f))
	return r.outagePage(edge.Status(f), v)
}

func (r *request) outageRequest(v *outageView, sent url.Values) (booking.OutageRequest, *booking.Equipment, error) {
	in := r.deskInput(sent)
	id, unit, _ := strings.Cut(in.text("machine"), " ")
	e, n, ok := r.chosenMachine(v.Center, id, unit)
	if !ok {
		in.refuse("machine", "required", "")
		return booking.OutageRequest{}, nil, in.err()
	}
	req := booking.OutageRequest{EquipmentID: e.ID, Unit: n, From: r.now, Reason: in.reason(r), Kind: booking.OutageKind(in.text("kind")), Key: r.key(sent)}
	if from := in.text("from"); from != "" { // what was previewed is what is saved
		req.From = in.instant("from")
	} else if in.text("begin_date") != "" || in.text("begin_time") != "" {
		req.From = in.edge("begin_time", in.day("begin_date", r.today()), 0)
	}
	if every := in.text("repeat"); every != "" {
		req.Repeat = &booking.Repeat{Every: every, Until: in.day("repeat_until", "")}
		if req.Repeat.Until < booking.DateOf(req.From, r.catalog.Zone) {
			in.refuse("repeat_until", "admin_after", "")
		}
	}
	until := in.at("time", in.day("date", r.today()))
	switch {
	case until == nil && len(in.wrong) == 0:
		in.refuse("time", "required", "")
	case until != nil && !until.After(r.now):
		in.refuse("time", "future", "")
	case until != nil && !until.After(req.From):
		in.refuse("time", "admin_after", "")
	case in.text("sure") != "", req.Repeat != nil: // what comes again ends when it says
		req.To = until
	default:
		req.ExpectedUntil = until
	}
	return req, e, in.err()
}

func (v *outageView) describe(r *request, req booking.OutageRequest, e *booking.Equipment) {
	v.What = r.deskMachine(e, req.Unit) + " · " + r.T("desk.outage.kind."+string(req.Kind))
	v.Times = r.outageTimes(&booking.Outage{From: req.From, To: req.To, ExpectedUntil: req.ExpectedUntil})
	v.Reason = r.shownReason(req.Reason)
	if req.Repeat != nil && req.To != nil {
		times := req.Repeat.Times(booking.Interval{Start: req.From, End: *req.To}, r.catalog.Zone)
		v.Times += " · " + r.T("desk.outage.times."+req.Repeat.Every, len(times), r.staffWhen().Date(req.Repeat.Until.At(12*60, r.catalog.Zone)))
	}
}

// previewOutage lists the bookings that stand in the way. The engine decides
// at the press what becomes of each.
func (r *request) previewOutage(v *outageView, req booking.OutageRequest, e *booking.Equipment, sent url.Values) error {
	until := req.To
	if until == nil {
		until = req.ExpectedUntil
	}
	v.Step = "check"
	v.describe(r, req, e)
	spans := []booking.Interval{{Start: req.From, End: *until}}
	if req.Repeat != nil {
		spans = req.Repeat.Times(spans[0], r.catalog.Zone)
	}
	whole := booking.Interval{Start: req.From, End: *until}
	if n := len(spans); n > 0 {
		whole.End = spans[n-1].End
	}
	hit, err := r.bookedIn(v.Center.ID, whole)
	if err != nil {
		return err
	}
	for _, x := range hit {
		under := slices.ContainsFunc(spans, func(i booking.Interval) bool { return x.Interval().Overlaps(i) })
		if under && x.EquipmentID == e.ID && (req.Unit == 0 || x.Unit == req.Unit) {
			v.Hit = append(v.Hit, hitLine{boardBlock: r.boardBlock(v.Base, x, false), When: r.staffWhen().Span(x.Start, x.End)})
		}
	}
	v.Form = r.form(v.Base+"/outage").keyed(r).hide("step", "save").hide("from", deskStamp(req.From))
	for _, name := range append([]string{"machine", "kind", "reason", "more", "date", "time", "sure"}, plannedFields...) {
		v.Form.hide(name, sent.Get(name))
	}
	return nil
}

func (r *request) saveOutage(v *outageView, req booking.OutageRequest, e *booking.Equipment) error {
	o, hit, replayed, err := r.p.Engine.ReportOutage(r.ctx(), r.actor, req)
	if err != nil {
		return err
	}
	v.Step = "done"
	v.describe(r, booking.OutageRequest{From: o.From, To: o.To, ExpectedUntil: o.ExpectedUntil, Unit: o.Unit, Kind: o.Kind, Reason: o.Reason, Repeat: req.Repeat}, e)
	v.Hit, v.Again = r.hitLines(v.Base, hit), replayed
	return nil
}

// runningOutages are those of the center's machines that are not over.
func (r *request) runningOutages(v *outageView) ([]runningOutage, error) {
	var out []runningOutage
	seen := map[string]bool{"": true}
	for _, e := range v.Center.Equipment {
		if e.Retired {
			continue
		}
		list, err := r.p.Engine.Outages(r.ctx(), r.actor, e.ID)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			x := runningOutage{Machine: r.deskMachine(e, o.Unit), Times: r.outageTimes(o), Reason: r.shownReason(o.Reason), State: Chip{"danger", r.T("desk.outage.kind." + string(o.Kind))}}
			if !o.From.After(r.now) {
				x.End = r.form(v.Base+"/outage/"+o.ID+"/end").hide("machine", e.ID).hide("version", strconv.Itoa(o.Version))
			}
			if !seen[o.Series] {
				seen[o.Series] = true
				x.Series = r.url(v.Base+"/outage/"+o.ID+"/series") + "?machine=" + url.QueryEscape(e.ID)
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// deskEndOutage says that the machine can be used again from now on.
func (p *pages) deskEndOutage(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	e, ok := r.catalog.Machine(sent.Get("machine"))
	if !ok || e.Center.ID != r.Param("center") {
		return fault.ErrNotFound
	}
	now := r.now
	if _, _, err := p.Engine.ChangeOutage(r.ctx(), r.actor, e.ID, r.Param("id"), booking.OutagePatch{To: &now, Version: r.deskInput(sent).version()}); err != nil {
		return err
	}
	r.note("note.desk_outage_end")
	return r.see(deskBase(e.Center.ID))
}
