package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/survey"
)

// traitsGo: what a use had in common with others waits with the invitation
// and the answer, and is in neither once they are final and flushed.
func traitsGo(t *testing.T, u *afterUse) {
	u.always()
	for i := range 6 {
		v := u.use(fmt.Sprintf("p%d", i), "east-sewing-1")
		v.Traits = survey.Traits{Hour: "13", Wait: "2-3", NoShow: "1-9"}
		u.finish(v)
	}
	u.send()
	const traits = ` WHERE trait_hour = '13' AND trait_wait = '2-3' AND trait_no_show = '1-9'`
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation` + traits); n != 6 {
		t.Fatalf("%d of 6 invitations know their traits", n)
	}
	for _, id := range u.invited()[:5] {
		u.must(u.answer(u.token(id), `{"answers":{"overall":4}}`))
	}
	if n, left := u.count(`SELECT COUNT(*) FROM survey_inbox`+traits), u.count(`SELECT COUNT(*) FROM survey_invitation`+traits); n != 5 || left != 1 {
		t.Fatalf("%d answers and %d invitations know their traits", n, left)
	}
	u.set("2027-04-06 10:00") // a late answer is among few: it brings none
	u.exec(`UPDATE survey_invitation SET expires_at = $1 WHERE state = 'sent'`, u.at("2027-04-07 10:00").UnixMilli())
	u.must(u.answer(u.token(u.invited()[5]), `{"answers":{"overall":4}}`))
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox` + traits); n != 5 {
		t.Fatalf("%d answers know their traits", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE trait_hour <> '' OR trait_wait <> '' OR trait_no_show <> ''`); n != 0 {
		t.Fatalf("%d final invitations know their traits", n)
	}
}

// rulesAsk: each trigger has its questionnaire and its own funnel, and who
// comes often is asked in short.
func rulesAsk(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-11-02 14:00")
	u.always()
	asked := func(rule, template string) int {
		return u.count(`SELECT COUNT(*) FROM survey_invitation WHERE rule = $1 AND template = $2`, rule, template)
	}
	for i := range 6 { // the fifth in thirty days is one too many for the long one
		u.finish(u.use("often", fmt.Sprintf("east-sewing-%d", i+1)))
	}
	if long, short := asked("use", "use-standard"), asked("use", "use-short"); long != 4 || short != 2 {
		t.Fatalf("%d long and %d short", long, short)
	}
	u.pass(32 * 24 * time.Hour)
	u.finish(u.use("often", "east-sewing-1"))
	if n := asked("use", "use-standard"); n != 5 {
		t.Fatalf("after a month of rest %d long", n)
	}
	gone, course := u.use("gone", "east-sewing-1"), u.use("learner", "east-sewing-1")
	course.EquipmentID, course.Category = "", ""
	for _, id := range []string{"gone", "learner"} {
		u.person(id)
	}
	for range 2 {
		u.must(u.s.NotUsed(ctx, gone))
		u.must(u.s.Trained(ctx, course))
	}
	if a, b := asked("not-used", "not-used"), asked("training", "training"); a != 1 || b != 1 {
		t.Fatalf("%d asked about what came to nothing, %d about a course", a, b)
	}
	before := u.results(survey.ResultsQuery{}).Funnel
	u.send()
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE rule = 'not-used' AND state = 'sent'`); n != 0 {
		t.Fatal("who could not use a machine is asked on the same day")
	}
	u.pass(24 * time.Hour)
	u.send()
	tokens := map[string]string{}
	for _, id := range u.invited() {
		m, err := u.s.Invitation(ctx, id)
		u.must(err)
		tokens[m.Account] = u.token(id)
	}
	u.must(u.answer(tokens["gone"], `{"answers":{"reason":"forgot"}}`))
	u.must(u.answer(tokens["learner"], `{"answers":{"overall":5}}`))
	after := u.results(survey.ResultsQuery{}).Funnel
	if after.Eligible != before.Eligible || after.Answered != 0 || after.Invited != before.Invited+1 {
		t.Fatalf("other rules are in the funnel of uses: %+v, then %+v", before, after)
	}
	for _, rule := range []string{"not-used", "training"} {
		if n := u.count(`SELECT SUM(n) FROM survey_counter WHERE rule = $1 AND step IN ('eligible', 'invited', 'answered')`, rule); n != 3 {
			t.Errorf("the funnel of %s has %d of 3 steps", rule, n)
		}
	}
	// A booking that came to nothing may be told again as used after a correction: that is another question.
	u.finish(gone)
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE account_id = 'gone'`); n != 2 {
		t.Errorf("%d invitations", n)
	}
}

// whatIsRareFirst: a yearly question due with one about a use is the one that leaves.
func whatIsRareFirst(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-12-01 08:00")
	for i := range 5 {
		who := fmt.Sprintf("p%d", i)
		u.booked(who, "east", 300-i)
		u.finish(u.use(who, "east-sewing-1"))
	}
	for range 2 {
		if n, err := u.s.AskYearly(ctx, u.at("2027-12-01 10:00")); n != 5 || err != nil {
			t.Fatal(n, err)
		}
	}
	u.set("2027-12-01 20:00")
	u.send()
	u.set("2027-12-02 10:00")
	u.send()
	if got := u.states(); got["sent"] != 5 || got["skipped:cap_person"] != 5 {
		t.Fatalf("%v", got)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE state = 'sent' AND rule = 'yearly' AND template = 'yearly'`); n != 5 {
		t.Fatalf("%d of 5 are asked about their year", n)
	}
	u.set("2028-12-04 10:00") // the service was away on that day
	if n, err := u.s.AskYearly(ctx, u.at("2028-12-01 10:00")); n != 0 || err != nil {
		t.Fatal("asked three days late", n, err)
	}
}

