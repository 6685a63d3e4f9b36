package booking

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// StrikeView is a strike with what is shown beside it.
type StrikeView struct {
	*Strike
	Booking *View // its person is masked for staff
	// Until is when its points stop counting; nil: not by themselves.
	Until *time.Time
	// State: counting, expired, waived.
	State string
	// MayAsk tells whether the person can ask for a review now.
	MayAsk bool
}

// Strikes is somebody's strikes, newest first, and the suspensions that are
// not over.
type Strikes struct {
	Items       []StrikeView
	Suspensions []Suspension
	Zone        *time.Location
}

// MyStrikes shows the signed-in person their strikes: for what, until when
// they count, and where new bookings stop because of them.
func (s *Service) MyStrikes(ctx context.Context, actor account.Actor) (*Strikes, error) {
	if actor.ID == "" {
		return nil, fault.ErrSignIn
	}
	var out *Strikes
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		out, err = s.strikesOf(ctx, r, actor, actor.ID)
		return err
	})
	return out, err
}

// StrikesOf shows staff the strikes that somebody got at their centers, and the
// suspensions that began there. The look is logged.
func (s *Service) StrikesOf(ctx context.Context, actor account.Actor, id string) (*Strikes, error) {
	if !actor.MaySomewhere(account.DeskWork) {
		return nil, fault.ErrForbidden
	}
	return do(ctx, s.Store, func(ctx context.Context, tx Tx) (*Strikes, error) {
		found, err := s.strikesOf(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		out := &Strikes{Items: []StrikeView{}, Suspensions: []Suspension{}, Zone: found.Zone}
		center := ""
		for _, x := range found.Items {
			if actor.May(account.DeskWork, x.CenterID) {
				out.Items, center = append(out.Items, x), x.CenterID
			}
		}
		for _, x := range found.Suspensions {
			if x.Equipment != nil && actor.May(account.DeskWork, x.Equipment.Center.ID) {
				out.Suspensions = append(out.Suspensions, x)
			}
		}
		if len(out.Items) == 0 {
			return out, nil
		}
		return out, tx.Trace(ctx, account.Entry{Actor: actor.Name(), Action: "strike.look", Subject: id, Center: center, Request: actor.RequestID})
	})
}

// strikesOf reads somebody's own strikes; those of colleagues are judged, not shown.
func (s *Service) strikesOf(ctx context.Context, r Reader, actor account.Actor, id string) (*Strikes, error) {
	c, err := r.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	all, err := r.Strikes(ctx, StrikeQuery{Account: id, Colleagues: true, Limit: mostStrikes})
	if err != nil {
		return nil, err
	}
	var own, counting []*Strike
	for _, x := range all {
		if x.Firm == "" {
			own = append([]*Strike{x}, own...)
		}
		if x.WaivedAt == nil {
			counting = append(counting, x)
		}
	}
	out := &Strikes{Suspensions: []Suspension{}, Zone: c.Zone}
	for _, x := range c.suspensions(id, values(counting)) {
		if x.End.After(r.Now()) {
			out.Suspensions = append(out.Suspensions, x)
		}
	}
	out.Items, err = s.strikeViews(ctx, r, c, own, counting, actor)
	return out, err
}

// strikeViews shows strikes with their bookings.
func (s *Service) strikeViews(ctx context.Context, r Reader, c *Catalog, list, counting []*Strike, actor account.Actor) ([]StrikeView, error) {
	out := make([]StrikeView, 0, len(list))
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.BookingID
	}
	bs, err := r.Bookings(ctx, ListQuery{IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, err
	}
	views, err := s.views(ctx, r, c, bs, actor)
	if err != nil {
		return nil, err
	}
	byID := map[string]*View{}
	for i := range views {
		byID[views[i].ID] = &views[i]
	}
	for _, x := range list {
		v := StrikeView{Strike: x, Booking: byID[x.BookingID], Until: c.countsUntil(x, counting), State: "counting"}
		switch {
		case x.WaivedAt != nil:
			v.State = "waived"
		case v.Until != nil && !v.Until.After(r.Now()):
			v.State = "expired"
		}
		v.MayAsk = actor.ID == x.AccountID && v.State == "counting" && x.ReviewAt == nil
		out = append(out, v)
	}
	return out, nil
}

// countsUntil is when a strike stops counting, by its own rule: some time after
// it, or after the last one with which it is counted.
func (c *Catalog) countsUntil(x *Strike, counting []*Strike) *time.Time {
	var until *time.Time
	if e := x.Rule.Expire; !e.IsZero() {
		t := e.After(x.At, c.Zone)
		until = &t
	}
	if clean := x.Rule.Clean; !clean.IsZero() {
		last := x.At
		for _, y := range counting { // oldest first
			near := !y.At.Before(last) && clean.After(last, c.Zone).After(y.At)
			if near && y.AccountID == x.AccountID && c.within(x.Rule.Over, x.EquipmentID, y.EquipmentID) {
				last = y.At
			}
		}
		if t := clean.After(last, c.Zone); until == nil || t.Before(*until) {
			until = &t
		}
	}
	return until
}
