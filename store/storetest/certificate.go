package storetest

import (
	"context"
	"testing"
	"time"

	"gongbang/account"
)

// Certificates is the contract of giving certificates by a file, and of ending them.
func Certificates(t *testing.T, open Opener) {
	t.Run("a file is all or nothing", func(t *testing.T) { certificateFile(t, newPeople(t, open)) })
	t.Run("who gave it ends it", func(t *testing.T) { certificateEnds(t, newPeople(t, open)) })
}

func certificateFile(t *testing.T, p *people) {
	ctx := context.Background()
	staff := p.staff(t, "staff@demo.test", account.Staff, "here")
	a, b := p.citizen(t, "시민 1", "010-1111-2222", ""), p.citizen(t, "시민 2", "", "two@demo.test")
	has := func(id string) []account.Certificate {
		me, err := p.Me(ctx, account.Actor{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		return me.Certificates
	}
	good := "\ufeff전화번호,이메일,교육,근거,만료일,센터\r\n010-1111-2222,,laser,교육,2027-01-31,\r\n,TWO@demo.test,laser,,,here\r\n"
	for _, dry := range []bool{true, false} {
		plan, err := p.ImportCertificates(ctx, staff, "", []byte(good), Seoul, dry)
		if err != nil || len(plan) != 2 {
			t.Fatalf("dry %v: %d, %v", dry, len(plan), explain(err))
		}
		if l := plan[0]; l.Line != 2 || l.Who.ID != a.ID || l.Who.Name == "시민 1" || l.New.Key != "laser" || l.Ends || plan[1].Line != 3 || plan[1].Who.ID != b.ID {
			t.Errorf("dry %v: %+v", dry, plan)
		}
		if got := len(has(a.ID)) + len(has(b.ID)); dry != (got == 0) {
			t.Fatalf("dry %v leaves %d certificates", dry, got)
		}
	}
	first, second := has(a.ID)[0], has(b.ID)[0]
	if first.Basis != account.FromCourse || !first.ValidUntil.Equal(time.Date(2027, 2, 1, 0, 0, 0, 0, Seoul)) || first.Center != "" {
		t.Errorf("%+v", first)
	}
	if second.Basis != account.FromCard || second.ValidUntil != nil || second.Center != "here" {
		t.Errorf("%+v", second)
	}
	again := "phone,key,center\n010-1111-2222,laser,\n010-1111-2222,laser,here\n010-1111-2222,laser,here\n010-1111-2222,cnc,\n"
	plan, err := p.ImportCertificates(ctx, staff, "", []byte(again), Seoul, true)
	if err != nil || len(plan) != 4 || !plan[0].Ends || plan[1].Ends || !plan[2].Ends || plan[3].Ends {
		t.Errorf("what a second file does: %+v %v", plan, explain(err))
	}
	bad := "phone,key,basis,expires,center\n010-1111-2222,cnc,,,\n010-9999-9999,cnc,,,\n12,CNC,word,2027-02-30,there\n010-1111-2222,cnc,,2020-01-01,\n"
	_, err = p.ImportCertificates(ctx, staff, "", []byte(bad), Seoul, false)
	wants(t, err, "validation", "3.phone nobody", "4.phone phone", "4.key id", "4.basis oneof", "4.expires date", "4.center own", "5.expires future")
	if len(has(a.ID)) != 1 {
		t.Error("a file with a wrong line gave somebody something")
	}
	for _, x := range []struct{ raw, field string }{
		{"", "file required"}, {"phone,key\n", "file required"}, {"phone\n010-1111-2222\n", "1 columns"}, {"phone,key,shoe\n", "1.shoe unknown"},
		{"phone,key\n\"010", "2 csv"}, {"phone,key\n\xff,a\n", "file utf8"},
	} {
		_, err := p.ImportCertificates(ctx, staff, "", []byte(x.raw), Seoul, true)
		wants(t, err, "validation", x.field)
	}
	_, err = p.ImportCertificates(ctx, staff, "there", []byte(good), Seoul, true)
	wants(t, err, "forbidden")
	_, err = p.ImportCertificates(ctx, account.Actor{ID: a.ID}, "", []byte(good), Seoul, true)
	wants(t, err, "forbidden")
}

func certificateEnds(t *testing.T, p *people) {
	ctx := context.Background()
	here, there := p.staff(t, "here@demo.test", account.Staff, "here"), p.staff(t, "there@demo.test", account.Staff, "there")
	a := p.citizen(t, "시민 1", "010-1111-2222", "")
	c, err := p.AddCertificate(ctx, here, "", a.ID, account.NewCertificate{Key: "laser", Basis: account.FromCard})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.RevokeCertificate(ctx, there, a.ID, c.ID, "잘못 적음")
	wants(t, err, "not_found")
	_, err = p.RevokeCertificate(ctx, here, here.ID, c.ID, "잘못 적음")
	wants(t, err, "not_found")
	_, err = p.RevokeCertificate(ctx, here, a.ID, c.ID, "")
	wants(t, err, "validation", "reason required")
	_, err = p.RevokeCertificate(ctx, account.Actor{ID: a.ID}, a.ID, c.ID, "x")
	wants(t, err, "forbidden")
	if got, err := p.RevokeCertificate(ctx, here, a.ID, c.ID, "잘못 적음"); err != nil || got.RevokedAt == nil {
		t.Fatalf("%+v %v", got, err)
	}
	if why := p.texts(t, `SELECT body FROM audit JOIN audit_reason ON audit_seq = seq WHERE action = 'account.certificate_revoked' AND about = subject AND subject = $1 AND center_id = 'here' LIMIT 5`, a.ID); len(why) != 1 || why[0] != "잘못 적음" {
		t.Errorf("the audit says %q", why)
	}
}