// yearlyAsked: who used a center in the last twelve months, at the one they
// used most, spread over the window of 1 December, once a year.
func yearlyAsked(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-12-01 10:00")
	const people = 250 // more than one page
	for i := range people {
		u.booked(fmt.Sprintf("p%03d", i), "east", 20)
	}
	u.booked("long-ago", "east", 400)
	u.booked("p000", "west", 30)
	u.booked("p000", "west", 40)
	u.crowd["p001"] = survey.Reach{Channel: "email", OptOut: true}
	u.crowd["p002"] = survey.Reach{Channel: "email", Staff: true}
	for range 2 {
		if n, err := u.s.AskYearly(ctx, u.at("2027-12-01 10:00")); n != people || err != nil {
			t.Fatal(n, err)
		}
	}
	if got := u.states(); got["queued"] != people-2 || got["skipped:opt_out"] != 1 || got["skipped:staff_or_test"] != 1 {
		t.Fatalf("%v", got)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE account_id = 'p000' AND center_id = 'west'`); n != 1 {
		t.Error("not asked about the center used most")
	}
	first, last := u.at("2027-12-01 10:00").UnixMilli(), u.at("2027-12-01 20:00").UnixMilli()
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE due_at >= $1 AND due_at < $2`, first, last); n != people {
		t.Errorf("%d of %d are due in the window", n, people)
	}
	if n := u.count(`SELECT COUNT(DISTINCT due_at) FROM survey_invitation`); n < people/3 {
		t.Errorf("%d moments for %d messages", n, people)
	}
	left := 0
	for h := 10; h < 20; h++ {
		u.set(fmt.Sprintf("2027-12-01 %d:59", h))
		n := u.send()
		if left += n; n < 5 {
			t.Errorf("%d left in the hour of %d", n, h)
		}
	}
	if left != people-2 {
		t.Errorf("%d of %d left", left, people-2)
	}
}

// booked is a use in the book, so many days ago.
func (u *afterUse) booked(who, center string, ago int) {
	u.person(who)
	u.exec(`INSERT INTO center (id, doc, ord) VALUES ($1, '{}', 0) ON CONFLICT DO NOTHING`, center)
	u.exec(`INSERT INTO equipment (id, center_id, quantity, doc, ord) VALUES ($1, $2, 1, '{}', 0) ON CONFLICT DO NOTHING`, center+"-x", center)
	start := u.now().AddDate(0, 0, -ago).UnixMilli()
	u.exec(`INSERT INTO booking (id, code, status, version, equipment_id, center_id, unit, starts_at, ends_at, busy_until,
		occupies, counted, account_id, made_by, origin, created_at, checked_in_at, details)
		VALUES ($1, $2, 'completed', 1, $3, $4, 1, $5, $6, $7, 0, 1, $8, $9, 'online', 0, $10, '{}')`,
		"b-"+randomText(), "c", center+"-x", center, start, start+1000, start+1000, who, who, start)
}

