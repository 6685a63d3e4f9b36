package storetest

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

func signUpRace(t *testing.T, p *people) {
	var made, known atomic.Int64
	allTogether(32, func(i int) {
		_, created, err := p.SignUp(context.Background(), account.Actor{}, account.SignUp{Name: "시민", Phone: "010-1234-5678",
			Consents: account.Consents{Terms: yes(), Privacy: yes()}})
		switch {
		case err != nil:
			t.Errorf("sign-up %d: %v", i, err)
		case created:
			made.Add(1)
		default:
			known.Add(1)
		}
	})
	if made.Load() != 1 || known.Load() != 31 || len(p.texts(t, `SELECT id FROM account LIMIT 99`)) != 1 {
		t.Fatalf("%d made, %d known", made.Load(), known.Load())
	}
	if n := len(p.texts(t, `SELECT key FROM outbox WHERE kind = 'account.code' LIMIT 99`)); n != 1 {
		t.Fatalf("%d codes to one phone at once, want 1", n)
	}
}

func guestRace(t *testing.T, p *people) {
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	ids := make([]string, 32)
	allTogether(32, func(i int) {
		var err error
		ids[i], err = p.EnsureGuest(context.Background(), staff, account.Guest{Name: "방문", Phone: "010-2000-0001", Consent: account.TypedAtCounter, Center: "here"})
		if err != nil {
			t.Errorf("guest %d: %v", i, err)
		}
	})
	for _, id := range ids {
		if id != ids[0] || id == "" {
			t.Fatalf("one phone is %v", ids)
		}
	}
}

func codeRace(t *testing.T, p *people) {
	p.citizen(t, "시민", "010-1234-5678", "")
	code := p.code(t, "010-1234-5678")
	var opened, refused atomic.Int64
	allTogether(8, func(int) {
		_, _, err := p.SignIn(context.Background(), account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: code})
		switch fault.Code(err) {
		case "":
			opened.Add(1)
		case "unauthenticated":
			refused.Add(1)
		default:
			t.Error(err)
		}
	})
	if opened.Load() != 1 || refused.Load() != 7 || len(p.texts(t, `SELECT id FROM session LIMIT 99`)) != 1 {
		t.Fatalf("%d opened, %d refused", opened.Load(), refused.Load())
	}
}

func triesRace(t *testing.T, p *people) {
	p.citizen(t, "시민", "010-1234-5678", "")
	code := p.code(t, "010-1234-5678")
	allTogether(32, func(int) {
		_, _, err := p.SignIn(context.Background(), account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: other(code)})
		if fault.Code(err) != "unauthenticated" {
			t.Error(err)
		}
	})
	if tries := p.texts(t, `SELECT CAST(tries AS TEXT) FROM sign_in_code LIMIT 9`); len(tries) != 1 || tries[0] != "5" {
		t.Fatalf("tries %v, want 5", tries)
	}
	_, _, err := p.SignIn(context.Background(), account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: code})
	wants(t, err, "unauthenticated")
}

// guessRace: many guesses that start together get no further than guesses one
// after another; whoever comes within the delay learns nothing.
func guessRace(t *testing.T, p *people) {
	p.citizen(t, "시민", "010-1234-5678", "", withPassword)
	var judged, slowed atomic.Int64
	allTogether(16, func(int) {
		_, err := p.byPassword("010-1234-5678", "wrong wrong", "attacker")
		switch fault.Code(err) {
		case "unauthenticated":
			judged.Add(1)
		case "rate_limited":
			slowed.Add(1)
		default:
			t.Error(err)
		}
	})
	if judged.Load() != 3 || slowed.Load() != 13 {
		t.Fatalf("%d guesses were judged, %d slowed down; want 3 and 13", judged.Load(), slowed.Load())
	}
}

// proofRace: two people swap their numbers in the same moment.
func proofRace(t *testing.T, p *people) {
	ctx := context.Background()
	phones := [2]string{"010-1111-1111", "010-2222-2222"}
	var actors [2]account.Actor
	var codes [2]account.Secret
	for i, phone := range phones {
		p.citizen(t, "시민", phone, []string{"one@demo.test", "two@demo.test"}[i])
		actors[i] = p.signIn(t, phone)
	}
	for i := range actors {
		p.pass(time.Minute)
		if _, err := p.PatchMe(ctx, actors[i], account.MePatch{Phone: &phones[1-i]}); err != nil {
			t.Fatal(err)
		}
		codes[i] = p.lastCode(t).Code
	}
	allTogether(2, func(i int) {
		if _, err := p.VerifyContact(ctx, actors[i], account.Phone, codes[i]); err != nil {
			t.Errorf("person %d: %v", i, err)
		}
	})
	for i := range actors {
		me, err := p.Me(ctx, actors[i])
		want, _ := account.NormalizePhone(phones[1-i])
		if err != nil || !me.Account.PhoneVerified || me.Account.Phone.Reveal() != want {
			t.Errorf("person %d has %q, %v", i, me.Account.Phone.Reveal(), err)
		}
	}
}

func adminOnce(t *testing.T, p *people) {
	ctx := context.Background()
	made, err := p.EnsureAdmin(ctx, operator, goodPassword)
	if err != nil || !made {
		t.Fatal(made, err)
	}
	if made, err := p.EnsureAdmin(ctx, operator, "anderes Wort 9"); err != nil || made {
		t.Fatal(made, err)
	}
	s, err := p.byPassword("admin@localhost", goodPassword.Reveal(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if a := p.actor(t, s); !a.May(account.Accounts, "") {
		t.Fatalf("%+v", a)
	}
	_, err = p.EnsureAdmin(ctx, account.Actor{ID: "x"}, goodPassword)
	wants(t, err, "forbidden")
}
