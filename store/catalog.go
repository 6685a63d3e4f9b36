package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"gongbang/booking"
)

// mostRows bounds the reads of the catalog and of the bookings an import looks at.
const mostRows = 200_000

// CatalogCache keeps the snapshot in force, so that a transaction reads one
// row and not the whole catalog. The zero value is ready; it is used by many
// goroutines.
type CatalogCache struct {
	last atomic.Pointer[booking.Catalog]
}

// In is the catalog in force in the transaction.
func (c *CatalogCache) In(ctx context.Context, tx *Tx) (*booking.Catalog, error) {
	// The number alone: the head is a document of many kilobytes.
	var revision int64
	err := tx.QueryRow(ctx, "SELECT revision FROM catalog WHERE id = 1").Scan(&revision)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return c.At(ctx, tx, revision)
}

// At is the catalog of a revision that the transaction has read already. It
// is read again when time brings another rule into force, too: nothing is
// written then.
func (c *CatalogCache) At(ctx context.Context, tx *Tx, revision int64) (*booking.Catalog, error) {
	if last := c.last.Load(); last != nil && last.Revision == revision && last.Holds(tx.Now()) {
		return last, nil
	}
	catalog, err := LoadCatalog(ctx, tx)
	if err != nil {
		return nil, err
	}
	c.last.Store(catalog)
	return catalog, nil
}

// LoadCatalog reads the whole catalog. Before the first import it is empty, of revision 0.
func LoadCatalog(ctx context.Context, tx *Tx) (*booking.Catalog, error) {
	k, err := loadKept(ctx, tx, false)
	if err != nil {
		return nil, err
	}
	return k.catalog(tx.Now())
}

// kept is what the database holds of the catalog: the head, centers and
// machines as documents, retired ones too.
type kept struct {
	revision int64
	file     booking.CatalogFile
}

func (k *kept) catalog(now time.Time) (*booking.Catalog, error) {
	if k.revision == 0 {
		c := &booking.Catalog{Zone: time.UTC}
		c.Index()
		return c, nil
	}
	c, problems := k.file.BuildAt(now)
	if len(problems) > 0 {
		return nil, fmt.Errorf("catalog of revision %d: %s", k.revision, listProblems(problems))
	}
	c.Revision = k.revision
	return c, nil
}

func listProblems(problems []booking.ImportProblem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "; ")
}

func catalogHead(ctx context.Context, tx *Tx, lock bool) (revision int64, doc string, err error) {
	query := "SELECT revision, doc FROM catalog WHERE id = 1"
	if lock {
		query = tx.forUpdate(query)
	}
	err = tx.QueryRow(ctx, query).Scan(&revision, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "{}", nil
	}
	return revision, doc, err
}

// loadKept reads the documents. With lock it first takes the head and then
// the machines by id: a booking that is being made on one of them commits
// before, and is seen, or waits and sees the new catalog.
func loadKept(ctx context.Context, tx *Tx, lock bool) (*kept, error) {
	revision, head, err := catalogHead(ctx, tx, lock)
	if err != nil {
		return nil, err
	}
	if lock {
		if err := lockMachines(ctx, tx); err != nil {
			return nil, err
		}
	}
	k := &kept{revision: revision}
	if err := json.Unmarshal([]byte(head), &k.file); err != nil {
		return nil, fmt.Errorf("catalog document: %w", err)
	}
	place := map[string]int{}
	if err := k.loadCenters(ctx, tx, place); err != nil {
		return nil, err
	}
	if err := k.loadMachines(ctx, tx, place); err != nil {
		return nil, err
	}
	if err := k.loadVersions(ctx, tx); err != nil {
		return nil, err
	}
	return k, k.loadPosted(ctx, tx)
}

func lockMachines(ctx context.Context, tx *Tx) error {
	rows, err := tx.Query(ctx, tx.forUpdate("SELECT id FROM equipment ORDER BY id LIMIT $1"), mostRows)
	_, err = all(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	return err
}

// catalogRow is a center or a machine as it is kept.
type catalogRow struct {
	id, center, doc string
	retired         bool
	version         int
}

func (k *kept) loadCenters(ctx context.Context, tx *Tx, place map[string]int) error {
	rows, err := tx.Query(ctx, "SELECT id, doc, retired, version FROM center ORDER BY ord, id LIMIT $1", mostRows)
	list, err := all(rows, err, func(r *sql.Rows) (c catalogRow, err error) { return c, r.Scan(&c.id, &c.doc, &c.retired, &c.version) })
	if err != nil {
		return err
	}
	for _, r := range list {
		c := booking.CenterFile{Retired: r.retired, Version: r.version}
		if err := json.Unmarshal([]byte(r.doc), &c); err != nil {
			return fmt.Errorf("document of center %s: %w", r.id, err)
		}
		place[r.id] = len(k.file.Centers)
		k.file.Centers = append(k.file.Centers, c)
	}
	return nil
}

func (k *kept) loadMachines(ctx context.Context, tx *Tx, place map[string]int) error {
	rows, err := tx.Query(ctx, "SELECT id, center_id, doc, retired, version FROM equipment ORDER BY ord, id LIMIT $1", mostRows)
	list, err := all(rows, err, func(r *sql.Rows) (e catalogRow, err error) {
		return e, r.Scan(&e.id, &e.center, &e.doc, &e.retired, &e.version)
	})
	if err != nil {
		return err
	}
	for _, r := range list {
		e := booking.EquipmentFile{Retired: r.retired, Version: r.version}
		if err := json.Unmarshal([]byte(r.doc), &e); err != nil {
			return fmt.Errorf("document of machine %s: %w", r.id, err)
		}
		c := &k.file.Centers[place[r.center]]
		c.Equipment = append(c.Equipment, e)
	}
	return nil
}
