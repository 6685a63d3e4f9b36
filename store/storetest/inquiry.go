package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
	"gongbang/store"
)

// askedAndAnswered: a question stands masked on the desk's list, is read in
// full by its person and staff alone, and is answered once, with one message.
func askedAndAnswered(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v, replayed, err := e.Ask(ctx, who, booking.AskRequest{EquipmentID: "laser", Text: " 아크릴 8mm도\r\n자를 수 있나요? "})
	if err != nil || replayed || v.CenterID != "c" || v.Text != "아크릴 8mm도\n자를 수 있나요?" || v.State != booking.InquiryWaiting || v.Person.Name != "시민1" {
		t.Fatal(v, replayed, explain(err))
	}
	list, err := e.Inquiries(ctx, e.Staff, booking.InquiryList{Center: "c", State: booking.InquiryWaiting, Limit: 10})
	if err != nil || len(list.Items) != 1 || list.Items[0].Text != "" || list.Items[0].Person.Name != "시*1" || !list.Items[0].Person.Masked || list.Items[0].Equipment.ID != "laser" {
		t.Fatalf("the desk's list %+v, %v", list, err)
	}
	away := account.Actor{ID: "staff-2", Grants: []account.Grant{{Role: account.Staff, Center: "elsewhere"}}}
	for _, stranger := range []account.Actor{other, away, {}} {
		_, err = e.Inquiry(ctx, stranger, v.ID)
		Refused(t, err, "not_found")
		_, err = e.AnswerInquiry(ctx, stranger, v.ID, "네")
		Refused(t, err, "not_found")
	}
	_, err = e.AnswerInquiry(ctx, who, v.ID, "네")
	Refused(t, err, "forbidden")
	_, err = e.CloseInquiry(ctx, who, v.ID)
	Refused(t, err, "forbidden")
	_, err = e.AnswerInquiry(ctx, e.Staff, v.ID, "  ")
	Refused(t, err, "validation")
	if full, err := e.Inquiry(ctx, e.Staff, v.ID); err != nil || full.Text != v.Text || full.Person.Name != "시민1" {
		t.Fatal(full, err)
	}
	e.Clock.Add(time.Hour)
	done, err := e.AnswerInquiry(ctx, e.Staff, v.ID, "네, 8mm까지 됩니다.")
	if err != nil || done.State != booking.InquiryAnswered || done.SettledAt == nil || !done.SettledAt.Equal(e.Clock.Now()) || done.SettledBy != e.Staff.ID {
		t.Fatal(done, explain(err))
	}
	_, err = e.AnswerInquiry(ctx, e.Staff, v.ID, "아니요")
	Refused(t, err, "state_conflict")
	_, err = e.CloseInquiry(ctx, e.Staff, v.ID)
	Refused(t, err, "state_conflict")
	mine, err := e.Inquiries(ctx, who, booking.InquiryList{Limit: 10})
	if err != nil || len(mine.Items) != 1 || mine.Items[0].Answer != "네, 8mm까지 됩니다." || mine.Items[0].Text != v.Text {
		t.Fatal(mine, err)
	}
	if n := e.count(t, `SELECT COUNT(*) FROM outbox WHERE kind = $1 AND subject = $2`, booking.CaseReply, v.ID); n != 1 {
		t.Errorf("%d messages", n)
	}
	for action, want := range map[string]int{"inquiry.ask": 1, "inquiry.look": 1, "inquiry.answer": 1} {
		if n := e.count(t, `SELECT COUNT(*) FROM audit WHERE action = $1 AND subject = $2`, action, v.ID); n != want {
			t.Errorf("%d lines of %s, want %d", n, action, want)
		}
	}
	if n := e.count(t, `SELECT COUNT(*) FROM audit WHERE detail LIKE $1`, "%8mm%"); n != 0 {
		t.Error("the audit holds what was written")
	}
}

