package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/scheduler"
	"gongbang/store"
)

// Runs is the contract of the calendar jobs' port.
func Runs(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *store.JobRuns, *hands)
	}{
		{"one of many begins", oneBegins},
		{"a run is taken over when its lease ran out", takenOver},
		{"a failed run comes again after its wait", comesAgain},
		{"an ended run never comes again", neverAgain},
		{"who was taken over ends nothing", endsNothing},
		{"state", runState},
		{"a tick is one row", tickIsOneRow},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHands()
			c.test(t, store.NewJobRuns(open(t, h.rule)), h)
		})
	}
}

func beginRun(t *testing.T, j *store.JobRuns, due time.Time, want int) {
	t.Helper()
	got, err := j.Begin(context.Background(), "backup", due, testLease)
	if err != nil || got != want {
		t.Fatalf("attempt %d, %v; want %d", got, err, want)
	}
}

func oneBegins(t *testing.T, j *store.JobRuns, h *hands) {
	due := h.now()
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			n, err := j.Begin(context.Background(), "backup", due, testLease)
			if err != nil {
				t.Error(err)
			}
			won.Add(int64(n))
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d began", won.Load())
	}
	beginRun(t, j, due.Add(time.Hour), 1) // another due time is another run
	if n, err := j.Begin(context.Background(), "retention", due, testLease); n != 1 || err != nil {
		t.Fatalf("another job: %d, %v", n, err)
	}
}

func takenOver(t *testing.T, j *store.JobRuns, h *hands) {
	due := h.now()
	beginRun(t, j, due, 1)
	h.turn(testLease - time.Millisecond)
	beginRun(t, j, due, 0)
	h.turn(time.Millisecond)
	beginRun(t, j, due, 2)
	beginRun(t, j, due, 0)
}

func comesAgain(t *testing.T, j *store.JobRuns, h *hands) {
	due := h.now()
	beginRun(t, j, due, 1)
	noErr(t, j.End(context.Background(), "backup", due, 1, scheduler.RunEnd{Err: "disk full", RetryAfter: 2 * time.Minute}))
	h.turn(2*time.Minute - time.Millisecond)
	beginRun(t, j, due, 0)
	h.turn(time.Millisecond)
	beginRun(t, j, due, 2)
	noErr(t, j.End(context.Background(), "backup", due, 2, scheduler.RunEnd{}))
	runs, err := j.Recent(context.Background(), 5)
	if err != nil || len(runs) != 1 || runs[0].Err != "" || runs[0].Attempt != 2 || runs[0].EndedAt == nil || !runs[0].EndedAt.Equal(h.now()) {
		t.Fatalf("%+v, %v", runs, err)
	}
}

func neverAgain(t *testing.T, j *store.JobRuns, h *hands) {
	ctx := context.Background()
	due, noted := h.now(), h.now().Add(-time.Hour)
	beginRun(t, j, due, 1)
	noErr(t, j.End(ctx, "backup", due, 1, scheduler.RunEnd{}))
	noErr(t, j.Note(ctx, "backup", noted, "missed"))
	noErr(t, j.Note(ctx, "backup", due, "a known one is left alone"))
	h.turn(1000 * time.Hour)
	beginRun(t, j, due, 0)
	beginRun(t, j, noted, 0)
	if err := j.End(ctx, "backup", due, 1, scheduler.RunEnd{Err: "again"}); !errors.Is(err, scheduler.ErrLeaseLost) {
		t.Fatalf("ended twice: %v", err)
	}
	if runs, err := j.Recent(ctx, 5); err != nil || len(runs) != 2 || runs[0].Err+runs[1].Err != "missed" {
		t.Fatalf("%+v, %v", runs, err)
	}
}

func endsNothing(t *testing.T, j *store.JobRuns, h *hands) {
	ctx := context.Background()
	due := h.now()
	beginRun(t, j, due, 1)
	h.turn(testLease)
	beginRun(t, j, due, 2)
	for _, e := range []scheduler.RunEnd{{}, {Err: "x", RetryAfter: time.Minute}} {
		if err := j.End(ctx, "backup", due, 1, e); !errors.Is(err, scheduler.ErrLeaseLost) {
			t.Fatalf("the first attempt ended the second one's run: %v", err)
		}
	}
	noErr(t, j.End(ctx, "backup", due, 2, scheduler.RunEnd{}))
}

func runState(t *testing.T, j *store.JobRuns, h *hands) {
	ctx := context.Background()
	s, err := j.State(ctx, "backup")
	if err != nil || s.Known {
		t.Fatalf("%+v, %v", s, err)
	}
	first, second, third := h.now(), h.now().Add(time.Hour), h.now().Add(2*time.Hour)
	beginRun(t, j, third, 1)
	beginRun(t, j, second, 1)
	beginRun(t, j, first, 1)
	noErr(t, j.Note(ctx, "other", third.Add(time.Hour), "another job"))
	noErr(t, j.End(ctx, "backup", third, 1, scheduler.RunEnd{Err: "given up"}))
	s, err = j.State(ctx, "backup")
	if err != nil || !s.Known || !s.Last.Equal(third) || len(s.Open) != 2 || !s.Open[0].Equal(first) || !s.Open[1].Equal(second) {
		t.Fatalf("%+v, %v", s, err)
	}
}

func tickIsOneRow(t *testing.T, j *store.JobRuns, h *hands) {
	ctx := context.Background()
	minute := h.now().Truncate(time.Minute)
	for range 3 {
		noErr(t, j.Tick(ctx, minute))
	}
	noErr(t, j.Tick(ctx, minute.Add(time.Minute)))
	if n, err := j.TidyTicks(ctx, minute.Add(time.Minute)); err != nil || n != 1 {
		t.Fatalf("removed %d, %v; want 1", n, err)
	}
}
