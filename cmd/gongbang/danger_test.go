package main

import (
	"context"
	"testing"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
	"gongbang/survey"
)

// TestADangerTakesTheMachineOut: a report opens one outage of the whole
// machine, whose bookings are looked after, however often it is delivered.
func TestADangerTakesTheMachineOut(t *testing.T) {
	env := folder(t)
	if s := cli(t, env, "", "import", catalogFile(t, 2, `["00:00","24:00"]`)); s.code != exitOK {
		t.Fatalf("%+v", s)
	}
	cfg, err := loadConfig(env, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	a, err := openApp(t.Context(), cfg, appOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	save := func(id, machine string) survey.Ticket {
		t.Helper()
		v := survey.Ticket{ID: id, Center: "test-center", Equipment: machine, Day: "2030-01-07", Text: "덮개 없음"}
		if _, err := store.NewSurveys(a.db).Do(t.Context(), func(ctx context.Context, tx survey.Tx) (any, error) { return nil, tx.SaveTicket(ctx, v) }); err != nil {
			t.Fatal(err)
		}
		return v
	}
	outage := func(id string) string {
		t.Helper()
		v, err := store.NewSurveys(a.db).Ticket(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return v.Outage
	}
	d := dangers{a}
	for _, id := range []string{"t1", "t2"} {
		ticket := save(id, "test-machine")
		for range 2 {
			if err := d.TakeOut(t.Context(), ticket); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := a.bookings.Outages(t.Context(), account.System("test"), "test-machine")
	if err != nil || len(list) != 1 || list[0].Unit != 0 || list[0].To != nil || list[0].Kind != booking.Fault || list[0].Reason != dangerReason {
		t.Fatalf("%+v %v", list, err)
	}
	if outage("t1") != list[0].ID || outage("t2") != list[0].ID {
		t.Errorf("the reports name %q and %q", outage("t1"), outage("t2"))
	}
	if err := d.TakeOut(t.Context(), save("t3", "sold")); err != nil || outage("t3") != "" {
		t.Errorf("a machine that is gone: %v %q", err, outage("t3"))
	}
}
