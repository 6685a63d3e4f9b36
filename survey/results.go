package survey

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const maxMonths = 60

// ResultsQuery asks for figures; "" leaves a filter out. Months are "2006-01".
type ResultsQuery struct {
	Center, Equipment, Category, From, To string
	GroupBy                               string // one of groupings, "" for none
	Compare                               string // "", "previous": the same number of months before
	// Template is "key" or "key@entry"; "" asks for what counts in the score.
	Template string
}

// groupings are the ways to part a result. Hour, wait and noshow are the hour
// of day at which the use began, the days from booking to use, and the share of
// no-shows of the machine before; they part what a center's answers say, not a
// category's or a machine's.
var groupings = []string{"center", "category", "equipment", "month", "hour", "wait", "noshow"}

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
	// Series is what is added up: the newest of the template's that has answers;
	// Older is how many answers of closed months stand in those before it.
	Series  string            `json:"series"`
	Older   int               `json:"older_series"`
	Change  map[string]Change `json:"change,omitempty"` // from the period before, by question
	Centers *CenterMeans      `json:"center_means,omitempty"`
	Seals   []Seal            `json:"seals"` // of the closed months in the period
}

// Seal names a closed month and the hash that keeps it from being changed.
type Seal struct {
	Month string `json:"month"`
	Hash  string `json:"hash"`
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
	Template  string   `json:"template"`
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
	Composite     *Composite        `json:"composite,omitempty"`
}

// Figure of one question: a scale, counts of options, or a recommendation.
type Figure struct {
	N int `json:"n"`
	*Scale
	Options map[string]int `json:"options,omitempty"`
	NPS     *Recommend     `json:"nps,omitempty"`
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
	if q.Template == "" {
		q.Template = standardKey
	}
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
	case q.GroupBy != "" && !slices.Contains(groupings, q.GroupBy):
		return q, fault.BadField("group_by", "one_of", strings.Join(groupings, " "))
	case slices.Contains(groupings[4:], q.GroupBy) && q.total() != byCenter:
		return q, fault.BadField("group_by", "one_of", strings.Join(groupings[:4], " "))
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
	out := Results{Rule: "s100 = (mean - 1) / 4 * 100", K: least, Funnel: f.funnel(),
		Filter: Filter{centers, q.Equipment, q.Category, q.From, q.To, q.GroupBy, q.Compare, q.Template}}
	out.Series, out.Older = f.newest(q.total())
	out.Groups = groups(f, q, centers, cat)
	out.Total = whole("total", text("전체", "Total"), f, q)
	out.LeftOut = leftOut(f, q.total())
	out.Centers = centerMeans(f, q, centers, cat)
	if out.Seals, err = seals(ctx, r, q); err != nil {
		return Results{}, err
	}
	if q.Compare != "" {
		if err := out.compare(ctx, r, q, centers); err != nil {
			return Results{}, err
		}
	}
	dimensions, err := dimensions(ctx, r, q.Template)
	out.Total.Composite = out.Total.composite(dimensions)
	for i, g := range out.Groups {
		out.Groups[i].Composite = g.composite(dimensions)
	}
	return out, err
}

// whole is the group of everything the query asks for.
func whole(key string, label lang.Text, f *Figures, q ResultsQuery) Group {
	if !scored(q.Template) { // other series have no figure while their month is open
		f = &Figures{Closed: f.Closed, Cells: f.Cells}
	}
	return group(key, label, f.of(part{count: func(Count) bool { return true }, published: func(Published) bool { return q.total() == byCenter },
		cell: func(c Cell) bool { return c.Dim == q.total() }}))
}

// compare adds the period before, as far as it is the same series.
func (out *Results) compare(ctx context.Context, r Reader, q ResultsQuery, centers []string) error {
	before, err := figures(ctx, r, q.previous(), centers)
	if err != nil {
		return err
	}
	if out.Series != "" {
		before.Cells = kept(before.Cells, func(c Cell) bool { return c.Series == out.Series })
		before.Published = kept(before.Published, func(p Published) bool { return p.Series == out.Series })
	}
	p := whole("previous", text("이전 기간", "Period before"), before, q)
	out.Previous = &p
	out.Change = changes(out.Total, p)
	return nil
}

// seals are those of the closed months asked about.
func seals(ctx context.Context, r Reader, q ResultsQuery) ([]Seal, error) {
	chain, err := r.Chain(ctx)
	out := []Seal{}
	for _, f := range chain {
		if q.From <= f.Month && f.Month <= q.To {
			out = append(out, Seal{f.Month, f.Hash})
		}
	}
	return out, err
}

// dimensions are the scales of the template beside the first question.
func dimensions(ctx context.Context, r Reader, name string) (out []string, err error) {
	key, _, _ := strings.Cut(name, "@")
	t, err := r.Newest(ctx, key)
	if fault.Code(err) == fault.ErrNotFound.Code {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, q := range t.Questions {
		if q.scale() && q.Key != overall {
			out = append(out, q.Key)
		}
	}
	return out, nil
}

// figures reads what the query may speak about. One center is asked for by
// name; several are read together and the others' dropped.
func figures(ctx context.Context, r Reader, q ResultsQuery, centers []string) (*Figures, error) {
	fq := FiguresQuery{Category: q.Category, Equipment: q.Equipment, From: q.From, To: q.To, Template: q.Template,
		Dims: []Dimension{q.total()}}
	if d := q.parted(); d != q.total() {
		fq.Dims = append(fq.Dims, d)
	}
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
	return f.of(part{count: func(c Count) bool { return own[c.Center] },
		cell:      func(c Cell) bool { return own[c.Center] && fq.match(c) },
		published: func(p Published) bool { return own[p.Center] && ofTemplate(p.Series, q.Template) }}), nil
}
