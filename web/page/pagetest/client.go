package pagetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/store"
)

// Who is somebody of the tests.
type Who string

const (
	Nobody   Who = ""
	Citizen  Who = "citizen"
	Citizen2 Who = "citizen2"
	Staff    Who = "staff"   // of Saha
	Manager  Who = "manager" // of Saha
	Admin    Who = "admin"   // of everything
)

// DemoPassword is everybody's password once Password was called, or in a demo.
const DemoPassword = "demo-demo-demo"

var roles = map[Who]lang.Text{Citizen: {Ko: "시민", En: "Citizen"}, Staff: {Ko: "창구 직원", En: "Desk staff"}, Manager: {Ko: "관리자", En: "Manager"}}

// Login is somebody's e-mail address.
func (w Who) Login() string { return string(w) + "@demo.test" }

// Actor is somebody as the services know them; the account is made at the first call.
func (s *Site) Actor(who Who) account.Actor {
	s.T.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if who == Nobody {
		return account.Actor{Locale: lang.Ko, Address: "192.0.2.1"}
	}
	if a, ok := s.people[who]; ok {
		return a
	}
	n := account.NewAccount{Name: account.Secret(map[Who]string{Citizen: "시민1", Citizen2: "시민2", Staff: "직원1", Manager: "관리자1", Admin: "운영자1"}[who]),
		Email: account.Secret(who.Login()), Demo: true, Consents: true}
	if who == Citizen {
		n.Phone = "010-0000-1001"
	}
	a := account.Actor{Locale: lang.Ko}
	switch who {
	case Staff, Manager:
		n.Role, n.Centers = account.Role(who), []string{Saha}
		a.Grants = []account.Grant{{Role: n.Role, Center: Saha}}
	case Admin:
		n.Role, a.Grants = account.Admin, []account.Grant{{Role: account.Admin}}
	}
	made, err := s.Accounts.Create(context.Background(), account.System("test"), n)
	s.must(err)
	a.ID = made.ID
	s.people[who] = a
	return a
}

// Password gives somebody DemoPassword.
func (s *Site) Password(who Who) {
	s.T.Helper()
	s.Actor(who)
	s.must(s.Accounts.SetPasswordByLogin(context.Background(), account.System("test"), who.Login(), DemoPassword))
}

// Code is the code that was sent last.
func (s *Site) Code() string {
	s.T.Helper()
	ctx := context.Background()
	id, err := store.Read(ctx, s.DB, func(ctx context.Context, tx *store.Tx) (string, error) {
		var subject string
		err := tx.QueryRow(ctx, "SELECT key FROM outbox WHERE kind = $1 ORDER BY id DESC LIMIT 1", account.CodeSent).Scan(&subject)
		return strings.TrimPrefix(subject, account.CodeSent+":"), err
	})
	s.must(err)
	m, err := s.Accounts.CodeMessage(ctx, id)
	s.must(err)
	return m.Code.Reveal()
}

// Client is a browser without a screen: it keeps cookies and follows nothing by itself.
type Client struct {
	site    *Site
	t       testing.TB
	Cookies map[string]string
}

// As is a fresh client of somebody who is signed in; Nobody is not.
func (s *Site) As(who Who) *Client {
	s.T.Helper()
	c := &Client{site: s, t: s.T, Cookies: map[string]string{}}
	if who == Nobody {
		return c
	}
	c.Cookies[s.API.Edge().CookieName()] = s.session(who)
	return c
}

