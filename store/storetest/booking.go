package storetest

import (
	"context"
	"testing"
	"time"

	"gongbang/booking"
)

// Bookings is the contract of the engine over a database: every use case once,
// in the way its people use it.
func Bookings(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"book, see, cancel, restore", bookCancelRestore},
		{"alternatives are free, also later and beside another node", alternativesStayTrue},
		{"a hold is confirmed", holdIsConfirmed},
		{"a hold ends and is extended", holdEnds},
		{"a key makes one booking", keyMakesOne},
		{"the unit is the one it fits best", fitsBest},
		{"a move is atomic", moveIsAtomic},
		{"approve with changes, reject", approveAndReject},
		{"check in, extend, finish", checkInAndFinish},
		{"cleaning time is kept", cleaningTime},
		{"no-show and late start", noShowAndLateStart},
		{"no-show only where a desk was seen", noShowNeedsDesk},
		{"a limit near an outage of the service is moved", downBeforeTheLimit},
		{"what can't be judged hides nothing", manyBefore},
		{"attendance unknown", attendanceUnknown},
		{"walk-ins stand at different machines", walkIns},
		{"a staff-run job from waiting to collected", jobStates},
		{"an outage looks after everybody", outageRescues},
		{"late cancel refused, certificate asked of staff", strictMachine},
		{"limits of one person", limitOfPerson},
		{"find and board", findAndBoard},
		{"a list is stable while paging", listPages},
		{"a question is asked and answered", askedAndAnswered},
		{"staff are told of a burst once an hour", toldOnceAnHour},
		{"questions are few", questionsAreFew},
		{"a question is settled once", settledOnce},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, NewEngine(t, open, nil)) })
	}
	t.Run("every closure may run twice", func(t *testing.T) {
		e := NewEngine(t, open, nil, runTwice)
		bookCancelRestore(t, e)
		walkIns(t, e)
	})
	t.Run("a booking closure has at most 8 statements", func(t *testing.T) { closureStatements(t, open) })
}

// fitsBest: the smallest gap is filled first, so that long ones stay whole.
func fitsBest(t *testing.T, e *Engine) {
	for n, b := range []struct{ hour, unit int }{{9, 3}, {11, 3}, {7, 5}, {8, 5}, {12, 6}} {
		want := Want("row", At(1, b.hour, 0), 60)
		want.Unit = b.unit
		e.MustBook(t, e.Citizen(t, n+1), want)
	}
	for n, unit := range []int{3, 5, 6, 1} { // 0, 1 and 1 hour beside it; then nothing near
		if v := e.MustBook(t, e.Citizen(t, n+10), Want("row", At(1, 10, 0), 60)); v.Unit != unit {
			t.Errorf("person %d is on unit %d, want %d", n, v.Unit, unit)
		}
	}
}

