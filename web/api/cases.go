package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/survey"
)

type casesQuery struct {
	Center string `query:"center" validate:"max=128"`
	State  string `query:"state" validate:"omitempty,oneof=open received acknowledged acted answered"`
	page
}

// cases lists wishes for a reply, without the person's name and contact.
func (a *API) cases(c *call, in *casesQuery) error {
	p, err := a.Surveys.Cases(c.ctx(), c.actor, survey.CaseList{Center: in.Center, State: survey.CaseState(in.State), Cursor: in.Cursor, Limit: in.limit()})
	if err != nil {
		return err
	}
	return c.list(each(p.Items, caseJSON), p.Next)
}

// openCase opens one with the person's contact, which is logged.
func (a *API) openCase(c *call) error {
	return a.shownCase(c)(a.Surveys.Case(c.ctx(), c.actor, c.id()))
}

type caseBody struct {
	Version  int     `json:"version" validate:"min=0"`
	State    *string `json:"state" validate:"omitempty,oneof=received acknowledged acted answered"`
	Assignee *string `json:"assignee" validate:"omitempty,max=128"`
	Reply    *string `json:"reply" validate:"omitempty,max=4000"`
}

func (a *API) changeCase(c *call, in *caseBody) error {
	ch := survey.CaseChange{Version: in.Version, Assignee: in.Assignee, Reply: in.Reply}
	if in.State != nil {
		state := survey.CaseState(*in.State)
		ch.State = &state
	}
	return a.shownCase(c)(a.Surveys.ChangeCase(c.ctx(), c.actor, c.id(), ch))
}

func (a *API) shownCase(c *call) func(survey.CaseView, error) error {
	return func(v survey.CaseView, err error) error {
		if err != nil {
			return err
		}
		return c.show(http.StatusOK, caseJSON(v))
	}
}

func caseJSON(v survey.CaseView) gin.H {
	h := gin.H{"id": v.ID, "state": v.State, "version": v.Version, "center": named(v.Center, v.CenterName), "month": v.Month,
		"received_on": v.Day, "due_at": stamp(v.Due, v.Due.Location()), "overdue": v.Overdue, "can": each(v.Moves(), func(s survey.CaseState) survey.CaseState { return s })}
	if v.Equipment != "" {
		h["equipment"] = named(v.Equipment, v.Machine)
	}
	if v.Assignee != "" {
		h["assignee"] = gin.H{"id": v.Assignee, "name": v.Worker}
	}
	if v.Person != nil {
		h["person"] = gin.H{"name": v.Person.Name.Reveal(), "phone": phone(v.Person.Phone.Reveal()), "email": mail(v.Person.Email.Reveal())}
	}
	put(h, "comment", v.Comment)
	put(h, "reply", v.Reply)
	if !v.ClosedAt.IsZero() {
		h["answered_at"] = stamp(v.ClosedAt, v.Due.Location())
	}
	return h
}

// mail is an address, or null.
func mail(s string) any {
	if s == "" {
		return nil
	}
	return s
}
