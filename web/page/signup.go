package page

import (
	"net/http"
	"net/url"
	"strings"

	"gongbang/account"
)

// signUpView is the form for an account of one's own.
type signUpView struct {
	Frame
	Form *Form
	Next string
}

func (p *pages) signUpPage(r *request) error {
	k := keptIn(r.Request.URL.Query())
	return r.page(http.StatusOK, "signup", &signUpView{Frame: r.frame("signup.title"), Form: r.signUpForm(k), Next: k.query()})
}

func (r *request) signUpForm(k kept) *Form {
	return r.form("/sign-up",
		&Field{Name: "name", Type: "text", Label: r.T("signup.name"), Autocomplete: "name", Required: true, MaxLength: 80},
		&Field{Name: "phone", Type: "tel", Label: r.T("signup.phone"), Hint: r.T("signup.phone.hint"), Autocomplete: "tel", InputMode: "tel", MaxLength: 40},
		&Field{Name: "email", Type: "email", Label: r.T("signup.email"), Hint: r.T("signup.email.hint"), Autocomplete: "email", InputMode: "email", MaxLength: 254},
		&Field{Name: "password", Type: "password", Label: r.T("signup.password"), Hint: r.T("signup.password.hint"), Autocomplete: "new-password", MaxLength: 1024},
		&Field{Name: "age", Type: "checkbox", Label: r.T("signup.age"), Required: true},
		&Field{Name: "consents.terms", Type: "checkbox", Label: r.T("signup.terms"), Required: true},
		&Field{Name: "consents.privacy", Type: "checkbox", Label: r.T("signup.privacy"), Required: true},
		&Field{Name: "consents.survey", Type: "checkbox", Label: r.T("signup.survey"), Hint: r.T("signup.survey.hint")},
	).hide("next", k.next).hide("flow", k.flow)
}

func (p *pages) signUp(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	k := keptIn(sent)
	form := r.signUpForm(k).fill(sent)
	in := signUpOf(sent, string(r.lang))
	var created bool
	if sent.Get("age") == "" {
		err = badField("age", "age", "")
	} else {
		_, created, err = p.People.SignUp(r.ctx(), r.actor, in)
	}
	if f, ok := refused(err); ok {
		form.refuse(r, f)
		return r.page(http.StatusUnprocessableEntity, "signup", &signUpView{Frame: r.frame("signup.title"), Form: form, Next: k.query()})
	}
	if err != nil {
		return err
	}
	return r.afterSignUp(in, created, k)
}

// signUpOf is what the form asks the service for. An unticked survey box is a
// no: nobody is asked who did not say yes.
func signUpOf(sent url.Values, locale string) account.SignUp {
	yes := func(name string) *bool { b := sent.Get(name) != ""; return &b }
	return account.SignUp{
		Name: account.Secret(sent.Get("name")), Phone: account.Secret(strings.TrimSpace(sent.Get("phone"))), Email: account.Secret(strings.TrimSpace(sent.Get("email"))),
		Password: account.Secret(sent.Get("password")), Locale: locale,
		Consents: account.Consents{Terms: yes("consents.terms"), Privacy: yes("consents.privacy"), Survey: yes("consents.survey")},
	}
}

// afterSignUp brings a new person in: by the password just chosen, else by a
// code. Where a gateway is set everybody types a code, known or not, so that
// nobody learns whose contact it is.
func (r *request) afterSignUp(in account.SignUp, created bool, k kept) error {
	login := in.Phone.Reveal()
	if login == "" {
		login = in.Email.Reveal()
	}
	if created && !r.p.People.MustVerify() && in.Password != "" {
		s, _, err := r.p.People.SignIn(r.ctx(), r.actor, account.SignIn{Login: login, Password: in.Password})
		if err == nil {
			r.note("note.welcome")
			return r.enter(s, k)
		}
	}
	if created && !r.p.People.MustVerify() {
		if err := r.p.People.SendCode(r.ctx(), r.actor, login); err != nil {
			return err
		}
	}
	return r.page(http.StatusOK, "signin", r.signInView("code", login, k))
}
