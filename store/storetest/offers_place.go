package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// set writes fields of a change.
func set(version int, affected string, pairs ...string) booking.PlaceChange {
	ch := booking.PlaceChange{Deciding: booking.Deciding{Version: version, Affected: affected}, Set: map[string]json.RawMessage{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		ch.Set[pairs[i]] = json.RawMessage(pairs[i+1])
	}
	return ch
}

func hoursShortened(t *testing.T, e *Engine) {
	ctx := context.Background()
	on := map[string]*booking.View{"late": e.MustBook(t, e.Citizen(t, 1), Want("one", At(1, 19, 0), 60)), "noon": e.MustBook(t, e.Citizen(t, 2), Want("one", At(1, 12, 0), 60))}
	hours := week("09:00", "18:00")
	out, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "hours", hours, "address", `"새 주소"`))
	if err != nil || became(out.Affected, on) != "late kept" || out.Affected[0].Why != "outside_hours" {
		t.Fatalf("%+v: %s", out, explain(err))
	}
	center, _ := out.Catalog.Center("c")
	if center.Version != 2 || center.Address != "새 주소" || center.Name.Ko != "시험 센터" || len(center.Equipment) != 7 || center.Equipment[0].Policy.SlotMinutes != 30 {
		t.Errorf("what was left out changed: %+v", center)
	}
	if _, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "address", `"x"`)); fault.Code(err) != "stale" {
		t.Errorf("an old version: %v", err)
	}
	now, _ := e.Catalog(ctx)
	if kept, _ := now.Center("c"); kept.Version != center.Version {
		t.Errorf("the change tells version %d, kept is %d", center.Version, kept.Version)
	}
	if out, err = e.ChangeCenter(ctx, manager, "c", set(center.Version, "cancel", "hours", week("14:00", "18:00"))); err != nil || became(out.Affected, on) != "noon cancelled" {
		t.Errorf("%+v: %s", out, explain(err))
	}
	if _, err := e.ChangeCenter(ctx, e.Staff, "c", set(3, "")); fault.Code(err) != "forbidden" {
		t.Errorf("staff: %v", err)
	}
}

func machineRetired(t *testing.T, e *Engine) {
	ctx, gone := context.Background(), true
	on := map[string]*booking.View{"running": e.MustBook(t, e.Citizen(t, 1), Want("one", At(0, 9, 0), 60)), "coming": e.MustBook(t, e.Citizen(t, 2), Want("one", At(1, 12, 0), 60))}
	if _, err := e.CheckIn(ctx, e.Staff, on["running"].ID, booking.AttendRequest{}); err != nil {
		t.Fatal(explain(err))
	}
	ch := set(1, "cancel")
	ch.Retired = &gone
	out, err := e.ChangeEquipment(ctx, manager, "one", ch)
	if err != nil || became(out.Affected, on) != "coming cancelled, running ended" {
		t.Fatalf("%+v: %s", out, explain(err))
	}
	if _, _, err = e.Book(ctx, e.Citizen(t, 3), Want("one", At(1, 10, 0), 60)); fault.Code(err) != "policy" {
		t.Errorf("a retired machine: %s", explain(err))
	}
	bookedAt := Want("row", At(1, 10, 0), 60)
	bookedAt.Unit = 8
	e.MustBook(t, e.Citizen(t, 4), bookedAt)
	_, err = e.ChangeEquipment(ctx, manager, "row", set(1, "cancel", "quantity", "7"))
	if f := Refused(t, err, "validation"); f.Fields[0].Field != "quantity" || f.Fields[0].Limit != "8" {
		t.Errorf("%+v", f.Fields)
	}
}

