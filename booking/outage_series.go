package booking

import (
	"context"
	"slices"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
)

// SeriesEnd ends recurring maintenance from a day on.
type SeriesEnd struct {
	From    Date   // "": from now on
	Reason  string // of the audit
	Preview bool   // tell, write nothing
}

// EndSeries ends the recurring maintenance that an outage belongs to, and tells
// which times are free again. What has begun stays, and is ended by itself; what
// was cancelled for the times that fall away stays cancelled.
func (s *Service) EndSeries(ctx context.Context, actor account.Actor, equipment, id string, end SeriesEnd) ([]*Outage, error) {
	one, err := s.outage(ctx, equipment, id)
	switch {
	case err != nil:
		return nil, err
	case !actor.May(account.DeskWork, one.CenterID):
		return nil, fault.ErrForbidden
	case one.Series == "":
		return nil, fault.ErrState
	case strings.TrimSpace(end.Reason) == "":
		return nil, fault.BadField("reason", "required", "")
	}
	if end.Preview {
		var out []*Outage
		err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
			out, err = end.of(ctx, r, one)
			return err
		})
		return out, err
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*outageOutcome, error) { return end.write(ctx, tx, actor, one) })
	if err != nil {
		return nil, err
	}
	s.toldOutage(ctx, actor, out)
	return out.outages, nil
}

// of are the times of the series that fall away.
func (end SeriesEnd) of(ctx context.Context, r Reader, one *Outage) ([]*Outage, error) {
	c, err := r.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.Outages(ctx, OutageQuery{Series: one.Series, Overlaps: Interval{r.Now(), FarFuture}, Limit: mostRepeats})
	list = slices.DeleteFunc(list, func(o *Outage) bool { return !o.From.After(r.Now()) || DateOf(o.From, c.Zone) < end.From })
	if err == nil && len(list) == 0 {
		err = fault.BadField("from", "series_over", "")
	}
	return list, err
}

func (end SeriesEnd) write(ctx context.Context, tx Tx, actor account.Actor, one *Outage) (*outageOutcome, error) {
	if err := tx.Lock(ctx, Locks{Equipment: []string{one.EquipmentID}}); err != nil {
		return nil, err
	}
	list, err := end.of(ctx, tx, one)
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		if err := tx.DropOutage(ctx, o); err != nil {
			return nil, err
		}
	}
	c, err := tx.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	e := account.Entry{Actor: actor.Name(), Action: "outage.end_series", Subject: one.Series, Center: one.CenterID, Reason: strings.TrimSpace(end.Reason), Request: actor.RequestID,
		Detail: map[string]any{"equipment": one.EquipmentID, "unit": one.Unit, "from": list[0].From.UnixMilli(), "outages": len(list)}}
	return &outageOutcome{outages: list, catalog: c}, tx.Trace(ctx, e)
}
