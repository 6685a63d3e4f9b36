package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gongbang/booking"
)

// Written implements booking.Offering.
func (t bookingTx) Written(ctx context.Context) (*booking.CatalogFile, error) {
	k, err := loadKept(ctx, t.tx, t.tx.base != nil)
	if err != nil {
		return nil, err
	}
	return &k.file, nil
}

// Shape implements booking.Offering. What is retired is not held to it: nobody can mend it any more.
func (t bookingTx) Shape(f *booking.CatalogFile) []booking.ImportProblem {
	offered := *f
	offered.Centers = make([]booking.CenterFile, len(f.Centers))
	for i, c := range f.Centers {
		if c.Retired {
			c = booking.CenterFile{ID: "retired", Hours: map[string]json.RawMessage{}}
			c.Name.Ko = c.ID
		}
		machines := make([]booking.EquipmentFile, len(c.Equipment))
		for j, e := range c.Equipment {
			if e.Retired {
				e = booking.EquipmentFile{ID: "retired", Category: "retired"}
				e.Name.Ko = e.ID
			}
			machines[j] = e
		}
		c.Equipment = machines
		offered.Centers[i] = c
	}
	doc, err := json.Marshal(offered)
	if err != nil {
		return []booking.ImportProblem{{Rule: "json", Limit: err.Error()}}
	}
	inst, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		return []booking.ImportProblem{{Rule: "json", Limit: err.Error()}}
	}
	return judgeShape(inst)
}

// Rewrite implements booking.OfferWriter.
func (t bookingTx) Rewrite(ctx context.Context, f *booking.CatalogFile) (int64, error) {
	old, err := loadKept(ctx, t.tx, true)
	if err != nil {
		return 0, err
	}
	if old.revision == 0 {
		return 0, fmt.Errorf("store: there is no catalog to change")
	}
	next, err := old.next(f)
	if err != nil {
		return 0, err
	}
	revision := old.following(t.tx)
	next.countOn(f)
	return revision, next.write(ctx, t.tx, revision)
}

// NoteWithdrawn implements booking.OfferWriter.
func (t bookingTx) NoteWithdrawn(ctx context.Context, subject string, hit []booking.Affected) error {
	for i, a := range hit {
		_, err := t.tx.Exec(ctx, `INSERT INTO withdrawn (subject, at, ord, booking_id, became) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (subject, at, booking_id) DO UPDATE SET became = excluded.became`, subject, ms(t.tx.now), i, a.ID, a.Became)
		if err != nil {
			return err
		}
	}
	return nil
}

// Withdrawn implements booking.Offering.
func (t bookingTx) Withdrawn(ctx context.Context, subject string, when time.Time) ([]booking.Became, error) {
	rows, err := t.tx.Query(ctx, `SELECT booking_id, became FROM withdrawn WHERE subject = $1 AND at = $2 ORDER BY ord LIMIT $3`,
		subject, ms(when), mostRows)
	return all(rows, err, func(r *sql.Rows) (b booking.Became, err error) { return b, r.Scan(&b.Booking, &b.Became) })
}
