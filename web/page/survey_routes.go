package page

import "gongbang/account"

// surveyRoutes are the rows of the survey: the token of the link is the whole authority.
func (p *pages) surveyRoutes() []route {
	return []route{
		{get, "/s/:token", account.Public, nowhere, "survey_link", p.followSurvey},
		{get, "/s/:token/opt-out", account.Public, nowhere, "survey_optout", p.askOptOut},
		{post, "/s/:token/opt-out", account.Public, nowhere, "survey_optout", p.optOut},
		{get, "/s", account.Public, nowhere, "survey", p.openSurvey},
		{post, "/s", account.Public, nowhere, "survey", p.answerSurvey},
		{get, "/s/done", account.Public, nowhere, "survey_done", p.surveyDone},
		{get, "/u/:machine", account.Public, nowhere, "door", p.openDoor},
		{post, "/u/:machine", account.Public, nowhere, "door", p.answerDoor},
	}
}
