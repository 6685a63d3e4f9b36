package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/store"
)

// Accounts is the contract of people, sign-in and roles: the account service
// on a real database, with a clock of its own.
func Accounts(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *people)
	}{
		{"a sign-up is kept as it was typed", signUpIsKept},
		{"a sign-up tells all wrong fields at once", signUpTellsAll},
		{"a known contact makes no account", knownContact},
		{"behind a gateway both sign-ups look alike", gatewaySignUp},
		{"a password opens a session", passwordSignsIn},
		{"unknown logins are answered like wrong passwords", unknownLogins},
		{"wrong passwords slow down and never lock out", wrongPasswords},
		{"a login from anywhere waits 5 s at most", loginDelay},
		{"a code opens a session once", codeSignsIn},
		{"codes have a gap, an hour, an age and five tries", codeLimits},
		{"sessions end", sessionsEnd},
		{"one's own sessions are seen and ended", devices},
		{"a new password ends the other sessions", passwordEndsSessions},
		{"a code resets the password", passwordReset},
		{"one's own data can be changed", patchMe},
		{"a proven number leaves its other holder", provenNumber},
		{"somebody else's typed number is not entered", typedNumber},
		{"a squatter's password does not stay", squattersPassword},
		{"a guest is one record per phone, claimed by a code", guests},
		{"the desk finds by whole numbers only", findByPhone},
		{"groups and certificates", papers},
		{"roles", roles},
		{"lists are masked and paged", accountList},
		{"messages know their contact", contacts},
		{"what sign-in no longer needs is purged", purge},
		{"32 sign-ups of one phone make one account", signUpRace},
		{"32 guests of one phone are one record", guestRace},
		{"one code used by 8 at once opens one session", codeRace},
		{"32 wrong codes at once are five tries", triesRace},
		{"guesses at once are judged one after another", guessRace},
		{"two who swap their numbers both end well", proofRace},
		{"the first admin is made once", adminOnce},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newPeople(t, open)) })
	}
}

// people is an account service on a fresh database.
type people struct {
	*account.Service
	db      *store.DB
	now     atomic.Int64
	gateway atomic.Bool
	last    atomic.Int64
}

var operator = account.System("test")

const goodPassword = account.Secret("gute Maschine 7")

func newPeople(t *testing.T, open Opener) *people {
	t.Helper()
	p := &people{}
	p.now.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMilli())
	clock := func() time.Time { return time.UnixMilli(p.now.Load()).UTC() }
	p.db = open(t, func(o *store.Options) { o.Clock, o.RunTwice = clock, true })
	p.Service = another(t, p, clock)
	return p
}

