package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
	"gongbang/survey"
)

// wish answers a survey with a wish for a reply and gives the case's id.
func (u *afterUse) wish(token, comment string) string {
	u.t.Helper()
	before := map[string]bool{}
	for _, r := range u.texts(`SELECT id FROM survey_case`, 1) {
		before[r[0]] = true
	}
	u.must(u.answer(token, `{"answers":{"overall":1,"comment":"`+comment+`"},"contact":{"consent":true}}`))
	for _, r := range u.texts(`SELECT id FROM survey_case`, 1) {
		if !before[r[0]] {
			return r[0]
		}
	}
	u.t.Fatal("no case")
	return ""
}

func staffAt(center string) account.Actor {
	return account.Actor{ID: "staff-" + center, Grants: []account.Grant{{Role: account.Staff, Center: center}}}
}

func to(s survey.CaseState) *survey.CaseState { return &s }

func caseWorked(t *testing.T, u *afterUse) {
	ctx, staff := context.Background(), staffAt("east")
	u.always()
	id := u.wish(u.askedAndSent("p", "east-sewing-1", 1)[0], "바늘이 부러졌습니다")
	me, reply := "staff-east", "바늘을 바꾸었습니다."
	v, err := u.s.ChangeCase(ctx, staff, id, survey.CaseChange{Version: 1, State: to(survey.CaseAcknowledged), Assignee: &me})
	u.must(err)
	if v.State != survey.CaseAcknowledged || v.Worker != "직원" || v.Version != 2 || v.Comment != "바늘이 부러졌습니다" {
		t.Fatalf("%+v", v)
	}
	stranger := "staff-west"
	_, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{Assignee: &stranger})
	u.refused(err, "validation")
	_, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{Version: 1, State: to(survey.CaseActed)})
	u.refused(err, "stale")
	_, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{State: to(survey.CaseReceived)})
	u.refused(err, "state_conflict")
	_, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{State: to(survey.CaseAnswered)})
	u.refused(err, "validation") // an answer has words
	v, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{Version: 2, Reply: &reply})
	u.must(err)
	if v.State != survey.CaseAnswered || v.ClosedAt.IsZero() || v.ClosedBy != "staff-east" {
		t.Fatalf("%+v", v)
	}
	_, err = u.s.ChangeCase(ctx, staff, id, survey.CaseChange{Reply: &reply})
	u.refused(err, "state_conflict")
	if n := u.count(`SELECT COUNT(*) FROM outbox WHERE kind = 'case.reply' AND subject = $1`, id); n != 1 {
		t.Fatalf("%d messages", n)
	}
	m, err := u.s.CaseMessage(ctx, id)
	if u.must(err); m.Account != "p0" || m.Reply != reply || m.Open {
		t.Fatalf("%+v", m)
	}
	mine, err := u.s.MyCases(ctx, account.Actor{ID: "p0"})
	if u.must(err); len(mine) != 1 || mine[0].Reply != reply || mine[0].Worker != "" || mine[0].ClosedBy != "" {
		t.Fatalf("%+v", mine)
	}
	if other, err := u.s.MyCases(ctx, account.Actor{ID: "p1"}); err != nil || len(other) != 0 {
		t.Fatalf("%v %v", other, err)
	}
	// Words of nobody are in the audit.
	for _, r := range u.texts(`SELECT detail FROM audit WHERE subject = $1`, 1, id) {
		if strings.Contains(r[0], "바늘") || strings.Contains(r[0], "p0") {
			t.Errorf("audit: %s", r[0])
		}
	}
}

