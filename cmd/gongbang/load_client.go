package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// loadClient speaks to the server over a bounded number of connections.
type loadClient struct {
	base string
	http *http.Client
	free chan struct{} // one for each connection: who waits for one is not timed out
}

// loadAnswer is what the generator needs of an answer.
type loadAnswer struct {
	status     int
	took       time.Duration // from when a connection was free
	retryAfter time.Duration

	ID           string `json:"id"`
	Code         string `json:"code"`
	Token        string `json:"token"`
	Alternatives []slot `json:"alternatives"`
}

// slot is one time on one machine, as the API names it.
type slot struct {
	Equipment string    `json:"equipment_id"`
	Start     time.Time `json:"starts_at"`
	End       time.Time `json:"ends_at"`
}

func newLoadClient(base string, connections int) *loadClient {
	return &loadClient{base: base, free: make(chan struct{}, connections), http: &http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{
			MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections, MaxIdleConns: connections,
			DisableCompression: true, IdleConnTimeout: time.Minute,
		},
	}}
}

// call sends one request and reads all of its answer.
func (l *loadClient) call(ctx context.Context, method, path, token string, body any) (loadAnswer, error) {
	var payload io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return loadAnswer{}, err
		}
		payload = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, l.base+path, payload)
	if err != nil {
		return loadAnswer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	select {
	case l.free <- struct{}{}:
		defer func() { <-l.free }()
	case <-ctx.Done():
		return loadAnswer{}, ctx.Err()
	}
	began := time.Now()
	res, err := l.http.Do(req)
	if err != nil {
		return loadAnswer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return loadAnswer{}, err
	}
	a := loadAnswer{status: res.StatusCode, took: time.Since(began)}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		a.retryAfter = time.Duration(s) * time.Second
	}
	if method != http.MethodGet && len(raw) > 0 {
		if err := json.Unmarshal(raw, &a); err != nil {
			return a, fmt.Errorf("%s %s answered %d with something else than JSON", method, path, a.status)
		}
	}
	return a, nil
}
