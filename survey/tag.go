package survey

import (
	"context"
	"slices"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// CommentTag is what a comment can be marked with.
type CommentTag struct {
	Key  string
	Text lang.Text
}

// CommentTags are what could be better by the long questionnaire, praise and
// the rest. The list is closed: a free word beside an anonymous comment could
// say who wrote it.
func CommentTags() (out []CommentTag) {
	for _, o := range drivers() {
		if key, ok := o.Value.(string); ok && key != "none" {
			out = append(out, CommentTag{key, o.Text})
		}
	}
	return append(out, CommentTag{"praise", text("칭찬", "Praise")}, CommentTag{"other", text("그 밖의 의견", "Anything else")})
}

var tagKeys = func() (keys []string) {
	for _, t := range CommentTags() {
		keys = append(keys, t.Key)
	}
	return keys
}()

// TagComment adds one tag to a comment or takes it away, for managers of its
// center; again is harmless. fault.ErrNotFound for a comment that is not shown.
func (s *Service) TagComment(ctx context.Context, actor account.Actor, id, tag string, on bool) (Comment, error) {
	return s.tag(ctx, actor, id, "tag", []string{tag}, func(has []string) []string {
		has = slices.DeleteFunc(slices.Clone(has), func(t string) bool { return t == tag })
		if on {
			has = append(has, tag)
		}
		return has
	})
}

// SetTags replaces the tags of a comment, as TagComment changes one.
func (s *Service) SetTags(ctx context.Context, actor account.Actor, id string, tags []string) (Comment, error) {
	return s.tag(ctx, actor, id, "tags", tags, func([]string) []string { return tags })
}

// tag changes the tags of a comment that the actor may see. The audit knows
// who did it and what they are, never the words.
func (s *Service) tag(ctx context.Context, actor account.Actor, id, field string, given []string, change func([]string) []string) (Comment, error) {
	switch {
	case actor.Anonymous():
		return Comment{}, fault.ErrSignIn
	case !actor.MaySomewhere(account.Results):
		return Comment{}, fault.ErrForbidden
	case slices.ContainsFunc(given, func(t string) bool { return !slices.Contains(tagKeys, t) }):
		return Comment{}, fault.BadField(field, "one_of", strings.Join(tagKeys, " "))
	}
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Comment, error) {
		c, err := shownComment(ctx, tx, actor, id)
		if err != nil {
			return Comment{}, err
		}
		was, next := c.Tags, change(c.Tags)
		c.Tags = kept(tagKeys, func(t string) bool { return slices.Contains(next, t) })
		if slices.Equal(was, c.Tags) {
			return c, nil
		}
		if err := tx.SaveTags(ctx, c.ID, c.Tags); err != nil {
			return Comment{}, err
		}
		return c, tx.Trace(ctx, account.Entry{Actor: actor.Name(), Action: "comment.tag", Subject: c.ID, Center: c.Center, Request: actor.RequestID,
			Detail: map[string]any{"tags": c.Tags}})
	})
}

// shownComment is a comment that the actor may read: of their center, and
// released. Nobody learns that there is another one.
func shownComment(ctx context.Context, r Reader, actor account.Actor, id string) (Comment, error) {
	c, err := r.Comment(ctx, id)
	switch {
	case err != nil:
		return Comment{}, err
	case !actor.May(account.Results, c.Center):
		return Comment{}, fault.ErrNotFound
	}
	f, err := figures(ctx, r, ResultsQuery{Center: c.Center, From: c.Month, To: c.Month, Template: c.Source}, []string{c.Center})
	if err != nil {
		return Comment{}, err
	}
	if shown, _ := f.speaking(); len(shown) == 0 {
		return Comment{}, fault.ErrNotFound
	}
	return c, nil
}
