package booking

import (
	"context"
	"slices"
)

// byFirm tells whether the last seen rules of a machine count for firms.
func (s *Service) byFirm(equipment string) bool {
	c := s.last.Load()
	if c == nil {
		return true
	}
	e, ok := c.Machine(equipment)
	return ok && e.Policy.byFirm()
}

func (p Policy) byFirm() bool {
	return slices.ContainsFunc(p.Limits, func(l Limit) bool { return l.By == "firm" })
}

// lockedFacts locks whom and what a draft is judged on, and reads the facts.
// Where the rules began to count for firms since they were last seen, the
// firms are locked behind the person; who meets another one there runs again.
func (s *Service) lockedFacts(ctx context.Context, tx Tx, d draft) (Facts, error) {
	l := Locks{Account: d.account, Firm: s.byFirm(d.ask.equipment), Equipment: []string{d.ask.equipment}}
	if err := tx.Lock(ctx, l); err != nil {
		return Facts{}, err
	}
	f, err := s.facts(ctx, tx, d.ask)
	if err != nil || l.Firm {
		return f, err
	}
	if e, _ := f.Catalog.Machine(d.ask.equipment); e == nil || !e.Policy.byFirm() {
		return f, nil
	}
	if err := tx.Lock(ctx, Locks{Account: d.account, Firm: true}); err != nil {
		return Facts{}, err
	}
	return s.facts(ctx, tx, d.ask)
}
