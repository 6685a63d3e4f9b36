package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// lowAlerts: three low scores are told together, one never alone, and nothing
// that the page does not show.
func lowAlerts(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 20)
	give := func(scores ...int) {
		t.Helper()
		for _, n := range scores {
			u.must(u.answer(tokens[0], fmt.Sprintf(`{"answers":{"overall":%d}}`, n)))
			tokens = tokens[1:]
		}
		u.flush()
	}
	alert := func(want int, why string) {
		t.Helper()
		if n, err := u.s.AlertLow(ctx); n != want || err != nil {
			t.Fatalf("%s: %d alerts, %v", why, n, err)
		}
	}
	give(1, 2, 1, 5)
	alert(0, "four answers wait")
	give(5)
	alert(1, "three low of five")
	alert(0, "the same again")
	give(1, 5, 5, 5, 5)
	alert(0, "one more alone")
	u.pass(8 * 24 * time.Hour)
	alert(0, "one alone after a week")
	give(2, 5, 5, 5, 5)
	alert(1, "two after a week")
	rows := u.texts(`SELECT data FROM outbox WHERE kind = 'survey.low' ORDER BY id`, 1)
	if len(rows) != 2 || rows[0][0] != `{"low":"3","month":"2027-03"}` || rows[1][0] != `{"low":"2","month":"2027-03"}` {
		t.Fatalf("%v", rows)
	}
}

// lowFirstWeek: the week of a month's first low scores begins when they are
// seen, not with the month.
func lowFirstWeek(t *testing.T, u *afterUse) {
	ctx := context.Background()
	u.set("2027-03-16 14:00") // two weeks of the month are over
	u.always()
	tokens := u.askedAndSent("p", "east-sewing-1", 10)
	for i, score := range []int{1, 5, 5, 5, 5, 2, 5, 5, 5, 5} {
		u.must(u.answer(tokens[i], fmt.Sprintf(`{"answers":{"overall":%d}}`, score)))
		if i%5 == 4 {
			u.flush()
		}
	}
	alerts := func(want int, why string) {
		t.Helper()
		for range 2 {
			n, err := u.s.AlertLow(ctx)
			if n != want || err != nil {
				t.Fatalf("%s: %d alerts, %v", why, n, err)
			}
			want = 0 // again tells nothing
		}
	}
	alerts(0, "just seen")
	u.pass(7*24*time.Hour - time.Minute)
	alerts(0, "before the week is over")
	u.pass(time.Minute)
	alerts(1, "a week after they were seen")
	if rows := u.texts(`SELECT data FROM outbox WHERE kind = 'survey.low' ORDER BY id`, 1); len(rows) != 1 || rows[0][0] != `{"low":"2","month":"2027-03"}` {
		t.Fatalf("%v", rows)
	}
}
