package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/scheduler"
	"gongbang/store"
)

const testLease = 5 * time.Minute

// hands is a clock that a test turns.
type hands struct{ ms atomic.Int64 }

func newHands() *hands {
	h := &hands{}
	h.ms.Store(time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC).UnixMilli())
	return h
}

func (h *hands) now() time.Time            { return time.UnixMilli(h.ms.Load()) }
func (h *hands) turn(d time.Duration)      { h.ms.Add(d.Milliseconds()) }
func (h *hands) rule(o *store.Options)     { o.Clock = h.now }
func (h *hands) in(d time.Duration) string { return h.now().Add(d).UTC().Format(time.RFC3339Nano) }

// Outbox is the contract of the delivery's port.
func Outbox(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *store.DB, *store.Outbox, *hands)
	}{
		{"an event comes as it was written", eventComesBack},
		{"a claim holds until its lease ends", claimHolds},
		{"a claim takes no more than its limit, oldest first", claimIsBounded},
		{"an event that is not due waits", notDueWaits},
		{"what is done stays done", doneIsDone},
		{"a failure waits, and dies at last", failureWaits},
		{"what was released was not tried", releaseIsNoTry},
		{"a split is one step", splitIsOneStep},
		{"who lost the lease changes nothing", lostLease},
		{"three claimers at once share, and never double", claimersShare},
		{"stats and dead letters", statsAndDead},
		{"old settled events go", oldGo},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHands()
			db := open(t, h.rule)
			c.test(t, db, store.NewOutbox(db), h)
		})
	}
}

func writeEvents(t *testing.T, db *store.DB, events ...account.Event) {
	t.Helper()
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (none, error) {
		return none{}, tx.Record(ctx, account.Entry{Actor: "job:test", Action: "test"}, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func someEvents(n int) []account.Event {
	events := make([]account.Event, n)
	for i := range events {
		events[i] = account.Event{Kind: "booking.confirmed", Key: fmt.Sprintf("k%03d", i), Subject: fmt.Sprintf("b%03d", i)}
	}
	return events
}

func claimEvents(t *testing.T, o *store.Outbox, limit int) []scheduler.Event {
	t.Helper()
	got, err := o.Claim(context.Background(), testLease, limit)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func claimOne(t *testing.T, o *store.Outbox) scheduler.Event {
	t.Helper()
	got := claimEvents(t, o, 10)
	if len(got) != 1 {
		t.Fatalf("claimed %d events, want 1", len(got))
	}
	return got[0]
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func eventComesBack(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	writeEvents(t, db, account.Event{Kind: "booking.moved", Key: "k", Subject: "b1", Data: map[string]string{"starts_at": h.in(0), "이유": "고장 \"1\""}})
	e := claimOne(t, o)
	if e.Kind != "booking.moved" || e.Key != "k" || e.Subject != "b1" || e.Tries != 1 || !e.Created.Equal(h.now()) || !e.Due.Equal(h.now()) || !e.Lease.Equal(h.now().Add(testLease)) {
		t.Fatalf("%+v", e)
	}
	if e.Data["starts_at"] != h.in(0) || e.Data["이유"] != "고장 \"1\"" || e.Created.Location() != time.UTC {
		t.Fatalf("%+v", e)
	}
}

func claimHolds(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	writeEvents(t, db, someEvents(1)...)
	claimOne(t, o)
	h.turn(testLease - time.Millisecond)
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("claimed inside the lease: %+v", got)
	}
	h.turn(time.Millisecond)
	if e := claimOne(t, o); e.Tries != 2 {
		t.Fatalf("%+v", e)
	}
}

func claimIsBounded(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	late := someEvents(4)
	for i := range late[:2] {
		late[i].Due = h.now().Add(time.Duration(10-i) * time.Minute)
	}
	writeEvents(t, db, late...)
	h.turn(time.Hour)
	want := []string{"k002", "k003", "k001"}
	for i, e := range claimEvents(t, o, 3) {
		if e.Key != want[i] {
			t.Errorf("at %d: %s, want %s", i, e.Key, want[i])
		}
	}
	if e := claimOne(t, o); e.Key != "k000" {
		t.Fatalf("left was %s", e.Key)
	}
}

func notDueWaits(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	writeEvents(t, db, account.Event{Kind: "k", Key: "k", Subject: "s", Due: h.now().Add(time.Minute)})
	h.turn(time.Minute - time.Millisecond)
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("claimed before it was due: %+v", got)
	}
	h.turn(time.Millisecond)
	claimOne(t, o)
}

func doneIsDone(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	writeEvents(t, db, someEvents(1)...)
	noErr(t, o.Done(context.Background(), claimOne(t, o)))
	h.turn(24 * time.Hour)
	writeEvents(t, db, someEvents(1)...) // the key is known: dropped
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("a settled event came again: %+v", got)
	}
}

func failureWaits(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	ctx := context.Background()
	writeEvents(t, db, someEvents(1)...)
	noErr(t, o.Fail(ctx, claimOne(t, o), scheduler.Failure{Reason: "later", After: 2 * time.Minute}))
	h.turn(2*time.Minute - time.Millisecond)
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("it did not wait: %+v", got)
	}
	h.turn(time.Millisecond)
	e := claimOne(t, o)
	if e.Tries != 2 {
		t.Fatalf("%+v", e)
	}
	noErr(t, o.Fail(ctx, e, scheduler.Failure{Reason: "never", Dead: true}))
	h.turn(24 * time.Hour)
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("a dead event came again: %+v", got)
	}
	noErr(t, o.Revive(ctx, e.ID))
	if e := claimOne(t, o); e.Tries != 1 {
		t.Fatalf("%+v", e)
	}
	if err := o.Revive(ctx, e.ID); !errors.Is(err, scheduler.ErrLeaseLost) {
		t.Fatalf("an event that lives was revived: %v", err)
	}
}

