package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/store"
)

// renamed are a center and a machine that the engine's own catalog does not know.
var renamed = strings.NewReplacer(`"id": "c"`, `"id": "fresh"`, `"id": "one"`, `"id": "new"`)

// slotText is a catalog whose center has this policy.
func slotText(policy string) string {
	return renamed.Replace(catalogText("", week("09:00", "18:00"), `, "policy": `+policy, machineOne))
}

// rulesAt sets the clock and reads machine "new" through a cache.
func rulesAt(t *testing.T, e *Engine, cache *store.CatalogCache, at time.Time) (*booking.Catalog, *booking.Equipment) {
	t.Helper()
	e.Clock.Set(at)
	c, err := store.Read(context.Background(), e.DB, cache.In)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := c.Machine("new")
	return c, m
}

// policyVersions: a file's change waits for the next opening of the window, or
// for the instant it names; nothing is written when the time comes.
func policyVersions(t *testing.T, open Opener) {
	e, cache := NewEngine(t, open, nil), &store.CatalogCache{}
	saveCatalog(t, e.DB, slotText(`{"window": {"opens": {"days_before": 14, "at": "10:00"}}, "max_minutes": 240}`), "")
	changed := slotText(`{"window": {"opens": {"days_before": 14, "at": "10:00"}}, "max_minutes": 120}`)
	if saved := saveCatalog(t, e.DB, changed, ""); !saved.Changed {
		t.Error("a changed policy is a change")
	}
	if again := saveCatalog(t, e.DB, changed, ""); again.Changed {
		t.Error("the same file again plans nothing")
	}
	c, m := rulesAt(t, e, cache, At(0, 9, 0))
	coming := c.Coming(m, At(0, 9, 0))
	if m.Policy.MaxMinutes != 240 || len(coming) != 1 || !coming[0].From.Equal(At(0, 10, 0)) || coming[0].Policy.MaxMinutes != 120 ||
		!strings.Contains(fmt.Sprint(coming[0].Ko), "2시간까지") || !strings.Contains(fmt.Sprint(coming[0].En), "to 2 hours") {
		t.Fatalf("in force %d, coming %+v", m.Policy.MaxMinutes, coming)
	}
	before, _ := rulesAt(t, e, cache, At(0, 9, 59))
	after, m := rulesAt(t, e, cache, At(0, 10, 0))
	if before != c || after == c || after.Revision != c.Revision || m.Policy.MaxMinutes != 120 || len(after.Coming(m, At(0, 10, 0))) != 0 {
		t.Errorf("at ten o'clock %d minutes, coming %v", m.Policy.MaxMinutes, after.Coming(m, At(0, 10, 0)))
	}
	dated := slotText(`{"max_minutes": 60, "effective_from": "2026-12-01T09:00"}`)
	if saved := saveCatalog(t, e.DB, dated, ""); !saved.Changed {
		t.Error("a dated change is a change")
	}
	if again := saveCatalog(t, e.DB, dated, ""); again.Changed {
		t.Error("a dated change is planned once")
	}
	if _, m = rulesAt(t, e, cache, At(8, 8, 59)); m.Policy.MaxMinutes != 120 {
		t.Errorf("a minute early: %d", m.Policy.MaxMinutes)
	}
	if _, m = rulesAt(t, e, cache, At(8, 9, 0)); m.Policy.MaxMinutes != 60 {
		t.Errorf("on the day: %d", m.Policy.MaxMinutes)
	}
}

// versionJudges: the engine judges by the version in force when it is asked,
// whatever day the booking is for; what was booked keeps its terms.
func versionJudges(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	saveCatalog(t, e.DB, slotText(`{"max_minutes": 240, "cancel_until": {"hours_before": 1}}`), "")
	saveCatalog(t, e.DB, slotText(`{"max_minutes": 60, "cancel_until": {"hours_before": 9}, "effective_from": "2026-11-24"}`), "")
	who := e.Citizen(t, 1)
	kept := e.MustBook(t, who, Want("new", At(3, 10, 0), 120))
	e.Clock.Set(At(1, 0, 0))
	_, _, err := e.Book(context.Background(), who, Want("new", At(3, 13, 0), 120))
	Refused(t, err, "too_long")
	v, err := e.Get(context.Background(), who, kept.ID)
	if err != nil || !v.Details.Terms.CancelUntil.Equal(At(3, 9, 0)) {
		t.Errorf("the promised limit is %v, %v", v.Details.Terms.CancelUntil, err)
	}
}

// unsoundVersions: a change that could not be read when its time comes is refused when it is made.
func unsoundVersions(t *testing.T, open Opener) {
	e := NewEngine(t, open, nil)
	machine := strings.TrimSuffix(machineOne, "}") + `, "policy": {"max_minutes": 90}}`
	text := func(policy string) string {
		return renamed.Replace(catalogText("", week("09:00", "18:00"), `, "policy": `+policy, machine))
	}
	saveCatalog(t, e.DB, text(`{"slot_minutes": 30}`), "")
	file := readCatalog(t, text(`{"slot_minutes": 45}`))
	saveCatalog(t, e.DB, text(`{"slot_minutes": 45, "effective_from": "2027-01-01"}`), "")
	file.Centers[0].Policy["slot_minutes"] = []byte("60")
	_, err := store.SaveCatalog(context.Background(), e.DB, file, "keep", nil)
	refusedFor(t, err, "centers[0].equipment[0].policy.max_minutes multiple_of_slot")
}
