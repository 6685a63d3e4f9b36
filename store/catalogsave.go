package store

import (
	"context"
	"strings"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/internal/fault"
)

// SavedCatalog is what an import did.
type SavedCatalog struct {
	Changed  bool
	Revision int64
	// Centers, Equipment and Units count what is offered now, without what is retired.
	Centers, Equipment, Units int
	Retired                   []string // ids that are gone from the file with this import
	Affected                  []AffectedBooking
	Warnings                  []booking.ImportProblem
}

// SaveCatalog makes a file that ReadCatalog found right the catalog in force,
// all or nothing. What is gone from the file is retired; the same file again
// changes nothing. affected is "" (an *AffectedError when bookings would be
// broken), "keep" or "cancel": the list is handed back, and cancelling them
// is the engine's work.
func SaveCatalog(ctx context.Context, db *DB, file *booking.CatalogFile, affected string) (SavedCatalog, error) {
	if affected != "" && affected != "keep" && affected != "cancel" {
		return SavedCatalog{}, fault.BadField("affected", "one_of", "keep, cancel")
	}
	return Do(ctx, db, func(ctx context.Context, tx *Tx) (SavedCatalog, error) {
		if _, err := tx.Exec(ctx, "INSERT INTO catalog (id, revision, doc) VALUES (1, 0, '{}') ON CONFLICT (id) DO NOTHING"); err != nil {
			return SavedCatalog{}, err
		}
		old, err := loadKept(ctx, tx, true)
		if err != nil {
			return SavedCatalog{}, err
		}
		return saveOver(ctx, tx, old, file, affected)
	})
}

func saveOver(ctx context.Context, tx *Tx, old *kept, file *booking.CatalogFile, affected string) (SavedCatalog, error) {
	m := mergeCatalog(old, file)
	catalog, problems := m.file.Build()
	if problems = append(problems, m.problems...); len(problems) > 0 {
		return SavedCatalog{}, &RefusedCatalogError{problems}
	}
	saved := SavedCatalog{Revision: old.revision, Retired: m.retired, Warnings: m.file.Warnings(booking.DateOf(tx.Now(), catalog.Zone))}
	saved.count(catalog)
	rows, err := m.rows()
	if err != nil {
		return saved, err
	}
	if changedRows(old, rows) == 0 && old.revision > 0 {
		return saved, nil
	}
	before, err := old.catalog()
	if err != nil {
		return saved, err
	}
	if saved.Affected, err = affectedBookings(ctx, tx, before, catalog); err != nil {
		return saved, err
	}
	if len(saved.Affected) > 0 && affected == "" {
		return saved, &AffectedError{saved.Affected}
	}
	// A revision is never used twice, not even by an import whose commit failed: caches are keyed by it.
	saved.Changed, saved.Revision = true, max(old.revision+1, ms(tx.Now()))
	return saved, m.write(ctx, tx, old, rows, saved)
}

func (s *SavedCatalog) count(c *booking.Catalog) {
	for _, center := range c.Centers {
		if center.Retired {
			continue
		}
		s.Centers++
		for _, e := range center.Equipment {
			if !e.Retired {
				s.Equipment++
				s.Units += e.Quantity
			}
		}
	}
}

func (m *merged) write(ctx context.Context, tx *Tx, old *kept, rows []importRow, saved SavedCatalog) error {
	for _, r := range rows {
		if err := r.write(ctx, tx, saved.Revision); err != nil {
			return err
		}
	}
	return tx.Record(ctx, account.Entry{
		Actor: account.System("import").Name(), Action: "catalog.import", Subject: m.file.Catalog,
		Detail: map[string]any{
			"revision": saved.Revision, "before": old.revision, "changed": changedRows(old, rows),
			"retired": strings.Join(saved.Retired, " "), "affected": len(saved.Affected),
		},
	})
}

func (r importRow) write(ctx context.Context, tx *Tx, revision int64) (err error) {
	retired := 0
	if r.retired {
		retired = 1
	}
	switch r.table {
	case "catalog":
		_, err = tx.Exec(ctx, "UPDATE catalog SET revision = $1, doc = $2 WHERE id = 1", revision, r.doc)
	case "center":
		_, err = tx.Exec(ctx, `INSERT INTO center (id, ord, doc, retired) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET ord = excluded.ord, doc = excluded.doc, retired = excluded.retired`, r.id, r.ord, r.doc, retired)
	default:
		_, err = tx.Exec(ctx, `INSERT INTO equipment (id, center_id, ord, quantity, doc, retired) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET center_id = excluded.center_id, ord = excluded.ord, quantity = excluded.quantity,
			doc = excluded.doc, retired = excluded.retired`, r.id, r.center, r.ord, r.quantity, r.doc, retired)
	}
	return err
}
