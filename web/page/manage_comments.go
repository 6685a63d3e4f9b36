package page

import (
	"net/url"
	"strings"

	"gongbang/survey"
)

// commentsView is what people wrote, as far as it is released.
type commentsView struct {
	survey.Comments
	Rule   string // why there is nothing, or what is left out
	Search *Form
	Sought string
}

// comments asks for the comments of the period. With a category chosen there
// are none: below a center nothing is released.
func (r *request) comments(f manageFilter) (commentsView, error) {
	v := commentsView{Sought: strings.TrimSpace(r.Query("q"))}
	if f.category != "" {
		v.Rule = r.T("manage.comments.category")
		return v, nil
	}
	var err error
	v.Comments, err = r.p.Surveys.Comments(r.ctx(), r.actor, survey.CommentsQuery{Center: f.center, From: f.from, To: f.to, Text: v.Sought})
	if err != nil {
		return v, err
	}
	if v.LeftOut > 0 {
		v.Rule = r.T("manage.comments.leftout", v.LeftOut)
	}
	if v.Answers > 0 {
		v.Search = r.form("/manage", &Field{Name: "q", Label: r.T("manage.comments.search"), Type: "search", Value: v.Sought, MaxLength: 100}).
			hide("from", f.from).hide("to", f.to).hide("center", f.center)
	}
	return v, nil
}

// query is the choice of period and center as a part of an address.
func (f manageFilter) query() string {
	q := url.Values{"from": {f.from}, "to": {f.to}}
	if f.center != "" {
		q.Set("center", f.center)
	}
	return q.Encode()
}
