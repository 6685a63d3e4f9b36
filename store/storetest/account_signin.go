package storetest

import (
	"context"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

func passwordSignsIn(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "one@demo.test", withPassword)
	for _, login := range []string{"010 1234 5678", "+82-10-1234-5678", " ONE@demo.test "} {
		s, err := p.byPassword(login, goodPassword.Reveal(), "a")
		if err != nil {
			t.Fatalf("%s: %v", login, err)
		}
		if actor := p.actor(t, s); len(s.Token) != 43 || actor.Session == "" || len(actor.Grants) != 0 {
			t.Fatalf("%s: %+v", login, actor)
		}
		for _, kept := range p.texts(t, `SELECT token_hash FROM session LIMIT 10`) {
			if kept == s.Token.Reveal() {
				t.Fatal("the token itself is kept")
			}
		}
	}
	_, err := p.byPassword("010-1234-5678", "wrong wrong", "a")
	wants(t, err, "unauthenticated")
	for _, bad := range []struct {
		in    account.SignIn
		field string
	}{
		{account.SignIn{Password: "x"}, "login required"},
		{account.SignIn{Login: "one@demo.test"}, "password password_or_code"},
	} {
		_, _, err := p.SignIn(ctx, account.Actor{}, bad.in)
		wants(t, err, "validation", bad.field)
	}
	for _, token := range []string{"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		_, err := p.Authenticate(ctx, token)
		wants(t, err, "unauthenticated")
	}
}

// unknownLogins: neither the answer nor what is written tells whether a login
// is known, for passwords, codes and resets.
func unknownLogins(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "one@demo.test", withPassword)
	p.citizen(t, "시민 2", "", "nopassword@demo.test")
	logins := []string{"010-1234-5678", "one@demo.test", "nopassword@demo.test", "010-9999-9999", "nobody@demo.test", "not a login", "@", "1"}
	for _, login := range logins {
		rows := func() map[string]int {
			return map[string]int{
				"codes":    len(p.texts(t, `SELECT id FROM sign_in_code LIMIT 1000`)),
				"failures": len(p.texts(t, `SELECT login_hash FROM sign_in_failure LIMIT 1000`)),
				"outbox":   len(p.texts(t, `SELECT key FROM outbox LIMIT 1000`)),
				"audit":    len(p.texts(t, `SELECT action FROM audit LIMIT 1000`)),
			}
		}
		before := rows()
		_, err := p.byPassword(login, "wrong wrong", "a")
		wants(t, err, "unauthenticated")
		if err := p.SendCode(ctx, account.Actor{}, login); err != nil {
			t.Fatalf("%s: %v", login, err)
		}
		_, _, err = p.SignIn(ctx, account.Actor{}, account.SignIn{Login: login, Code: "000000"})
		wants(t, err, "unauthenticated")
		wants(t, p.ResetPassword(ctx, account.Actor{}, account.Reset{Login: login, Code: "000000", Password: goodPassword}), "unauthenticated")
		after := rows()
		for what, more := range map[string]int{"codes": 1, "failures": 2, "outbox": 1, "audit": 1} {
			if after[what] != before[what]+more {
				t.Errorf("%s: %d more %s, want %d for every login", login, after[what]-before[what], what, more)
			}
		}
	}
	if n := len(p.codes(t)); n != 3 {
		t.Errorf("%d codes would be sent, want those of the three known logins", n)
	}
	wants(t, p.SendCode(ctx, account.Actor{}, "  "), "validation", "login required")
}

func wrongPasswords(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	wrong := func() error { _, err := p.byPassword("010-1234-5678", "wrong wrong", "attacker"); return err }
	for range 3 {
		wants(t, wrong(), "unauthenticated")
	}
	waited := []int{}
	for range 12 {
		err := wrong()
		wants(t, err, "rate_limited")
		f, _ := fault.As(err)
		waited = append(waited, f.RetryAfter)
		if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "attacker"); fault.Code(err) != "rate_limited" {
			t.Fatalf("the right password within the delay tells something: %v", err)
		}
		p.pass(time.Duration(f.RetryAfter) * time.Second)
		wants(t, wrong(), "unauthenticated")
	}
	for i := range waited {
		if i > 0 && waited[i] < waited[i-1] || waited[i] > 300 || waited[0] != 1 {
			t.Fatalf("waits %v: they must grow, from 1 to 300 s", waited)
		}
	}
	// The code works at any time, also from the attacker's address.
	code := p.code(t, "010-1234-5678")
	if _, _, err := p.SignIn(ctx, from("attacker"), account.SignIn{Login: "010-1234-5678", Code: code}); err != nil {
		t.Fatalf("a wrong password blocks the code: %v", err)
	}
	p.pass(61 * time.Minute)
	wants(t, wrong(), "unauthenticated") // forgotten after an hour
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "attacker"); err != nil {
		t.Fatal(err)
	}
}

