package edge_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/web/edge"
)

// pipes is a listener whose connections live inside a synctest bubble.
type pipes struct{ conns chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

func serve(t *testing.T, h http.Handler) (dial func() net.Conn) {
	t.Helper()
	p := pipes{make(chan net.Conn)}
	s := edge.NewServer(h, slog.New(slog.DiscardHandler))
	done := make(chan error, 1)
	go func() { done <- s.Serve(p) }()
	t.Cleanup(func() {
		close(p.conns)
		_ = s.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return func() net.Conn {
		client, server := net.Pipe()
		p.conns <- server
		return client
	}
}

// TestSlowClients: who sends a header or a body by the drop is hung up on.
func TestSlowClients(t *testing.T) {
	for name, c := range map[string]struct {
		sent  string
		limit time.Duration
	}{
		"header": {"GET / HTTP/1.1\r\nHost: a\r\nX-", 5 * time.Second},
		"body":   {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{", 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dial := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if _, err := io.ReadAll(r.Body); err != nil {
						w.WriteHeader(http.StatusBadRequest)
					}
				}))
				conn := dial()
				defer conn.Close()
				start := time.Now()
				if _, err := io.WriteString(conn, c.sent); err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, conn)
				if took := time.Since(start); took < c.limit || took > c.limit+time.Second {
					t.Errorf("hung up after %v, want %v", took, c.limit)
				}
			})
		})
	}
}

func TestHugeHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := serve(t, http.NotFoundHandler())
		conn := dial()
		defer conn.Close()
		go func() {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nX-Long: "+strings.Repeat("x", 64<<10)+"\r\n\r\n")
		}()
		answer, err := io.ReadAll(conn)
		if line, _, _ := strings.Cut(string(answer), "\n"); !strings.Contains(line, "431") {
			t.Errorf("%q %v", line, err)
		}
	})
}

// TestShutdownEndsStreams: a stream that never ends by itself does not hold the program back.
func TestShutdownEndsStreams(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	streaming := make(chan struct{})
	s := edge.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(streaming)
		<-ended.Done()
	}), slog.New(slog.DiscardHandler), end)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(edge.Bounded(l)) }()
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err == nil {
			_ = resp.Body.Close()
		}
	}()
	<-streaming
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		t.Errorf("shutdown: %v", err)
	}
}
