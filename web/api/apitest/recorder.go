package apitest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Recorder is an http.RoundTripper that holds every answer to the contract and
// fails the test where one breaks it. Event streams are let through unread.
type Recorder struct {
	t        testing.TB
	contract *Contract
	next     http.RoundTripper
	mu       sync.Mutex
	seen     map[string]bool
}

// Record wraps a transport (nil is the default one).
func Record(t testing.TB, next http.RoundTripper) *Recorder {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatalf("contract: %v", err)
	}
	if next == nil {
		next = http.DefaultTransport
	}
	return &Recorder{t: t, contract: c, next: next, seen: map[string]bool{}}
}

// Client is an http.Client whose answers are recorded.
func (r *Recorder) Client() *http.Client {
	return &http.Client{Transport: r, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// RoundTrip asks and judges the answer. Pages that are not in the contract pass.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil || strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	path := req.URL.Path
	if r.contract.Match(req.Method, path) == "" && !strings.HasPrefix(path, "/api/") {
		return resp, nil
	}
	if err := r.contract.Judge(req.Method, path, resp.StatusCode, resp.Header.Get("Content-Type"), body); err != nil {
		r.t.Errorf("%v", err)
	}
	r.mu.Lock()
	r.seen[req.Method+" "+r.contract.Match(req.Method, path)] = true
	r.mu.Unlock()
	return resp, nil
}

// Unseen lists the contract's operations that were never asked.
func (r *Recorder) Unseen() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for _, o := range r.contract.Operations() {
		if !r.seen[o] {
			list = append(list, o)
		}
	}
	return list
}
