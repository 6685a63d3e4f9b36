package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"gongbang/booking"
	"gongbang/store/memory"
)

// channel is the one channel that nodes tell each other changes on.
const channel = "gongbang:changed"

const (
	silence          = 2 * time.Second // before a connection is pinged, and again before it is left
	resubscribeAfter = 200 * time.Millisecond
)

// outbound is how many notices wait for Redis before some are lost.
const outbound = 1024

// Notices is booking.Watch and booking.Feed for several nodes. Readers of this
// node are served directly, with Redis or without; other nodes are told by
// PUBLISH. Both ways are throttled, so that a reader gets at most one notice a
// second per machine and day, however many nodes there are.
type Notices struct {
	client *Client
	node   string
	local  *memory.Notices
	out    *memory.Throttle
	queue  chan booking.Notice

	silence time.Duration // a constant but in tests
}

var (
	_ booking.Watch = (*Notices)(nil)
	_ booking.Feed  = (*Notices)(nil)
)

// NewNotices makes the feed; Run connects it to the other nodes.
func NewNotices(c *Client) *Notices {
	n := &Notices{
		client: c, node: rand.Text(), local: memory.NewNotices(),
		queue: make(chan booking.Notice, outbound), silence: silence,
	}
	n.out = memory.NewThrottle(n.enqueue)
	return n
}

// Changed tells the readers of all nodes. It never blocks.
func (n *Notices) Changed(equipment string, days ...booking.Date) {
	n.local.Changed(equipment, days...)
	for _, day := range days {
		n.out.Touch(booking.Notice{Equipment: equipment, Day: day})
	}
}

func (n *Notices) enqueue(notice booking.Notice) {
	select {
	case n.queue <- notice:
	default: // Redis is slow or away: a notice may be lost, nobody may wait
	}
}

// Subscribe is booking.Feed.
func (n *Notices) Subscribe(ctx context.Context, equipment []string) <-chan booking.Notice {
	return n.local.Subscribe(ctx, equipment)
}

// Close ends all subscriptions of this node.
func (n *Notices) Close() {
	n.out.Close()
	n.local.Close()
}

// Run publishes and listens until ctx ends. It survives any number of lost
// connections; what was published meanwhile is not made up for.
func (n *Notices) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.publish(ctx)
	}()
	n.listen(ctx)
	<-done
}

func (n *Notices) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case notice := <-n.queue:
			message := n.node + " " + string(notice.Day) + " " + notice.Equipment
			// A failure is the breaker's business; the notice is lost.
			_ = n.client.guard(ctx, func(ctx context.Context) error {
				return n.client.redis.Publish(ctx, channel, message).Err()
			})
		}
	}
}

// listen hands on what other nodes say, one subscription after another.
func (n *Notices) listen(ctx context.Context) {
	for ctx.Err() == nil {
		n.session(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(resubscribeAfter):
		}
	}
}

// session is one subscription, until ctx ends or its connection is lost. A
// silent connection is pinged, and left when the answer does not come either:
// go-redis' own channel only looks whether the ping could be written, which on
// a network that swallows packets goes well for a quarter of an hour.
func (n *Notices) session(ctx context.Context) {
	sub := n.client.redis.Subscribe(ctx, channel)
	defer sub.Close()
	stop := context.AfterFunc(ctx, func() { _ = sub.Close() })
	defer stop()
	for pinged := false; ; {
		m, err := sub.ReceiveTimeout(ctx, n.silence)
		var late net.Error
		switch {
		case err == nil:
			pinged = false
			if message, told := m.(*goredis.Message); told {
				n.heard(message.Payload)
			}
		case pinged || !errors.As(err, &late) || !late.Timeout():
			return
		default:
			if pinged = true; sub.Ping(ctx) != nil {
				return
			}
		}
	}
}

// heard is one message: node, day, equipment. Our own were served already.
func (n *Notices) heard(message string) {
	node, rest, _ := strings.Cut(message, " ")
	day, equipment, whole := strings.Cut(rest, " ")
	if _, real := booking.ParseDate(day); !whole || !real || node == n.node {
		return
	}
	n.local.Changed(equipment, booking.Date(day))
}
