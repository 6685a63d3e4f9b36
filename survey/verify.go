package survey

import (
	"context"
	"encoding/json"
	"slices"
)

// Verified is what a look at the closed months found, each named by its month.
type Verified struct {
	// Seals: the hash is not that of what the month holds, or the month does not
	// follow the one before it.
	Seals []string
	// Cells: they are not what the rule releases of the counts.
	Cells []string
	// Funnel: a step or an exclusion is fewer than when the month was closed.
	Funnel []string
}

// Verify recomputes every seal and every released cell. Counters only rise, so
// a funnel may have grown since its month was closed, but not shrunk.
func Verify(ctx context.Context, r Reader) (Verified, error) {
	var out Verified
	chain, err := r.Chain(ctx)
	if err != nil {
		return out, err
	}
	var wanted map[string][]Cell
	for i, f := range chain {
		h, _ := half(f.Month)
		if before, _ := half(chain[max(0, i-1)].Month); i == 0 || h != before {
			if wanted, err = wantedCells(ctx, r, chain, h); err != nil {
				return out, err
			}
		}
		if f.Funnel, f.Cells, err = r.Sealed(ctx, f.Month); err != nil {
			return out, err
		}
		if hash, err := f.sum(); err != nil || hash != f.Hash || !f.follows(chain[:i]) {
			out.Seals = append(out.Seals, f.Month)
		}
		if !f.holds(wanted[f.Month]) {
			out.Cells = append(out.Cells, f.Month)
		}
		rises, err := f.rises(ctx, r)
		if err != nil {
			return out, err
		}
		if !rises {
			out.Funnel = append(out.Funnel, f.Month)
		}
	}
	return out, nil
}

// wantedCells are those of a half-year by the month that releases them.
func wantedCells(ctx context.Context, r Reader, chain []Frozen, h string) (map[string][]Cell, error) {
	last := ""
	for _, f := range chain {
		if in, _ := half(f.Month); in == h {
			last = f.Month
		}
	}
	all, err := halfYear(ctx, r, chain, last)
	out := map[string][]Cell{}
	for _, c := range all {
		out[c.closedWith()] = append(out[c.closedWith()], c)
	}
	return out, err
}

// follows tells whether the month is the next of the chain. The first version
// closed only months with uses.
func (f Frozen) follows(before []Frozen) bool {
	if len(before) == 0 {
		return f.Prev == ""
	}
	last := before[len(before)-1]
	return f.Prev == last.Hash && (f.Version == 1 || f.Month == nextMonth(last.Month))
}

// holds tells whether the stored cells are the wanted ones.
func (f Frozen) holds(want []Cell) bool {
	if f.Version == 1 {
		want = slices.DeleteFunc(slices.Clone(want), func(c Cell) bool { return c.N < least })
		for _, c := range want {
			delete(c.Questions, everyone)
		}
	}
	have, err1 := json.Marshal(f.Cells)
	need, err2 := json.Marshal(want)
	return err1 == nil && err2 == nil && (string(have) == string(need) || len(f.Cells) == 0 && len(want) == 0)
}

// rises tells whether no counter is below what was sealed.
func (f Frozen) rises(ctx context.Context, r Reader) (bool, error) {
	if f.Version == 1 {
		return true, nil
	}
	var was []SealedCount
	if json.Unmarshal([]byte(f.Funnel), &was) != nil {
		return false, nil
	}
	now, err := r.Figures(ctx, FiguresQuery{From: f.Month, To: f.Month})
	if err != nil {
		return false, err
	}
	sum := map[SealedCount]int{}
	for _, c := range now.Counts {
		sum[c.sealed()] += c.N
	}
	return !slices.ContainsFunc(was, func(c SealedCount) bool {
		n := c.N
		c.N = 0
		return sum[c] < n
	}), nil
}

// sealed names the counter as a seal does.
func (c Count) sealed() SealedCount { return SealedCount{Center: c.Center, Desk: c.Desk, Step: c.Step} }
