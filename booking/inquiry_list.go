package booking

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// InquiryList asks for questions: of a center for its staff, or ("") one's own,
// newest first.
type InquiryList struct {
	Center string
	State  InquiryState // "": all
	Cursor string
	Limit  int
}

// Inquiries lists questions. On the desk's list, which is oldest first, people
// are masked and the words left out: everybody at the counter can see it.
func (s *Service) Inquiries(ctx context.Context, actor account.Actor, l InquiryList) (InquiryPage, error) {
	q := InquiryQuery{Center: l.Center, State: l.State, Limit: l.Limit + 1}
	switch {
	case actor.Anonymous():
		return InquiryPage{}, fault.ErrSignIn
	case l.Center == "":
		q.Account, q.Newest = actor.ID, true
	case !actor.May(account.DeskWork, l.Center):
		return InquiryPage{}, fault.ErrForbidden
	}
	var err error
	if q.After, err = readCursor(l.Cursor); err != nil {
		return InquiryPage{}, err
	}
	var p InquiryPage
	err = s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		p = InquiryPage{}
		list, err := r.Inquiries(ctx, q)
		if err != nil {
			return err
		}
		if len(list) > l.Limit {
			list = list[:l.Limit]
			last := list[l.Limit-1]
			p.Next = cursorAt(last.AskedAt, last.ID)
		}
		p.Items, err = inquiryViews(ctx, r, list)
		return err
	})
	if l.Center != "" {
		for i, v := range p.Items {
			p.Items[i] = v.masked()
		}
	}
	return p, err
}

// Inquiry shows one question to who asked it, or to staff of its center, whose look is logged.
func (s *Service) Inquiry(ctx context.Context, actor account.Actor, id string) (*InquiryView, error) {
	v, err := s.loadInquiry(ctx, actor, id)
	if err != nil || actor.ID == v.AccountID {
		return v, err
	}
	_, err = do(ctx, s.Store, func(ctx context.Context, tx Tx) (bool, error) {
		return true, tx.Trace(ctx, inquiryEntry(actor, "inquiry.look", v.Inquiry))
	})
	return v, err
}

// InquiryMessage is a question and its answer as the message needs them.
func (s *Service) InquiryMessage(ctx context.Context, id string) (*InquiryView, error) {
	return s.loadInquiry(ctx, account.System("deliver"), id)
}

func (s *Service) loadInquiry(ctx context.Context, actor account.Actor, id string) (*InquiryView, error) {
	var v *InquiryView
	err := s.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		q, err := visibleInquiry(ctx, r, actor, id)
		if err != nil {
			return err
		}
		views, err := inquiryViews(ctx, r, []*Inquiry{q})
		if err == nil {
			v = &views[0]
		}
		return err
	})
	return v, err
}

// visibleInquiry reads a question; who neither asked it nor works at its center is told it does not exist.
func visibleInquiry(ctx context.Context, r Reader, actor account.Actor, id string) (*Inquiry, error) {
	q, err := r.Inquiry(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Anonymous() || actor.ID != q.AccountID && !actor.May(account.DeskWork, q.CenterID) {
		return nil, fault.ErrNotFound
	}
	return q, nil
}

func inquiryViews(ctx context.Context, r Reader, list []*Inquiry) ([]InquiryView, error) {
	c, err := r.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, q := range list {
		ids = append(ids, q.AccountID)
	}
	people, err := r.People(ctx, ids)
	out := make([]InquiryView, 0, len(list))
	for _, q := range list {
		v := InquiryView{Inquiry: q, Zone: c.Zone, Person: people[q.AccountID]}
		v.Equipment, _ = c.Machine(q.EquipmentID)
		if v.Center, _ = c.Center(q.CenterID); v.Center == nil {
			v.Center = &Center{ID: q.CenterID}
		}
		out = append(out, v)
	}
	return out, err
}

// masked hides what a passer-by could read from the screen.
func (v InquiryView) masked() InquiryView {
	q := *v.Inquiry
	q.Text, q.Answer = "", ""
	v.Inquiry = &q
	v.Person.Name, v.Person.Phone, v.Person.Masked = lang.MaskName(v.Person.Name), lang.MaskPhone(v.Person.Phone), true
	return v
}
