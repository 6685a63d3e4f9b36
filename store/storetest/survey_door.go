package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/survey"
)

var (
	anybody = account.Actor{}
	ofEast  = actorOf(account.Staff, "east")
	byCode  = survey.Door{Entry: survey.ByQR, Equipment: "east-sewing-1"}
	atEast  = survey.Door{Entry: survey.ByCounter, Center: "east"}
)

func rating(n int) survey.Submission {
	return survey.Submission{Answers: map[string]any{"overall": n}}
}

// atDoors: answers without invitation are counted for themselves, and neither
// the score nor the funnel knows of them.
func atDoors(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	for _, token := range u.askedAndSent("p", "east-sewing-1", 5) {
		u.must(u.answer(token, `{"answers":{"overall":5}}`))
	}
	for range 5 {
		u.must(u.s.AnswerAt(ctx, anybody, byCode, rating(1)))
	}
	for range 4 {
		u.must(u.s.AnswerAt(ctx, ofEast, atEast, rating(3)))
	}
	if n := u.flush(); n != 10 {
		t.Fatalf("%d moved; the four of the counter have no company", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox WHERE entry = 'counter'`); n != 4 {
		t.Fatalf("%d of the counter wait", n)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_center WHERE due_at IS NOT NULL`); n != 1 {
		t.Fatal("what still waits is not due")
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_response WHERE entry = 'qr' AND template = 'use-short'`); n != 5 {
		t.Fatalf("%d by the code", n)
	}
	u.pass(26 * time.Hour)
	if n := u.flush(); n != 4 {
		t.Fatalf("%d moved after a day", n)
	}
	r := u.results(survey.ResultsQuery{})
	if *r.Total.N != 5 || *r.Total.Questions["overall"].S100 != 100 || r.Funnel.Answered != 5 || r.Funnel.Invited != 5 {
		t.Fatalf("the score or the funnel knows of a door: %+v %+v", r.Total, r.Funnel)
	}
	if open := u.results(survey.ResultsQuery{Template: "use-short@qr"}); open.Total.N != nil && *open.Total.N > 0 {
		t.Fatalf("an open month shows %+v", open.Total)
	}
	march := u.month()
	u.set("2027-04-05 03:00")
	if n, err := u.s.CloseMonth(ctx); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	q := survey.ResultsQuery{From: march, To: march, Template: "use-short@qr"}
	if r := u.results(q); r.Total.N == nil || *r.Total.N != 5 || *r.Total.Questions["overall"].S100 != 0 {
		t.Fatalf("by the code %+v", r.Total)
	}
	q.Template = "use-short@counter"
	if r := u.results(q); !r.Total.Suppressed || r.Total.N != nil {
		t.Fatalf("four of the counter are shown: %+v", r.Total)
	}
	q.Template = ""
	if r := u.results(q); *r.Total.N != 5 || *r.Total.Questions["overall"].S100 != 100 {
		t.Fatalf("the score of the closed month: %+v", r.Total)
	}
}

// doorMachines: a response keeps its machine only where five people were asked
// about it, and nothing of who answered.
func doorMachines(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	for range 8 {
		u.must(u.s.AnswerAt(ctx, anybody, byCode, rating(2)))
	}
	u.flush()
	if n := u.count(`SELECT COUNT(*) FROM survey_response WHERE category <> '' OR equipment_id <> ''`); n != 0 {
		t.Fatalf("%d responses name a machine nobody was asked about", n)
	}
	u.askedAndSent("p", "east-sewing-2", 6)
	second := byCode
	second.Equipment = "east-sewing-2"
	for range 16 {
		u.must(u.s.AnswerAt(ctx, anybody, second, rating(2)))
	}
	u.flush()
	named := u.count(`SELECT COUNT(*) FROM survey_response WHERE equipment_id = 'east-sewing-2'`)
	alone := u.count(`SELECT COUNT(*) FROM survey_response WHERE category = '' AND entry = 'qr'`)
	if named == 0 || alone < 5 {
		t.Fatalf("%d name their machine, %d nothing", named, alone)
	}
	u.refused(u.s.AnswerAt(ctx, anybody, second, rating(2)), "survey_enough") // six uses and ten more
	if n := u.count(`SELECT COUNT(*) FROM survey_link`) + u.count(`SELECT COUNT(*) FROM survey_answered`) + u.count(`SELECT COUNT(*) FROM audit WHERE action LIKE '%answer%'`); n != 0 {
		t.Errorf("%d traces of who answered", n)
	}
}

// doorRefusals: what a door takes, from whom, and how often.
func doorRefusals(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-03-02 14:00")
	for name, c := range map[string]struct {
		who  account.Actor
		door survey.Door
		code string
	}{
		"no machine":            {anybody, survey.Door{Entry: survey.ByQR, Center: "east"}, fault.ErrNotFound.Code},
		"an unknown machine":    {anybody, survey.Door{Entry: survey.ByQR, Equipment: "nothing"}, fault.ErrNotFound.Code},
		"no door":               {ofEast, survey.Door{Equipment: "east-sewing-1"}, fault.ErrNotFound.Code},
		"a machine elsewhere":   {ofEast, survey.Door{Entry: survey.ByCounter, Center: "east", Equipment: "west-sewing-1"}, fault.ErrNotFound.Code},
		"nobody at the counter": {anybody, atEast, fault.ErrSignIn.Code},
		"another center":        {actorOf(account.Staff, "west"), atEast, fault.ErrForbidden.Code},
	} {
		if _, err := u.s.OpenAt(ctx, c.who, c.door); fault.Code(err) != c.code {
			t.Errorf("%s opens with %v", name, err)
		}
		if err := u.s.AnswerAt(ctx, c.who, c.door, rating(3)); fault.Code(err) != c.code {
			t.Errorf("%s answers with %v", name, err)
		}
	}
	for field, sub := range map[string]survey.Submission{
		"answers.overall": {},
		"contact":         {Answers: rating(3).Answers, Contact: &survey.Contact{Consent: true}},
		"identify":        {Answers: rating(3).Answers, Identify: true},
		"safety":          {Answers: rating(3).Answers, Safety: &survey.Safety{Text: "덮개 없음"}},
	} {
		err := u.s.AnswerAt(ctx, ofEast, atEast, sub)
		if f, ok := fault.As(err); !ok || f.Code != "validation" || f.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_inbox`); n != 0 {
		t.Fatalf("%d refused answers wait", n)
	}
	for range 10 {
		u.must(u.s.AnswerAt(ctx, anybody, byCode, rating(1)))
	}
	u.refused(u.s.AnswerAt(ctx, anybody, byCode, rating(1)), "survey_enough")
	u.flush()
	u.refused(u.s.AnswerAt(ctx, anybody, byCode, rating(1)), "survey_enough")
	u.finish(u.use("p", "east-sewing-1"))
	u.must(u.s.AnswerAt(ctx, anybody, byCode, rating(1)))
	u.set("2027-04-01 10:00")
	u.must(u.s.AnswerAt(ctx, anybody, byCode, rating(1)))
	f, err := u.s.OpenAt(ctx, anybody, byCode)
	if err != nil || f.Template != "use-short" || f.Mode != survey.Anonymous || f.Use.Equipment.Ko != "east-sewing-1" || f.Use.Month != "2027-04" {
		t.Fatalf("%+v %v", f, err)
	}
}

// doorDanger: a report from a code says so, and stands apart from the answer.
func doorDanger(t *testing.T, u *afterUse) {
	sub := rating(1)
	sub.Safety = &survey.Safety{Text: "덮개 없음, kim@x.kr"}
	u.must(u.s.AnswerAt(context.Background(), anybody, byCode, sub))
	tickets := u.texts(`SELECT id, equipment_id, body FROM survey_ticket`, 3)
	if len(tickets) != 1 || tickets[0][1] != "east-sewing-1" || tickets[0][2] != "덮개 없음, [이메일]" {
		t.Fatalf("tickets %v", tickets)
	}
	events := u.texts(`SELECT subject, data FROM outbox WHERE kind = 'survey.safety'`, 2)
	if len(events) != 1 || events[0][0] != tickets[0][0] || !strings.Contains(events[0][1], `"entry":"qr"`) {
		t.Fatalf("events %v", events)
	}
	u.always()
	u.must(u.answer(u.askedAndSent("p", "east-sewing-1", 1)[0], `{"answers":{"overall":1},"safety":{"text":"덮개 없음"}}`))
	if n := u.count(`SELECT COUNT(*) FROM outbox WHERE kind = 'survey.safety' AND data LIKE '%"entry":""%'`); n != 1 {
		t.Fatal("that of an invitation does not stand apart")
	}
}
