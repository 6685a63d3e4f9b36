package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/survey"
)

// openSurvey shows the form. Mail scanners follow links, so looking records nothing.
func (a *API) openSurvey(c *call) error {
	form, err := a.Surveys.Open(c.ctx(), c.Param("token"))
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, gin.H{"title": form.Title, "intro": form.Intro, "anonymity": form.Anonymity, "mode": form.Mode, "use": form.Use,
		"questions": form.Questions, "state": form.State, "expires_at": stamp(form.ExpiresAt, zone)})
}

type answerBody struct {
	Answers map[string]any `json:"answers" validate:"required,max=50"`
	Contact *struct {
		Consent *bool `json:"consent" validate:"required"`
	} `json:"contact"`
	Safety *struct {
		Text string `json:"text" validate:"required,max=2000"`
	} `json:"safety"`
	Identify bool `json:"identify"`
}

func (a *API) answerSurvey(c *call, in *answerBody) error {
	sub := survey.Submission{Answers: in.Answers, Identify: in.Identify}
	if in.Contact != nil {
		sub.Contact = &survey.Contact{Consent: *in.Contact.Consent}
	}
	if in.Safety != nil {
		sub.Safety = &survey.Safety{Text: in.Safety.Text}
	}
	if err := a.Surveys.Answer(c.ctx(), c.Param("token"), sub); err != nil {
		return err
	}
	return c.show(http.StatusCreated, gin.H{"state": "answered"})
}

type resultsQuery struct {
	Center    string `query:"center" validate:"max=128"`
	Equipment string `query:"equipment" validate:"max=128"`
	Category  string `query:"category" validate:"max=128"`
	From      month  `query:"from"`
	To        month  `query:"to"`
	GroupBy   string `query:"group_by" validate:"omitempty,oneof=center category equipment month hour wait noshow"`
	Compare   string `query:"compare" validate:"omitempty,oneof=previous"`
	Template  string `query:"template" validate:"max=64"`
}

func (a *API) results(c *call, in *resultsQuery) error {
	r, err := a.Surveys.Results(c.ctx(), c.actor, survey.ResultsQuery{Center: in.Center, Equipment: in.Equipment,
		Category: in.Category, From: string(in.From), To: string(in.To), GroupBy: in.GroupBy,
		Compare: in.Compare, Template: in.Template})
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, r)
}