// questionsAreFew: five in a day, however many come at once; wrong ones name their field.
func questionsAreFew(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	for field, req := range map[string]booking.AskRequest{
		"center required": {Text: "네"}, "center one_of": {CenterID: "nowhere", Text: "네"}, "equipment one_of": {EquipmentID: "nothing", Text: "네"},
		"text required": {CenterID: "c", Text: " \n"}, "text too_long": {CenterID: "c", Text: strings.Repeat("가", booking.InquiryMax+1)}, "text text": {CenterID: "c", Text: "a\x00b"},
	} {
		_, _, err := e.Ask(ctx, who, req)
		f := Refused(t, err, "validation")
		if got := f.Fields[0].Field + " " + f.Fields[0].Rule; got != field {
			t.Errorf("%s, want %s", got, field)
		}
	}
	key := &booking.Key{Caller: who.ID + " POST /inquiries", Value: "k", Body: "b"}
	first, _, err := e.Ask(ctx, who, booking.AskRequest{CenterID: "c", Text: "첫 질문", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	again, replayed, err := e.Ask(ctx, who, booking.AskRequest{CenterID: "c", Text: "첫 질문", Key: key})
	if err != nil || !replayed || again.ID != first.ID {
		t.Fatal(again, replayed, err)
	}
	_, _, err = e.Ask(ctx, who, booking.AskRequest{CenterID: "c", Text: "다른 질문", Key: &booking.Key{Caller: key.Caller, Value: "k", Body: "c"}})
	Refused(t, err, "idempotency_mismatch")
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			_, _, errs[i] = e.Ask(ctx, who, booking.AskRequest{CenterID: "c", Text: fmt.Sprint("질문 ", i)})
		})
	}
	wg.Wait()
	sent := 1
	for _, err := range errs {
		if err == nil {
			sent++
		} else if f := Refused(t, err, "rate_limited"); f.RetryAfter < 1 || f.RetryAfter > 24*60*60 {
			t.Errorf("again after %d s", f.RetryAfter)
		}
	}
	if n := e.count(t, `SELECT COUNT(*) FROM inquiry`); sent != 5 || n != 5 {
		t.Fatalf("%d sent, %d kept, want 5", sent, n)
	}
	if _, _, err := e.Ask(ctx, e.Citizen(t, 2), booking.AskRequest{CenterID: "c", Text: "다른 분"}); err != nil {
		t.Error("somebody else's day is full too:", err)
	}
	var ids []string
	for next := ""; ; {
		p, err := e.Inquiries(ctx, e.Staff, booking.InquiryList{Center: "c", Cursor: next, Limit: 4})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Items {
			ids = append(ids, v.ID)
		}
		if next = p.Next; next == "" {
			break
		}
	}
	if len(ids) != 6 || ids[0] != first.ID && !first.AskedAt.Equal(e.Clock.Now()) {
		t.Errorf("paging tells %v", ids)
	}
	e.Clock.Add(24 * time.Hour)
	if _, _, err := e.Ask(ctx, who, booking.AskRequest{CenterID: "c", Text: "이튿날"}); err != nil {
		t.Error("a day later:", err)
	}
	if n, err := e.DB.TidyInquiries(ctx, e.Clock.Now().Add(-time.Hour)); err != nil || n != 6 {
		t.Errorf("%d are destroyed, %v", n, err)
	}
	if _, err := e.Inquiry(ctx, who, first.ID); fault.Code(err) != "not_found" {
		t.Error(err)
	}
}

// settledOnce: of staff who answer and close at once one is taken.
func settledOnce(t *testing.T, e *Engine) {
	ctx := context.Background()
	v, _, err := e.Ask(ctx, e.Citizen(t, 1), booking.AskRequest{CenterID: "c", Text: "몇 시까지 여나요?"})
	if err != nil {
		t.Fatal(err)
	}
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			if i%2 == 0 {
				_, errs[i] = e.AnswerInquiry(ctx, e.Staff, v.ID, "18시까지입니다.")
				return
			}
			_, errs[i] = e.CloseInquiry(ctx, e.Staff, v.ID)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if c := fault.Code(err); c != "state_conflict" && c != "stale" {
			t.Error(explain(err))
		}
	}
	if n := e.count(t, `SELECT COUNT(*) FROM audit WHERE subject = $1 AND action <> 'inquiry.ask'`, v.ID); won != 1 || n != 1 {
		t.Errorf("%d won, %d lines", won, n)
	}
}

// count reads one number.
func (e *Engine) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	n, err := store.Read(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (int, error) {
		var n int
		err := tx.QueryRow(ctx, query, args...).Scan(&n)
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// toldOnceAnHour: of a burst of questions the staff get the first at once, and
// then one message for each hour of it.
func toldOnceAnHour(t *testing.T, e *Engine) {
	ctx := context.Background()
	begin := At(0, 10, 0)
	for i, minute := range []int{0, 3, 59, 60, 61, 130, 251, 252} {
		e.Clock.Set(begin.Add(time.Duration(minute) * time.Minute))
		if _, _, err := e.Ask(ctx, e.Citizen(t, i+1), booking.AskRequest{CenterID: "c", Text: "열려 있나요?"}); err != nil {
			t.Fatal(explain(err))
		}
	}
	var want []string
	for _, minute := range []int{0, 60, 120, 180, 251, 311} {
		want = append(want, booking.QuestionsWait+"/c/"+begin.Add(time.Duration(minute)*time.Minute).UTC().Format(time.RFC3339))
	}
	if got := e.events(t, booking.QuestionsWait); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("told at\n%v, want\n%v", got, want)
	}
}