func bookCancelRestore(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v := e.MustBook(t, who, Want("one", At(1, 10, 0), 60))
	if v.Status != booking.Confirmed || v.Unit != 1 || len(v.Code) != 8 || v.Person.Name != "시민1" {
		t.Fatalf("booked %+v", v.Booking)
	}
	_, _, err := e.Book(ctx, other, Want("one", At(1, 10, 30), 60))
	f := Refused(t, err, "slot_taken")
	if alts := f.Extra["alternatives"].([]booking.Alternative); len(alts) != 3 || !alts[0].Interval.Start.Equal(At(1, 11, 0)) {
		t.Fatalf("alternatives %v", alts)
	}
	_, err = e.Get(ctx, other, v.ID)
	Refused(t, err, "not_found")
	_, err = e.Cancel(ctx, other, v.ID, booking.AttendRequest{})
	Refused(t, err, "not_found")
	off, err := e.Cancel(ctx, who, v.ID, booking.AttendRequest{})
	if err != nil || off.Status != booking.Cancelled || off.Details.Late {
		t.Fatal(off, err)
	}
	theirs := e.MustBook(t, other, Want("one", At(1, 10, 30), 60))
	_, err = e.Restore(ctx, who, v.ID, 0)
	Refused(t, err, "slot_taken")
	if _, err := e.Cancel(ctx, other, theirs.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	back, err := e.Restore(ctx, who, v.ID, 0)
	if err != nil || back.Status != booking.Confirmed {
		t.Fatal(back, explain(err))
	}
	e.Clock.Add(11 * time.Minute)
	if _, err := e.Cancel(ctx, who, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Add(11 * time.Minute)
	_, err = e.Restore(ctx, who, v.ID, 0)
	Refused(t, err, "state_conflict")
}

// alternativesStayTrue: what a loser is told is remembered for others, but not
// beyond a change of this node, and not for long beside another one.
func alternativesStayTrue(t *testing.T, e *Engine) {
	ctx, who, late := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	node := EngineOver(t, e.DB, e.Clock, nil)
	e.MustBook(t, who, Want("one", At(1, 10, 0), 60))
	told := func() time.Time {
		t.Helper()
		_, _, err := e.Book(ctx, late, Want("one", At(1, 10, 0), 60))
		alts, _ := Refused(t, err, "slot_taken").Extra["alternatives"].([]booking.Alternative)
		if len(alts) != 3 || alts[0].EquipmentID != "one" {
			t.Fatalf("alternatives %v", alts)
		}
		return alts[0].Interval.Start
	}
	first := told()
	v := e.MustBook(t, who, Want("one", first, 60))
	second := told()
	if second.Equal(first) {
		t.Errorf("%s is offered though it was just booked", first)
	}
	if _, err := e.Cancel(ctx, who, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	if again := told(); !again.Equal(first) {
		t.Errorf("%s is offered, and not %s, which is free again", again, first)
	}
	node.MustBook(t, who, Want("one", first, 60))
	e.Clock.Add(3 * time.Second)
	if again := told(); !again.Equal(second) {
		t.Errorf("%s is offered, and not %s, though another node booked %s", again, second, first)
	}
}

func holdIsConfirmed(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	h, err := e.Hold(ctx, who, booking.HoldRequest{EquipmentID: "one", Start: At(1, 10, 0), End: At(1, 11, 0)})
	if err != nil {
		t.Fatal(explain(err))
	}
	_, _, err = e.Book(ctx, other, Want("one", At(1, 10, 0), 60))
	Refused(t, err, "slot_taken")
	_, _, err = e.Book(ctx, other, booking.BookRequest{HoldID: h.ID})
	Refused(t, err, "not_found")
	v := e.MustBook(t, who, booking.BookRequest{HoldID: h.ID, Purpose: "시제품"})
	if !v.Start.Equal(At(1, 10, 0)) || v.Details.Purpose != "시제품" {
		t.Fatalf("%+v", v.Booking)
	}
	// A new hold replaces the older one, whose time is free again.
	first, _ := e.Hold(ctx, who, booking.HoldRequest{EquipmentID: "one", Start: At(2, 10, 0), End: At(2, 11, 0)})
	second, err := e.Hold(ctx, who, booking.HoldRequest{EquipmentID: "row", Start: At(2, 10, 0), End: At(2, 11, 0)})
	if err != nil || second.Replaced == nil || second.Replaced.Equipment != "one" {
		t.Fatalf("%+v %v (first %+v)", second, err, first)
	}
	e.MustBook(t, other, Want("one", At(2, 10, 0), 60))
}

func holdEnds(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	ask := booking.HoldRequest{EquipmentID: "one", Start: At(1, 10, 0), End: At(1, 11, 0)}
	h, err := e.Hold(ctx, who, ask)
	if err != nil {
		t.Fatal(err)
	}
	first := h
	for k := range 10 {
		e.Clock.Add(3 * time.Minute)
		if h, err = e.ExtendHold(ctx, who, h.ID); err != nil || h.ExtensionsLeft != 9-k {
			t.Fatalf("extension %d: %+v %v", k, h, explain(err))
		}
	}
	_, err = e.ExtendHold(ctx, who, h.ID)
	Refused(t, err, "state_conflict")
	_, _, err = e.Book(ctx, who, booking.BookRequest{HoldID: first.ID})
	Refused(t, err, "hold_expired")
	_, _, err = e.Book(ctx, other, Want("one", At(1, 10, 0), 60))
	Refused(t, err, "slot_taken")
	e.Clock.Add(6 * time.Minute)
	_, _, err = e.Book(ctx, who, booking.BookRequest{HoldID: h.ID})
	Refused(t, err, "hold_expired")
	h, err = e.Hold(ctx, other, ask)
	if err != nil {
		t.Fatal(explain(err))
	}
	if err := e.ReleaseHold(ctx, who, h.ID); err == nil {
		t.Fatal("released somebody else's hold")
	}
	if err := e.ReleaseHold(ctx, other, h.ID); err != nil {
		t.Fatal(err)
	}
	e.MustBook(t, who, Want("one", At(1, 10, 0), 60))
	for _, junk := range []string{"", ".", "a.b", h.ID + "x", "." + h.ID} {
		_, _, err := e.Book(ctx, other, booking.BookRequest{HoldID: junk, EquipmentID: "nothing"})
		Refused(t, err, "not_found")
	}
}

func keyMakesOne(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	req := Want("row", At(1, 10, 0), 60)
	req.Key = &booking.Key{Caller: who.ID + " POST /bookings", Value: "k", Body: "b1"}
	_, _, err := e.Book(ctx, who, Want("row", At(1, 10, 10), 60))
	Refused(t, err, "off_grid")
	bad := Want("row", At(1, 10, 10), 60)
	bad.Key = req.Key
	_, _, err = e.Book(ctx, who, bad) // a refusal may be tried again with the same key
	Refused(t, err, "off_grid")
	ids := make(chan string, 8)
	for range cap(ids) {
		go func() {
			v, _, err := e.Book(ctx, who, req)
			if err != nil {
				t.Error(explain(err))
				ids <- ""
				return
			}
			ids <- v.ID
		}()
	}
	one := <-ids
	for range cap(ids) - 1 {
		if got := <-ids; got != one {
			t.Errorf("two bookings under one key: %s and %s", one, got)
		}
	}
	other := req
	other.Key = &booking.Key{Caller: req.Key.Caller, Value: "k", Body: "b2"}
	_, _, err = e.Book(ctx, who, other)
	Refused(t, err, "idempotency_mismatch")
}

func moveIsAtomic(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	mine := e.MustBook(t, who, Want("one", At(1, 10, 0), 60))
	e.MustBook(t, other, Want("one", At(1, 12, 0), 60))
	_, err := e.Move(ctx, who, mine.ID, booking.MoveRequest{Version: mine.Version, Start: At(1, 12, 0), End: At(1, 13, 0)})
	Refused(t, err, "slot_taken")
	still, _ := e.Get(ctx, who, mine.ID)
	if !still.Start.Equal(At(1, 10, 0)) || still.Version != mine.Version {
		t.Fatalf("%+v", still.Booking)
	}
	// Onto itself, shifted by half: its own time does not stand in its way.
	moved, err := e.Move(ctx, who, mine.ID, booking.MoveRequest{Version: mine.Version, Start: At(1, 10, 30), End: At(1, 11, 30)})
	if err != nil || moved.Version == mine.Version {
		t.Fatal(explain(err))
	}
	_, err = e.Move(ctx, who, mine.ID, booking.MoveRequest{Version: mine.Version, Start: At(1, 14, 0), End: At(1, 15, 0)})
	Refused(t, err, "stale")
	e.MustBook(t, other, Want("one", At(1, 10, 0), 30)) // freed at once
	to, err := e.Move(ctx, who, mine.ID, booking.MoveRequest{Version: moved.Version, EquipmentID: "laser", Start: At(2, 10, 0), End: At(2, 11, 0)})
	if err != nil || to.Status != booking.Pending || to.EquipmentID != "laser" || to.AnswerBy == nil {
		t.Fatalf("%+v %v", to, explain(err))
	}
}

func approveAndReject(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v := e.MustBook(t, who, Want("laser", At(2, 10, 0), 60))
	if v.Status != booking.Pending {
		t.Fatal(v.Status)
	}
	_, _, err := e.Book(ctx, other, Want("laser", At(2, 10, 0), 60)) // pending keeps the time
	Refused(t, err, "slot_taken")
	_, err = e.Approve(ctx, who, v.ID, booking.ApproveRequest{})
	Refused(t, err, "forbidden")
	start, end := At(2, 13, 0), At(2, 15, 0)
	ok, err := e.Approve(ctx, e.Staff, v.ID, booking.ApproveRequest{Start: &start, End: &end})
	if err != nil || ok.Status != booking.Confirmed || !ok.Start.Equal(start) || ok.Details.Terms.CheckInFrom.After(start) {
		t.Fatal(ok, explain(err))
	}
	second := e.MustBook(t, other, Want("laser", At(2, 10, 0), 60))
	_, err = e.Reject(ctx, e.Staff, second.ID, booking.AttendRequest{})
	Refused(t, err, "validation")
	no, err := e.Reject(ctx, e.Staff, second.ID, booking.AttendRequest{Reason: "재료가 맞지 않습니다"})
	if err != nil || no.Status != booking.Rejected {
		t.Fatal(no, err)
	}
	third := e.MustBook(t, other, Want("laser", At(2, 10, 0), 60))
	if n, err := e.RejectDue(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	e.Clock.Set(third.AnswerBy.Add(time.Second))
	if n, err := e.RejectDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	e.Clock.Set(At(2, 12, 0))
	late := e.MustBook(t, other, Want("laser", At(2, 12, 0), 60))
	if late.AnswerBy == nil || late.AnswerBy.After(late.Start) {
		t.Fatalf("answered by %v", late.AnswerBy)
	}
}

func checkInAndFinish(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v := e.MustBook(t, who, Want("one", At(0, 10, 0), 60))
	next := e.MustBook(t, other, Want("one", At(0, 11, 30), 60))
	_, err := e.CheckIn(ctx, who, v.ID, booking.AttendRequest{})
	Refused(t, err, "forbidden")
	_, err = e.CheckIn(ctx, e.Staff, v.ID, booking.AttendRequest{})
	Refused(t, err, "too_early")
	e.Clock.Set(At(0, 9, 45))
	in, err := e.CheckIn(ctx, e.Staff, v.ID, booking.AttendRequest{Code: booking.ShowCode(v.Code)})
	if err != nil || in.Status != booking.CheckedIn {
		t.Fatal(explain(err))
	}
	_, err = e.Extend(ctx, e.Staff, v.ID, booking.AttendRequest{End: At(0, 12, 0)})
	Refused(t, err, "slot_taken")
	if _, err := e.Extend(ctx, e.Staff, v.ID, booking.AttendRequest{End: At(0, 11, 20)}); err != nil {
		t.Fatal(explain(err))
	}
	e.Clock.Set(At(0, 11, 32)) // the first goes on past the end; the next one checks in
	if _, err := e.CheckIn(ctx, e.Staff, next.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	done, _ := e.Get(ctx, who, v.ID)
	if done.Status != booking.Completed || done.Details.OverrunMin != 12 {
		t.Fatalf("%+v", done.Booking)
	}
	e.Clock.Set(At(0, 11, 40))
	fin, err := e.Finish(ctx, e.Staff, next.ID, booking.AttendRequest{})
	if err != nil || fin.Status != booking.Completed || fin.Occupies {
		t.Fatal(explain(err))
	}
	_, err = e.Finish(ctx, e.Staff, next.ID, booking.AttendRequest{})
	Refused(t, err, "state_conflict")
	e.MustBook(t, who, Want("one", At(0, 12, 0), 30)) // the rest is free
	if _, err := e.Undo(ctx, e.Staff, next.ID, booking.AttendRequest{}); err == nil {
		t.Fatal("undone onto a taken time")
	}
}

func cleaningTime(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v := e.MustBook(t, who, Want("clean", At(0, 10, 0), 60))
	for _, start := range []time.Time{At(0, 11, 0), At(0, 9, 30)} {
		_, _, err := e.Book(ctx, other, Want("clean", start, 30))
		Refused(t, err, "slot_taken")
	}
	e.Clock.Set(At(0, 10, 0))
	if _, err := e.CheckIn(ctx, e.Staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 10, 10))
	fin, err := e.Finish(ctx, e.Staff, v.ID, booking.AttendRequest{})
	if err != nil || !fin.Occupies || !fin.BusyUntil.Equal(At(0, 10, 40)) {
		t.Fatalf("%+v %v", fin.Booking, err)
	}
	_, _, err = e.Book(ctx, other, Want("clean", At(0, 10, 30), 30)) // still being cleaned
	Refused(t, err, "slot_taken")
	e.Clock.Set(At(0, 10, 41))
	if n, err := e.CompleteDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	tidy, _ := e.Get(ctx, who, v.ID)
	if tidy.Occupies {
		t.Fatal("a clean unit is still kept")
	}
	e.MustBook(t, other, Want("clean", At(0, 11, 0), 30))
}
