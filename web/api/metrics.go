package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gongbang/booking"
)

// Gauge is a figure that somebody else keeps: what waits in the outbox,
// whether the breaker of the locks is open. Read must answer at once.
type Gauge struct {
	Name, Help string
	Read       func(ctx context.Context) (float64, error)
}

// gaugePatience bounds how long a gauge may take.
const gaugePatience = time.Second

// metrics counts what this process did. Labels are route patterns and codes,
// never anything typed.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	bookings *prometheus.CounterVec
	refusals *prometheus.CounterVec
}

func newMetrics(open func() float64, gauges []Gauge) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gongbang_http_requests_total", Help: "Answered requests."}, []string{"method", "route", "status"}),
		took:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gongbang_http_request_duration_seconds", Help: "Time to answer."}, []string{"route"}),
		bookings: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gongbang_bookings_total", Help: "Bookings made, by the door they came through."}, []string{"origin"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gongbang_refusals_total", Help: "Refused requests, by code."}, []string{"code"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.bookings, m.refusals, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gongbang_streams_open", Help: "Open event streams."}, open))
	for _, g := range gauges {
		m.registry.MustRegister(asked{g, prometheus.NewDesc(g.Name, g.Help, nil, nil)})
	}
	return m
}

// asked is a Gauge as a collector: a figure that can't be had is left out, not zero.
type asked struct {
	Gauge
	desc *prometheus.Desc
}

func (a asked) Describe(ch chan<- *prometheus.Desc) { ch <- a.desc }

func (a asked) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugePatience)
	defer cancel()
	if v, err := a.Read(ctx); err == nil {
		ch <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, v)
	}
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(knownMethod(method), route, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// knownMethod bounds the label: a client may invent methods.
func knownMethod(method string) string {
	if slices.Contains([]string{get, http.MethodHead, post, replace, patch, remove, http.MethodOptions}, method) {
		return method
	}
	return "other"
}

func (m *metrics) booked(o booking.Origin) { m.bookings.WithLabelValues(string(o)).Inc() }

func (m *metrics) refused(code string) { m.refusals.WithLabelValues(code).Inc() }

func (a *API) showMetrics(c *gin.Context) error {
	promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(c.Writer, c.Request)
	return nil
}
