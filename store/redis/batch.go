package redis

import "context"

// Callers that wait are collected and sent together: while a batch is on its
// way the next one gathers, so a lone caller never waits and a crowd shares its
// round trips. On a single Redis a batch is ONE script call: 1.3 × as fast as
// one script call for each key in a pipeline (the script's set-up and TIME are
// paid once) and 2.5 to 3 × as fast as a round trip for each caller; see
// BenchmarkLocker. A cluster refuses a script that touches two slots, so there
// it is the pipeline. Both ways are one road: a list of groups of calls.
const (
	// senders is how many batches may be on their way at once. Redis runs one
	// script at a time: the second keeps it busy while the first one's answers
	// are read (1.3 × as fast as one sender), more gain nothing.
	senders = 2
	// mostCalls bounds one batch, and with it how long Redis runs one script.
	mostCalls = 256
)

// call is one operation that waits for its answer.
type call struct {
	ctx  context.Context
	op   string
	key  string
	args []any
	done chan answer // takes one answer without a reader
}

type answer struct {
	value any
	err   error
}

// do runs one operation of ops.lua and waits for its answer. The caller waits a
// fifth longer than the round trip may take (300 ms in all), so that it hears
// how the trip ended, and its next call finds the breaker as the trip left it.
func (c *Client) do(ctx context.Context, op, key string, args ...any) (any, error) {
	if c.breaker.refuses() {
		return nil, ErrDown
	}
	limited, cancel := context.WithTimeout(ctx, c.patience+c.patience/5)
	defer cancel()
	mine := &call{ctx: limited, op: op, key: key, args: args, done: make(chan answer, 1)}
	c.enqueue(mine)
	select {
	case a := <-mine.done:
		return a.value, a.err
	case <-limited.Done():
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nil, down(limited.Err())
}

// enqueue starts a sender unless enough are at work already.
func (c *Client) enqueue(one *call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, one)
	if c.senders < senders {
		c.senders++
		go c.send()
	}
}

// send sends batches until nobody waits any more.
func (c *Client) send() {
	for batch := c.gather(); batch != nil; batch = c.gather() {
		c.deliver(batch)
	}
}

// gather takes the next batch. Callers who went away are left out: a lock that
// nobody waits for any more must not be taken. With nobody left the sender is
// signed off under the same lock, so that no caller is overlooked.
func (c *Client) gather() (batch []*call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := 0
	for _, one := range c.waiting {
		if len(batch) == mostCalls {
			break
		}
		if taken++; one.ctx.Err() == nil {
			batch = append(batch, one)
		}
	}
	left := copy(c.waiting, c.waiting[taken:])
	clear(c.waiting[left:])
	c.waiting = c.waiting[:left]
	if batch == nil {
		c.senders--
	}
	return batch
}

// deliver sends a batch in one round trip and hands out the answers. The trip
// has its own patience: no caller's context may end it for the others.
func (c *Client) deliver(batch []*call) {
	groups := [][]*call{batch}
	if c.cluster {
		groups = byKey(batch)
	}
	var results []answer
	err := c.guard(context.Background(), func(ctx context.Context) error {
		results = c.trip(ctx, groups)
		return firstError(results)
	})
	for i, group := range groups {
		failed := err
		if results != nil {
			failed = nil
			if results[i].err != nil {
				failed = down(results[i].err)
			}
		}
		hand(group, results, i, failed)
	}
}
