package booking

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// List shows one's own bookings, those of one's firm to its confirmed members,
// or a center's to its staff (others are masked), stable while paging.
func (s *Service) List(ctx context.Context, actor account.Actor, l List) (Page, error) {
	if actor.Anonymous() {
		return Page{}, fault.ErrSignIn
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return Page{}, err
	}
	q := ListQuery{Statuses: l.Statuses, Limit: l.Limit + 1}
	if l.From != "" {
		q.From = l.From.At(0, c.Zone)
	}
	if l.To != "" {
		q.To = l.To.Add(1).At(0, c.Zone)
	}
	if q.After, err = readCursor(l.Cursor); err != nil {
		return Page{}, err
	}
	switch l.Scope {
	case "", "mine":
		q.Account = actor.ID
	case "firm":
		q.Colleague = actor.ID
	case "center":
		if l.Center == "" {
			return Page{}, fault.BadField("center", "required", "")
		}
		if !actor.May(account.DeskWork, l.Center) {
			return Page{}, fault.ErrForbidden
		}
		q.Centers = []string{l.Center}
	default:
		return Page{}, fault.BadField("scope", "oneof", "mine firm center")
	}
	if l.Q != "" && l.Scope == "center" {
		found, err := s.Find(ctx, actor, l.Center, l.Q)
		return Page{Items: found}, err
	}
	return s.page(ctx, actor, c, q, l)
}

func (s *Service) page(ctx context.Context, actor account.Actor, c *Catalog, q ListQuery, l List) (Page, error) {
	var p Page
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		bs, err := r.Bookings(ctx, q)
		if err != nil {
			return err
		}
		if len(bs) > l.Limit {
			bs = bs[:l.Limit]
			last := bs[l.Limit-1]
			p.Next = cursorAt(last.Start, last.ID)
		}
		p.Items, err = s.views(ctx, r, c, bs, actor)
		return err
	})
	return p, err
}

func cursorAt(t time.Time, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(t.UnixMilli(), 36) + " " + id))
}

func readCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	at, id, ok := strings.Cut(string(raw), " ")
	ms, err2 := strconv.ParseInt(at, 36, 64)
	if err != nil || err2 != nil || !ok || id == "" {
		return Cursor{}, fault.BadField("cursor", "cursor", "")
	}
	return Cursor{Start: time.UnixMilli(ms).UTC(), ID: id}, nil
}