// centerComesBack: who retires a center retires none of its machines; each one
// is decided when the center comes back, in the same transaction.
func centerComesBack(t *testing.T, e *Engine) {
	ctx := context.Background()
	change := func(retired bool, machines map[string]bool) error {
		t.Helper()
		c, err := e.Catalog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := c.Center("c")
		_, err = e.ChangeCenter(ctx, manager, "c", booking.PlaceChange{Deciding: booking.Deciding{Version: v.Version}, Retired: &retired, Machines: machines})
		return err
	}
	offered := func() (n int, one, row bool) {
		t.Helper()
		c := loadCatalog(t, e.DB)
		v, _ := c.Center("c")
		for _, m := range v.Equipment {
			if !m.Retired {
				n++
				one, row = one || m.ID == "one", row || m.ID == "row"
			}
		}
		return n, one, row
	}
	all, _, _ := offered()
	if err := change(true, nil); err != nil {
		t.Fatal(explain(err))
	}
	if n, _, _ := offered(); n != 0 {
		t.Errorf("a retired center offers %d machines", n)
	}
	if f := Refused(t, change(false, map[string]bool{"none": true}), "validation"); f.Fields[0].Field != "machines" {
		t.Errorf("%+v", f.Fields)
	}
	if err := change(false, map[string]bool{"one": false, "row": true}); err != nil {
		t.Fatal(explain(err))
	}
	if n, one, row := offered(); n != all-1 || one || !row {
		t.Errorf("%d of %d machines came back, one %v, row %v", n, all, one, row)
	}
	if err := change(false, map[string]bool{"one": true}); err != nil {
		t.Fatal(explain(err))
	}
	if n, _, _ := offered(); n != all {
		t.Errorf("%d of %d machines are offered", n, all)
	}
}

func holidayAdded(t *testing.T, e *Engine) {
	ctx := context.Background()
	if _, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "closed_on_public_holidays", "true")); err != nil {
		t.Fatal(explain(err))
	}
	v := e.MustBook(t, e.Citizen(t, 1), Want("one", At(2, 10, 0), 60))
	list := []booking.Holiday{{Date: "2026-11-25", Ko: "임시공휴일"}}
	if _, err := e.SetHolidays(ctx, manager, list, booking.Deciding{}); fault.Code(err) != "forbidden" {
		t.Errorf("a manager of one center: %v", err)
	}
	version := loadCatalog(t, e.DB).HolidayVersion()
	out, err := e.SetHolidays(ctx, admin, list, booking.Deciding{Version: version, Affected: "cancel"})
	if err != nil || len(out.Affected) != 1 || out.Affected[0].Why != "holiday" {
		t.Fatalf("%+v: %s", out, explain(err))
	}
	if now := loadCatalog(t, e.DB).HolidayVersion(); now == version || now != out.Catalog.HolidayVersion() {
		t.Errorf("version %d, before %d", now, version)
	}
	_, err = e.SetHolidays(ctx, admin, nil, booking.Deciding{Version: version})
	if c := loadCatalog(t, e.DB); fault.Code(err) != "stale" || len(c.Holidays) != 1 {
		t.Errorf("a table that was read before: %v, %d holidays", err, len(c.Holidays))
	}
	Refused(t, func() error { _, err := e.SetHolidays(ctx, admin, nil, booking.Deciding{}); return err }(), "validation")
	gone, _ := e.Get(ctx, e.Staff, v.ID)
	if w := out.Catalog.HolidayWarnings("2026-11-23"); gone.Status != booking.Cancelled || len(w) != 1 || w[0].Rule != "holidays_end_soon" {
		t.Errorf("%s %v", gone.Status, w)
	}
}

