package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Nodes must agree on now: above warnDrift the log says it, above mostDrift the
// node is not ready and its drains rest.
const (
	warnDrift  = 2 * time.Second
	mostDrift  = 30 * time.Second
	driftEvery = time.Minute
)

// drift is how far this machine's clock is behind the clock that all nodes
// share: PostgreSQL's, else Redis'. With neither there is one node and no drift.
type drift struct{ behind atomic.Int64 }

func (d *drift) get() time.Duration { return time.Duration(d.behind.Load()) }

// fault tells why this node must not act by its clock; nil: it may.
func (d *drift) fault() error {
	if b := d.get(); b.Abs() > mostDrift {
		return fmt.Errorf("the clock is %s off the shared one", b.Round(time.Second))
	}
	return nil
}

// watch measures until ctx ends.
func (d *drift) watch(ctx context.Context, a *app) {
	tick := time.NewTicker(driftEvery)
	defer tick.Stop()
	for {
		d.measure(ctx, a)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// measure keeps the last value where the shared clock can't be asked.
func (d *drift) measure(ctx context.Context, a *app) {
	ask := a.sharedClock()
	if ask == nil {
		return
	}
	before := time.Now()
	shared, err := ask(ctx)
	took := time.Since(before)
	if err != nil || took > time.Second {
		return
	}
	behind := shared.Sub(before.Add(took / 2))
	d.behind.Store(int64(behind))
	if behind.Abs() > warnDrift {
		a.log.Warn("the clock of this machine differs from the shared one", "behind", behind.String())
	}
}

func (a *app) sharedClock() func(context.Context) (time.Time, error) {
	switch {
	case a.cfg.DatabaseURL != "":
		return a.db.ServerTime
	case a.redis != nil:
		return a.redis.Time
	}
	return nil
}
