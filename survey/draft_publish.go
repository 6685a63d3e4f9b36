package survey

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Release is the wish to publish a draft.
type Release struct {
	Key      string
	Version  int
	Revision int // that was read; 0 publishes whatever is there
	// Continues: the series goes on, so that figures before and after are added
	// up. Refused when a question changed its meaning under its key.
	Continues bool
}

// PublishDraft makes a draft the version that is asked from now on. It never
// changes again. Validation names what is unfinished; with Continues also the
// questions that changed their meaning (rule "series").
func (s *Service) PublishDraft(ctx context.Context, actor account.Actor, p Release) (Edition, error) {
	if err := mayEdit(actor); err != nil {
		return Edition{}, err
	}
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		d, err := draftOf(ctx, tx, p.Key, p.Version, p.Revision)
		if err != nil {
			return false, err
		}
		before, err := tx.Editions(ctx, p.Key, mostVersions)
		if err != nil {
			return false, err
		}
		t, err := d.release(before, p.Continues)
		if err != nil {
			return false, err
		}
		if err := tx.DropDraft(ctx, p.Key, d.Revision); err != nil {
			return false, err
		}
		hash, err := tx.PublishTemplate(ctx, t)
		switch {
		case err != nil:
			return false, err
		case hash != t.Hash():
			return false, fault.ErrStale
		}
		return true, tx.Trace(ctx, editing(actor, "survey.publish", t,
			map[string]any{"continues": t.Continues, "series": t.Series(), "hash": hash, "changes": len(differences(t, before))}))
	})
	if err != nil {
		return Edition{}, err
	}
	return s.edition(ctx, p.Key, p.Version)
}

// release is the version that the draft becomes.
func (d *Draft) release(before []Edition, continues bool) (*Template, error) {
	if err := d.finished(); err != nil {
		return nil, err
	}
	t := d.Template
	t.Continues = continues || len(before) == 0
	t.Break = 0
	if len(before) > 0 {
		t.Break = before[0].Break
	}
	if !t.Continues {
		t.Break++
		return &t, nil
	}
	var bad []fault.Field
	for _, c := range differences(&t, before) {
		if c.Breaks && c.Question == "" {
			bad = append(bad, fault.Field{Field: c.What, Rule: "series", Limit: c.What})
		} else if c.Breaks {
			bad = append(bad, fault.Field{Field: t.at(c.Question), Rule: "series", Limit: c.What})
		}
	}
	return &t, refused(bad)
}
