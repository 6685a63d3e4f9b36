package booking

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// foundLimit is how many cards the desk is shown.
const foundLimit = 5

// Find looks for a person's bookings at a center by the last four digits of
// their phone, a part or the initial consonants of their name, the code, or
// what a QR code holds. Today's come first, then the nearest other days.
func (s *Service) Find(ctx context.Context, actor account.Actor, center, q string) ([]View, error) {
	if !actor.May(account.DeskWork, center) {
		return nil, fault.ErrForbidden
	}
	q = strings.TrimSpace(q)
	if n := utf8.RuneCountInString(q); n < 1 || n > 200 {
		return nil, fault.BadField("q", "length", "1…200")
	}
	s.sawDesk(ctx, actor, center)
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	out := []View{}
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		if b, err := s.byCode(ctx, r, center, q); b != nil || err != nil {
			if err == nil {
				out, err = s.views(ctx, r, c, []*Booking{b}, actor)
			}
			return err
		}
		today := DateOf(s.now(), c.Zone).Whole(c.Zone)
		for _, i := range []Interval{today, {today.End, today.End.AddDate(0, 0, 14)}, {today.Start.AddDate(0, 0, -7), today.Start}} {
			bs, err := r.Bookings(ctx, ListQuery{Centers: []string{center}, From: i.Start, To: i.End, Limit: boardLimit})
			if err != nil {
				return err
			}
			hits, err := matching(ctx, r, bs, q)
			if err != nil {
				return err
			}
			views, err := s.views(ctx, r, c, hits, actor)
			if err != nil {
				return err
			}
			out = append(out, views...)
			if len(out) > 0 {
				break
			}
		}
		return nil
	})
	return out[:min(len(out), foundLimit)], err
}

// byCode finds a booking by its code, or by a link that ends in its code or id.
func (s *Service) byCode(ctx context.Context, r Reader, center, q string) (*Booking, error) {
	last := strings.TrimRight(q, "/")
	last = last[strings.LastIndexByte(last, '/')+1:]
	if code := PlainCode(last); len(code) == 8 {
		bs, err := r.Bookings(ctx, ListQuery{Centers: []string{center}, Code: code, Limit: 1})
		if err != nil || len(bs) == 1 {
			return first(bs), err
		}
	}
	if len(last) > 20 { // an id, random and long; no code, name or number is
		bs, err := r.Bookings(ctx, ListQuery{Centers: []string{center}, IDs: []string{last}, Limit: 1})
		return first(bs), err
	}
	return nil, nil
}

func first(bs []*Booking) *Booking {
	if len(bs) == 0 {
		return nil
	}
	return bs[0]
}

// matching keeps the bookings whose person or attendee fits the query.
func matching(ctx context.Context, r Reader, bs []*Booking, q string) ([]*Booking, error) {
	var ids []string
	for _, b := range bs {
		ids = append(ids, b.AccountID)
	}
	people, err := r.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(bs, func(b *Booking) bool {
		p := people[b.AccountID]
		if a := b.Details.Attendee; a != nil && fits(q, a.Name, a.Phone) {
			return false
		}
		return !fits(q, p.Name, p.Phone)
	}), nil
}

func fits(q, name, phone string) bool {
	if len(q) == 4 && strings.Trim(q, "0123456789") == "" {
		return strings.HasSuffix(phone, q)
	}
	folded := lang.Fold(q)
	switch {
	case folded == "":
		return false
	case lang.OnlyInitials(folded):
		return strings.Contains(lang.Initials(name), folded)
	}
	return strings.Contains(lang.Fold(name), folded)
}
