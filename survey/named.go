package survey

import (
	"context"
	"slices"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// NamedLook is why somebody opened an answer with a name, as the audit has it.
const NamedLook = "named"

// namedMost bounds one piece of the list of answers with a name.
const namedMost = 50

// NamedResponse is the answer of somebody who chose to give their name with it.
type NamedResponse struct {
	ID, Account    string // ID is the link's, never the response's
	Day, Equipment string // of the use
	Response       Response
	Expires        time.Time
}

// NamedQuery asks for answers with a name; nil Centers is all.
type NamedQuery struct {
	Centers []string
	After   string // id behind which the list goes on
	Limit   int
}

// NamedAnswer is such an answer as managers are shown it. In a list the name
// is masked, and nothing of what was answered is told.
type NamedAnswer struct {
	ID, Name, Day   string // Day of the use, "2006-01-02"
	Center, Machine lang.Text
	Title           lang.Text // of the questionnaire
	Until           time.Time // when name and answer are parted, in the catalog's zone
	Given           []Given
	Comment         string
}

// Given is one question with what was chosen of its options.
type Given struct {
	Question lang.Text
	Chosen   []lang.Text
}

// NamedPage is a piece of a list; Next is "" at its end.
type NamedPage struct {
	Items []NamedAnswer
	Next  string
}

// Named lists the answers whose writer chose to give their name, for managers
// of the center, the newest day of use first. Nobody else's is ever in it:
// a confidential answer's link is shown to nobody but its person.
func (s *Service) Named(ctx context.Context, actor account.Actor, center, cursor string) (NamedPage, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return NamedPage{}, err
	}
	centers, err := permitted(actor, ResultsQuery{Center: center}, cat)
	if err != nil {
		return NamedPage{}, err
	}
	var list []NamedResponse
	if err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		list, err = r.Named(ctx, NamedQuery{centers, cursor, namedMost + 1})
		return err
	}); err != nil {
		return NamedPage{}, err
	}
	var p NamedPage
	if len(list) > namedMost {
		list = list[:namedMost]
		p.Next = list[namedMost-1].ID
	}
	for _, n := range list {
		who, err := s.d.People.Person(ctx, n.Account)
		if err != nil {
			return NamedPage{}, err
		}
		v := n.view(cat)
		v.Name = lang.MaskName(who.Name.Reveal())
		p.Items = append(p.Items, v)
	}
	return p, nil
}

// NamedAnswer opens one with the name and all that was answered. That look is
// logged as one at that person's data. fault.ErrNotFound
func (s *Service) NamedAnswer(ctx context.Context, actor account.Actor, id string) (NamedAnswer, error) {
	switch {
	case actor.Anonymous():
		return NamedAnswer{}, fault.ErrSignIn
	case !actor.MaySomewhere(account.Results):
		return NamedAnswer{}, fault.ErrForbidden
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return NamedAnswer{}, err
	}
	type found struct {
		NamedResponse
		t *Template
	}
	f, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (found, error) {
		n, err := tx.NamedOne(ctx, id)
		switch {
		case err != nil:
			return found{}, err
		case !actor.May(account.Results, n.Response.Center):
			return found{}, fault.ErrNotFound
		}
		t, err := tx.Template(ctx, n.Response.Template, n.Response.Version)
		if err != nil {
			return found{}, err
		}
		return found{n, t}, tx.Trace(ctx, account.Entry{Actor: actor.Name(), Action: "survey.look", Subject: n.Account, Center: n.Response.Center,
			Reason: NamedLook, Request: actor.RequestID})
	})
	if err != nil {
		return NamedAnswer{}, err
	}
	who, err := s.d.People.Person(ctx, f.Account)
	if err != nil {
		return NamedAnswer{}, err
	}
	v := f.view(cat)
	v.Name, v.Title, v.Given = who.Name.Reveal(), f.t.Title, f.t.given(f.Response.Answers)
	v.Comment, _ = f.Response.Answers[comment].(string)
	return v, nil
}

// Unname parts the signed-in person's name from every answer that they had
// given it with; those stay as answers without a name. Again is harmless.
func (s *Service) Unname(ctx context.Context, actor account.Actor) error {
	if actor.ID == "" {
		return fault.ErrSignIn
	}
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		n, err := tx.Unname(ctx, actor.ID)
		if err != nil || n == 0 {
			return false, err
		}
		return true, tx.Trace(ctx, account.Entry{Actor: actor.ID, Action: "survey.unname", Subject: actor.ID, Request: actor.RequestID})
	})
	return err
}

// view names what the answer is about.
func (n NamedResponse) view(cat Catalog) NamedAnswer {
	v := NamedAnswer{ID: n.ID, Day: n.Day, Until: n.Expires.In(cat.Zone())}
	v.Center, _ = cat.Center(n.Response.Center)
	if m, ok := cat.Equipment(n.Equipment); ok {
		v.Machine = m.Name
	}
	return v
}

// given are the answers in the words of the questionnaire; what was skipped or
// not asked has none. Words stand apart.
func (t *Template) given(a Answers) (out []Given) {
	for _, q := range t.Questions {
		v, ok := a[q.Key]
		if !ok || q.Type == Words {
			continue
		}
		g := Given{Question: q.Text}
		several, _ := v.([]string)
		for _, o := range q.Options {
			key, _ := o.Value.(string)
			if o.Value == v || slices.Contains(several, key) {
				g.Chosen = append(g.Chosen, o.Text)
			}
		}
		out = append(out, g)
	}
	return out
}
