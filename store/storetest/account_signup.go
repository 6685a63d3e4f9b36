package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
)

func signUpIsKept(t *testing.T, p *people) {
	ctx := context.Background()
	a := p.citizen(t, "  시민   1 ", "010-1234-5678", "Citizen1@Demo.Test", withPassword, func(in *account.SignUp) {
		in.Firm = &account.Firm{Name: "공방 하나", BusinessNumber: "123-45-67891"}
		in.Groups = []string{"small-manufacturer"}
		in.Consents.Survey = no()
		in.Locale = "en"
	})
	if a.Name != "시민 1" || a.Phone != "+821012345678" || a.Email != "citizen1@demo.test" || a.Locale != lang.En || !a.HasPassword || a.Verified() {
		t.Fatalf("account: name %q phone %q email %q %v", a.Name.Reveal(), a.Phone.Reveal(), a.Email.Reveal(), a)
	}
	me, err := p.Me(ctx, account.Actor{ID: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	if len(me.Groups) != 1 || me.Groups[0].DeclaredAt == nil || me.Groups[0].ConfirmedAt != nil {
		t.Errorf("groups: %+v", me.Groups)
	}
	if me.Firm == nil || me.Firm.BusinessNumber != "1234567891" || me.Firm.ConfirmedAt != nil {
		t.Errorf("firm: %+v", me.Firm)
	}
	given := map[string]bool{}
	for _, c := range me.Consents {
		if c.Version == "" || c.At.UnixMilli() != p.now.Load() || c.How != "online" {
			t.Errorf("consent: %+v", c)
		}
		given[c.Key] = c.Given
	}
	if len(given) != 3 || !given["terms"] || !given["privacy"] || given["survey"] {
		t.Errorf("consents: %v", given)
	}
	if p.audited(t, "account.sign_up", a.ID) != 1 {
		t.Error("the sign-up is not in the audit")
	}
	for _, kept := range p.texts(t, `SELECT password_hash FROM account LIMIT 10`) {
		if len(kept) < 60 || kept[:28] != "$argon2id$v=19$m=19456,t=2,p" {
			t.Errorf("the password is kept as %q", kept)
		}
	}
	// A second person of the same firm shares it.
	p.citizen(t, "시민 2", "", "citizen2@demo.test", func(in *account.SignUp) {
		in.Firm = &account.Firm{Name: "공방 하나", BusinessNumber: "1234567891"}
	})
	if n := len(p.texts(t, `SELECT id FROM firm LIMIT 10`)); n != 1 {
		t.Errorf("%d firms, want 1", n)
	}
}

func signUpTellsAll(t *testing.T, p *people) {
	_, _, err := p.SignUp(context.Background(), account.Actor{}, account.SignUp{Name: " ", Phone: "123", Email: "nobody", Password: "short",
		Locale: "fr", Firm: &account.Firm{Name: "", BusinessNumber: "1234567890"}, Groups: []string{"Ä"},
		Consents: account.Consents{Terms: no()}})
	wants(t, err, "validation", "name required", "phone phone", "email email", "password min", "locale oneof",
		"firm.name required", "firm.business_number business_number", "groups.0 id", "consents.terms accepted", "consents.privacy accepted")
	_, _, err = p.SignUp(context.Background(), account.Actor{}, account.SignUp{Name: "시민", Password: "password1234",
		Consents: account.Consents{Terms: yes(), Privacy: yes()}})
	wants(t, err, "validation", "phone phone_or_email", "password common")
	if n := len(p.texts(t, `SELECT id FROM account LIMIT 10`)); n != 0 {
		t.Fatalf("%d accounts", n)
	}
}

func knownContact(t *testing.T, p *people) {
	a := p.citizen(t, "시민 1", "010-1234-5678", "")
	again, created, err := p.SignUp(context.Background(), account.Actor{}, account.SignUp{Name: "다른 이름", Phone: "+82 10 1234 5678",
		Email: "other@demo.test", Password: goodPassword, Consents: account.Consents{Terms: yes(), Privacy: yes()}})
	if err != nil || created || again.ID != "" {
		t.Fatalf("created %v %v %v", created, again, err)
	}
	m := p.lastCode(t)
	if m.Account != a.ID || m.To != "+821012345678" || m.Kind != account.Phone || m.Purpose != account.ToSignIn {
		t.Fatalf("the message goes to %q of %q", m.To.Reveal(), m.Account)
	}
	if n := len(p.texts(t, `SELECT id FROM account LIMIT 10`)); n != 1 {
		t.Fatalf("%d accounts, want 1", n)
	}
	if _, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "x"); err == nil {
		t.Fatal("the second sign-up's password opens the first account")
	}
}

func gatewaySignUp(t *testing.T, p *people) {
	p.gateway.Store(true)
	if !p.MustVerify() {
		t.Fatal("a gateway is set and nothing must be verified")
	}
	a := p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	if m := p.lastCode(t); m.Account != a.ID || m.Purpose != account.ToSignUp {
		t.Fatalf("the sign-up's code: %v", m)
	}
	s, got, err := p.SignIn(context.Background(), account.Actor{}, account.SignIn{Login: "01012345678", Code: p.lastCode(t).Code})
	if err != nil || !got.PhoneVerified || got.EmailVerified {
		t.Fatalf("%v %v", got, err)
	}
	if s.ExpiresAt.Sub(time.UnixMilli(p.now.Load())) != 30*24*time.Hour {
		t.Fatalf("a citizen's session ends %v", s.ExpiresAt)
	}
	// The code was the sign-up's own: the password typed there stays.
	if _, err := p.byPassword("01012345678", goodPassword.Reveal(), "x"); err != nil {
		t.Fatal(err)
	}
	before := len(p.codes(t))
	p.pass(time.Minute)
	_, created, err := p.SignUp(context.Background(), account.Actor{}, account.SignUp{Name: "시민 1", Phone: "010-1234-5678",
		Consents: account.Consents{Terms: yes(), Privacy: yes()}})
	if err != nil || created || len(p.codes(t)) != before+1 {
		t.Fatalf("known: created %v, %v, %d codes", created, err, len(p.codes(t)))
	}
}

// squattersPassword: somebody signs up with another person's number and a
// password of their own. The person who can read the code gets the account
// without that password and without the squatter's sessions.
func squattersPassword(t *testing.T, p *people) {
	p.gateway.Store(true)
	p.citizen(t, "누군가", "010-1234-5678", "", withPassword)
	squatter, err := p.byPassword("01012345678", goodPassword.Reveal(), "elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	p.signIn(t, "010-1234-5678")
	_, err = p.Authenticate(context.Background(), squatter.Token.Reveal())
	wants(t, err, "unauthenticated")
	_, err = p.byPassword("01012345678", goodPassword.Reveal(), "elsewhere")
	wants(t, err, "unauthenticated")
}

// typedNumber: an account that is proved by e-mail has somebody else's number
// typed into it. A code to that number does not enter it; the number leaves.
func typedNumber(t *testing.T, p *people) {
	ctx := context.Background()
	mailbox := p.citizen(t, "시민 1", "010-1111-1111", "mailbox@demo.test")
	for _, login := range []string{"mailbox@demo.test", "010-1111-1111"} { // nothing is proved by the dev mailbox
		if actor := p.signIn(t, login); actor.ID != mailbox.ID {
			t.Fatalf("%s enters %s", login, actor.ID)
		}
	}
	p.gateway.Store(true)
	a := p.citizen(t, "누군가", "010-1234-5678", "one@demo.test", withPassword)
	p.signIn(t, "one@demo.test")
	p.pass(time.Minute)
	_, _, err := p.SignIn(ctx, account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: p.code(t, "010-1234-5678")})
	wants(t, err, "validation", "login sign_up")
	me, err := p.Me(ctx, account.Actor{ID: a.ID})
	if err != nil || me.Account.Phone != "" || me.Account.PhoneVerified || me.Account.Email != "one@demo.test" {
		t.Fatalf("the account still holds the number: %v %v", me.Account, err)
	}
	if p.audited(t, "account.contact_lost", a.ID) != 1 {
		t.Error("the loss is not in the audit")
	}
	p.citizen(t, "시민 2", "010-1234-5678", "") // now it can be signed up with
}

func guests(t *testing.T, p *people) {
	ctx := context.Background()
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	g := account.Guest{Name: "방문 1", Phone: "010-2000-0001", Consent: account.TypedOnPhone, Center: "here"}
	first, err := p.EnsureGuest(ctx, staff, g)
	if err != nil {
		t.Fatal(err)
	}
	g.Name, g.Phone = "다른 이름", "+821020000001"
	if second, err := p.EnsureGuest(ctx, staff, g); err != nil || second != first {
		t.Fatalf("the same phone is %s and %s: %v", first, second, err)
	}
	c, err := p.Contacts(ctx, first)
	if err != nil || c.Name != "방문 1" || !c.Guest || c.Typed != account.TypedOnPhone || c.PhoneVerified {
		t.Fatalf("contacts: %+v %v", c, err)
	}
	me, _ := p.Me(ctx, account.Actor{ID: first})
	if len(me.Consents) != 1 || me.Consents[0].How != "phone" {
		t.Errorf("consents of a guest: %+v", me.Consents)
	}
	g.Phone, g.Consent = "", ""
	one, _ := p.EnsureGuest(ctx, staff, g)
	two, err := p.EnsureGuest(ctx, staff, g)
	if err != nil || one == two || one == "" {
		t.Fatalf("guests without a phone: %q %q %v", one, two, err)
	}
	for _, bad := range []struct {
		guest account.Guest
		field string
	}{
		{account.Guest{Name: "방문", Phone: "010-2000-0009", Center: "here"}, "consent required"},
		{account.Guest{Name: "방문", Phone: "010-2000-0009", Consent: "shout", Center: "here"}, "consent oneof"},
		{account.Guest{Name: "", Center: "here"}, "name required"},
	} {
		_, err := p.EnsureGuest(ctx, staff, bad.guest)
		wants(t, err, "validation", bad.field)
	}
	g.Center = "elsewhere"
	_, err = p.EnsureGuest(ctx, staff, g)
	wants(t, err, "forbidden")

	known := p.citizen(t, "시민 1", "010-1234-5678", "")
	id, err := p.EnsureGuest(ctx, staff, account.Guest{Name: "시민", Phone: "010-1234-5678", Consent: account.TypedAtCounter, Center: "here"})
	if err != nil || id != known.ID {
		t.Fatalf("a known person is written down as %q, not %q: %v", id, known.ID, err)
	}

	actor := p.signIn(t, "010-2000-0001")
	if actor.ID != first {
		t.Fatalf("the code enters %s, not the guest %s", actor.ID, first)
	}
	c, err = p.Contacts(ctx, first)
	if err != nil || c.Guest || c.Typed != "" || !c.PhoneVerified {
		t.Fatalf("a claimed guest: %+v %v", c, err)
	}
}

func purge(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	if _, err := p.byPassword("01012345678", goodPassword.Reveal(), "a"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, _ = p.byPassword("01012345678", "wrong wrong", "b")
	}
	p.code(t, "01012345678")
	if n, err := p.db.PurgeAccounts(ctx); n != 0 || err != nil {
		t.Fatalf("purged %d, %v: nothing is over yet", n, err)
	}
	p.pass(time.Hour)
	if n, err := p.db.PurgeAccounts(ctx); n != 3 || err != nil { // a code and two counters
		t.Fatalf("purged %d, %v, want 3", n, err)
	}
	p.pass(30 * 24 * time.Hour)
	if n, err := p.db.PurgeAccounts(ctx); n != 1 || err != nil {
		t.Fatalf("purged %d, %v, want the session", n, err)
	}
	for range 401 { // more than two closures' worth
		p.pass(time.Millisecond)
		_ = p.SendCode(ctx, account.Actor{}, "nobody"+time.UnixMilli(p.now.Load()).Format("05.000")+"@demo.test")
	}
	p.pass(2 * time.Hour)
	if n, err := p.db.PurgeAccounts(ctx); n != 401 || err != nil {
		t.Fatalf("purged %d, %v, want 401", n, err)
	}
	if got := p.texts(t, `SELECT id FROM account LIMIT 10`); !slices.Equal(got, []string{got[0]}) {
		t.Fatalf("accounts: %v", got)
	}
}
