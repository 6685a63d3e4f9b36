package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// offerUnderLoad: colleagues book, move, cancel and hand over while closures are
// posted and taken back, outages reported, hours and rules changed. Nothing
// overlaps, nothing that was promised is lost without a reason, what was handed
// over is the colleague's, and nothing stands in time that the center took back.
func offerUnderLoad(t *testing.T, open Opener) {
	e, r := NewEngine(t, open, nil), seeded(t)
	people := citizens(t, e, 6)
	e.firm(t, "workshop", people...)
	steps := scale(40, 400)
	var mu sync.Mutex
	roll := func(n int) int { mu.Lock(); defer mu.Unlock(); return r.IntN(n) }
	promised := make([]map[string]promise, len(people))
	atOnce(len(people)+2, func(i int) {
		if i >= len(people) {
			for range steps / 4 {
				changeOffer(t, e, roll)
			}
			return
		}
		promised[i] = e.trade(t, people, i, steps, roll)
	})
	if n := Overlaps(t, e.DB); n != 0 {
		t.Fatalf("%d overlaps", n)
	}
	c := loadCatalog(t, e.DB)
	handed := 0
	for i, made := range promised {
		for id, p := range made {
			v, err := e.Get(context.Background(), people[p.owner], id)
			if err != nil || v.AccountID != people[p.owner].ID {
				t.Fatalf("%s was promised and is gone: %v", id, err)
			}
			standsOrSays(t, c, v, p.gaveUp)
			if p.owner != i {
				handed++
			}
		}
	}
	if handed == 0 {
		t.Error("nothing was handed over")
	}
}

// promise is what became of a booking by what people did: whose it is now, and
// whether they cancelled it.
type promise struct {
	owner  int
	gaveUp bool
}

// standsOrSays: a booking stands in time that is there, or says who ended it.
func standsOrSays(t *testing.T, c *booking.Catalog, v *booking.View, gaveUp bool) {
	t.Helper()
	switch {
	case v.Status == booking.Confirmed:
		for _, p := range c.Posted {
			if v.Interval().Overlaps(p.Stands()) {
				t.Errorf("%s stands in closure %s", v.ID, p.ID)
			}
		}
	case v.Status != booking.Cancelled || v.Details.Cause != "center" && !(gaveUp && v.Details.Cause == "person"):
		t.Errorf("%s is %s, cause %q", v.ID, v.Status, v.Details.Cause)
	}
}

// trade books, moves, cancels and hands over to colleagues as one of the
// people; it returns what was promised.
func (e *Engine) trade(t *testing.T, people []account.Actor, me, steps int, roll func(int) int) map[string]promise {
	ctx, who := context.Background(), people[me]
	promised := map[string]promise{}
	var mine []*booking.View
	for range steps {
		start := At(1+roll(3), 9+roll(8), 0)
		var err error
		var v *booking.View
		k, n := roll(5), 0
		if len(mine) > 0 {
			n = roll(len(mine))
		}
		switch {
		case k < 2 || len(mine) == 0:
			if v, _, err = e.Book(ctx, who, Want([]string{"one", "row"}[roll(2)], start, 60)); err == nil {
				mine, promised[v.ID] = append(mine, v), promise{owner: me}
			}
		case k == 2:
			if v, err = e.Move(ctx, who, mine[n].ID, booking.MoveRequest{Version: mine[n].Version, Start: start, End: start.Add(time.Hour)}); err == nil {
				mine[n] = v
			}
		case k == 3:
			mate := (me + 1 + roll(len(people)-1)) % len(people)
			if v, err = e.HandOver(ctx, who, mine[n].ID, people[mate].ID, 0); err == nil {
				promised[v.ID] = promise{owner: mate}
				mine = slices.Delete(mine, n, n+1)
			}
		default:
			if v, err = e.Cancel(ctx, who, mine[n].ID, booking.AttendRequest{}); err == nil {
				mine[n], promised[v.ID] = v, promise{owner: me, gaveUp: true}
			}
		}
		switch code := fault.Code(err); code {
		case "", "slot_taken", "state_conflict", "stale", "policy":
		default:
			t.Errorf("%s", explain(err))
		}
	}
	return promised
}

// changeOffer does one thing that people who run a center do.
func changeOffer(t *testing.T, e *Engine, roll func(int) int) {
	ctx := context.Background()
	from := At(1+roll(3), 9+roll(8), 0)
	to := from.Add(time.Duration(1+roll(3)) * time.Hour)
	var err error
	switch roll(5) {
	case 0:
		_, _, _, err = e.Close(ctx, manager, closing("c", from, to))
	case 1:
		var list []booking.Posted
		if list, err = e.Closures(ctx, manager, "c"); err == nil && len(list) > 0 {
			err = e.Reopen(ctx, manager, list[roll(len(list))].ID)
		}
	case 2:
		_, _, _, err = e.ReportOutage(ctx, e.Staff, booking.OutageRequest{EquipmentID: "row", Unit: 1 + roll(8), From: from, To: &to, Reason: "점검", Kind: booking.Maintenance})
	case 3:
		policy := fmt.Sprintf(`{"slot_minutes": 30, "max_minutes": %d, "lanes": [{"units": %d, "admits": ["first_time", "anyone"]}]}`, 30*(2+roll(4)), 1+roll(4))
		_, err = e.ChangePolicy(ctx, manager, "row", rules([]string{"", "cancel"}[roll(2)], policy))
	default:
		_, err = e.ChangeCenterPolicy(ctx, manager, "c", rules("keep", fmt.Sprintf(`{"slot_minutes": 30, "max_minutes": %d}`, 60*(1+roll(4)))))
	}
	switch code := fault.Code(err); code {
	case "", "stale", "state_conflict", "not_found", "validation":
	default:
		t.Errorf("%s", explain(err))
	}
}
