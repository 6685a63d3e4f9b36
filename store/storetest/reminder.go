package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
)

// Reminders is the contract of messages before a start: machine "one" reminds
// 48 and 24 hours before, "soon" one hour before, "never" not at all.
func Reminders(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"once for each number of hours", remindedOnce},
		{"a missed tick is made good, once", remindedLate},
		{"not what was booked later than that", notRemindedAtOnce},
		{"a move is reminded anew", remindedAgain},
		{"only what is confirmed", remindedConfirmed},
		{"before the quiet hours", remindedEvening},
		{"versions stay", remindedVersion},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := NewEngine(t, open, nil, runTwice)
			machine := func(id, hours string) string {
				return fmt.Sprintf(`{"id":%q,"name":{"ko":"재단기"},"category":"cutting","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"reminder_hours_before":%s}}`, id, hours)
			}
			ImportCatalog(t, e.DB, `{"catalog":"test","time_zone":"Asia/Seoul","policy":{"slot_minutes":30},"centers":[{"id":"c","name":{"ko":"시험 센터"},"operator":"city","district":"금천구",
				"sectors":["apparel"],`+allDay+`,"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"equipment":[`+
				machine("one", "[48,24]")+","+machine("soon", "[1]")+","+machine("never", "[]")+`]}]}`)
			c.test(t, e)
		})
	}
}

// reminded runs the job at a moment and tells which hours were handed out since.
func (e *Engine) reminded(t *testing.T, at time.Time) string {
	t.Helper()
	before := len(e.events(t, "booking.reminder"))
	e.Clock.Set(at)
	if _, err := e.ReminderDue(context.Background()); err != nil {
		t.Fatal(err)
	}
	var hours []string
	for _, key := range e.events(t, "booking.reminder")[before:] {
		hours = append(hours, strings.Split(key, "/")[2])
	}
	return strings.Join(hours, " ")
}

func (e *Engine) wantReminded(t *testing.T, at time.Time, want string) {
	t.Helper()
	if got := e.reminded(t, at); got != want {
		t.Fatalf("at %s reminded %q, want %q", at.Format("01-02 15:04"), got, want)
	}
}

func remindedOnce(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	e.MustBook(t, who, Want("one", At(4, 10, 0), 60))
	e.MustBook(t, who, Want("never", At(4, 10, 0), 60))
	for _, x := range []struct {
		at   time.Time
		want string
	}{{At(2, 9, 59), ""}, {At(2, 10, 0), "48"}, {At(2, 10, 1), ""}, {At(3, 9, 59), ""}, {At(3, 10, 0), "24"}, {At(3, 10, 1), ""}, {At(4, 9, 59), ""}} {
		e.wantReminded(t, x.at, x.want)
	}
}

func remindedLate(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	e.MustBook(t, who, Want("one", At(4, 10, 0), 60))
	e.MustBook(t, who, Want("one", At(3, 9, 0), 60))
	e.wantReminded(t, At(4, 3, 0), "24") // nothing ran for days: the later one alone, and none after a start
	e.wantReminded(t, At(4, 3, 1), "")
}

func notRemindedAtOnce(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	e.MustBook(t, who, Want("one", At(2, 8, 0), 60)) // 47 hours ahead
	e.wantReminded(t, At(0, 9, 1), "")
	e.wantReminded(t, At(1, 8, 0), "24")
}

func remindedAgain(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("one", At(4, 10, 0), 60))
	e.wantReminded(t, At(2, 10, 0), "48")
	_, err := e.Move(context.Background(), who, v.ID, booking.MoveRequest{Version: v.Version, Start: At(7, 10, 0), End: At(7, 11, 0)})
	if err != nil {
		t.Fatal(explain(err))
	}
	e.wantReminded(t, At(3, 10, 0), "")
	e.wantReminded(t, At(5, 10, 0), "48")
	e.wantReminded(t, At(6, 10, 0), "24")
}

func remindedConfirmed(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	gone, back := e.MustBook(t, who, Want("one", At(4, 10, 0), 60)), e.MustBook(t, who, Want("one", At(4, 12, 0), 60))
	for _, v := range []*booking.View{gone, back} {
		if _, err := e.Cancel(ctx, who, v.ID, booking.AttendRequest{}); err != nil {
			t.Fatal(explain(err))
		}
	}
	if _, err := e.Restore(ctx, who, back.ID, 0); err != nil {
		t.Fatal(explain(err))
	}
	e.wantReminded(t, At(2, 12, 0), "48")
	if got := e.events(t, "booking.reminder"); !strings.Contains(got[0], back.ID) {
		t.Fatal(got)
	}
}

func remindedEvening(t *testing.T, e *Engine) {
	e.MustBook(t, e.Citizen(t, 1), Want("soon", At(1, 8, 30), 60))
	e.wantReminded(t, At(0, 20, 29), "")
	e.wantReminded(t, At(1, 7, 30), "1") // 08:00 is before the start: nothing has to leave in the evening
	e.MustBook(t, e.Citizen(t, 2), Want("soon", At(2, 7, 0), 60))
	e.wantReminded(t, At(1, 20, 29), "")
	e.wantReminded(t, At(1, 20, 30), "1")
	e.wantReminded(t, At(2, 6, 0), "")
}

func remindedVersion(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("one", At(4, 10, 0), 60))
	e.wantReminded(t, At(3, 10, 0), "24")
	if _, err := e.Move(context.Background(), who, v.ID, booking.MoveRequest{Version: v.Version, Start: At(5, 10, 0), End: At(5, 11, 0)}); err != nil {
		t.Fatal("a reminder made the person's page stale:", explain(err))
	}
}
