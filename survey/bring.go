package survey

import (
	"context"
	"fmt"

	"gongbang/account"
	"gongbang/internal/fault"
)

// Bring brings in questionnaires that come with the program, each text once.
// A new one is published. A later text of a key takes the next free number: it
// is published where the program's own text is asked, and waits as a draft
// where a center's is. What somebody published is never displaced.
func (s *Service) Bring(ctx context.Context, list ...*Template) error {
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		for _, t := range list {
			if err := bring(ctx, tx, t); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return err
}

func bring(ctx context.Context, tx Tx, t *Template) error {
	if known, err := tx.Brought(ctx, t.Key, t.text()); known || err != nil {
		return err
	}
	all, err := tx.Editions(ctx, t.Key, mostVersions)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.text() == t.text() { // it was there before texts were noted
			return tx.NoteBrought(ctx, t.Key, t.text())
		}
	}
	next := *t
	if len(all) > 0 {
		newest := &all[0].Template
		next.Version, next.Break = newest.Version+1, newest.Break
		if !next.Continues {
			next.Break++
		}
		own, err := tx.Brought(ctx, t.Key, newest.text())
		if err != nil {
			return err
		}
		if !own {
			return offer(ctx, tx, t, &next)
		}
	}
	hash, err := tx.PublishTemplate(ctx, &next)
	switch {
	case err != nil:
		return err
	case hash != next.Hash():
		return fmt.Errorf("survey: template %s version %d was published with another text", next.Key, next.Version)
	}
	return noteBrought(ctx, tx, t, &next, "survey.shipped", len(all) > 0)
}

// offer leaves the program's text as a draft beside a center's own; while
// another draft is in the making it waits for the next start.
func offer(ctx context.Context, tx Tx, t, next *Template) error {
	_, err := tx.Draft(ctx, t.Key)
	if fault.Code(err) != fault.ErrNotFound.Code {
		return err
	}
	switch err := tx.SaveDraft(ctx, &Draft{Template: *next}, 0); {
	case fault.Code(err) == fault.ErrStale.Code:
		return nil // another node did, or somebody began one
	case err != nil:
		return err
	}
	return noteBrought(ctx, tx, t, next, "survey.offered", true)
}

// noteBrought remembers a text; what stands beside older versions is in the
// audit too.
func noteBrought(ctx context.Context, tx Tx, t, next *Template, action string, trace bool) error {
	if err := tx.NoteBrought(ctx, t.Key, t.text()); err != nil || !trace {
		return err
	}
	return tx.Trace(ctx, account.Entry{Actor: account.System("survey").Name(), Action: action, Subject: next.Key,
		Detail: map[string]any{"version": next.Version, "series": next.Series()}})
}
