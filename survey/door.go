package survey

import (
	"context"

	"gongbang/account"
	"gongbang/internal/fault"
)

// beyondUses is how many more answers by a machine's code a month takes than
// the machine had uses: some people stand beside who books.
const beyondUses = 10

// Door is where somebody answers without an invitation: the code on a machine,
// or the counter of a center, where a machine may be named.
type Door struct {
	Entry             Entry
	Center, Equipment string
}

// Template asks results for what came by this entry alone.
func (e Entry) Template() string {
	if e == ByName {
		return standardKey + "@" + string(e)
	}
	return shortKey + "@" + string(e)
}

// spot is a door with what the catalog knows of it.
type spot struct {
	Door
	category string
	use      FormUse
}

// spot finds the center and its machine. The code is for whoever stands there,
// the counter for its staff to hand over.
func (d Door) spot(actor account.Actor, cat Catalog) (spot, error) {
	at := spot{Door: d}
	if d.Equipment != "" {
		m, ok := cat.Equipment(d.Equipment)
		if !ok || d.Center != "" && m.Center != d.Center {
			return at, fault.ErrNotFound
		}
		at.Center, at.category, at.use.Equipment = m.Center, m.Category, m.Name
	}
	name, ok := cat.Center(at.Center)
	switch {
	case !ok, d.Entry == ByQR && d.Equipment == "", d.Entry != ByQR && d.Entry != ByCounter:
		return at, fault.ErrNotFound
	case d.Entry == ByCounter:
		if err := mayWork(actor, at.Center); err != nil {
			return at, err
		}
	}
	at.use.Center, at.use.CenterID = name, at.Center
	return at, nil
}

// OpenAt shows the short form of a door; fault.ErrNotFound where there is none.
// It never offers to leave a name: nobody knows who answers here. ErrEnough as
// of AnswerAt.
func (s *Service) OpenAt(ctx context.Context, actor account.Actor, d Door) (Form, error) {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return Form{}, err
	}
	at, err := d.spot(actor, cat)
	if err != nil {
		return Form{}, err
	}
	var f Form
	err = s.d.Store.Read(ctx, func(ctx context.Context, r Reader) error {
		t, err := r.Newest(ctx, shortKey)
		if err != nil {
			return err
		}
		at.use.Month = month(r.Now(), cat.Zone())
		if err := at.takes(ctx, r, at.use.Month); err != nil {
			return err
		}
		f = t.form(at.use)
		f.Mode, f.Anonymity = Anonymous, promise(Anonymous)
		return nil
	})
	return f, err
}

// AnswerAt puts an answer that nobody was asked for into the inbox, told apart
// by how it came: no invitation, no funnel, never in the score. A code gets
// ErrEnough when its machine's month has more answers than people who used it.
func (s *Service) AnswerAt(ctx context.Context, actor account.Actor, d Door, sub Submission) error {
	cat, err := s.d.Catalog(ctx)
	if err != nil {
		return err
	}
	at, err := d.spot(actor, cat)
	if err != nil {
		return err
	}
	switch {
	case sub.Contact != nil:
		return fault.BadField("contact", "unknown", "")
	case sub.Identify:
		return fault.BadField("identify", "unknown", "")
	case sub.Safety != nil && at.Equipment == "":
		return fault.BadField("safety", "unknown", "")
	}
	_, err = do(ctx, s.d.Store, func(ctx context.Context, tx Tx) (bool, error) {
		return true, s.recordAt(ctx, tx, at, sub, cat)
	})
	return err
}

// takes refuses more answers by a code than the month has uses, and a few.
func (at spot) takes(ctx context.Context, r Reader, month string) error {
	if at.Entry != ByQR {
		return nil
	}
	uses, known, err := r.AtDoor(ctx, month, at.Center, at.Equipment)
	if err == nil && known >= uses+beyondUses {
		err = ErrEnough
	}
	return err
}

func (s *Service) recordAt(ctx context.Context, tx Tx, at spot, sub Submission, cat Catalog) error {
	t, err := tx.Newest(ctx, shortKey)
	if err != nil {
		return err
	}
	answers, err := check(t, sub.Answers)
	if err != nil {
		return err
	}
	report, err := sub.Safety.read()
	if err != nil {
		return err
	}
	a := Waited{ID: s.d.NewID(), Month: month(tx.Now(), cat.Zone()), Center: at.Center, Category: at.category, Equipment: at.Equipment,
		Template: t.Key, Version: t.Version, Answers: answers, Entry: at.Entry}
	if err := at.takes(ctx, tx, a.Month); err != nil {
		return err
	}
	if report != "" {
		r := Ticket{ID: s.d.NewID(), Center: at.Center, Equipment: at.Equipment, Day: day(tx.Now(), cat.Zone()), Text: report}
		if err := saveReport(ctx, tx, r, at.Entry); err != nil {
			return err
		}
	}
	return tx.Put(ctx, a, inboxDue(tx.Now()))
}
