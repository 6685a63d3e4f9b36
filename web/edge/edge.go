package edge

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Sessions finds who a session token belongs to. What it doesn't know is a
// fault of kind Unauthenticated.
type Sessions interface {
	Authenticate(ctx context.Context, token string) (account.Actor, error)
}

// Limiter is a token bucket for each key, refilled perMinute times a minute
// and burst deep. When it refuses it says after how long to come again.
type Limiter interface {
	Allow(ctx context.Context, key string, perMinute, burst int) (ok bool, retryAfter time.Duration)
}

// Deps is what the edge needs. Limiter nil switches rate limits off; Observe,
// Refused and Present may be nil.
type Deps struct {
	Log      *slog.Logger
	Sessions Sessions
	Limiter  Limiter
	// PublicURL is where clients reach the service; https makes the cookie
	// Secure and switches HSTS on.
	PublicURL *url.URL
	// TrustedProxies are addresses or CIDRs whose X-Forwarded-For is believed.
	TrustedProxies []string
	// NewID makes request ids.
	NewID func() string
	// Observe is told of every finished request; route is the pattern, never the path.
	Observe func(method, route string, status int, took time.Duration)
	// Refused is told of every refusal's code.
	Refused func(code string)
	// Present turns a member of Fault.Extra into its JSON form.
	Present func(ctx context.Context, l lang.Locale, key string, value any) any
}

// Edge is the Gin engine with the outer middlewares in place. Groups that know
// people add Session and Limit.
type Edge struct {
	Deps
	Engine *gin.Engine
	// Page, when set, answers refusals outside of the API's paths for people to read.
	Page   func(c *gin.Context, f *fault.Fault, status int)
	secure bool
}

// CalendarPath is where calendar programs read, behind it TOKEN.ics.
const CalendarPath = "/api/v1/calendar"

// Handler answers a request or returns why not.
type Handler func(c *gin.Context) error

// New makes the engine; it starts nothing.
func New(d Deps) (*Edge, error) {
	if d.Log == nil || d.Sessions == nil || d.PublicURL == nil || d.NewID == nil {
		return nil, errors.New("edge: log, sessions, public URL and request ids are needed")
	}
	gin.SetMode(gin.ReleaseMode)
	e := &Edge{Deps: d, Engine: gin.New(), secure: d.PublicURL.Scheme == "https"}
	g := e.Engine
	g.HandleMethodNotAllowed = true
	g.RedirectTrailingSlash = false
	g.RedirectFixedPath = false
	if err := g.SetTrustedProxies(d.TrustedProxies); err != nil {
		return nil, err
	}
	origin, err := e.sameOrigin()
	if err != nil {
		return nil, err
	}
	g.Use(e.identify, e.accessLog, e.problems, e.headers, e.limitBody, cleanURL, origin)
	g.NoRoute(e.Wrap(func(*gin.Context) error { return fault.ErrNotFound }))
	g.NoMethod(e.Wrap(func(*gin.Context) error { return fault.New(fault.Method, "method_not_allowed") }))
	return e, nil
}

// Wrap hands a handler's error to the error middleware.
func (e *Edge) Wrap(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			refuse(c, err)
		}
	}
}

// refuse stops the chain; the error middleware answers.
func refuse(c *gin.Context, err error) {
	_ = c.Error(err)
	c.Abort()
}

// Secure tells whether clients come over TLS.
func (e *Edge) Secure() bool { return e.secure }

// Get registers a handler for GET and HEAD, whose answer is the same without a body.
func Get(r gin.IRoutes, path string, h ...gin.HandlerFunc) {
	r.Match([]string{http.MethodGet, http.MethodHead}, path, h...)
}
