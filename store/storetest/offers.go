package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// Offers is the contract of what people who run a center change: closures,
// holidays, centers, machines, rules; and of what becomes of bookings they hit.
func Offers(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Engine)
	}{
		{"a closure looks after everybody it hits", closureWithdraws},
		{"a closure by its key is told again", closureReplayed},
		{"who may close what, and when", closurePermissions},
		{"a closure is taken back", closureReopened},
		{"an outage by its key tells whom it hit", outageReplayed},
		{"maintenance that comes again", outageRepeats},
		{"maintenance that comes again ends as a whole", seriesEnds},
		{"a repair that is overdue", outageGoesOn},
		{"shorter hours", hoursShortened},
		{"a machine is retired", machineRetired},
		{"a center comes back with the machines it is told", centerComesBack},
		{"a holiday is added", holidayAdded},
		{"what is refused is refused by its field", offerRefused},
		{"rules change and bookings are listed", policyBreaks},
		{"rules are previewed and not written", policyPreview},
		{"a change replaces what was planned behind it", policyReplaces},
		{"lanes choose units", laneUnits},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, NewEngine(t, open, nil)) })
	}
}

var (
	manager = account.Actor{ID: "manager-1", Grants: []account.Grant{{Role: account.Manager, Center: "c"}}}
	admin   = account.Actor{ID: "admin-1", Grants: []account.Grant{{Role: account.Admin}}}
)

