package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
)

func text(s string) *string { return &s }

func patchMe(t *testing.T, p *people) {
	ctx := context.Background()
	p.citizen(t, "시민 1", "010-1234-5678", "one@demo.test")
	me := p.signIn(t, "010-1234-5678")
	p.pass(time.Minute)
	got, err := p.PatchMe(ctx, me, account.MePatch{Name: text("새 이름"), Phone: text("010-1111-2222"), Locale: text("en"), Channels: &[]string{"sms"}})
	if err != nil {
		t.Fatal(err)
	}
	a := got.Account
	if a.Name != "새 이름" || a.Phone != "+821011112222" || a.PhoneVerified || a.Locale != lang.En || len(a.Channels) != 1 || a.Email != "one@demo.test" {
		t.Fatalf("changed to %q %q %v", a.Name.Reveal(), a.Phone.Reveal(), a)
	}
	m := p.lastCode(t)
	if m.To != "+821011112222" || m.Purpose != account.ToVerify || m.Locale != lang.En {
		t.Fatalf("the code goes to %q", m.To.Reveal())
	}
	_, err = p.VerifyContact(ctx, me, account.Phone, other(m.Code))
	wants(t, err, "validation", "code code")
	got, err = p.VerifyContact(ctx, me, account.Phone, m.Code)
	if err != nil || !got.Account.PhoneVerified {
		t.Fatalf("%v %v", got.Account, err)
	}
	_, err = p.VerifyContact(ctx, me, account.Phone, m.Code)
	wants(t, err, "validation", "code code")

	if actor := p.signIn(t, "010-1111-2222"); actor.ID != me.ID || actor.Locale != lang.En {
		t.Errorf("by the new number: %+v", actor)
	}
	// A sign-in code for the own e-mail proves it just as well.
	p.pass(time.Minute)
	if got, err = p.VerifyContact(ctx, me, account.Email, p.code(t, "one@demo.test")); err != nil || !got.Account.EmailVerified {
		t.Fatalf("%v %v", got.Account, err)
	}
	if err := p.SendContactCode(ctx, me, account.Email); err != nil {
		t.Fatal(err)
	}
	if m := p.lastCode(t); m.To != "one@demo.test" || m.Purpose != account.ToVerify {
		t.Fatalf("the code goes to %q", m.To.Reveal())
	}

	for _, bad := range []struct {
		patch account.MePatch
		field string
	}{
		{account.MePatch{Name: text("")}, "name required"},
		{account.MePatch{Name: text(strings.Repeat("가", 81))}, "name max"},
		{account.MePatch{Email: text("x")}, "email email"},
		{account.MePatch{Locale: text("xx")}, "locale oneof"},
		{account.MePatch{Channels: &[]string{"sms", "sms"}}, "channels oneof"},
		{account.MePatch{Phone: text(""), Email: text("")}, "phone phone_or_email"},
	} {
		_, err := p.PatchMe(ctx, me, bad.patch)
		wants(t, err, "validation", bad.field)
	}
	if got, err = p.PatchMe(ctx, me, account.MePatch{Email: text("")}); err != nil || got.Account.Email != "" || got.Account.EmailVerified {
		t.Fatalf("%v %v", got.Account, err)
	}
	_, err = p.VerifyContact(ctx, me, account.Email, "123456")
	wants(t, err, "validation", "email required")
	_, err = p.PatchMe(ctx, account.Actor{}, account.MePatch{})
	wants(t, err, "unauthenticated")

	c, err := p.SetConsent(ctx, me, "survey", false)
	if err != nil || c.Given {
		t.Fatalf("%+v %v", c, err)
	}
	if k, err := p.Contacts(ctx, me.ID); err != nil || !k.SurveyOptOut {
		t.Fatalf("no survey, please: %+v %v", k, err)
	}
	_, err = p.SetConsent(ctx, me, "terms", false)
	wants(t, err, "validation", "given required")
	_, err = p.SetConsent(ctx, me, "advertising", true)
	wants(t, err, "not_found")
}