// session is somebody's session token: the one they have, else a new one by a
// code; who asks again after a sign-out comes by password, because codes are
// sent only so often.
func (s *Site) session(who Who) string {
	s.T.Helper()
	s.Actor(who)
	ctx, anybody := context.Background(), account.Actor{Address: "192.0.2.1"}
	s.mu.Lock()
	token, again := s.tokens[who]
	s.mu.Unlock()
	in := account.SignIn{Login: who.Login(), Password: DemoPassword}
	switch _, err := s.Accounts.Authenticate(ctx, token); {
	case err == nil:
		return token
	case again:
		s.Password(who)
	default:
		s.must(s.Accounts.SendCode(ctx, anybody, who.Login()))
		in.Code = account.Secret(s.Code())
	}
	session, _, err := s.Accounts.SignIn(ctx, anybody, in)
	s.must(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[who] = session.Token.Reveal()
	return s.tokens[who]
}

// Page is an answer.
type Page struct {
	t      testing.TB
	client *Client
	Status int
	Header http.Header
	Body   string
	doc    *html.Node
}

// Get opens a path.
func (c *Client) Get(path string) *Page { c.t.Helper(); return c.Do(http.MethodGet, path, nil) }

// Post sends a form.
func (c *Client) Post(path string, form url.Values) *Page {
	c.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return c.Do(http.MethodPost, path, form)
}

// Do sends a request; a form makes it one with a body.
func (c *Client) Do(method, path string, form url.Values, header ...string) *Page {
	c.t.Helper()
	path, _, _ = strings.Cut(path, "#") // which browsers keep to themselves
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "gongbang.test"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	for name, value := range c.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	c.site.API.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 || cookie.Value == "" {
			delete(c.Cookies, cookie.Name)
			continue
		}
		c.Cookies[cookie.Name] = cookie.Value
	}
	p := &Page{t: c.t, client: c, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
	doc, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		c.t.Fatal(err)
	}
	p.doc = doc
	return p
}

// Is asks for a status and ends the test otherwise.
func (p *Page) Is(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("answers %d, want %d: %.900s", p.Status, status, p.Text())
	}
	return p
}

// Has asks for parts of the source.
func (p *Page) Has(parts ...string) *Page {
	p.t.Helper()
	for _, part := range parts {
		if !strings.Contains(p.Body, part) {
			p.t.Errorf("%q is missing in %.2000s", part, p.Text())
		}
	}
	return p
}

// Lacks asks that parts are not in the source.
func (p *Page) Lacks(parts ...string) *Page {
	p.t.Helper()
	for _, part := range parts {
		if strings.Contains(p.Body, part) {
			p.t.Errorf("%q is there", part)
		}
	}
	return p
}

// To is where a 303 leads; it ends the test when the answer is none.
func (p *Page) To() string {
	p.t.Helper()
	p.Is(http.StatusSeeOther)
	return p.Header.Get("Location")
}

// Follow opens where a 303 leads.
func (p *Page) Follow() *Page { p.t.Helper(); return p.client.Get(p.To()) }

// Text is what can be read of the page, spaces made single.
func (p *Page) Text() string {
	var b strings.Builder
	walk(p.doc, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		return n.Data != "style" && n.Data != "script" && n.Data != "head"
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// Find lists the elements for which keep says yes.
func (p *Page) Find(keep func(*html.Node) bool) (found []*html.Node) {
	walk(p.doc, func(n *html.Node) bool {
		if n.Type == html.ElementNode && keep(n) {
			found = append(found, n)
		}
		return true
	})
	return found
}

// Elements lists the elements of a name.
func (p *Page) Elements(name string) []*html.Node {
	return p.Find(func(n *html.Node) bool { return n.Data == name })
}

// Form is the values of the first form that posts to a path, as a browser would
// send it untouched.
func (p *Page) Form(action string) url.Values {
	p.t.Helper()
	for _, f := range p.Elements("form") {
		if strings.EqualFold(Attr(f, "method"), "post") && Attr(f, "action") == action {
			return values(f)
		}
	}
	p.t.Fatalf("there is no form for %s in %.900s", action, p.Text())
	return nil
}

func values(form *html.Node) url.Values {
	v := url.Values{}
	walk(form, func(n *html.Node) bool {
		name := Attr(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input":
			kind := Attr(n, "type")
			if (kind == "checkbox" || kind == "radio") && !HasAttr(n, "checked") || kind == "submit" {
				break
			}
			v.Add(name, Attr(n, "value"))
		case n.Data == "textarea":
			v.Add(name, inner(n))
		case n.Data == "select":
			chosen, any := "", false
			walk(n, func(o *html.Node) bool {
				if o.Data == "option" && (!any || HasAttr(o, "selected")) {
					chosen, any = Attr(o, "value"), true
				}
				return true
			})
			if any {
				v.Add(name, chosen)
			}
		}
		return true
	})
	return v
}

func inner(n *html.Node) string {
	var b strings.Builder
	walk(n, func(x *html.Node) bool {
		if x.Type == html.TextNode {
			b.WriteString(x.Data)
		}
		return true
	})
	return b.String()
}

// Inner is the text inside an element.
func Inner(n *html.Node) string { return strings.Join(strings.Fields(inner(n)), " ") }

// Attr is an attribute of an element, "" without.
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// HasAttr tells whether an element has an attribute.
func HasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func walk(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}
