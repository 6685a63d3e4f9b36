package survey

import (
	"context"
	"strings"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

// casesMost bounds one piece of a list.
const casesMost = 200

// CaseList asks for cases, the first due first. Center "" is all own centers;
// State "" all, "open" those that are not answered.
type CaseList struct {
	Center string
	State  CaseState
	Cursor string // the end of the piece before
	Limit  int    // 1…200
}

// CaseOpen selects what waits for an answer.
const CaseOpen CaseState = "open"

// CaseQuery is a CaseList as the store reads it.
type CaseQuery struct {
	Centers []string // nil: all
	Account string   // "": anybody's
	State   CaseState
	After   string // id behind which the list goes on
	Limit   int
}

// CasePage is a piece of a list; Next is "" at its end.
type CasePage struct {
	Items []CaseView
	Next  string
}

// CaseCount is how many cases wait, and how many of them too long.
type CaseCount struct{ Open, Overdue int }

// CaseOutcome is how many wishes for a reply came, and how many of these were
// answered, and answered by the time they were due. It stays when the person
// is forgotten.
type CaseOutcome struct{ Came, Answered, InTime int }

// caseCenters are the centers whose cases the actor may see; nil is all.
func caseCenters(actor account.Actor, center string) ([]string, error) {
	own, all := actor.Centers(account.DeskWork)
	switch {
	case actor.Anonymous():
		return nil, fault.ErrSignIn
	case !actor.MaySomewhere(account.DeskWork):
		return nil, fault.ErrForbidden
	case center != "" && !actor.May(account.DeskWork, center):
		return nil, fault.ErrForbidden
	case center != "":
		return []string{center}, nil
	case all:
		return nil, nil
	}
	return own, nil
}

// Cases lists wishes for a reply for staff of the center, without contacts.
func (s *Service) Cases(ctx context.Context, actor account.Actor, l CaseList) (CasePage, error) {
	centers, err := caseCenters(actor, l.Center)
	if err != nil {
		return CasePage{}, err
	}
	l.Limit = min(max(l.Limit, 1), casesMost)
	return s.casePage(ctx, CaseQuery{Centers: centers, State: l.State, After: l.Cursor, Limit: l.Limit + 1}, l.Limit)
}

// MyCases are the signed-in person's own wishes and what was answered.
func (s *Service) MyCases(ctx context.Context, actor account.Actor) ([]CaseView, error) {
	if actor.ID == "" {
		return nil, fault.ErrSignIn
	}
	p, err := s.casePage(ctx, CaseQuery{Account: actor.ID, Limit: casesMost}, casesMost)
	for i := range p.Items {
		p.Items[i].Assignee, p.Items[i].Worker, p.Items[i].ClosedBy = "", "", ""
	}
	return p.Items, err
}

func (s *Service) casePage(ctx context.Context, q CaseQuery, limit int) (CasePage, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return CasePage{}, err
	}
	var list []Case
	var now time.Time
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		now = r.Now()
		list, err = r.Cases(ctx, q)
		return err
	})
	if err != nil {
		return CasePage{}, err
	}
	var p CasePage
	if len(list) > limit {
		list = list[:limit]
		p.Next = list[limit-1].ID
	}
	for _, c := range list {
		p.Items = append(p.Items, c.view(cat, now))
	}
	return p, s.nameWorkers(ctx, p.Items)
}

// nameWorkers writes the names of those who look after the cases.
func (s *Service) nameWorkers(ctx context.Context, list []CaseView) error {
	teams := map[string]map[string]string{}
	for i, c := range list {
		if c.Assignee == "" {
			continue
		}
		if teams[c.Center] == nil {
			team, err := s.d.People.Team(ctx, c.Center)
			if err != nil {
				return err
			}
			teams[c.Center] = map[string]string{}
			for _, m := range team {
				teams[c.Center][m.ID] = m.Name.Reveal()
			}
		}
		list[i].Worker = strings.Join(strings.Fields(teams[c.Center][c.Assignee]), " ")
	}
	return nil
}

// CaseCounts counts what waits at the actor's centers.
func (s *Service) CaseCounts(ctx context.Context, actor account.Actor, center string) (CaseCount, error) {
	centers, err := caseCenters(actor, center)
	if err != nil {
		return CaseCount{}, err
	}
	var n CaseCount
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		n, err = r.CaseCounts(ctx, centers)
		return err
	})
	return n, err
}

// CaseOutcome tells what became of the wishes that came to the actor's centers
// on the days "2006-01-02" from and to and in between.
func (s *Service) CaseOutcome(ctx context.Context, actor account.Actor, center, from, to string) (CaseOutcome, error) {
	centers, err := caseCenters(actor, center)
	if err != nil {
		return CaseOutcome{}, err
	}
	var n CaseOutcome
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		n, err = r.CaseOutcome(ctx, centers, from, to)
		return err
	})
	return n, err
}

// Team lists who can look after the cases of a center.
func (s *Service) Team(ctx context.Context, actor account.Actor, center string) ([]Member, error) {
	if !actor.May(account.DeskWork, center) {
		return nil, fault.ErrForbidden
	}
	return s.d.People.Team(ctx, center)
}
