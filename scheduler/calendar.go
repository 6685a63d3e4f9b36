package scheduler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	// leaseMargin is what a lease outlives the timeout of its run by.
	leaseMargin = time.Minute
	// mostTries of one due time; then it is written off with its error.
	mostTries = 8
	// mostDue is how many due times one sweep of a job looks at.
	mostDue = 100
	// lateIsMissed: a job that skips what it missed still runs when it is this late.
	lateIsMissed = 10 * time.Minute
	// settleWithin bounds the note about how something ended, when its own context is over.
	settleWithin = 5 * time.Second
)

// sweeper runs one calendar job: it compares the due times of the spec with
// those in the database, so it does not matter when or how often it is called.
type sweeper struct {
	dated
	at    cron.Schedule
	runs  Runs
	clock func() time.Time
	do    func(ctx context.Context, due time.Time) error
}

func (s *sweeper) sweep(ctx context.Context) (ran int, err error) {
	st, err := s.runs.State(ctx, s.name)
	if err != nil {
		return 0, err
	}
	now := s.clock()
	if !st.Known {
		// What was due before the service existed is nobody's.
		return 0, s.runs.Note(ctx, s.name, now.UTC().Truncate(time.Second), "first start")
	}
	// Due times run one after another: a month is closed on top of the one before.
	due := st.Open
	if len(due) == 0 {
		if due, err = s.missed(ctx, st.Last, now); err != nil {
			return 0, err
		}
	}
	for _, d := range due {
		done, err := s.attempt(ctx, d)
		if done {
			ran++
		}
		if err != nil || !done || stopping(ctx) {
			return ran, err
		}
	}
	return ran, nil
}

// missed is what has to run now of the due times since the last known one.
func (s *sweeper) missed(ctx context.Context, last, now time.Time) ([]time.Time, error) {
	due := dueTimes(s.at, last, now, mostDue)
	if len(due) == 0 || s.catchUp == catchAll {
		return due, nil
	}
	// Only the last counts; a long absence has more of them than one look.
	for len(due) == mostDue {
		rest := dueTimes(s.at, due[len(due)-1], now, mostDue)
		if len(rest) == 0 {
			break
		}
		due = rest
	}
	due = due[len(due)-1:]
	if s.catchUp == catchSkip && now.Sub(due[0]) > lateIsMissed {
		return nil, s.runs.Note(ctx, s.name, due[0], "missed")
	}
	return due, nil
}

// attempt runs the job for one due time if it can be had; done tells that it
// ended well.
func (s *sweeper) attempt(ctx context.Context, due time.Time) (done bool, err error) {
	n, err := s.runs.Begin(ctx, s.name, due, s.timeout+leaseMargin)
	if err != nil || n == 0 {
		return false, err
	}
	if n > mostTries {
		return true, s.end(ctx, due, n, RunEnd{Err: "given up: no attempt came to its end"})
	}
	err = s.guarded(ctx, due)
	end := RunEnd{}
	if err != nil {
		end = RunEnd{Err: cut(err.Error()), RetryAfter: backoff(n)}
		if n == mostTries {
			end.RetryAfter = 0
		}
	}
	return err == nil, errors.Join(err, s.end(ctx, due, n, end))
}

// end is noted though the job's own time may be over.
func (s *sweeper) end(ctx context.Context, due time.Time, attempt int, e RunEnd) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	return s.runs.End(ctx, s.name, due, attempt, e)
}

// guarded bounds one run below its lease, so that it has ended before anybody
// takes it over, and turns a panic into its error.
func (s *sweeper) guarded(ctx context.Context, due time.Time) (err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return s.do(ctx, due)
}

// backoff is the wait after the nth failure: 1, 2, 4 … minutes, at most an hour.
func backoff(n int) time.Duration {
	return min(time.Hour, time.Minute<<min(max(n-1, 0), 6))
}

// cut keeps what is stored of an error short.
func cut(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
