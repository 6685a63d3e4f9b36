package page

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

const templatesPath = "/manage/surveys"

func templatePath(key string) string      { return templatesPath + "/" + url.PathEscape(key) }
func draftPath(key string, no int) string { return templatePath(key) + "/drafts/" + strconv.Itoa(no) }
func versionPath(key string, no int) string {
	return templatePath(key) + "/versions/" + strconv.Itoa(no)
}
func (r *request) templateDay(e survey.Edition) string { return r.staffWhen().Date(e.At) }

// templatesView lists the questionnaires.
type templatesView struct {
	adminView
	Lines []templateLine
}

// templateLine is one questionnaire: what is asked, and what is being made.
type templateLine struct {
	Key          string
	Title        lang.Text
	Asked, Draft string // in words; "" none
	Href, Edit   string
}

func (r *request) templates() *templatesView {
	v := &templatesView{adminView: r.admin(r.T("template.title"), r.T("admin.centers.title"), manageCenters)}
	v.Form = r.form(templatesPath,
		&Field{Name: "key", Type: "text", Label: r.T("template.key"), Hint: r.T("template.key.hint"), MaxLength: 40, Required: true},
		&Field{Name: "title.ko", Type: "text", Label: r.T("template.name.ko"), Lang: "ko", MaxLength: survey.MostTitle, Required: true},
		&Field{Name: "title.en", Type: "text", Label: r.T("template.name.en"), Lang: "en", MaxLength: survey.MostTitle}).keyed(r)
	return v
}

func (p *pages) templateList(r *request) error { return r.templatesPage(http.StatusOK, r.templates()) }

func (r *request) templatesPage(status int, v *templatesView) error {
	list, err := r.p.Surveys.Questionnaires(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	for _, q := range list {
		line := templateLine{Key: q.Key, Href: r.url(templatePath(q.Key))}
		if d := q.Draft; d != nil {
			line.Title, line.Draft = titled(d), r.T("template.draft", d.Version, r.templateDay(*d))
			line.Edit = r.url(draftPath(q.Key, d.Version))
		}
		if n := q.Newest; n != nil {
			line.Title, line.Asked = titled(n), r.T("template.asked", n.Version, r.templateDay(*n))
		}
		v.Lines = append(v.Lines, line)
	}
	return r.page(status, "template_list", v)
}

// titled is the title; a draft may have none yet, and goes by its key.
func titled(e *survey.Edition) lang.Text {
	if e.Title.Ko != "" {
		return e.Title
	}
	name := cmp.Or(e.Title.En, e.Key)
	return lang.Text{Ko: name, En: name}
}

// templateCreate begins a questionnaire of an own key.
func (p *pages) templateCreate(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v := r.templates()
	v.Form.fill(sent)
	n := survey.NewTemplate{Key: sent.Get("key"), Title: lang.Text{Ko: sent.Get("title.ko"), En: sent.Get("title.en")}, Once: r.once(sent)}
	e, _, err := p.Surveys.Create(r.ctx(), r.actor, n)
	if f, ok := refused(err); ok {
		v.Form.refuse(r, f)
		return r.templatesPage(http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.see(draftPath(e.Key, e.Version))
}

// once is the idempotency key of a sent form as the survey takes it.
func (r *request) once(sent url.Values) *survey.Key {
	k := r.key(sent)
	if k == nil {
		return nil
	}
	return &survey.Key{Caller: k.Caller, Value: k.Value, Body: k.Body}
}

// templateHistoryView is one questionnaire with its versions.
type templateHistoryView struct {
	adminView
	Draft    string // the way to it; "" there is none
	Versions []templateVersion
}

// templateVersion is a version, and what it changed.
type templateVersion struct {
	Name, State, Series, Preview string
	Chip                         Chip
	Breaks                       bool // it began a series of its own
	Changes                      []string
}

func (p *pages) templateHistory(r *request) error {
	key := r.Param("key")
	all, err := p.Surveys.History(r.ctx(), r.actor, key)
	if err != nil {
		return err
	}
	v := templateHistoryView{adminView: r.admin(titled(&all[0]).In(r.lang), r.T("template.title"), templatesPath)}
	v.Of = text(key)
	v.Form = r.form(templatePath(key)).keyed(r)
	for _, e := range all {
		if e.Draft {
			v.Draft = r.url(draftPath(key, e.Version))
		}
		v.Versions = append(v.Versions, r.templateVersion(e))
	}
	if all[0].Title.En == "" {
		v.Heading, v.Title = key, key
	}
	return r.page(http.StatusOK, "template_history", &v)
}

func (r *request) templateVersion(e survey.Edition) templateVersion {
	out := templateVersion{Name: r.T("template.version", e.Version), Series: e.Series(), Preview: r.url(versionPath(e.Key, e.Version)),
		State: r.T("template.published", r.templateDay(e)), Chip: Chip{"ok", r.T("template.chip.published")}, Breaks: !e.Continues, Changes: r.templateChanges(e)}
	if e.Draft {
		out.State, out.Chip, out.Breaks = r.T("template.saved", r.templateDay(e)), Chip{"warn", r.T("template.chip.draft")}, false
	}
	return out
}

// templateChanges says what a version changed, each with its question.
func (r *request) templateChanges(e survey.Edition) []string {
	var out []string
	for _, c := range e.Changes {
		line := r.T("template.change." + c.What)
		if c.Question != "" {
			line = c.Question + ": " + line
		}
		if c.Breaks {
			line += " " + r.T("template.breaks")
		}
		out = append(out, line)
	}
	return out
}

// templateNext begins the next version, or leads to the draft that is there.
func (p *pages) templateNext(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	key := r.Param("key")
	e, _, err := p.Surveys.NextVersion(r.ctx(), r.actor, key, r.once(sent))
	if fault.Code(err) == fault.ErrState.Code {
		return r.see(templatePath(key))
	}
	if err != nil {
		return err
	}
	return r.see(draftPath(key, e.Version))
}

// templatePreviewView is the survey as people see it, and cannot be sent.
type templatePreviewView struct {
	surveyView
	Heading string
	Back    Tab
	Of      string
	Asked   lang.Text // the survey's own title
}

func (p *pages) templatePreview(r *request) error {
	no, err := strconv.Atoi(r.Param("no"))
	if err != nil {
		return fault.ErrNotFound
	}
	key := r.Param("key")
	form, err := p.Surveys.Preview(r.ctx(), r.actor, key, no)
	if err != nil {
		return err
	}
	v := templatePreviewView{surveyView: *r.surveyView(form, url.Values{}), Heading: r.T("template.preview.of", key, no), Back: Tab{Name: r.T("template.back"), Href: r.url(templatePath(key))}}
	v.Title, v.Asked = v.Heading, form.Title
	return r.page(http.StatusOK, "template_preview", &v)
}
