package main

import (
	"context"
	"errors"
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
		began := time.Now()
		a, err := r.client.call(ctx, method, path, token, body)
		if err != nil {
			return a, fmt.Errorf("%s: %w", kind, err)
		}
		r.tally.request(kind, a.status, time.Since(began))
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
	day := p.wants.Start.In(r.target.zone).Format("2006-01-02")
	path := "/api/v1/equipment/" + p.wants.Equipment + "/availability?days=1&from=" + day
	if _, err := r.send(ctx, "GET availability", http.MethodGet, path, p.token, nil); err != nil {
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

// steady sends at a fixed rate: eight reads, one booking and one cancel in ten.
func (r *loadRun) steady(ctx context.Context) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var firstErr error
	var made []loadPerson // whose token may cancel; wants.Equipment holds the booking's id
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tick := time.NewTicker(time.Second / time.Duration(r.plan.rate))
	defer tick.Stop()
	end := time.After(r.plan.length)
	note := func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			mu.Lock()
			firstErr = errors.Join(firstErr, err)
			mu.Unlock()
			cancel()
		}
	}
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			wg.Wait()
			return errors.Join(firstErr, context.Cause(ctx))
		case <-end:
			wg.Wait()
			return firstErr
		case <-tick.C:
		}
		p := r.people[r.rnd.IntN(len(r.people))]
		wg.Go(func() {
			switch n % 10 {
			case 8:
				a, err := r.send(ctx, "POST /bookings", http.MethodPost, "/api/v1/bookings", p.token, p.wants)
				note(err)
				if a.status == http.StatusCreated {
					p.wants.Equipment = a.ID
					mu.Lock()
					made = append(made, p)
					mu.Unlock()
				}
			case 9:
				mu.Lock()
				if len(made) == 0 {
					mu.Unlock()
					return
				}
				last := made[len(made)-1]
				made = made[:len(made)-1]
				mu.Unlock()
				_, err := r.send(ctx, "POST cancel", http.MethodPost, "/api/v1/bookings/"+last.wants.Equipment+"/cancel", last.token, map[string]string{})
				note(err)
			default:
				path := "/api/v1/equipment/" + p.wants.Equipment + "/availability?days=1&from=" + p.wants.Start.In(r.target.zone).Format("2006-01-02")
				_, err := r.send(ctx, "GET availability", http.MethodGet, path, "", nil)
				note(err)
			}
		})
	}
}
