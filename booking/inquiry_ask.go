package booking

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
)

// AskRequest is a question to a center. A machine names its center.
type AskRequest struct {
	CenterID, EquipmentID string // one of them is needed
	Text                  string // 1…500 characters
	Key                   *Key
}

// Ask puts a question on the list of the center's desk. It tells whether an
// earlier success under the same key is shown again. 429 rate_limited after
// five within 24 hours.
func (s *Service) Ask(ctx context.Context, actor account.Actor, req AskRequest) (*InquiryView, bool, error) {
	if actor.Anonymous() {
		return nil, false, fault.ErrSignIn
	}
	c, err := s.Catalog(ctx)
	if err != nil {
		return nil, false, err
	}
	q, err := req.on(c)
	if err != nil {
		return nil, false, err
	}
	q.ID, q.AccountID = s.NewID(), actor.ID
	replay, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (*Replay, error) {
		n := *q
		return n.ask(ctx, tx, actor, req.Key)
	})
	if err != nil {
		return nil, false, err
	}
	id := q.ID
	if replay != nil {
		if replay.Body != req.Key.Body {
			return nil, false, fault.ErrMismatch
		}
		id = replay.Subject
	}
	v, err := s.Inquiry(ctx, actor, id)
	return v, replay != nil, err
}

// on checks the question against the catalog.
func (req AskRequest) on(c *Catalog) (*Inquiry, error) {
	q := &Inquiry{CenterID: req.CenterID, EquipmentID: req.EquipmentID, State: InquiryWaiting}
	if q.EquipmentID != "" {
		e, ok := c.Machine(q.EquipmentID)
		switch {
		case !ok:
			return nil, fault.BadField("equipment", "one_of", "")
		case q.CenterID != "" && q.CenterID != e.Center.ID:
			return nil, fault.BadField("equipment", "one_of", q.CenterID)
		}
		q.CenterID = e.Center.ID
	}
	if q.CenterID == "" {
		return nil, fault.BadField("center", "required", "")
	}
	if _, ok := c.Center(q.CenterID); !ok {
		return nil, fault.BadField("center", "one_of", "")
	}
	var err error
	q.Text, err = words("text", req.Text)
	return q, err
}

// ask writes the question. The person's row is locked before theirs of the day
// are counted: of several at once no more than five pass. It tells the earlier
// success under the same key.
func (q *Inquiry) ask(ctx context.Context, tx Tx, actor account.Actor, key *Key) (*Replay, error) {
	if key != nil {
		if r, err := tx.Claim(ctx, *key, q.ID); r != nil || err != nil {
			return r, err
		}
	}
	if err := tx.Lock(ctx, Locks{Account: q.AccountID}); err != nil {
		return nil, err
	}
	today, err := tx.Inquiries(ctx, InquiryQuery{Account: q.AccountID, Since: tx.Now().Add(-inquiryDay), Newest: true, Limit: inquiriesADay})
	if err != nil {
		return nil, err
	}
	if err := tooMany(today, tx.Now()); err != nil {
		return nil, err
	}
	q.AskedAt = tx.Now()
	if err := tx.SaveInquiry(ctx, q); err != nil {
		return nil, err
	}
	told, err := q.told(ctx, tx)
	if err != nil {
		return nil, err
	}
	return nil, tx.Trace(ctx, inquiryEntry(actor, "inquiry.ask", q), told)
}
