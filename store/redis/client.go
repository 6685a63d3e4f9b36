package redis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// ErrDown is what every call returns, wrapped with its cause, when Redis did
// not answer in time, refused, or is not asked because the breaker is open. It
// never means that somebody else has the lock: go on without one.
var ErrDown = errors.New("redis does not answer")

// Patience is how long one round trip may take. It normally takes 0.2 ms; 250
// leaves room for the rest inside the 300 ms that a call may take and the 350
// that a silent Redis may cost a booking.
const Patience = 250 * time.Millisecond

// OpenFor is how long the breaker stays open before one call may try again.
const OpenFor = 5 * time.Second

// Options says where Redis is. Zero durations mean the constants above.
type Options struct {
	URL      string // redis://, rediss://, unix://; several with commas are a cluster
	Patience time.Duration
	OpenFor  time.Duration
	// Changed, if set, is told when the breaker opens (with the cause) and
	// closes (nil). It is called without locks held and must not block.
	Changed func(healthy bool, cause error)
}

// Client is the connection that locker, limiter and notices share, with one
// breaker around it.
type Client struct {
	redis    goredis.UniversalClient
	cluster  bool
	nodes    int
	patience time.Duration
	breaker  *breaker

	mu      sync.Mutex
	waiting []*call
	senders int
}

// quiet switches off go-redis' own lines on standard error: what they tell is
// in the returned errors, and they show addresses.
var quiet = sync.OnceFunc(logging.Disable)

// Open checks the address. It connects at the first call, so that a Redis that
// is down never keeps the service from starting.
func Open(o Options) (*Client, error) {
	u, err := parse(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Patience <= 0 {
		o.Patience = Patience
	}
	if o.OpenFor <= 0 {
		o.OpenFor = OpenFor
	}
	quiet()
	limit(u, o.Patience)
	return &Client{
		redis: goredis.NewUniversalClient(u), cluster: len(u.Addrs) > 1, nodes: len(u.Addrs),
		patience: o.Patience, breaker: &breaker{patience: o.Patience, openFor: o.OpenFor, changed: o.Changed},
	}, nil
}

// limit sets everything that go-redis would otherwise do on its own: wait for
// seconds, ignore the context, dial five times, repeat what may have happened.
func limit(u *goredis.UniversalOptions, patience time.Duration) {
	u.ContextTimeoutEnabled = true
	u.MaxRetries = -1
	u.MaxRedirects = 2 // a cluster that moved a slot; not a repetition
	u.DialTimeout, u.ReadTimeout, u.WriteTimeout, u.PoolTimeout = patience, patience, patience, patience
	u.DialerRetries = 1
	// Batches use the few connections of the senders; beside them there are
	// only publishing and Time.
	u.PoolSize = senders + 4
	u.MaxIdleConns = senders + 4
	u.PipelinePoolSize = -1
	u.DisableIdentity = true
	u.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// Close ends all connections; calls that wait fail.
func (c *Client) Close() error { return c.redis.Close() }

// Healthy tells for /readyz whether the breaker is closed. It asks nobody.
func (c *Client) Healthy() bool { return c.breaker.healthy() }

// Where tells for the start-up log what is used, without addresses.
func (c *Client) Where() string {
	if c.cluster {
		return fmt.Sprintf("redis cluster (%d addresses)", c.nodes)
	}
	return "redis"
}

// Time is Redis' own clock, UTC. It is also the ping: with nobody calling, the
// breaker would never learn that Redis is back.
func (c *Client) Time(ctx context.Context) (now time.Time, err error) {
	err = c.guard(ctx, func(ctx context.Context) (err error) {
		now, err = c.redis.Time(ctx).Result()
		return err
	})
	return now.UTC(), err
}

// guard runs one round trip inside the breaker and the patience.
func (c *Client) guard(ctx context.Context, trip func(context.Context) error) error {
	done, err := c.breaker.enter()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	err = trip(limited)
	if err == nil {
		done(nil)
		return nil
	}
	if ctx.Err() != nil {
		done(errGaveUp) // the caller went away: that says nothing about Redis
		return ctx.Err()
	}
	done(err)
	return down(err)
}

func down(cause error) error { return fmt.Errorf("%w: %w", ErrDown, cause) }
