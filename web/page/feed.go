package page

import (
	"net/http"

	"gongbang/web/edge"
)

// feedView shows a fresh calendar address, this once.
type feedView struct {
	Frame
	Address string
}

// newFeed makes or renews the person's calendar address.
func (p *pages) newFeed(r *request) error {
	if _, err := r.sent(); err != nil {
		return err
	}
	_, token, err := p.People.NewFeed(r.ctx(), r.actor, "", "")
	if err != nil {
		return err
	}
	v := feedView{Frame: r.frame("feed.title")}
	v.Address = p.Edge.PublicURL.JoinPath(edge.CalendarPath, token.Reveal()+".ics").String()
	return r.page(http.StatusOK, "feed", &v)
}
