package api

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/booking"
)

// Gauge is a figure that somebody else keeps: what waits in the outbox,
// whether the breaker of the locks is open. Read must answer at once.
type Gauge struct {
	Name, Help string
	Read       func(ctx context.Context) (float64, error)
}

// buckets of request durations, in seconds.
var buckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics counts what this process did, for GET /metrics in the text format
// of Prometheus. Labels are route patterns and codes, never anything typed.
type metrics struct {
	mu       sync.Mutex
	requests map[string]float64
	took     map[string]*histogram
	bookings map[string]float64
	refusals map[string]float64
}

type histogram struct {
	counts []float64
	sum    float64
	n      float64
}

func newMetrics() *metrics {
	return &metrics{requests: map[string]float64{}, took: map[string]*histogram{},
		bookings: map[string]float64{}, refusals: map[string]float64{}}
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[labelled("method", knownMethod(method), "route", route, "status", strconv.Itoa(status))]++
	key := labelled("route", route)
	h := m.took[key]
	if h == nil {
		h = &histogram{counts: make([]float64, len(buckets))}
		m.took[key] = h
	}
	for i, limit := range buckets {
		if took.Seconds() <= limit {
			h.counts[i]++
		}
	}
	h.sum += took.Seconds()
	h.n++
}

// knownMethod bounds the label: a client may invent methods.
func knownMethod(method string) string {
	if slices.Contains([]string{get, http.MethodHead, post, replace, patch, remove, http.MethodOptions}, method) {
		return method
	}
	return "other"
}

func (m *metrics) booked(o booking.Origin) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bookings[labelled("origin", string(o))]++
}

func (m *metrics) refused(code string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refusals[labelled("code", code)]++
}

func labelled(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s=%q", pairs[i], pairs[i+1])
	}
	return "{" + b.String() + "}"
}

func (m *metrics) write(b *bytes.Buffer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counters(b, "gongbang_http_requests_total", "Answered requests.", m.requests)
	counters(b, "gongbang_bookings_total", "Bookings made, by the door they came through.", m.bookings)
	counters(b, "gongbang_refusals_total", "Refused requests, by code.", m.refusals)
	const name = "gongbang_http_request_duration_seconds"
	head(b, name, "Time to answer.", "histogram")
	for _, key := range slices.Sorted(maps.Keys(m.took)) {
		h := m.took[key]
		inner := strings.TrimSuffix(key, "}")
		for i, limit := range buckets {
			fmt.Fprintf(b, "%s_bucket%s,le=\"%g\"} %g\n", name, inner, limit, h.counts[i])
		}
		fmt.Fprintf(b, "%s_bucket%s,le=\"+Inf\"} %g\n%s_sum%s %g\n%s_count%s %g\n", name, inner, h.n, name, key, h.sum, name, key, h.n)
	}
}

func counters(b *bytes.Buffer, name, help string, values map[string]float64) {
	head(b, name, help, "counter")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(b, "%s%s %g\n", name, key, values[key])
	}
}

func head(b *bytes.Buffer, name, help, kind string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (a *API) showMetrics(c *gin.Context) error {
	var b bytes.Buffer
	a.metrics.write(&b)
	head(&b, "gongbang_streams_open", "Open event streams.", "gauge")
	fmt.Fprintf(&b, "gongbang_streams_open %d\n", a.streams.open.Load())
	for _, g := range a.Gauges {
		v, err := g.Read(c.Request.Context())
		if err != nil {
			continue // a figure that can't be had is left out, not zero
		}
		head(&b, g.Name, g.Help, "gauge")
		fmt.Fprintf(&b, "%s %g\n", g.Name, v)
	}
	c.Data(http.StatusOK, "text/plain; version=0.0.4; charset=utf-8", b.Bytes())
	return nil
}