func releaseIsNoTry(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	writeEvents(t, db, someEvents(3)...)
	noErr(t, o.Release(context.Background(), claimEvents(t, o, 10), time.Minute))
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("it did not wait: %+v", got)
	}
	h.turn(time.Minute)
	got := claimEvents(t, o, 10)
	if len(got) != 3 || got[0].Tries != 1 {
		t.Fatalf("%+v", got)
	}
}

func splitIsOneStep(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	ctx := context.Background()
	writeEvents(t, db, someEvents(1)...)
	e := claimOne(t, o)
	into := []account.Event{{Kind: "k", Key: "a", Subject: "s", Data: map[string]string{"to": "1"}}, {Kind: "k", Key: "b", Subject: "s"}}
	noErr(t, o.Split(ctx, e, into))
	if got := claimEvents(t, o, 10); len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	into[0].Key = "c"
	if err := o.Split(ctx, e, into); !errors.Is(err, scheduler.ErrLeaseLost) {
		t.Fatalf("a settled event was split: %v", err)
	}
	h.turn(testLease)
	if got := claimEvents(t, o, 10); len(got) != 2 {
		t.Fatalf("a refused split wrote events: %+v", got)
	}
}

func lostLease(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	ctx := context.Background()
	writeEvents(t, db, someEvents(1)...)
	slow := claimOne(t, o)
	h.turn(testLease)
	quick := claimOne(t, o)
	for name, err := range map[string]error{
		"done":  o.Done(ctx, slow),
		"fail":  o.Fail(ctx, slow, scheduler.Failure{Dead: true}),
		"split": o.Split(ctx, slow, someEvents(5)),
	} {
		if !errors.Is(err, scheduler.ErrLeaseLost) {
			t.Errorf("%s: %v", name, err)
		}
	}
	noErr(t, o.Release(ctx, []scheduler.Event{slow}, 0))
	if got := claimEvents(t, o, 10); len(got) != 0 {
		t.Fatalf("the release of a lost lease gave it away: %+v", got)
	}
	noErr(t, o.Done(ctx, quick))
}

func claimersShare(t *testing.T, db *store.DB, o *store.Outbox, _ *hands) {
	const events, claimers = 300, 3
	for i := 0; i < events; i += 100 {
		writeEvents(t, db, someEvents(events)[i:i+100]...)
	}
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for range claimers {
		wg.Go(func() {
			for {
				got, err := o.Claim(context.Background(), testLease, 20)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, e := range got {
					seen[e.Key]++
				}
				all := len(seen) == events
				mu.Unlock()
				// On PostgreSQL a claimer may come out empty behind another one.
				if all {
					return
				}
			}
		})
	}
	wg.Wait()
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s was claimed %d times", key, n)
		}
	}
}

func statsAndDead(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	ctx := context.Background()
	s, err := o.Stats(ctx)
	if err != nil || s.Waiting != 0 || !s.Oldest.IsZero() || s.Dead != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	start := h.now()
	writeEvents(t, db, someEvents(3)...)
	h.turn(time.Minute)
	got := claimEvents(t, o, 3)
	noErr(t, o.Done(ctx, got[0]))
	noErr(t, o.Fail(ctx, got[1], scheduler.Failure{Reason: "the gateway answered 500", Dead: true}))
	noErr(t, o.Fail(ctx, got[2], scheduler.Failure{Reason: "later", After: time.Hour}))
	s, err = o.Stats(ctx)
	if err != nil || s.Waiting != 1 || !s.Oldest.Equal(start) || s.Dead != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	dead, err := o.Dead(ctx, 10)
	if err != nil || len(dead) != 1 {
		t.Fatalf("%+v, %v", dead, err)
	}
	want := scheduler.DeadLetter{ID: got[1].ID, Kind: "booking.confirmed", Key: "k001", Subject: "b001",
		Created: start.UTC(), DiedAt: h.now().UTC(), Tries: 1, Reason: "the gateway answered 500"}
	if dead[0] != want {
		t.Fatalf("got  %+v\nwant %+v", dead[0], want)
	}
}

func oldGo(t *testing.T, db *store.DB, o *store.Outbox, h *hands) {
	ctx := context.Background()
	writeEvents(t, db, someEvents(3)...)
	got := claimEvents(t, o, 3)
	noErr(t, o.Done(ctx, got[0]))
	noErr(t, o.Fail(ctx, got[1], scheduler.Failure{Dead: true}))
	h.turn(time.Hour)
	if n, err := o.Tidy(ctx, h.now()); err != nil || n != 1 {
		t.Fatalf("removed %d, %v; want the settled one alone", n, err)
	}
	if s, err := o.Stats(ctx); err != nil || s.Waiting != 1 || s.Dead != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
}
