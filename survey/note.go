package survey

import (
	"context"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// notesShown bounds the notes on one page.
const notesShown = 100

// Note is what a center tells everybody that it changed. It never says who
// asked for it: the link to a case is for staff alone.
type Note struct {
	ID, Center, Case string // Case "" stands free
	Text             lang.Text
	At               time.Time
	By               string // account
}

// NewNote is a note to publish. English may be left out.
type NewNote struct {
	Center, Case string
	Text         lang.Text
}

// Notes lists what a center changed, newest first, for everybody. Only staff
// see which case a note is about, and who wrote it.
func (s *Service) Notes(ctx context.Context, actor account.Actor, center string) ([]Note, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := cat.Center(center); !ok {
		return nil, fault.ErrNotFound
	}
	var list []Note
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) (err error) {
		list, err = r.Notes(ctx, center, notesShown)
		return err
	})
	staff := actor.May(account.DeskWork, center)
	for i := range list {
		list[i].At = list[i].At.In(cat.Zone())
		if !staff {
			list[i].Case, list[i].By = "", ""
		}
	}
	return list, err
}

// PublishNote tells everybody what changed; managers of the center. What looks
// like a contact of somebody is masked before it is stored.
func (s *Service) PublishNote(ctx context.Context, actor account.Actor, n NewNote) (Note, error) {
	if err := mayPublish(actor, n.Center); err != nil {
		return Note{}, err
	}
	ko, err := written("ko", n.Text.Ko)
	if err != nil {
		return Note{}, err
	}
	en := ""
	if n.Text.En != "" {
		if en, err = written("en", n.Text.En); err != nil {
			return Note{}, err
		}
	}
	id := s.d.NewID()
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Note, error) {
		if n.Case != "" {
			c, err := tx.Case(ctx, n.Case)
			if err != nil || c.Center != n.Center {
				return Note{}, fault.BadField("case", "one_of", "")
			}
		}
		out := Note{ID: id, Center: n.Center, Case: n.Case, Text: lang.Text{Ko: Mask(ko), En: Mask(en)}, At: tx.Now(), By: actor.ID}
		if err := tx.SaveNote(ctx, out); err != nil {
			return Note{}, err
		}
		return out, tx.Trace(ctx, noteEntry(actor, "note.publish", out))
	})
}

// WithdrawNote takes a note off the board; again is harmless.
func (s *Service) WithdrawNote(ctx context.Context, actor account.Actor, id string) (Note, error) {
	return do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (Note, error) {
		n, err := tx.Note(ctx, id)
		if err != nil {
			return Note{}, err
		}
		if err := mayPublish(actor, n.Center); err != nil {
			return Note{}, err
		}
		first, err := tx.WithdrawNote(ctx, id)
		if err != nil || !first {
			return n, err
		}
		return n, tx.Trace(ctx, noteEntry(actor, "note.withdraw", n))
	})
}

// mayPublish: the board of a center is its managers'.
func mayPublish(actor account.Actor, center string) error {
	switch {
	case actor.Anonymous():
		return fault.ErrSignIn
	case center == "" || !actor.May(account.Results, center):
		return fault.ErrForbidden
	}
	return nil
}

func noteEntry(actor account.Actor, action string, n Note) account.Entry {
	return account.Entry{Actor: actor.Name(), Action: action, Subject: n.ID, Center: n.Center, Request: actor.RequestID}
}