func loginDelay(t *testing.T, p *people) {
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "home"); err != nil {
		t.Fatal(err)
	}
	longest := 0
	for i := range 30 { // each time from another address
		_, err := p.byPassword("010-1234-5678", "wrong wrong", string(rune('A'+i)))
		if f, ok := fault.As(err); ok && f.Code == "rate_limited" {
			longest = max(longest, f.RetryAfter)
			p.pass(time.Duration(f.RetryAfter) * time.Second)
			_, err = p.byPassword("010-1234-5678", "wrong wrong", string(rune('A'+i)))
		}
		wants(t, err, "unauthenticated")
	}
	if longest != 5 {
		t.Fatalf("the longest wait is %d s, want 5", longest)
	}
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "new place"); fault.Code(err) != "rate_limited" {
		t.Fatalf("elsewhere: %v", err)
	}
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "home"); err != nil {
		t.Fatalf("strangers keep the person out at home: %v", err)
	}
	p.pass(5 * time.Second)
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "new place"); err != nil {
		t.Fatal(err)
	}
}

func codeSignsIn(t *testing.T, p *people) {
	ctx := context.Background()
	a := p.citizen(t, "시민 1", "010-1234-5678", "")
	code := p.code(t, "010-1234-5678")
	if len(code) != 6 {
		t.Fatalf("a code of %d digits", len(code))
	}
	for _, where := range []string{`SELECT code_hash FROM sign_in_code LIMIT 9`, `SELECT nonce FROM sign_in_code LIMIT 9`,
		`SELECT data FROM outbox LIMIT 9`, `SELECT detail FROM audit LIMIT 99`, `SELECT login_hash FROM sign_in_code LIMIT 9`} {
		for _, kept := range p.texts(t, where) {
			if kept == code.Reveal() || kept == "+821012345678" {
				t.Fatalf("%s holds the code or the contact", where)
			}
		}
	}
	in := account.SignIn{Login: "010-1234-5678", Code: code[:3] + " " + code[3:]}
	s, got, err := p.SignIn(ctx, account.Actor{}, in)
	if err != nil || got.ID != a.ID || !got.PhoneVerified {
		t.Fatalf("%v %v", got, err)
	}
	if n := len(p.codes(t)); n != 0 {
		t.Fatal("a used code would still be sent")
	}
	_, _, err = p.SignIn(ctx, account.Actor{}, in)
	wants(t, err, "unauthenticated")
	p.actor(t, s)
}

func codeLimits(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "")
	enter := func(code account.Secret) error {
		_, _, err := p.SignIn(ctx, account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: code})
		return err
	}
	sent := func() int { return len(p.texts(t, `SELECT key FROM outbox WHERE kind = 'account.code' LIMIT 100`)) }
	first := p.code(t, "010-1234-5678")
	p.pass(29 * time.Second)
	if again := p.code(t, "010-1234-5678"); again != first || sent() != 1 {
		t.Fatal("a second code within 30 s")
	}
	p.pass(time.Second)
	second := p.code(t, "010-1234-5678")
	if second == first || sent() != 2 {
		t.Fatal("no new code after 30 s")
	}
	if first != second {
		wants(t, enter(first), "unauthenticated") // replaced
	}
	p.pass(10*time.Minute - time.Millisecond)
	if err := enter(second); err != nil {
		t.Fatalf("a code of nearly 10 minutes: %v", err)
	}
	third := p.code(t, "010-1234-5678")
	p.pass(10 * time.Minute)
	wants(t, enter(third), "unauthenticated")
	fourth := p.code(t, "010-1234-5678")
	for range 4 {
		wants(t, enter(other(fourth)), "unauthenticated")
	}
	if err := enter(fourth); err != nil {
		t.Fatalf("the fifth try: %v", err)
	}
	p.pass(time.Minute)
	fifth := p.code(t, "010-1234-5678")
	for range 5 {
		wants(t, enter(other(fifth)), "unauthenticated")
	}
	wants(t, enter(fifth), "unauthenticated")
	p.pass(time.Minute)
	_ = p.SendCode(ctx, account.Actor{}, "010-1234-5678")
	if sent() != 5 {
		t.Fatalf("%d codes within an hour, want 5", sent())
	}
	p.pass(time.Hour)
	if p.code(t, "010-1234-5678"); sent() != 6 {
		t.Fatal("no code in the next hour")
	}
}

// other is a code that differs in its last digit.
func other(code account.Secret) account.Secret {
	last := code[len(code)-1]
	return code[:len(code)-1] + account.Secret('0'+(last-'0'+1)%10)
}

