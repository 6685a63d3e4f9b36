package edge

import (
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// MaxConnections is how many clients may be connected at once; more wait in the kernel's queue.
const MaxConnections = 16384

// NewServer is an http.Server with every limit set. onShutdown ends what
// outlives a request, the event streams, so that Shutdown needn't wait for them.
func NewServer(h http.Handler, log *slog.Logger, onShutdown ...func()) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	for _, f := range onShutdown {
		s.RegisterOnShutdown(f)
	}
	return s
}

// Bounded caps the connections of a listener.
func Bounded(l net.Listener) net.Listener { return netutil.LimitListener(l, MaxConnections) }
