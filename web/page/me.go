package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/web/edge"
)

// meView is what somebody sees and changes of themselves.
type meView struct {
	Frame
	Profile      account.Profile
	Contact      *Form
	Proofs       []proof
	Groups       *Form
	Declared     []groupLine
	Certificates []certificateLine
	Consents     []consentLine
	Survey       *Form
	Questions    []questionLine
	Cases        []ownCase
	Named        []ownNamed
	Devices      []deviceLine
	Reminders    *Form
	Monthly      *Form // nil: the person manages nothing
	Strikes      []strikeLine
	Suspended    []Notice
	Password     *Form
	Errors       *Form // the form that was refused
	Firm         *firmView
	FirmForm     *Form
}

// proof is a contact with how it stands, and the form to prove it.
type proof struct {
	Kind     account.Kind
	Name     string
	Value    string
	Verified bool
	Typing   bool // a code was sent: it can be typed
	Form     *Form
}

type groupLine struct {
	Name lang.Text
	Chip Chip
	When string
}

type certificateLine struct {
	Name   string
	Where  lang.Text // "" is everywhere
	Basis  string
	Issued string
	Chip   Chip
	Until  string
}

type consentLine struct{ Name, State, When, Version string }

func (p *pages) me(r *request) error { return r.showMe(http.StatusOK, nil) }

