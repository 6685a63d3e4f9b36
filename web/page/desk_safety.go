package page

import (
	"net/http"
	"net/url"

	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// safetyView lists what people reported as broken or dangerous.
type safetyView struct {
	deskView
	Lines []safetyLine
}

// safetyLine is one report with the two answers to it.
type safetyLine struct {
	ID, Machine, Day, Said string
	Out                    Chip
	Safe, Fault            *Form
}

// deskSafety is the list of the center.
func (p *pages) deskSafety(r *request) error { return r.showSafety(http.StatusOK, nil) }

func (r *request) showSafety(status int, change func(*safetyView)) error {
	d, err := r.desk("desk.safety.title")
	if err != nil {
		return err
	}
	v := &safetyView{deskView: d}
	list, err := r.p.Surveys.Tickets(r.ctx(), r.actor, d.Center.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		l, err := r.safetyLine(d, t)
		if err != nil {
			return err
		}
		v.Lines = append(v.Lines, l)
	}
	if change != nil {
		change(v)
	}
	return r.page(status, "desk_safety", v)
}

func (r *request) safetyLine(d deskView, t survey.Ticket) (safetyLine, error) {
	l := safetyLine{ID: t.ID, Machine: t.Equipment, Day: r.caseDay(t.Day), Said: t.Text, Out: Chip{"warn", r.T("desk.safety.in_use")}}
	if e, ok := r.catalog.Machine(t.Equipment); ok {
		l.Machine = r.deskMachine(e, 0)
		o, err := r.outageOf(t)
		if err != nil {
			return l, err
		}
		if o != nil {
			l.Out = Chip{"danger", r.T("desk.safety.out", r.outageTimes(o))}
		}
	}
	why := &Field{Name: reasonFor(t.ID), Type: "text", Label: r.T("desk.safety.why"), Required: true, MaxLength: 500}
	l.Safe = r.form(d.Base+"/safety/"+t.ID, why).hide("state", string(survey.TicketSafe))
	l.Fault = r.form(d.Base+"/safety/"+t.ID).hide("state", string(survey.TicketFault))
	return l, nil
}

// reasonFor names the field of one report: each has an id of its own on the page.
func reasonFor(id string) string { return "reason." + id }

// outageOf is the outage a report opened, while it is not over.
func (r *request) outageOf(t survey.Ticket) (*booking.Outage, error) {
	if t.Outage == "" {
		return nil, nil
	}
	list, err := r.p.Engine.Outages(r.ctx(), r.actor, t.Equipment)
	for _, o := range list {
		if o.ID == t.Outage {
			return o, err
		}
	}
	return nil, err
}

// deskSettleSafety takes the answer of staff: no danger ends the outage that
// the report opened; a fault leaves it, or leads to the form that opens one.
func (p *pages) deskSettleSafety(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	center, state := r.Param("center"), survey.TicketState(sent.Get("state"))
	t, err := p.Surveys.SettleTicket(r.ctx(), r.actor, center, r.Param("id"), state, sent.Get(reasonFor(r.Param("id"))))
	if f, ok := refused(err); ok && f.Kind == fault.Invalid {
		return r.showSafety(http.StatusUnprocessableEntity, func(v *safetyView) {
			for _, l := range v.Lines {
				if l.ID == r.Param("id") {
					f.Fields[0].Field = reasonFor(l.ID)
					l.Safe.fill(sent).refuse(r, f)
				}
			}
		})
	}
	if err != nil {
		return err
	}
	o, err := r.outageOf(t)
	switch {
	case err != nil:
		return err
	case state == survey.TicketFault && o == nil:
		return r.see(deskBase(center) + "/outage?machine=" + url.QueryEscape(t.Equipment+" 0"))
	case state == survey.TicketSafe && o != nil:
		now := r.now
		if _, _, err := p.Engine.ChangeOutage(r.ctx(), r.actor, t.Equipment, o.ID, booking.OutagePatch{To: &now}); err != nil {
			return err
		}
	}
	r.note("note.safety_" + string(state))
	return r.see(deskBase(center) + "/safety")
}
