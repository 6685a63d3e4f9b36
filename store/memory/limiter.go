package memory

import (
	"context"
	"sync"
	"time"
)

// mostKeys bounds one shard of the limiter (64 shards). Where more keys are
// alive at once somebody is making them up, and the shard begins anew: comfort
// fails open, memory does not.
const mostKeys = 4096

// Limiter is a token bucket per key inside one process, counted as GCRA: of
// each bucket only the instant is kept at which it will be full again.
type Limiter struct {
	clock   func() time.Time
	buckets [shards]buckets
}

type buckets struct {
	mu   sync.Mutex
	full map[string]time.Time
	wins int
}

// NewLimiter makes a limiter whose buckets are all full.
func NewLimiter(d Deps) (*Limiter, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	l := &Limiter{clock: d.Clock}
	for i := range l.buckets {
		l.buckets[i].full = map[string]time.Time{}
	}
	return l, nil
}

// Allow takes one token of the key's bucket, which holds burst tokens and gains
// perMinute a minute (both at least 1). Refused, it tells after how long a
// token is there. It never fails.
func (l *Limiter) Allow(_ context.Context, key string, perMinute, burst int) (ok bool, retryAfter time.Duration) {
	each := time.Minute / time.Duration(max(perMinute, 1))
	most := each * time.Duration(max(burst, 1))
	b, now := &l.buckets[shardOf(key)], l.clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	full, known := b.full[key]
	if !known || full.Before(now) {
		full = now
	}
	full = full.Add(each)
	if wait := full.Sub(now) - most; wait > 0 {
		return false, wait
	}
	b.full[key] = full
	b.sweep(now)
	return true, 0
}

// sweep looks at four keys every other win and forgets full buckets: an absent
// key means the same.
func (b *buckets) sweep(now time.Time) {
	if len(b.full) > mostKeys {
		clear(b.full)
		return
	}
	if b.wins++; b.wins%2 != 0 {
		return
	}
	looked := 0
	for key, full := range b.full {
		if !full.After(now) {
			delete(b.full, key)
		}
		if looked++; looked == 4 {
			return
		}
	}
}
