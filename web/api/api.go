package api

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
	"gongbang/web/edge"
)

// defaultStreams is how many event streams may be open unless Deps says otherwise.
const defaultStreams = 2000

// Deps is what the API needs. Limiter nil switches rate limits off; Probes and
// Gauges may be empty; Streams 0 is 2,000. All others are required.
type Deps struct {
	Engine  Engine
	People  People
	Surveys Surveys
	Audit   Audit
	Feed    booking.Feed

	Log     *slog.Logger
	Clock   func() time.Time
	NewID   func() string // request ids
	Limiter edge.Limiter
	// PublicURL is where clients reach the service; https makes cookies Secure.
	PublicURL      *url.URL
	TrustedProxies []string
	Streams        int
	Probes         []Probe
	Gauges         []Gauge
}

// API is the JSON door; it answers as an http.Handler.
type API struct {
	Deps
	edge     *edge.Edge
	metrics  *metrics
	streams  *streams
	lastZone atomic.Pointer[time.Location]
	contract docsView
}

// New builds the engine with all JSON and operations routes; it starts nothing.
func New(d Deps) (*API, error) {
	switch {
	case d.Engine == nil, d.People == nil, d.Surveys == nil, d.Audit == nil, d.Feed == nil:
		return nil, errors.New("api: engine, people, surveys, audit and feed are needed")
	case d.Log == nil, d.Clock == nil, d.NewID == nil, d.PublicURL == nil:
		return nil, errors.New("api: log, clock, request ids and public URL are needed")
	}
	if d.Streams == 0 {
		d.Streams = defaultStreams
	}
	a := &API{Deps: d, streams: newStreams(d.Streams)}
	a.metrics = newMetrics(func() float64 { return float64(a.streams.open.Load()) }, d.Gauges)
	var err error
	if a.contract, err = readContract(openAPI); err != nil {
		return nil, err
	}
	a.edge, err = edge.New(edge.Deps{Log: d.Log, Sessions: d.People, Limiter: d.Limiter, PublicURL: d.PublicURL,
		TrustedProxies: d.TrustedProxies, NewID: d.NewID, Observe: a.metrics.observe, Refused: a.metrics.refused, Present: a.present})
	if err != nil {
		return nil, err
	}
	a.mountOperations(a.edge.Engine)
	return a, a.mount(a.edge.Engine.Group(Base, a.edge.Session), a.routes())
}

// Edge is what web/page puts its own routes on.
func (a *API) Edge() *edge.Edge { return a.edge }

// Gin is the engine under it.
func (a *API) Gin() *gin.Engine { return a.edge.Engine }

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.edge.Engine.ServeHTTP(w, r) }

// CloseStreams ends all event streams and takes no new ones; call it at shutdown.
func (a *API) CloseStreams() { a.streams.end() }
