package survey

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gongbang/account"
)

const (
	// leastComments is among how many answers a comment has to stand.
	leastComments = 2 * least
	commentsRead  = 1000
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
	Found   int // Items are at most 100 of them, of the newest months
	Newest  int // only so many of the newest comments were looked at; 0: all
	Answers int // among how many answers they stand
	LeftOut int // answers of months that are open, or of centers with fewer than 10 that month
}

// Comment is one stored text; its id is random.
type Comment struct{ ID, Text string }

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
	var shown []Cell
	for _, c := range f.Cells {
		if c.single() && c.shown() >= leastComments {
			shown = append(shown, c)
			out.Answers += c.shown()
		}
	}
	out.LeftOut = max(0, f.answered()-out.Answers)
	slices.SortFunc(shown, func(a, b Cell) int { return cmp.Or(cmp.Compare(b.Period, a.Period), cmp.Compare(a.Center, b.Center)) })
	found, err := sought(ctx, r, shown, text, &out)
	slices.SortFunc(found, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range found {
		out.Items = append(out.Items, c.Text)
	}
	return out, err
}

// sought goes through the newest comments for those with the text.
func sought(ctx context.Context, r Reader, cells []Cell, text string, out *Comments) (found []Comment, err error) {
	read := 0
	for _, c := range cells {
		if read == commentsRead {
			out.Newest = commentsRead
			break
		}
		some, err := r.Comments(ctx, c.Center, c.Period, commentsRead-read)
		if err != nil {
			return nil, err
		}
		read += len(some)
		for _, c := range some {
			if !strings.Contains(strings.ToLower(c.Text), text) {
				continue
			}
			if out.Found++; len(found) < commentsShown {
				found = append(found, c)
			}
		}
	}
	return found, nil
}
