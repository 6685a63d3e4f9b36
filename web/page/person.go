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

// personView is one account in full, for admins; the look is logged.
type personView struct {
	Frame
	Name         string
	Rows         []Row
	Gone         bool // left: nothing of them is kept
	Roles        *Form
	Groups       []groupLine
	Confirm      *Form // nil: every group is confirmed
	Certificates []heldLine
	Strikes      []Tab // the desks where points were given
	Audit        string
	Wrong        *Form
}

// heldLine is a certificate that can be ended before its time.
type heldLine struct {
	certificateLine
	Ask  string // leads to the form; "" where it counts no more
	Form *Form  // nil: not open
}

func (p *pages) person(r *request) error {
	v, err := r.personView(r.Query("revoke"))
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "person", v)
}

// personView reads the person's papers as their own information; the look
// before has been logged.
func (r *request) personView(revoke string) (*personView, error) {
	id := r.Param("id")
	a, err := r.p.People.Get(r.ctx(), r.actor, id)
	if err != nil {
		return nil, err
	}
	v := &personView{Frame: r.frame("person.title"), Name: a.Name.Reveal(), Audit: r.url("/manage/audit?subject=" + url.QueryEscape(id))}
	me, err := r.p.People.Me(r.ctx(), account.Actor{ID: id, Locale: r.lang})
	if v.Gone = fault.Code(err) == fault.ErrNotFound.Code; v.Gone {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	v.Rows = r.personRows(me)
	v.Roles = r.roleForm(id, me.Account.Grants)
	v.Groups, v.Confirm = r.groupLines(me), r.groupProofForm(id, me)
	v.Certificates = r.heldLines(id, me, revoke)
	v.Strikes, err = r.strikeDesks(id)
	return v, err
}

func (r *request) personRows(me account.Profile) []Row {
	a, page := me.Account, Frame{Lang: r.lang}
	rows := []Row{{Term: r.T("signup.name"), Value: page.Korean(a.Name.Reveal())}}
	for _, c := range []struct {
		term, value string
		verified    bool
	}{{"signup.phone", lang.LocalPhone(a.Phone.Reveal()), a.PhoneVerified}, {"signup.email", a.Email.Reveal(), a.EmailVerified}} {
		if c.value == "" {
			continue
		}
		state := "me.proof.no"
		if c.verified {
			state = "me.proof.yes"
		}
		rows = append(rows, Row{Term: r.T(c.term), Value: text(c.value + " · " + r.T(state))})
	}
	rows = append(rows, Row{Term: r.T("person.since"), Value: text(r.staffWhen().Date(a.CreatedAt))})
	if f := me.Firm; f != nil {
		state := "me.firm.waiting"
		if f.ConfirmedAt != nil {
			state = "me.groups.confirmed"
		}
		rows = append(rows, Row{Term: r.T("me.firm"), Value: page.Korean(f.Name) + text(" · "+r.T(state))})
	}
	return rows
}

// roleForm keeps or takes away the roles there are, and may add one.
func (r *request) roleForm(id string, have []account.Grant) *Form {
	var fields []*Field
	if len(have) > 0 {
		keep := &Field{Name: "roles", Type: "checkboxes", Label: r.T("person.roles.have"), Hint: r.T("person.roles.hint")}
		for _, g := range have {
			keep.Options = append(keep.Options, Option{Value: string(g.Role) + "/" + g.Center, Label: r.roleName(g), Checked: true})
		}
		fields = append(fields, keep)
	}
	role := &Field{Name: "role", Type: "select", Label: r.T("person.roles.add"), Options: []Option{{Label: r.T("person.roles.none"), Checked: true}}}
	for _, x := range []account.Role{account.Staff, account.Manager, account.Admin} {
		role.Options = append(role.Options, Option{Value: string(x), Label: r.T("role." + string(x))})
	}
	return r.form(personPath(id)+"/roles", append(fields, role, choiceOf("center", r.T("manage.center"), r.T("people.everywhere"), "", r.allCenters(), r.lang))...)
}

func (p *pages) saveRoles(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	grants := []account.Grant{}
	for _, x := range sent["roles"] {
		role, center, _ := strings.Cut(x, "/")
		grants = append(grants, account.Grant{Role: account.Role(role), Center: center})
	}
	if role := sent.Get("role"); role != "" {
		grants = append(grants, account.Grant{Role: account.Role(role), Center: sent.Get("center")})
	}
	_, err = p.People.PatchAccount(r.ctx(), r.actor, r.Param("id"), account.Patch{Roles: &grants})
	return r.personSaved(err, "", func(v *personView) *Form { return v.Roles.fill(sent) })
}

// groupProofForm asks of which group a proof was seen; one that the person declared comes first.
func (r *request) groupProofForm(id string, me account.Profile) *Form {
	f := &Field{Name: "group", Type: "select", Label: r.T("person.groups.confirm"), Hint: r.T("person.groups.confirm.hint")}
	for _, g := range r.catalog.Groups {
		i := slices.IndexFunc(me.Groups, func(x account.Group) bool { return x.ID == g.ID })
		if i >= 0 && me.Groups[i].ConfirmedAt != nil {
			continue
		}
		o := Option{Value: g.ID, Label: g.Name.In(r.lang)}
		if i >= 0 {
			f.Options = slices.Insert(f.Options, 0, o)
		} else {
			f.Options = append(f.Options, o)
		}
	}
	if len(f.Options) == 0 {
		return nil
	}
	return r.form(personPath(id)+"/groups", f)
}

// confirmGroup notes that the proof of a group was seen.
func (p *pages) confirmGroup(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(r.catalog.Groups, func(l booking.Label) bool { return l.ID == sent.Get("group") }) {
		err = badField("group", "one_of", "")
	} else {
		_, err = p.People.ConfirmGroup(r.ctx(), r.actor, "", r.Param("id"), sent.Get("group"))
	}
	return r.personSaved(err, "", func(v *personView) *Form {
		if v.Confirm == nil {
			return r.form("")
		}
		return v.Confirm.fill(sent)
	})
}

// heldLines are the person's certificates; one form to end one is open at a time.
func (r *request) heldLines(id string, me account.Profile, open string) (list []heldLine) {
	for i, line := range r.certificates(me) {
		c := me.Certificates[i]
		l := heldLine{certificateLine: line}
		if c.RevokedAt == nil && (c.ValidUntil == nil || c.ValidUntil.After(r.now)) {
			l.Ask = r.url(personPath(id)+"?"+url.Values{"revoke": {c.ID}}.Encode()) + "#certificates"
			if c.ID == open {
				l.Form = r.form(personPath(id)+"/revoke", &Field{Name: "reason", Type: "text", Label: r.T("person.revoke.reason"), MaxLength: moreLength, Required: true}).hide("certificate", c.ID)
			}
		}
		list = append(list, l)
	}
	return list
}

func (p *pages) revokeCertificate(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	id := sent.Get("certificate")
	_, err = p.People.RevokeCertificate(r.ctx(), r.actor, r.Param("id"), id, strings.TrimSpace(sent.Get("reason")))
	return r.personSaved(err, id, func(v *personView) *Form {
		for _, l := range v.Certificates {
			if l.Form != nil {
				return l.Form.fill(sent)
			}
		}
		return r.form("")
	})
}

// strikeDesks are the desks where the person got points.
func (r *request) strikeDesks(id string) ([]Tab, error) {
	s, err := r.p.Engine.StrikesOf(r.ctx(), r.actor, id)
	if err != nil {
		return nil, err
	}
	var list []Tab
	seen := map[string]bool{}
	for _, x := range s.Items {
		if !seen[x.CenterID] {
			seen[x.CenterID] = true
			list = append(list, Tab{Name: x.Booking.Center.Name.In(r.lang), Href: r.url(deskBase(x.CenterID) + "/strikes/" + url.PathEscape(id))})
		}
	}
	return list, nil
}

// personSaved ends a change: on to the page, or the page again with the form that was refused.
func (r *request) personSaved(err error, revoke string, form func(*personView) *Form) error {
	if err == nil {
		r.note("note.saved")
		return r.see(personPath(r.Param("id")))
	}
	f, ok := refused(err)
	if !ok {
		return err
	}
	for i, x := range f.Fields { // roles.0.center is the center that was chosen
		if at := strings.LastIndexByte(x.Field, '.'); strings.HasPrefix(x.Field, "roles.") && at > len("roles") {
			f.Fields[i].Field = x.Field[at+1:]
		}
	}
	v, err := r.personView(revoke)
	if err != nil {
		return err
	}
	if v.Gone {
		return f
	}
	v.Wrong = form(v)
	v.Wrong.refuse(r, f)
	return r.page(edge.Status(f), "person", v)
}
