package booking

import (
	"context"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
)

// ExportUsage is Usage that leaves the service as a file: why is asked, and
// the audit says who took which figures.
func (s *Service) ExportUsage(ctx context.Context, actor account.Actor, q UsageQuery, reason string) (*Usage, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, fault.BadField("reason", "required", "")
	}
	u, err := s.Usage(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	e := account.Entry{Actor: actor.Name(), Action: "usage.export", Center: q.Center, Reason: reason, Request: actor.RequestID,
		Detail: map[string]any{"from": string(u.Filter.From), "to": string(u.Filter.To), "group_by": u.Filter.GroupBy, "centers": len(u.Filter.Centers)}}
	if len(u.Filter.Centers) == 1 {
		e.Center = u.Filter.Centers[0]
	}
	_, err = do(ctx, s.Store, func(ctx context.Context, tx Tx) (bool, error) { return true, tx.Trace(ctx, e) })
	return u, err
}
