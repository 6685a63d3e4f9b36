package page

import (
	"net/http"
	"net/url"

	"gongbang/internal/fault"
	"gongbang/survey"
)

// doorView is the short form for whoever stands at a machine or at the counter.
type doorView struct {
	surveyView
	Machine bool   // a machine is named, so that a danger can be told
	Back    string // to the start of the counter; "" at a machine
}

// doorPath is the short address behind the code on a machine.
func doorPath(machine string) string { return "/u/" + machine }

// openDoor shows the form behind the code on a machine. Looking records nothing.
func (p *pages) openDoor(r *request) error {
	d, err := r.machineDoor()
	if err != nil {
		return err
	}
	form, err := p.Surveys.OpenAt(r.ctx(), r.actor, d)
	if err != nil {
		return r.doorOver(err)
	}
	return r.doorForm(http.StatusOK, d, form, url.Values{}, nil)
}

// machineDoor is the door at the machine of the path, while it is offered.
func (r *request) machineDoor() (survey.Door, error) {
	e, ok := r.catalog.Machine(r.Param("machine"))
	if !ok || e.Retired {
		return survey.Door{}, fault.ErrNotFound
	}
	return survey.Door{Entry: survey.ByQR, Center: e.Center.ID, Equipment: e.ID}, nil
}

// answerDoor takes an answer at a machine.
func (p *pages) answerDoor(r *request) error {
	d, err := r.machineDoor()
	if err != nil {
		return err
	}
	return r.takeAnswer(d, func() error { return r.see("/s/done?center=" + url.QueryEscape(d.Center)) })
}

// takeAnswer hands what was sent to the survey, or shows the form again.
func (r *request) takeAnswer(d survey.Door, then func() error) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	form, err := r.p.Surveys.OpenAt(r.ctx(), r.actor, d)
	if err != nil {
		return r.doorOver(err)
	}
	sent.Del("machine")
	sub, err := submission(form, sent)
	if err == nil {
		err = r.p.Surveys.AnswerAt(r.ctx(), r.actor, d, sub)
	}
	if f, ok := fault.As(err); ok && f.Code == "validation" {
		return r.doorForm(http.StatusUnprocessableEntity, d, form, sent, f)
	}
	if err != nil {
		return r.doorOver(err)
	}
	return then()
}

// doorOver says that enough have answered; all else goes the way of errors.
func (r *request) doorOver(err error) error {
	if fault.Code(err) == survey.ErrEnough.Code {
		return r.surveyEnd(http.StatusConflict, "survey.enough")
	}
	return err
}

func (r *request) doorForm(status int, d survey.Door, form survey.Form, sent url.Values, wrong *fault.Fault) error {
	v := &doorView{surveyView: *r.surveyView(form, sent), Machine: d.Equipment != ""}
	v.Action, v.SafetyWhat = r.url(doorPath(d.Equipment)), r.T("survey.door.safety")
	if d.Entry == survey.ByCounter {
		v.Action, v.Name, v.Back = r.url(deskBase(d.Center)+"/ask"), d.Equipment, r.url(deskBase(d.Center)+"/ask")
		v.Frame = v.handedOver()
	}
	if wrong != nil {
		r.surveyWrong(&v.surveyView, form, wrong)
	}
	return r.page(status, "door", v)
}
