package apitest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongbang/account"
	"gongbang/web/api"
)

// Who is a role that a matrix asks as. Own and other tell the center's staff
// from another center's.
type Who string

const (
	Anonymous    Who = "anonymous"
	Owner        Who = "owner"    // the citizen whose booking, hold and question stand in the path
	Stranger     Who = "stranger" // another citizen
	OwnStaff     Who = "own staff"
	OtherStaff   Who = "other staff"
	OwnManager   Who = "own manager"
	OtherManager Who = "other manager"
	AnyAdmin     Who = "admin" // of every center
)

// Everyone lists all of them.
var Everyone = []Who{Anonymous, Owner, Stranger, OwnStaff, OtherStaff, OwnManager, OtherManager, AnyAdmin}

// Matrix asks every route of the table as everyone and holds the answer to
// what the table declares. It changes what it touches.
type Matrix struct {
	BaseURL string
	Client  *http.Client     // e.g. of a Recorder
	Tokens  func(Who) string // a fresh session for each call where sessions may end; "" for Anonymous
	// Path are the values of {id}, {center}, {oid}, {group}, {key} and {token}
	// by route path, e.g. Path("/bookings/{id}", "id") is a booking of Owner at
	// the own center.
	Path func(route, parameter string) string
	// Query is added to the path, "" for none; what a route requires has to be there.
	Query func(method, route string) string
	// Body replaces the contract's example; nil keeps it.
	Body func(method, route string, example any) any
}

// Run asks. A route without a rule of its own fails, so that a new one needs a row.
func (m Matrix) Run(t *testing.T) {
	contract, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range api.Routes() {
		for _, who := range Everyone {
			t.Run(r.Method+" "+r.Path+" as "+string(who), func(t *testing.T) {
				status, code := m.ask(t, contract, r, who)
				if why := verdict(r, who, status, code); why != "" {
					t.Errorf("%d %s: %s", status, code, why)
				}
			})
		}
	}
}

func (m Matrix) ask(t *testing.T, contract *Contract, r api.RouteInfo, who Who) (status int, code string) {
	t.Helper()
	path := r.Path
	for _, part := range strings.Split(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			path = strings.Replace(path, part, url.PathEscape(m.Path(r.Path, name)), 1)
		}
	}
	target := m.BaseURL + api.Base + path
	if m.Query != nil {
		if q := m.Query(r.Method, r.Path); q != "" {
			target += "?" + q
		}
	}
	body := contract.Example(r.Method, api.Base+r.Path)
	if m.Body != nil {
		body = m.Body(r.Method, r.Path, body)
	}
	var sent io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), r.Method, target, sent)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token := m.Tokens(who); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return m.do(t, req)
}

func (m Matrix) do(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := m.Client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.StatusCode, ""
	}
	var problem struct {
		Code string `json:"code"`
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= 400 {
		_ = json.Unmarshal(raw, &problem)
	}
	return resp.StatusCode, problem.Code
}

// ownerVerbs are what the person may do to a booking or a question; the rest of their verbs is staff's.
var ownerVerbs = map[string]bool{"": true, "cancel": true, "restore": true, "late": true, "calendar.ics": true, "hand-over": true}

// verdict says what is wrong with an answer; "" is nothing.
func verdict(r api.RouteInfo, who Who, status int, code string) string {
	switch {
	case status >= 500 && status != 503:
		return "the server failed"
	case r.Path == "/sessions", r.Path == "/password-resets":
		return unless(status != 403, "anybody may try") // a wrong password or code is 401
	case r.Permission == account.Public:
		return unless(status != 401 && status != 403, "anybody may")
	case who == Anonymous:
		return unless(status == 401, "nobody is signed in: 401")
	case status == 401:
		return "is signed in"
	case strings.HasPrefix(r.Path, "/bookings/{id}"):
		return owned(strings.TrimPrefix(strings.TrimPrefix(r.Path, "/bookings/{id}"), "/"), who, status)
	case strings.HasPrefix(r.Path, "/inquiries/{id}"):
		return owned(strings.TrimPrefix(strings.TrimPrefix(r.Path, "/inquiries/{id}"), "/"), who, status)
	case r.Permission == account.SignedIn:
		return unless(status != 403, "anybody signed in may")
	case allowed(r, who):
		return unless(status != 403, "this role may")
	}
	return unless(status == 403, "this role may not: 403")
}

// owned judges what belongs to Owner and to the own center.
func owned(verb string, who Who, status int) string {
	switch who {
	case Stranger, OtherStaff, OtherManager:
		return unless(status == 404, "a stranger to it: 404")
	case Owner:
		if !ownerVerbs[verb] {
			return unless(status == 403, "the owner on a staff verb: 403")
		}
	}
	return unless(status != 403 && status != 404, "may")
}

// allowed says it in words of its own, not by the permission table, which it tests.
func allowed(r api.RouteInfo, who Who) bool {
	if who == AnyAdmin {
		return true
	}
	staff := who == OwnStaff || who == OwnManager
	if r.Place == api.Somewhere || r.Place == api.InQuery {
		staff = staff || who == OtherStaff || who == OtherManager
	}
	switch r.Permission {
	case account.DeskWork, account.PeopleLookup, account.PeopleConfirm:
		return staff
	case account.Results, account.AuditRead, account.OfferEdit:
		return staff && (who == OwnManager || who == OtherManager)
	}
	return false
}

func unless(ok bool, why string) string {
	if ok {
		return ""
	}
	return why
}
