package page

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// seriesView ends recurring maintenance: from which day on and why, then which times fall away.
type seriesView struct {
	deskView
	What, From string
	Reason     template.HTML
	Gone       []string // times that fall away; none: still asked
	Form       *Form
	machine    *booking.Equipment
	outage     *booking.Outage
}

// seriesOf begins the page about the series of the outage in the path.
func (r *request) seriesOf(machine string) (*seriesView, error) {
	own, err := r.desk("desk.series.title")
	if err != nil {
		return nil, err
	}
	e, ok := r.catalog.Machine(machine)
	if !ok || e.Center != own.Center {
		return nil, fault.ErrNotFound
	}
	list, err := r.p.Engine.Outages(r.ctx(), r.actor, e.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(o *booking.Outage) bool { return o.ID == r.Param("id") && o.Series != "" })
	if i < 0 {
		return nil, fault.ErrNotFound
	}
	v := &seriesView{deskView: own, What: r.deskMachine(e, list[i].Unit) + " · " + r.T("desk.outage.kind."+string(list[i].Kind)), Reason: r.shownReason(list[i].Reason), machine: e, outage: list[i]}
	v.Form = r.form(v.path(),
		&Field{Name: "from", Type: "date", Label: r.T("desk.series.from"), Hint: r.T("desk.series.from.hint"), Value: string(max(r.today(), booking.DateOf(list[i].From, r.catalog.Zone)))},
		&Field{Name: "why", Type: "text", Label: r.T("desk.series.why"), Lang: "ko", MaxLength: moreLength, Required: true}).hide("machine", e.ID)
	return v, nil
}

func (v *seriesView) path() string { return v.Base + "/outage/" + v.outage.ID + "/series" }

func (p *pages) deskSeries(r *request) error {
	v, err := r.seriesOf(r.Query("machine"))
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_series", v)
}

// deskEndSeries shows which times fall away, and takes them away at the second press.
func (p *pages) deskEndSeries(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v, err := r.seriesOf(sent.Get("machine"))
	if err != nil {
		return err
	}
	in := r.deskInput(sent)
	end := booking.SeriesEnd{From: in.day("from", ""), Reason: in.text("why"), Preview: in.text("step") != "save"}
	var gone []*booking.Outage
	if err = in.err(); err == nil {
		gone, err = p.Engine.EndSeries(r.ctx(), r.actor, v.machine.ID, v.outage.ID, end)
	}
	f, bad := refused(err)
	switch {
	case bad && len(f.Fields) > 0:
		v.Form.fill(sent).refuse(r, renamed(f, "reason", "why"))
		return r.page(edge.Status(f), "desk_series", v)
	case err != nil:
		return err
	case !end.Preview:
		r.note("note.desk_series")
		return r.see(v.Base + "/outage")
	}
	v.check(r, sent, gone)
	return r.page(http.StatusOK, "desk_series", v)
}

// check asks for the second press.
func (v *seriesView) check(r *request, sent url.Values, gone []*booking.Outage) {
	for _, o := range gone {
		v.Gone = append(v.Gone, r.outageTimes(o))
	}
	v.Form = r.form(v.path()).hide("machine", v.machine.ID).hide("from", sent.Get("from")).hide("why", sent.Get("why")).hide("step", "save")
}

// renamed is a refusal whose field is asked for by another name.
func renamed(f *fault.Fault, from, to string) *fault.Fault {
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		if c.Fields[i].Field == from {
			c.Fields[i].Field = to
		}
	}
	return &c
}
