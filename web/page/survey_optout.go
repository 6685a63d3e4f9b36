package page

import (
	"net/http"

	"gongbang/internal/fault"
)

// optOutView asks once before a no to surveys.
type optOutView struct {
	Frame
	Action string
}

// askOptOut shows one button and records nothing: mail scanners follow links.
// It looks nothing up, because a link that is over still takes a no.
func (p *pages) askOptOut(r *request) error {
	return r.page(http.StatusOK, "survey_optout", &optOutView{r.frame("survey.optout"), r.url("/s/" + r.Param("token") + "/opt-out")})
}

// optOut takes the no: from the button, or from a mail program in one POST
// (RFC 8058), which sends a form we need nothing of and follows no redirect.
func (p *pages) optOut(r *request) error {
	err := p.Surveys.OptOut(r.ctx(), r.Param("token"))
	if fault.Code(err) == fault.ErrNotFound.Code {
		return r.surveyEnd(http.StatusNotFound, "survey.unknown")
	}
	if err != nil {
		return err
	}
	return r.surveyEnd(http.StatusOK, "survey.optedout")
}
