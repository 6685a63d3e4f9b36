package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/internal/testkit"
	"gongbang/store"
	"gongbang/store/memory"
	"gongbang/web/api"
)

// storyHouse is the real engine over a real database behind the real API, with
// a clock that the story sets.
type storyHouse struct {
	t      *testing.T
	now    time.Time
	db     *store.DB
	engine *booking.Service
	people storyPeople
	api    *api.API
	ids    map[string]string // bookings by who and when
}

// storyPeople takes a person's name for a token.
type storyPeople struct {
	*account.Service
	actors map[string]account.Actor
}

func (p storyPeople) Authenticate(_ context.Context, token string) (account.Actor, error) {
	a, ok := p.actors[token]
	if !ok {
		return account.Actor{}, fault.ErrSignIn
	}
	return a, nil
}

// storyKey signs holds of the stories.
var storyKey = bytes.Repeat([]byte("k"), 32)

func openStory(t *testing.T, database string, now time.Time) *storyHouse {
	t.Helper()
	h := &storyHouse{t: t, now: now, ids: map[string]string{}}
	clock := func() time.Time { return h.now }
	o := store.Options{Path: filepath.Join(t.TempDir(), "story.db"), Clock: clock}
	if database == "postgres" {
		o.Path, o.URL = "", testkit.Postgres(t)
	}
	var err error
	h.must(func() error { h.db, err = store.Open(context.Background(), o); return err })
	t.Cleanup(func() { _ = h.db.Close() })
	accounts, err := account.New(account.Deps{Store: store.NewAccounts(h.db), Clock: clock, NewID: uuid.NewString, Random: rand.Reader, Key: storyKey,
		Gateway: func() bool { return false }})
	h.must(func() error { return err })
	h.people = storyPeople{accounts, map[string]account.Actor{
		"직원":  {ID: "staff", Grants: []account.Grant{{Role: account.Staff, Center: "center"}}},
		"관리자": {ID: "manager", Grants: []account.Grant{{Role: account.Manager, Center: "center"}}},
	}}
	locks, err := memory.NewLocker(memory.Deps{Clock: clock})
	h.must(func() error { return err })
	notices := memory.NewNotices()
	t.Cleanup(notices.Close)
	h.engine, err = booking.New(booking.Deps{Store: store.NewBookings(h.db), Locks: locks, Watch: notices, Guests: accounts, Clock: clock,
		NewID: uuid.NewString, NewCode: storyCode, Key: storyKey, MustVerify: func() bool { return false }})
	h.must(func() error { return err })
	public, _ := url.Parse("http://gongbang.test")
	h.api, err = api.New(api.Deps{Engine: h.engine, People: h.people, Surveys: &surveys{}, Audit: &audit{}, Feed: notices,
		Log: slog.New(slog.DiscardHandler), Clock: clock, NewID: uuid.NewString, PublicURL: public})
	h.must(func() error { return err })
	t.Cleanup(h.api.CloseStreams)
	return h
}

func storyCode() string {
	raw := make([]byte, 8)
	_, _ = rand.Read(raw)
	for i, b := range raw {
		raw[i] = booking.CodeAlphabet[int(b)%len(booking.CodeAlphabet)]
	}
	return string(raw)
}

func (h *storyHouse) must(do func() error) {
	h.t.Helper()
	if err := do(); err != nil {
		h.t.Fatal(err)
	}
}

// imports makes a center with one machine.
func (h *storyHouse) imports(s story) {
	h.t.Helper()
	hours := map[string]any{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		hours[day] = strings.Split(s.Hours, "~")
	}
	doc, err := json.Marshal(map[string]any{"catalog": "story", "time_zone": "Asia/Seoul", "centers": []any{map[string]any{
		"id": "center", "name": map[string]any{"ko": s.Name, "en": "Center"}, "hours": hours,
		"equipment": []any{map[string]any{"id": "machine", "name": map[string]any{"ko": "장비", "en": "Machine"}, "category": "kind", "quantity": max(1, s.Units)}}}}})
	h.must(func() error { return err })
	file, problems := store.ReadCatalog(doc)
	if len(problems) > 0 {
		h.t.Fatal(problems)
	}
	h.must(func() error { _, err := store.SaveCatalog(context.Background(), h.db, file, "", nil); return err })
}

// rules puts a policy on the machine through the API. Keys of rules that this
// program does not enforce yet are left out and told; the story's lines that
// need them are passed over.
func (h *storyHouse) rules(policy map[string]any) (missing map[string]bool) {
	h.t.Helper()
	missing = map[string]bool{}
	policy = maps.Clone(policy)
	for {
		status, body := h.call("관리자", "PUT", "/equipment/machine/policy", map[string]any{"policy": policy})
		if status == http.StatusOK {
			return missing
		}
		n := len(policy)
		for _, e := range objects(body["errors"]) {
			key, _, _ := strings.Cut(strings.TrimPrefix(fmt.Sprint(e["field"]), "policy."), ".")
			key, _, _ = strings.Cut(key, "[")
			if e["rule"] == "not_supported_yet" {
				missing[key] = true
				delete(policy, key)
			}
		}
		if len(policy) == n {
			h.t.Fatalf("the rules are refused: %d %v", status, body)
		}
	}
}

func objects(v any) (out []map[string]any) {
	list, _ := v.([]any)
	for _, m := range list {
		if o, ok := m.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// call asks the API as somebody; citizens are signed up when they first act.
func (h *storyHouse) call(who, method, path string, body any) (int, map[string]any) {
	h.t.Helper()
	h.citizen(who)
	raw, err := json.Marshal(body)
	h.must(func() error { return err })
	if body == nil {
		raw = nil
	}
	req := httptest.NewRequest(method, api.Base+path, bytes.NewReader(raw))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+url.QueryEscape(who))
	w := httptest.NewRecorder()
	h.api.ServeHTTP(w, req)
	var out map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &out)
	return w.Code, out
}

func (h *storyHouse) citizen(who string) account.Actor {
	h.t.Helper()
	token := url.QueryEscape(who)
	if a, ok := h.people.actors[who]; ok {
		h.people.actors[token] = a
		return a
	}
	yes := true
	n := len(h.people.actors)
	a, _, err := h.people.SignUp(context.Background(), account.Actor{Address: "127.0.0.1"}, account.SignUp{Name: account.Secret(who),
		Phone: account.Secret(fmt.Sprintf("010-1000-%04d", n)), Consents: account.Consents{Terms: &yes, Privacy: &yes}})
	h.must(func() error { return err })
	actor := account.Actor{ID: a.ID, Grants: []account.Grant{{Role: account.Citizen}}}
	h.people.actors[who], h.people.actors[token] = actor, actor
	return actor
}

// pass lets time go by minute for minute, with the jobs that look at it.
func (h *storyHouse) pass(until time.Time) {
	h.t.Helper()
	runs := store.NewJobRuns(h.db)
	for ; h.now.Before(until); h.now = h.now.Add(time.Minute) {
		h.must(func() error { return runs.Tick(context.Background(), h.now.Truncate(time.Minute)) })
	}
	for _, job := range []func(context.Context) (int, error){h.engine.NoShowDue, h.engine.CompleteDue, h.engine.RejectDue, h.engine.OutageDue} {
		h.must(func() error { _, err := job(context.Background()); return err })
	}
}