func offerRefused(t *testing.T, e *Engine) {
	ctx := context.Background()
	revision := loadCatalog(t, e.DB).Revision
	for want, try := range map[string]func() error{
		"hours.mon order": func() error {
			_, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "hours", `{"mon": ["18:00", "09:00"]}`))
			return err
		},
		"name.ko text": func() error {
			_, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "name", `{"ko": ""}`))
			return err
		},
		"colour unknown_key": func() error { _, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "colour", `"red"`)); return err },
		"district schema": func() error {
			_, err := e.ChangeCenter(ctx, manager, "c", set(1, "", "district", `"`+strings.Repeat("구", 101)+`"`))
			return err
		},
		"quantity min": func() error {
			_, err := e.ChangeEquipment(ctx, manager, "one", set(1, "", "quantity", "0"))
			return err
		},
		"affected oneof": func() error { _, err := e.ChangeEquipment(ctx, manager, "one", set(1, "perhaps")); return err },
		"policy.slot_minutes max": func() error {
			_, err := e.ChangePolicy(ctx, manager, "one", rules("", `{"slot_minutes": 999}`))
			return err
		},
		"effective_from future": func() error {
			ch, past := rules("", `{}`), At(-1, 0, 0)
			ch.EffectiveFrom = &past
			_, err := e.ChangePolicy(ctx, manager, "one", ch)
			return err
		},
		"holidays[0].date date": func() error {
			_, err := e.SetHolidays(ctx, admin, []booking.Holiday{{Date: "2026-13-01", Ko: "x"}}, booking.Deciding{Version: loadCatalog(t, e.DB).HolidayVersion()})
			return err
		},
	} {
		f, ok := fault.As(try())
		if !ok || len(f.Fields) == 0 || !strings.HasPrefix(f.Fields[0].Field+" "+f.Fields[0].Rule, want) {
			t.Errorf("%s: %+v", want, f)
		}
	}
	if loadCatalog(t, e.DB).Revision != revision {
		t.Error("something was written")
	}
}

func rules(affected, policy string) booking.PolicyChange {
	ch := booking.PolicyChange{Deciding: booking.Deciding{Affected: affected}}
	if err := json.Unmarshal([]byte(policy), &ch.Values); err != nil {
		panic(err)
	}
	return ch
}

func policyBreaks(t *testing.T, e *Engine) {
	ctx, who := context.Background(), e.Citizen(t, 1)
	on := map[string]*booking.View{
		"long": e.MustBook(t, who, Want("one", At(1, 10, 0), 120)), "first": e.MustBook(t, who, Want("one", At(2, 10, 0), 60)),
		"second": e.MustBook(t, who, Want("one", At(3, 10, 0), 60)), "other": e.MustBook(t, e.Citizen(t, 2), Want("one", At(3, 12, 0), 60)),
	}
	rule := `{"max_minutes": 60, "limits": [{"count": "bookings", "max": 2, "per": "week", "over": "equipment"}]}`
	out, err := e.ChangePolicy(ctx, manager, "one", rules("", rule))
	if err != nil || became(out.Affected, on) != "long kept, second kept" {
		t.Fatalf("%+v: %s", became(out.Affected, on), explain(err))
	}
	kept, _ := e.Get(ctx, who, on["long"].ID)
	if kept.Status != booking.Confirmed {
		t.Error("what was booked stays by default")
	}
	_, _, err = e.Book(ctx, e.Citizen(t, 3), Want("one", At(1, 15, 0), 120))
	Refused(t, err, "too_long")
	out, err = e.ChangeCenterPolicy(ctx, manager, "c", rules("cancel", `{"slot_minutes": 30, "max_minutes": 240, "window": {"opens": {"days_before": 1}}, "late_cancel": "refused"}`))
	if err != nil || len(out.Affected) != 0 {
		t.Errorf("windows and terms do not reach back: %+v %s", out, explain(err))
	}
	out, err = e.ChangePolicy(ctx, manager, "one", rules("cancel", `{"slot_minutes": 30, "max_minutes": 30}`))
	if err != nil || became(out.Affected, on) != "first cancelled, other cancelled, second cancelled" {
		t.Errorf("%s: %s", became(out.Affected, on), explain(err))
	}
}

func policyPreview(t *testing.T, e *Engine) {
	ctx := context.Background()
	e.MustBook(t, e.Citizen(t, 1), Want("one", At(1, 10, 0), 120))
	revision := loadCatalog(t, e.DB).Revision
	ch, from := rules("", `{"slot_minutes": 60, "max_minutes": 60}`), At(1, 0, 0)
	ch.Preview, ch.EffectiveFrom = true, &from
	out, err := e.ChangePolicy(ctx, manager, "one", ch)
	if err != nil || len(out.Affected) != 1 || out.Affected[0].Became != "kept" || out.Affected[0].Why != "too_long" || len(out.Machines) != 1 {
		t.Fatalf("%+v: %s", out, explain(err))
	}
	m := out.Machines[0]
	if len(m.Days) != 7 || m.Days[0].Date != "2026-11-24" || len(m.Days[0].Slots) != 24 || m.Days[0].Slots[10].State != booking.SlotTaken ||
		!strings.Contains(strings.Join(m.Ko, " "), "1시간 동안") {
		t.Errorf("%+v", m)
	}
	if loadCatalog(t, e.DB).Revision != revision || number(t, e.DB, "SELECT COUNT(*) FROM policy_version") != 0 {
		t.Error("a preview writes nothing")
	}
	center := rules("", `{"slot_minutes": 30}`)
	center.Preview = true
	if out, err = e.ChangeCenterPolicy(ctx, manager, "c", center); err != nil || len(out.Machines) != 7 {
		t.Errorf("%+v: %s", out, explain(err))
	}
}

