package page

import (
	"net/http"
	"net/url"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/web/edge"
)

// peopleView finds accounts. What was typed is sent by a press, so that no
// address keeps anybody's phone number.
type peopleView struct {
	Frame
	Form   *Form
	Sought bool
	People []personLine
	More   *Form // nil: the list is whole
}

// personLine is one account, masked.
type personLine struct {
	Name, Contact, Href string
	Roles               []string
	Gone                bool
}

func (p *pages) people(r *request) error {
	v := &peopleView{Frame: r.frame("people.title"), Form: r.peopleForm()}
	return r.page(http.StatusOK, "people", v)
}

func (r *request) peopleForm() *Form {
	role := &Field{Name: "role", Type: "select", Label: r.T("people.role"), Options: []Option{{Label: r.T("filter.all")}}}
	for _, x := range []account.Role{account.Staff, account.Manager, account.Admin} {
		role.Options = append(role.Options, Option{Value: string(x), Label: r.T("role." + string(x))})
	}
	q := &Field{Name: "q", Type: "search", Label: r.T("people.q"), Hint: r.T("people.q_hint"), Autocomplete: "off", MaxLength: 254}
	return r.form("/manage/people", q, role)
}

func (p *pages) findPeople(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	v := &peopleView{Frame: r.frame("people.title"), Form: r.peopleForm().fill(sent), Sought: true}
	found, err := p.People.List(r.ctx(), r.actor, account.Query{Text: sent.Get("q"), Role: account.Role(sent.Get("role")), After: sent.Get("after")})
	if f, ok := refused(err); ok {
		v.Form.refuse(r, f)
		return r.page(edge.Status(f), "people", v)
	}
	if err != nil {
		return err
	}
	for _, a := range found.Items {
		v.People = append(v.People, r.personLine(a))
	}
	if found.Next != "" {
		v.More = r.form("/manage/people").hide("q", sent.Get("q")).hide("role", sent.Get("role")).hide("after", found.Next)
	}
	return r.page(http.StatusOK, "people", v)
}

func (r *request) personLine(a account.Account) personLine {
	contacts := []string{}
	for _, c := range []string{Frame{}.Phone(a.Phone.Reveal()), a.Email.Reveal()} {
		if c != "" {
			contacts = append(contacts, c)
		}
	}
	l := personLine{Name: a.Name.Reveal(), Contact: strings.Join(contacts, " · "), Href: r.url(personPath(a.ID)), Gone: a.ClosedAt != nil}
	for _, g := range a.Grants {
		l.Roles = append(l.Roles, r.roleName(g))
	}
	return l
}

func personPath(id string) string { return "/manage/people/" + url.PathEscape(id) }

// roleName is a role with the center where it counts.
func (r *request) roleName(g account.Grant) string {
	where := r.T("people.everywhere")
	if g.Center != "" {
		where = g.Center
	}
	if c, ok := r.catalog.Center(g.Center); ok {
		where = c.Name.In(r.lang)
	}
	return r.T("role."+string(g.Role)) + " · " + where
}

// allCenters lists the centers that are open to the public.
func (r *request) allCenters() (list []booking.Label) {
	for _, c := range r.catalog.Centers {
		if !c.Retired {
			list = append(list, booking.Label{ID: c.ID, Name: c.Name})
		}
	}
	return list
}
