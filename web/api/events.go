package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"gongbang/booking"
	"gongbang/internal/fault"
)

// heartbeat keeps proxies from closing a quiet stream and finds readers that
// are gone; a write gets that long again before it counts as lost.
const heartbeat = 15 * time.Second

// streams counts open event streams and ends them all at shutdown.
type streams struct {
	most  int64
	open  atomic.Int64
	ended context.Context
	end   context.CancelFunc
}

func newStreams(most int) *streams {
	ended, end := context.WithCancel(context.Background())
	return &streams{most: int64(most), ended: ended, end: end}
}

func (s *streams) enter() error {
	if s.open.Add(1) > s.most || s.ended.Err() != nil {
		s.open.Add(-1)
		f := fault.New(fault.Unavailable, "unavailable")
		f.RetryAfter = 10
		return f
	}
	return nil
}

func (s *streams) leave() { s.open.Add(-1) }

type eventsQuery struct {
	Equipment string `query:"equipment" validate:"required_without=Center,excluded_with=Center,max=128"`
	Center    string `query:"center" validate:"max=128"`
}

func (a *API) events(c *call, in *eventsQuery) error {
	machines, err := a.watched(c, in)
	if err != nil {
		return err
	}
	if err := a.streams.enter(); err != nil {
		return err
	}
	defer a.streams.leave()
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return nil
	}
	ctx, cancel := context.WithCancel(c.ctx())
	defer cancel()
	defer context.AfterFunc(a.streams.ended, cancel)()
	// What follows can't be answered with a problem any more: a stream that
	// breaks simply ends, and the client comes back and fetches anew.
	_ = stream(ctx, c.Writer, a.Feed.Subscribe(ctx, machines))
	return nil
}

// watched names the machines to tell of.
func (a *API) watched(c *call, in *eventsQuery) ([]string, error) {
	cat, err := a.catalogNow(c.ctx())
	if err != nil {
		return nil, err
	}
	if in.Equipment != "" {
		if _, ok := cat.Machine(in.Equipment); !ok {
			return nil, fault.ErrNotFound
		}
		return []string{in.Equipment}, nil
	}
	center, ok := cat.Center(in.Center)
	if !ok {
		return nil, fault.ErrNotFound
	}
	machines := each(center.Equipment, func(e *booking.Equipment) string { return e.ID })
	if len(machines) == 0 {
		machines = []string{""} // no machine, and not all of them
	}
	return machines, nil
}

// stream writes notices until ctx or the feed ends. The server's write
// deadline is for requests and is moved before each write.
func stream(ctx context.Context, w http.ResponseWriter, feed <-chan booking.Notice) error {
	control := http.NewResponseController(w)
	send := func(text string) error {
		if err := control.SetWriteDeadline(time.Now().Add(2 * heartbeat)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		return control.Flush()
	}
	if err := send("retry: 3000\n: connected\n\n"); err != nil {
		return err
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		text := ": still here\n\n"
		select {
		case <-ctx.Done():
			return ctx.Err()
		case n, ok := <-feed:
			if !ok {
				return nil
			}
			text = event(n)
		case <-tick.C:
		}
		if err := send(text); err != nil {
			return err
		}
	}
}

// event carries no personal data: which machine on which day, nothing more.
func event(n booking.Notice) string {
	data, _ := json.Marshal(map[string]string{"equipment_id": n.Equipment, "date": string(n.Day)})
	return "event: availability\ndata: " + string(data) + "\n\n"
}