// shares: of a rule with a share the others are rows with a reason.
func shares(t *testing.T, u *afterUse) {
	u.deps.Shares = map[string]int{"use": 40}
	u.always()
	for i := range 100 {
		u.finish(u.use(fmt.Sprintf("p%d", i), "east-sewing-1"))
	}
	got := u.states()
	if n := got["skipped:sampled_out"]; n < 40 || n > 80 || got["queued"] != 100-n || len(got) != 2 {
		t.Fatalf("%v", got)
	}
	if f := u.results(survey.ResultsQuery{}).Funnel; f.Eligible != 100 || f.Skipped[survey.SkipSampled] != got["skipped:sampled_out"] {
		t.Fatalf("funnel %+v", f)
	}
}

// ownDelay: a category waits as long as the catalog says; the machine's next
// use of the same visit waits as long again.
func ownDelay(t *testing.T, u *afterUse) {
	u.finish(u.use("p", "east-ceramics-1")) // 2 March 14:00, a day's delay
	u.finish(u.use("q", "east-sewing-1"))
	u.set("2027-03-02 16:00")
	if n := u.send(); n != 1 || u.count(`SELECT COUNT(*) FROM survey_invitation WHERE state = 'sent' AND account_id = 'q'`) != 1 {
		t.Fatalf("%d left after two hours", n)
	}
	u.set("2027-03-03 13:59")
	if u.send() != 0 {
		t.Fatal("left before its own delay was over")
	}
	u.set("2027-03-03 14:00")
	if u.send() != 1 {
		t.Fatal("not sent after a day")
	}
}

// inMode publishes a version of the long questionnaire in another mode.
func (u *afterUse) inMode(version int, mode string) {
	u.t.Helper()
	u.exec(`INSERT INTO survey_template (key, version, body, hash, published_at)
		SELECT key, CAST($1 AS BIGINT), REPLACE(REPLACE(body, '"mode":"anonymous"', CAST($2 AS TEXT)), '"version":1,', CAST($3 AS TEXT)), hash, published_at
		FROM survey_template WHERE key = 'use-standard' AND version = 1`, version, `"mode":"`+mode+`"`, fmt.Sprintf(`"version":%d,`, version))
}

// linkedForAWhile: what a mode promises of a name is kept, shown to the person
// alone, and destroyed after ninety days or when they leave.
func linkedForAWhile(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	// The second version is confidential, the third lets the person choose.
	for i, mode := range []string{survey.Confidential, survey.Identified} {
		u.inMode(i+2, mode)
		tokens := u.askedAndSent(mode, "east-sewing-1", 6)
		for n, token := range tokens {
			u.must(u.answer(token, fmt.Sprintf(`{"answers":{"overall":%d},"identify":%v}`, 1+n%5, n == 0)))
		}
		u.flush()
	}
	mine := func(who string) []survey.LinkedAnswer {
		t.Helper()
		list, err := u.s.Linked(ctx, account.Actor{ID: who})
		u.must(err)
		return list
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_link WHERE mode = 'confidential'`); n != 6 {
		t.Errorf("%d of 6 confidential answers are linked", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_link WHERE mode = 'identified'`); n != 1 {
		t.Errorf("%d people chose to leave their name", n)
	}
	list := mine("confidential3")
	if len(list) != 1 || list[0].Answers["overall"] != 4 || list[0].Month != "2027-03" || list[0].Until.Format("2006-01-02 15:04") != "2027-05-31 00:00" {
		t.Fatalf("%+v", list)
	}
	if a, b := mine("identified0"), mine("identified1"); len(a) != 1 || len(b) != 0 {
		t.Errorf("chosen %d, not chosen %d", len(a), len(b))
	}
	if _, err := u.s.Linked(ctx, account.Actor{}); fault.Code(err) != "unauthenticated" {
		t.Error(err)
	}
	more := u.askedAndSent("late", "east-sewing-1", 5) // mixing gives new ids, and the links follow
	for _, token := range more {
		u.must(u.answer(token, `{"answers":{"overall":2}}`))
	}
	u.flush()
	if again := mine("confidential3"); len(again) != 1 || again[0].Answers["overall"] != 4 {
		t.Fatalf("after mixing %+v", again)
	}
	u.set("2027-05-30 23:59")
	u.must(u.s.Tidy(ctx))
	if len(mine("confidential3")) != 1 {
		t.Error("the link ended early")
	}
	u.set("2027-05-31 00:00")
	u.must(u.s.Tidy(ctx))
	if n := u.count(`SELECT COUNT(*) FROM survey_link`); n != 0 {
		t.Errorf("%d links outlive their day", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_response`); n != 17 {
		t.Errorf("%d of 17 responses are left", n)
	}
}
