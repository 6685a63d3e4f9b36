package page

import (
	"net/http"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// changesView is the board of a center: what it changed, for everybody.
type changesView struct {
	Frame
	Center *booking.Center
	Lines  []changeLine
	Form   *Form // nil: not theirs to publish
}

// changeLine is one note.
type changeLine struct {
	Text lang.Text
	When string
	Case string // leads staff to the case
	Out  *Form  // nil: not theirs to withdraw
}

func (p *pages) changes(r *request) error { return r.showChanges(http.StatusOK, r.Param("id"), nil) }

func (r *request) showChanges(status int, center string, change func(*Form)) error {
	c, ok := r.catalog.Center(center)
	if !ok || c.Retired {
		return fault.ErrNotFound
	}
	list, err := r.p.Surveys.Notes(r.ctx(), r.actor, c.ID)
	if err != nil {
		return err
	}
	v := &changesView{Frame: r.framed(r.T("changes.title") + " · " + c.Name.In(r.lang)), Center: c}
	publishes := r.actor.May(account.Results, c.ID)
	for _, n := range list {
		l := changeLine{Text: n.Text, When: r.when().Date(n.At)}
		if n.Case != "" {
			l.Case = r.url("/manage/cases/" + n.Case)
		}
		if publishes {
			l.Out = r.form("/manage/changes/" + n.ID + "/withdraw")
		}
		v.Lines = append(v.Lines, l)
	}
	if publishes {
		v.Form = r.noteForm("/manage/changes").hide("center", c.ID)
		if change != nil {
			change(v.Form)
		}
	}
	return r.page(status, "changes", v)
}

// noteForm asks for a note in both languages.
func (r *request) noteForm(path string) *Form {
	return r.form(path,
		&Field{Name: "ko", Type: "textarea", Label: r.T("changes.ko"), Hint: r.T("changes.hint"), Required: true, Rows: 3, MaxLength: 1000},
		&Field{Name: "en", Type: "textarea", Label: r.optional("changes.en"), Rows: 3, MaxLength: 1000})
}

// publishNote puts a note on the board.
func (p *pages) publishNote(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	n := survey.NewNote{Center: sent.Get("center"), Case: sent.Get("case"), Text: lang.Text{Ko: sent.Get("ko"), En: sent.Get("en")}}
	if _, err = p.Surveys.PublishNote(r.ctx(), r.actor, n); err == nil {
		r.note("note.change_published")
		return r.see("/centers/" + n.Center + "/changes")
	}
	f, ok := refused(err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	return r.showChanges(http.StatusUnprocessableEntity, n.Center, func(form *Form) { form.hide("case", n.Case).fill(sent).refuse(r, f) })
}

// withdrawNote takes a note off the board.
func (p *pages) withdrawNote(r *request) error {
	n, err := p.Surveys.WithdrawNote(r.ctx(), r.actor, r.Param("id"))
	if err != nil {
		return err
	}
	r.note("note.change_withdrawn")
	return r.see("/centers/" + n.Center + "/changes")
}