// became is what each booking came to, by name.
func became(list []booking.Affected, names map[string]*booking.View) string {
	var out []string
	for name, v := range names {
		for _, a := range list {
			if a.ID == v.ID {
				out = append(out, name+" "+a.Became)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func closing(center string, from, to time.Time) booking.ClosureRequest {
	return booking.ClosureRequest{Center: center, From: from, To: to, Reason: "폭설"}
}

func closureWithdraws(t *testing.T, e *Engine) {
	ctx := context.Background()
	on := map[string]*booking.View{
		"running": e.MustBook(t, e.Citizen(t, 1), Want("row", At(0, 9, 0), 180)),
		"later":   e.MustBook(t, e.Citizen(t, 2), Want("row", At(0, 11, 30), 60)),
		"before":  e.MustBook(t, e.Citizen(t, 3), Want("one", At(0, 10, 0), 60)),
		"asked":   e.MustBook(t, e.Citizen(t, 4), Want("laser", At(0, 15, 0), 60)),
		"after":   e.MustBook(t, e.Citizen(t, 5), Want("one", At(1, 10, 0), 60)),
	}
	if _, err := e.CheckIn(ctx, e.Staff, on["running"].ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	e.Clock.Set(At(0, 10, 0))
	_, hit, _, err := e.Close(ctx, e.Staff, closing("c", At(0, 11, 0), At(1, 0, 0)))
	if got := became(hit, on); err != nil || got != "asked cancelled, later cancelled, running shortened" || len(hit) != 3 {
		t.Fatalf("%s: %s", got, explain(err))
	}
	running, _ := e.Get(ctx, e.Staff, on["running"].ID)
	if running.Status != booking.CheckedIn || !running.End.Equal(At(0, 11, 0)) || running.Counted || running.Details.Cause != "center" {
		t.Errorf("who is at the machine stays until it closes: %+v", running.Booking)
	}
	gone, _ := e.Get(ctx, e.Staff, on["later"].ID)
	if gone.Status != booking.Cancelled || gone.Details.Cause != "center" || gone.Counted || gone.Details.Late || gone.Details.Reason != "폭설" {
		t.Errorf("%+v", gone.Booking)
	}
	if n := number(t, e.DB, "SELECT COUNT(*) FROM outbox WHERE kind = 'outage.affected'"); n != 3 {
		t.Errorf("%d people are told, want 3", n)
	}
	_, _, err = e.Book(ctx, e.Citizen(t, 6), Want("one", At(0, 13, 0), 60))
	Refused(t, err, "closed")
	_, hit, _, err = e.Close(ctx, e.Staff, closing("c", At(0, 10, 0), At(0, 11, 0)))
	if got := became(hit, on); err != nil || got != "before cancelled, running ended" {
		t.Fatalf("at once: %s: %s", got, explain(err))
	}
	if days, err := e.Availability(ctx, account.Actor{}, "one", "2026-11-23", 1); err != nil || days.Days[0].Slots[len(days.Days[0].Slots)-1].Interval.End.After(At(0, 10, 0)) {
		t.Errorf("slots stand in closed time: %s", explain(err))
	}
}

func closureReplayed(t *testing.T, e *Engine) {
	ctx := context.Background()
	v := e.MustBook(t, e.Citizen(t, 1), Want("one", At(0, 15, 0), 60))
	req := closing("c", At(0, 14, 0), At(0, 18, 0))
	req.Key = &booking.Key{Caller: "s", Value: "k", Body: "b"}
	one, hit, again, err := e.Close(ctx, e.Staff, req)
	if err != nil || again || len(hit) != 1 {
		t.Fatal(len(hit), explain(err))
	}
	two, told, again, err := e.Close(ctx, e.Staff, req)
	if err != nil || !again || two.ID != one.ID || len(told) != 1 || told[0].ID != v.ID || told[0].Became != "cancelled" || !told[0].Person.Masked {
		t.Errorf("%v %+v: %s", again, told, explain(err))
	}
	req.Key = &booking.Key{Caller: "s", Value: "k", Body: "other"}
	_, _, _, err = e.Close(ctx, e.Staff, req)
	Refused(t, err, "idempotency_mismatch")
}

func closurePermissions(t *testing.T, e *Engine) {
	other := account.Actor{ID: "staff-2", Grants: []account.Grant{{Role: account.Staff, Center: "d"}}}
	for name, c := range map[string]struct {
		who  account.Actor
		req  booking.ClosureRequest
		want string
	}{
		"staff today":            {e.Staff, closing("c", At(0, 20, 0), At(0, 21, 0)), ""},
		"staff tomorrow":         {e.Staff, closing("c", At(1, 0, 0), At(2, 0, 0)), ""},
		"staff the day after":    {e.Staff, closing("c", At(1, 0, 0), At(2, 1, 0)), "forbidden"},
		"staff of another":       {other, closing("c", At(0, 20, 0), At(0, 21, 0)), "forbidden"},
		"manager next month":     {manager, closing("c", At(40, 0, 0), At(41, 0, 0)), ""},
		"manager the whole city": {manager, closing("", At(40, 0, 0), At(41, 0, 0)), "forbidden"},
		"admin the whole city":   {admin, closing("", At(50, 0, 0), At(51, 0, 0)), ""},
		"a person":               {e.Citizen(t, 1), closing("c", At(0, 20, 0), At(0, 21, 0)), "forbidden"},
		"nowhere":                {admin, closing("nowhere", At(0, 20, 0), At(0, 21, 0)), "not_found"},
		"the past":               {admin, closing("c", At(-2, 0, 0), At(-1, 0, 0)), "validation"},
		"backwards":              {admin, closing("c", At(2, 0, 0), At(1, 0, 0)), "validation"},
		"for ever":               {admin, closing("c", At(2, 0, 0), At(2000, 0, 0)), "validation"},
	} {
		if _, _, _, err := e.Close(context.Background(), c.who, c.req); fault.Code(err) != c.want {
			t.Errorf("%s: %s, want %q", name, explain(err), c.want)
		}
	}
}

func closureReopened(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	p, _, _, err := e.Close(ctx, manager, closing("c", At(5, 0, 0), At(8, 0, 0)))
	if err != nil {
		t.Fatal(explain(err))
	}
	_, _, err = e.Book(ctx, who, Want("one", At(5, 10, 0), 60))
	Refused(t, err, "closed")
	if err := e.Reopen(ctx, e.Staff, p.ID); fault.Code(err) != "forbidden" {
		t.Errorf("staff open what lies far ahead: %v", err)
	}
	e.Clock.Set(At(6, 9, 0))
	if err := e.Reopen(ctx, manager, p.ID); err != nil {
		t.Fatal(explain(err))
	}
	if err := e.Reopen(ctx, manager, p.ID); fault.Code(err) != "state_conflict" {
		t.Errorf("twice: %v", err)
	}
	if list, err := e.Closures(ctx, manager, "c"); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	e.MustBook(t, who, Want("one", At(6, 10, 0), 60))
	c := loadCatalog(t, e.DB)
	center, _ := c.Center("c")
	if day := c.Day(center, "2026-11-28"); day.Closed == "" {
		t.Error("the days that were closed stay closed")
	}
}

func outageReplayed(t *testing.T, e *Engine) {
	ctx := context.Background()
	e.MustBook(t, e.Citizen(t, 1), Want("one", At(1, 10, 0), 60))
	to := At(1, 18, 0)
	req := booking.OutageRequest{EquipmentID: "one", From: At(1, 9, 0), To: &to, Reason: "모터 고장", Kind: booking.Fault, Key: &booking.Key{Caller: "s", Value: "k", Body: "b"}}
	for round := range 2 {
		_, hit, again, err := e.ReportOutage(ctx, e.Staff, req)
		if err != nil || again != (round == 1) || len(hit) != 1 || hit[0].Became != "cancelled" {
			t.Errorf("round %d: %v %+v %s", round, again, hit, explain(err))
		}
	}
}

// seriesEnds: from a day on the times that have not begun fall away and can be booked; another series stays.
func seriesEnds(t *testing.T, e *Engine) {
	ctx := context.Background()
	report := func(machine string, repeat *booking.Repeat) *booking.Outage {
		t.Helper()
		to := At(1, 12, 0)
		o, _, _, err := e.ReportOutage(ctx, e.Staff, booking.OutageRequest{EquipmentID: machine, From: At(1, 9, 0), To: &to, Reason: "점검", Kind: booking.Maintenance, Repeat: repeat})
		if err != nil {
			t.Fatal(explain(err))
		}
		return o
	}
	weekly := &booking.Repeat{Every: "week", Until: "2026-12-29"}
	one, other := report("one", weekly), report("few", weekly)
	single := report("clean", nil)
	left := func(machine string) int {
		t.Helper()
		list, err := e.Outages(ctx, e.Staff, machine)
		if err != nil {
			t.Fatal(explain(err))
		}
		return len(list)
	}
	for want, try := range map[string]struct {
		actor account.Actor
		o     *booking.Outage
		end   booking.SeriesEnd
	}{
		"forbidden":      {e.Citizen(t, 1), one, booking.SeriesEnd{Reason: "x"}},
		"validation":     {e.Staff, one, booking.SeriesEnd{Reason: " "}},
		"state_conflict": {e.Staff, single, booking.SeriesEnd{Reason: "x"}},
	} {
		if _, err := e.EndSeries(ctx, try.actor, try.o.EquipmentID, try.o.ID, try.end); fault.Code(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	end := booking.SeriesEnd{From: "2026-12-01", Reason: "주기가 바뀌었습니다", Preview: true}
	if list, err := e.EndSeries(ctx, e.Staff, "one", one.ID, end); err != nil || len(list) != 5 || !list[0].From.Equal(At(8, 9, 0)) || left("one") != 6 {
		t.Fatalf("the preview tells %d and leaves %d: %s", len(list), left("one"), explain(err))
	}
	end.Preview = false
	if list, err := e.EndSeries(ctx, e.Staff, "one", one.ID, end); err != nil || len(list) != 5 || left("one") != 1 || left("few") != 6 {
		t.Fatalf("%d end, %d and %d are left: %s", len(list), left("one"), left("few"), explain(err))
	}
	e.MustBook(t, e.Citizen(t, 2), Want("one", At(8, 10, 0), 60))
	if n := number(t, e.DB, "SELECT COUNT(*) FROM audit JOIN audit_reason ON audit_seq = seq WHERE action = 'outage.end_series' AND subject = '"+one.ID+"' AND body = '주기가 바뀌었습니다'"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if f := Refused(t, func() error { _, err := e.EndSeries(ctx, e.Staff, "one", one.ID, end); return err }(), "validation"); f.Fields[0].Rule != "series_over" {
		t.Errorf("%+v", f.Fields)
	}
	e.Clock.Set(At(8, 10, 0)) // the second one runs
	if list, err := e.EndSeries(ctx, e.Staff, "few", other.ID, booking.SeriesEnd{Reason: "x"}); err != nil || len(list) != 4 || left("few") != 1 {
		t.Errorf("%d end, %d is left: %s", len(list), left("few"), explain(err))
	}
}

func outageRepeats(t *testing.T, e *Engine) {
	ctx := context.Background()
	on := map[string]*booking.View{}
	for i, day := range []int{1, 8, 9} {
		on[fmt.Sprint("day ", day)] = e.MustBook(t, e.Citizen(t, i+1), Want("one", At(day, 10, 0), 60))
	}
	to := At(1, 12, 0)
	req := booking.OutageRequest{EquipmentID: "one", From: At(1, 9, 0), To: &to, Reason: "정기 점검", Kind: booking.Maintenance, Repeat: &booking.Repeat{Every: "week", Until: "2026-12-15"}}
	first, hit, _, err := e.ReportOutage(ctx, e.Staff, req)
	if got := became(hit, on); err != nil || got != "day 1 cancelled, day 8 cancelled" || first.Series != first.ID {
		t.Fatalf("%s: %s", got, explain(err))
	}
	list, err := e.Outages(ctx, e.Staff, "one")
	if err != nil || len(list) != 4 || !list[3].From.Equal(At(22, 9, 0)) || list[3].Series != first.ID {
		t.Fatalf("%d rows: %s", len(list), explain(err))
	}
	req.Repeat = &booking.Repeat{Every: "month", Until: "2027-02-28"}
	req.EquipmentID, req.From = "clean", time.Date(2026, 11, 30, 9, 0, 0, 0, Seoul)
	to = req.From.Add(time.Hour)
	if _, _, _, err := e.ReportOutage(ctx, e.Staff, req); err != nil {
		t.Fatal(explain(err))
	}
	var days []string
	list, _ = e.Outages(ctx, e.Staff, "clean")
	for _, o := range list {
		days = append(days, o.From.In(Seoul).Format("01-02"))
	}
	if got := strings.Join(days, " "); got != "11-30 12-30 01-30 02-28" {
		t.Errorf("months: %s", got)
	}
	for field, r := range map[string]booking.OutageRequest{
		"to":           {Repeat: &booking.Repeat{Every: "week", Until: "2026-12-15"}, ExpectedUntil: &to},
		"repeat.until": {Repeat: &booking.Repeat{Every: "week", Until: "2020-12-15"}, To: &to},
		"repeat.every": {Repeat: &booking.Repeat{Every: "hour", Until: "2026-12-15"}, To: &to},
	} {
		r.EquipmentID, r.From, r.Reason, r.Kind = "few", req.From, "점검", booking.Maintenance
		_, _, _, err := e.ReportOutage(ctx, e.Staff, r)
		if f := Refused(t, err, "validation"); f.Fields[0].Field != field {
			t.Errorf("%s: %+v", field, f.Fields)
		}
	}
}

func outageGoesOn(t *testing.T, e *Engine) {
	ctx := context.Background()
	expected := At(1, 9, 0)
	if _, _, _, err := e.ReportOutage(ctx, e.Staff, booking.OutageRequest{EquipmentID: "one", From: At(0, 9, 0), ExpectedUntil: &expected, Reason: "부품 대기", Kind: booking.Fault}); err != nil {
		t.Fatal(explain(err))
	}
	soon, far := e.MustBook(t, e.Citizen(t, 1), Want("one", At(1, 15, 0), 60)), e.MustBook(t, e.Citizen(t, 2), Want("one", At(2, 15, 0), 60))
	if n, err := e.OutageDue(ctx); n != 0 || err != nil {
		t.Fatalf("not overdue yet: %d %v", n, err)
	}
	e.Clock.Set(At(1, 9, 0))
	if n, err := e.OutageDue(ctx); n != 1 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if n, err := e.OutageDue(ctx); n != 0 || err != nil {
		t.Fatalf("looked after twice: %d %v", n, err)
	}
	gone, _ := e.Get(ctx, e.Staff, soon.ID)
	stays, _ := e.Get(ctx, e.Staff, far.ID)
	if gone.Status != booking.Cancelled || gone.Details.Cause != "center" || stays.Status != booking.Confirmed {
		t.Errorf("%s %s", gone.Status, stays.Status)
	}
	e.Clock.Set(At(1, 16, 0))
	if n, err := e.OutageDue(ctx); n != 1 || err != nil {
		t.Errorf("the next day comes: %d %v", n, err)
	}
}