func sessionsEnd(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	_, err := p.Create(ctx, operator, account.NewAccount{Name: "직원", Email: "staff@demo.test", Password: goodPassword, Role: account.Staff, Centers: []string{"here"}})
	if err != nil {
		t.Fatal(err)
	}
	citizen, err1 := p.byPassword("010-1234-5678", goodPassword.Reveal(), "a")
	staff, err2 := p.byPassword("staff@demo.test", goodPassword.Reveal(), "a")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if a := p.actor(t, staff); len(a.Grants) != 1 || a.Grants[0] != (account.Grant{Role: account.Staff, Center: "here"}) || !a.May(account.DeskWork, "here") {
		t.Fatalf("staff: %+v", a)
	}
	p.pass(12*time.Hour - time.Millisecond)
	p.actor(t, staff)
	p.pass(time.Millisecond)
	_, err = p.Authenticate(ctx, staff.Token.Reveal())
	wants(t, err, "unauthenticated")
	p.pass(30*24*time.Hour - 12*time.Hour - time.Millisecond)
	old := p.actor(t, citizen)

	// A sign-in ends the session it was made from.
	next, _, err := p.SignIn(ctx, old, account.SignIn{Login: "010-1234-5678", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Authenticate(ctx, citizen.Token.Reveal())
	wants(t, err, "unauthenticated")

	// A session that ends here is refused at once, elsewhere within 5 s.
	elsewhere := anotherProcess(t, p)
	if _, err := elsewhere.Authenticate(ctx, next.Token.Reveal()); err != nil {
		t.Fatal(err)
	}
	if err := p.SignOut(ctx, p.actor(t, next)); err != nil {
		t.Fatal(err)
	}
	_, err = p.Authenticate(ctx, next.Token.Reveal())
	wants(t, err, "unauthenticated")
	p.pass(5 * time.Second)
	_, err = elsewhere.Authenticate(ctx, next.Token.Reveal())
	wants(t, err, "unauthenticated")
	wants(t, p.SignOut(ctx, account.Actor{}), "unauthenticated")
}

func anotherProcess(t *testing.T, p *people) *account.Service {
	return another(t, p, func() time.Time { return time.UnixMilli(p.now.Load()).UTC() })
}

func passwordEndsSessions(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	here, _ := p.byPassword("010-1234-5678", goodPassword.Reveal(), "a")
	there, _ := p.byPassword("010-1234-5678", goodPassword.Reveal(), "b")
	me := p.actor(t, here)
	p.actor(t, there)
	change := func(current, next account.Secret) error {
		return p.SetPassword(ctx, me, account.PasswordChange{Current: current, New: next})
	}
	wants(t, change("", "neue Maschine 8"), "validation", "current required")
	wants(t, change("wrong wrong", "neue Maschine 8"), "validation", "current wrong")
	wants(t, change(goodPassword, "01012345678"), "validation", "password common")
	if err := change(goodPassword, "neue Maschine 8"); err != nil {
		t.Fatal(err)
	}
	p.actor(t, here)
	_, err := p.Authenticate(ctx, there.Token.Reveal())
	wants(t, err, "unauthenticated")
	_, err = p.byPassword("010-1234-5678", goodPassword.Reveal(), "c")
	wants(t, err, "unauthenticated")
	if _, err := p.byPassword("010-1234-5678", "neue Maschine 8", "c"); err != nil {
		t.Fatal(err)
	}
	wants(t, p.SetPassword(ctx, account.Actor{}, account.PasswordChange{New: goodPassword}), "unauthenticated")
	// Who never had a password needs none to set one.
	p.citizen(t, "시민 2", "010-1234-5679", "")
	if err := p.SetPassword(ctx, p.signIn(t, "010-1234-5679"), account.PasswordChange{New: goodPassword}); err != nil {
		t.Fatal(err)
	}
	// The operator needs neither.
	if err := p.SetPasswordByLogin(ctx, operator, "010-1234-5679", "dritte Maschine 9"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.byPassword("010-1234-5679", "dritte Maschine 9", "c"); err != nil {
		t.Fatal(err)
	}
	wants(t, p.SetPasswordByLogin(ctx, operator, "nobody@demo.test", goodPassword), "not_found")
	wants(t, p.SetPasswordByLogin(ctx, me, "010-1234-5679", goodPassword), "forbidden")
}

func passwordReset(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	s, _ := p.byPassword("010-1234-5678", goodPassword.Reveal(), "a")
	p.actor(t, s)
	code := p.code(t, "010-1234-5678")
	in := account.Reset{Login: "010-1234-5678", Code: other(code), Password: "neue Maschine 8"}
	wants(t, p.ResetPassword(ctx, account.Actor{}, in), "unauthenticated")
	in.Code = code
	in.Password = "short"
	wants(t, p.ResetPassword(ctx, account.Actor{}, in), "validation", "password min")
	in.Password = "neue Maschine 8"
	if err := p.ResetPassword(ctx, account.Actor{}, in); err != nil {
		t.Fatal(err)
	}
	_, err := p.Authenticate(ctx, s.Token.Reveal())
	wants(t, err, "unauthenticated")
	if _, err := p.byPassword("010-1234-5678", "neue Maschine 8", "b"); err != nil {
		t.Fatal(err)
	}
	wants(t, p.ResetPassword(ctx, account.Actor{}, in), "unauthenticated") // used
}
