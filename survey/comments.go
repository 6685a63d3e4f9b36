package survey

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
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
	Tag              string // of CommentTags
	Entry            Entry  // ByQR or ByCounter; "": of who was invited after a use
}

// source names the questionnaire whose comments are asked for; "" for none.
func (q CommentsQuery) source() string {
	switch q.Entry {
	case "":
		return standardKey
	case ByQR, ByCounter:
		return q.Entry.Template()
	}
	return ""
}

// Comments are what people wrote, without date, machine or score, and in no
// order that tells anything: that of random ids.
type Comments struct {
	Items   []Comment
	Found   int // Items are at most 100 of them, of the newest months
	Newest  int // only so many of the newest comments were looked at; 0: all
	Answers int // among how many answers they stand
	LeftOut int // answers of months that are open, or of centers with fewer than 10 that month
	// Tags is how many of the comments that hold the text have each tag,
	// whatever tag was asked for.
	Tags map[string]int
}

// Comment is one stored text with the cell it belongs to and what managers
// marked it with, in the order of CommentTags. Its id is random.
type Comment struct {
	ID, Center, Month, Text string
	Source                  string // "key" or "key@entry"
	Tags                    []string
}

// Comments shows what was written in closed months, for managers of the
// center. Each center and month stands for itself and needs ten answers: so no
// two views differ by fewer than that.
func (s *Service) Comments(ctx context.Context, actor account.Actor, q CommentsQuery) (Comments, error) {
	if q.Tag != "" && !slices.Contains(tagKeys, q.Tag) {
		return Comments{}, fault.BadField("tag", "one_of", strings.Join(tagKeys, " "))
	}
	if q.source() == "" {
		return Comments{}, fault.BadField("entry", "one_of", string(ByQR)+" "+string(ByCounter))
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Comments{}, err
	}
	rq := ResultsQuery{Center: q.Center, From: q.From, To: q.To, Template: q.source()}
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
		out, err = comments(ctx, r, rq, centers, q)
		return err
	})
	return out, err
}

func comments(ctx context.Context, r Reader, q ResultsQuery, centers []string, want CommentsQuery) (Comments, error) {
	f, err := figures(ctx, r, q, centers)
	if err != nil {
		return Comments{}, err
	}
	out := Comments{Tags: map[string]int{}}
	shown, answers := f.speaking()
	out.Answers, out.LeftOut = answers, max(0, f.gave(want.Entry)-answers)
	err = out.seek(ctx, r, shown, want)
	slices.SortFunc(out.Items, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	return out, err
}

// speaking are the centers' months whose comments are shown, the newest first,
// and how many answers these have.
func (f *Figures) speaking() (shown [][2]string, answers int) {
	for _, c := range f.Cells {
		if c.single() && c.shown() >= leastComments {
			shown = append(shown, [2]string{c.Period, c.Center})
			answers += c.shown()
		}
	}
	slices.SortFunc(shown, func(a, b [2]string) int { return cmp.Or(cmp.Compare(b[0], a[0]), cmp.Compare(a[1], b[1])) })
	return slices.Compact(shown), answers
}

// seek goes through the newest comments for those with the text.
func (out *Comments) seek(ctx context.Context, r Reader, months [][2]string, want CommentsQuery) error {
	read, text := 0, strings.ToLower(strings.TrimSpace(want.Text))
	for _, m := range months {
		if read == commentsRead {
			out.Newest = commentsRead
			return nil
		}
		some, err := r.Comments(ctx, want.source(), m[1], m[0], commentsRead-read)
		if err != nil {
			return err
		}
		read += len(some)
		for _, c := range some {
			if strings.Contains(strings.ToLower(c.Text), text) {
				out.take(c, want.Tag)
			}
		}
	}
	return nil
}

// gave is how many answers there are, shown or not; at a door those of closed
// months, because nothing is told of its open ones.
func (f *Figures) gave(at Entry) (n int) {
	if at == "" {
		return f.answered()
	}
	for _, c := range f.Cells {
		if c.single() {
			n += c.N
		}
	}
	return n
}

// take counts a comment's tags, and shows it when it has the one asked for.
func (out *Comments) take(c Comment, tag string) {
	for _, t := range c.Tags {
		out.Tags[t]++
	}
	if tag != "" && !slices.Contains(c.Tags, tag) {
		return
	}
	if out.Found++; out.Found <= commentsShown {
		out.Items = append(out.Items, c)
	}
}
