package scheduler_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/scheduler"
)

func TestEveryDrainFiresOnEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		dd := deps(t, runs, &work{d: d})
		dd.Every = time.Second
		s := start(t, dd)
		time.Sleep(10*time.Second + time.Millisecond)
		stop(t, s)
		dated := map[string]bool{"tick": true, "survey.close_month": true, "survey.monthly": true, "survey.yearly": true, "audit.head": true, "retention": true, "backup": true}
		for _, job := range scheduler.Jobs() {
			if !dated[job] && d.called(job) != 11 { // at the start, and ten ticks
				t.Errorf("%s ran %d times in 10 s, want 11", job, d.called(job))
			}
		}
	})
}

func TestTickNotesWholeMinutesOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		time.Sleep(20 * time.Second) // the minute that is running is not noted
		s := start(t, deps(t, runs, &work{d: d}))
		begun := time.Now().Truncate(time.Minute)
		time.Sleep(3 * time.Minute)
		stop(t, s)
		time.Sleep(5 * time.Minute)
		if len(runs.ticks) != 3 {
			t.Errorf("%d ticks in three minutes", len(runs.ticks))
		}
		for i := 1; i <= 3; i++ {
			if !runs.ticks[begun.Add(time.Duration(i)*time.Minute).UnixMilli()] {
				t.Errorf("minute %d has no tick", i)
			}
		}
	})
}

func TestStartAndStopInAnyOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		s, err := scheduler.New(deps(t, runs, &work{d: d}))
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if d.called("tidy") != 0 {
			t.Error("New started something")
		}
		stop(t, s)
		s.Wake("tidy")
		s.Start()
		s.Start()
		synctest.Wait()
		if n := d.called("tidy"); n != 1 {
			t.Errorf("%d runs after two starts, want 1", n)
		}
		stop(t, s)
		stop(t, s)
		time.Sleep(5 * time.Minute)
		if n := d.called("tidy"); n != 1 {
			t.Errorf("%d runs after the stop", n)
		}
		s.Start()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(s.Start)
			wg.Go(func() { stop(t, s) })
			wg.Go(func() { s.Wake("tidy") })
		}
		wg.Wait()
		stop(t, s)
	})
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		w := &work{d: d, takes: 5 * time.Second}
		s := start(t, deps(t, runs, w))
		time.Sleep(24 * time.Hour) // a backup was due
		n := len(d.of("backup"))
		stop(t, s)
		s.Start()
		for len(d.of("backup")) == n && w.begunBackup() == n { // until the next one runs
			time.Sleep(time.Second)
		}
		before := time.Now()
		stop(t, s)
		if len(d.of("backup")) != n+1 {
			t.Error("the running backup did not come to its end")
		}
		if waited := time.Since(before); waited > 6*time.Second {
			t.Errorf("stop took %v", waited)
		}
	})
}

func TestStopEndsContextsWhenItsOwnEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		w := &work{d: d, takes: 20 * time.Minute}
		s := start(t, deps(t, runs, w))
		for w.begunBackup() == 0 {
			time.Sleep(time.Minute)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("stop told %v", err)
		}
		synctest.Wait() // the run ends with its context; a leak would hang the bubble
		if len(d.of("backup")) != 0 {
			t.Error("the backup ran to its end")
		}
	})
}

func TestWakeRunsNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		dd := deps(t, runs, &work{d: d})
		dd.Every = time.Hour
		s := start(t, dd)
		synctest.Wait()
		s.Wake(scheduler.Outboxing)
		s.Wake("unknown")
		synctest.Wait()
		if n := d.called("outbox"); n != 2 {
			t.Errorf("%d runs, want the start's and the wake's", n)
		}
		stop(t, s)
	})
}

func TestReadyHoldsDrainsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		dd := deps(t, runs, &work{d: d})
		dd.Ready = func(context.Context) error { return errors.New("the clock is 40 s off") }
		var mu sync.Mutex
		failed := map[string]bool{}
		dd.Record = func(o scheduler.Outcome) {
			mu.Lock()
			defer mu.Unlock()
			failed[o.Job] = o.Err != nil
		}
		s := start(t, dd)
		time.Sleep(2*time.Minute + time.Second)
		stop(t, s)
		if d.called("booking.no_show") != 0 || !failed["booking.no_show"] || !failed["backup"] || failed["tick"] {
			t.Errorf("ran %d times, failed %v", d.called("booking.no_show"), failed)
		}
		if len(runs.ticks) != 2 {
			t.Errorf("%d ticks", len(runs.ticks))
		}
	})
}

func TestNothingMayBeMissing(t *testing.T) {
	full := deps(t, newMemRuns(), &work{d: newDiary()})
	if _, err := scheduler.New(full); err != nil {
		t.Fatal(err)
	}
	for _, name := range fields(full) {
		d := full
		reflect.ValueOf(&d).Elem().FieldByName(name).SetZero()
		if _, err := scheduler.New(d); err == nil {
			t.Errorf("a scheduler without %s was made", name)
		}
	}
	short := full
	short.Every = 999 * time.Millisecond
	if _, err := scheduler.New(short); err == nil {
		t.Error("jobs fire more than once a second")
	}
	_, err := scheduler.NewDelivery(scheduler.DeliveryDeps{})
	if err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("a delivery of nothing was made: %v", err)
	}
}

func fields(v any) (names []string) {
	for i := range reflect.TypeOf(v).NumField() {
		names = append(names, reflect.TypeOf(v).Field(i).Name)
	}
	return names
}
