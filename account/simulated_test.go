package account_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/store"
)

// A simulated month with the bubble's clock on a real SQLite file: a session
// lives exactly its 30 days, a code its 10 minutes, a delay its seconds.
func TestSimulatedMonth(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gongbang.db")
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		db, err := store.Open(ctx, store.Options{Path: path, Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		s, err := account.New(account.Deps{Store: store.NewAccounts(db), Clock: time.Now, Random: rand.Reader,
			Key: make([]byte, 32), NewID: rand.Text, Gateway: func() bool { return false }})
		if err != nil {
			t.Fatal(err)
		}
		yes := true
		_, _, err = s.SignUp(ctx, account.Actor{}, account.SignUp{Name: "시민 1", Email: "one@demo.test", Password: "gute Maschine 7",
			Consents: account.Consents{Terms: &yes, Privacy: &yes}})
		if err != nil {
			t.Fatal(err)
		}
		in := account.SignIn{Login: "one@demo.test", Password: "gute Maschine 7"}
		wrong := account.SignIn{Login: "one@demo.test", Password: "wrong wrong"}
		for _, want := range []string{"unauthenticated", "unauthenticated", "unauthenticated", "rate_limited"} {
			if _, _, err := s.SignIn(ctx, account.Actor{}, wrong); fault.Code(err) != want {
				t.Fatalf("%v, want %s", err, want)
			}
		}
		time.Sleep(time.Second)
		session, _, err := s.SignIn(ctx, account.Actor{}, in)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for time.Since(began) < 30*24*time.Hour {
			if _, err := s.Authenticate(ctx, session.Token.Reveal()); err != nil {
				t.Fatalf("after %v: %v", time.Since(began), err)
			}
			time.Sleep(6 * time.Hour)
		}
		if _, err := s.Authenticate(ctx, session.Token.Reveal()); fault.Code(err) != "unauthenticated" {
			t.Fatalf("after %v: %v", time.Since(began), err)
		}
		if n, err := db.PurgeAccounts(ctx); err != nil || n == 0 {
			t.Fatal(n, err)
		}
	})
}

func TestNewNeedsAll(t *testing.T) {
	if _, err := account.New(account.Deps{}); err == nil {
		t.Error("a service of nothing")
	}
	full := account.Deps{Store: store.NewAccounts(nil), Clock: time.Now, Random: rand.Reader, NewID: rand.Text,
		Gateway: func() bool { return false }, Key: make([]byte, 31)}
	if _, err := account.New(full); err == nil {
		t.Error("a key of 31 bytes is taken")
	}
}
