package survey

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gongbang/account"
	"gongbang/internal/fault"
)

// caseReply brings the answer to whoever asked; its event says that it is
// about a case, because questions are answered by the same kind of message.
const (
	caseReply  = "case.reply"
	caseRemind = "case.due"
	aboutCase  = "case"
)

// CaseChange is what staff do with a case; nil leaves a value alone. A reply
// answers the case, and is needed to.
type CaseChange struct {
	Version  int // 0: whatever it is
	State    *CaseState
	Assignee *string // an account that works at the center; "" nobody
	Reply    *string
}

// Case opens one case with the person's name and contact. That look is logged.
func (s *Service) Case(ctx context.Context, actor account.Actor, id string) (CaseView, error) {
	c, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Case, error) {
		c, err := caseFor(ctx, tx, actor, id)
		if err != nil {
			return Case{}, err
		}
		return *c, tx.Trace(ctx, caseEntry(actor, "case.look", c))
	})
	if err != nil {
		return CaseView{}, err
	}
	return s.caseView(ctx, c)
}

// ChangeCase takes a case on, hands it to somebody, or answers it: the reply
// leaves as a message. 409 state_conflict against the order of the states,
// 409 stale when it changed meanwhile.
func (s *Service) ChangeCase(ctx context.Context, actor account.Actor, id string, ch CaseChange) (CaseView, error) {
	if err := s.checkChange(ctx, actor, id, &ch); err != nil {
		return CaseView{}, err
	}
	c, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Case, error) {
		c, err := caseFor(ctx, tx, actor, id)
		if err != nil {
			return Case{}, err
		}
		if ch.Version != 0 && ch.Version != c.Version {
			return Case{}, fault.ErrStale
		}
		err = ch.write(ctx, tx, actor, c)
		return *c, err
	})
	if err != nil {
		return CaseView{}, err
	}
	return s.caseView(ctx, c)
}

// checkChange judges the shape of a change and who is to look after the case.
func (s *Service) checkChange(ctx context.Context, actor account.Actor, id string, ch *CaseChange) error {
	if ch.Reply != nil {
		text, err := written("reply", *ch.Reply)
		if err != nil {
			return err
		}
		answered := CaseAnswered
		if ch.State != nil && *ch.State != answered {
			return fault.BadField("state", "one_of", string(answered))
		}
		ch.Reply, ch.State = &text, &answered
	}
	if ch.State != nil && *ch.State == CaseAnswered && ch.Reply == nil {
		return fault.BadField("reply", "required", "")
	}
	if ch.Assignee == nil || *ch.Assignee == "" {
		return nil
	}
	var center string
	if err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		c, err := caseFor(ctx, r, actor, id)
		if err == nil {
			center = c.Center
		}
		return err
	}); err != nil {
		return err
	}
	team, err := s.d.People.Team(ctx, center)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(team, func(m Member) bool { return m.ID == *ch.Assignee }) {
		return fault.BadField("assignee", "one_of", "")
	}
	return nil
}

// write changes the case with its audit entry and the message to the person.
func (ch CaseChange) write(ctx context.Context, tx Tx, actor account.Actor, c *Case) error {
	action, events := "case.change", []account.Event(nil)
	if ch.State != nil && ch.Reply != nil && c.State == CaseAnswered {
		return fault.ErrState // it was answered once
	}
	if ch.State != nil {
		if err := c.become(*ch.State); err != nil {
			return err
		}
	}
	if ch.Assignee != nil {
		c.Assignee = *ch.Assignee
	}
	if ch.Reply != nil {
		action, c.Reply, c.ClosedAt, c.ClosedBy = "case.answer", *ch.Reply, tx.Now(), actor.ID
		events = append(events, account.Event{Kind: caseReply, Key: caseReply + ":" + c.ID, Subject: c.ID, Data: map[string]string{"about": aboutCase}})
	}
	if err := tx.ChangeCase(ctx, c); err != nil {
		return err
	}
	e := caseEntry(actor, action, c)
	e.Detail["assignee"] = c.Assignee
	return tx.Trace(ctx, e, events...)
}

// caseFor reads a case for staff of its center; nobody else learns that it exists.
func caseFor(ctx context.Context, r Reader, actor account.Actor, id string) (*Case, error) {
	switch {
	case actor.Anonymous():
		return nil, fault.ErrSignIn
	case !actor.MaySomewhere(account.DeskWork):
		return nil, fault.ErrForbidden
	}
	c, err := r.Case(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case c.Account == "" || !actor.May(account.DeskWork, c.Center):
		return nil, fault.ErrNotFound
	}
	return c, nil
}

func (s *Service) caseView(ctx context.Context, c Case) (CaseView, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return CaseView{}, err
	}
	var out CaseView
	err = s.d.Store.Read(ctx, func(_ context.Context, r Reader) error {
		out = c.view(cat, r.Now())
		return nil
	})
	if err != nil {
		return CaseView{}, err
	}
	one := []CaseView{out}
	if err := s.nameWorkers(ctx, one); err != nil {
		return CaseView{}, err
	}
	p, err := s.d.People.Person(ctx, c.Account)
	one[0].Person = &p
	return one[0], err
}

// written checks what staff write for people.
func written(field, text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return "", fault.BadField(field, "required", "")
	case !utf8.ValidString(text):
		return "", fault.BadField(field, "text", "")
	case utf8.RuneCountInString(text) > replyMax:
		return "", fault.BadField(field, "too_long", strconv.Itoa(replyMax))
	}
	return strings.Map(plain, text), nil
}

// caseEntry is the audit line of a case: ids, no words.
func caseEntry(actor account.Actor, action string, c *Case) account.Entry {
	return account.Entry{Actor: actor.Name(), Action: action, Subject: c.ID, Center: c.Center, Request: actor.RequestID,
		Detail: map[string]any{"state": c.State}}
}