// provenNumber: the number was given to somebody else. Who proves it gets the
// number and never the account.
func provenNumber(t *testing.T, p *people) {
	ctx := context.Background()
	old := p.citizen(t, "옛 주인", "010-1234-5678", "old@demo.test", withPassword)
	p.signIn(t, "010-1234-5678")
	next := p.citizen(t, "새 주인", "", "new@demo.test")
	me := p.signIn(t, "new@demo.test")
	p.pass(time.Minute)
	got, err := p.PatchMe(ctx, me, account.MePatch{Phone: text("010-1234-5678")})
	if err != nil || got.Account.Phone != "+821012345678" || got.Account.PhoneVerified {
		t.Fatalf("%v %v", got.Account, err)
	}
	if c, err := p.Contacts(ctx, next.ID); err != nil || c.Phone != "" {
		t.Fatalf("messages to an unproved number of somebody else: %+v %v", c, err)
	}
	if c, err := p.Contacts(ctx, old.ID); err != nil || !c.PhoneVerified {
		t.Fatalf("a typed number takes it away: %+v %v", c, err)
	}
	m := p.lastCode(t)
	if m.Account != next.ID || m.To != "+821012345678" {
		t.Fatalf("the code: %+v", m)
	}
	// The wrong guesses of one person don't use up the other's sign-in code.
	p.pass(time.Minute)
	theirs := p.code(t, "010-1234-5678")
	for range 4 {
		_, err = p.VerifyContact(ctx, me, account.Phone, other(m.Code))
		wants(t, err, "validation", "code code")
	}
	_, _, err = p.SignIn(ctx, account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: other(theirs)})
	wants(t, err, "unauthenticated")
	if _, _, err := p.SignIn(ctx, account.Actor{}, account.SignIn{Login: "010-1234-5678", Code: theirs}); err != nil {
		t.Fatalf("the fifth try of one's own code: %v", err)
	}
	got, err = p.VerifyContact(ctx, me, account.Phone, m.Code)
	if err != nil || got.Account.ID != next.ID || !got.Account.PhoneVerified {
		t.Fatalf("%v %v", got.Account, err)
	}
	c, err := p.Contacts(ctx, old.ID)
	if err != nil || c.Phone != "" || c.PhoneVerified || c.Email != "old@demo.test" {
		t.Fatalf("the old holder: %+v %v", c, err)
	}
	if p.audited(t, "account.contact_lost", old.ID) != 1 || p.audited(t, "account.proved", next.ID) != 2 {
		t.Error("the audit does not tell it")
	}
	if _, err := p.byPassword("old@demo.test", goodPassword.Reveal(), "a"); err != nil {
		t.Fatalf("the old holder's account is gone: %v", err)
	}
	if actor := p.signIn(t, "010-1234-5678"); actor.ID != next.ID {
		t.Fatalf("the number enters %s", actor.ID)
	}
}

