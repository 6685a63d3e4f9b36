package page

import (
	"net/http"
	"net/url"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/notify"
)

// newestMessages is how many the mailbox page shows.
const newestMessages = 50

// messagesView is the mailbox of demos and development.
type messagesView struct {
	Frame
	Messages []messageView
}

type messageView struct {
	notify.Message
	Links []string // of the message, as addresses a browser may follow
}

func (p *pages) messages(r *request) error {
	found, err := p.Mailbox.List(newestMessages)
	if err != nil {
		return err
	}
	v := messagesView{Frame: r.frame("messages.title")}
	for _, m := range found {
		one := messageView{Message: m}
		for _, link := range m.Links {
			if u, err := url.Parse(link); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
				one.Links = append(one.Links, link)
			}
		}
		v.Messages = append(v.Messages, one)
	}
	return r.page(http.StatusOK, "messages", &v)
}

// become lets one press enter a demo account. Whose logins are not those of the demo is refused.
func (p *pages) become(r *request) error {
	sent, err := r.sent()
	if err != nil {
		return err
	}
	for _, a := range p.Demo {
		if a.Login != sent.Get("login") {
			continue
		}
		s, _, err := p.People.SignIn(r.ctx(), r.actor, account.SignIn{Login: a.Login, Password: account.Secret(p.DemoPassword)})
		if err != nil {
			return err
		}
		r.note("note.signed_in")
		next := "/"
		switch {
		case strings.HasPrefix(a.Login, "staff"):
			next = "/desk"
		case strings.HasPrefix(a.Login, "manager"):
			next = "/manage"
		}
		return r.enter(s, kept{next: next})
	}
	return fault.ErrNotFound
}
