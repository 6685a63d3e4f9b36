package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"gongbang/scheduler"
	"gongbang/store"
	"gongbang/web/api"
	"gongbang/web/edge"
	"gongbang/web/page"
)

// newAPI makes the JSON door with the probes of /readyz and the figures of /metrics.
func (a *app) newAPI() (*api.API, error) {
	public, err := url.Parse(string(a.cfg.PublicURL))
	if err != nil {
		return nil, err
	}
	var limiter edge.Limiter
	if a.cfg.RateLimit {
		limiter = a.limiter
	}
	return api.New(api.Deps{
		Engine: a.bookings, People: a.accounts, Surveys: a.surveys, Audit: webAudit{a.db}, Feed: a.feed,
		Log: a.log, Clock: a.clock, NewID: newID, Limiter: limiter, PublicURL: public,
		TrustedProxies: a.cfg.TrustedProxies, Streams: int(a.cfg.Streams), Probes: a.probes(), Gauges: a.gauges(),
	})
}

// webAudit reads the audit for the API.
type webAudit struct{ db *store.DB }

func (w webAudit) Audit(ctx context.Context, q api.AuditQuery) ([]api.AuditLine, error) {
	found, err := w.db.Audit(ctx, store.AuditFilter(q))
	out := make([]api.AuditLine, len(found))
	for i, l := range found {
		out[i] = api.AuditLine(l)
	}
	return out, err
}

// pageAudit reads the audit for the pages.
type pageAudit struct{ db *store.DB }

func (w pageAudit) Audit(ctx context.Context, q page.AuditQuery) ([]page.AuditLine, error) {
	found, err := w.db.Audit(ctx, store.AuditFilter(q))
	out := make([]page.AuditLine, len(found))
	for i, l := range found {
		out[i] = page.AuditLine(l)
	}
	return out, err
}

func (a *app) probes() []api.Probe {
	return []api.Probe{
		{Name: "database", Required: true, Check: func(ctx context.Context) (map[string]any, error) {
			return map[string]any{"kind": a.db.Dialect()}, a.db.Ping(ctx)
		}},
		{Name: "clock", Required: true, Check: func(context.Context) (map[string]any, error) {
			return map[string]any{"behind_ms": a.drift.get().Milliseconds()}, a.drift.fault()
		}},
		{Name: "locks", Check: func(context.Context) (map[string]any, error) {
			if a.redis == nil {
				return map[string]any{"kind": "process"}, nil
			}
			if !a.redis.Healthy() {
				return map[string]any{"kind": a.redis.Where()}, errors.New("redis does not answer; bookings go on without locks")
			}
			return map[string]any{"kind": a.redis.Where()}, nil
		}},
		{Name: "mail", Check: func(context.Context) (map[string]any, error) {
			if !a.post.CanSend() {
				return nil, errors.New("nothing can be sent: neither a mail server nor an SMS gateway is set")
			}
			return map[string]any{"email": a.cfg.SMTPURL != "", "sms": a.cfg.SMSURL != "", "dev_mailbox": bool(a.cfg.DevMailbox)}, nil
		}},
		{Name: "outbox", Check: a.probeOutbox},
	}
}

func (a *app) probeOutbox(ctx context.Context) (map[string]any, error) {
	s, err := store.NewOutbox(a.db).Stats(ctx)
	detail := map[string]any{"waiting": s.Waiting, "dead": s.Dead}
	if !s.Oldest.IsZero() {
		detail["oldest_seconds"] = int(a.clock().Sub(s.Oldest) / time.Second)
	}
	return detail, err
}

func (a *app) gauges() []api.Gauge {
	outbox := func(pick func(scheduler.OutboxStats) float64) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) {
			s, err := store.NewOutbox(a.db).Stats(ctx)
			return pick(s), err
		}
	}
	stat := func(pick func(store.Stats) float64) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) { return pick(a.db.Stats()), nil }
	}
	return []api.Gauge{
		{Name: "gongbang_outbox_waiting", Help: "Events that are due and have not left.", Read: outbox(func(s scheduler.OutboxStats) float64 { return float64(s.Waiting) })},
		{Name: "gongbang_outbox_dead", Help: "Events that were given up.", Read: outbox(func(s scheduler.OutboxStats) float64 { return float64(s.Dead) })},
		{Name: "gongbang_store_queue", Help: "Transactions that wait for the writer.", Read: stat(func(s store.Stats) float64 { return float64(s.Queue) })},
		{Name: "gongbang_store_wal_bytes", Help: "Size of SQLite's write-ahead log.", Read: stat(func(s store.Stats) float64 { return float64(s.WALBytes) })},
		{Name: "gongbang_locks_healthy", Help: "1 while the lock layer answers.", Read: func(context.Context) (float64, error) {
			if a.redis != nil && !a.redis.Healthy() {
				return 0, nil
			}
			return 1, nil
		}},
		{Name: "gongbang_clock_behind_seconds", Help: "This machine's clock against the shared one.", Read: func(context.Context) (float64, error) {
			return a.drift.get().Seconds(), nil
		}},
	}
}