func casePermissions(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 3)
	first, second := u.wish(tokens[0], "하나"), u.wish(tokens[1], "둘")
	west := u.wish(u.askedAndSent("w", "west-sewing-1", 1)[0], "셋")
	_, err := u.s.Case(ctx, staffAt("west"), first)
	u.refused(err, "not_found")
	_, err = u.s.Case(ctx, account.Actor{ID: "p0"}, first)
	u.refused(err, "forbidden")
	_, err = u.s.Cases(ctx, account.Actor{}, survey.CaseList{})
	u.refused(err, "unauthenticated")
	_, err = u.s.Cases(ctx, staffAt("west"), survey.CaseList{Center: "east"})
	u.refused(err, "forbidden")
	list := func(actor account.Actor, l survey.CaseList) (ids []string) {
		p, err := u.s.Cases(ctx, actor, l)
		u.must(err)
		for _, c := range p.Items {
			if c.Person != nil {
				t.Error("a list shows a contact")
			}
			ids = append(ids, c.ID)
		}
		if p.Next != "" {
			l.Cursor = p.Next
			return append(ids, u.caseIDs(actor, l)...)
		}
		return ids
	}
	if got := list(staffAt("east"), survey.CaseList{Limit: 1}); len(got) != 2 {
		t.Errorf("east by one: %v", got)
	}
	if got := list(staffAt("west"), survey.CaseList{State: survey.CaseOpen, Limit: 9}); len(got) != 1 || got[0] != west {
		t.Errorf("west: %v", got)
	}
	if got := list(actorOf(account.Admin, ""), survey.CaseList{State: survey.CaseReceived, Limit: 9}); len(got) != 3 {
		t.Errorf("all: %v", got)
	}
	v, err := u.s.Case(ctx, staffAt("east"), second)
	if u.must(err); v.Person == nil || v.Person.Name.Reveal() != "시민 p1" {
		t.Fatalf("%+v", v)
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'case.look' AND subject = $1 AND actor = 'staff-east'`, second); n != 1 {
		t.Fatalf("a look at a contact left %d lines", n)
	}
	// What is kept of the person is told when they leave: nothing.
	u.exec(`UPDATE survey_case SET account_id = '' WHERE id = $1`, first)
	_, err = u.s.Case(ctx, staffAt("east"), first)
	u.refused(err, "not_found")
}

func (u *afterUse) caseIDs(actor account.Actor, l survey.CaseList) (ids []string) {
	p, err := u.s.Cases(context.Background(), actor, l)
	u.must(err)
	for _, c := range p.Items {
		ids = append(ids, c.ID)
	}
	return ids
}

func caseIsDue(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-02-25 14:00") // Thursday; the Monday after is a holiday
	u.always()
	id := u.wish(u.askedAndSent("p", "east-sewing-1", 1)[0], "덥습니다")
	c, err := u.s.CaseCounts(ctx, staffAt("east"), "")
	if u.must(err); c != (survey.CaseCount{Open: 1}) {
		t.Fatalf("%+v", c)
	}
	u.set("2027-03-03 09:59") // Friday, Tuesday, Wednesday
	if n, err := u.s.RemindCases(ctx); n != 0 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	u.set("2027-03-03 10:00")
	for _, want := range []int{1, 0} {
		if n, err := u.s.RemindCases(ctx); n != want || err != nil {
			t.Fatalf("%d of %d, %v", n, want, err)
		}
	}
	if n := u.count(`SELECT COUNT(*) FROM outbox WHERE kind = 'case.due' AND subject = $1`, id); n != 1 {
		t.Fatalf("%d reminders", n)
	}
	if c, err = u.s.CaseCounts(ctx, staffAt("east"), "east"); err != nil || c != (survey.CaseCount{Open: 1, Overdue: 1}) {
		t.Fatalf("%+v %v", c, err)
	}
	if c, err = u.s.CaseCounts(ctx, staffAt("west"), ""); err != nil || c.Open != 0 {
		t.Fatalf("%+v %v", c, err)
	}
	u.set("2027-03-03 10:01")
	second := u.wish(u.askedAndSent("q", "east-sewing-1", 1)[0], "춥습니다")
	for _, id := range []string{id, second} {
		reply := "난방을 고쳤습니다."
		_, err := u.s.ChangeCase(ctx, staffAt("east"), id, survey.CaseChange{Reply: &reply})
		u.must(err)
	}
	for _, at := range []struct {
		center, from, to string
		want             survey.CaseOutcome
	}{
		{"east", "2027-02-25", "2027-03-03", survey.CaseOutcome{Came: 2, Answered: 2, InTime: 1}},
		{"east", "2027-02-26", "2027-03-03", survey.CaseOutcome{Came: 1, Answered: 1, InTime: 1}},
		{"east", "2027-02-01", "2027-03-02", survey.CaseOutcome{Came: 1, Answered: 1}},
		{"west", "2027-02-25", "2027-03-03", survey.CaseOutcome{}},
	} {
		got, err := u.s.CaseOutcome(ctx, staffAt(at.center), at.center, at.from, at.to)
		if err != nil || got != at.want {
			t.Errorf("%s, %s to %s: %+v, want %+v; %v", at.center, at.from, at.to, got, at.want, err)
		}
	}
	_, err = u.s.CaseOutcome(ctx, staffAt("west"), "east", "2027-02-25", "2027-03-03")
	u.refused(err, "forbidden")
}

// monthTold: the mail about a month leaves once, however often its job runs.
func monthTold(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-03-06 09:30")
	for _, c := range []struct {
		due  string
		want bool
	}{{"2027-03-06 09:30", true}, {"2027-03-06 09:30", false}, {"2027-03-31 23:59", false}, {"2027-04-01 00:00", true}} {
		if got, err := u.s.TellMonth(ctx, u.at(c.due)); err != nil || got != c.want {
			t.Errorf("%s: %v %v", c.due, got, err)
		}
	}
	if got := u.texts(`SELECT key FROM outbox WHERE kind = 'manager.monthly' ORDER BY key`, 1); fmt.Sprint(got) != "[[manager.monthly:2027-02] [manager.monthly:2027-03]]" {
		t.Errorf("%v", got)
	}
}

func boards(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	id := u.wish(u.askedAndSent("p", "east-sewing-1", 1)[0], "어둡습니다")
	note := survey.NewNote{Center: "east", Case: id, Text: lang.Text{Ko: "전등을 바꾸었습니다. 문의 010-1234-5678", En: "New lamps."}}
	for who, code := range map[string]account.Actor{"unauthenticated": {}, "forbidden": staffAt("east")} {
		_, err := u.s.PublishNote(ctx, code, note)
		u.refused(err, who)
	}
	_, err := u.s.PublishNote(ctx, actorOf(account.Manager, "west"), note)
	u.refused(err, "forbidden")
	bad := note
	bad.Text.Ko = " "
	_, err = u.s.PublishNote(ctx, u.manager(), bad)
	u.refused(err, "validation")
	first, err := u.s.PublishNote(ctx, u.manager(), note)
	u.must(err)
	u.pass(time.Hour)
	free := note
	free.Case, free.Text = "", lang.Text{Ko: "문 여는 시간을 늘렸습니다."}
	second, err := u.s.PublishNote(ctx, u.manager(), free)
	u.must(err)
	list := func(a account.Actor) []survey.Note {
		l, err := u.s.Notes(ctx, a, "east")
		u.must(err)
		return l
	}
	all := list(account.Actor{})
	if len(all) != 2 || all[0].ID != second.ID || all[1].Text.Ko != "전등을 바꾸었습니다. 문의 [전화]" || all[1].Text.En != "New lamps." {
		t.Fatalf("%+v", all)
	}
	for _, n := range all {
		if n.Case != "" || n.By != "" {
			t.Errorf("everybody sees who: %+v", n)
		}
	}
	if own := list(staffAt("east")); own[1].Case != id {
		t.Errorf("staff do not find the case: %+v", own)
	}
	_, err = u.s.WithdrawNote(ctx, actorOf(account.Manager, "west"), first.ID)
	u.refused(err, "forbidden")
	for range 2 {
		_, err = u.s.WithdrawNote(ctx, u.manager(), first.ID)
		u.must(err)
	}
	if l := list(account.Actor{}); len(l) != 1 || l[0].ID != second.ID {
		t.Errorf("after withdrawing: %+v", l)
	}
	if n := u.count(`SELECT COUNT(*) FROM audit WHERE action = 'note.withdraw'`); n != 1 {
		t.Errorf("%d lines of one withdrawal", n)
	}
	_, err = u.s.Notes(ctx, account.Actor{}, "nowhere")
	u.refused(err, "not_found")
}

func dangerSettled(t *testing.T, u *afterUse) {
	ctx, staff := context.Background(), staffAt("east")
	u.always()
	u.must(u.answer(u.askedAndSent("p", "east-sewing-1", 1)[0], `{"answers":{"overall":3},"safety":{"text":"덮개가 없습니다"}}`))
	_, err := u.s.Tickets(ctx, staffAt("west"), "east")
	u.refused(err, "forbidden")
	list, err := u.s.Tickets(ctx, staff, "east")
	if u.must(err); len(list) != 1 || list[0].State != survey.TicketOpen || list[0].Equipment != "east-sewing-1" || list[0].Text != "덮개가 없습니다" {
		t.Fatalf("%+v", list)
	}
	id := list[0].ID
	u.must(u.s.TicketOutage(ctx, id, "o1"))
	_, err = u.s.SettleTicket(ctx, staff, "east", id, survey.TicketSafe, " ")
	u.refused(err, "validation")
	_, err = u.s.SettleTicket(ctx, staffAt("west"), "west", id, survey.TicketSafe, "덮개를 닫음")
	u.refused(err, "not_found")
	_, err = u.s.SettleTicket(ctx, staff, "east", id, survey.TicketOpen, "")
	u.refused(err, "validation")
	v, err := u.s.SettleTicket(ctx, staff, "east", id, survey.TicketSafe, "덮개를 닫음")
	if u.must(err); v.Outage != "o1" || v.State != survey.TicketSafe {
		t.Fatalf("%+v", v)
	}
	_, err = u.s.SettleTicket(ctx, staff, "east", id, survey.TicketFault, "")
	u.refused(err, "state_conflict")
	if list, err = u.s.Tickets(ctx, staff, "east"); err != nil || len(list) != 0 {
		t.Fatalf("%+v %v", list, err)
	}
}
