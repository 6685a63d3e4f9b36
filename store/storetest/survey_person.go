package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// openOnes: a person finds the links of their own open invitations, and nobody
// finds another one's; what is final is gone.
func openOnes(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 2)
	mine := func(id string, grants ...account.Grant) []survey.OpenInvitation {
		t.Helper()
		list, err := u.s.Mine(ctx, account.Actor{ID: id, Grants: grants})
		u.must(err)
		return list
	}
	for i, token := range tokens {
		list := mine(fmt.Sprintf("p%d", i), account.Grant{Role: account.Citizen})
		if len(list) != 1 || list[0].Token != token || list[0].EquipmentID != "east-sewing-1" || list[0].Day != "2027-03-02" || list[0].Center.Ko != "센터 east" {
			t.Fatalf("p%d sees %+v", i, list)
		}
	}
	if list := mine("nobody"); len(list) != 0 {
		t.Errorf("a stranger sees %+v", list)
	}
	for _, role := range []account.Role{account.Staff, account.Manager, account.Admin} {
		if list := mine("p0", account.Grant{Role: role, Center: "west"}); len(list) != 0 {
			t.Errorf("%s sees %+v", role, list)
		}
	}
	if _, err := u.s.Mine(ctx, account.Actor{}); fault.Code(err) != "unauthenticated" {
		t.Error(err)
	}
	u.must(u.answer(tokens[0], `{"answers":{"overall":5}}`))
	if list := mine("p0"); len(list) != 0 {
		t.Errorf("answered, and still %+v", list)
	}
	u.finish(u.use("q", "east-sewing-1")) // queued: no message left yet
	if list := mine("q"); len(list) != 0 {
		t.Errorf("queued, and already %+v", list)
	}
	u.pass(15 * 24 * time.Hour)
	if list := mine("p1"); len(list) != 0 { // over, though no job has said so
		t.Errorf("expired, and still %+v", list)
	}
}

// optedOut: a no by the link ends the consent and the invitation, once, and
// counts as refused; later uses are skipped.
func optedOut(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 3)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = u.s.OptOut(ctx, tokens[0]) })
	}
	wg.Wait()
	for _, err := range errs {
		u.must(err)
	}
	if n := u.count(`SELECT COUNT(*) FROM consent WHERE account_id = 'p0' AND key = 'survey' AND given = 0 AND how = 'link'`); n != 1 {
		t.Errorf("%d consents say no", n)
	}
	if got := u.states(); got["revoked:opt_out"] != 1 || got["sent"] != 2 {
		t.Errorf("states %v", got)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE state = 'revoked' AND (center_id <> '' OR equipment_id <> '' OR visit_id IS NOT NULL OR remind_at IS NOT NULL)`); n != 0 {
		t.Error("the refused invitation still knows its visit")
	}
	f := u.results(survey.ResultsQuery{}).Funnel
	if f.Invited != 3 || f.Refused != 1 || f.Delivered != 1 || *f.RR1 != 0 {
		t.Errorf("funnel %+v", f)
	}
	u.refused(u.answer(tokens[0], `{"answers":{"overall":5}}`), "not_found")
	u.crowd["p0"] = survey.Reach{Channel: "email", OptOut: true}
	before := u.count(`SELECT COUNT(*) FROM audit`)
	u.must(u.s.OptOut(ctx, tokens[0]))
	if n := u.count(`SELECT COUNT(*) FROM audit`); n != before {
		t.Error("a second no is written again")
	}
	u.pass(4 * 24 * time.Hour)
	if n, err := u.s.RemindDue(ctx); err != nil || n != 2 {
		t.Errorf("%d reminded, %v", n, err)
	}
	u.pass(40 * 24 * time.Hour)
	u.finish(u.use("p0", "east-sewing-1"))
	if got := u.states(); got["skipped:opt_out"] != 1 {
		t.Errorf("the next use: %v", got)
	}
	u.refused(u.s.OptOut(ctx, strings.Repeat("A", 22)), "not_found")

	// The link of an answered or expired invitation still takes a no.
	u.must(u.s.OptOut(ctx, tokens[1]))
	if n := u.count(`SELECT COUNT(*) FROM consent WHERE account_id = 'p1' AND given = 0`); n != 1 {
		t.Error("an old link takes no no")
	}
}

// commentsShown: of closed months with ten answers alone, without anything
// that would tell when or how satisfied.
func commentsShown(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-03-10 14:00")
	u.always()
	write := func(center string, people int, text string) {
		for i, token := range u.askedAndSent(center+text, center+"-sewing-1", people) {
			u.must(u.answer(token, fmt.Sprintf(`{"answers":{"overall":%d,"comment":"%s %d 010-1234-5678"}}`, 1+i%5, text, i)))
		}
	}
	write("east", 10, "바늘이 부러집니다")
	write("west", 9, "어둡습니다")
	see := func(q survey.CommentsQuery) survey.Comments {
		t.Helper()
		c, err := u.s.Comments(ctx, actorOf(account.Admin, ""), q)
		u.must(err)
		return c
	}
	march := survey.CommentsQuery{From: "2027-03", To: "2027-03"}
	u.flush()
	if c := see(march); len(c.Items) != 0 || c.LeftOut != 19 {
		t.Errorf("an open month shows %+v", c)
	}
	u.set("2027-04-05 00:00")
	u.flush()
	if n, err := u.s.CloseMonth(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	c := see(march)
	if len(c.Items) != 10 || c.Found != 10 || c.Answers != 10 || c.LeftOut != 9 {
		t.Fatalf("%+v", c)
	}
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprintf("바늘이 부러집니다 %d [전화]", i))
	}
	var order []string
	for _, item := range c.Items {
		order = append(order, item.Text)
	}
	slices.Sort(order)
	if !slices.Equal(order, want) {
		t.Errorf("%q", c.Items)
	}
	ids := u.texts(`SELECT id, answers FROM survey_response WHERE center_id = 'east' ORDER BY id`, 2)
	for i, row := range ids {
		if row[0] != c.Items[i].ID || !strings.Contains(row[1], c.Items[i].Text) {
			t.Errorf("place %d is not that of its random id", i)
		}
	}
	if c := see(survey.CommentsQuery{From: "2027-03", To: "2027-03", Text: " 부러집니다 7"}); c.Found != 1 || len(c.Items) != 1 {
		t.Errorf("search finds %+v", c)
	}
	if c := see(survey.CommentsQuery{From: "2027-03", To: "2027-03", Center: "west"}); len(c.Items) != 0 || c.LeftOut != 9 {
		t.Errorf("nine people's comments: %+v", c)
	}
	own, err := u.s.Comments(ctx, u.manager(), march)
	if err != nil || own.Found != 10 || own.LeftOut != 0 {
		t.Errorf("the manager of east: %+v, %v", own, err)
	}
	for who, code := range map[account.Role]string{account.Staff: "forbidden", account.Citizen: "forbidden", "": "unauthenticated"} {
		a := actorOf(who, "east")
		if who == "" {
			a = account.Actor{}
		}
		_, err := u.s.Comments(ctx, a, march)
		u.refused(err, code)
	}
	_, err = u.s.Comments(ctx, u.manager(), survey.CommentsQuery{Center: "west"})
	u.refused(err, "forbidden")
}
