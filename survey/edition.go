package survey

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
)

const (
	mostKeys     = 200
	mostVersions = 200
)

// Edition is one version of a questionnaire, published or in the making.
type Edition struct {
	Template
	Draft    bool
	Revision int          // of a draft
	At       time.Time    // published, or last saved
	Changes  []Difference // against the version before
	Warnings []Warning    // of the linter; a draft's alone
}

// Breaks tells whether something changed its meaning, so that the series
// can't go on.
func (e Edition) Breaks() bool {
	for _, c := range e.Changes {
		if c.Breaks {
			return true
		}
	}
	return false
}

// Questionnaire is one key: what is asked now and what is being made.
type Questionnaire struct {
	Key    string
	Newest *Edition // nil: nothing is published
	Draft  *Edition // nil: there is none
}

// Questionnaires lists all keys, for who may edit them.
func (s *Service) Questionnaires(ctx context.Context, actor account.Actor) ([]Questionnaire, error) {
	if err := mayEdit(actor); err != nil {
		return nil, err
	}
	var out []Questionnaire
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		newest, err := r.Editions(ctx, "", mostKeys)
		if err != nil {
			return err
		}
		drafts, err := r.Drafts(ctx, mostKeys)
		out = paired(newest, drafts)
		return err
	})
	return out, err
}

// paired puts each key's draft beside its newest version; both come by key.
func paired(newest []Edition, drafts []*Draft) (out []Questionnaire) {
	for i, e := range newest {
		out = append(out, Questionnaire{Key: e.Key, Newest: &newest[i]})
	}
	for _, d := range drafts {
		e := &Edition{Template: d.Template, Draft: true, Revision: d.Revision, At: d.At}
		found := false
		for i := range out {
			if out[i].Key == d.Key {
				out[i].Draft, found = e, true
			}
		}
		if !found {
			out = append(out, Questionnaire{Key: d.Key, Draft: e})
		}
	}
	return out
}

// History lists the versions of a key, newest first and a draft before them,
// each with what it changed. fault.ErrNotFound.
func (s *Service) History(ctx context.Context, actor account.Actor, key string) ([]Edition, error) {
	if err := mayEdit(actor); err != nil {
		return nil, err
	}
	var out []Edition
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		out, err = history(ctx, r, key)
		return err
	})
	return out, err
}

// Edition reads one version or the draft of that number. fault.ErrNotFound.
func (s *Service) Edition(ctx context.Context, actor account.Actor, key string, no int) (Edition, error) {
	if err := mayEdit(actor); err != nil {
		return Edition{}, err
	}
	return s.edition(ctx, key, no)
}

func (s *Service) edition(ctx context.Context, key string, no int) (Edition, error) {
	var out Edition
	err := s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		all, err := history(ctx, r, key)
		for _, e := range all {
			if e.Version == no {
				out = e
				return err
			}
		}
		if err == nil {
			err = fault.ErrNotFound
		}
		return err
	})
	return out, err
}

// history reads every version with its changes.
func history(ctx context.Context, r Reader, key string) ([]Edition, error) {
	all, err := r.Editions(ctx, key, mostVersions)
	if err != nil {
		return nil, err
	}
	d, err := r.Draft(ctx, key)
	switch {
	case err == nil:
		draft := Edition{Template: d.Template, Draft: true, Revision: d.Revision, At: d.At}
		draft.Warnings = lint(&d.Template)
		all = append([]Edition{draft}, all...)
	case fault.Code(err) != fault.ErrNotFound.Code:
		return nil, err
	case len(all) == 0:
		return nil, fault.ErrNotFound
	}
	for i := range all {
		all[i].Changes = differences(&all[i].Template, all[i+1:])
	}
	return all, nil
}

// Preview is the form that people would see, of any version or draft.
func (s *Service) Preview(ctx context.Context, actor account.Actor, key string, no int) (Form, error) {
	e, err := s.Edition(ctx, actor, key, no)
	if err != nil {
		return Form{}, err
	}
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Form{}, err
	}
	var about FormUse
	if ids := cat.Centers(); len(ids) > 0 {
		about.Center, _ = cat.Center(ids[0])
	}
	err = s.d.Store.Read(ctx, func(_ context.Context, r Reader) error {
		about.Month = month(r.Now(), cat.Zone())
		return nil
	})
	f := e.form(about)
	f.State = "preview"
	return f, err
}
