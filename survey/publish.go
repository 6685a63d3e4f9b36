package survey

import (
	"context"
	"strconv"
)

// Published is what is shown of an open month: the center's counts of the
// first question, renewed only after at least five new answers. Two looks
// never differ by so few that the new ones could be worked out.
type Published struct {
	Month, Center string
	Counts        [5]int // answers 1…5
}

// N is the number of answers shown.
func (p Published) N() int {
	n := 0
	for _, c := range p.Counts {
		n += c
	}
	return n
}

// next is what to show of the true counts after what is shown now.
func (p Published) next(truth Published) Published {
	if truth.N()-p.N() < least {
		return p
	}
	return truth
}

// publish renews the open month's figure of a center when it may.
func publish(ctx context.Context, tx Tx, month, center string) error {
	rows, err := tx.Tallies(ctx, month, center, overall)
	if err != nil {
		return err
	}
	f, err := tx.Figures(ctx, FiguresQuery{Center: center, From: month, To: month})
	if err != nil {
		return err
	}
	shown := Published{Month: month, Center: center}
	for _, p := range f.Published {
		shown = p
	}
	truth := Published{Month: month, Center: center, Counts: scaleCounts(values(rows))}
	if next := shown.next(truth); next != shown {
		return tx.Publish(ctx, next)
	}
	return nil
}

// values sums counts of one question over cells.
func values(rows []TallyRow) map[string]int {
	out := map[string]int{}
	for _, r := range rows {
		out[r.Value] += r.N
	}
	return out
}

// scaleCounts are the counts of 1…5.
func scaleCounts(values map[string]int) (out [5]int) {
	for i := range out {
		out[i] = values[strconv.Itoa(i+1)]
	}
	return out
}