func policyReplaces(t *testing.T, e *Engine) {
	ctx := context.Background()
	change := func(day, most int) {
		t.Helper()
		ch, from := rules("", fmt.Sprintf(`{"max_minutes": %d}`, most)), At(day, 0, 0)
		if day > 0 {
			ch.EffectiveFrom = &from
		}
		if _, err := e.ChangePolicy(ctx, manager, "one", ch); err != nil {
			t.Fatal(explain(err))
		}
	}
	coming := func() string {
		c, err := e.Catalog(ctx)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := c.Machine("one")
		out := fmt.Sprint("now ", m.Policy.MaxMinutes)
		for _, r := range c.Coming(m, e.Clock.Now()) {
			out += fmt.Sprintf(", %s %d", r.From.In(Seoul).Format("01-02"), r.Policy.MaxMinutes)
		}
		return out
	}
	change(10, 60)
	change(20, 90)
	if got := coming(); got != "now 240, 12-03 60, 12-13 90" {
		t.Errorf("planned: %s", got)
	}
	change(15, 120)
	if got := coming(); got != "now 240, 12-03 60, 12-08 120" {
		t.Errorf("replaced: %s", got)
	}
	ch := rules("", `{}`)
	ch.Version = 2
	if _, err := e.ChangePolicy(ctx, manager, "one", ch); fault.Code(err) != "stale" {
		t.Errorf("an old version: %v", err)
	}
	take := func(w booking.PolicyWithdrawal) string {
		t.Helper()
		_, err := e.WithdrawPolicy(ctx, manager, "one", w)
		return fault.Code(err)
	}
	for want, w := range map[string]booking.PolicyWithdrawal{"validation": {No: 1}, "stale": {No: 1, Version: 2, Reason: "x"}, "not_found": {No: 4, Reason: "x"}, "state_conflict": {No: 2, Reason: "x"}} {
		if code := take(w); code != want {
			t.Errorf("%+v: %q, want %q", w, code, want)
		}
	}
	if _, err := e.WithdrawPolicy(ctx, e.Citizen(t, 9), "one", booking.PolicyWithdrawal{No: 1, Reason: "x"}); fault.Code(err) != "forbidden" {
		t.Errorf("a citizen: %v", err)
	}
	if code := take(booking.PolicyWithdrawal{No: 1, Version: 3, Reason: "의견을 더 듣습니다"}); code != "" {
		t.Fatal(code)
	}
	if got := coming(); got != "now 240, 12-08 120" {
		t.Errorf("the first one was taken back: %s", got)
	}
	if n := number(t, e.DB, "SELECT COUNT(*) FROM audit JOIN audit_reason ON audit_seq = seq WHERE action = 'equipment.policy_withdraw' AND subject = 'one' AND body = '의견을 더 듣습니다'"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if code := take(booking.PolicyWithdrawal{No: 3, Reason: "x"}); code != "state_conflict" {
		t.Errorf("a version that was said again under a new number: %q", code)
	}
	if code := take(booking.PolicyWithdrawal{No: 5, Reason: "x"}); code != "" {
		t.Fatal(code)
	}
	if got := coming(); got != "now 240" {
		t.Errorf("both were taken back: %s", got)
	}
	change(0, 30)
	if got := coming(); got != "now 30" {
		t.Errorf("at once: %s", got)
	}
}
