package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/booking"
	"gongbang/internal/testkit"
	"gongbang/store/memory"
)

// BenchmarkLocker locks and releases with 256 callers on 153 machines, in four
// ways, interleaved five times, and prints the medians as ratios: absolute
// figures on shared machines move by 40 %.
func BenchmarkLocker(b *testing.B) {
	socket := serve(b)
	ways := map[string]booking.Locker{
		"memory": inMemory(b), "batch": node(b, connect(b, socket)),
		"pipeline": node(b, connect(b, socket)), "each": &each{connect(b, socket)},
	}
	ways["pipeline"].(*Locker).client.cluster = true // one script call for each key
	rates := map[string][]float64{}
	n := 0
	for b.Loop() {
		for range 5 {
			for name, l := range ways {
				n++
				rates[name] = append(rates[name], perSecond(b, l, n))
			}
		}
	}
	median := func(name string) float64 {
		slices.Sort(rates[name])
		return rates[name][len(rates[name])/2]
	}
	b.ReportMetric(median("each"), "trip_each/s")
	b.ReportMetric(median("batch"), "batch/s")
	b.ReportMetric(median("memory"), "memory/s")
	b.ReportMetric(median("pipeline")/median("each"), "pipeline/trip_each")
	b.ReportMetric(median("batch")/median("pipeline"), "batch/pipeline")
	b.ReportMetric(median("batch")/median("each"), "batch/trip_each")
	b.ReportMetric(median("memory")/median("batch"), "memory/batch")
}

// BenchmarkAlone is one caller: what a lock costs when nobody else waits.
func BenchmarkAlone(b *testing.B) {
	l := node(b, connect(b, serve(b)))
	for b.Loop() {
		lockOnce(b, l, 1, 1, 1)
	}
}

const callers, calls = 256, 40

func perSecond(b *testing.B, l booking.Locker, round int) float64 {
	var done sync.WaitGroup
	var failed atomic.Int64
	began := time.Now()
	for caller := range callers {
		done.Go(func() {
			for call := range calls {
				if !lockOnce(b, l, round, caller, call) {
					failed.Add(1)
				}
			}
		})
	}
	done.Wait()
	if failed.Load() > 0 {
		b.Fatalf("%d calls failed", failed.Load())
	}
	return callers * calls / time.Since(began).Seconds()
}

func lockOnce(b *testing.B, l booking.Locker, round, caller, call int) bool {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(caller*calls+call) * time.Hour)
	c := booking.Claim{
		Equipment: fmt.Sprint("machine", (caller+call)%153), Units: []int{1, 2},
		Interval: booking.Interval{Start: start, End: start.Add(time.Hour)},
		Owner:    fmt.Sprintf("%032d", caller), TTL: time.Minute,
	}
	if _, _, err := l.Acquire(b.Context(), c); err != nil {
		return false
	}
	return l.Release(b.Context(), c.Equipment, c.Owner, c.Interval) == nil
}

func node(b *testing.B, c *Client) *Locker {
	l, err := NewLocker(c, inMemory(b))
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func inMemory(b *testing.B) *memory.Locker {
	l, err := memory.NewLocker(memory.Deps{Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// each is the locker without batches: a round trip for each call.
type each struct{ client *Client }

func (e *each) do(ctx context.Context, op, key string, args ...any) (any, error) {
	one := &call{ctx: ctx, op: op, key: key, args: args}
	var results []answer
	err := e.client.guard(ctx, func(ctx context.Context) error {
		results = e.client.trip(ctx, [][]*call{{one}})
		return firstError(results)
	})
	if err != nil {
		return nil, err
	}
	return results[0].value.([]any)[0], nil
}

func (e *each) Acquire(ctx context.Context, c booking.Claim) (booking.Held, bool, error) {
	v, err := e.do(ctx, "acquire", lockKey(c.Equipment), c.Interval.Start.UnixMilli(), c.Interval.End.UnixMilli(),
		milliseconds(c.TTL), c.Owner, 0, len(c.Units), c.Units[0], c.Units[1])
	if err != nil {
		return booking.Held{}, false, err
	}
	return held(c.Equipment, c.Owner, c.Interval, integers(v.([]any))), true, nil
}

func (e *each) Release(ctx context.Context, equipment, owner string, i booking.Interval) error {
	_, err := e.do(ctx, "release", lockKey(equipment), i.Start.UnixMilli(), i.End.UnixMilli(), owner)
	return err
}

var errNotMeasured = errors.New("not measured")

func (e *each) Extend(context.Context, string, int, booking.Interval, string, time.Duration) (booking.Held, error) {
	return booking.Held{}, errNotMeasured
}
func (e *each) List(context.Context, string, booking.Interval) ([]booking.Held, error) {
	return nil, errNotMeasured
}
func (e *each) Swap(context.Context, string, booking.Held, time.Duration) (*booking.Held, error) {
	return nil, errNotMeasured
}

func serve(b *testing.B) (socket string) {
	socket = b.TempDir() + "/r.sock"
	testkit.Redis(b, "--unixsocket", socket)
	return socket
}

// connect has patience: a crowd without batches waits for connections.
func connect(b *testing.B, socket string) *Client {
	c, err := Open(Options{URL: "unix://" + socket, Patience: 5 * time.Second, OpenFor: time.Millisecond})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	for {
		if _, err := c.Time(b.Context()); err == nil {
			return c
		}
	}
}