func findByPhone(t *testing.T, p *people) {
	ctx := context.Background()
	a := p.citizen(t, "시민 1", "010-1234-5678", "")
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	got, ok, err := p.FindByPhone(ctx, staff, "here", "01012345678")
	if err != nil || !ok || got.ID != a.ID || p.audited(t, "account.look", a.ID) != 1 {
		t.Fatalf("%v %v %v", got, ok, err)
	}
	if _, ok, err := p.FindByPhone(ctx, staff, "here", "01012345679"); ok || err != nil {
		t.Fatal(ok, err)
	}
	_, _, err = p.FindByPhone(ctx, staff, "here", "5678")
	wants(t, err, "validation", "phone phone")
	_, _, err = p.FindByPhone(ctx, staff, "elsewhere", "01012345678")
	wants(t, err, "forbidden")
	_, _, err = p.FindByPhone(ctx, account.Actor{ID: a.ID}, "here", "01012345678")
	wants(t, err, "forbidden")
	if _, err := p.Look(ctx, staff, "here", a.ID, "booking"); err != nil || p.audited(t, "account.look", a.ID) != 2 {
		t.Fatal(err)
	}
	if _, err := p.Look(ctx, account.Actor{ID: a.ID}, "here", a.ID, ""); err != nil || p.audited(t, "account.look", a.ID) != 2 {
		t.Fatalf("a look at oneself is logged, or %v", err)
	}
	_, err = p.Look(ctx, staff, "elsewhere", a.ID, "booking")
	wants(t, err, "forbidden")
	_, err = p.Get(ctx, staff, a.ID)
	wants(t, err, "not_found")
	if got, err := p.Get(ctx, operator, a.ID); err != nil || got.Phone != "+821012345678" {
		t.Fatal(got, err)
	}
}

func papers(t *testing.T, p *people) {
	ctx := context.Background()
	a := p.citizen(t, "시민 1", "010-1234-5678", "")
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	if err := p.DeclareGroup(ctx, account.Actor{ID: a.ID}, "small-manufacturer"); err != nil {
		t.Fatal(err)
	}
	p.pass(time.Hour)
	g, err := p.ConfirmGroup(ctx, staff, "", a.ID, "small-manufacturer")
	if err != nil || g.ConfirmedAt == nil || !g.ConfirmedAt.After(*g.DeclaredAt) {
		t.Fatalf("%+v %v", g, err)
	}
	p.pass(time.Hour)
	again, err := p.ConfirmGroup(ctx, staff, "here", a.ID, "small-manufacturer")
	if err != nil || !again.ConfirmedAt.Equal(*g.ConfirmedAt) {
		t.Fatalf("confirmed anew: %+v %v", again, err)
	}
	if by := p.texts(t, `SELECT confirmed_by FROM account_group LIMIT 9`); len(by) != 1 || by[0] != staff.ID {
		t.Fatalf("confirmed by %v", by)
	}
	until := time.UnixMilli(p.now.Load()).Add(24 * time.Hour)
	cert, err := p.AddCertificate(ctx, staff, "", a.ID, account.NewCertificate{Key: "laser", Basis: account.FromCard, ValidUntil: &until})
	if err != nil {
		t.Fatal(err)
	}
	local, err := p.AddCertificate(ctx, staff, "here", a.ID, account.NewCertificate{Key: "laser", Basis: account.FromCourse, Center: "here"})
	if err != nil {
		t.Fatal(err)
	}
	p.pass(time.Minute)
	next, err := p.AddCertificate(ctx, staff, "here", a.ID, account.NewCertificate{Key: "laser", Basis: account.FromCourse})
	if err != nil {
		t.Fatal(err)
	}
	me, err := p.Me(ctx, account.Actor{ID: a.ID})
	if err != nil || len(me.Certificates) != 3 {
		t.Fatalf("%+v %v", me.Certificates, err)
	}
	for _, c := range me.Certificates {
		if (c.RevokedAt != nil) != (c.ID == cert.ID) {
			t.Errorf("certificate %s (first %s, local %s, next %s): %+v", c.ID, cert.ID, local.ID, next.ID, c)
		}
	}
	past := time.UnixMilli(p.now.Load())
	for _, bad := range []struct {
		in    account.NewCertificate
		field string
	}{
		{account.NewCertificate{Key: "", Basis: account.FromCard}, "key id"},
		{account.NewCertificate{Key: "laser", Basis: "hearsay"}, "basis oneof"},
		{account.NewCertificate{Key: "laser", Basis: account.FromCard, ValidUntil: &past}, "expires future"},
		{account.NewCertificate{Key: "laser", Basis: account.FromCard, Center: "elsewhere"}, "center own"},
	} {
		_, err := p.AddCertificate(ctx, staff, "here", a.ID, bad.in)
		wants(t, err, "validation", bad.field)
	}
	_, err = p.ConfirmGroup(ctx, staff, "elsewhere", a.ID, "small-manufacturer")
	wants(t, err, "forbidden")
	_, err = p.ConfirmGroup(ctx, account.Actor{ID: a.ID}, "", a.ID, "small-manufacturer")
	wants(t, err, "forbidden")
	_, err = p.ConfirmGroup(ctx, staff, "here", "nobody", "small-manufacturer")
	wants(t, err, "not_found")
	_, err = p.AddCertificate(ctx, account.Actor{}, "here", a.ID, account.NewCertificate{Key: "laser", Basis: account.FromCard})
	wants(t, err, "forbidden")
}

