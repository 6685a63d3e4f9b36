package survey

import (
	"context"

	"gongbang/account"
	"gongbang/internal/lang"
)

// FunnelOf is the way from a use to an answer at one center or in one month.
type FunnelOf struct {
	Key    string
	Label  lang.Text
	Funnel Funnel
}

// Funnels tells by center or by month (q.GroupBy) how many were asked, how many
// answered and why others were not asked, for whoever may see results. It
// counts messages and visits, so nothing is hidden, in open months neither.
func (s *Service) Funnels(ctx context.Context, actor account.Actor, q ResultsQuery) ([]FunnelOf, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	centers, err := permitted(actor, q, cat)
	if err != nil {
		return nil, err
	}
	var out []FunnelOf
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		q, err := q.filled(month(r.Now(), cat.Zone()))
		if err != nil {
			return err
		}
		f, err := figures(ctx, r, q, centers)
		if err != nil {
			return err
		}
		out = funnels(f, q, centers, cat)
		return nil
	})
	return out, err
}

func funnels(f *Figures, q ResultsQuery, centers []string, cat Catalog) []FunnelOf {
	var out []FunnelOf
	switch q.GroupBy {
	case "center":
		for _, id := range centers {
			name, _ := cat.Center(id)
			mine := f.of(part{count: func(c Count) bool { return c.Center == id }})
			out = append(out, FunnelOf{id, name, mine.funnel()})
		}
	case "month":
		for m := q.From; m <= q.To; m = nextMonth(m) {
			mine := f.of(part{count: func(c Count) bool { return c.Month == m }})
			out = append(out, FunnelOf{m, text(m, m), mine.funnel()})
		}
	}
	return out
}

// LeftOut is how many of the eligible uses a reason kept from being asked, in
// percent; nil where nothing was eligible. Staff, tests and children are
// outside of the eligible uses and cost no coverage.
func (f Funnel) LeftOut(why Skip) *float64 {
	if !eligibleDespite(why) {
		return nil
	}
	return percent(f.Skipped[why], f.Eligible)
}

// Caps are the reasons that are limits on messages, in the order they are told.
var Caps = []Skip{SkipPerson, SkipCategory, SkipYear, SkipQuarantine}
