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
	Sought bool // by words or by a tag
	Tabs   []Tab
	Lines  []commentLine
}

// commentLine is one comment with what it can be marked with.
type commentLine struct {
	ID, Text, Action string
	Tags             []Option
}

// comments asks for the comments of the period. With a category chosen there
// are none: below a center nothing is released.
func (r *request) comments(f manageFilter) (commentsView, error) {
	text, tag := strings.TrimSpace(r.Query("q")), r.Query("tag")
	v := commentsView{Sought: text != "" || tag != ""}
	if f.category != "" {
		v.Rule = r.T("manage.comments.category")
		return v, nil
	}
	var err error
	v.Comments, err = r.p.Surveys.Comments(r.ctx(), r.actor, survey.CommentsQuery{Center: f.center, From: f.from, To: f.to, Text: text, Tag: tag})
	if err != nil {
		return v, err
	}
	if v.LeftOut > 0 {
		v.Rule = r.T("manage.comments.leftout", v.LeftOut)
	}
	if v.Answers > 0 {
		v.Search = r.form("/manage", &Field{Name: "q", Label: r.T("manage.comments.search"), Type: "search", Value: text, MaxLength: 100}).
			hide("from", f.from).hide("to", f.to).hide("center", f.center).hide("tag", tag)
		v.Tabs = r.tagTabs(f, text, tag, v.Tags)
	}
	v.Lines = r.commentLines(v.Items, r.soughtQuery(f, text, tag))
	return v, nil
}

// tagTabs part the comments by what they are marked with.
func (r *request) tagTabs(f manageFilter, text, tag string, n map[string]int) []Tab {
	tabs := []Tab{{Name: r.T("manage.comments.any"), Href: r.url("/manage?" + r.soughtQuery(f, text, "") + "#comments"), Current: tag == ""}}
	for _, t := range survey.CommentTags() {
		tabs = append(tabs, Tab{Name: t.Text.In(r.lang) + " " + grouped(n[t.Key]), Href: r.url("/manage?" + r.soughtQuery(f, text, t.Key) + "#comments"), Current: tag == t.Key})
	}
	return tabs
}

// commentLines put one button for each tag under each comment.
func (r *request) commentLines(items []survey.Comment, query string) (out []commentLine) {
	for _, c := range items {
		l := commentLine{ID: "c-" + c.ID, Text: c.Text, Action: r.url("/manage/comments/" + c.ID + "/tags?" + query)}
		for _, t := range survey.CommentTags() {
			l.Tags = append(l.Tags, Option{Value: t.Key, Label: t.Text.In(r.lang), Checked: contains(c.Tags, t.Key)})
		}
		out = append(out, l)
	}
	return out
}

// tagComment marks a comment, or takes a mark away, and leads back to it.
func (p *pages) tagComment(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	tag, on := sent.Get("add"), true
	if tag == "" {
		tag, on = sent.Get("remove"), false
	}
	c, err := p.Surveys.TagComment(r.ctx(), r.actor, r.Param("id"), tag, on)
	if err != nil {
		return err
	}
	at := "#c-" + c.ID
	if seen := r.Query("tag"); seen != "" && !contains(c.Tags, seen) {
		at = "#comments" // it is not in the list any more
	}
	return r.see("/manage?" + r.soughtQuery(r.manageFilter(), r.Query("q"), r.Query("tag")) + at)
}

// soughtQuery is the choice of period and center, with what is looked for
// among the comments.
func (r *request) soughtQuery(f manageFilter, text, tag string) string {
	q := url.Values{}
	for name, value := range map[string]string{"q": text, "tag": tag} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return f.query()
	}
	return f.query() + "&" + q.Encode()
}

// query is the choice of period and center as a part of an address.
func (f manageFilter) query() string {
	q := url.Values{"from": {f.from}, "to": {f.to}}
	if f.center != "" {
		q.Set("center", f.center)
	}
	return q.Encode()
}