func roles(t *testing.T, p *people) {
	ctx := context.Background()
	admin := p.staff(t, "admin@demo.test", account.Admin)
	a := p.citizen(t, "시민 1", "010-1234-5678", "", withPassword)
	s, err := p.byPassword("010-1234-5678", goodPassword.Reveal(), "a")
	if err != nil {
		t.Fatal(err)
	}
	p.actor(t, s)
	manager := []account.Grant{{Role: account.Manager, Center: "here"}, {Role: account.Manager, Center: "there"}}
	got, err := p.PatchAccount(ctx, admin, a.ID, account.Patch{Roles: &manager})
	if err != nil || len(got.Grants) != 2 {
		t.Fatal(got, err)
	}
	_, err = p.Authenticate(ctx, s.Token.Reveal())
	wants(t, err, "unauthenticated")
	s, _ = p.byPassword("010-1234-5678", goodPassword.Reveal(), "a")
	if actor := p.actor(t, s); !actor.May(account.Results, "here") || actor.May(account.Results, "") || s.ExpiresAt.Sub(time.UnixMilli(p.now.Load())) != 12*time.Hour {
		t.Fatalf("%+v", actor)
	}
	for _, bad := range []struct {
		grants []account.Grant
		field  string
	}{
		{[]account.Grant{{Role: account.Staff}}, "roles.0.center required"},
		{[]account.Grant{{Role: "king"}}, "roles.0.role oneof"},
		{[]account.Grant{{Role: account.Manager, Center: "Ä B"}}, "roles.0.center id"},
	} {
		_, err := p.PatchAccount(ctx, admin, a.ID, account.Patch{Roles: &bad.grants})
		wants(t, err, "validation", bad.field)
	}
	none := []account.Grant{}
	if got, err := p.PatchAccount(ctx, admin, a.ID, account.Patch{Name: text(" 바른  이름 ")}); err != nil || got.Name != "바른 이름" || len(got.Grants) != 2 {
		t.Errorf("renamed: %+v %v", got, err)
	}
	_, err = p.PatchAccount(ctx, admin, a.ID, account.Patch{})
	wants(t, err, "validation", "roles required")
	_, err = p.PatchAccount(ctx, admin, admin.ID, account.Patch{Roles: &none})
	wants(t, err, "state_conflict")
	_, err = p.PatchAccount(ctx, account.Actor{ID: a.ID, Grants: manager}, a.ID, account.Patch{Roles: &none})
	wants(t, err, "forbidden")
	_, err = p.PatchAccount(ctx, admin, "nobody", account.Patch{Roles: &none})
	wants(t, err, "not_found")
	if got, err := p.PatchAccount(ctx, admin, a.ID, account.Patch{Roles: &none}); err != nil || len(got.Grants) != 0 {
		t.Fatal(got, err)
	}
	_, err = p.Create(ctx, admin, account.NewAccount{Name: "직원", Phone: "010-1234-5678", Role: account.Staff, Centers: []string{"here"}})
	wants(t, err, "validation", "phone taken")
	_, err = p.Create(ctx, admin, account.NewAccount{Name: "직원", Role: account.Staff})
	wants(t, err, "validation", "phone phone_or_email", "roles.0.center required")
	_, err = p.Create(ctx, account.Actor{ID: a.ID}, account.NewAccount{Name: "직원"})
	wants(t, err, "forbidden")
}

