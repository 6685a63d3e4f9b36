package survey

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// linkedFor is how long an answer stays tied to the person, if it is at all.
const linkedFor = 90 * 24 * time.Hour

// Link ties a response to who gave it. Managers are shown only those of people
// who chose it; these alone have an id, a day and a machine of the use.
type Link struct {
	Response, Account, Mode string
	Expires                 time.Time
	ID, Day, Equipment      string
}

// LinkedAnswer is what a person said in a questionnaire whose answers stay
// tied to them for a while.
type LinkedAnswer struct {
	Template string
	Title    lang.Text
	Center   lang.Text
	Month    string
	Answers  Answers
	Mode     string
	Until    time.Time // when the link is destroyed
}

// linked is the account an answer stays tied to: with the mode "confidential"
// always, with "identified" when the person chose so, else nobody.
func linked(t *Template, i *Invitation, sub Submission) string {
	if t.Mode == Confidential || t.Mode == Identified && sub.Identify {
		return i.Account
	}
	return ""
}

// tie writes the links of responses. They end at a midnight: no link tells
// when the answer came. The days count from the hour in which the oldest that
// waited came, so that none lasts longer than was promised.
func (s *Service) tie(ctx context.Context, tx Tx, from []Waited, to []Response, due time.Time) error {
	end := midnight(due.Add(-inboxFor - time.Hour)).Add(linkedFor)
	for i, w := range from {
		if w.Account == "" {
			continue
		}
		t, err := tx.Template(ctx, w.Template, w.Version)
		if err != nil {
			return err
		}
		l := Link{Response: to[i].ID, Account: w.Account, Mode: t.Mode, Expires: end}
		if w.Entry == ByName {
			l.ID, l.Day, l.Equipment = s.d.NewID(), w.Day, w.Equipment
		}
		if err := tx.SaveLink(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// Linked are the signed-in person's own answers that are still tied to them.
func (s *Service) Linked(ctx context.Context, actor account.Actor) ([]LinkedAnswer, error) {
	if actor.ID == "" {
		return nil, fault.ErrSignIn
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	var out []LinkedAnswer
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		out = nil
		list, err := r.LinkedTo(ctx, actor.ID, batch)
		for _, l := range list {
			t, err := r.Template(ctx, l.Response.Template, l.Response.Version)
			if err != nil {
				return err
			}
			center, _ := cat.Center(l.Response.Center)
			out = append(out, LinkedAnswer{t.Key, t.Title, center, l.Response.Month, l.Response.Answers, l.Mode, l.Expires.In(cat.Zone())})
		}
		return err
	})
	return out, err
}
