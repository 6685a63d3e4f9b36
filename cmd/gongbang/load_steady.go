package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// steadyRun keeps what the requests of a steady load share.
type steadyRun struct {
	*loadRun
	wg    sync.WaitGroup
	mu    sync.Mutex
	made  []madeBooking
	err   error
	abort context.CancelFunc
}

// madeBooking is one that may be cancelled, and by whom.
type madeBooking struct{ id, token string }

// steady sends at a fixed rate: eight reads, one booking and one cancel in
// ten. It ends early at the first request without an answer.
func (r *loadRun) steady(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &steadyRun{loadRun: r, abort: cancel}
	tick := time.NewTicker(time.Second / time.Duration(r.plan.rate))
	defer tick.Stop()
	end := time.After(r.plan.length)
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			s.wg.Wait()
			return errors.Join(s.err, context.Cause(ctx))
		case <-end:
			s.wg.Wait()
			return s.err
		case <-tick.C:
		}
		p := r.people[r.rnd.IntN(len(r.people))]
		p.wants = r.target.anySlot(r.rnd)
		s.wg.Go(func() { s.failed(s.one(ctx, n%10, p)) })
	}
}

func (s *steadyRun) failed(err error) {
	if err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.abort()
}

// one sends one request: which of ten decides what it is.
func (s *steadyRun) one(ctx context.Context, which int, p loadPerson) error {
	switch which {
	case 8:
		return s.book(ctx, p)
	case 9:
		return s.cancelLast(ctx)
	}
	_, err := s.send(ctx, "GET availability", http.MethodGet, s.dayOf(p), "", nil)
	return err
}

func (s *steadyRun) book(ctx context.Context, p loadPerson) error {
	a, err := s.send(ctx, "POST /bookings", http.MethodPost, "/api/v1/bookings", p.token, p.wants)
	if err == nil && a.status == http.StatusCreated {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.made = append(s.made, madeBooking{a.ID, p.token})
	}
	return err
}

func (s *steadyRun) cancelLast(ctx context.Context) error {
	s.mu.Lock()
	if len(s.made) == 0 {
		s.mu.Unlock()
		return nil
	}
	last := s.made[len(s.made)-1]
	s.made = s.made[:len(s.made)-1]
	s.mu.Unlock()
	_, err := s.send(ctx, "POST cancel", http.MethodPost, "/api/v1/bookings/"+last.id+"/cancel", last.token, map[string]string{})
	return err
}