func accountList(t *testing.T, p *people) {
	ctx := context.Background()
	for i := range 7 {
		p.citizen(t, fmt.Sprintf("시민백_%d", i), fmt.Sprintf("010-1000-000%d", i), "")
	}
	admin := p.staff(t, "admin@demo.test", account.Admin)
	p.staff(t, "staff@demo.test", account.Staff, "here", "there")
	ids, pages, after := map[string]bool{}, 0, ""
	for {
		page, err := p.List(ctx, admin, account.Query{Limit: 4, After: after})
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, a := range page.Items {
			ids[a.ID] = true
			if strings.Contains(a.Name.Reveal(), "민") || strings.Contains(a.Phone.Reveal(), "1000") {
				t.Errorf("not masked: %q %q", a.Name.Reveal(), a.Phone.Reveal())
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(ids) != 9 || pages != 3 {
		t.Fatalf("%d accounts on %d pages", len(ids), pages)
	}
	for _, c := range []struct {
		q    account.Query
		want int
	}{
		{account.Query{Text: "백_3"}, 1}, {account.Query{Text: "백_"}, 7}, {account.Query{Text: "백%"}, 0},
		{account.Query{Text: "010-1000-0003"}, 1}, {account.Query{Text: "ADMIN@demo.test"}, 1}, {account.Query{Text: "010-1000-0009"}, 0},
		{account.Query{Role: account.Staff}, 1}, {account.Query{Role: account.Citizen}, 7}, {account.Query{Role: account.Manager}, 0},
		{account.Query{Center: "there"}, 1}, {account.Query{Role: account.Staff, Center: "here"}, 1},
	} {
		page, err := p.List(ctx, admin, c.q)
		if err != nil || len(page.Items) != c.want {
			t.Errorf("%+v: %d, %v, want %d", c.q, len(page.Items), err, c.want)
		}
	}
	page, _ := p.List(ctx, admin, account.Query{Role: account.Staff})
	if g := page.Items[0].Grants; len(g) != 2 || g[0].Center != "here" {
		t.Errorf("grants %v", g)
	}
	_, err := p.List(ctx, admin, account.Query{Limit: 201, Role: "king"})
	wants(t, err, "validation", "limit range", "role oneof")
	_, err = p.List(ctx, account.Actor{ID: "x", Grants: []account.Grant{{Role: account.Admin, Center: "here"}}}, account.Query{})
	wants(t, err, "forbidden")
}

func contacts(t *testing.T, p *people) {
	ctx := context.Background()
	a := p.citizen(t, "시민 1", "010-1234-5678", "one@demo.test")
	c, err := p.Contacts(ctx, a.ID)
	if err != nil || c.Name != "시민 1" || c.Phone != "+821012345678" || c.Email != "one@demo.test" || c.SurveyOptOut || c.Staff || len(c.Channels) != 2 {
		t.Fatalf("%+v %v", c, err)
	}
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	if c, err := p.Contacts(ctx, staff.ID); err != nil || !c.Staff {
		t.Fatalf("%+v %v", c, err)
	}
	_, err = p.Contacts(ctx, "nobody")
	wants(t, err, "not_found")
	ids := []string{a.ID, "nobody", staff.ID}
	for i := range 120 {
		ids = append(ids, fmt.Sprint("unknown", i))
	}
	ids = append(ids, p.citizen(t, "시민 2", "", "two@demo.test").ID)
	named, err := p.Named(ctx, ids)
	if err != nil || len(named) != 3 || named[a.ID].Masked().Phone != "010-****-5678" {
		t.Fatalf("%d named, %v", len(named), err)
	}
}
