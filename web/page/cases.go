package page

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// casesLimit bounds the cases on one page.
const casesLimit = 50

// casesView lists wishes for a reply, the first due first.
type casesView struct {
	Frame
	Back  back
	Tabs  []Tab
	Lines []caseLine
	More  string
}

// back leads to where a page of staff belongs.
type back struct{ Href, Name string }

// caseLine is a case in a list: what it is about, never who or how satisfied.
type caseLine struct {
	Href, Came, Due string
	About           template.HTML
	Text            string
	Worker          string
	Chip            Chip
}

// caseFilters are the tabs of the list.
var caseFilters = []survey.CaseState{survey.CaseOpen, survey.CaseReceived, survey.CaseAcknowledged, survey.CaseActed, survey.CaseAnswered}

func (p *pages) cases(r *request) error {
	state := survey.CaseState(oneOf(names(caseFilters), r.Query("state"), string(survey.CaseOpen)))
	found, err := p.Surveys.Cases(r.ctx(), r.actor, survey.CaseList{State: state, Cursor: r.Query("cursor"), Limit: casesLimit})
	if err != nil {
		return err
	}
	v := casesView{Frame: r.frame("case.title"), Back: r.caseBack()}
	for _, f := range caseFilters {
		v.Tabs = append(v.Tabs, Tab{Name: r.T("case.state." + string(f)), Href: r.url("/manage/cases?state=" + string(f)), Current: f == state})
	}
	for _, c := range found.Items {
		v.Lines = append(v.Lines, r.caseLine(c))
	}
	if found.Next != "" {
		v.More = r.url("/manage/cases?" + url.Values{"state": {string(state)}, "cursor": {found.Next}}.Encode())
	}
	return r.page(http.StatusOK, "cases", &v)
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

// caseBack leads managers to their figures and staff to the desk.
func (r *request) caseBack() back {
	if r.actor.MaySomewhere(account.Results) {
		return back{r.url("/manage"), r.T("manage.title")}
	}
	return back{r.url("/desk"), r.T("desk.back")}
}

func (r *request) caseLine(c survey.CaseView) caseLine {
	l := caseLine{Href: r.url("/manage/cases/" + c.ID), Came: r.caseDay(c.Day), Text: c.Comment, Worker: c.Worker, Chip: r.caseChip(c), About: r.about(c.CenterName, c.Machine)}
	if c.State != survey.CaseAnswered {
		l.Due = r.T("case.due", r.staffWhen().Moment(c.Due))
	}
	return l
}

// about names center and machine.
func (r *request) about(center, machine lang.Text) template.HTML {
	f := Frame{Lang: r.lang}
	about := f.Text(center)
	if machine != (lang.Text{}) {
		about += " · " + f.Text(machine)
	}
	return about
}

// caseDay is the day a case came, as people read it.
func (r *request) caseDay(day string) string {
	d, ok := booking.ParseDate(day)
	if !ok {
		return day
	}
	return r.when().Date(d.At(12*60, r.catalog.Zone))
}

func (r *request) caseChip(c survey.CaseView) Chip {
	switch {
	case c.State == survey.CaseAnswered:
		return Chip{Kind: "ok", Text: r.T("case.state.answered")}
	case c.Overdue:
		return Chip{Kind: "warn", Text: r.T("case.overdue") + " · " + r.T("case.state."+string(c.State))}
	}
	return Chip{Kind: "info", Text: r.T("case.state." + string(c.State))}
}

// caseView is one case in full. Opening it is logged.
type caseView struct {
	Frame
	Back  back
	Rows  []Row
	Chip  Chip
	Said  string
	Reply string
	Work  *Form // nil: answered
	Form  *Form
	Board *Form // nil: not theirs to publish
}

func (p *pages) showCase(r *request) error {
	c, err := p.Surveys.Case(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	return r.casePage(http.StatusOK, c, nil)
}

func (r *request) casePage(status int, c survey.CaseView, change func(*caseView)) error {
	v := &caseView{Frame: r.frame("case.one"), Back: back{r.url("/manage/cases"), r.T("case.title")}, Chip: r.caseChip(c), Said: c.Comment, Reply: c.Reply}
	v.Rows = r.caseRows(c)
	path := "/manage/cases/" + c.ID
	if c.State != survey.CaseAnswered {
		work, err := r.workForm(path, c)
		if err != nil {
			return err
		}
		v.Work = work
		v.Form = r.form(path+"/reply", &Field{Name: "reply", Type: "textarea", Label: r.T("case.reply"), Hint: r.T("case.reply.hint"), Required: true, Rows: 5, MaxLength: 1000}).
			hide("version", strconv.Itoa(c.Version))
	}
	if r.actor.May(account.Results, c.Center) {
		v.Board = r.noteForm("/manage/changes").hide("center", c.Center).hide("case", c.ID)
	}
	if change != nil {
		change(v)
	}
	return r.page(status, "case", v)
}

func (r *request) caseRows(c survey.CaseView) []Row {
	f := Frame{Lang: r.lang}
	rows := []Row{{Term: r.T("case.about"), Value: r.about(c.CenterName, c.Machine)}, {Term: r.T("case.month"), Value: text(r.monthName(c.Month))},
		{Term: r.T("case.came"), Value: text(r.caseDay(c.Day))}}
	if c.State != survey.CaseAnswered {
		rows = append(rows, Row{Term: r.T("case.due.row"), Value: text(r.staffWhen().Moment(c.Due))})
	} else {
		rows = append(rows, Row{Term: r.T("case.state.answered"), Value: text(r.staffWhen().Moment(c.ClosedAt))})
	}
	if c.Worker != "" {
		rows = append(rows, Row{Term: r.T("case.worker"), Value: f.Korean(c.Worker)})
	}
	if c.Person != nil {
		rows = append(rows, Row{Term: r.T("desk.col.who"), Value: f.Korean(c.Person.Name.Reveal())})
		if phone := c.Person.Phone.Reveal(); phone != "" {
			rows = append(rows, Row{Term: r.T("desk.row.phone"), Value: text(lang.LocalPhone(phone))})
		}
		if mail := c.Person.Email.Reveal(); mail != "" {
			rows = append(rows, Row{Term: r.T("signup.email"), Value: text(mail)})
		}
	}
	return rows
}

// workForm is how far the case has come, and who looks after it.
func (r *request) workForm(path string, c survey.CaseView) (*Form, error) {
	team, err := r.p.Surveys.Team(r.ctx(), r.actor, c.Center)
	if err != nil {
		return nil, err
	}
	state := &Field{Name: "state", Type: "radios", Label: r.T("case.state"), Options: []Option{{Value: string(c.State), Label: r.T("case.state." + string(c.State)), Checked: true}}}
	for _, to := range c.Moves() {
		if to != survey.CaseAnswered {
			state.Options = append(state.Options, Option{Value: string(to), Label: r.T("case.state." + string(to))})
		}
	}
	who := &Field{Name: "assignee", Type: "select", Label: r.T("case.worker"), Options: []Option{{Value: "", Label: r.T("case.nobody")}}}
	for _, m := range team {
		who.Options = append(who.Options, Option{Value: m.ID, Label: strings.Join(strings.Fields(m.Name.Reveal()), " "), Checked: m.ID == c.Assignee})
	}
	return r.form(path, state, who).hide("version", strconv.Itoa(c.Version)), nil
}

// workCase takes a case on or hands it to somebody.
func (p *pages) workCase(r *request) error {
	return r.changeCase("note.saved", func(sent url.Values) survey.CaseChange {
		state, who := survey.CaseState(sent.Get("state")), sent.Get("assignee")
		return survey.CaseChange{State: &state, Assignee: &who}
	}, func(v *caseView) *Form { return v.Work })
}

// replyCase answers the person.
func (p *pages) replyCase(r *request) error {
	return r.changeCase("note.case_replied", func(sent url.Values) survey.CaseChange {
		reply := sent.Get("reply")
		return survey.CaseChange{Reply: &reply}
	}, func(v *caseView) *Form { return v.Form })
}

// changeCase ends a press: the case as it stands, or with the refusal in its form.
func (r *request) changeCase(note string, change func(url.Values) survey.CaseChange, form func(*caseView) *Form) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	ch := change(sent)
	ch.Version, _ = strconv.Atoi(sent.Get("version"))
	id := r.Param("id")
	if _, err = r.p.Surveys.ChangeCase(r.ctx(), r.actor, id, ch); err == nil {
		r.note(note)
		return r.see("/manage/cases/" + id)
	}
	f, ok := refused(err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	c, err := r.p.Surveys.Case(r.ctx(), r.actor, id)
	if err != nil {
		return err
	}
	return r.casePage(http.StatusUnprocessableEntity, c, func(v *caseView) {
		if x := form(v); x != nil {
			x.fill(sent).refuse(r, f)
		}
	})
}

// ownCase is a case as its person sees it.
type ownCase struct {
	About       template.HTML
	Came        string
	Text, Reply string
	Chip        Chip
}

func (r *request) ownCases() ([]ownCase, error) {
	list, err := r.p.Surveys.MyCases(r.ctx(), r.actor)
	var out []ownCase
	for _, c := range list {
		c.Overdue = false // a person is told how far it is, not that it is late
		out = append(out, ownCase{r.about(c.CenterName, c.Machine), r.caseDay(c.Day), c.Comment, c.Reply, r.caseChip(c)})
	}
	return out, err
}
