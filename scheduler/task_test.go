package scheduler

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"

	"gongbang/notify"
)

// seen collects outcomes.
type seen struct {
	mu  sync.Mutex
	out []Outcome
}

func (s *seen) report(o Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = append(s.out, o)
}

func (s *seen) count(f func(Outcome) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.out {
		if f(o) {
			n++
		}
	}
	return n
}

func newTask(s *seen, run func(context.Context) (int, error)) *task {
	return &task{name: "test", timeout: time.Minute, run: run, report: s.report, clock: time.Now}
}

func TestOnePanicStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s seen
		fires := 0
		task := newTask(&s, func(context.Context) (int, error) {
			fires++
			if fires == 1 {
				panic("once")
			}
			return 1, nil
		})
		c := cron.New(cron.WithChain(), cron.WithLogger(cron.DiscardLogger))
		c.Schedule(every(time.Second), cron.FuncJob(func() { task.fire(t.Context(), false) }))
		c.Start()
		time.Sleep(5*time.Second + time.Millisecond)
		<-c.Stop().Done()
		if fires != 5 {
			t.Errorf("%d runs in 5 s, want 5", fires)
		}
		if n := s.count(func(o Outcome) bool { return o.Err != nil && strings.Contains(o.Err.Error(), "panic: once") }); n != 1 {
			t.Errorf("%d panics reported", n)
		}
	})
}

// The control: the library's own chain in this order never runs the job again
// after one panic. Should this test go red, the wrapper may be reconsidered.
func TestTheLibrarysChainStopsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fires := 0
		c := cron.New(cron.WithLogger(cron.DiscardLogger),
			cron.WithChain(cron.Recover(cron.DiscardLogger), cron.SkipIfStillRunning(cron.DiscardLogger)))
		c.Schedule(every(time.Second), cron.FuncJob(func() { fires++; panic("once") }))
		c.Start()
		time.Sleep(5*time.Second + time.Millisecond)
		<-c.Stop().Done()
		if fires != 1 {
			t.Fatalf("%d runs", fires)
		}
	})
}

func TestSkipsWhileRunning(t *testing.T) {
	var s seen
	gate, began := make(chan struct{}), make(chan struct{})
	task := newTask(&s, func(context.Context) (int, error) { close(began); <-gate; return 0, nil })
	done := make(chan struct{})
	go func() { task.fire(context.Background(), false); close(done) }()
	<-began
	task.fire(context.Background(), false)
	task.fire(context.Background(), false)
	close(gate)
	<-done
	if n := s.count(func(o Outcome) bool { return o.Skipped }); n != 2 {
		t.Fatalf("%d skipped, want 2", n)
	}
	if n := s.count(func(o Outcome) bool { return !o.Skipped }); n != 1 {
		t.Fatalf("%d ran, want 1", n)
	}
}

func TestWakeWhileRunningRunsOnceMore(t *testing.T) {
	var s seen
	runs := 0
	gate, began := make(chan struct{}), make(chan struct{}, 9)
	task := newTask(&s, func(context.Context) (int, error) { runs++; began <- struct{}{}; <-gate; return 0, nil })
	done := make(chan struct{})
	go func() { task.fire(context.Background(), false); close(done) }()
	<-began
	for range 3 { // three wakes are one more run
		task.fire(context.Background(), true)
	}
	close(gate)
	<-done
	if runs != 2 {
		t.Fatalf("%d runs, want 2", runs)
	}
}

func TestTimeoutEndsTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s seen
		task := newTask(&s, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
		task.fire(t.Context(), false)
		task.fire(t.Context(), false)
		if n := s.count(func(o Outcome) bool { return errors.Is(o.Err, context.DeadlineExceeded) && o.Took == time.Minute }); n != 2 {
			t.Fatalf("%+v", s.out)
		}
	})
}

func TestUntilEmpty(t *testing.T) {
	left := []int{200, 200, 7, 0, 99}
	n, err := untilEmpty(func(context.Context) (int, error) {
		n := left[0]
		left = left[1:]
		return n, nil
	})(context.Background())
	if n != 407 || err != nil || len(left) != 1 {
		t.Fatalf("%d, %v, left %v", n, err, left)
	}
	if n, _ := untilEmpty(func(context.Context) (int, error) { return 1, nil })(context.Background()); n != mostBatches {
		t.Fatalf("a count that never falls to 0 ran %d times", n)
	}
	broken := errors.New("broken")
	if n, err := untilEmpty(func(context.Context) (int, error) { return 3, broken })(context.Background()); n != 3 || !errors.Is(err, broken) {
		t.Fatalf("%d, %v", n, err)
	}
}

func TestHeldBack(t *testing.T) {
	off := errors.New("the clock is 40 s off")
	ran := false
	run := onlyWhen(func(context.Context) error { return off }, func(context.Context) (int, error) { ran = true; return 1, nil })
	if _, err := run(context.Background()); !errors.Is(err, off) || ran {
		t.Fatalf("%v, ran %v", err, ran)
	}
}

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 6: 32 * time.Minute, 7: time.Hour, 8: time.Hour, 80: time.Hour} {
		if got := backoff(n); got != want {
			t.Errorf("after %d: %v, want %v", n, got, want)
		}
	}
}

func TestEvery(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		d         time.Duration
		now, want string
	}{
		{time.Minute, "2026-11-22T10:00:00Z", "2026-11-22T10:01:00Z"},
		{time.Minute, "2026-11-22T10:00:59.999Z", "2026-11-22T10:01:00Z"},
		{1500 * time.Millisecond, "2026-11-22T10:00:00Z", "2026-11-22T10:00:01.5Z"},
		{time.Second, "2026-11-22T10:00:00.5Z", "2026-11-22T10:00:01Z"},
	} {
		if got := every(c.d).Next(at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%v after %s: %v", c.d, c.now, got)
		}
	}
}

func TestCalendarLivesInItsZone(t *testing.T) {
	seoul, err := time.LoadLocation("Asia/Seoul")
	if err != nil {
		t.Fatal(err)
	}
	s, err := calendar("30 3 * * *", seoul)
	if err != nil {
		t.Fatal(err)
	}
	// Whatever zone the asking time is in.
	for _, zone := range []*time.Location{time.UTC, seoul, time.FixedZone("far", -11*3600)} {
		from := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).In(zone)
		due := dueTimes(s, from, from.Add(48*time.Hour), 10)
		if len(due) != 2 || !due[0].Equal(time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)) {
			t.Fatalf("%v", due)
		}
	}
	if got := dueTimes(s, time.Unix(0, 0), time.Unix(0, 0).AddDate(1, 0, 0), 7); len(got) != 7 {
		t.Fatalf("%d due times, want the limit", len(got))
	}
	if _, err := calendar("61 3 * * *", seoul); err == nil {
		t.Fatal("minute 61 was accepted")
	}
}

func TestTheTableIsSound(t *testing.T) {
	names := map[string]bool{}
	for _, name := range Jobs() {
		if names[name] {
			t.Errorf("%s is there twice", name)
		}
		names[name] = true
	}
	for _, j := range calendarJobs {
		if _, err := calendar(j.spec, time.UTC); err != nil {
			t.Errorf("%s: %v", j.name, err)
		}
		if j.timeout <= 0 || j.run == nil {
			t.Errorf("%s has no timeout or no body", j.name)
		}
	}
	for _, kind := range notify.Kinds {
		if handlers[kind] == nil {
			t.Errorf("%s has a text and no handler", kind)
		}
	}
	for kind := range stillRight {
		if handlers[kind] == nil {
			t.Errorf("%s is judged and not handled", kind)
		}
	}
}
