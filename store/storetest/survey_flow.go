package storetest

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"gongbang/internal/fault"
	"gongbang/store"
	"gongbang/survey"
)

func fifteenUses(t *testing.T, u *afterUse) {
	u.always()
	scores := []int{5, 5, 4, 4, 4, 3, 2, 5, 4, 4, 3, 5, 4, 2, 5}
	for i := range scores {
		v := u.use(fmt.Sprintf("p%d", i), "east-sewing-1")
		v.DeskContact = i > 0
		u.finish(v)
	}
	if n := u.send(); n != 15 {
		t.Fatalf("%d left", n)
	}
	if n := u.send(); n != 0 {
		t.Fatalf("%d left again", n)
	}
	q := survey.ResultsQuery{Center: "east", From: u.month(), To: u.month()}
	if r := u.results(q); r.Total.N == nil || *r.Total.N != 0 || r.Total.Suppressed {
		t.Fatalf("nobody answered: %+v", r.Total)
	}
	seen := []int{0}
	for i, id := range u.invited() {
		u.must(u.s.Delivered(context.Background(), id))
		u.must(u.answer(u.token(id), fmt.Sprintf(`{"answers":{"overall":%d,"equip":"NA"}}`, scores[i])))
		u.flush()
		r := u.results(q)
		n := 0
		if r.Total.N != nil {
			n = *r.Total.N
		}
		if (n == 0) != r.Total.Suppressed || len(r.Groups) != 0 || !r.Total.Provisional {
			t.Fatalf("after %d answers: %+v", i+1, r.Total)
		}
		if by := n - seen[len(seen)-1]; by != 0 && by < 5 {
			t.Fatalf("the open month moved by %d", by)
		}
		seen = append(seen, n)
	}
	r := u.results(q)
	o := r.Total.Questions["overall"]
	if *r.Total.N != 15 || o.N != 15 || o.Counts != [5]int{0, 2, 2, 6, 5} || len(r.Total.Questions) != 1 {
		t.Fatalf("total %+v %+v", r.Total, o)
	}
	want := survey.Steps{Eligible: 15, Invited: 15, Delivered: 15, Answered: 15, Partial: 15}
	desk := survey.Steps{Eligible: 14, Invited: 14, Delivered: 14, Answered: 14}
	if r.Funnel.Steps != want || r.Funnel.DeskContact != desk || *r.Funnel.RR2 != 100 || *r.Funnel.RR1 != 0 || *r.Funnel.Coverage != 100 {
		t.Fatalf("funnel %+v", r.Funnel)
	}
	if one := u.results(survey.ResultsQuery{Equipment: "east-sewing-1"}); !one.Total.Suppressed || one.Total.N != nil || len(one.Total.Questions) != 0 {
		t.Fatalf("a machine of an open month is shown: %+v", one.Total)
	}
}

