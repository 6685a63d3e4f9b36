package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"gongbang/internal/lang"
)

const (
	// MaxTries of an event; then a person has to look.
	MaxTries = 8
	// MostClaimed is the largest batch: jobs write at most 200 rows a closure.
	MostClaimed = 200
	// claimLease is how long a batch is this node's; events that are not begun
	// when less than sendBudget is left are given back.
	claimLease = 5 * time.Minute
	sendBudget = time.Minute
	// unsendable is the wait of messages while there is neither gateway nor mailbox.
	unsendable = 5 * time.Minute
	// workers send at once: a slow mail server must not hold up everybody.
	workers = 8
)

// DeliveryDeps is what the delivery needs; none may be missing.
type DeliveryDeps struct {
	Outbox   Outbox
	Bookings Bookings
	People   People
	Surveys  Surveys
	Months   Months
	Tickets  Tickets
	Dangers  Dangers
	Codes    Codes
	Links    Links
	Post     Post
	Clock    func() time.Time
	Log      *slog.Logger
}

// Delivery drains the outbox: it claims events, looks at the world as it is
// now, and lets happen what is still right. At least once; a stable key lets
// the other side tell a repetition.
type Delivery struct{ d DeliveryDeps }

// NewDelivery checks that nothing is missing and starts nothing.
func NewDelivery(d DeliveryDeps) (*Delivery, error) {
	for name, missing := range map[string]bool{
		"outbox": d.Outbox == nil, "bookings": d.Bookings == nil, "people": d.People == nil, "surveys": d.Surveys == nil,
		"months": d.Months == nil, "tickets": d.Tickets == nil, "dangers": d.Dangers == nil, "links": d.Links == nil, "codes": d.Codes == nil, "post": d.Post == nil, "clock": d.Clock == nil, "log": d.Log == nil,
	} {
		if missing {
			return nil, fmt.Errorf("scheduler: delivery: %s is missing", name)
		}
	}
	return &Delivery{d}, nil
}

// CanSend tells whether any message can leave; without, they wait.
func (d *Delivery) CanSend() bool { return d.d.Post.CanSend() }

// Run handles one batch and tells how many events it took; 0 is nothing due.
func (d *Delivery) Run(ctx context.Context) (int, error) {
	claimed := d.d.Clock()
	batch, err := d.d.Outbox.Claim(ctx, claimLease, MostClaimed)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	d = &Delivery{d.d}
	d.d.Bookings = &oneSender{Bookings: d.d.Bookings}
	enough := func() bool { return stopping(ctx) || d.d.Clock().Sub(claimed) > claimLease-sendBudget }
	back, err := d.spread(ctx, batch, enough)
	if len(back) > 0 {
		err = errors.Join(err, d.settle(ctx, func(ctx context.Context) error { return d.d.Outbox.Release(ctx, back, 0) }))
	}
	return len(batch) - len(back), err
}

// oneSender asks once for a whole batch what the service calls itself.
type oneSender struct {
	Bookings
	once  sync.Once
	brand lang.Text
	zone  *time.Location
	err   error
}

// Sender implements Bookings.
func (s *oneSender) Sender(ctx context.Context) (lang.Text, *time.Location, error) {
	s.once.Do(func() { s.brand, s.zone, s.err = s.Bookings.Sender(ctx) })
	return s.brand, s.zone, s.err
}

// spread handles the events of a batch side by side until it is enough; back
// is what was not begun.
func (d *Delivery) spread(ctx context.Context, batch []Event, enough func() bool) (back []Event, err error) {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		errs []error
		todo = make(chan Event)
	)
	for range min(workers, len(batch)) {
		wg.Go(func() {
			for e := range todo {
				if err := d.handle(ctx, e); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	for i, e := range batch {
		if enough() {
			back = batch[i:]
			break
		}
		todo <- e
	}
	close(todo)
	wg.Wait()
	return back, errors.Join(errs...)
}

// result is what handling an event came to.
type result struct {
	dropped string        // why nothing was sent; "" otherwise
	wait    bool          // nobody can send it now
	after   time.Duration // it is too early: to be looked at again after so long
	into    []event
}

// handle settles one event. Its error is about the outbox itself; a message
// that could not be sent is the event's own affair.
func (d *Delivery) handle(ctx context.Context, e Event) error {
	if e.Tries > MaxTries {
		return d.settle(ctx, func(ctx context.Context) error {
			return d.d.Outbox.Fail(ctx, e, Failure{Reason: "no attempt came to its end", Dead: true})
		})
	}
	r, err := d.act(ctx, e)
	if err != nil {
		d.d.Log.Warn("not delivered", "event", e.ID, "kind", e.Kind, "subject", e.Subject, "tries", e.Tries, "err", err)
	} else if r.dropped != "" {
		d.d.Log.Info("dropped", "event", e.ID, "kind", e.Kind, "subject", e.Subject, "why", r.dropped)
	}
	return d.settle(ctx, func(ctx context.Context) error {
		switch {
		case err != nil && stopping(ctx) && errors.Is(err, context.Canceled):
			return d.d.Outbox.Release(ctx, []Event{e}, 0)
		case err != nil:
			return d.d.Outbox.Fail(ctx, e, Failure{Reason: cut(err.Error()), After: backoff(e.Tries), Dead: e.Tries >= MaxTries})
		case r.after > 0:
			return d.d.Outbox.Release(ctx, []Event{e}, r.after)
		case r.wait:
			return d.d.Outbox.Release(ctx, []Event{e}, unsendable)
		case len(r.into) > 0:
			return d.d.Outbox.Split(ctx, e, r.into)
		}
		return d.d.Outbox.Done(ctx, e)
	})
}

// settle writes down what happened though the batch's own time may be over:
// a message that left and is not noted would leave twice.
func (d *Delivery) settle(ctx context.Context, note func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	err := note(ctx)
	if errors.Is(err, ErrLeaseLost) {
		d.d.Log.Warn("an event was taken over before it was settled")
		return nil
	}
	return err
}
