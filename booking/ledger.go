package booking

import (
	"context"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

// LedgerRow is one promise of a ledger that was kept elsewhere.
type LedgerRow struct {
	Line        int // in its file
	Name, Phone string
	EquipmentID string
	Unit        int // 0: any
	Start, End  time.Time
	Note        string
}

// LedgerConflict is why a row can't stand. Code is that of a refusal or a violation.
type LedgerConflict struct {
	Line int
	Code string
	Text lang.Text // "" where the code says it all
}

// ledgerUndone has a transaction undone that is not to be kept.
type ledgerUndone struct{ conflicts []LedgerConflict }

func (ledgerUndone) Error() string { return "the ledger is not kept" }

// BringIn writes the rows of a ledger as bookings, all or none: nothing with a
// conflict, and nothing with dry. What was promised before stays promised, so
// staff's override counts for every row; no time is taken twice, and nothing
// past, retired or booked elsewhere is taken. People become guests where their
// phone is not known. Nobody is sent a message.
func (s *Service) BringIn(ctx context.Context, actor account.Actor, rows []LedgerRow, dry bool) ([]LedgerConflict, error) {
	type kept struct {
		catalog *Catalog
		made    []*Booking
	}
	out, err := do(ctx, s.Store, func(ctx context.Context, tx Tx) (kept, error) {
		c, err := tx.Catalog(ctx)
		if err != nil {
			return kept{}, err
		}
		out, undone := kept{catalog: c}, ledgerUndone{}
		for _, row := range rows {
			b, err := s.bringIn(ctx, tx, actor, c, row)
			if _, refused := fault.As(err); refused && fault.Code(err) != fault.ErrUnavailable.Code {
				undone.conflicts = append(undone.conflicts, conflicts(row.Line, err)...)
				continue
			}
			if err != nil {
				return kept{}, err
			}
			out.made = append(out.made, b)
		}
		if dry || len(undone.conflicts) > 0 {
			return kept{}, undone
		}
		return out, nil
	})
	var undone ledgerUndone
	if errors.As(err, &undone) {
		return undone.conflicts, nil
	}
	if err == nil {
		s.changed(out.catalog, out.made...)
	}
	return nil, err
}

func (s *Service) bringIn(ctx context.Context, tx Tx, actor account.Actor, c *Catalog, row LedgerRow) (*Booking, error) {
	e, ok := c.Machine(row.EquipmentID)
	switch {
	case !ok:
		return nil, fault.BadField("equipment", "unknown", "")
	case !actor.May(account.DeskWork, e.Center.ID):
		return nil, fault.ErrForbidden
	case row.Unit < 0 || row.Unit > e.Quantity:
		return nil, fault.BadField("unit", "max", itoa(e.Quantity))
	}
	if err := checkInterval(Interval{row.Start, row.End}); err != nil {
		return nil, err
	}
	guest := account.Guest{Name: account.Secret(row.Name), Phone: account.Secret(row.Phone), Consent: account.TypedFromPaper, Center: e.Center.ID}
	who, err := s.Guests.GuestIn(ctx, tx.Accounts(), actor, guest)
	if err != nil {
		return nil, err
	}
	if err := tx.Lock(ctx, Locks{Account: who, Equipment: []string{e.ID}}); err != nil {
		return nil, err
	}
	d := draft{id: s.NewID(), code: s.NewCode(), actor: actor, account: who, origin: AtDesk,
		req: BookRequest{Purpose: row.Note, Override: "ledger", For: &ForWhom{Consent: string(account.TypedFromPaper)}},
		ask: ask{account: who, equipment: e.ID, interval: Interval{row.Start.UTC(), row.End.UTC()}, unit: row.Unit, people: 1, declared: true, byStaff: true}}
	f, err := s.facts(ctx, tx, d.ask)
	if err != nil {
		return nil, err
	}
	needs, err := s.mayBook(f, d, tx.Now())
	if err != nil {
		return nil, err
	}
	b := d.build(f.Catalog, tx.Now(), needs)
	if err := s.occupy(ctx, tx, f, b, "", placing{only: row.Unit}); err != nil {
		return nil, err
	}
	return b, tx.Trace(ctx, entry(actor, "booking.import", b, ""))
}

// conflicts tells each reason of a refusal.
func conflicts(line int, err error) (out []LedgerConflict) {
	f, _ := fault.As(err)
	violations, _ := f.Extra["violations"].([]Violation)
	for _, v := range violations {
		out = append(out, LedgerConflict{line, v.Code, v.Text})
	}
	for _, x := range f.Fields {
		out = append(out, LedgerConflict{Line: line, Code: x.Field + " " + x.Rule + " " + x.Limit})
	}
	if len(out) == 0 {
		out = append(out, LedgerConflict{Line: line, Code: f.Code})
	}
	return out
}
