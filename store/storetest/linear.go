package storetest

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// slotCount is over how many slots of one machine the clients fight.
const slotCount = 4

// call is one call of a client: book a slot under a name, cancel it, move it.
type call struct {
	kind string
	name int // of the booking, given by its client
	slot int
}

// slots is the state of the specification: which booking has which slot; 0 is none.
type slots [slotCount]int

// machineModel is the sequential specification: one machine, some slots.
var machineModel = porcupine.Model{
	Init: func() any { return slots{} },
	Step: func(state, input, output any) (bool, any) {
		s, c, code := state.(slots), input.(call), output.(string)
		at := -1
		for i, n := range s {
			if n == c.name {
				at = i
			}
		}
		switch {
		case code == "unknown": // may have happened or not: not produced without faults
			return true, s
		case c.kind == "book" && code == "":
			ok := s[c.slot] == 0
			s[c.slot] = c.name
			return ok, s
		case c.kind == "book":
			return s[c.slot] != 0, s
		case at < 0:
			return code == "state_conflict", s
		case c.kind == "cancel" && code == "":
			s[at] = 0
			return true, s
		case c.kind == "move" && code == "":
			ok := s[c.slot] == 0 || s[c.slot] == c.name
			s[at] = 0
			s[c.slot] = c.name
			return ok, s
		case c.kind == "move" && code == "slot_taken":
			return s[c.slot] != 0 && s[c.slot] != c.name, s
		}
		return false, s
	},
	Equal: func(a, b any) bool { return a.(slots) == b.(slots) },
}

// Linearizable runs clients that book, cancel and move at once and demands
// that their answers could have come from one machine, one call at a time; with
// locks that work, and with locks that fail, lie and forget.
func Linearizable(t *testing.T, open Opener) {
	t.Run("locks that work", func(t *testing.T) { linearizable(t, NewEngine(t, open, nil)) })
	t.Run("locks that fail, lie and forget", func(t *testing.T) {
		locks := &Faulty{Forgetful: NewForgetful(t, monday), t: t, r: seeded(t)}
		linearizable(t, NewEngine(t, open, locks))
	})
}

func linearizable(t *testing.T, e *Engine) {
	seed := seeded(t)
	const clients = 8
	people, calls := citizens(t, e, clients), scale(60, 1000)
	var mu sync.Mutex
	var history []porcupine.Operation
	begin := time.Now()
	seeds := make([]uint64, clients)
	for i := range seeds {
		seeds[i] = seed.Uint64()
	}
	atOnce(clients, func(i int) {
		r := rand.New(rand.NewPCG(seeds[i], 2))
		var mine *booking.View
		name := 0
		for k := range calls {
			c := call{kind: "book", name: 1 + i*calls + k, slot: r.IntN(slotCount)}
			if mine != nil {
				c.kind, c.name = []string{"cancel", "move"}[r.IntN(2)], name
			}
			from := time.Since(begin).Nanoseconds()
			v, err := do1(e, people[i], mine, c)
			to := time.Since(begin).Nanoseconds()
			switch code := fault.Code(err); {
			case code == "" && c.kind == "cancel":
				mine = nil
			case code == "":
				mine, name = v, c.name
			case code != "slot_taken":
				t.Errorf("%+v: %s", c, explain(err))
			}
			mu.Lock()
			history = append(history, porcupine.Operation{ClientId: i, Input: c, Call: from, Output: fault.Code(err), Return: to})
			mu.Unlock()
		}
	})
	if res := porcupine.CheckOperationsTimeout(machineModel, history, time.Minute); res != porcupine.Ok {
		t.Fatalf("%d calls: %s", len(history), res)
	}
	t.Logf("%d calls by %d clients are linearizable", len(history), clients)
	// Control: one lie in the history must be found.
	for i, op := range history {
		if c := op.Input.(call); c.kind == "book" && op.Output == "" {
			history[i].Output = "slot_taken"
			break
		}
	}
	if res := porcupine.CheckOperationsTimeout(machineModel, history, time.Minute); res == porcupine.Ok {
		t.Fatal("the control did not go red: a false answer was not found")
	}
}

func do1(e *Engine, who account.Actor, mine *booking.View, c call) (*booking.View, error) {
	ctx, start := context.Background(), At(1, 9+c.slot, 0)
	switch c.kind {
	case "book":
		v, _, err := e.Book(ctx, who, Want("one", start, 60))
		return v, err
	case "cancel":
		return e.Cancel(ctx, who, mine.ID, booking.AttendRequest{})
	}
	return e.Move(ctx, who, mine.ID, booking.MoveRequest{Version: mine.Version, Start: start, End: start.Add(time.Hour)})
}
