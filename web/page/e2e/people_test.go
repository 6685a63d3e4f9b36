package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/store"
)

const demoPassword = "demo-demo-demo"

// person is somebody with an open session on a site; the zero value is nobody.
type person struct {
	site               *site
	id, token          string
	name, phone, email string
}

// made numbers the people of this run, so that each has an own phone and name.
var made atomic.Int64

// surnames make names whose initials the desk can search for.
var surnames = []string{"김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"}

// citizen is a fresh person with an open session, written as the account
// package keeps it: a sign-in by password takes longer than most checks.
func (s *site) citizen() (person, error) {
	n := made.Add(1)
	p := person{site: s, id: "e2e-" + randomText(9), token: randomText(32),
		name: fmt.Sprintf("%s시험%c", surnames[n%10], '가'+rune(n%588)), phone: fmt.Sprintf("+8210000%05d", 20000+n)}
	p.email = strings.ToLower(p.id) + "@demo.test"
	err := s.database(func(ctx context.Context, tx account.Tx) error {
		now := tx.Now()
		r := account.Record{ProvedAt: &now, Account: account.Account{ID: p.id, Name: account.Secret(p.name), Phone: account.Secret(p.phone), PhoneVerified: true,
			Email: account.Secret(p.email), EmailVerified: true, Locale: lang.Ko, Channels: []account.Channel{account.ByEmail}, CreatedAt: now}}
		if _, err := tx.Insert(ctx, &r); err != nil {
			return err
		}
		return openSession(ctx, tx, p)
	})
	return p, err
}

// known opens a session for somebody of the demo, such as staff@demo.test.
func (s *site) known(email string) (person, error) {
	p := person{site: s, token: randomText(32), email: email}
	err := s.database(func(ctx context.Context, tx account.Tx) error {
		r, err := tx.Holder(ctx, account.Login{Kind: account.Email, Value: account.Secret(email)})
		if err != nil {
			return err
		}
		if r == nil {
			return fmt.Errorf("nobody is %s", email)
		}
		p.id, p.name, p.phone = r.ID, r.Name.Reveal(), r.Phone.Reveal()
		return openSession(ctx, tx, p)
	})
	return p, err
}

// database writes beside the running server, as another process may.
func (s *site) database(fn func(context.Context, account.Tx) error) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(s.data, "gongbang.db"), Clock: s.now})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = store.NewAccounts(db).Do(ctx, func(ctx context.Context, tx account.Tx) (any, error) { return nil, fn(ctx, tx) })
	return err
}

func openSession(ctx context.Context, tx account.Tx, p person) error {
	sum := sha256.Sum256([]byte(p.token))
	signed := account.Signed{ID: "s-" + randomText(9), Account: p.id, ExpiresAt: tx.Now().Add(12 * time.Hour)}
	return tx.OpenSession(ctx, signed, base64.RawURLEncoding.EncodeToString(sum[:]), "e2e")
}

func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// newCitizen is citizen for a test.
func (s *site) newCitizen(t testing.TB) person { t.Helper(); return must(s.citizen())(t) }

// must ends the test on an error: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// object is a JSON object.
type object = map[string]any

// api asks the JSON door as the person; it prepares what a page is to show.
func (p person) api(method, path string, body any) (object, error) {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequest(method, p.site.base+"/api/v1"+path, &sent)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s answers %d: %s", method, path, res.StatusCode, tail(string(raw), 600))
	}
	out := object{}
	if len(raw) > 0 && raw[0] == '{' {
		err = json.Unmarshal(raw, &out)
	}
	return out, err
}

// do is api for a test.
func (p person) do(t testing.TB, method, path string, body any) object {
	t.Helper()
	return must(p.api(method, path, body))(t)
}

// book makes a booking of so many minutes and tells it.
func (p person) book(machine string, start time.Time, minutes int) (object, error) {
	return p.api("POST", "/bookings", object{"equipment_id": machine, "starts_at": start.Format(time.RFC3339),
		"ends_at": start.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)})
}

// text is a member of an object.
func text(o object, name string) string { s, _ := o[name].(string); return s }
