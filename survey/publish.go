package survey

import (
	"context"
	"strconv"
)

// Published is what is shown of an open month: the center's counts of the
// first question, renewed only after at least five new answers. Two looks
// never differ by so few that the new ones could be worked out.
type Published struct {
	Month, Center, Series string
	Counts                [5]int // answers 1…5
}

// N is the number of answers shown.
func (p Published) N() int {
	n := 0
	for _, c := range p.Counts {
		n += c
	}
	return n
}

// few is a number of people that may not stand alone.
func few(n int) bool { return n > 0 && n < least }

// next is what to show of the true counts after what is shown now.
func (p Published) next(truth Published) Published {
	if truth.N()-p.N() < least {
		return p
	}
	return truth
}

// publish renews the open month's figure of a center when it may. What is
// shown then is counted for good; what comes later is held until five are held.
func publish(ctx context.Context, tx Tx, at SeriesAt) error {
	if !scored(at.Series) {
		return nil // shown when its month closes
	}
	truth, shown, err := standing(ctx, tx, at)
	if err != nil || shown.next(truth) == shown {
		return err
	}
	if err := tx.Settle(ctx, at); err != nil {
		return err
	}
	return tx.Publish(ctx, truth)
}

// standing is the truth about an open month and what is shown of it.
func standing(ctx context.Context, r Reader, at SeriesAt) (truth, shown Published, err error) {
	rows, err := r.Lead(ctx, at)
	if err != nil {
		return truth, shown, err
	}
	truth = Published{Month: at.Month, Center: at.Center, Series: at.Series, Counts: scaleCounts(values(rows))}
	shown, err = r.Shown(ctx, at)
	return truth, shown, err
}

// settle ends an open month's counting before it is frozen. Answers that came
// after the last look and are too few to be told apart from it count in the
// month after: the frozen figure is then the one that was shown.
func settle(ctx context.Context, tx Tx, at SeriesAt) error {
	truth, shown, err := standing(ctx, tx, at)
	if err != nil {
		return err
	}
	if shown.N() > 0 && few(truth.N()-shown.N()) {
		return tx.Carry(ctx, at, nextMonth(at.Month))
	}
	return tx.Settle(ctx, at)
}

// values sums counts of one question over rows, held ones included.
func values(rows []TallyRow) map[string]int {
	out := map[string]int{}
	for _, r := range rows {
		out[r.Value] += r.N + r.Held
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
