package survey

import (
	"context"
	"slices"
	"sort"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const maxMonths = 60

// ResultsQuery asks for figures; "" leaves a filter out. Months are "2006-01".
type ResultsQuery struct {
	Center, Equipment, Category, From, To string
	GroupBy                               string // "", "center", "category", "equipment", "month"
	Compare                               string // "", "previous": the same number of months before
}

// Results of a query. Every figure is a sum of released cells.
type Results struct {
	Filter   Filter  `json:"filter"`
	Rule     string  `json:"rule"`
	K        int     `json:"k"`
	Funnel   Funnel  `json:"funnel"`
	Total    Group   `json:"total"`
	Groups   []Group `json:"groups"`
	LeftOut  int     `json:"left_out"` // answers of closed months that no shown cell holds
	Previous *Group  `json:"previous,omitempty"`
}

// Filter is what was asked for, with the defaults filled in.
type Filter struct {
	Centers   []string `json:"centers"`
	Equipment string   `json:"equipment,omitempty"`
	Category  string   `json:"category,omitempty"`
	From      string   `json:"from"`
	To        string   `json:"to"`
	GroupBy   string   `json:"group_by,omitempty"`
	Compare   string   `json:"compare,omitempty"`
}

// Group of answers. Suppressed: there are some, too few to show. N 0: nobody
// answered at all.
type Group struct {
	Key           string            `json:"key"`
	Label         lang.Text         `json:"label"`
	N             *int              `json:"n"`
	Suppressed    bool              `json:"suppressed"`
	Provisional   bool              `json:"provisional"`
	ReferenceOnly bool              `json:"reference_only"` // 5 to 9 answers: 참고용
	Questions     map[string]Figure `json:"questions"`
}

// Figure of one question: a scale or counts of options.
type Figure struct {
	N int `json:"n"`
	*Scale
	Options map[string]int `json:"options,omitempty"`
	NA      int            `json:"na"`
	Skipped int            `json:"skipped"`
}

// Results computes figures for whoever may see them: managers of the center
// and admins. Without filters: this month, all own centers.
func (s *Service) Results(ctx context.Context, actor account.Actor, q ResultsQuery) (Results, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Results{}, err
	}
	centers, err := permitted(actor, q, cat)
	if err != nil {
		return Results{}, err
	}
	var out Results
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		q, err := q.filled(month(r.Now(), cat.Zone()))
		if err != nil {
			return err
		}
		out, err = results(ctx, r, q, centers, cat)
		return err
	})
	return out, err
}

// permitted lists the centers the answer may speak about.
func permitted(actor account.Actor, q ResultsQuery, cat Catalog) ([]string, error) {
	switch {
	case actor.Anonymous():
		return nil, fault.ErrSignIn
	case !actor.MaySomewhere(account.Results):
		return nil, fault.ErrForbidden
	}
	center := q.Center
	if q.Equipment != "" {
		m, ok := cat.Equipment(q.Equipment)
		switch {
		case !ok:
			return nil, fault.ErrNotFound
		case center != "" && center != m.Center:
			return nil, fault.BadField("equipment", "one_of", center)
		}
		center = m.Center
	}
	if center != "" {
		if !actor.May(account.Results, center) {
			return nil, fault.ErrForbidden
		}
		if _, ok := cat.Center(center); !ok {
			return nil, fault.ErrNotFound
		}
		return []string{center}, nil
	}
	own, all := actor.Centers(account.Results)
	if all {
		own = cat.Centers()
	}
	own = slices.Clone(own)
	sort.Strings(own)
	return slices.Compact(own), nil
}

// filled checks the query and sets the months that were left out.
func (q ResultsQuery) filled(now string) (ResultsQuery, error) {
	switch {
	case q.From == "" && q.To == "":
		q.From, q.To = now, now
	case q.From == "":
		q.From = q.To
	case q.To == "":
		q.To = max(now, q.From)
	}
	from, err1 := time.Parse(monthLayout, q.From)
	to, err2 := time.Parse(monthLayout, q.To)
	switch {
	case err1 != nil:
		return q, fault.BadField("from", "month", "YYYY-MM")
	case err2 != nil:
		return q, fault.BadField("to", "month", "YYYY-MM")
	case from.After(to):
		return q, fault.BadField("to", "min", q.From)
	case from.AddDate(0, maxMonths, 0).Before(to):
		return q, fault.BadField("to", "max", "60")
	case !slices.Contains([]string{"", "center", "category", "equipment", "month"}, q.GroupBy):
		return q, fault.BadField("group_by", "one_of", "center category equipment month")
	case q.Compare != "" && q.Compare != "previous":
		return q, fault.BadField("compare", "one_of", "previous")
	}
	return q, nil
}

// previous is the same number of months before.
func (q ResultsQuery) previous() ResultsQuery {
	from, _ := time.Parse(monthLayout, q.From)
	to, _ := time.Parse(monthLayout, q.To)
	n := (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) + 1
	q.From = from.AddDate(0, -n, 0).Format(monthLayout)
	q.To = from.AddDate(0, -1, 0).Format(monthLayout)
	return q
}

func results(ctx context.Context, r Reader, q ResultsQuery, centers []string, cat Catalog) (Results, error) {
	f, err := figures(ctx, r, q, centers)
	if err != nil {
		return Results{}, err
	}
	out := Results{Rule: "s100 = (mean - 1) / 4 * 100", K: least, Funnel: f.funnel(), Groups: groups(f, q, centers, cat),
		Filter: Filter{centers, q.Equipment, q.Category, q.From, q.To, q.GroupBy, q.Compare}}
	out.Total = group("total", text("전체", "Total"), f)
	out.LeftOut = leftOut(f)
	if q.Compare == "" {
		return out, nil
	}
	before, err := figures(ctx, r, q.previous(), centers)
	if err != nil {
		return Results{}, err
	}
	p := group("previous", text("이전 기간", "Period before"), before)
	out.Previous = &p
	return out, nil
}

// figures reads what the query may speak about. One center is asked for by
// name; several are read together and the others' dropped.
func figures(ctx context.Context, r Reader, q ResultsQuery, centers []string) (*Figures, error) {
	fq := FiguresQuery{Category: q.Category, Equipment: q.Equipment, From: q.From, To: q.To}
	if len(centers) == 1 {
		fq.Center = centers[0]
	}
	f, err := r.Figures(ctx, fq)
	if err != nil {
		return nil, err
	}
	own := map[string]bool{}
	for _, c := range centers {
		own[c] = true
	}
	return f.only(func(center, _ string) bool { return own[center] }), nil
}
