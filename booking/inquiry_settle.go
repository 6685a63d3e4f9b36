package booking

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
)

// CaseReply is the kind of the message that carries an answer to who asked.
const CaseReply = "case.reply"

// AnswerInquiry writes the center's answer, which leaves as a message; staff of
// the center, once. 409 state_conflict when it is settled already.
func (s *Service) AnswerInquiry(ctx context.Context, actor account.Actor, id, text string) (*InquiryView, error) {
	text, err := words("text", text)
	if err != nil {
		return nil, err
	}
	return s.endInquiry(ctx, actor, id, func(q *Inquiry) (action string, events []account.Event) {
		q.State, q.Answer = InquiryAnswered, text
		return "inquiry.answer", []account.Event{{Kind: CaseReply, Key: CaseReply + "/" + q.ID, Subject: q.ID}}
	})
}

// CloseInquiry takes a question off the list that needs no answer in writing:
// the person came or was called. Nothing is sent.
func (s *Service) CloseInquiry(ctx context.Context, actor account.Actor, id string) (*InquiryView, error) {
	return s.endInquiry(ctx, actor, id, func(q *Inquiry) (string, []account.Event) {
		q.State = InquiryClosed
		return "inquiry.close", nil
	})
}

// endInquiry ends the waiting of a question; of two at once one is taken.
func (s *Service) endInquiry(ctx context.Context, actor account.Actor, id string, end func(*Inquiry) (string, []account.Event)) (*InquiryView, error) {
	_, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (bool, error) {
		q, err := visibleInquiry(ctx, tx, actor, id)
		if err != nil {
			return false, err
		}
		switch {
		case !actor.May(account.DeskWork, q.CenterID):
			return false, fault.ErrForbidden // the person's own
		case q.State != InquiryWaiting:
			return false, fault.ErrState
		}
		now := tx.Now()
		q.SettledAt, q.SettledBy = &now, actor.ID
		action, events := end(q)
		if err := tx.SaveInquiry(ctx, q); err != nil {
			return false, err
		}
		return true, tx.Trace(ctx, inquiryEntry(actor, action, q), events...)
	})
	if err != nil {
		return nil, err
	}
	return s.loadInquiry(ctx, actor, id)
}
