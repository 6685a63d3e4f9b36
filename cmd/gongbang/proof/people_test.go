package proof

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/store"
)

// allDay opens every day round the clock.
func allDay() object {
	days := object{}
	for _, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		days[d] = []string{"00:00", "24:00"}
	}
	return days
}

func machine(id, ko, en, category string, quantity int, more ...any) object {
	o := object{"id": id, "name": object{"ko": ko, "en": en}, "category": category, "quantity": quantity, "mode": "self"}
	for i := 0; i+1 < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func center(id, ko, en string, policy object, machines ...object) object {
	return object{"id": id, "name": object{"ko": ko, "en": en}, "operator": "city", "hours": allDay(),
		"closed_on_public_holidays": false, "eligibility": object{"groups": "anyone"}, "policy": policy, "equipment": machines}
}

func catalog(centers ...object) object {
	return object{"catalog": "proof", "time_zone": "Asia/Seoul", "centers": centers}
}

// imports loads a catalog into the service by its own command.
func (s *service) imports(t *testing.T, doc object) {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "catalog.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.must(t, "", "import", path)
}

// open opens the service's database beside its processes.
func (s *service) open(t *testing.T, clock func() time.Time) *store.DB {
	t.Helper()
	o := store.Options{Path: s.file("gongbang.db"), Clock: clock}
	if url := s.set["DATABASE_URL"]; url != "" {
		o.Path, o.URL = "", url
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// person is somebody with an open session.
type person struct{ id, token string }

// citizens makes n people with open sessions, written as the account package
// keeps them: to sign in hundreds by password takes longer than the proof.
func (s *service) citizens(t *testing.T, n int) []person {
	t.Helper()
	db := s.open(t, time.Now)
	defer db.Close()
	out := make([]person, n)
	for i := range out {
		out[i] = person{id: fmt.Sprintf("proof-%s", randomText(9)), token: randomText(32)}
	}
	_, err := store.NewAccounts(db).Do(t.Context(), func(ctx context.Context, tx account.Tx) (any, error) {
		for i, p := range out {
			now := tx.Now()
			r := account.Record{ProvedAt: &now, Account: account.Account{ID: p.id, Name: account.Secret(fmt.Sprintf("시민%d", i+1)),
				Email: account.Secret(p.id + "@demo.test"), EmailVerified: true, Locale: lang.Ko, Channels: []account.Channel{account.ByEmail}, CreatedAt: now}}
			if _, err := tx.Insert(ctx, &r); err != nil {
				return nil, err
			}
			if err := openSession(ctx, tx, p); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func openSession(ctx context.Context, tx account.Tx, p person) error {
	sum := sha256.Sum256([]byte(p.token))
	signed := account.Signed{ID: "s-" + randomText(9), Account: p.id, ExpiresAt: tx.Now().Add(12 * time.Hour)}
	return tx.OpenSession(ctx, signed, base64.RawURLEncoding.EncodeToString(sum[:]), "proof")
}

func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
