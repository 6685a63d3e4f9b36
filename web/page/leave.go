package page

import (
	"net/http"
	"time"

	"gongbang/account"
	"gongbang/web/edge"
)

// leaveView says what leaving does before it is done.
type leaveView struct {
	Frame
	Form   *Form
	Needs  string // password, code or confirm
	Kind   account.Kind
	Coming []string // bookings that would be cancelled
}

// myData is the file that the API makes.
func (p *pages) myData(r *request) error {
	r.Redirect(http.StatusSeeOther, "/api/v1/me/export")
	return nil
}

func (p *pages) askLeave(r *request) error { return r.showLeave(http.StatusOK, nil) }

func (r *request) showLeave(status int, change func(*leaveView)) error {
	profile, err := r.p.People.Me(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	coming, err := r.p.Engine.Coming(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	v := &leaveView{Frame: r.frame("leave.title"), Needs: profile.LeaveNeeds(), Kind: account.Phone}
	if !profile.Account.PhoneVerified {
		v.Kind = account.Email
	}
	for _, b := range coming {
		v.Coming = append(v.Coming, r.when().Span(b.Start, b.End)+" · "+b.Equipment.Name.In(r.lang))
	}
	v.Form = r.leaveForm(v.Needs)
	if change != nil {
		change(v)
	}
	return r.page(status, "leave", v)
}

func (r *request) leaveForm(needs string) *Form {
	field := &Field{Name: "confirm", Type: "text", Label: r.T("leave.confirm"), Hint: r.T("leave.confirm.hint"), Required: true, MaxLength: 32}
	switch needs {
	case "password":
		field = &Field{Name: "password", Type: "password", Label: r.T("me.password.current"), Autocomplete: "current-password", Required: true, MaxLength: 1024}
	case "code":
		field = &Field{Name: "code", Type: "text", Label: r.T("signin.code"), Autocomplete: "one-time-code", InputMode: "numeric", Required: true, MaxLength: 12}
	}
	return r.form("/me/leave", field)
}

// leaveCode sends a code to who has to show one before leaving.
func (p *pages) leaveCode(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	if err := p.People.SendContactCode(r.ctx(), r.actor, account.Kind(sent.Get("kind"))); err != nil {
		return err
	}
	r.note("note.code")
	return r.see("/me/leave")
}

func (p *pages) leave(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	in := account.Leaving{Password: account.Secret(sent.Get("password")), Code: account.Secret(sent.Get("code")), Confirm: sent.Get("confirm")}
	err = p.People.Leave(r.ctx(), r.actor, in, p.Engine.Leave)
	if f, ok := refused(err); ok {
		return r.showLeave(edge.Status(err), func(v *leaveView) { v.Form.refuse(r, f) })
	}
	if err != nil {
		return err
	}
	p.Edge.SetCookie(r.Context, "", time.Time{})
	r.note("note.left")
	return r.see("/")
}
