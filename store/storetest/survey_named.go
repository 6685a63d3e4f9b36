package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/store"
	"gongbang/survey"
)

// named lets people answer about a machine; the first so many of them choose
// to give their name.
func (u *afterUse) named(who, machine string, people, with int) {
	u.t.Helper()
	for i, token := range u.askedAndSent(who, machine, people) {
		u.must(u.answer(token, fmt.Sprintf(`{"answers":{"overall":%d,"goal":"part","drivers":["cost","staff"],"comment":"말 %s %d"},"identify":%v}`, 1+i%5, who, i, i < with)))
	}
}

func (u *afterUse) namedOf(a account.Actor) []survey.NamedAnswer {
	u.t.Helper()
	p, err := u.s.Named(context.Background(), a, "", "")
	u.must(err)
	return p.Items
}

// namedShown: name, day, machine and answers of who chose it, masked in the
// list; each look is written down; nothing of anybody else, in any mode.
func namedShown(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.inMode(2, survey.Confidential)
	u.named("quiet", "east-sewing-1", 6, 6) // the choice is not offered, and does nothing
	u.inMode(3, survey.Identified)
	u.named("open", "east-sewing-2", 7, 2)
	u.named("far", "west-sewing-1", 5, 1)
	u.pass(26 * time.Hour)
	u.flush()
	list := u.namedOf(u.manager())
	if len(list) != 2 {
		t.Fatalf("%d of 2 are listed: %+v", len(list), list)
	}
	for _, n := range list {
		if n.Day != "2027-03-02" || n.Machine.Ko != "east-sewing-2" || n.Center.Ko != "센터 east" || n.Name != "시******0" && n.Name != "시******1" || n.Comment != "" || n.Given != nil {
			t.Errorf("listed: %+v", n)
		}
	}
	if n := len(u.namedOf(actorOf(account.Admin, ""))); n != 3 {
		t.Errorf("the city lists %d of 3", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'survey.look'`); n != 0 {
		t.Errorf("%d looks before anything was opened", n)
	}
	one, err := u.s.NamedAnswer(ctx, u.manager(), list[0].ID)
	u.must(err)
	if one.Name[:len(one.Name)-1] != "시민 open" || one.Comment != "말 "+one.Name[len("시민 "):len(one.Name)-1]+" "+one.Name[len(one.Name)-1:] || one.Until.Format("2006-01-02 15:04") != "2027-05-31 00:00" {
		t.Errorf("opened: %+v", one)
	}
	if len(one.Given) != 3 || one.Given[1].Chosen[0].Ko != "일부만" || len(one.Given[2].Chosen) != 2 || one.Given[2].Chosen[1].Ko != "비용" {
		t.Errorf("answers: %+v", one.Given)
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'survey.look' AND actor = 'm' AND subject = $1 AND center_id = 'east' AND reason = 'named'`, one.Name[len("시민 "):]); n != 1 {
		t.Errorf("%d entries of one look", n)
	}
	west := u.namedOf(actorOf(account.Manager, "west"))
	for _, x := range []struct {
		actor    account.Actor
		id, code string
	}{
		{account.Actor{}, list[0].ID, "unauthenticated"}, {actorOf(account.Staff, "east"), list[0].ID, "forbidden"}, {actorOf(account.Citizen, ""), list[0].ID, "forbidden"},
		{u.manager(), west[0].ID, "not_found"}, {u.manager(), "", "not_found"}, {u.manager(), "nothing", "not_found"},
	} {
		_, err := u.s.NamedAnswer(ctx, x.actor, x.id)
		u.refused(err, x.code)
	}
	_, err = u.s.Named(ctx, u.manager(), "west", "")
	u.refused(err, "forbidden")
	_, err = u.s.Named(ctx, actorOf(account.Staff, "east"), "", "")
	u.refused(err, "forbidden")

	u.set("2027-05-30 23:59")
	if n := len(u.namedOf(u.manager())); n != 2 {
		t.Errorf("before the last day is over %d are listed", n)
	}
	u.set("2027-05-31 00:00") // though no job has run
	if n := len(u.namedOf(u.manager())); n != 0 {
		t.Errorf("%d names are shown longer than was promised", n)
	}
	_, err = u.s.NamedAnswer(ctx, u.manager(), list[0].ID)
	u.refused(err, "not_found")
}

// namedApart: a figure that held answers that are known by name would tell of
// the few beside them.
func namedApart(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.inMode(2, survey.Identified)
	u.named("few", "east-sewing-1", 9, 5) // four without a name
	u.pass(26 * time.Hour)
	u.flush()
	if g := u.results(survey.ResultsQuery{}).Total; !g.Suppressed {
		t.Errorf("the open month tells of four people: %+v", g)
	}
	u.closeMarch()
	march := survey.ResultsQuery{From: "2027-03", To: "2027-03", Center: "east"}
	if g := u.results(march).Total; !g.Suppressed {
		t.Errorf("four people beside five known ones: %+v", g)
	}
	march.Template = survey.ByName.Template()
	if g := u.results(march).Total; g.N == nil || *g.N != 5 || g.Questions["overall"].N != 5 {
		t.Errorf("those with a name: %+v", g)
	}
	if c, err := u.s.Comments(ctx, u.manager(), survey.CommentsQuery{From: "2027-03", To: "2027-03"}); err != nil || c.Found != 0 {
		t.Errorf("comments of nine answers: %+v, %v", c, err)
	}
	report, err := u.db.Check(ctx, u.now())
	u.must(err)
	for _, f := range report.Broken() {
		t.Errorf("check: %+v", f)
	}
}

// namedGone: leaving, and taking the name off, part name and answer for good;
// the answer stays. It works while the answer still waits.
func namedGone(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.inMode(2, survey.Identified)
	u.named("p", "east-sewing-1", 6, 6)
	unname := func(id string) { u.t.Helper(); u.must(u.s.Unname(ctx, account.Actor{ID: id})) }
	unname("p0") // waits in the inbox
	u.pass(26 * time.Hour)
	u.flush()
	unname("p1")
	unname("p1")
	leave(u, "p2")
	list := u.namedOf(u.manager())
	if len(list) != 3 {
		t.Errorf("%d of 3 are left: %+v", len(list), list)
	}
	for _, id := range []string{"p0", "p1", "p2"} {
		if n := u.count(`SELECT (SELECT COUNT(*) FROM survey_link WHERE account_id = $1) + (SELECT COUNT(*) FROM survey_inbox WHERE account_id = $1)`, id); n != 0 {
			t.Errorf("%s is still tied to an answer", id)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_response`); n != 6 {
		t.Errorf("%d of 6 answers are left", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'survey.unname'`); n != 2 {
		t.Errorf("%d entries of two people", n)
	}
	u.refused(u.s.Unname(ctx, account.Actor{}), "unauthenticated")
}

// leave erases an account as the accounts do.
func leave(u *afterUse, id string) {
	u.t.Helper()
	_, err := store.NewAccounts(u.db).Do(context.Background(), func(ctx context.Context, tx account.Tx) (any, error) {
		return nil, tx.Erase(ctx, id)
	})
	u.must(err)
}
