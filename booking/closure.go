package booking

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// ClosureRequest closes a center, or with Center "" the whole city, for a time.
type ClosureRequest struct {
	Center   string
	From, To time.Time
	Reason   string
	Key      *Key
}

// longestClosure bounds one closure: what lasts longer is not offered any more.
const longestClosure = 2 * 366 * 24 * time.Hour

// closed is what a closure did.
type closed struct {
	posted   Posted
	catalog  *Catalog
	affected []Affected
	replay   *Replay
}

// Close closes a center or the city and looks after everybody it hits: who is
// at a machine may stay until it begins, whoever was to come is told. Staff do
// so for today and tomorrow, managers for any time, the city is an admin's.
func (s *Service) Close(ctx context.Context, actor account.Actor, req ClosureRequest) (*Posted, []Affected, bool, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	if v, ok := c.Center(req.Center); req.Center != "" && (!ok || v.Retired) {
		return nil, nil, false, fault.ErrNotFound
	}
	p := Posted{ID: s.NewID(), Center: req.Center, When: Interval{req.From.UTC(), req.To.UTC()}, Reason: req.Reason, MadeBy: actor.Name()}
	if err := checkClosure(p, s.now()); err != nil {
		return nil, nil, false, err
	}
	if !s.mayClose(actor, c, p) {
		return nil, nil, false, fault.ErrForbidden
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*closed, error) {
		if req.Key != nil {
			if r, err := tx.Claim(ctx, *req.Key, p.ID); r != nil || err != nil {
				return &closed{replay: r}, err
			}
		}
		p := p
		p.CreatedAt = tx.Now()
		return s.close(ctx, tx, actor, p)
	})
	if err != nil {
		return nil, nil, false, err
	}
	if out.replay != nil {
		return s.closedBefore(ctx, actor, req, out.replay)
	}
	s.toldClosure(ctx, actor, out)
	return &out.posted, out.affected, false, nil
}

func checkClosure(p Posted, now time.Time) error {
	switch {
	case p.When.Start.IsZero():
		return fault.BadField("from", "required", "")
	case p.When.Empty():
		return fault.BadField("to", "after", "from")
	case !p.When.End.After(now):
		return fault.BadField("to", "future", "")
	case p.When.End.Sub(p.When.Start) > longestClosure || p.When.End.Year() > 2200:
		return fault.BadField("to", "range", "2")
	case p.Reason == "":
		return fault.BadField("reason", "required", "")
	}
	return nil
}

// mayClose: staff decide for the days they stand at the counter.
func (s *Service) mayClose(actor account.Actor, c *Catalog, p Posted) bool {
	if p.Center == "" {
		return actor.May(account.CityEdit, "")
	}
	today := DateOf(s.now(), c.Zone)
	soon := Interval{today.At(0, c.Zone), today.Add(2).At(0, c.Zone)}
	return actor.May(account.OfferEdit, p.Center) || actor.May(account.DeskWork, p.Center) && soon.Contains(p.When)
}

