package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"gongbang/booking"
)

// keepPosted is how long a closure that is over still stands in the catalog:
// longer than anybody looks back.
const keepPosted = 3 * 366 * 24 * time.Hour

// loadVersions reads how the rules changed and will change.
func (k *kept) loadVersions(ctx context.Context, tx *Tx) error {
	layers := map[string]*[]booking.PolicyVersion{"catalog ": &k.file.Versions}
	for i := range k.file.Centers {
		c := &k.file.Centers[i]
		layers["center "+c.ID] = &c.Versions
		for j := range c.Equipment {
			layers["equipment "+c.Equipment[j].ID] = &c.Equipment[j].Versions
		}
	}
	rows, err := tx.Query(ctx, `SELECT layer, subject, no, effective_from, doc, made_by, made_at FROM policy_version
		ORDER BY layer, subject, no LIMIT $1`, mostRows)
	_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
		var layer, subject, doc string
		var from, made int64
		var v booking.PolicyVersion
		if err := r.Scan(&layer, &subject, &v.No, &from, &doc, &v.MadeBy, &made); err != nil {
			return false, err
		}
		v.EffectiveFrom, v.MadeAt = at(from), at(made)
		if err := json.Unmarshal([]byte(doc), &v.Values); err != nil {
			return false, fmt.Errorf("rules of %s %s: %w", layer, subject, err)
		}
		if to := layers[layer+" "+subject]; to != nil {
			*to = append(*to, v)
		}
		return true, nil
	})
	return err
}

func (k *kept) loadPosted(ctx context.Context, tx *Tx) error {
	rows, err := tx.Query(ctx, `SELECT id, center_id, starts_at, ends_at, reason, made_by, created_at, ended_at FROM closure
		WHERE ends_at > $1 ORDER BY starts_at, id LIMIT $2`, ms(tx.Now().Add(-keepPosted)), mostRows)
	k.file.Posted, err = all(rows, err, func(r *sql.Rows) (p booking.Posted, err error) {
		var from, to, created int64
		var ended sql.NullInt64
		err = r.Scan(&p.ID, &p.Center, &from, &to, &p.Reason, &p.MadeBy, &created, &ended)
		p.When, p.CreatedAt, p.EndedAt = booking.Interval{Start: at(from), End: at(to)}, at(created), atPtr(ended)
		return p, err
	})
	return err
}

// ruleChange is one version or closure that a new catalog adds to the kept one.
type ruleChange struct {
	layer, subject string
	version        booking.PolicyVersion
	posted         *booking.Posted // nil: a version
}

// ruleChanges lists what the file has beyond what is kept.
func ruleChanges(old, next *booking.CatalogFile) (out []ruleChange) {
	had := map[string]int{"catalog ": len(old.Versions)}
	for _, c := range old.Centers {
		had["center "+c.ID] = len(c.Versions)
		for _, e := range c.Equipment {
			had["equipment "+e.ID] = len(e.Versions)
		}
	}
	add := func(layer, subject string, versions []booking.PolicyVersion) {
		for _, v := range versions[min(len(versions), had[layer+" "+subject]):] {
			out = append(out, ruleChange{layer: layer, subject: subject, version: v})
		}
	}
	add("catalog", "", next.Versions)
	for _, c := range next.Centers {
		add("center", c.ID, c.Versions)
		for _, e := range c.Equipment {
			add("equipment", e.ID, e.Versions)
		}
	}
	known := map[string]bool{}
	for _, p := range old.Posted {
		known[p.ID] = p.EndedAt != nil
	}
	for i, p := range next.Posted {
		if ended, ok := known[p.ID]; !ok || !ended && p.EndedAt != nil {
			out = append(out, ruleChange{posted: &next.Posted[i]})
		}
	}
	return out
}

func (r ruleChange) write(ctx context.Context, tx *Tx) error {
	if p := r.posted; p != nil {
		_, err := tx.Exec(ctx, `INSERT INTO closure (id, center_id, starts_at, ends_at, reason, made_by, created_at, ended_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at`,
			p.ID, p.Center, ms(p.When.Start), ms(p.When.End), p.Reason, p.MadeBy, ms(p.CreatedAt), msPtr(p.EndedAt))
		return err
	}
	doc, err := object(r.version.Values, len(r.version.Values))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO policy_version (layer, subject, no, effective_from, doc, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, r.layer, r.subject, r.version.No, ms(r.version.EffectiveFrom), doc, r.version.MadeBy, ms(r.version.MadeAt))
	return err
}
