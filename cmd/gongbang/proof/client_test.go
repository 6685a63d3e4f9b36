package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// object is a JSON object.
type object = map[string]any

// raw is a body that is sent as it is.
type raw string

// caller asks a server as somebody; token "" is nobody.
type caller struct {
	base, token string
	client      *http.Client
}

// many is a client for many connections at once that gives up only where a
// server hangs for good.
func many() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 512, MaxConnsPerHost: 512}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	raw    []byte
	code   string // of a refusal
	object
}

// try asks once; headers are pairs.
func (c caller) try(ctx context.Context, method, path string, body any, headers ...string) (answer, error) {
	var sent io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case raw:
		sent = bytes.NewReader([]byte(b))
	default:
		doc, err := json.Marshal(b)
		if err != nil {
			return answer{}, err
		}
		sent = bytes.NewReader(doc)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, sent)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := c.client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header, object: object{}}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		return answer{}, err
	}
	_ = json.Unmarshal(a.raw, &a.object)
	if a.status >= 400 {
		a.code, _ = a.object["code"].(string)
	}
	return a, nil
}

// call asks and fails the test when no answer comes.
func (c caller) call(t *testing.T, method, path string, body any, headers ...string) answer {
	t.Helper()
	a, err := c.try(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// want asks and fails the test on another status.
func (c caller) want(t *testing.T, status int, method, path string, body any, headers ...string) answer {
	t.Helper()
	a := c.call(t, method, path, body, headers...)
	if a.status != status {
		sent, _ := json.Marshal(body)
		t.Fatalf("%s %s with %s answers %d, want %d: %s", method, path, tail(string(sent), 300), a.status, status, tail(string(a.raw), 900))
	}
	return a
}

// refused asks and wants this status and code.
func (c caller) refused(t *testing.T, status int, code, method, path string, body any, headers ...string) answer {
	t.Helper()
	a := c.want(t, status, method, path, body, headers...)
	if a.code != code {
		t.Fatalf("%s %s is refused as %q, want %q: %s", method, path, a.code, code, tail(string(a.raw), 900))
	}
	return a
}

// text is a member of the answer.
func (a answer) text(name string) string {
	s, _ := a.object[name].(string)
	return s
}

// items are the members of a list.
func (a answer) items() []object { return objects(a.object["items"]) }

func objects(v any) []object {
	list, _ := v.([]any)
	out := make([]object, 0, len(list))
	for _, m := range list {
		if o, ok := m.(object); ok {
			out = append(out, o)
		}
	}
	return out
}

// codes lists the violations of a refusal.
func (a answer) codes() []string {
	var out []string
	for _, v := range objects(a.object["violations"]) {
		out = append(out, fmt.Sprint(v["code"]))
	}
	return out
}

// stamp writes an instant as clients do.
func stamp(t time.Time) string { return t.In(kst).Format(time.RFC3339) }

// span asks for a machine from a moment on, for some minutes.
func span(machine string, from time.Time, minutes int, more ...any) object {
	o := object{"equipment_id": machine, "starts_at": stamp(from), "ends_at": stamp(from.Add(time.Duration(minutes) * time.Minute))}
	for i := 0; i+1 < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}