// close writes the closure into the catalog and looks after the bookings in it.
func (s *Service) close(ctx context.Context, tx Tx, actor account.Actor, p Posted) (*closed, error) {
	f, err := tx.Written(ctx)
	if err != nil {
		return nil, err
	}
	f.Posted = append(f.Posted, p)
	c, err := s.inForce(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	hit, err := s.standing(ctx, tx, inCenter(p.Center), func(b *Booking) bool { return b.Interval().Overlaps(p.When) })
	if err != nil {
		return nil, err
	}
	w := withdrawal{subject: p.ID, center: p.Center, action: "closure.post", reason: p.Reason,
		until:  func(*Booking) time.Time { return p.When.Start },
		detail: map[string]any{"from": p.When.Start.UnixMilli(), "to": p.When.End.UnixMilli()}}
	out := &closed{posted: p, catalog: c}
	out.affected, err = s.withdraw(ctx, tx, actor, c, w, hit)
	return out, err
}

func inCenter(id string) ListQuery {
	if id == "" {
		return ListQuery{}
	}
	return ListQuery{Centers: []string{id}}
}

// inForce writes a changed file and is its snapshot.
func (s *Service) inForce(ctx context.Context, tx Tx, f *CatalogFile) (*Catalog, error) {
	c, problems := f.Sound(tx.Now())
	if problems = append(problems, tx.Shape(f)...); len(problems) > 0 {
		return nil, badCatalog(problems, "")
	}
	revision, err := tx.Rewrite(ctx, f)
	if err != nil {
		return nil, err
	}
	c.Revision = revision
	return c, nil
}

func (s *Service) closedBefore(ctx context.Context, actor account.Actor, req ClosureRequest, r *Replay) (*Posted, []Affected, bool, error) {
	if r.Body != req.Key.Body {
		return nil, nil, false, fault.ErrMismatch
	}
	p, err := s.closure(ctx, r.Subject)
	if err != nil {
		return nil, nil, true, err
	}
	hit, err := s.toldBefore(ctx, actor, p.ID, p.CreatedAt)
	return p, hit, true, err
}

func (s *Service) closure(ctx context.Context, id string) (*Posted, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(c.Posted, func(p Posted) bool { return p.ID == id }); i >= 0 {
		p := c.Posted[i]
		return &p, nil
	}
	return nil, fault.ErrNotFound
}

// toldClosure tells watchers of every machine that was closed or opened.
func (s *Service) toldClosure(ctx context.Context, actor account.Actor, out *closed) {
	for _, center := range out.catalog.Centers {
		if center.Retired || out.posted.Center != "" && center.ID != out.posted.Center {
			continue
		}
		var ids []string
		for _, e := range center.Equipment {
			ids = append(ids, e.ID)
		}
		s.changedIn(out.catalog, ids, out.posted.When)
	}
	if out.posted.Center != "" {
		s.sawDesk(ctx, actor, out.posted.Center)
	}
}

// Closures lists the posted closures that are not over, of a center and of the
// city; with center "" of every center the actor works at.
func (s *Service) Closures(ctx context.Context, actor account.Actor, center string) ([]Posted, error) {
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	centers, all := actor.Centers(account.DeskWork)
	out := []Posted{}
	for _, p := range c.Posted {
		mine := p.Center == "" || all || slices.Contains(centers, p.Center)
		if i := p.Stands(); mine && (center == "" || p.Center == "" || p.Center == center) && !i.Empty() && i.End.After(s.now()) {
			out = append(out, p)
		}
	}
	return out, nil
}

// Reopen takes a closure back, or ends it now when it has begun. Whom it
// cancelled stays cancelled: they were told, and their times are free for all.
func (s *Service) Reopen(ctx context.Context, actor account.Actor, id string) error {
	p, err := s.closure(ctx, id)
	if err != nil {
		return err
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return err
	}
	if !s.mayClose(actor, c, *p) {
		return fault.ErrForbidden
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*closed, error) {
		f, err := tx.Written(ctx)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(f.Posted, func(p Posted) bool { return p.ID == id })
		if i < 0 {
			return nil, fault.ErrNotFound
		}
		now := tx.Now()
		if f.Posted[i].EndedAt != nil || !f.Posted[i].When.End.After(now) {
			return nil, fault.ErrState.With("status", "over")
		}
		f.Posted[i].EndedAt = &now
		c, err := s.inForce(ctx, tx, f)
		if err != nil {
			return nil, err
		}
		e := account.Entry{Actor: actor.Name(), Action: "closure.end", Subject: id, Center: p.Center, Request: actor.RequestID}
		return &closed{posted: *p, catalog: c}, tx.Trace(ctx, e)
	})
	if err == nil {
		s.toldClosure(ctx, actor, out)
	}
	return err
}
