package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
)

func runTwice(o *store.Options) { o.RunTwice = true }

// tick writes the minutes in which the service ran.
func (e *Engine) tick(t *testing.T, from, to time.Time) {
	t.Helper()
	_, err := store.Do(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (none, error) {
		for m := from; m.Before(to); m = m.Add(time.Minute) {
			if _, err := tx.Exec(ctx, `INSERT INTO tick (minute) VALUES ($1) ON CONFLICT (minute) DO NOTHING`, m.UnixMilli()); err != nil {
				return none{}, err
			}
		}
		return none{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func noShowAndLateStart(t *testing.T, e *Engine) {
	ctx, who, other := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	v := e.MustBook(t, who, Want("one", At(0, 10, 0), 120))
	e.Clock.Set(At(0, 10, 5))
	_, err := e.MarkNoShow(ctx, e.Staff, v.ID, booking.AttendRequest{})
	Refused(t, err, "too_early")
	if _, err := e.Late(ctx, who, v.ID, booking.AttendRequest{Minutes: 30}); err != nil {
		t.Fatal(explain(err))
	}
	e.Clock.Set(At(0, 10, 20))
	_, err = e.MarkNoShow(ctx, e.Staff, v.ID, booking.AttendRequest{})
	Refused(t, err, "too_early")
	e.Clock.Set(At(0, 10, 31))
	gone, err := e.MarkNoShow(ctx, e.Staff, v.ID, booking.AttendRequest{})
	if err != nil || gone.Status != booking.NoShow || gone.Occupies {
		t.Fatal(explain(err))
	}
	taken := e.MustBook(t, other, Want("one", At(0, 11, 0), 60))
	_, err = e.StartLate(ctx, e.Staff, v.ID, booking.AttendRequest{})
	Refused(t, err, "slot_taken")
	if _, err := e.Cancel(ctx, other, taken.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	in, err := e.StartLate(ctx, e.Staff, v.ID, booking.AttendRequest{})
	if err != nil || in.Status != booking.CheckedIn {
		t.Fatal(explain(err))
	}
	back, err := e.Undo(ctx, e.Staff, v.ID, booking.AttendRequest{Reason: "잘못 눌렀습니다"})
	if err != nil || back.Status != booking.Confirmed || back.CheckedInAt != nil {
		t.Fatal(explain(err))
	}
}

func noShowNeedsDesk(t *testing.T, e *Engine) {
	ctx := context.Background()
	absent, seen, arrived := e.MustBook(t, e.Citizen(t, 1), Want("row", At(0, 10, 0), 60)), e.MustBook(t, e.Citizen(t, 2), Want("row", At(0, 12, 0), 60)), e.MustBook(t, e.Citizen(t, 3), Want("row", At(0, 12, 0), 60))
	e.tick(t, At(0, 9, 0), At(0, 14, 0))
	e.Clock.Set(At(0, 10, 16))
	if n, err := e.NoShowDue(ctx); n != 0 || err != nil {
		t.Fatalf("judged %d with nobody at the desk: %v", n, err)
	}
	e.Clock.Set(At(0, 10, 55))
	left := e.MustBook(t, e.Citizen(t, 5), Want("row", At(0, 11, 0), 60))
	if _, err := e.Today(ctx, e.Staff, "c", ""); err != nil { // the desk is there, and leaves before eleven
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 11, 5))
	if _, err := e.Today(ctx, account.Actor{ID: "admin-1", Grants: []account.Grant{{Role: account.Admin}}}, "c", ""); err != nil { // who looks after every center may sit anywhere
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 11, 16))
	if n, err := e.NoShowDue(ctx); n != 0 || err != nil {
		t.Fatalf("judged %d though the desk left before they had to be there: %v", n, err)
	}
	e.Clock.Set(At(0, 12, 1))
	if _, err := e.Today(ctx, e.Staff, "c", ""); err != nil { // the desk is there
		t.Fatal(err)
	}
	if _, err := e.Arrived(ctx, e.Staff, arrived.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 12, 14))
	if n, err := e.NoShowDue(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	e.Clock.Set(At(0, 12, 16))
	if n, err := e.NoShowDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	for id, want := range map[string]booking.Status{absent.ID: booking.Confirmed, left.ID: booking.Confirmed, seen.ID: booking.NoShow, arrived.ID: booking.Confirmed} {
		if v, _ := e.Get(ctx, e.Staff, id); v.Status != want {
			t.Errorf("%s: %s, want %s", id, v.Status, want)
		}
	}
	// A tick was missed in the window: the server was down, nobody is judged.
	missed := e.MustBook(t, e.Citizen(t, 4), Want("row", At(0, 15, 0), 60))
	e.tick(t, At(0, 14, 50), At(0, 15, 30))
	e.Clock.Set(At(0, 15, 1))
	if _, err := e.Today(ctx, e.Staff, "c", ""); err != nil {
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 15, 20))
	if n, err := e.NoShowDue(ctx); n != 0 || err != nil {
		t.Fatalf("judged %s though a tick was missed: %d %v", missed.ID, n, err)
	}
}

// manyBefore stands more bookings that nobody can judge before the one that must be judged than one pass takes in.
func manyBefore(t *testing.T, e *Engine) {
	ctx := context.Background()
	for k := range 67 {
		who := e.Citizen(t, k+1)
		for range 3 {
			e.MustBook(t, who, Want("few", At(0, 9, 30+k/21*30), 30))
		}
	}
	last := e.MustBook(t, e.Citizen(t, 100), Want("one", At(0, 12, 0), 60))
	e.tick(t, At(0, 9, 0), At(0, 14, 0))
	e.Clock.Set(At(0, 12, 5))
	if _, err := e.Today(ctx, e.Staff, "c", ""); err != nil {
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 12, 16))
	if n, err := e.NoShowDue(ctx); n != 1 || err != nil {
		t.Fatalf("judged %d, want the one behind the others: %v", n, err)
	}
	if v, _ := e.Get(ctx, e.Staff, last.ID); v.Status != booking.NoShow {
		t.Fatal(v.Status)
	}
}

// downBeforeTheLimit: the service was down from 14:00 to 14:40. Who would have
// had to cancel until then, or in the hour after, has that hour.
func downBeforeTheLimit(t *testing.T, e *Engine) {
	ctx := context.Background()
	want := map[string]time.Time{} // two hours before the start, by the rules
	book := func(n, hour, minute int, until time.Time) string {
		v := e.MustBook(t, e.Citizen(t, n), Want("row", At(0, hour, minute), 60))
		want[v.ID] = until
		return v.ID
	}
	book(1, 15, 30, At(0, 13, 30))          // the limit had passed before
	during := book(2, 16, 0, At(0, 15, 40)) // it fell into the downtime
	after := book(3, 17, 0, At(0, 15, 40))  // soon after it
	book(4, 18, 0, At(0, 16, 0))            // just after that hour
	book(5, 20, 0, At(0, 18, 0))            // far enough
	e.tick(t, At(0, 9, 0), At(0, 14, 0))
	e.Clock.Set(At(0, 14, 39).Add(30 * time.Second))
	if n, err := e.ProlongDue(ctx); n != 2 || err != nil {
		t.Fatalf("%d got more time: %v", n, err)
	}
	e.tick(t, At(0, 14, 40), At(0, 14, 42))
	e.Clock.Set(At(0, 14, 41))
	fresh := book(6, 17, 0, At(0, 15, 0)) // made when it was back
	if n, err := e.ProlongDue(ctx); n != 0 || err != nil {
		t.Fatalf("%d got more time twice: %v", n, err)
	}
	for id, until := range want {
		v, err := e.Get(ctx, e.Staff, id)
		if err != nil || !v.Details.Terms.CancelUntil.Equal(until) || v.Details.Terms.Prolonged != (id == during || id == after) {
			t.Errorf("booking at %s can be cancelled until %s, want %s: %v", v.Start.In(Seoul), v.Details.Terms.CancelUntil.In(Seoul), until, err)
		}
	}
	e.Clock.Set(At(0, 15, 30))
	for id, late := range map[string]bool{during: false, after: false, fresh: true} {
		v, err := e.Get(ctx, e.Staff, id)
		if err != nil {
			t.Fatal(err)
		}
		gone, err := e.Cancel(ctx, account.Actor{ID: v.AccountID, Grants: []account.Grant{{Role: account.Citizen}}}, id, booking.AttendRequest{})
		if err != nil || gone.Details.Late != late {
			t.Errorf("booking at %s is cancelled late %v, want %v: %v", v.Start.In(Seoul), gone.Details.Late, late, err)
		}
	}
}

func attendanceUnknown(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("one", At(0, 22, 0), 60))
	in := e.MustBook(t, e.Citizen(t, 2), Want("row", At(0, 22, 0), 60))
	e.Clock.Set(At(0, 22, 0))
	if _, err := e.CheckIn(ctx, e.Staff, in.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	e.Clock.Set(At(0, 23, 14))
	if n, err := e.CompleteDue(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	e.Clock.Set(At(0, 23, 16))
	if n, err := e.CompleteDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	done, _ := e.Get(ctx, e.Staff, in.ID)
	if done.Status != booking.Completed || !done.EndedAt.Equal(done.End) {
		t.Fatalf("%+v", done.Booking)
	}
	e.Clock.Set(At(1, 0, 1)) // closed: the day is over
	if n, err := e.CompleteDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	got, _ := e.Get(ctx, who, v.ID)
	if got.Status != booking.Completed || got.Details.Attendance != "unknown" {
		t.Fatalf("%+v", got.Booking)
	}
	if n := e.outbox(t, "booking.completed", v.ID); n != 0 {
		t.Fatal("the survey asks somebody of whom nobody knows whether they came")
	}
}

// outbox counts events of a kind about a booking.
func (e *Engine) outbox(t *testing.T, kind, subject string) int {
	t.Helper()
	n, err := store.Read(context.Background(), e.DB, func(ctx context.Context, tx *store.Tx) (int, error) {
		var n int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM outbox WHERE kind = $1 AND subject = $2`, kind, subject).Scan(&n)
		return n, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func walkIns(t *testing.T, e *Engine) {
	ctx := context.Background()
	seat := func(n, minutes int) (*booking.View, error) {
		v, _, err := e.WalkIn(ctx, e.Staff, booking.WalkInRequest{CenterID: "c", EquipmentID: "row", Minutes: minutes, Name: fmt.Sprintf("방문%d", n), Phone: fmt.Sprintf("010-2000-%04d", n), Consent: "counter"})
		return v, err
	}
	units := map[int]bool{}
	e.Clock.Set(At(0, 9, 10).Add(30 * time.Second))
	for n := range 8 {
		v, err := seat(n, 20)
		if err != nil || v.Status != booking.CheckedIn || !v.Start.Equal(At(0, 9, 10)) {
			t.Fatalf("%d: %v", n, explain(err))
		}
		units[v.Unit] = true
	}
	if len(units) != 8 {
		t.Fatalf("units %v", units)
	}
	_, err := seat(9, 20)
	f := Refused(t, err, "slot_taken")
	if when, ok := f.Extra["free_at"].(*time.Time); !ok || !when.Equal(At(0, 9, 30)) {
		t.Fatalf("free at %v", f.Extra["free_at"])
	}
	// Their time is over, but nobody has left: the units count as in use.
	e.Clock.Set(At(0, 9, 35))
	_, err = seat(9, 20)
	Refused(t, err, "slot_taken")
	e.Clock.Set(At(0, 9, 45))
	if n, err := e.CompleteDue(ctx); n != 8 || err != nil {
		t.Fatal(n, err)
	}
	if v, err := seat(9, 20); err != nil || !v.Start.Equal(At(0, 9, 45)) {
		t.Fatal(explain(err))
	}
	stranger := account.Actor{ID: "x", Grants: []account.Grant{{Role: account.Staff, Center: "elsewhere"}}}
	_, _, err = e.WalkIn(ctx, stranger, booking.WalkInRequest{CenterID: "c", EquipmentID: "row", Minutes: 5, Name: "방문"})
	Refused(t, err, "forbidden")
}

func jobStates(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	req := Want("staffed", At(2, 10, 0), 60)
	req.Job = &booking.JobRequest{What: "원단 재단", Quantity: 30}
	v := e.MustBook(t, who, req)
	if v.Details.Job.State != booking.JobWaiting || v.Details.Terms.CheckInUntil != nil {
		t.Fatalf("%+v", v.Details)
	}
	step := func(s booking.JobState) *booking.View {
		got, err := e.ChangeJob(ctx, e.Staff, v.ID, booking.JobChange{State: s})
		if err != nil {
			t.Fatal(s, explain(err))
		}
		return got
	}
	if got := step(booking.JobReceived); got.Status != booking.CheckedIn { // two days before
		t.Fatal(got.Status)
	}
	step(booking.JobWorking)
	_, err := e.ChangeJob(ctx, e.Staff, v.ID, booking.JobChange{State: booking.JobReceived})
	Refused(t, err, "state_conflict")
	more, _, err := e.Continue(ctx, e.Staff, v.ID, At(3, 10, 0), At(3, 12, 0), nil)
	if err != nil || more.Details.JobOf != v.ID || more.Status != booking.CheckedIn || more.Counted {
		t.Fatal(more, explain(err))
	}
	e.Clock.Set(At(3, 12, 0))
	if _, err := e.ChangeJob(ctx, e.Staff, more.ID, booking.JobChange{State: booking.JobReady}); err != nil {
		t.Fatal(explain(err))
	}
	if n, err := e.JobSurveyDue(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	e.Clock.Set(At(5, 12, 1))
	if n, err := e.JobSurveyDue(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	got, err := e.ChangeJob(ctx, e.Staff, more.ID, booking.JobChange{State: booking.JobCollected})
	if err != nil || got.Status != booking.Completed {
		t.Fatal(explain(err))
	}
}

func outageRescues(t *testing.T, e *Engine) {
	ctx := context.Background()
	a, b := e.MustBook(t, e.Citizen(t, 1), Want("row", At(0, 9, 0), 120)), e.MustBook(t, e.Citizen(t, 2), Want("one", At(1, 10, 0), 60))
	if _, err := e.CheckIn(ctx, e.Staff, a.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(err)
	}
	coming := e.MustBook(t, e.Citizen(t, 3), func() booking.BookRequest { r := Want("row", At(0, 14, 0), 60); r.Unit = a.Unit; return r }())
	e.Clock.Set(At(0, 9, 30))
	until := At(0, 18, 0)
	_, hit, _, err := e.ReportOutage(ctx, e.Staff, booking.OutageRequest{EquipmentID: "row", Unit: a.Unit, From: At(0, 9, 30), To: &until, Reason: "바늘대 고장", Kind: booking.Fault})
	if err != nil || len(hit) != 2 {
		t.Fatal(hit, explain(err))
	}
	became := map[string]string{}
	for _, h := range hit {
		became[h.ID] = h.Became
	}
	if became[a.ID] != "ended" || became[coming.ID] != "moved" {
		t.Fatal(became)
	}
	moved, _ := e.Get(ctx, e.Staff, coming.ID)
	if moved.Unit == a.Unit || moved.Status != booking.Confirmed {
		t.Fatalf("%+v", moved.Booking)
	}
	expected := At(3, 0, 0)
	o, hit, _, err := e.ReportOutage(ctx, e.Staff, booking.OutageRequest{EquipmentID: "one", From: At(0, 9, 30), ExpectedUntil: &expected, Reason: "모터 고장", Kind: booking.Fault})
	if err != nil || len(hit) != 1 || hit[0].Became != "cancelled" {
		t.Fatal(hit, explain(err))
	}
	gone, _ := e.Get(ctx, e.Staff, b.ID)
	if gone.Status != booking.Cancelled || gone.Details.Cause != "center" || gone.Counted {
		t.Fatalf("%+v", gone.Booking)
	}
	_, _, err = e.Book(ctx, e.Citizen(t, 4), Want("one", At(1, 10, 0), 60))
	Refused(t, err, "outage")
	e.Clock.Set(At(3, 1, 0)) // the expected end has passed, nobody said it works again
	_, _, err = e.Book(ctx, e.Citizen(t, 5), Want("one", At(3, 10, 0), 60))
	Refused(t, err, "outage")
	now := At(3, 1, 0)
	if _, _, err := e.ChangeOutage(ctx, e.Staff, "one", o.ID, booking.OutagePatch{To: &now}); err != nil {
		t.Fatal(explain(err))
	}
	e.MustBook(t, e.Citizen(t, 6), Want("one", At(3, 10, 0), 60))
}

func strictMachine(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	v := e.MustBook(t, who, Want("strict", At(0, 12, 0), 60))
	if v.Status != booking.Pending || !slices.Contains(v.Details.NeedsStaff, "certificate") {
		t.Fatalf("%+v", v.Booking)
	}
	tooMany := Want("strict", At(0, 14, 0), 60)
	tooMany.People = 4
	_, _, err := e.Book(ctx, who, tooMany)
	Refused(t, err, "too_many_people")
	if _, err := e.Approve(ctx, e.Staff, v.ID, booking.ApproveRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	e.Clock.Set(At(0, 10, 30)) // after the limit of two hours before
	_, err = e.Cancel(ctx, who, v.ID, booking.AttendRequest{})
	Refused(t, err, "too_late")
	_, err = e.Cancel(ctx, e.Staff, v.ID, booking.AttendRequest{})
	Refused(t, err, "validation")
	off, err := e.Cancel(ctx, e.Staff, v.ID, booking.AttendRequest{Reason: "전화로 부탁"})
	if err != nil || off.Details.Cause != "staff" {
		t.Fatal(explain(err))
	}
}

func limitOfPerson(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	for k := range 3 {
		e.MustBook(t, who, Want("few", At(1+k, 10, 0), 60))
	}
	_, _, err := e.Book(ctx, who, Want("few", At(5, 10, 0), 60))
	Refused(t, err, "limit")
	x, err := e.Explain(ctx, who, "few", At(5, 10, 0), At(5, 11, 0))
	if err != nil || x.Allowed || x.Violations[0].Code != "limit" || *x.Violations[0].Used != 3 {
		t.Fatalf("%+v %v", x, err)
	}
	over := Want("few", At(5, 10, 0), 60)
	over.For, over.Override = &booking.ForWhom{AccountID: who.ID}, "수업 준비"
	e.MustBook(t, e.Staff, over)
	e.MustBook(t, e.Citizen(t, 2), Want("few", At(5, 10, 0), 60))
}

func findAndBoard(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1234)
	v := e.MustBook(t, who, Want("one", At(0, 10, 0), 60))
	e.MustBook(t, e.Citizen(t, 2), Want("row", At(1, 10, 0), 60))
	for _, q := range []string{"1234", "시민1", "ㅅㅁ", v.Code, booking.ShowCode(v.Code), "https://x.test/b/" + v.Code, v.ID} {
		got, err := e.Find(ctx, e.Staff, "c", q)
		if err != nil || len(got) != 1 || got[0].ID != v.ID || got[0].Person.Name == "시민1234" {
			t.Errorf("find %q: %v %v", q, got, explain(err))
		}
	}
	e.Clock.Set(At(0, 10, 16))
	b, err := e.Today(ctx, e.Staff, "c", "")
	if err != nil || len(b.ToConfirm) != 1 || b.Counts["confirmed"] != 1 || len(b.Machines) != 1+8+1+1+1+64+1 {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := e.CheckIn(ctx, e.Staff, v.ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	// Who sits at a machine today does not stand on tomorrow's board; who stays over midnight stands on the next day's.
	if b, err = e.Today(ctx, e.Staff, "c", booking.DateOf(At(1, 9, 0), At(1, 9, 0).Location())); err != nil || b.Counts["checked_in"] != 0 || b.Counts["confirmed"] != 1 {
		t.Errorf("tomorrow has %v %v", b.Counts, err)
	}
	e.Clock.Set(At(1, 9, 0))
	if b, err = e.Today(ctx, e.Staff, "c", ""); err != nil || b.Counts["checked_in"] != 1 {
		t.Errorf("the next day has %v %v", b.Counts, err)
	}
}

func listPages(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	want := map[string]bool{}
	for k := range 7 {
		want[e.MustBook(t, who, Want("row", At(1, 10+k/2, 0), 30)).ID] = true
	}
	l := booking.List{Scope: "mine", Limit: 3}
	for pages := 0; ; pages++ {
		p, err := e.List(ctx, who, l)
		if err != nil || pages > 3 {
			t.Fatal(pages, err)
		}
		for _, v := range p.Items {
			if !want[v.ID] {
				t.Fatalf("%s twice", v.ID)
			}
			delete(want, v.ID)
		}
		if l.Cursor = p.Next; p.Next == "" {
			break
		}
	}
	if len(want) != 0 {
		t.Fatalf("not listed: %v", want)
	}
}

// closureStatements counts what one booking with a key costs on the writer.
func closureStatements(t *testing.T, open Opener) {
	var n counter
	e := NewEngine(t, open, nil, func(o *store.Options) { o.Count = n.add })
	who := e.Citizen(t, 1)
	e.MustBook(t, who, Want("row", At(1, 10, 0), 60)) // warms the catalog
	n.start()
	req := Want("row", At(1, 12, 0), 60)
	req.Key = &booking.Key{Caller: who.ID, Value: "k", Body: "b"}
	e.MustBook(t, who, req)
	got := n.writes()
	t.Logf("%d statements: %q", len(got), got)
	if len(got) > 8 {
		t.Errorf("%d statements in a booking closure", len(got))
	}
	// The reason of staff who waive a rule has a row of its own.
	n.start()
	req = Want("row", At(1, 14, 0), 60)
	req.For, req.Override, req.Key = &booking.ForWhom{AccountID: who.ID}, "멀리서 오십니다", &booking.Key{Caller: "s", Value: "k", Body: "b"}
	e.MustBook(t, e.Staff, req)
	if got := n.writes(); len(got) > 8 {
		t.Errorf("%d statements with a reason: %q", len(got), got)
	}
}
