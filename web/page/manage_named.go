package page

import (
	"html/template"
	"net/http"
	"net/url"
	"time"

	"gongbang/internal/lang"
	"gongbang/survey"
)

// namedView lists answers whose writer chose to give their name, masked as in
// every list of the office.
type namedView struct {
	Frame
	Back  back
	Lines []namedLine
	More  string
}

type namedLine struct {
	Href, Name, Day string
	About           template.HTML
}

func (p *pages) named(r *request) error {
	found, err := p.Surveys.Named(r.ctx(), r.actor, r.Query("center"), r.Query("cursor"))
	if err != nil {
		return err
	}
	v := namedView{Frame: r.frame("named.title"), Back: back{r.url("/manage"), r.T("manage.title")}}
	for _, n := range found.Items {
		v.Lines = append(v.Lines, namedLine{Href: r.url("/manage/named/" + n.ID), Name: n.Name, Day: r.caseDay(n.Day), About: r.about(n.Center, n.Machine)})
	}
	if found.Next != "" {
		v.More = r.url("/manage/named?" + url.Values{"center": {r.Query("center")}, "cursor": {found.Next}}.Encode())
	}
	return r.page(http.StatusOK, "named", &v)
}

// namedAnswerView is one such answer in full. Opening it is logged.
type namedAnswerView struct {
	Frame
	Back    back
	Rows    []Row
	Asked   lang.Text
	Given   []survey.Given
	Comment string
}

func (p *pages) namedAnswer(r *request) error {
	n, err := p.Surveys.NamedAnswer(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	v := namedAnswerView{Frame: r.frame("named.one"), Back: back{r.url("/manage/named"), r.T("named.title")}, Asked: n.Title, Given: n.Given, Comment: n.Comment}
	v.Rows = []Row{{Term: r.T("desk.col.who"), Value: v.Korean(n.Name)}, {Term: r.T("named.day"), Value: text(r.caseDay(n.Day))},
		{Term: r.T("case.about"), Value: r.about(n.Center, n.Machine)}, {Term: r.T("named.until"), Value: text(r.lastDay(n.Until))}}
	return r.page(http.StatusOK, "named_answer", &v)
}

// ownNamed are the person's answers that managers can see with their name.
type ownNamed struct {
	Title, Center lang.Text
	Month, Until  string
}

func (r *request) ownNamed() (out []ownNamed, err error) {
	list, err := r.p.Surveys.Linked(r.ctx(), r.actor)
	for _, l := range list {
		if l.Mode == survey.Identified {
			out = append(out, ownNamed{l.Title, l.Center, r.monthName(l.Month), r.lastDay(l.Until)})
		}
	}
	return out, err
}

// unname parts the person's name from the answers they had given it with.
func (p *pages) unname(r *request) error {
	if err := p.Surveys.Unname(r.ctx(), r.actor); err != nil {
		return err
	}
	r.note("note.unnamed")
	return r.see("/me#named")
}

// lastDay is the day before a midnight, at which something ends.
func (r *request) lastDay(end time.Time) string { return r.when().Date(end.Add(-time.Second)) }
