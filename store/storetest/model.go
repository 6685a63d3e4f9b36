package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// modelBooking is a booking as the model knows it: what it keeps, and whether it still does.
type modelBooking struct {
	machine    string
	unit       int
	start, end int // half hours since the morning
	buffer     int
	owner      int
	alive      bool
}

// model is what the engine must do, in a few lines: time is half hours.
type model []*modelBooking

func (m model) free(machine string, unit, start, end int, except *modelBooking) bool {
	for _, b := range m {
		if b != except && b.alive && b.machine == machine && b.unit == unit && start < b.end+b.buffer && b.start < end+b.buffer {
			return false
		}
	}
	return true
}

// anyFree tells whether some unit of the booking's machine is free for it.
func (m model) anyFree(b *modelBooking) bool {
	units := map[string]int{"one": 1, "clean": 1, "row": 8}[b.machine]
	for u := 1; u <= units; u++ {
		if m.free(b.machine, u, b.start, b.end, nil) {
			return true
		}
	}
	return false
}

// Model drives the same random actions through the model and through the
// engine over each database and demands the same outcome everywhere.
func Model(t *testing.T, opens ...Opener) {
	actions := scale(20, 100)
	done, engines := 0, make([]*Engine, len(opens))
	rapid.Check(t, func(r *rapid.T) {
		var people [][]account.Actor
		for i, open := range opens {
			if engines[i] == nil {
				engines[i] = NewEngine(t, open, nil)
			}
			engines[i].clear(t)
			people = append(people, personsOf(t, engines[i]))
		}
		var m model
		var ids [][]string // by booking of the model, by engine
		for range actions {
			done++
			act(r, t, &m, &ids, engines, people)
		}
		for _, e := range engines {
			if n := Overlaps(t, e.DB); n != 0 {
				r.Fatalf("%d overlaps", n)
			}
		}
	})
	t.Logf("%d actions, no difference", done)
}

var persons = map[*Engine][]account.Actor{}

func personsOf(t *testing.T, e *Engine) []account.Actor {
	if persons[e] == nil {
		persons[e] = citizens(t, e, 3)
	}
	return persons[e]
}

// act is one random action, done everywhere.
func act(r *rapid.T, t *testing.T, m *model, ids *[][]string, engines []*Engine, people [][]account.Actor) {
	who := rapid.IntRange(0, 2).Draw(r, "who")
	x := &modelBooking{machine: rapid.SampledFrom([]string{"one", "row", "clean"}).Draw(r, "machine"), unit: 1, owner: who, alive: true}
	if x.machine == "row" {
		x.unit = rapid.IntRange(1, 2).Draw(r, "unit")
	}
	if x.machine == "clean" {
		x.buffer = 1
	}
	x.start = rapid.IntRange(0, 11).Draw(r, "start")
	x.end = x.start + rapid.IntRange(1, 4).Draw(r, "length")
	kind := rapid.SampledFrom([]string{"book", "book", "move", "cancel", "restore"}).Draw(r, "kind")
	if kind == "book" || len(*m) == 0 {
		want := "slot_taken"
		if m.free(x.machine, x.unit, x.start, x.end, nil) {
			want = ""
		}
		made := make([]string, len(engines))
		for i, e := range engines {
			req := Want(x.machine, half(x.start), 30*(x.end-x.start))
			req.Unit = x.unit
			v, _, err := e.Book(context.Background(), people[i][who], req)
			same(r, e, fmt.Sprintf("book %+v", *x), want, err)
			if err == nil {
				made[i] = v.ID
			}
		}
		if want == "" {
			*m, *ids = append(*m, x), append(*ids, made)
		}
		return
	}
	k := rapid.IntRange(0, len(*m)-1).Draw(r, "which")
	b := (*m)[k]
	want := m.expect(kind, b, x)
	unit := b.unit
	for i, e := range engines {
		v, err := run(e, people[i][b.owner], (*ids)[k][i], kind, x)
		same(r, e, fmt.Sprintf("%s %+v to %+v", kind, *b, *x), want, err)
		if kind == "restore" && err == nil {
			unit = v.Unit // the engine chooses; the model says whether it may
			if !m.free(b.machine, unit, b.start, b.end, nil) {
				r.Fatalf("restored onto unit %d, which is taken", unit)
			}
		}
	}
	if want != "" {
		return
	}
	switch kind {
	case "move":
		b.machine, b.unit, b.start, b.end, b.buffer = x.machine, x.unit, x.start, x.end, x.buffer
	case "cancel":
		b.alive = false
	case "restore":
		b.alive, b.unit = true, unit
	}
}

// expect is what the model says of an action on a booking.
func (m model) expect(kind string, b, x *modelBooking) string {
	switch {
	case kind == "restore" && b.alive, kind != "restore" && !b.alive:
		return "state_conflict"
	case kind == "restore" && !m.anyFree(b):
		return "slot_taken"
	case kind == "move" && !m.free(x.machine, x.unit, x.start, x.end, b):
		return "slot_taken"
	}
	return ""
}

func run(e *Engine, who account.Actor, id, kind string, x *modelBooking) (*booking.View, error) {
	ctx := context.Background()
	switch kind {
	case "cancel":
		return e.Cancel(ctx, who, id, booking.AttendRequest{})
	case "restore":
		return e.Restore(ctx, who, id, 0)
	}
	v, err := e.Get(ctx, who, id)
	if err != nil {
		return nil, err
	}
	status := v.Status
	v, err = e.Move(ctx, who, id, booking.MoveRequest{Version: v.Version, EquipmentID: x.machine, Unit: x.unit, Start: half(x.start), End: half(x.end)})
	if status != booking.Confirmed && fault.Code(err) == "slot_taken" {
		return nil, fault.ErrState // a dead booking that wants a taken time may be refused for either reason
	}
	return v, err
}

func half(n int) time.Time { return At(1, 9, 0).Add(time.Duration(n) * 30 * time.Minute) }

func same(r *rapid.T, e *Engine, what, want string, err error) {
	if got := fault.Code(err); got != want {
		r.Fatalf("%s on %s: %q, the model says %q (%s)", what, e.DB.Dialect(), got, want, explain(err))
	}
}
