package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const (
	feedBack  = 90 * 24 * time.Hour // how far back a calendar shows bookings
	feedAhead = 400 * 24 * time.Hour
	feedMost  = 1000
)

// Calendar is a feed as a calendar file: the actor's own bookings, or those of
// a machine for staff of its center, with masked names; for others it does not
// exist. What was cancelled stays in it as cancelled, so that calendars drop it.
func (s *Service) Calendar(ctx context.Context, actor account.Actor, equipment string, l lang.Locale) ([]byte, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	q := ListQuery{Account: actor.ID, From: s.now().Add(-feedBack), To: s.now().Add(feedAhead), Limit: feedMost}
	name := c.Brand.Name.In(l)
	if equipment != "" {
		e, ok := c.Machine(equipment)
		if !ok || !actor.May(account.DeskWork, e.Center.ID) {
			return nil, fault.ErrNotFound
		}
		q.Account, q.Equipment, name = "", []string{equipment}, e.Name.In(l)
	}
	var lines []string
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		bs, err := r.Bookings(ctx, q)
		if err != nil {
			return err
		}
		views, err := s.views(ctx, r, c, bs, actor)
		lines = nil
		for i := range views {
			summary := views[i].Equipment.Name.In(l)
			if equipment != "" {
				summary = views[i].masked().Person.Name + " · " + summary + " " + itoa(views[i].Unit)
			}
			lines = append(lines, s.icsEvent(&views[i], summary, l)...)
		}
		return err
	})
	return icsFile("PUBLISH", append([]string{"X-WR-CALNAME:" + icsText(name)}, lines...)), err
}
