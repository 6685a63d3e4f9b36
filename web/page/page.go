package page

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/internal/lang"
	"gongbang/notify"
	"gongbang/survey"
	"gongbang/web/edge"
)

//go:embed templates static
var files embed.FS

// Surveys is the form behind a link and its one answer; *survey.Service is one.
type Surveys interface {
	Open(ctx context.Context, token string) (survey.Form, error)
	Answer(ctx context.Context, token string, sub survey.Submission) error
}

// Mailbox lists the newest messages; *notify.Mailbox is one.
type Mailbox interface {
	List(n int) ([]notify.Message, error)
}

// DemoAccount is shown on the start page of a demo.
type DemoAccount struct {
	Login string
	Role  lang.Text
}

// Deps is what the pages need. Mailbox nil switches the mailbox page off;
// Demo is empty unless the database is a demo.
type Deps struct {
	Edge    *edge.Edge
	Surveys Surveys
	// Brand is what the service calls itself.
	Brand        func(ctx context.Context) (lang.Text, error)
	Mailbox      Mailbox
	Demo         []DemoAccount
	DemoPassword string
}

type pages struct {
	Deps
	set map[string]*template.Template
}

// Mount puts the pages on the edge's engine.
func Mount(d Deps) error {
	if d.Edge == nil || d.Surveys == nil || d.Brand == nil {
		return errors.New("page: edge, surveys and brand are needed")
	}
	p := &pages{Deps: d, set: map[string]*template.Template{}}
	for _, name := range []string{"start", "mailbox", "survey", "notice"} {
		t, err := template.New("frame.html").Funcs(template.FuncMap{"text": lang.Text.In}).
			ParseFS(files, "templates/frame.html", "templates/"+name+".html")
		if err != nil {
			return err
		}
		p.set[name] = t
	}
	p.routes(d.Edge.Engine)
	return nil
}

func (p *pages) routes(g *gin.Engine) {
	edge.Get(g, "/", p.in(lang.Ko, p.start))
	edge.Get(g, "/en/", p.in(lang.En, p.start))
	edge.Get(g, "/static/plain.css", p.Edge.Wrap(p.style))
	edge.Get(g, "/s/:token", p.Edge.Wrap(p.openSurvey))
	g.POST("/s/:token", p.Edge.Wrap(p.answerSurvey))
	if p.Mailbox != nil {
		edge.Get(g, "/demo/messages", p.Edge.Wrap(p.mailbox))
	}
}

// in is a handler whose path says the language.
func (p *pages) in(l lang.Locale, h edge.Handler) gin.HandlerFunc {
	return p.Edge.Wrap(func(c *gin.Context) error {
		edge.SetLocale(c, l)
		return h(c)
	})
}

// frame is what every page shows around its own part.
type frame struct {
	Locale lang.Locale
	Brand  string
	Title  string
	Page   any
}

// T is the text in the page's language.
func (f frame) T(ko, en string) string { return lang.Text{Ko: ko, En: en}.In(f.Locale) }

// show renders into memory first, so that a broken page is a 500 and not half a page.
func (p *pages) show(c *gin.Context, status int, name, title string, view any) error {
	l := edge.LocaleOf(c)
	brand, err := p.Brand(c.Request.Context())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.set[name].Execute(&b, frame{Locale: l, Brand: brand.In(l), Title: title, Page: view}); err != nil {
		return err
	}
	edge.PageHeaders(c)
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

func (p *pages) style(c *gin.Context) error {
	css, err := files.ReadFile("static/plain.css")
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.Data(http.StatusOK, "text/css; charset=utf-8", css)
	return nil
}
