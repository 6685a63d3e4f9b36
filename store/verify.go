package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

const (
	oldSeals = `SELECT no, first_seq, last_seq, leaves, prev_hash, hash, sealed_at
		FROM audit_seal WHERE no > $1 ORDER BY no LIMIT $2`
	sealsAtOnce = 20
)

// ErrAuditBroken is what VerifyAudit found, with the first bad row in its text.
var ErrAuditBroken = errors.New("the audit was changed")

// VerifyAudit compares every sealed row with its seal and every seal with the
// one before, and every typed reason with the row it belongs to. firstBad is
// the number of the first row that was edited, deleted, put elsewhere or cut
// off, or whose reason was, with ErrAuditBroken; 0 with nil means that nothing
// was. A reason that was erased because somebody left, or after its date, with
// the audit entry that tells so, is no finding. Rows that are not sealed yet (the last minute) and the
// removal of the newest seals together with the kept head can't be judged from
// inside: see VerifyAuditSince.
func (db *DB) VerifyAudit(ctx context.Context) (firstBad int64, err error) {
	head, err := db.AuditHead(ctx)
	if err != nil {
		return 0, err
	}
	return db.VerifyAuditSince(ctx, head)
}

// VerifyAuditSince is VerifyAudit that also wants the seal that head names, as
// AuditHead returned it some time ago.
func (db *DB) VerifyAuditSince(ctx context.Context, head string) (firstBad int64, err error) {
	v := &verifier{db: db, wanted: head}
	for {
		n, err := Read(ctx, db, v.page)
		if err != nil {
			return v.bad, err
		}
		if n < sealsAtOnce {
			return v.atEnd()
		}
	}
}

// verifier walks along the chain.
type verifier struct {
	db       *DB
	wanted   string
	seen     bool // the wanted head was passed
	no, last int64
	hash     []byte
	bad      int64
}

// page judges the next seals on one snapshot and returns how many there were.
func (v *verifier) page(ctx context.Context, tx *Tx) (int, error) {
	horizon, err := tx.meta(ctx, auditHorizon)
	if err != nil {
		return 0, err
	}
	from, _ := strconv.ParseInt(horizon, 10, 64) // "" is 0: nothing went yet
	rows, err := tx.Query(ctx, oldSeals, v.no, sealsAtOnce)
	seals, err := all(rows, err, func(r *sql.Rows) (s seal, err error) {
		return s, r.Scan(&s.no, &s.first, &s.last, &s.leaves, &s.prev, &s.hash, &s.sealedAt)
	})
	if err != nil {
		return 0, err
	}
	for i := range seals {
		if err := v.seal(ctx, tx, &seals[i], from); err != nil {
			return 0, err
		}
	}
	return len(seals), nil
}

func (v *verifier) seal(ctx context.Context, tx *Tx, s *seal, horizon int64) error {
	rows := s.rows()
	if s.no != v.no+1 || !bytes.Equal(s.prev, v.hash) || !bytes.Equal(s.hash, s.sum()) ||
		len(rows) == 0 || rows[0].seq != s.first || rows[len(rows)-1].seq != s.last {
		return v.broken(v.last+1, fmt.Sprintf("seal %d does not continue seal %d", s.no, v.no))
	}
	// Nothing may have been put between the seals either.
	first := max(v.last+1, horizon)
	found, err := tx.leaves(ctx, first, s.last, len(rows)+1)
	if err != nil {
		return err
	}
	if bad := firstDifference(rows, found, horizon); bad != 0 {
		return v.broken(bad, fmt.Sprintf("row %d is not what seal %d says", bad, s.no))
	}
	bad, why, err := tx.firstWrongReason(ctx, first, s.last, len(rows)+1)
	if err != nil {
		return err
	}
	if bad != 0 {
		return v.broken(bad, fmt.Sprintf("row %d: %s", bad, why))
	}
	v.no, v.last, v.hash = s.no, s.last, s.hash
	v.seen = v.seen || s.head() == v.wanted
	return nil
}

// firstDifference is the smallest number that one list has and the other has
// not, or has with another content; rows below the horizon are gone rightly.
func firstDifference(sealed, found []leaf, horizon int64) int64 {
	for len(sealed) > 0 && sealed[0].seq < horizon {
		sealed = sealed[1:]
	}
	for i := 0; ; i++ {
		switch {
		case i == len(sealed) && i == len(found):
			return 0
		case i == len(sealed):
			return found[i].seq
		case i == len(found):
			return sealed[i].seq
		case sealed[i] != found[i]:
			return min(sealed[i].seq, found[i].seq)
		}
	}
}

// atEnd looks for what was cut off behind the last seal.
func (v *verifier) atEnd() (int64, error) {
	if v.seen || v.wanted == "" {
		return 0, nil
	}
	err := v.broken(v.last+1, "the newest seals were cut off or replaced")
	return v.bad, err
}

func (v *verifier) broken(seq int64, why string) error {
	v.bad = seq
	return fmt.Errorf("store: %w: first bad row %d: %s", ErrAuditBroken, seq, why)
}
