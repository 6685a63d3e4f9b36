package scheduler

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Outcome is how one firing of a job ended.
type Outcome struct {
	Job     string
	Took    time.Duration
	Count   int // rows changed, runs made
	Err     error
	Skipped bool // the one before was still running
}

// task is the one wrapper around every job: it skips while running, ends
// after a timeout, recovers a panic and reports. The library's wrappers are
// not used: with its Recover outside its SkipIfStillRunning, one panic leaves
// the job "running" for ever.
type task struct {
	name    string
	timeout time.Duration
	run     func(context.Context) (int, error)
	report  func(Outcome)
	clock   func() time.Time

	mu      sync.Mutex
	running bool
	again   bool // woken while running: what woke it may have come too late for this run
}

// fire runs the task once, or skips. A wake that finds it running makes it run once more.
func (t *task) fire(ctx context.Context, wake bool) {
	if !t.begin(wake) {
		if !wake {
			t.report(Outcome{Job: t.name, Skipped: true})
		}
		return
	}
	for {
		t.once(ctx)
		if !t.goesOn(ctx) {
			return
		}
	}
}

func (t *task) begin(wake bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running {
		t.again = t.again || wake
		return false
	}
	t.running = true
	return true
}

func (t *task) goesOn(ctx context.Context) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = t.again && !stopping(ctx)
	t.again = false
	return t.running
}

func (t *task) once(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	out := Outcome{Job: t.name}
	start := t.clock()
	defer func() {
		if p := recover(); p != nil {
			out.Err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		out.Took = t.clock().Sub(start)
		t.report(out)
	}()
	out.Count, out.Err = t.run(ctx)
}

// mostBatches bounds what one firing of a drain does, so that a count that
// never falls to 0 does not keep a processor busy.
const mostBatches = 100

// untilEmpty calls a drain batch after batch until nothing is left.
func untilEmpty(batch func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (total int, err error) {
		for range mostBatches {
			if stopping(ctx) {
				return total, nil
			}
			n, err := batch(ctx)
			total += n
			if err != nil || n == 0 {
				return total, err
			}
		}
		return total, nil
	}
}

// onlyWhen asks the gate first.
func onlyWhen(ready func(context.Context) error, run func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		if err := ready(ctx); err != nil {
			return 0, fmt.Errorf("held back: %w", err)
		}
		return run(ctx)
	}
}

type stopKey struct{}

// stopping tells whether the scheduler asks its jobs to end at the next good
// moment; their context itself ends later.
func stopping(ctx context.Context) bool {
	stop, _ := ctx.Value(stopKey{}).(<-chan struct{})
	select {
	case <-stop: // never, where there is none
		return true
	default:
		return ctx.Err() != nil
	}
}
