package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
)

// strikeCatalog has two centers that are open round the clock, each with a
// machine that gives a point for a no-show and one for a late cancel and stops
// new bookings at two; a third machine counts the whole city, a fourth costs
// penalty hours, a fifth has no rule.
const strikeCatalog = `{"catalog":"test","time_zone":"Asia/Seoul","policy":{"slot_minutes":30,"no_show":{"points":1,"late_cancel_points":1,"threshold":2,"suspend":{"days":30}}},"centers":[
{"id":"c","name":{"ko":"시험 센터","en":"Test Center"},"operator":"city","district":"금천구","sectors":["apparel"],` + allDay + `,"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"equipment":[
{"id":"one","name":{"ko":"재단기"},"category":"cutting","quantity":4,"mode":"self","fee_krw_per_hour":0},
{"id":"wide","name":{"ko":"재봉틀"},"category":"sewing","quantity":32,"mode":"self","fee_krw_per_hour":0},
{"id":"citywide","name":{"ko":"재봉기"},"category":"sewing","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"no_show":{"over":"city","threshold":1}}},
{"id":"hours","name":{"ko":"레이저"},"category":"marking","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"no_show":{"penalty_hours_multiplier":3,"over":"equipment"}}},
{"id":"mild","name":{"ko":"다리미"},"category":"pressing","quantity":1,"mode":"self","fee_krw_per_hour":0,"policy":{"no_show":null}}]},
{"id":"d","name":{"ko":"다른 센터","en":"Other Center"},"operator":"city","district":"중구","sectors":["apparel"],` + allDay + `,"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},"equipment":[
{"id":"two","name":{"ko":"재단기"},"category":"cutting","quantity":1,"mode":"self","fee_krw_per_hour":0}]}]}`

const allDay = `"hours":{"mon":["00:00","24:00"],"tue":["00:00","24:00"],"wed":["00:00","24:00"],"thu":["00:00","24:00"],"fri":["00:00","24:00"],"sat":["00:00","24:00"],"sun":["00:00","24:00"]}`

// Strikes is the contract of points and what follows from them.
func Strikes(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"no-shows suspend, a waiver frees", strikesSuspend},
		{"what is taken back costs nothing", strikesTakenBack},
		{"late cancels and moves cost", lateCosts},
		{"the center's fault is nobody's", centersFault},
		{"the promised rule judges", promisedRule},
		{"city, penalty hours, no rule", strikeScopes},
		{"a review is asked once and answered", reviewAnswered},
		{"a colleague's points count in the firm", strikesOfFirm},
		{"who is in two firms counts in each", strikesOfTwoFirms},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, strikeEngine(t, open)) })
	}
	t.Run("every closure may run twice", func(t *testing.T) {
		e := strikeEngine(t, open, runTwice)
		strikesSuspend(t, e)
	})
}

func strikeEngine(t *testing.T, open Opener, changes ...func(*store.Options)) *Engine {
	e := NewEngine(t, open, nil, changes...)
	ImportCatalog(t, e.DB, strikeCatalog)
	return e
}

// staffOf is somebody who works at one center.
func staffOf(center string) account.Actor {
	return account.Actor{ID: "staff-" + center, Grants: []account.Grant{{Role: account.Staff, Center: center}}}
}

// missed books a machine now and marks a no-show twenty minutes later; the
// clock stands there afterwards.
func (e *Engine) missed(t *testing.T, who account.Actor, machine, center string) *booking.View {
	t.Helper()
	start := e.Clock.Now().Truncate(time.Hour).Add(time.Hour)
	v := e.MustBook(t, who, Want(machine, start, 60))
	e.Clock.Set(start.Add(20 * time.Minute))
	gone, err := e.MarkNoShow(context.Background(), staffOf(center), v.ID, booking.AttendRequest{})
	if err != nil {
		t.Fatal(explain(err))
	}
	return gone
}

// tomorrow is a free time well ahead.
func (e *Engine) tomorrow(machine string) booking.BookRequest {
	return Want(machine, e.Clock.Now().Truncate(time.Hour).Add(26*time.Hour), 30)
}