// another is one more service process on the same database.
func another(t *testing.T, p *people, clock func() time.Time) *account.Service {
	t.Helper()
	s, err := account.New(account.Deps{Store: store.NewAccounts(p.db), Clock: clock, Random: rand.Reader,
		Key: []byte("0123456789abcdef0123456789abcdef"), Gateway: p.gateway.Load,
		NewID: func() string { return fmt.Sprintf("id-%06d", p.last.Add(1)) }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *people) pass(d time.Duration) { p.now.Add(d.Milliseconds()) }

func from(address string) account.Actor { return account.Actor{Address: address} }

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

// citizen signs somebody up without a password.
func (p *people) citizen(t *testing.T, name, phone, email string, change ...func(*account.SignUp)) account.Account {
	t.Helper()
	in := account.SignUp{Name: account.Secret(name), Phone: account.Secret(phone), Email: account.Secret(email),
		Consents: account.Consents{Terms: yes(), Privacy: yes()}}
	for _, c := range change {
		c(&in)
	}
	a, created, err := p.SignUp(context.Background(), account.Actor{}, in)
	if err != nil || !created {
		t.Fatalf("sign-up of %s: created %v, %v", name, created, err)
	}
	return a
}

func withPassword(in *account.SignUp) { in.Password = goodPassword }

// staff makes somebody with a role and is them.
func (p *people) staff(t *testing.T, email string, role account.Role, centers ...string) account.Actor {
	t.Helper()
	a, err := p.Create(context.Background(), operator, account.NewAccount{Name: "직원", Email: account.Secret(email), Role: role, Centers: centers})
	if err != nil {
		t.Fatal(err)
	}
	return account.Actor{ID: a.ID, Grants: a.Grants}
}

// codes are the messages with a code that would leave now, oldest first.
func (p *people) codes(t *testing.T) (out []account.CodeMessage) {
	t.Helper()
	for _, data := range p.texts(t, `SELECT data FROM outbox WHERE kind = 'account.code' ORDER BY id LIMIT 1000`) {
		var d struct {
			ID string `json:"code_id"`
		}
		if err := json.Unmarshal([]byte(data), &d); err != nil || d.ID == "" {
			t.Fatalf("event data %s: %v", data, err)
		}
		m, err := p.CodeMessage(context.Background(), d.ID)
		switch {
		case err == nil:
			out = append(out, m)
		case !errors.Is(err, fault.ErrNotFound):
			t.Fatal(err)
		}
	}
	return out
}

// code asks for a sign-in code and takes it out of the message.
func (p *people) code(t *testing.T, login string) account.Secret {
	t.Helper()
	if err := p.SendCode(context.Background(), account.Actor{}, login); err != nil {
		t.Fatal(err)
	}
	return p.lastCode(t).Code
}

func (p *people) lastCode(t *testing.T) account.CodeMessage {
	t.Helper()
	all := p.codes(t)
	if len(all) == 0 {
		t.Fatal("no code would be sent")
	}
	return all[len(all)-1]
}

// signIn comes in by a code and is that actor.
func (p *people) signIn(t *testing.T, login string) account.Actor {
	t.Helper()
	p.pass(time.Minute)
	s, _, err := p.SignIn(context.Background(), account.Actor{}, account.SignIn{Login: login, Code: p.code(t, login)})
	if err != nil {
		t.Fatalf("sign-in of %s by code: %v", login, err)
	}
	return p.actor(t, s)
}

func (p *people) actor(t *testing.T, s account.Session) account.Actor {
	t.Helper()
	a, err := p.Authenticate(context.Background(), s.Token.Reveal())
	if err != nil {
		t.Fatalf("a fresh session: %v", err)
	}
	return a
}

// byPassword is the code of the refusal, "" when a session was opened.
func (p *people) byPassword(login, password, address string) (account.Session, error) {
	s, _, err := p.SignIn(context.Background(), from(address), account.SignIn{Login: login, Password: account.Secret(password)})
	return s, err
}

// texts reads one column of text.
func (p *people) texts(t *testing.T, query string, args ...any) []string {
	t.Helper()
	out, err := store.Read(context.Background(), p.db, func(ctx context.Context, tx *store.Tx) (out []string, err error) {
		rows, err := tx.Query(ctx, query, args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var s sql.NullString
			if err := rows.Scan(&s); err != nil {
				return nil, err
			}
			out = append(out, s.String)
		}
		return out, rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// audited tells how often an action is in the audit for a subject.
func (p *people) audited(t *testing.T, action, subject string) int {
	t.Helper()
	return len(p.texts(t, `SELECT reason FROM audit WHERE action = $1 AND subject = $2 LIMIT 1000`, action, subject))
}

// wants fails unless err is the refusal with this code and, if named, field.
func wants(t *testing.T, err error, code string, fields ...string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Fatalf("refused with %q (%v), want %q", fault.Code(err), err, code)
	}
	f, _ := fault.As(err)
	got := map[string]bool{}
	if f != nil {
		for _, x := range f.Fields {
			got[x.Field+" "+x.Rule] = true
		}
	}
	for _, w := range fields {
		if !got[w] {
			t.Fatalf("fields %v, want %q among them", f.Fields, w)
		}
	}
}

// allTogether runs n calls that start together.
func allTogether(n int, call func(i int)) {
	start := make(chan none)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { <-start; call(i) })
	}
	close(start)
	all.Wait()
}
