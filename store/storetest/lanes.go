package storetest

import (
	"context"
	"testing"

	"gongbang/account"
	"gongbang/booking"
)

// laneUnits: lanes decide which unit somebody gets, in a booking, a hold and a
// move, and what availability and search show.
func laneUnits(t *testing.T, e *Engine) {
	ctx, who, desk := context.Background(), e.Citizen(t, 1), e.Citizen(t, 2)
	saveCatalog(t, e.DB, renamed.Replace(catalogText("", week("09:00", "18:00"), "", `{"id": "one", "name": {"ko": "재단기", "en": "Cutter"}, "category": "k", "quantity": 2,
		"policy": {"lanes": [{"units": 1, "admits": ["anyone"]}, {"units": 1, "admits": ["first_time", {"due_within_days": 3}]}, {"times": ["12:00-13:00"], "admits": ["desk"]}]}}`)), "")
	free := func(who account.Actor, hour int) (booking.SlotState, int) {
		a, err := e.Availability(ctx, who, "new", "2026-11-24", 1)
		if err != nil {
			t.Fatal(explain(err))
		}
		s := a.Days[0].Slots[hour-9]
		return s.State, s.FreeUnits
	}
	if s, n := free(who, 10); s != booking.SlotFree || n != 2 {
		t.Errorf("somebody new sees %s %d", s, n)
	}
	first := Want("new", At(1, 9, 0), 60)
	first.Unit = 2
	e.MustBook(t, who, first) // the first use
	if s, n := free(who, 10); s != booking.SlotFree || n != 1 {
		t.Errorf("who was here before sees %s %d", s, n)
	}
	if s, n := free(who, 12); s != booking.SlotClosed || n != 0 {
		t.Errorf("what is kept for the desk is %s %d", s, n)
	}
	own := e.MustBook(t, who, Want("new", At(1, 10, 0), 60))
	if own.Unit != 1 {
		t.Errorf("unit %d is kept for others", own.Unit)
	}
	_, _, err := e.Book(ctx, who, Want("new", At(1, 10, 0), 60))
	Refused(t, err, "slot_taken")
	kept := Want("new", At(1, 10, 0), 60)
	kept.Unit = 2
	_, _, err = e.Book(ctx, who, kept)
	Refused(t, err, "lane")
	_, err = e.Move(ctx, who, own.ID, booking.MoveRequest{Version: own.Version, Start: At(1, 12, 0), End: At(1, 13, 0)})
	Refused(t, err, "lane")
	urgent := Want("new", At(1, 10, 0), 60)
	urgent.Job = &booking.JobRequest{What: "견본", DueDate: "2026-11-25"}
	if v := e.MustBook(t, who, urgent); v.Unit != 2 {
		t.Errorf("an urgent job is on unit %d", v.Unit)
	}
	h, err := e.Hold(ctx, desk, booking.HoldRequest{EquipmentID: "new", Start: At(1, 11, 0), End: At(1, 12, 0)})
	if err != nil {
		t.Fatal(explain(err))
	}
	e.MustBook(t, desk, booking.BookRequest{HoldID: h.ID})
	_, err = e.Hold(ctx, desk, booking.HoldRequest{EquipmentID: "new", Start: At(1, 12, 0), End: At(1, 13, 0)})
	Refused(t, err, "lane")
	phoned := Want("new", At(1, 12, 0), 60)
	phoned.For = &booking.ForWhom{AccountID: desk.ID}
	atNew := account.Actor{ID: "staff-9", Grants: []account.Grant{{Role: account.Staff, Center: "fresh"}}}
	e.MustBook(t, atNew, phoned)
	found, err := e.Search(ctx, booking.SearchQuery{Center: "fresh"}, booking.Interval{Start: At(2, 12, 0), End: At(2, 13, 0)})
	if err != nil || len(found) != 0 {
		t.Errorf("search offers what is kept for the desk: %v %v", found, err)
	}
}
