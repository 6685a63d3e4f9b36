package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/survey"
)

func eightAtOnce(t *testing.T, u *afterUse) {
	u.always()
	for round, token := range u.askedAndSent("p", "east-sewing-1", 5) {
		var all sync.WaitGroup
		codes := make(chan error, 8)
		for i := range 8 {
			all.Go(func() { codes <- u.answer(token, fmt.Sprintf(`{"answers":{"overall":%d}}`, i%5+1)) })
		}
		all.Wait()
		close(codes)
		won := 0
		for err := range codes {
			if err == nil {
				won++
				continue
			}
			u.refused(err, "already_answered")
		}
		if won != 1 {
			t.Fatalf("round %d: %d of 8 answers were taken", round, won)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox`); n != 5 {
		t.Fatalf("%d answers wait", n)
	}
	if f := u.results(survey.ResultsQuery{}).Funnel; f.Partial != 5 || f.Delivered != 5 {
		t.Fatalf("funnel %+v", f)
	}
}

func lookingRecordsNothing(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	token := u.askedAndSent("p", "east-sewing-1", 1)[0]
	before := u.texts(`SELECT id, state FROM survey_invitation`, 2)
	for range 7 {
		f, err := u.s.Open(ctx, token)
		u.must(err)
		if f.State != "open" || len(f.Questions) != 7 || f.Questions[0].Key != "overall" || !f.Questions[0].Required ||
			f.Use.Center.Ko != "센터 east" || f.Use.Equipment.Ko != "east-sewing-1" || f.Use.Month != "2027-03" ||
			f.ExpiresAt.Format("2006-01-02 15:04:05") != "2027-03-16 23:59:59" {
			t.Fatalf("%+v", f)
		}
	}
	if after := u.texts(`SELECT id, state FROM survey_invitation`, 2); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Fatalf("%v became %v", before, after)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox`); n != 0 {
		t.Fatalf("%d answers", n)
	}
	for _, bad := range []string{strings.Repeat("A", len(token)), "", token[:21], token + "A"} {
		_, err := u.s.Open(ctx, bad)
		u.refused(err, "not_found")
		u.refused(u.answer(bad, `{"answers":{"overall":5}}`), "not_found")
	}
	u.refused(u.answer(token, `{"answers":{"overall":9}}`), "validation")
	u.refused(u.answer(token, `{"answers":{"overall":5},"safety":{"text":" "}}`), "validation")
	u.must(u.answer(token, `{"answers":{"overall":5}}`)) // a refusal used nothing up
	u.exec(`UPDATE survey_invitation SET state = 'revoked'`)
	_, err := u.s.Open(ctx, token)
	u.refused(err, "not_found")
}

func deliveredOnce(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	u.askedAndSent("p", "east-sewing-1", 3)
	ids := u.invited()
	second := u.token(ids[1])
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := u.s.Delivered(ctx, ids[0]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	u.must(u.answer(second, `{"answers":{"overall":5}}`)) // it came, or there were no answer
	u.must(u.s.Delivered(ctx, ids[1]))
	if f := u.results(survey.ResultsQuery{}).Funnel; f.Delivered != 2 || f.Invited != 3 {
		t.Fatalf("funnel %+v", f)
	}
	u.refused(u.s.Delivered(ctx, "nobody"), "not_found")
}

func keyChange(t *testing.T, u *afterUse) {
	u.always()
	token := u.askedAndSent("p", "east-sewing-1", 1)[0]
	u.deps.OldKey, u.deps.Key = u.deps.Key, []byte("fedcba9876543210fedcba9876543210")
	u.rebuild()
	if again := u.token(u.invited()[0]); again != token {
		t.Fatal("a reminder would carry another link")
	}
}

func standApart(t *testing.T, u *afterUse) {
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 5)
	u.must(u.answer(tokens[0], `{"answers":{"overall":1,"comment":"바늘이 부러졌습니다. 010-1234-5678"},"contact":{"consent":true}}`))
	u.must(u.answer(tokens[1], `{"answers":{"overall":2,"comment":"덮개가 없습니다"},"safety":{"text":"덮개 없음, kim@x.kr"}}`))
	u.must(u.answer(tokens[2], `{"answers":{"overall":3,"comment":"조용합니다"},"contact":{"consent":false}}`))
	for _, token := range tokens[3:] {
		u.must(u.answer(token, `{"answers":{"overall":3}}`))
	}
	u.flush()
	cases := u.texts(`SELECT account_id, center_id, comment FROM survey_case`, 3)
	if len(cases) != 1 || cases[0][0] != "p0" || cases[0][2] != "바늘이 부러졌습니다. [전화]" {
		t.Fatalf("cases %v", cases)
	}
	tickets := u.texts(`SELECT id, equipment_id, body FROM survey_ticket`, 3)
	if len(tickets) != 1 || tickets[0][1] != "east-sewing-1" || tickets[0][2] != "덮개 없음, [이메일]" {
		t.Fatalf("tickets %v", tickets)
	}
	events := u.texts(`SELECT subject, data FROM outbox WHERE kind = 'survey.safety'`, 2)
	if len(events) != 1 || events[0][0] != tickets[0][0] || strings.Contains(events[0][1], "덮개") {
		t.Fatalf("events %v", events)
	}
	all := ""
	for _, r := range u.texts(`SELECT id, answers FROM survey_response`, 2) {
		if r[0] == tickets[0][0] {
			t.Error("a response has the ticket's id")
		}
		all += r[1]
	}
	if strings.Contains(all, "바늘") || !strings.Contains(all, "덮개가 없습니다") || !strings.Contains(all, "조용합니다") || strings.Contains(all, "1234") {
		t.Fatalf("responses %s", all)
	}
}

func inboxEmpties(t *testing.T, u *afterUse) {
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 9)
	west := u.askedAndSent("w", "west-sewing-1", 4)
	for _, token := range tokens[:4] {
		u.must(u.answer(token, `{"answers":{"overall":4}}`))
	}
	for _, token := range west {
		u.must(u.answer(token, `{"answers":{"overall":4}}`))
	}
	if n := u.flush(); n != 0 {
		t.Fatalf("%d moved: no center has five", n)
	}
	u.must(u.answer(tokens[4], `{"answers":{"overall":4}}`))
	if n := u.flush(); n != 5 {
		t.Fatalf("%d moved", n)
	}
	u.must(u.answer(tokens[5], `{"answers":{"overall":4}}`))
	u.pass(24 * time.Hour)
	if n := u.flush(); n != 0 {
		t.Fatalf("%d moved before a day and the rest of the hour", n)
	}
	u.pass(time.Hour)
	if n := u.flush(); n != 5 {
		t.Fatalf("%d of 5 moved after a day", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_center WHERE due_at IS NOT NULL`); n != 0 {
		t.Fatal("an empty inbox is due")
	}
	if r := u.results(survey.ResultsQuery{Center: "east"}); *r.Total.N != 5 {
		t.Fatalf("shown %d", *r.Total.N)
	}
	if r := u.results(survey.ResultsQuery{Center: "west"}); !r.Total.Suppressed || r.Total.N != nil {
		t.Fatalf("four answers are shown: %+v", r.Total)
	}
	// a waiting answer has nothing that tells when it came or whose it is
	for _, table := range []string{"survey_inbox", "survey_response"} {
		if n := u.count(`SELECT COUNT(*) FROM ` + table + ` WHERE answers LIKE '%2027%' OR answers LIKE '%p0%'`); n != 0 {
			t.Errorf("%s tells more than it should", table)
		}
	}
}

func flushRace(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	tokens := append(u.askedAndSent("p", "east-sewing-1", 20), u.askedAndSent("q", "west-cutting-1", 20)...)
	var all sync.WaitGroup
	for _, token := range tokens {
		all.Go(func() {
			if err := u.answer(token, `{"answers":{"overall":4,"goal":"all"}}`); err != nil {
				t.Error(err)
			}
		})
	}
	for range 20 {
		all.Go(func() {
			if _, err := u.s.Flush(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	u.pass(25 * time.Hour)
	u.flush()
	if n := u.count(`SELECT COUNT(*) FROM survey_response`); n != 40 {
		t.Fatalf("%d of 40 answers arrived", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox`) + u.count(`SELECT COUNT(*) FROM survey_center WHERE due_at IS NOT NULL`); n != 0 {
		t.Fatalf("%d are left behind", n)
	}
	if n := u.count(`SELECT SUM(n + held) FROM survey_tally WHERE dim = '' AND question = 'overall'`); n != 40 {
		t.Fatalf("%d are counted", n)
	}
}

func monthCloses(t *testing.T, u *afterUse) {
	ctx := context.Background()
	closeMonth := func() int {
		n, err := u.s.CloseMonth(ctx)
		u.must(err)
		return n
	}
	u.set("2027-03-30 14:00")
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 8)
	west := u.askedAndSent("w", "west-sewing-1", 3)
	for i, token := range tokens[:7] {
		body := `{"answers":{"overall":4,"goal":"all","drivers":["cost"],"ease":3}}`
		if i > 3 {
			body = `{"answers":{"overall":2,"equip":"NA","goal":"part"}}`
		}
		u.must(u.answer(token, body))
	}
	for _, token := range west[:2] {
		u.must(u.answer(token, `{"answers":{"overall":1}}`))
	}
	u.flush()
	u.set("2027-04-04 23:59")
	if closeMonth() != 0 {
		t.Fatal("closed before the 5th")
	}
	u.set("2027-04-05 00:00")
	if n := closeMonth(); n != 0 {
		t.Fatal("closed while answers wait")
	}
	u.flush() // west's two are overdue
	if n := closeMonth(); n != 1 || closeMonth() != 0 {
		t.Fatalf("%d months closed", n)
	}
	q := survey.ResultsQuery{From: "2027-03", To: "2027-03", GroupBy: "center", Compare: "previous"}
	r := u.results(q)
	if *r.Total.N != 7 || r.Total.Provisional || !r.Total.ReferenceOnly || r.LeftOut != 2 || *r.Previous.N != 0 {
		t.Fatalf("%+v left out %d", r.Total, r.LeftOut)
	}
	if g := r.Total.Questions; g["overall"].Counts != [5]int{0, 3, 0, 4, 0} || g["goal"].Options["all"] != 4 || g["goal"].Options["part"] != 3 {
		t.Fatalf("%+v", g)
	}
	for _, few := range []string{"ease", "equip", "drivers", "staff", "comment"} {
		if f, ok := r.Total.Questions[few]; ok {
			t.Errorf("%s of fewer than five people is shown: %+v", few, f)
		}
	}
	if len(r.Groups) != 2 || *r.Groups[0].N != 7 || !r.Groups[1].Suppressed || r.Groups[1].N != nil {
		t.Fatalf("%+v", r.Groups)
	}
	// late: counted now, and the closed month stays as it is
	u.must(u.answer(tokens[7], `{"answers":{"overall":5}}`))
	u.pass(26 * time.Hour)
	u.flush()
	if again := u.results(q); *again.Total.N != 7 || again.Funnel.Answered != 9 || again.Funnel.Partial+again.Funnel.Completed != 9 {
		t.Fatalf("the closed month moved: %+v", again.Total)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_response WHERE month = '2027-04' AND category = ''`); n != 1 {
		t.Fatal("the late answer is lost")
	}
	u.set("2027-05-06 10:00")
	if closeMonth() != 1 {
		t.Fatal("April is open")
	}
	chain := u.texts(`SELECT month, prev, hash FROM survey_month ORDER BY month`, 3)
	if len(chain) != 2 || chain[0][1] != "" || chain[1][1] != chain[0][2] || len(chain[1][2]) != 64 {
		t.Fatalf("chain %v", chain)
	}
	both := u.results(survey.ResultsQuery{From: "2027-03", To: "2027-04", GroupBy: "month"})
	if *both.Total.N != 7 || len(both.Groups) != 2 || !both.Groups[1].Suppressed || both.LeftOut != 3 {
		t.Fatalf("%+v left out %d", both.Groups, both.LeftOut)
	}
}

func resultsPermissions(t *testing.T, u *afterUse) {
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		actor  account.Actor
		center string
		code   string
	}{
		{"nobody", account.Actor{}, "east", "unauthenticated"},
		{"a citizen", account.Actor{ID: "c"}, "east", "forbidden"},
		{"staff", actorOf(account.Staff, "east"), "east", "forbidden"},
		{"the manager", u.manager(), "east", ""},
		{"another's manager", u.manager(), "west", "forbidden"},
		{"a manager of a center that isn't", u.manager(), "south", "forbidden"},
		{"an admin of a center that isn't", actorOf(account.Admin, ""), "south", "not_found"},
		{"all own centers", u.manager(), "", ""},
	} {
		r, err := u.s.Results(ctx, c.actor, survey.ResultsQuery{Center: c.center})
		u.refused(err, c.code)
		if err == nil && (len(r.Filter.Centers) != 1 || r.Filter.Centers[0] != "east" || r.Filter.From != "2027-03" || r.Filter.To != "2027-03") {
			t.Errorf("%s: %+v", c.name, r.Filter)
		}
	}
	_, err := u.s.Results(ctx, u.manager(), survey.ResultsQuery{Equipment: "west-sewing-1"})
	u.refused(err, "forbidden")
	u.always()
	u.askedAndSent("p", "east-sewing-1", 1)
	u.askedAndSent("q", "west-sewing-1", 2)
	r, err := u.s.Results(ctx, u.manager(), survey.ResultsQuery{})
	u.must(err)
	if r.Funnel.Invited != 1 {
		t.Fatalf("a manager sees %d invitations of all centers", r.Funnel.Invited)
	}
	if r := u.results(survey.ResultsQuery{}); r.Funnel.Invited != 3 {
		t.Fatalf("an admin sees %d", r.Funnel.Invited)
	}
}

func resultsQueries(t *testing.T, u *afterUse) {
	for _, c := range []struct {
		q    survey.ResultsQuery
		code string
	}{
		{survey.ResultsQuery{From: "2027-13"}, "validation"},
		{survey.ResultsQuery{From: "2027-3", To: "2027-03"}, "validation"},
		{survey.ResultsQuery{From: "2027-04", To: "2027-03"}, "validation"},
		{survey.ResultsQuery{From: "2001-01", To: "2027-03"}, "validation"},
		{survey.ResultsQuery{GroupBy: "person"}, "validation"},
		{survey.ResultsQuery{Compare: "next"}, "validation"},
		{survey.ResultsQuery{Equipment: "none"}, "not_found"},
		{survey.ResultsQuery{Equipment: "east-sewing-1", Center: "west"}, "validation"},
		{survey.ResultsQuery{From: "2027-01"}, ""},
		{survey.ResultsQuery{To: "2027-01"}, ""},
	} {
		_, err := u.s.Results(context.Background(), actorOf(account.Admin, ""), c.q)
		u.refused(err, c.code)
	}
}
