package storetest

import (
	"context"
	"sync"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// strikesUnderLoad lets people book, cancel and move while the desk gives up,
// takes back, waives and answers: in the end points stand exactly where a
// no-show or a late cancel does, and who has too many can't book.
func strikesUnderLoad(t *testing.T, open Opener) {
	e, r := strikeEngine(t, open), seeded(t)
	people := citizens(t, e, 6)
	mine := make([][]string, len(people))
	for i, who := range people {
		for range 3 {
			v := e.MustBook(t, who, Want("wide", At(0, 10, 0), 60))
			mine[i] = append(mine[i], v.ID)
		}
	}
	e.Clock.Set(At(0, 10, 20))
	var mu sync.Mutex
	roll := func(n int) int { mu.Lock(); defer mu.Unlock(); return r.IntN(n) }
	done := map[int]int{}
	atOnce(2*len(people), func(i int) {
		who, own := people[i%len(people)], mine[i%len(people)]
		for range scale(25, 300) {
			deed := roll(7)
			err := e.strikeDeed(who, own[roll(len(own))], deed, roll)
			switch c := fault.Code(err); c {
			case "", "state_conflict", "stale", "slot_taken", "policy", "not_found":
				if err == nil {
					mu.Lock()
					done[deed]++
					mu.Unlock()
				}
			default:
				t.Errorf("deed %d: %s", deed, explain(err))
			}
		}
	})
	t.Logf("done, by deed: %v", done)
	if len(done) < 5 {
		t.Fatal("hardly anything was done")
	}
	e.pointsStandRight(t, people)
}

// strikeDeed is one thing that somebody, or the desk for them, does.
func (e *Engine) strikeDeed(who account.Actor, id string, deed int, roll func(int) int) error {
	ctx := context.Background()
	var err error
	switch deed {
	case 0:
		_, err = e.MarkNoShow(ctx, e.Staff, id, booking.AttendRequest{})
	case 1:
		_, err = e.Undo(ctx, e.Staff, id, booking.AttendRequest{Reason: "잘못"})
	case 2:
		_, err = e.StartLate(ctx, e.Staff, id, booking.AttendRequest{})
	case 3:
		var s *booking.Strikes
		if s, err = e.MyStrikes(ctx, who); err == nil && len(s.Items) > 0 && roll(4) == 0 {
			_, err = e.WaiveStrike(ctx, e.Staff, who.ID, s.Items[roll(len(s.Items))].ID, "확인했습니다")
		}
	case 4:
		var v *booking.View
		if v, _, err = e.Book(ctx, who, Want("one", At(0, 12+roll(6), 0), 30)); err == nil {
			_, err = e.Cancel(ctx, who, v.ID, booking.AttendRequest{})
		}
	case 5:
		var s *booking.Strikes
		if s, err = e.MyStrikes(ctx, who); err == nil && len(s.Items) > 0 {
			_, err = e.AskReview(ctx, who, s.Items[roll(len(s.Items))].ID, "왔습니다")
		}
	default:
		_, _, err = e.Book(ctx, who, Want("one", At(1+roll(3), 9+roll(9), 0), 30))
	}
	return err
}

// pointsStandRight holds what is left against the bookings and the rules.
func (e *Engine) pointsStandRight(t *testing.T, people []account.Actor) {
	t.Helper()
	report, err := e.DB.Check(context.Background(), e.Clock.Now())
	if err != nil || len(report.Broken()) > 0 {
		t.Fatalf("%+v %v", report.Broken(), err)
	}
	for _, who := range people {
		s, err := e.MyStrikes(context.Background(), who)
		if err != nil {
			t.Fatal(err)
		}
		points, struck := 0, map[string]bool{}
		for _, x := range s.Items {
			struck[x.BookingID] = true
			if x.State == "counting" {
				points += x.Points
			}
		}
		list, err := e.List(context.Background(), who, booking.List{Limit: 200, Statuses: []booking.Status{booking.NoShow}})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list.Items {
			if !struck[v.ID] {
				t.Errorf("a no-show without points: %s", v.ID)
			}
		}
		if stopped := e.suspended(t, who, "one") != ""; stopped != (points >= 2) {
			t.Errorf("%d points, suspended %v", points, stopped)
		}
	}
}