// suspended tells until when somebody's new bookings on a machine stop; "" is not at all.
func (e *Engine) suspended(t *testing.T, who account.Actor, machine string) string {
	t.Helper()
	want := e.tomorrow(machine)
	x, err := e.Explain(context.Background(), who, machine, want.Start, want.End)
	if err != nil {
		t.Fatal(explain(err))
	}
	for _, v := range x.Violations {
		if v.Code == "suspended" {
			return v.Until.In(Seoul).Format("01-02 15:04")
		}
	}
	return ""
}

// events lists the keys of a kind in the outbox.
func (e *Engine) events(t *testing.T, kind string) []string {
	t.Helper()
	list, err := store.Read(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (keys []string, err error) {
		rows, err := tx.Query(ctx, `SELECT key FROM outbox WHERE kind = $1 ORDER BY id LIMIT 1000`, kind)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var key string
			if err := rows.Scan(&key); err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
		return keys, rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func strikesSuspend(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	kept := e.MustBook(t, who, Want("one", At(3, 10, 0), 60))
	first := e.missed(t, who, "one", "c")
	if got := e.suspended(t, who, "one"); got != "" {
		t.Fatalf("one point of two suspends until %s", got)
	}
	e.missed(t, who, "one", "c")
	if got := e.suspended(t, who, "one"); got != "12-23 11:20" {
		t.Fatalf("suspended until %q", got)
	}
	if got := e.events(t, "account.suspended"); len(got) != 1 {
		t.Fatalf("told %d times: %v", len(got), got)
	}
	_, _, err := e.Book(ctx, who, e.tomorrow("one"))
	Refused(t, err, "suspended")
	want := e.tomorrow("one")
	_, err = e.Hold(ctx, who, booking.HoldRequest{EquipmentID: "one", Start: want.Start, End: want.End})
	Refused(t, err, "suspended")
	if got := e.suspended(t, who, "two"); got != "" {
		t.Fatalf("another center is closed until %s", got)
	}
	if v, err := e.Get(ctx, who, kept.ID); err != nil || v.Status != booking.Confirmed {
		t.Fatal("a made booking does not stay", err)
	}
	// Staff may book for the person with a reason, and seat them.
	req := e.tomorrow("one")
	req.For = &booking.ForWhom{AccountID: who.ID}
	_, _, err = e.Book(ctx, e.Staff, req)
	Refused(t, err, "suspended")
	req.Override = "급한 납품"
	if _, _, err := e.Book(ctx, e.Staff, req); err != nil {
		t.Fatal(explain(err))
	}
	mine, err := e.MyStrikes(ctx, who)
	if err != nil || len(mine.Items) != 2 || len(mine.Suspensions) != 1 || mine.Items[1].BookingID != first.ID {
		t.Fatalf("%+v %v", mine, err)
	}
	x := mine.Items[1]
	if x.Points != 1 || x.Kind != booking.StruckNoShow || x.State != "counting" || x.Until == nil || !x.Until.Equal(x.At.AddDate(0, 0, 90)) || x.Booking.Equipment.ID != "one" {
		t.Fatalf("%+v", x)
	}
	_, err = e.WaiveStrike(ctx, staffOf("d"), who.ID, x.ID, "다른 센터")
	Refused(t, err, "not_found")
	_, err = e.WaiveStrike(ctx, e.Staff, who.ID, x.ID, " ")
	Refused(t, err, "validation")
	own := account.Actor{ID: who.ID, Grants: e.Staff.Grants}
	_, err = e.WaiveStrike(ctx, own, who.ID, x.ID, "나")
	Refused(t, err, "forbidden")
	out, err := e.WaiveStrike(ctx, e.Staff, who.ID, x.ID, "지하철이 멈췄습니다")
	if err != nil || out.State != "waived" || out.WaivedBy != e.Staff.ID {
		t.Fatal(out, explain(err))
	}
	_, err = e.WaiveStrike(ctx, e.Staff, who.ID, x.ID, "또")
	Refused(t, err, "state_conflict")
	if got := e.suspended(t, who, "one"); got != "" {
		t.Fatalf("after the waiver still suspended until %s", got)
	}
	e.MustBook(t, who, e.tomorrow("one"))
}

func strikesTakenBack(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	count := func(want int) {
		t.Helper()
		got, err := e.MyStrikes(ctx, who)
		if err != nil || len(got.Items) != want {
			t.Fatalf("%d strikes, want %d: %v", len(got.Items), want, err)
		}
	}
	v := e.missed(t, who, "one", "c")
	count(1)
	if _, err := e.StartLate(ctx, e.Staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	count(0)
	if _, err := e.Undo(ctx, e.Staff, v.ID, booking.AttendRequest{Reason: "잘못"}); err != nil {
		t.Fatal(explain(err))
	}
	if _, err := e.MarkNoShow(ctx, e.Staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	count(1) // struck again, once
	if _, err := e.Undo(ctx, e.Staff, v.ID, booking.AttendRequest{Reason: "잘못"}); err != nil {
		t.Fatal(explain(err))
	}
	count(0)
	soon := e.MustBook(t, who, Want("one", e.Clock.Now().Truncate(time.Hour).Add(2*time.Hour), 60))
	e.Clock.Add(15 * time.Minute)
	if _, err := e.Cancel(ctx, who, soon.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	count(1)
	if _, err := e.Restore(ctx, who, soon.ID, 0); err != nil {
		t.Fatal(explain(err))
	}
	count(0)
}

func lateCosts(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	soon := Want("one", At(0, 11, 0), 60)
	fresh := e.MustBook(t, who, soon)
	if fresh.CancelCost != 0 {
		t.Fatal("the first minutes cost something")
	}
	if _, err := e.Cancel(ctx, who, fresh.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	v := e.MustBook(t, who, soon)
	e.Clock.Set(At(0, 9, 20))
	v, err := e.Get(ctx, who, v.ID)
	if err != nil || v.CancelCost != 1 {
		t.Fatalf("a late cancel is said to cost %d: %v", v.CancelCost, err)
	}
	v, err = e.Move(ctx, who, v.ID, booking.MoveRequest{Version: v.Version, Start: At(1, 11, 0), End: At(1, 12, 0)})
	if err != nil || v.CancelCost != 0 {
		t.Fatal(v.CancelCost, explain(err))
	}
	e.Clock.Set(At(1, 10, 0))
	if _, err := e.Cancel(ctx, e.Staff, v.ID, booking.AttendRequest{Reason: "전화"}); err != nil { // staff did it: no points
		t.Fatal(explain(err))
	}
	again := e.MustBook(t, who, Want("one", At(1, 12, 0), 60))
	e.Clock.Set(At(1, 11, 0))
	if _, err := e.Cancel(ctx, who, again.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	got, err := e.MyStrikes(ctx, who)
	var kinds []string
	for _, x := range got.Items {
		kinds = append(kinds, string(x.Kind))
	}
	if err != nil || strings.Join(kinds, " ") != "late_cancel late_move" || e.suspended(t, who, "one") == "" {
		t.Fatalf("%v %v, suspended until %q", kinds, err, e.suspended(t, who, "one"))
	}
}

func centersFault(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("two", At(0, 10, 0), 60))
	e.Clock.Set(At(0, 9, 30))
	until := At(0, 18, 0)
	if _, _, _, err := e.ReportOutage(ctx, staffOf("d"), booking.OutageRequest{EquipmentID: "two", From: At(0, 9, 0), To: &until, Reason: "정전", Kind: booking.Fault}); err != nil {
		t.Fatal(explain(err))
	}
	unknown := e.MustBook(t, who, Want("one", At(0, 10, 0), 60))
	e.Clock.Set(At(1, 1, 0))
	if _, err := e.NoShowDue(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := e.CompleteDue(ctx); err != nil {
		t.Fatal(err)
	}
	u, _ := e.Get(ctx, who, unknown.ID)
	got, err := e.MyStrikes(ctx, who)
	if err != nil || len(got.Items) != 0 || u.Details.Attendance != "unknown" {
		t.Fatalf("points for the center's fault (%s) or for nobody at the desk: %+v %v", v.ID, got, err)
	}
}

func promisedRule(t *testing.T, e *Engine) {
	who := e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("one", At(0, 10, 0), 60))
	ImportCatalog(t, e.DB, strings.Replace(strikeCatalog, `"threshold":2`, `"points":5,"threshold":1`, 1))
	e.Clock.Set(At(0, 10, 20))
	if _, err := e.MarkNoShow(context.Background(), e.Staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	if got := e.suspended(t, who, "one"); got != "" {
		t.Fatalf("the new rule reached back: until %s", got)
	}
	e.missed(t, who, "one", "c")
	if e.suspended(t, who, "one") == "" {
		t.Fatal("the new rule does not judge what was booked under it")
	}
}

func strikeScopes(t *testing.T, e *Engine) {
	city, hours := e.Citizen(t, 1), e.Citizen(t, 2)
	e.missed(t, city, "citywide", "c")
	if e.suspended(t, city, "two") == "" || e.suspended(t, city, "one") == "" || e.suspended(t, city, "mild") != "" {
		t.Fatalf("%q %q %q", e.suspended(t, city, "two"), e.suspended(t, city, "one"), e.suspended(t, city, "mild"))
	}
	e.missed(t, hours, "hours", "c") // at 11:20: three times one hour
	if got := e.suspended(t, hours, "hours"); got != "11-23 14:20" {
		t.Fatalf("penalty hours until %q", got)
	}
	if e.suspended(t, hours, "one") != "" {
		t.Fatal("penalty hours of one machine stop another")
	}
	e.Clock.Set(At(0, 14, 20))
	if e.suspended(t, hours, "hours") != "" {
		t.Fatal("penalty hours do not end")
	}
}

func reviewAnswered(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	e.missed(t, who, "one", "c")
	mine, _ := e.MyStrikes(ctx, who)
	id := mine.Items[0].ID
	_, err := e.AskReview(ctx, other, id, "제 것이 아닙니다")
	Refused(t, err, "not_found")
	_, err = e.KeepStrike(ctx, e.Staff, who.ID, id, "아무도 묻지 않았습니다")
	Refused(t, err, "state_conflict")
	if x, err := e.AskReview(ctx, who, id, "문이 잠겨 있었습니다"); err != nil || x.ReviewAt == nil || x.MayAsk {
		t.Fatal(x, explain(err))
	}
	_, err = e.AskReview(ctx, who, id, "또")
	Refused(t, err, "state_conflict")
	_, err = e.Reviews(ctx, staffOf("d"), "c")
	Refused(t, err, "forbidden")
	list, err := e.Reviews(ctx, e.Staff, "c")
	if err != nil || len(list) != 1 || list[0].ReviewText != "문이 잠겨 있었습니다" || !list[0].Booking.Person.Masked {
		t.Fatalf("%+v %v", list, err)
	}
	if none, err := e.Reviews(ctx, staffOf("d"), "d"); err != nil || len(none) != 0 {
		t.Fatal("another center sees it", err)
	}
	if seen, err := e.StrikesOf(ctx, staffOf("d"), who.ID); err != nil || len(seen.Items) != 0 {
		t.Fatal("another center sees the points", err)
	}
	if seen, err := e.StrikesOf(ctx, e.Staff, who.ID); err != nil || len(seen.Items) != 1 {
		t.Fatal(err)
	}
	_, err = e.StrikesOf(ctx, other, who.ID)
	Refused(t, err, "forbidden")
	if x, err := e.KeepStrike(ctx, e.Staff, who.ID, id, "문은 열려 있었습니다"); err != nil || x.KeptAt == nil || x.State != "counting" {
		t.Fatal(x, explain(err))
	}
	if list, _ := e.Reviews(ctx, e.Staff, "c"); len(list) != 0 {
		t.Fatal("an answered review still waits")
	}
	if told := e.events(t, booking.StrikeAnswered); len(told) != 1 || told[0] != booking.StrikeAnswered+"/"+id+"/keep" {
		t.Errorf("told of the answer: %v", told)
	}
	if _, err := e.WaiveStrike(ctx, e.Staff, who.ID, id, "지하철이 멈췄습니다"); err != nil || len(e.events(t, booking.StrikeAnswered)) != 2 {
		t.Errorf("what was decided otherwise is not told: %v", err)
	}
}

func strikesOfFirm(t *testing.T, e *Engine) {
	ImportCatalog(t, e.DB, strings.Replace(strikeCatalog, `"threshold":2`, `"by":"firm","threshold":2`, 1))
	one, two, stranger := e.Citizen(t, 1), e.Citizen(t, 2), e.Citizen(t, 3)
	e.firm(t, "f", one, two)
	e.firm(t, "g", stranger)
	e.missed(t, one, "one", "c")
	e.missed(t, stranger, "one", "c")
	if e.suspended(t, two, "one") != "" {
		t.Fatal("a stranger's points count in the firm")
	}
	e.missed(t, two, "one", "c")
	for _, who := range []account.Actor{one, two} {
		if e.suspended(t, who, "one") == "" {
			t.Fatal("two points of a firm do not suspend its members")
		}
	}
	if e.suspended(t, stranger, "one") != "" {
		t.Fatal("the firm's suspension hits a stranger")
	}
	told := e.events(t, "account.suspended")
	if len(told) != 2 || strings.HasSuffix(told[0], one.ID) || !strings.HasSuffix(told[1], "/"+one.ID) {
		t.Errorf("both members of the firm are told once, got %v", told)
	}
}

// strikesOfTwoFirms: somebody in two firms misses one booking. Each firm is
// judged with its own members, and every colleague whom it stops is told.
func strikesOfTwoFirms(t *testing.T, e *Engine) {
	ImportCatalog(t, e.DB, strings.Replace(strikeCatalog, `"threshold":2`, `"by":"firm","threshold":2`, 1))
	both, inF, inG, quiet := e.Citizen(t, 1), e.Citizen(t, 2), e.Citizen(t, 3), e.Citizen(t, 4)
	e.firm(t, "f", both, inF)
	e.firm(t, "g", both, inG)
	e.firm(t, "h", both, quiet)
	e.missed(t, inF, "one", "c")
	e.missed(t, inG, "one", "c")
	for _, who := range []account.Actor{both, inF, inG} {
		if e.suspended(t, who, "one") != "" {
			t.Fatal("one point in each of two firms is not two in one")
		}
	}
	e.missed(t, both, "one", "c") // the second point in f and in g, the first in h
	for who, want := range map[*account.Actor]bool{&both: true, &inF: true, &inG: true, &quiet: false} {
		if got := e.suspended(t, *who, "one") != ""; got != want {
			t.Errorf("%s is suspended: %v", who.ID, got)
		}
	}
	told := e.events(t, "account.suspended")
	for _, who := range []account.Actor{inF, inG} {
		if !slices.ContainsFunc(told, func(key string) bool { return strings.HasSuffix(key, "/"+who.ID) }) {
			t.Errorf("%s is not told", who.ID)
		}
	}
	if len(told) != 3 {
		t.Errorf("three are told once each, got %v", told)
	}
}

// firm makes a firm with confirmed members.
func (e *Engine) firm(t *testing.T, id string, members ...account.Actor) {
	t.Helper()
	_, err := store.Do(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (none, error) {
		if _, err := tx.Exec(ctx, `INSERT INTO firm (id, business_number, name, created_at) VALUES ($1, $2, $3, 1) ON CONFLICT (id) DO NOTHING`, id, "no-"+id, "업체"); err != nil {
			return none{}, err
		}
		for _, m := range members {
			if _, err := tx.Exec(ctx, `INSERT INTO firm_claim (account_id, firm_id, claimed_at, confirmed_at, confirmed_by) VALUES ($1, $2, 1, 1, 'staff')`, m.ID, id); err != nil {
				return none{}, err
			}
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
