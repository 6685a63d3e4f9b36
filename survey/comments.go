package survey

import (
	"context"
	"strings"

	"gongbang/account"
)

const (
	// leastComments is among how many answers a comment has to stand.
	leastComments = 2 * least
	commentsRead  = 5000
	commentsShown = 100
)

// CommentsQuery asks for comments; "" leaves a filter out. There is no filter
// by machine or category: below a center nothing is released.
type CommentsQuery struct {
	Center, From, To string // months, as in ResultsQuery
	Text             string // part of the comment, in any case
}

// Comments are what people wrote, without date, machine or score, and in no
// order that tells anything: that of random ids.
type Comments struct {
	Items   []string
	Found   int // Items are at most 100 of them
	Answers int // among how many answers they stand
	LeftOut int // answers of months that are open, or of centers with fewer than 10 that month
}

// Comment is one stored text with the cell it belongs to.
type Comment struct{ Center, Month, Text string }

// Comments shows what was written in closed months, for managers of the
// center. Each center and month stands for itself and needs ten answers: so no
// two views differ by fewer than that.
func (s *Service) Comments(ctx context.Context, actor account.Actor, q CommentsQuery) (Comments, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Comments{}, err
	}
	rq := ResultsQuery{Center: q.Center, From: q.From, To: q.To}
	centers, err := permitted(actor, rq, cat)
	if err != nil {
		return Comments{}, err
	}
	var out Comments
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		rq, err := rq.filled(month(r.Now(), cat.Zone()))
		if err != nil {
			return err
		}
		out, err = comments(ctx, r, rq, centers, strings.ToLower(strings.TrimSpace(q.Text)))
		return err
	})
	return out, err
}

func comments(ctx context.Context, r Reader, q ResultsQuery, centers []string, text string) (Comments, error) {
	f, err := figures(ctx, r, q, centers)
	if err != nil {
		return Comments{}, err
	}
	var out Comments
	shown := map[[2]string]bool{}
	for _, c := range f.Cells {
		if c.single() && c.shown() >= leastComments {
			shown[[2]string{c.Center, c.Period}] = true
			out.Answers += c.shown()
		}
	}
	out.LeftOut = max(0, f.answered()-out.Answers)
	if len(shown) == 0 {
		return out, nil
	}
	fq := FiguresQuery{From: q.From, To: q.To}
	if len(centers) == 1 {
		fq.Center = centers[0]
	}
	all, err := r.Comments(ctx, fq, commentsRead)
	for _, c := range all {
		if !shown[[2]string{c.Center, c.Month}] || !strings.Contains(strings.ToLower(c.Text), text) {
			continue
		}
		if out.Found++; out.Found <= commentsShown {
			out.Items = append(out.Items, c.Text)
		}
	}
	return out, err
}
