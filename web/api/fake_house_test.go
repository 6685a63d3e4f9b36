package api_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/web/api"
	"gongbang/web/api/apitest"
)

// feed hands every subscriber what is put into it.
type feed struct {
	asked   chan []string
	notices chan booking.Notice
}

func (f *feed) Subscribe(ctx context.Context, equipment []string) <-chan booking.Notice {
	out := make(chan booking.Notice)
	go func() {
		defer close(out)
		f.asked <- equipment
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-f.notices:
				select {
				case out <- n:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}

// house is an API on fakes.
type house struct {
	api     *api.API
	engine  *engine
	people  *people
	surveys *surveys
	audit   *audit
	feed    *feed
	url     string
	client  *http.Client
	seen    *apitest.Recorder
}

func open(t testing.TB, change func(*api.Deps)) *house {
	t.Helper()
	h := build(t, change)
	server := httptest.NewServer(h.api)
	t.Cleanup(server.Close)
	t.Cleanup(h.api.CloseStreams)
	h.url, h.seen = server.URL, apitest.Record(t, server.Client().Transport)
	h.client = h.seen.Client()
	return h
}

// build makes the API without a server.
func build(t testing.TB, change func(*api.Deps)) *house {
	t.Helper()
	h := &house{engine: newEngine(), people: &people{}, surveys: &surveys{}, audit: &audit{},
		feed: &feed{make(chan []string, 100), make(chan booking.Notice)}}
	public, _ := url.Parse("http://gongbang.test")
	d := api.Deps{Engine: h.engine, People: h.people, Surveys: h.surveys, Audit: h.audit, Feed: h.feed,
		Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return noon }, NewID: func() string { return "request-1" }, PublicURL: public}
	if change != nil {
		change(&d)
	}
	var err error
	if h.api, err = api.New(d); err != nil {
		t.Fatal(err)
	}
	return h
}

// call asks as somebody; body "" sends none.
func (h *house) call(t testing.TB, who apitest.Who, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if tok := token(who); tok != "" {
		req.Header.Set("Authorization", "Bearer "+tok)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(raw)
}
