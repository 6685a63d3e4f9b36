package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gongbang/store"
	"gongbang/survey"
)

// SurveyWeeks lets the drains tick every ten minutes for sixteen weeks, inside
// a synctest bubble, while twelve people use machines every second day and
// four never answer. It looks at when every message left.
func SurveyWeeks(t *testing.T, open Opener) {
	ctx := context.Background()
	u := newAfterUse(t, open)
	u.db = open(t, func(o *store.Options) { o.Clock = time.Now })
	u.deps.Store = store.NewSurveys(u.db)
	u.rebuild()
	sent := map[string][]time.Time{}
	known := 0
	const weeks, tick = 16, 10 * time.Minute
	for n := range weeks * 7 * 24 * 6 {
		time.Sleep(tick)
		u.clock.Store(time.Now().UnixMilli())
		local := time.Now().In(kst)
		if local.Hour() == 15 && local.Minute() == 0 && local.Day()%2 == 0 {
			for p := range 12 {
				u.finish(u.use(fmt.Sprintf("p%d", p), fmt.Sprintf("east-c%d-1", (p+local.YearDay())%4)))
			}
		}
		if left := u.send(); left > 0 {
			for _, id := range u.invited()[known:] {
				m, err := u.s.Invitation(ctx, id)
				u.must(err)
				sent[m.Account] = append(sent[m.Account], time.Now())
				if m.Account >= "p4" { // p4…p9 answer; p0…p3, p10 and p11 are silent
					u.must(u.answer(m.Token, `{"answers":{"overall":4}}`))
				}
				known++
			}
			inWindow(t, local)
		}
		for _, job := range []func(context.Context) (int, error){u.s.RemindDue, u.s.ExpireDue, u.s.Flush} {
			if _, err := job(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n%144 == 0 {
			if _, err := u.s.CloseMonth(ctx); err != nil {
				t.Fatal(err)
			}
			u.must(u.s.Tidy(ctx))
		}
	}
	if len(sent) != 12 {
		t.Fatalf("%d of 12 people were asked", len(sent))
	}
	for p, times := range sent {
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < 14*24*time.Hour {
				t.Errorf("%s is asked again after %s", p, gap)
			}
		}
		// 90 days of rest follow the third; a fourth may leave hours before the third is over
		if silent := p < "p4"; silent && (len(times) < 3 || len(times) > 4) || !silent && len(times) < 5 {
			t.Errorf("%s was asked %d times", p, len(times))
		}
	}
	reminders := u.count(`SELECT COUNT(*) FROM outbox WHERE kind = 'survey.reminder'`)
	want := 0
	for p, times := range sent {
		for _, at := range times {
			if p < "p4" && time.Since(at) > 4*24*time.Hour {
				want++
			}
		}
	}
	if reminders < want || reminders > want+6 || want < 6*3 {
		t.Errorf("%d reminders, want %d: one for each silent invitation", reminders, want)
	}
	f := u.results(survey.ResultsQuery{From: "2000-01", To: "2000-12"}).Funnel
	left := 0
	for _, n := range f.Skipped {
		left += n
	}
	queued := u.states()["queued"]
	if f.Eligible != f.Invited+left+queued {
		t.Errorf("eligible %d, invited %d, skipped %d, queued %d", f.Eligible, f.Invited, left, queued)
	}
	if n := u.count(`SELECT COUNT(*) FROM survey_month`); n < 2 {
		t.Errorf("%d months closed", n)
	}
}

func inWindow(t *testing.T, local time.Time) {
	t.Helper()
	if h := local.Hour(); h < 9 || h >= 20 {
		t.Errorf("sent at %s", local)
	}
}
