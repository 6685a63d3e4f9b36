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
// broken), "keep" or "cancel". Cancelling is the engine's work: withdraw does
// it in the same transaction, so that a process that ends in the middle leaves
// nothing half told; nil leaves the bookings alone.
func SaveCatalog(ctx context.Context, db *DB, file *booking.CatalogFile, affected string, withdraw Withdraw) (SavedCatalog, error) {
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
		saved, err := saveOver(ctx, tx, old, file, affected)
		if err != nil || withdraw == nil || affected != "cancel" || len(saved.Affected) == 0 {
			return saved, err
		}
		ids := make([]string, len(saved.Affected))
		for i, b := range saved.Affected {
			ids[i] = b.ID
		}
		return saved, withdraw(ctx, bookingTx{tx, &CatalogCache{}}, ids)
	})
}

// Withdraw looks after the bookings that a new catalog breaks; it is
// booking.Service.WithdrawImported.
type Withdraw func(ctx context.Context, tx booking.Tx, ids []string) error

func saveOver(ctx context.Context, tx *Tx, old *kept, file *booking.CatalogFile, affected string) (SavedCatalog, error) {
	m := mergeCatalog(old, file, tx.Now())
	catalog, problems := m.file.Sound(tx.Now())
	if problems = append(problems, m.problems...); len(problems) > 0 {
		return SavedCatalog{}, &RefusedCatalogError{problems}
	}
	saved := SavedCatalog{Revision: old.revision, Retired: m.retired, Warnings: m.file.Warnings(booking.DateOf(tx.Now(), catalog.Zone))}
	saved.count(catalog)
	next, err := old.next(&m.file)
	if err != nil || next.empty() && old.revision > 0 {
		return saved, err
	}
	before, err := old.catalog(tx.Now())
	if err != nil {
		return saved, err
	}
	if saved.Affected, err = affectedBookings(ctx, tx, before, catalog); err != nil {
		return saved, err
	}
	if len(saved.Affected) > 0 && affected == "" {
		return saved, &AffectedError{saved.Affected}
	}
	saved.Changed, saved.Revision = true, old.following(tx)
	if err := next.write(ctx, tx, saved.Revision); err != nil {
		return saved, err
	}
	return saved, m.record(ctx, tx, old, next, saved)
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

// importer is how the audit names an import.
var importer = account.System("import").Name()

func (m *merged) record(ctx context.Context, tx *Tx, old *kept, next rewrite, saved SavedCatalog) error {
	return tx.Record(ctx, account.Entry{
		Actor: importer, Action: "catalog.import", Subject: m.file.Catalog,
		Detail: map[string]any{
			"revision": saved.Revision, "before": old.revision, "changed": len(next.rows), "rules": len(next.rules),
			"retired": strings.Join(saved.Retired, " "), "affected": len(saved.Affected),
		},
	})
}

// rewrite is what has to be written for a new catalog.
type rewrite struct {
	head  importRow
	rows  []importRow // the documents that change
	rules []ruleChange
}

func (k *kept) next(f *booking.CatalogFile) (rewrite, error) {
	rows, err := rowsOf(f)
	return rewrite{rows[0], changedRows(k, rows), ruleChanges(&k.file, f)}, err
}

func (w rewrite) empty() bool { return len(w.rows) == 0 && len(w.rules) == 0 }

// countOn gives what changes in the file the versions that write gives the rows.
func (w rewrite) countOn(f *booking.CatalogFile) {
	changed := map[[2]string]bool{}
	for _, r := range w.rows {
		changed[[2]string{r.table, r.id}] = true
	}
	for i := range f.Centers {
		c := &f.Centers[i]
		if changed[[2]string{"center", c.ID}] {
			c.Version++
		}
		for j := range c.Equipment {
			if e := &c.Equipment[j]; changed[[2]string{"equipment", e.ID}] {
				e.Version++
			}
		}
	}
}

// following is the next revision. None is ever used twice, not even by a
// change whose commit failed: caches are keyed by it.
func (k *kept) following(tx *Tx) int64 { return max(k.revision+1, ms(tx.Now())) }

// write stores the changed documents; the head always, because it carries the revision.
func (w rewrite) write(ctx context.Context, tx *Tx, revision int64) error {
	rows := w.rows
	if len(rows) == 0 || rows[0].table != "catalog" {
		rows = append([]importRow{w.head}, rows...)
	}
	for _, r := range rows {
		if err := r.write(ctx, tx, revision); err != nil {
			return err
		}
	}
	for _, r := range w.rules {
		if err := r.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
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
			ON CONFLICT (id) DO UPDATE SET ord = excluded.ord, doc = excluded.doc, retired = excluded.retired,
			version = center.version + 1`, r.id, r.ord, r.doc, retired)
	default:
		_, err = tx.Exec(ctx, `INSERT INTO equipment (id, center_id, ord, quantity, doc, retired) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET center_id = excluded.center_id, ord = excluded.ord, quantity = excluded.quantity,
			doc = excluded.doc, retired = excluded.retired, version = equipment.version + 1`, r.id, r.center, r.ord, r.quantity, r.doc, retired)
	}
	return err
}