func toldTwice(t *testing.T, u *afterUse) {
	v := u.use("p", "east-sewing-1")
	u.person("p")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := u.s.Completed(context.Background(), v); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation`); n != 1 {
		t.Fatalf("%d invitations", n)
	}
	if f := u.results(survey.ResultsQuery{}).Funnel; f.Eligible != 1 || f.Invited != 0 {
		t.Fatalf("funnel %+v", f)
	}
}

func episodes(t *testing.T, u *afterUse) {
	u.finish(u.use("p", "east-sewing-1")) // 13:00–14:00
	u.set("2027-03-02 15:30")
	u.finish(u.use("p", "east-sewing-1")) // 14:30–15:30: 30 minutes later
	if n := u.count(`SELECT COUNT(*) FROM survey_visit`); n != 1 {
		t.Fatalf("%d visits", n)
	}
	u.set("2027-03-02 16:00")
	if u.send() != 0 {
		t.Fatal("sent two hours after the visit's first end")
	}
	u.set("2027-03-02 17:31")
	late := u.use("p", "east-sewing-1") // 16:31–17:31: 61 minutes later
	if u.send() != 1 {
		t.Fatal("not sent two hours after the visit's last end")
	}
	u.finish(late)
	if got := u.states(); got["sent"] != 1 || got["skipped:cap_person"] != 1 {
		t.Fatalf("%v", got)
	}
	u.finish(u.use("q", "east-sewing-1"))
	other := u.use("q", "east-sewing-2") // another machine is another visit
	u.finish(other)
	if got := u.states(); got["queued"] != 2 {
		t.Fatalf("%v", got)
	}
}

// episodesAtOnce needs the person's row lock: two tellings at once would each
// open a visit and ask twice about one.
func episodesAtOnce(t *testing.T, u *afterUse) {
	const people, uses = 10, 4
	start := make(chan struct{})
	var all sync.WaitGroup
	for p := range people {
		u.person(fmt.Sprintf("p%d", p))
		for i := range uses {
			v := u.use(fmt.Sprintf("p%d", p), "east-sewing-1")
			v.Start, v.End = v.Start.Add(time.Duration(i)*time.Minute), v.End.Add(time.Duration(i)*time.Minute)
			all.Go(func() {
				<-start
				if err := u.s.Completed(context.Background(), v); err != nil {
					t.Error(err)
				}
			})
		}
	}
	close(start)
	all.Wait()
	if n := u.count(`SELECT COUNT(*) FROM survey_visit`); n != people || u.states()["queued"] != people {
		t.Fatalf("%d visits of %d people, %v", n, people, u.states())
	}
}

func skipReasons(t *testing.T, u *afterUse) {
	u.crowd["no"] = survey.Reach{Channel: "email", OptOut: true}
	u.crowd["mute"] = survey.Reach{}
	u.crowd["works"] = survey.Reach{Channel: "email", Staff: true}
	u.crowd["child"] = survey.Reach{Channel: "sms", BirthYear: 2016}
	for _, p := range []string{"no", "mute", "works", "child", "", "fine"} {
		u.finish(u.use(p, "east-sewing-1"))
	}
	rehearsal := u.use("r", "east-sewing-1")
	rehearsal.Test = true
	u.finish(rehearsal)
	old := u.use("old", "east-sewing-1")
	old.Start, old.End = old.Start.AddDate(0, 0, -9), old.End.AddDate(0, 0, -9)
	u.finish(old)
	want := map[string]int{"queued": 2, "skipped:opt_out": 1, "skipped:no_channel": 2, "skipped:staff_or_test": 2, "skipped:under14": 1}
	if got := u.states(); !reflect.DeepEqual(got, want) {
		t.Fatalf("%v", got)
	}
	u.set("2027-03-02 16:00")
	u.send()
	f := u.results(survey.ResultsQuery{From: "2027-02", To: "2027-03"}).Funnel
	if f.Eligible != 5 || f.Invited != 1 || *f.Coverage != 20 {
		t.Fatalf("funnel %+v", f)
	}
	for why, n := range map[survey.Skip]int{survey.SkipOptOut: 1, survey.SkipNoChannel: 2, survey.SkipStaff: 2,
		survey.SkipUnder14: 1, survey.SkipUnsent: 1, survey.SkipPerson: 0} {
		if got, ok := f.Skipped[why]; !ok || got != n {
			t.Errorf("%s: %d, want %d", why, got, n)
		}
	}
	if len(f.Skipped) != len(survey.Skips) {
		t.Errorf("reasons %v", f.Skipped)
	}
}

func drainsAtOnce(t *testing.T, u *afterUse) {
	const people = 25
	for i := range people {
		p := fmt.Sprintf("p%d", i)
		u.finish(u.use(p, "east-sewing-1"))
		u.finish(u.use(p, "east-cutting-1"))
		u.finish(u.use(p, "west-cutting-1"))
	}
	u.set("2027-03-02 16:00")
	for range 5 {
		// As if every lease had run out: only the person's row stands between the drains then.
		u.exec(`UPDATE survey_invitation SET lease_until = 0 WHERE state = 'queued'`)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := u.s.SendDue(context.Background()); err != nil && fault.Code(err) != "stale" {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	u.pass(3 * time.Minute)
	u.send()
	if got := u.states(); got["sent"] != people || got["skipped:cap_person"] != 2*people || len(got) != 2 {
		t.Fatalf("%v", got)
	}
	if n := u.count(`SELECT COUNT(*) FROM outbox WHERE kind = 'survey.invitation'`); n != people {
		t.Fatalf("%d messages", n)
	}
	if f := u.results(survey.ResultsQuery{}).Funnel; f.Eligible != 3*people || f.Invited != people || f.Skipped[survey.SkipPerson] != 2*people {
		t.Fatalf("funnel %+v", f)
	}
}

func fewestAnswers(t *testing.T, u *afterUse) {
	tokens := u.askedAndSent("a", "east-sewing-1", 2)
	for _, tok := range tokens {
		u.must(u.answer(tok, `{"answers":{"overall":4}}`))
	}
	for i := range 10 { // whatever the tie-break says
		p := fmt.Sprintf("p%d", i)
		u.finish(u.use(p, "east-sewing-1"))
		u.finish(u.use(p, "east-cutting-1"))
	}
	u.pass(2 * time.Hour)
	u.send()
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE state = 'sent' AND equipment_id = 'east-cutting-1'`); n != 10 {
		t.Fatalf("%d of 10 are asked about the machine with fewer answers", n)
	}
}

