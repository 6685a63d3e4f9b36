package page

import (
	"net/http"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
)

// resetView sets a new password by a code.
type resetView struct {
	Frame
	Form *Form
	Step string // contact, code
	Mail bool
}

func (p *pages) resetPage(r *request) error {
	return r.page(http.StatusOK, "reset", r.resetView("contact", "", keptIn(r.Request.URL.Query())))
}

func (r *request) resetView(step, login string, k kept) *resetView {
	v := &resetView{Frame: r.frame("reset.title"), Step: step, Mail: r.p.Mailbox != nil}
	if step == "contact" {
		v.Form = r.form("/password-reset", &Field{Name: "login", Type: "text", Label: r.T("signin.login"), Hint: r.T("signin.login.hint"),
			Autocomplete: "username", Required: true, Value: login, MaxLength: 254})
	} else {
		v.Form = r.form("/password-reset",
			&Field{Name: "code", Type: "text", Label: r.T("signin.code"), Hint: r.T("signin.code.hint"), Autocomplete: "one-time-code", InputMode: "numeric", Required: true, MaxLength: 12},
			&Field{Name: "password", Type: "password", Label: r.T("reset.new"), Hint: r.T("password.hint"), Autocomplete: "new-password", Required: true, MaxLength: 1024},
		).hide("login", login)
	}
	v.Form.hide("step", step).hide("next", k.next).hide("flow", k.flow)
	return v
}

func (p *pages) reset(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	login, k, step := strings.TrimSpace(sent.Get("login")), keptIn(sent), sent.Get("step")
	if step != "code" {
		step = "contact"
	}
	again := func(f *fault.Fault) error {
		v := r.resetView(step, login, k)
		v.Form.fill(sent)
		v.Form.refuse(r, f)
		return r.page(http.StatusUnprocessableEntity, "reset", v)
	}
	if step == "contact" {
		if !account.ParseLogin(login).Valid {
			return again(badField("login", "login", ""))
		}
		if err := p.People.SendCode(r.ctx(), r.actor, login); err != nil {
			return err
		}
		return r.page(http.StatusOK, "reset", r.resetView("code", login, k))
	}
	err = p.People.ResetPassword(r.ctx(), r.actor, account.Reset{Login: login, Code: account.Secret(sent.Get("code")), Password: account.Secret(sent.Get("password"))})
	if f, ok := refused(err); ok {
		if f.Kind == fault.Unauthenticated {
			f = badField("code", "sign_in_code", "")
		}
		return again(f)
	}
	if err != nil {
		return err
	}
	r.note("note.password")
	return r.see("/sign-in" + k.query("by", "password"))
}
