package page

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/web/edge"
)

// request is one visit on its way through a page.
type request struct {
	*gin.Context
	p       *pages
	row     route
	actor   account.Actor
	lang    lang.Locale
	ui      settings
	now     time.Time
	catalog *booking.Catalog
}

func (p *pages) request(c *gin.Context) (*request, error) {
	cat, err := p.Engine.Catalog(c.Request.Context())
	if err != nil {
		return nil, err
	}
	p.last.Store(cat)
	return p.requestOn(c, cat), nil
}

func (p *pages) requestOn(c *gin.Context, cat *booking.Catalog) *request {
	r := &request{Context: c, p: p, actor: edge.ActorOf(c), lang: edge.LocaleOf(c), ui: readSettings(c.Request), now: p.Clock(), catalog: cat}
	r.actor.Locale = r.lang
	return r
}

func (r *request) ctx() context.Context { return r.Request.Context() }

// T is chrome text in the page's language.
func (r *request) T(key string, args ...any) string { return r.p.texts.get(r.lang, key, args...) }

// when writes times as citizens read them.
func (r *request) when() notify.When {
	return notify.When{Locale: r.lang, Zone: r.catalog.Zone, Now: r.now}
}

// staffWhen writes times as staff read them.
func (r *request) staffWhen() notify.When {
	w := r.when()
	w.Staff = true
	return w
}

// today is the date in the catalog's zone.
func (r *request) today() booking.Date { return booking.DateOf(r.now, r.catalog.Zone) }

// url is a path of ours in the page's language.
func (r *request) url(path string) string { return inLanguage(r.lang, path) }

func inLanguage(l lang.Locale, path string) string {
	if l == lang.En {
		return "/en" + path
	}
	return path
}

// see sends the browser on to a page of ours (303), as every change ends.
func (r *request) see(path string) error {
	r.Redirect(http.StatusSeeOther, r.url(path))
	return nil
}

// path is the request's path without the language, with its query.
func (r *request) path() string { return localPath(r.Request.URL) }

func localPath(u *url.URL) string {
	path := u.Path
	if rest, ok := strings.CutPrefix(path, "/en/"); ok {
		path = "/" + rest
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}
