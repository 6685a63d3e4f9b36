package api_test

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/booking"
	"gongbang/web/api"
	"gongbang/web/api/apitest"
	"gongbang/web/edge"
)

// pipes is a listener whose connections live inside a synctest bubble.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error { close(p.closed); return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestStreamOutlivesTheDeadlines: an hour of quiet under read and write
// deadlines of seconds, then a notice still comes; shutdown ends the stream.
func TestStreamOutlivesTheDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := build(t, nil)
		p := pipes{make(chan net.Conn), make(chan struct{})}
		server := edge.NewServer(h.api, slog.New(slog.DiscardHandler), h.api.CloseStreams)
		served := make(chan error, 1)
		go func() { served <- server.Serve(p) }()
		client, conn := net.Pipe()
		p.conns <- conn
		if _, err := client.Write([]byte("GET /api/v1/events?equipment=m1 HTTP/1.1\r\nHost: a\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if machines := <-h.feed.asked; !slices.Equal(machines, []string{"m1"}) {
			t.Errorf("watches %v", machines)
		}
		lines := make(chan string, 10_000)
		go func() {
			defer close(lines)
			for scan := bufio.NewScanner(client); scan.Scan(); {
				lines <- scan.Text()
			}
		}()
		time.Sleep(time.Hour) // of the bubble's clock
		h.feed.notices <- booking.Notice{Equipment: "m1", Day: "2030-01-07"}
		synctest.Wait()
		shut := make(chan error, 1)
		go func() { shut <- server.Shutdown(t.Context()) }()
		var got []string
		for line := range lines {
			got = append(got, line)
		}
		_ = client.Close()
		if err := <-shut; err != nil {
			t.Errorf("shutdown: %v", err)
		}
		<-served
		whole := strings.Join(got, "\n")
		if !strings.Contains(whole, "event: availability\ndata: {\"date\":\"2030-01-07\",\"equipment_id\":\"m1\"}") {
			t.Errorf("no notice in %q", whole)
		}
		if beats := strings.Count(whole, ": still here"); beats < 100 {
			t.Errorf("%d heartbeats in an hour", beats)
		}
		if !strings.Contains(whole, "text/event-stream") {
			t.Errorf("%.300q", whole)
		}
	})
}

func TestStreamsAreCapped(t *testing.T) {
	h := open(t, func(d *api.Deps) { d.Streams = 1 })
	resp, err := http.Get(h.url + "/api/v1/events?center=c1")
	if err != nil {
		t.Fatal(err)
	}
	<-h.feed.asked
	refused, body := h.call(t, apitest.Anonymous, "GET", "/api/v1/events?equipment=m1", "")
	if refused.StatusCode != 503 || refused.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", refused.StatusCode, body)
	}
	h.api.CloseStreams()
	for scan := bufio.NewScanner(resp.Body); scan.Scan(); {
		continue
	}
	_ = resp.Body.Close()
	refused, _ = h.call(t, apitest.Anonymous, "GET", "/api/v1/events?equipment=m1", "")
	if refused.StatusCode != 503 {
		t.Errorf("after the end a stream is let in: %d", refused.StatusCode)
	}
	if resp, _ := h.call(t, apitest.Anonymous, "GET", "/api/v1/events?equipment=none", ""); resp.StatusCode != 404 {
		t.Errorf("%d", resp.StatusCode)
	}
}
