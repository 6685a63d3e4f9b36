package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// tries is how often a request that got 503 is sent at most.
const tries = 3

// loadPerson is somebody who will press. Without a token they sign in by code first.
type loadPerson struct {
	login, token string
	wants        slot
}

// loadRun is one run of the generator.
type loadRun struct {
	plan   loadPlan
	people []loadPerson
	target *target
	client *loadClient
	tally  *tally
	rnd    *rand.Rand
}

// send makes one request, again after 503 as Retry-After says.
func (r *loadRun) send(ctx context.Context, kind, method, path, token string, body any) (loadAnswer, error) {
	for try := 1; ; try++ {
		a, err := r.client.call(ctx, method, path, token, body)
		if err != nil {
			return a, fmt.Errorf("%s: %w", kind, err)
		}
		r.tally.request(kind, a.status, a.took)
		if a.status != http.StatusServiceUnavailable || try == tries {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return a, ctx.Err()
		case <-time.After(max(a.retryAfter, 100*time.Millisecond)):
		}
	}
}

// rush lets everybody press at the same moment.
func (r *loadRun) rush(ctx context.Context) error {
	var wg sync.WaitGroup
	start := make(chan struct{})
	failed := make(chan error, len(r.people))
	for i := range r.people {
		wg.Go(func() {
			<-start
			began := time.Now()
			outcome, err := r.press(ctx, r.people[i])
			if err != nil {
				failed <- err
				outcome = "without an answer"
			}
			r.tally.person(outcome, time.Since(began))
		})
	}
	close(start)
	wg.Wait()
	close(failed)
	if n := len(failed); n > 0 {
		return fmt.Errorf("%d people got no answer; the first: %w", n, <-failed)
	}
	return ctx.Err()
}

func (r *loadRun) press(ctx context.Context, p loadPerson) (outcome string, err error) {
	if p.token == "" {
		if p.token, err = r.signIn(ctx, p.login); err != nil {
			return "", err
		}
	}
	if r.plan.bare {
		a, err := r.send(ctx, "POST /bookings", http.MethodPost, "/api/v1/bookings", p.token, p.wants)
		return outcomeOf(a), err
	}
	if _, err := r.send(ctx, "GET availability", http.MethodGet, r.dayOf(p), p.token, nil); err != nil {
		return "", err
	}
	hold, err := r.send(ctx, "POST /holds", http.MethodPost, "/api/v1/holds", p.token, p.wants)
	if err == nil && hold.status == http.StatusConflict && len(hold.Alternatives) > 0 {
		hold, err = r.send(ctx, "POST /holds", http.MethodPost, "/api/v1/holds", p.token, hold.Alternatives[0])
	}
	if err != nil || hold.status != http.StatusCreated {
		return outcomeOf(hold), err
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(r.plan.think):
	}
	a, err := r.send(ctx, "POST /bookings", http.MethodPost, "/api/v1/bookings", p.token, map[string]string{"hold_id": hold.ID})
	return outcomeOf(a), err
}

// dayOf is the path of the day that the person wants.
func (r *loadRun) dayOf(p loadPerson) string {
	return "/api/v1/equipment/" + p.wants.Equipment + "/availability?days=1&from=" + p.wants.Start.In(r.target.zone).Format("2006-01-02")
}

func outcomeOf(a loadAnswer) string {
	switch a.status {
	case http.StatusCreated:
		return "with a booking"
	case http.StatusConflict:
		return "told that it is taken"
	case http.StatusServiceUnavailable:
		return "told to come again, three times"
	}
	return fmt.Sprintf("answered %d %s", a.status, a.Code)
}

// signIn asks for a code, waits for it in the dev mailbox and enters with it.
func (r *loadRun) signIn(ctx context.Context, login string) (string, error) {
	if _, err := r.send(ctx, "POST /sign-in-codes", http.MethodPost, "/api/v1/sign-in-codes", "", map[string]string{"login": login}); err != nil {
		return "", err
	}
	code, err := r.target.mailbox.code(ctx, login)
	if err != nil {
		return "", err
	}
	a, err := r.send(ctx, "POST /sessions", http.MethodPost, "/api/v1/sessions", "", map[string]string{"login": login, "code": code})
	if err == nil && a.Token == "" {
		err = fmt.Errorf("sign-in by code answered %d %s", a.status, a.Code)
	}
	return a.Token, err
}