func remindedAndExpired(t *testing.T, u *afterUse) {
	ctx := context.Background()
	tokens := u.askedAndSent("p", "east-sewing-1", 3) // sent 2 March 16:00
	u.must(u.answer(tokens[0], `{"answers":{"overall":4}}`))
	u.set("2027-03-05 09:59")
	remind := func() int {
		n, err := u.s.RemindDue(ctx)
		u.must(err)
		return n
	}
	if remind() != 0 {
		t.Fatal("reminded before D+3 10:00")
	}
	u.crowd["p2"] = survey.Reach{Channel: "email", OptOut: true}
	u.set("2027-03-05 10:00")
	if n := remind(); n != 1 || remind() != 0 {
		t.Fatalf("%d reminders", n)
	}
	if got := u.texts(`SELECT key FROM outbox WHERE kind = 'survey.reminder'`, 1); len(got) != 1 {
		t.Fatalf("%v", got)
	}
	for _, id := range u.invited() {
		if m, err := u.s.Invitation(ctx, id); err != nil || m.Send != (m.Account == "p1") {
			t.Fatalf("message of %s: %+v %v", m.Account, m.Send, err)
		}
	}
	u.set("2027-03-16 23:59")
	if _, err := u.s.Open(ctx, tokens[1]); err != nil {
		t.Fatal(err)
	}
	u.set("2027-03-17 00:00")
	_, err := u.s.Open(ctx, tokens[1])
	u.refused(err, "survey_expired")
	u.refused(u.answer(tokens[1], `{"answers":{"overall":1}}`), "survey_expired")
	n, err := u.s.ExpireDue(ctx)
	u.must(err)
	if got := u.states(); n != 2 || got["expired"] != 2 || got["answered"] != 1 {
		t.Fatalf("%d expired, %v", n, got)
	}
	_, err = u.s.Open(ctx, tokens[1])
	u.refused(err, "survey_expired")
	_, err = u.s.Open(ctx, tokens[0])
	u.refused(err, "already_answered")
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE visit_id IS NOT NULL OR center_id <> '' OR equipment_id <> '' OR used_until IS NOT NULL`); n != 0 {
		t.Fatalf("%d final invitations say what they were about", n)
	}
}

func lateDrains(t *testing.T, u *afterUse) {
	u.finish(u.use("a", "east-sewing-1"))
	u.crowd["s"] = survey.Reach{Channel: "sms"}
	u.set("2027-03-05 13:00") // Friday
	u.finish(u.use("s", "east-sewing-1"))
	u.set("2027-03-05 20:00")
	if u.send() != 0 {
		t.Fatal("sent at 20:00")
	}
	u.set("2027-03-06 10:00") // Saturday: mail yes, SMS no
	if u.send() != 1 {
		t.Fatal("not sent on Saturday at 10:00")
	}
	u.set("2027-03-08 10:00")
	if u.send() != 1 {
		t.Fatal("no SMS on Monday at 10:00")
	}
	u.finish(u.use("b", "east-sewing-1"))
	u.set("2027-03-15 10:01")
	if u.send() != 0 || u.states()["skipped:expired_unsent"] != 1 {
		t.Fatalf("%v", u.states())
	}
}

func tidied(t *testing.T, u *afterUse) {
	ctx := context.Background()
	tokens := u.askedAndSent("p", "east-sewing-1", 2)
	u.must(u.answer(tokens[0], `{"answers":{"overall":4}}`))
	u.set("2027-03-17 00:00")
	if _, err := u.s.ExpireDue(ctx); err != nil {
		t.Fatal(err)
	}
	u.must(u.s.Tidy(ctx))
	if n := u.count(`SELECT COUNT(*) FROM survey_visit`); n != 0 {
		t.Fatalf("%d visits are kept", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE category = 'sewing'`); n != 2 {
		t.Fatal("the cap by category lost its ground too early")
	}
	u.set("2027-04-01 16:01")
	u.must(u.s.Tidy(ctx))
	u.must(u.s.Tidy(ctx))
	day := u.at("2027-03-02 00:00").UnixMilli()
	if n := u.count(`SELECT COUNT(*) FROM survey_invitation WHERE category = '' AND sent_at = $1`, day); n != 2 {
		t.Fatalf("%d of 2 invitations keep their day alone", n)
	}
}

func templatesStay(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.must(u.s.Load(ctx))
	for _, query := range []string{`UPDATE survey_template SET body = '{}' WHERE version > 0`, `DELETE FROM survey_template WHERE version > 0`} {
		if _, err := store.Do(ctx, u.db, func(ctx context.Context, tx *store.Tx) (int64, error) { return tx.Exec(ctx, query) }); err == nil {
			t.Errorf("%s is let through", query)
		}
	}
}
