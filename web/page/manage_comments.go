package page

import (
	"net/url"
	"strings"

	"gongbang/survey"
)

// commentsView is what people wrote, as far as it is released.
type commentsView struct {
	Rule   string // why there is nothing
	Search *Form  // nil: there is nothing to look through
	Sought bool   // by words or by a tag
	Tabs   []Tab
	Parts  []commentPart
}

// commentPart are the comments that came in one way.
type commentPart struct {
	survey.Comments
	Title string // "": of who was invited, which the page is about
	Rule  string // what is left out
	Lines []commentLine
}

// commentLine is one comment with what it can be marked with.
type commentLine struct {
	ID, Text, Action string
	Marks            string // what it is marked with, in words
	Tags             []Option
}

// commentEntries are the ways in which comments come.
var commentEntries = []survey.Entry{"", survey.ByQR, survey.ByCounter}

// comments asks for the comments of the period. With a category chosen there
// are none: below a center nothing is released.
func (r *request) comments(f manageFilter) (commentsView, error) {
	q := survey.CommentsQuery{Center: f.center, From: f.from, To: f.to, Text: strings.TrimSpace(r.Query("q")), Tag: r.Query("tag")}
	v := commentsView{Sought: q.Text != "" || q.Tag != ""}
	if f.category != "" {
		v.Rule = r.T("manage.comments.category")
		return v, nil
	}
	answers, tags := 0, map[string]int{}
	for _, q.Entry = range commentEntries {
		p, err := r.commentPart(f, q)
		if err != nil {
			return v, err
		}
		answers += p.Answers
		for t, n := range p.Comments.Tags {
			tags[t] += n
		}
		if p.Title == "" || p.Answers+p.LeftOut > 0 {
			v.Parts = append(v.Parts, p)
		}
	}
	if answers > 0 {
		v.Search = r.form("/manage", &Field{Name: "q", Label: r.T("manage.comments.search"), Type: "search", Value: q.Text, MaxLength: 100}).
			hide("from", f.from).hide("to", f.to).hide("center", f.center).hide("tag", q.Tag)
		v.Tabs = r.tagTabs(f, q.Text, q.Tag, tags)
	}
	return v, nil
}

func (r *request) commentPart(f manageFilter, q survey.CommentsQuery) (p commentPart, err error) {
	if q.Entry != "" {
		p.Title = r.T("manage.comments.at." + string(q.Entry))
	}
	if p.Comments, err = r.p.Surveys.Comments(r.ctx(), r.actor, q); err != nil {
		return p, err
	}
	if p.LeftOut > 0 && q.Entry == "" {
		p.Rule = r.T("manage.comments.leftout", p.LeftOut)
	} else if p.LeftOut > 0 {
		p.Rule = r.T("manage.comments.few", p.LeftOut)
	}
	p.Lines = r.commentLines(p.Items, r.soughtQuery(f, q.Text, q.Tag))
	return p, nil
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
		l := commentLine{ID: "c-" + c.ID, Text: c.Text, Action: r.url("/manage/comments/" + c.ID + "/tags?" + query), Marks: r.T("manage.comments.mark")}
		var marks []string
		for _, t := range survey.CommentTags() {
			o := Option{Value: t.Key, Label: t.Text.In(r.lang), Checked: contains(c.Tags, t.Key)}
			if o.Checked {
				marks = append(marks, o.Label)
			}
			l.Tags = append(l.Tags, o)
		}
		if len(marks) > 0 {
			l.Marks = r.T("manage.comments.marked", strings.Join(marks, ", "))
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
