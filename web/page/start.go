package page

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/web/edge"
)

// newestMessages is how many the mailbox page shows.
const newestMessages = 100

type startView struct {
	Mailbox  bool
	Demo     []DemoAccount
	Password string
}

func (p *pages) start(c *gin.Context) error {
	return p.show(c, http.StatusOK, "start", "", startView{p.Mailbox != nil, p.Demo, p.DemoPassword})
}

type mailboxView struct{ Messages []messageView }

type messageView struct {
	notify.Message
	When  string
	Links []string // of the message, as addresses a browser may follow
}

func (p *pages) mailbox(c *gin.Context) error {
	found, err := p.Mailbox.List(newestMessages)
	if err != nil {
		return err
	}
	view := mailboxView{}
	for _, m := range found {
		v := messageView{Message: m, When: m.At.Format("2006-01-02 15:04:05")}
		for _, link := range m.Links {
			if u, err := url.Parse(link); err == nil && strings.HasPrefix(u.Scheme, "http") {
				v.Links = append(v.Links, link)
			}
		}
		view.Messages = append(view.Messages, v)
	}
	title := lang.Text{Ko: "보낸 메시지", En: "Messages sent"}.In(edge.LocaleOf(c))
	return p.show(c, http.StatusOK, "mailbox", title, view)
}
