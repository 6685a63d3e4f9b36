package page

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
	"gongbang/web/edge"
)

// draftView is the editor of a version in the making: one form, whose buttons
// save all that is written and then do what they say.
type draftView struct {
	adminView
	Preview   string
	Head      []*Field
	Questions []draftQuestion
	Warnings  []string // that speak of the whole
	Changes   []string
	Series    *Field // nil: a first version begins its series
	Drop      string
}

// draftQuestion is one question with its fields.
type draftQuestion struct {
	No          int
	At          string // of its buttons: "2"
	Key         string
	Words, Main []*Field
	Choice      bool
	Options     []draftOption
	More        []*Field
	Open        bool // the rarely needed is shown
	First, Last bool
}

type draftOption struct {
	At, Name string
	Fields   []*Field
}

// questionTypes in the order they are offered.
var questionTypes = []survey.Type{survey.Sat5, survey.Agree5, survey.Likely, survey.Single, survey.Multi, survey.Words}

func (p *pages) draftNo(r *request) (int, error) {
	no, err := strconv.Atoi(r.Param("no"))
	if err != nil {
		return 0, fault.ErrNotFound
	}
	return no, nil
}

func (p *pages) templateDraft(r *request) error {
	no, err := p.draftNo(r)
	if err != nil {
		return err
	}
	e, err := p.Surveys.Edition(r.ctx(), r.actor, r.Param("key"), no)
	if err != nil {
		return err
	}
	if !e.Draft { // published in the meantime
		return r.see(templatePath(e.Key))
	}
	return r.draftPage(http.StatusOK, e, nil)
}

// draftPage draws the editor, with what is wrong in it after a refusal.
func (r *request) draftPage(status int, e survey.Edition, wrong *fault.Fault) error {
	path := draftPath(e.Key, e.Version)
	v := &draftView{adminView: r.admin(r.T("template.edit", e.Key, e.Version), r.T("template.back"), templatePath(e.Key)),
		Preview: r.url(versionPath(e.Key, e.Version)), Drop: r.url(path + "/drop"), Changes: r.templateChanges(e)}
	v.Head = r.draftHead(e)
	all := slices.Clone(v.Head)
	for i, q := range e.Questions {
		x := r.draftQuestion(e, i, q)
		x.First, x.Last = i == 0, i == len(e.Questions)-1
		all = slices.Concat(all, x.Words, x.Main, x.More)
		for _, o := range x.Options {
			all = append(all, o.Fields...)
		}
		v.Questions = append(v.Questions, x)
	}
	if e.Version > 1 {
		v.Series = &Field{Name: "series", Type: "radios", Label: r.T("template.series"), Options: []Option{
			{Value: "on", Label: r.T("template.series.on"), Hint: r.T("template.series.on.hint", e.Series()), Checked: !e.Breaks()},
			{Value: "new", Label: r.T("template.series.new"), Hint: r.T("template.series.new.hint"), Checked: e.Breaks()}}}
		all = append(all, v.Series)
	}
	v.Form = r.form(path, all...).hide("revision", strconv.Itoa(e.Revision))
	v.warn(r, e.Warnings)
	if wrong != nil {
		again := *wrong
		again.Fields = nil
		for _, x := range wrong.Fields {
			again.Fields = append(again.Fields, r.draftField(x))
		}
		v.Form.refuse(r, &again)
		for i := range v.Questions {
			x := &v.Questions[i]
			x.Open = slices.ContainsFunc(x.More, func(f *Field) bool { return f.Error != "" })
		}
	}
	return r.page(status, "template_draft", v)
}

func (r *request) draftHead(e survey.Edition) []*Field {
	mode := &Field{Name: "mode", Type: "select", Label: r.T("template.mode"), Hint: e.Anonymity.In(r.lang)}
	for _, m := range survey.Modes {
		mode.Options = append(mode.Options, Option{Value: m, Label: r.T("template.mode." + m), Checked: m == e.Mode})
	}
	return []*Field{
		{Name: "title.ko", Type: "text", Label: r.T("template.name.ko"), Lang: "ko", MaxLength: survey.MostTitle, Value: e.Title.Ko},
		{Name: "title.en", Type: "text", Label: r.T("template.name.en"), Lang: "en", MaxLength: survey.MostTitle, Value: e.Title.En},
		{Name: "intro.ko", Type: "textarea", Rows: 2, Label: r.T("template.intro.ko"), Lang: "ko", MaxLength: survey.MostText, Value: e.Intro.Ko},
		{Name: "intro.en", Type: "textarea", Rows: 2, Label: r.T("template.intro.en"), Lang: "en", MaxLength: survey.MostText, Value: e.Intro.En},
		mode,
	}
}

