package main

import (
	"context"
	"net/http"
	"time"

	"gongbang/scheduler"
)

// wakePause is the least time between two wakes: under load the outbox is
// drained in batches and not once for each request.
const wakePause = time.Second

// waker lets the delivery look at the outbox soon after a request that may
// have written to it: a sign-in code should not wait for the next tick.
type waker struct {
	jobs *scheduler.Scheduler
	wake chan struct{}
}

func newWaker(jobs *scheduler.Scheduler) *waker {
	return &waker{jobs: jobs, wake: make(chan struct{}, 1)}
}

// after wakes behind every request that is not a mere look.
func (w *waker) after(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(rw, r)
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return
		}
		select {
		case w.wake <- struct{}{}:
		default: // one waits already
		}
	})
}

func (w *waker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
			w.jobs.Wake(scheduler.Outboxing)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wakePause):
		}
	}
}
