package redis

import (
	"context"
	"errors"
	"time"

	"gongbang/store/memory"
)

// Limiter counts calls of all nodes together: GCRA by Redis' own clock, one key
// per caller that expires when its bucket is full again. It travels in the same
// batches as the locks.
type Limiter struct {
	client *Client
	alone  *memory.Limiter
}

// NewLimiter makes a limiter on the connection. Alone is asked while Redis is
// down: each node then counts for itself, and nobody is refused for our fault.
func NewLimiter(c *Client, alone *memory.Limiter) (*Limiter, error) {
	if c == nil || alone == nil {
		return nil, errors.New("store/redis: the limiter needs a client and a limiter for when it is down")
	}
	return &Limiter{client: c, alone: alone}, nil
}

// Allow takes one token of the key's bucket, which holds burst tokens and gains
// perMinute a minute (both at least 1). Refused, it tells after how long a
// token is there.
func (l *Limiter) Allow(ctx context.Context, key string, perMinute, burst int) (ok bool, retryAfter time.Duration) {
	each := time.Minute.Microseconds() / int64(max(perMinute, 1))
	v, err := l.client.do(ctx, "rate", "gongbang:rate:{"+key+"}", max(each, 1), max(burst, 1))
	if err != nil {
		return l.alone.Allow(ctx, key, perMinute, burst)
	}
	wait, _ := v.(int64)
	return wait == 0, time.Duration(wait) * time.Microsecond
}
