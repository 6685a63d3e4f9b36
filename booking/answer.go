package booking

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// replayed answers a request that succeeded before under the same key; nil is none.
func (s *Service) replayed(ctx context.Context, actor account.Actor, k *Key) (*View, error) {
	if k == nil {
		return nil, nil
	}
	var r *Replay
	err := s.Store.Read(ctx, func(ctx context.Context, rd Reader) (err error) {
		r, err = rd.Replayed(ctx, *k)
		return err
	})
	if r == nil || err != nil {
		return nil, err
	}
	return s.again(ctx, actor, k, r)
}

// again shows the thing an earlier success made, or refuses another body under the same key.
func (s *Service) again(ctx context.Context, actor account.Actor, k *Key, r *Replay) (*View, error) {
	if r.Body != k.Body {
		return nil, fault.ErrMismatch
	}
	return s.load(ctx, actor, r.Subject)
}

// answer turns the outcome of a transaction into what the caller gets; a lost
// race is answered with free times near the lost one.
func (s *Service) answer(ctx context.Context, actor account.Actor, a ask, k *Key, m *made, err error) (*View, bool, error) {
	if fault.Code(err) == "slot_taken" {
		return nil, false, s.withAlternatives(ctx, a, err)
	}
	if err != nil {
		return nil, false, err
	}
	if m.replay != nil {
		v, err := s.again(ctx, actor, k, m.replay)
		return v, true, err
	}
	s.changed(m.catalog, m.booking)
	return s.view(m.catalog, m.booking, m.person.view(), actor), false, nil
}

func (p *Person) view() PersonView {
	if p == nil {
		return PersonView{}
	}
	return PersonView{ID: p.ID, Name: p.Name, Phone: p.Phone}
}

// changed tells viewers which days of the machine look different now.
func (s *Service) changed(c *Catalog, bs ...*Booking) {
	for _, b := range bs {
		first, last := DateOf(b.Start, c.Zone), DateOf(b.BusyUntil, c.Zone)
		if first == last {
			s.Watch.Changed(b.EquipmentID, first)
			continue
		}
		s.Watch.Changed(b.EquipmentID, first, last)
	}
}

// view is the booking as the actor sees it: unmasked, with what may be done now.
func (s *Service) view(c *Catalog, b *Booking, p PersonView, actor account.Actor) *View {
	e, _ := c.Machine(b.EquipmentID)
	if e == nil {
		e = &Equipment{ID: b.EquipmentID, Center: &Center{ID: b.CenterID}}
	}
	p.ID = b.AccountID
	return &View{Booking: b, Equipment: e, Center: e.Center, Zone: c.Zone, Person: p, Can: s.can(actor, b), CancelCost: b.lateCost(s.now())}
}

// masked hides what a passer-by could read from the screen.
func (v View) masked() View {
	v.Person.Name, v.Person.Phone, v.Person.Masked = lang.MaskName(v.Person.Name), lang.MaskPhone(v.Person.Phone), true
	if a := v.Details.Attendee; a != nil {
		b := *v.Booking
		b.Details.Attendee = &Attendee{Name: lang.MaskName(a.Name), Phone: lang.MaskPhone(a.Phone)}
		v.Booking = &b
	}
	return v
}

// load reads one booking for somebody who may see it.
func (s *Service) load(ctx context.Context, actor account.Actor, id string) (*View, error) {
	var v *View
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		b, c, err := s.visible(ctx, r, actor, id)
		if err != nil {
			return err
		}
		people, err := r.People(ctx, []string{b.AccountID})
		v = s.view(c, b, people[b.AccountID], actor)
		return err
	})
	return v, err
}

// visible reads a booking; who is neither its person nor staff of its center is told it does not exist.
func (s *Service) visible(ctx context.Context, r Reader, actor account.Actor, id string) (*Booking, *Catalog, error) {
	b, err := r.Booking(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if actor.ID != b.AccountID && !actor.May(account.DeskWork, b.CenterID) || actor.Anonymous() {
		return nil, nil, fault.ErrNotFound
	}
	c, err := r.Catalog(ctx)
	return b, c, err
}

// Get shows one booking to its person, or to staff of its center, whose look is logged.
func (s *Service) Get(ctx context.Context, actor account.Actor, id string) (*View, error) {
	v, err := s.load(ctx, actor, id)
	if err != nil || actor.ID == v.AccountID {
		return v, err
	}
	_, err = do(ctx, s.Store, func(ctx context.Context, tx Tx) (bool, error) {
		return true, tx.Trace(ctx, entry(actor, "booking.look", v.Booking, ""))
	})
	return v, err
}

// Message is a booking as the messages about it need it, without its person,
// whom the delivery looks up beside it.
func (s *Service) Message(ctx context.Context, id string) (*View, error) {
	var v *View
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		b, err := r.Booking(ctx, id)
		if err != nil {
			return err
		}
		c, err := r.Catalog(ctx)
		if err == nil {
			v = s.view(c, b, PersonView{}, account.System("deliver"))
		}
		return err
	})
	return v, err
}