func (r *request) draftQuestion(e survey.Edition, i int, q survey.Question) draftQuestion {
	at := "q." + strconv.Itoa(i) + "."
	x := draftQuestion{No: i + 1, At: strconv.Itoa(i), Key: q.Key, Choice: q.Type == survey.Single || q.Type == survey.Multi}
	x.Words = []*Field{
		{Name: at + "ko", Type: "textarea", Rows: 2, Label: r.T("template.q.ko"), Lang: "ko", MaxLength: survey.MostText, Value: q.Text.Ko},
		{Name: at + "en", Type: "textarea", Rows: 2, Label: r.T("template.q.en"), Lang: "en", MaxLength: survey.MostText, Value: q.Text.En},
	}
	kind := &Field{Name: at + "type", Type: "select", Label: r.T("template.q.type")}
	for _, t := range questionTypes {
		kind.Options = append(kind.Options, Option{Value: string(t), Label: r.T("template.type." + string(t)), Checked: t == q.Type})
	}
	x.Main = []*Field{kind, {Name: at + "required", Type: "checkbox", Label: r.T("template.q.required"), Checked: q.Required}}
	if q.Type != survey.Multi && q.Type != survey.Words {
		x.Main = append(x.Main, &Field{Name: at + "na", Type: "checkbox", Label: r.T("template.q.na"), Checked: q.NA})
	}
	if q.Type == survey.Multi || q.Type == survey.Words {
		x.Main = append(x.Main, &Field{Name: at + "max", Type: "text", InputMode: "numeric", Label: r.T("template.q.max." + string(q.Type)), MaxLength: 4, Value: numberOr(q.Max)})
	}
	if x.Choice {
		for j, o := range q.Options {
			if o.Value != any(survey.NA) {
				x.Options = append(x.Options, r.draftOption(at, i, j, o))
			}
		}
	}
	x.More = append([]*Field{{Name: at + "key", Type: "text", Label: r.T("template.q.key"), Hint: r.T("template.q.key.hint"), MaxLength: 32, Value: q.Key}}, r.draftCondition(e, i, q)...)
	return x
}

func (r *request) draftOption(at string, i, j int, o survey.Option) draftOption {
	name := at + "o." + strconv.Itoa(j) + "."
	return draftOption{At: fmt.Sprintf("%d.%d", i, j), Name: plain(o.Value), Fields: []*Field{
		{Name: name + "key", Type: "text", Label: r.T("template.o.key"), MaxLength: 32, Value: plain(o.Value)},
		{Name: name + "ko", Type: "text", Label: r.T("template.o.ko"), Lang: "ko", MaxLength: survey.MostText, Value: o.Text.Ko},
		{Name: name + "en", Type: "text", Label: r.T("template.o.en"), Lang: "en", MaxLength: survey.MostText, Value: o.Text.En},
	}}
}

// draftCondition asks of whom the question is asked; the first is asked of all.
func (r *request) draftCondition(e survey.Edition, i int, q survey.Question) []*Field {
	at := "q." + strconv.Itoa(i) + "."
	which := &Field{Name: at + "if", Type: "select", Label: r.T("template.q.if"), Options: []Option{{Value: "", Label: r.T("template.q.if.always"), Checked: q.ShowIf == nil}}}
	for _, before := range e.Questions[:i] {
		if len(before.Options) > 0 {
			which.Options = append(which.Options, Option{Value: before.Key, Label: before.Key, Checked: q.ShowIf != nil && q.ShowIf.Question == before.Key})
		}
	}
	if len(which.Options) == 1 && q.ShowIf == nil {
		return nil
	}
	values := &Field{Name: at + "ifv", Type: "text", Label: r.T("template.q.ifv"), Hint: r.T("template.q.ifv.hint"), MaxLength: 200}
	if q.ShowIf != nil {
		var list []string
		for _, v := range q.ShowIf.Values {
			list = append(list, plain(v))
		}
		values.Value = strings.Join(list, ", ")
	}
	return []*Field{which, values}
}

