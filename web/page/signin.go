package page

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// signInView is the page to come in: first the contact, then the code; or the password.
type signInView struct {
	Frame
	Form   *Form
	Step   string // contact, code or password
	Login  string
	Ended  bool   // a session was over
	Kept   bool   // a press waits for the sign-in
	Next   string // carried along, as query
	Mail   bool   // the codes of a demo are in the mailbox
	Resend *Form
}

// kept is what a person carries through the sign-in.
type kept struct{ next, flow string }

func keptIn(v url.Values) kept { return kept{v.Get("next"), v.Get("flow")} }

func (k kept) query(more ...string) string {
	q := url.Values{}
	if k.next != "" {
		q.Set("next", k.next)
	}
	if k.flow != "" {
		q.Set("flow", k.flow)
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (p *pages) signInPage(r *request) error {
	q := r.Request.URL.Query()
	k := keptIn(q)
	if !r.actor.Anonymous() && k.flow == "" {
		return r.see(ownPath(k.next))
	}
	step := oneOf([]string{"contact", "password"}, q.Get("by"), "contact")
	return r.page(http.StatusOK, "signin", r.signInView(step, "", k))
}

func (r *request) signInView(step, login string, k kept) *signInView {
	v := &signInView{Frame: r.frame("signin.title"), Step: step, Login: login, Ended: edge.Ended(r.Context), Next: k.query(), Mail: r.p.Mailbox != nil}
	_, v.Kept = r.p.readFlow(k.flow, r.now)
	who := &Field{Name: "login", Type: "text", Label: r.T("signin.login"), Hint: r.T("signin.login.hint"), Autocomplete: "username", Required: true, Value: login, MaxLength: 254}
	switch step {
	case "contact":
		v.Form = r.form("/sign-in/code", who)
	case "code":
		v.Form = r.form("/sign-in", &Field{Name: "code", Type: "text", Label: r.T("signin.code"), Hint: r.T("signin.code.hint"),
			Autocomplete: "one-time-code", InputMode: "numeric", Required: true, MaxLength: 12, Focus: true}).hide("login", login)
		v.Resend = r.form("/sign-in/code").hide("login", login).hide("next", k.next).hide("flow", k.flow)
	default:
		v.Form = r.form("/sign-in", who, &Field{Name: "password", Type: "password", Label: r.T("signin.password"), Autocomplete: "current-password", Required: true, MaxLength: 1024})
	}
	v.Form.hide("by", step).hide("next", k.next).hide("flow", k.flow)
	return v
}

// sendCode sends a code and shows where to type it; whether somebody holds the contact can't be seen.
func (p *pages) sendCode(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	login, k := strings.TrimSpace(sent.Get("login")), keptIn(sent)
	if !account.ParseLogin(login).Valid {
		rule := "login"
		if login == "" {
			rule = "required"
		}
		v := r.signInView("contact", login, k)
		v.Form.refuse(r, badField("login", rule, ""))
		return r.page(http.StatusUnprocessableEntity, "signin", v)
	}
	if err := p.People.SendCode(r.ctx(), r.actor, login); err != nil {
		return err
	}
	return r.page(http.StatusOK, "signin", r.signInView("code", login, k))
}

func (p *pages) signIn(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	k := keptIn(sent)
	in := account.SignIn{Login: sent.Get("login"), Password: account.Secret(sent.Get("password")), Code: account.Secret(sent.Get("code"))}
	step := "password"
	if sent.Get("by") == "code" {
		step = "code"
		if in.Code == "" {
			err = fault.BadField("code", "required", "")
		}
	} else if in.Password == "" {
		err = fault.BadField("password", "required", "")
	}
	var s account.Session
	if err == nil {
		s, _, err = p.People.SignIn(r.ctx(), r.actor, in)
	}
	if f, ok := refused(err); ok {
		return r.signInAgain(step, in.Login, k, f)
	}
	if err != nil {
		return err
	}
	return r.enter(s, k)
}

// signInAgain shows what was wrong without telling which of the two it was.
func (r *request) signInAgain(step, login string, k kept, f *fault.Fault) error {
	v := r.signInView(step, login, k)
	if f.Kind == fault.Unauthenticated {
		field := step
		f = badField(field, "sign_in_"+step, "")
		v.Form.refuse(r, f)
		return r.page(http.StatusUnauthorized, "signin", v)
	}
	v.Form.refuse(r, f)
	return r.page(edge.Status(f), "signin", v)
}

// enter hands the browser its session and lets the person go on with what they wanted.
func (r *request) enter(s account.Session, k kept) error {
	r.p.Edge.SetCookie(r.Context, s.Token.Reveal(), s.ExpiresAt)
	actor, err := r.p.People.Authenticate(r.ctx(), s.Token.Reveal())
	if err != nil {
		return err
	}
	return r.goOn(actor, k.next, k.flow)
}

func (p *pages) signOut(r *request) error {
	if !r.actor.Anonymous() {
		if err := p.People.SignOut(r.ctx(), r.actor); err != nil {
			return err
		}
	}
	p.Edge.SetCookie(r.Context, "", time.Time{})
	r.note("note.signed_out")
	return r.see("/")
}