// showMe draws the page; change may put a refusal into one of its forms.
func (r *request) showMe(status int, change func(*meView)) error {
	profile, err := r.p.People.Me(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	v := &meView{Frame: r.frame("me.title"), Profile: profile}
	v.Contact, v.Proofs = r.contactForm(profile.Account), r.proofs(profile.Account)
	v.Groups, v.Declared = r.groupForm(profile), r.groupLines(profile)
	v.Certificates, v.Consents = r.certificates(profile), r.consents(profile)
	v.Survey = r.form("/me/consent", &Field{Name: "survey", Type: "checkbox", Label: r.T("signup.survey"), Hint: r.T("signup.survey.hint"), Checked: !optedOut(profile)})
	v.Reminders = r.form("/me/reminders", &Field{Name: "reminder", Type: "checkbox", Label: r.T("me.reminders.yes"), Hint: r.T("me.reminders.hint"), Checked: !noReminders(profile)})
	if r.actor.MaySomewhere(account.Results) {
		v.Monthly = r.form("/me/monthly", &Field{Name: "monthly", Type: "checkbox", Label: r.T("me.monthly.yes"), Hint: r.T("me.monthly.hint"), Checked: !refusedConsent(profile, account.Monthly)})
	}
	v.Password = r.passwordForm(profile.Account)
	if err := r.fillStrikes(v); err != nil {
		return err
	}
	if v.Devices, err = r.devices(); err != nil {
		return err
	}
	if v.Questions, err = r.questions(); err != nil {
		return err
	}
	if v.Named, err = r.ownNamed(); err != nil {
		return err
	}
	if v.Cases, err = r.ownCases(); err != nil {
		return err
	}
	v.FirmForm = r.firmForm()
	if v.Firm, err = r.firm(profile); err != nil {
		return err
	}
	if change != nil {
		change(v)
	}
	return r.page(status, "me", v)
}

func optedOut(p account.Profile) bool { return refusedConsent(p, account.Survey) }

func refusedConsent(p account.Profile, key string) bool {
	return slices.ContainsFunc(p.Consents, func(c account.Consent) bool { return c.Key == key && !c.Given })
}

// channelOrders are the ways to be told, by preference.
var channelOrders = []string{"sms.email", "email.sms", "sms", "email"}

func (r *request) contactForm(a account.Account) *Form {
	order := make([]string, len(a.Channels))
	for i, c := range a.Channels {
		order[i] = string(c)
	}
	return r.form("/me/contact",
		&Field{Name: "name", Type: "text", Label: r.T("signup.name"), Value: a.Name.Reveal(), Autocomplete: "name", Required: true, MaxLength: 80},
		&Field{Name: "phone", Type: "tel", Label: r.T("signup.phone"), Value: lang.LocalPhone(a.Phone.Reveal()), Autocomplete: "tel", InputMode: "tel", MaxLength: 40},
		&Field{Name: "email", Type: "email", Label: r.T("signup.email"), Value: a.Email.Reveal(), Autocomplete: "email", InputMode: "email", MaxLength: 254},
		&Field{Name: "channels", Type: "radios", Label: r.T("me.channels"), Options: r.words("me.channels.", channelOrders, strings.Join(order, "."))},
		&Field{Name: "locale", Type: "radios", Label: r.T("me.locale"), Options: []Option{
			{Value: "ko", Label: "한국어", Checked: a.Locale != lang.En}, {Value: "en", Label: "English", Checked: a.Locale == lang.En}}},
	)
}

func (p *pages) saveContact(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	text := func(name string) *string { s := strings.TrimSpace(sent.Get(name)); return &s }
	patch := account.MePatch{Name: text("name"), Phone: text("phone"), Email: text("email")}
	if l := sent.Get("locale"); l != "" {
		patch.Locale = &l
	}
	if contains(channelOrders, sent.Get("channels")) {
		list := strings.Split(sent.Get("channels"), ".")
		patch.Channels = &list
	}
	_, err = p.People.PatchMe(r.ctx(), r.actor, patch)
	return r.saved(err, "/me", "note.saved", func(v *meView) *Form { return v.Contact.fill(sent) })
}

// saved ends a change of oneself: on to the page, or the page again with the form that was refused.
func (r *request) saved(err error, next, note string, form func(*meView) *Form) error {
	if err == nil {
		r.note(note)
		return r.see(next)
	}
	f, ok := refused(err)
	if !ok || f.Kind == fault.Unauthenticated {
		return err
	}
	return r.showMe(edge.Status(err), func(v *meView) {
		v.Errors = form(v)
		v.Errors.refuse(r, f)
	})
}

func (r *request) proofs(a account.Account) []proof {
	var list []proof
	for _, x := range []proof{
		{Kind: account.Phone, Name: r.T("signup.phone"), Value: lang.LocalPhone(a.Phone.Reveal()), Verified: a.PhoneVerified},
		{Kind: account.Email, Name: r.T("signup.email"), Value: a.Email.Reveal(), Verified: a.EmailVerified},
	} {
		if x.Value == "" {
			continue
		}
		x.Typing = r.Query("verify") == string(x.Kind) || r.Request.PostForm.Get("kind") == string(x.Kind)
		x.Form = r.form("/me/verify", &Field{Name: "code", Type: "text", Label: r.T("signin.code"), Hint: r.T("signin.code.hint"),
			Autocomplete: "one-time-code", InputMode: "numeric", Required: true, MaxLength: 12}).hide("kind", string(x.Kind))
		list = append(list, x)
	}
	return list
}

// contactCode sends a code to one of the person's own contacts.
func (p *pages) contactCode(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	kind := account.Kind(sent.Get("kind"))
	if err := p.People.SendContactCode(r.ctx(), r.actor, kind); err != nil {
		return err
	}
	r.note("note.code")
	return r.see("/me?verify=" + url.QueryEscape(string(kind)) + "#proof")
}

func (p *pages) verifyContact(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	kind := account.Kind(sent.Get("kind"))
	_, err = p.People.VerifyContact(r.ctx(), r.actor, kind, account.Secret(sent.Get("code")))
	return r.saved(err, "/me", "note.verified", func(v *meView) *Form {
		for _, x := range v.Proofs {
			if x.Kind == kind {
				return x.Form
			}
		}
		return v.Contact
	})
}

func (r *request) groupForm(p account.Profile) *Form {
	f := &Field{Name: "groups", Type: "checkboxes", Label: r.T("me.groups.declare"), Hint: r.T("me.groups.hint")}
	for _, g := range r.catalog.Groups {
		if !slices.ContainsFunc(p.Groups, func(x account.Group) bool { return x.ID == g.ID }) {
			f.Options = append(f.Options, Option{Value: g.ID, Label: g.Name.In(r.lang)})
		}
	}
	return r.form("/me/groups", f)
}

func (r *request) groupLines(p account.Profile) []groupLine {
	var list []groupLine
	for _, g := range p.Groups {
		line := groupLine{Name: label(r.catalog.Groups, g.ID)}
		switch {
		case g.ConfirmedAt != nil:
			line.Chip, line.When = Chip{"ok", r.T("me.groups.confirmed")}, r.when().Date(*g.ConfirmedAt)
		case g.DeclaredAt != nil:
			line.Chip, line.When = Chip{"info", r.T("me.groups.declared")}, r.when().Date(*g.DeclaredAt)
		}
		list = append(list, line)
	}
	return list
}

func (p *pages) declareGroups(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	for _, id := range sent["groups"] {
		if !slices.ContainsFunc(r.catalog.Groups, func(l booking.Label) bool { return l.ID == id }) {
			return badField("groups", "one_of", "")
		}
		if err := p.People.DeclareGroup(r.ctx(), r.actor, id); err != nil {
			return err
		}
	}
	r.note("note.saved")
	return r.see("/me#groups")
}

func (r *request) certificates(p account.Profile) []certificateLine {
	var list []certificateLine
	when := r.when()
	for _, c := range p.Certificates {
		line := certificateLine{Name: label(r.catalog.Categories, c.Key).In(r.lang), Basis: r.T("basis." + string(c.Basis)), Issued: when.Date(c.IssuedAt), Chip: Chip{"ok", r.T("me.papers.valid")}}
		if center, ok := r.catalog.Center(c.Center); ok {
			line.Where = center.Name
		}
		switch {
		case c.RevokedAt != nil:
			line.Chip = Chip{"warn", r.T("me.papers.replaced")}
		case c.ValidUntil != nil && !c.ValidUntil.After(r.now):
			line.Chip = Chip{"warn", r.T("me.papers.expired")}
		}
		if c.ValidUntil != nil {
			line.Until = when.Date(c.ValidUntil.Add(-1))
		}
		list = append(list, line)
	}
	return list
}

func (r *request) consents(p account.Profile) []consentLine {
	var list []consentLine
	for _, c := range p.Consents {
		state := "consent.yes"
		if !c.Given {
			state = "consent.no"
		}
		list = append(list, consentLine{r.T("consent." + c.Key), r.T(state), r.when().Moment(c.At), c.Version})
	}
	return list
}

func (p *pages) saveConsent(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	_, err = p.People.SetConsent(r.ctx(), r.actor, account.Survey, sent.Get("survey") != "")
	return r.saved(err, "/me#consents", "note.saved", func(v *meView) *Form { return v.Survey })
}

func (r *request) passwordForm(a account.Account) *Form {
	fields := []*Field{{Name: "password", Type: "password", Label: r.T("reset.new"), Hint: r.T("password.hint"), Autocomplete: "new-password", Required: true, MaxLength: 1024}}
	if a.HasPassword {
		fields = append([]*Field{{Name: "current", Type: "password", Label: r.T("me.password.current"), Autocomplete: "current-password", Required: true, MaxLength: 1024}}, fields...)
	}
	return r.form("/me/password", fields...)
}

func (p *pages) savePassword(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	err = p.People.SetPassword(r.ctx(), r.actor, account.PasswordChange{Current: account.Secret(sent.Get("current")), New: account.Secret(sent.Get("password"))})
	return r.saved(err, "/me", "note.password_changed", func(v *meView) *Form { return v.Password })
}