func numberOr(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// warn puts the linter's words beside what they speak of.
func (v *draftView) warn(r *request, list []survey.Warning) {
	for _, w := range list {
		word := w.Word
		if r.lang == lang.En && tongue(word) == "ko" {
			word = r.T("template.warn.korean")
		}
		line := r.T("template.warn."+w.Code, word)
		f := v.Form.named(draftName(w.Field))
		if f == nil {
			v.Warnings = append(v.Warnings, line)
			continue
		}
		if f.Hint != "" {
			f.Hint += " "
		}
		f.Hint += r.T("template.warn", line)
	}
}

// draftName is the field of the editor that the survey calls so: "questions[2].text.ko".
func draftName(field string) string {
	return strings.NewReplacer("questions[", "q.", ".options[", ".o.", "]", "", ".text.", ".", ".value", ".key", ".show_if", ".if", ".options", ".type").Replace(field)
}

// draftField leads a wrong field to its place in the editor.
func (r *request) draftField(x fault.Field) fault.Field {
	switch x.Rule {
	case "series":
		x.Limit = r.T("template.change." + x.Limit)
	case "unique": // elsewhere that is something chosen twice
		x.Rule = "template_unique"
	}
	x.Field = draftName(x.Field)
	if i, ok := strings.CutPrefix(x.Field, "q."); ok && !strings.Contains(i, ".") {
		x.Field += ".type"
	}
	return x
}

// templateSave saves what was written and does what the button says.
func (p *pages) templateSave(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	no, err := p.draftNo(r)
	if err != nil {
		return err
	}
	d := draftSent(r.Param("key"), no, sent)
	do, at, _ := strings.Cut(sent.Get("do"), ".")
	changed := d
	changed.Questions = slices.Clone(d.Questions)
	where := draftPressed(&changed, do, at)
	e, err := p.Surveys.SaveDraft(r.ctx(), r.actor, changed)
	if err == nil {
		d.Revision = e.Revision
	}
	if err == nil && do == "publish" {
		e, err = p.Surveys.PublishDraft(r.ctx(), r.actor, survey.Release{Key: d.Key, Version: no, Revision: e.Revision, Continues: sent.Get("series") != "new"})
		if err == nil {
			r.note("note.template_published")
			return r.see(templatePath(d.Key))
		}
	}
	if f, ok := refused(err); ok {
		return r.draftAgain(f, d)
	}
	if err != nil {
		return err
	}
	if where == "" {
		r.note("note.admin_saved")
	}
	return r.see(draftPath(d.Key, no) + where)
}

// draftAgain draws the editor with what was written and what is wrong in it.
func (r *request) draftAgain(f *fault.Fault, d survey.Draft) error {
	e, err := r.p.Surveys.Edition(r.ctx(), r.actor, d.Key, d.Version)
	if err != nil {
		return err
	}
	if !e.Draft {
		return r.see(templatePath(d.Key))
	}
	e.Title, e.Intro, e.Mode, e.Questions, e.Revision = d.Title, d.Intro, d.Mode, d.Questions, d.Revision
	return r.draftPage(edge.Status(f), e, f)
}

func (p *pages) templateDrop(r *request) error {
	no, err := p.draftNo(r)
	if err != nil {
		return err
	}
	if err := p.Surveys.DropDraft(r.ctx(), r.actor, r.Param("key"), no); err != nil {
		return err
	}
	r.note("note.template_dropped")
	return r.see(templatesPath)
}

// draftSent reads the editor's form.
func draftSent(key string, no int, sent url.Values) survey.Draft {
	both := func(name string) lang.Text { return lang.Text{Ko: sent.Get(name + "ko"), En: sent.Get(name + "en")} }
	whole := func(name string) int { n, _ := strconv.Atoi(strings.TrimSpace(sent.Get(name))); return n }
	d := survey.Draft{Revision: whole("revision"), Template: survey.Template{Key: key, Version: no, Mode: sent.Get("mode"), Title: both("title."), Intro: both("intro.")}}
	for i := 0; i <= survey.MostQuestions && sent.Has(fmt.Sprintf("q.%d.key", i)); i++ {
		at := fmt.Sprintf("q.%d.", i)
		q := survey.Question{Key: strings.TrimSpace(sent.Get(at + "key")), Type: survey.Type(sent.Get(at + "type")), Required: sent.Has(at + "required"),
			NA: sent.Has(at + "na"), Max: whole(at + "max"), Text: both(at), ShowIf: conditionSent(sent, at)}
		for j := 0; j <= survey.MostOptions && sent.Has(fmt.Sprintf("%so.%d.key", at, j)); j++ {
			name := fmt.Sprintf("%so.%d.", at, j)
			q.Options = append(q.Options, survey.Option{Value: strings.TrimSpace(sent.Get(name + "key")), Text: both(name)})
		}
		d.Questions = append(d.Questions, q)
	}
	return d
}

// conditionSent reads "all, part" or "1, 2"; nil asks everybody.
func conditionSent(sent url.Values, at string) *survey.ShowIf {
	c := &survey.ShowIf{Question: sent.Get(at + "if")}
	for _, word := range strings.FieldsFunc(sent.Get(at+"ifv"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if n, err := strconv.Atoi(word); err == nil {
			c.Values = append(c.Values, n)
			continue
		}
		c.Values = append(c.Values, word)
	}
	if c.Question == "" {
		return nil
	}
	return c
}
