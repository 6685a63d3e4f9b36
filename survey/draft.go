package survey

import (
	"context"
	"strconv"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// Draft is a version in the making; a key has one at most. It may be
// unfinished: only publishing asks for everything.
type Draft struct {
	Template           // with the number it will have
	Revision int       // raised by every save; who saves over another's save is told
	At       time.Time // of the last save
}

// Key is an idempotency key: the caller with method and path, the value that
// the client chose, and the hash of what it sent.
type Key struct{ Caller, Value, Body string }

// Replay is an earlier success under the same key.
type Replay struct{ Body, Subject string }

// NewTemplate begins a questionnaire.
type NewTemplate struct {
	Key   string // stays for good: small letters, digits, hyphens
	Title lang.Text
	Mode  string // "" is the first of Modes
	Once  *Key
}

// Create begins a questionnaire with an empty first draft. It tells whether an
// earlier success under the same idempotency key is shown again.
func (s *Service) Create(ctx context.Context, actor account.Actor, n NewTemplate) (Edition, bool, error) {
	if err := mayEdit(actor); err != nil {
		return Edition{}, false, err
	}
	d := &Draft{Template: Template{Key: n.Key, Version: firstNo, Mode: n.Mode, Title: n.Title, Questions: []Question{lead("", "")}}}
	if d.Mode == "" {
		d.Mode = Modes[0]
	}
	if !templateKey.MatchString(n.Key) {
		return Edition{}, false, fault.BadField("key", "id", "")
	}
	if err := d.settle(); err != nil {
		return Edition{}, false, err
	}
	return s.begin(ctx, actor, n.Once, n.Key, func(context.Context, Tx) (*Draft, error) {
		c := *d
		return &c, nil
	})
}

// NextVersion begins a draft with the text of the newest version.
func (s *Service) NextVersion(ctx context.Context, actor account.Actor, key string, once *Key) (Edition, bool, error) {
	return s.begin(ctx, actor, once, key, func(ctx context.Context, tx Tx) (*Draft, error) {
		t, err := tx.Newest(ctx, key)
		if err != nil {
			return nil, err
		}
		d := &Draft{Template: *t}
		d.Version++
		return d, nil
	})
}

// begin stores a first text, once per idempotency key. The replay comes before
// any judgement.
func (s *Service) begin(ctx context.Context, actor account.Actor, once *Key, key string, first func(context.Context, Tx) (*Draft, error)) (Edition, bool, error) {
	if err := mayEdit(actor); err != nil {
		return Edition{}, false, err
	}
	type made struct {
		no     int
		replay *Replay
	}
	m, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (made, error) {
		d, err := first(ctx, tx)
		if err != nil {
			return made{}, err
		}
		if once != nil {
			if r, err := tx.Repeated(ctx, *once, strconv.Itoa(d.Version)); r != nil || err != nil {
				return made{replay: r}, err
			}
		}
		if err := free(ctx, tx, d); err != nil {
			return made{}, err
		}
		if err := tx.SaveDraft(ctx, d, 0); err != nil {
			return made{}, err
		}
		return made{no: d.Version}, tx.Trace(ctx, editing(actor, "survey.draft", &d.Template, nil))
	})
	switch {
	case err != nil:
		return Edition{}, false, err
	case m.replay != nil && m.replay.Body != once.Body:
		return Edition{}, false, fault.ErrMismatch
	case m.replay != nil:
		m.no, _ = strconv.Atoi(m.replay.Subject)
	}
	e, err := s.edition(ctx, key, m.no)
	return e, m.replay != nil, err
}

// free refuses a key that is taken, and a second draft beside the first.
func free(ctx context.Context, tx Tx, d *Draft) error {
	_, err := tx.Draft(ctx, d.Key)
	switch {
	case err == nil && d.Version > firstNo:
		return fault.ErrState
	case err == nil:
		return fault.BadField("key", "taken", "")
	case fault.Code(err) != fault.ErrNotFound.Code:
		return err
	}
	old, err := tx.Editions(ctx, d.Key, 1)
	if err == nil && len(old) > 0 && old[0].Version >= d.Version {
		return fault.BadField("key", "taken", "")
	}
	return err
}

// SaveDraft writes what a draft says. Revision is that of the draft that was
// read; 0 writes over whatever is there. 409 stale when somebody saved since.
func (s *Service) SaveDraft(ctx context.Context, actor account.Actor, d Draft) (Edition, error) {
	if err := mayEdit(actor); err != nil {
		return Edition{}, err
	}
	if err := d.settle(); err != nil {
		return Edition{}, err
	}
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		old, err := draftOf(ctx, tx, d.Key, d.Version, d.Revision)
		if err != nil {
			return false, err
		}
		next := Draft{Template: d.Template, Revision: old.Revision}
		next.Continues, next.Break = old.Continues, old.Break
		if next.Hash() == old.Hash() {
			return false, nil
		}
		if err := tx.SaveDraft(ctx, &next, old.Revision); err != nil {
			return false, err
		}
		return true, tx.Trace(ctx, editing(actor, "survey.edit", &next.Template, map[string]any{"revision": old.Revision + 1}))
	})
	if err != nil {
		return Edition{}, err
	}
	return s.edition(ctx, d.Key, d.Version)
}

// DropDraft throws a draft away. What was published stays.
func (s *Service) DropDraft(ctx context.Context, actor account.Actor, key string, no int) error {
	if err := mayEdit(actor); err != nil {
		return err
	}
	_, err := do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		d, err := draftOf(ctx, tx, key, no, 0)
		if err != nil {
			return false, err
		}
		if err := tx.DropDraft(ctx, key, d.Revision); err != nil {
			return false, err
		}
		return true, tx.Trace(ctx, editing(actor, "survey.drop", &d.Template, nil))
	})
	return err
}

// draftOf is the draft of that number; fault.ErrNotFound, fault.ErrStale when
// it was saved after the revision.
func draftOf(ctx context.Context, r Reader, key string, no, revision int) (*Draft, error) {
	d, err := r.Draft(ctx, key)
	switch {
	case err != nil:
		return nil, err
	case d.Version != no:
		return nil, fault.ErrNotFound
	case revision != 0 && revision != d.Revision:
		return nil, fault.ErrStale
	}
	return d, nil
}

func mayEdit(actor account.Actor) error {
	switch {
	case actor.Anonymous():
		return fault.ErrSignIn
	case !actor.May(account.SurveyEdit, ""):
		return fault.ErrForbidden
	}
	return nil
}

// editing is the audit entry of a change to a questionnaire.
func editing(actor account.Actor, action string, t *Template, detail map[string]any) account.Entry {
	return account.Entry{Actor: actor.Name(), Action: action, Subject: t.Key + "/" + strconv.Itoa(t.Version),
		Request: actor.RequestID, Detail: detail}
}
