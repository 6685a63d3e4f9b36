package api_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"gongbang/web/api"
	"gongbang/web/api/apitest"
)

// operationsPaths are in the contract and not in the table of JSON routes.
var operationsPaths = []string{"GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.yaml", "GET /docs"}

// TestTableAndContractAgree in both directions, permissions too.
func TestTableAndContractAgree(t *testing.T) {
	c, err := apitest.Load()
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	for _, o := range c.Operations() {
		declared[o] = true
	}
	served := map[string]bool{}
	for _, o := range operationsPaths {
		served[o] = true
	}
	for _, r := range api.Routes() {
		name := r.Method + " " + api.Base + r.Path
		if served[name] {
			t.Errorf("%s is in the table twice", name)
		}
		served[name] = true
		if got := c.Permission(r.Method, api.Base+r.Path); got != string(r.Permission) {
			t.Errorf("%s: the contract says %q, the table %q", name, got, r.Permission)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(served)) {
		if !declared[name] {
			t.Errorf("%s is served and not in openapi.yaml", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !served[name] {
			t.Errorf("%s is in openapi.yaml and not served", name)
		}
	}
}

// TestEveryRefIsThere: a document with a dangling $ref helps nobody.
func TestEveryRefIsThere(t *testing.T) {
	var doc any
	if err := yaml.Unmarshal(api.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, member := range v {
				if ref, ok := member.(string); ok && key == "$ref" {
					used[ref] = true
					if !resolves(doc, strings.TrimPrefix(ref, "#/")) {
						t.Errorf("%s leads nowhere", ref)
					}
				}
				walk(member)
			}
		case []any:
			for _, member := range v {
				walk(member)
			}
		}
	}
	walk(doc)
	for name := range doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		if !used["#/components/schemas/"+name] {
			t.Errorf("schema %s is used by nobody", name)
		}
	}
}

func resolves(v any, path string) bool {
	for part := range strings.SplitSeq(path, "/") {
		m, ok := v.(map[string]any)
		if !ok {
			return false
		}
		if v, ok = m[part]; !ok {
			return false
		}
	}
	return true
}

// values of the parameters of paths, as the fakes know them.
func values(_, parameter string) string {
	return map[string]string{"center": "c1", "oid": "o1", "sid": "b1-no_show", "group": "small", "key": "survey", "token": "open", "account": "owner", "cid": "t1", "no": "1", "feed": "feed-token.ics"}[parameter]
}

func byRoute(route, parameter string) string {
	if parameter != "id" {
		return values(route, parameter)
	}
	switch {
	case strings.HasPrefix(route, "/bookings"):
		return "b1"
	case strings.HasPrefix(route, "/equipment"):
		return "m1"
	case strings.HasPrefix(route, "/holds"):
		return "h1"
	case strings.HasPrefix(route, "/centers"):
		return "c1"
	case strings.HasPrefix(route, "/me/sessions"):
		return "s1"
	case strings.HasPrefix(route, "/inquiries"):
		return "q1"
	case strings.HasPrefix(route, "/closures"):
		return "x1"
	case strings.HasPrefix(route, "/survey-comments"):
		return "r1"
	case strings.HasPrefix(route, "/survey-cases"):
		return "k1"
	}
	return "owner"
}

func queries(method, route string) string {
	switch method + " " + route {
	case "GET /equipment/{id}/explain":
		return "starts_at=2030-01-07T10:00:00%2B09:00&ends_at=2030-01-07T11:00:00%2B09:00"
	case "GET /desk/{center}/find":
		return "q=0001"
	case "GET /desk/{center}/people":
		return "phone=010-1000-0001"
	case "GET /usage/export.csv", "GET /usage/export.xlsx", "GET /survey-results/export.csv", "GET /survey-results/export.xlsx":
		return "reason=report"
	case "GET /events":
		return "equipment=none" // a stream would not end; 404 is public too
	}
	return ""
}

// inOwnCenter moves an example that names its center to the fakes' own.
func inOwnCenter(_, route string, example any) any {
	if body, ok := example.(map[string]any); ok && route == "/closures" {
		body = maps.Clone(body)
		body["scope"] = "center:c1"
		return body
	}
	return example
}

// TestPermissions asks every route as everyone, and every answer is held to the contract.
func TestPermissions(t *testing.T) {
	h := open(t, nil)
	apitest.Matrix{BaseURL: h.url, Client: h.client, Tokens: token, Path: byRoute, Query: queries, Body: inOwnCenter}.Run(t)
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/openapi.yaml", "/docs"} {
		if resp, _ := h.call(t, apitest.Anonymous, "GET", path, ""); resp.StatusCode != 200 {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
	if unseen := h.seen.Unseen(); len(unseen) > 0 && !t.Failed() {
		t.Errorf("never asked: %v", unseen)
	}
}

// TestOtherCenter: who may at one center may not at another one.
func TestOtherCenter(t *testing.T) {
	h := open(t, nil)
	for _, c := range []struct {
		who    apitest.Who
		path   string
		status int
	}{
		{apitest.OwnStaff, "/api/v1/desk/c1/today", 200}, {apitest.OwnStaff, "/api/v1/desk/c2/today", 403},
		{apitest.OwnManager, "/api/v1/survey-results?center=c2", 403}, {apitest.OwnManager, "/api/v1/survey-results", 200},
		{apitest.OwnManager, "/api/v1/audit?center=c2", 403}, {apitest.OwnStaff, "/api/v1/equipment/m2/outages", 403},
		{apitest.OwnStaff, "/api/v1/equipment/none/outages", 404}, {apitest.AnyAdmin, "/api/v1/desk/c2/today", 200},
		{apitest.OwnStaff, "/api/v1/bookings?scope=center&center=c1", 200}, {apitest.OwnStaff, "/api/v1/bookings?scope=center&center=c2", 403},
	} {
		if resp, body := h.call(t, c.who, "GET", c.path, ""); resp.StatusCode != c.status {
			t.Errorf("%s as %s answers %d: %.200s", c.path, c.who, resp.StatusCode, body)
		}
	}
}

// TestAuditKeepsToOwnCenters: a manager never reads lines of another center.
func TestAuditKeepsToOwnCenters(t *testing.T) {
	h := open(t, nil)
	h.call(t, apitest.OwnManager, "GET", "/api/v1/audit", "")
	if !slices.Equal(h.audit.last.Centers, []string{"c1"}) {
		t.Errorf("asked for %v", h.audit.last.Centers)
	}
	h.call(t, apitest.AnyAdmin, "GET", "/api/v1/audit", "")
	if h.audit.last.Centers != nil {
		t.Errorf("an admin is kept to %v", h.audit.last.Centers)
	}
}
