package booking

import (
	"context"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// PolicyWithdrawal takes back a change of the rules that is planned.
type PolicyWithdrawal struct {
	Version int    // of the layer; 0 is not checked
	No      int    // of the planned version
	Reason  string // of the audit
}

// WithdrawCenterPolicy takes back a planned change of a center's rules.
func (s *Service) WithdrawCenterPolicy(ctx context.Context, actor account.Actor, id string, w PolicyWithdrawal) (*OfferOutcome, error) {
	return s.withdrawPolicy(ctx, actor, ofCenterRules(id, w.by(actor)), w)
}

// WithdrawPolicy takes back a planned change of a machine's rules.
func (s *Service) WithdrawPolicy(ctx context.Context, actor account.Actor, id string, w PolicyWithdrawal) (*OfferOutcome, error) {
	o, err := s.ofMachineRules(ctx, id, w.by(actor))
	if err != nil {
		return nil, err
	}
	return s.withdrawPolicy(ctx, actor, o, w)
}

// withdrawPolicy breaks nothing: what is in force stays in force, and every
// booking was made by what is or was in force.
func (s *Service) withdrawPolicy(ctx context.Context, actor account.Actor, o offering, w PolicyWithdrawal) (*OfferOutcome, error) {
	switch {
	case !actor.May(account.OfferEdit, o.center):
		return nil, fault.ErrForbidden
	case strings.TrimSpace(w.Reason) == "":
		return nil, fault.BadField("reason", "required", "")
	}
	o.actor, o.action, o.reason = actor, o.action+"_withdraw", strings.TrimSpace(w.Reason)
	o.detail = map[string]any{"version": w.No}
	o.breaks = func(context.Context, Reader, *Catalog, *Catalog, *Booking) (string, error) { return "", nil }
	return s.offer(ctx, o)
}

func (w PolicyWithdrawal) by(actor account.Actor) layerEdit {
	return func(h PolicyHistory, now time.Time) (PolicyHistory, time.Time, error) {
		if w.Version != 0 && w.Version != len(h.Versions) {
			return h, now, fault.ErrStale
		}
		next, err := h.without(w.No, actor, now)
		return next, now, err
	}
}

// without is the history in which a planned version never takes effect: what is
// in force is said again, which takes the place of everything planned, and
// behind it the other plans as they were made.
func (h PolicyHistory) without(no int, actor account.Actor, now time.Time) (PolicyHistory, error) {
	next := h.With(PolicyVersion{EffectiveFrom: now, Values: h.At(now), MadeBy: actor.Name(), MadeAt: now})
	found := false
	for _, v := range h.Coming(now) {
		if v.No == no {
			found = true
			continue
		}
		next = next.With(v)
	}
	switch {
	case found:
		return next, nil
	case no > 0 && no <= len(h.Versions): // in force, or its place was taken
		return h, fault.ErrState
	}
	return h, fault.ErrNotFound
}
