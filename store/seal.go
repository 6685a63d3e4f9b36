package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// The audit is written plainly in each transaction, since a chain there would
// make all of them wait for one another. A drain seals what is committed: a
// seal names each row of its batch with a hash of its content (so that the
// first bad row can be named later) and continues the hash of the seal before.
// Seals stay when rows go at the end of their retention.

const (
	sealRows = 200 // rows in one seal, and in one transaction
	leafSize = 8 + 16

	auditHead    = "audit.head"    // of the newest seal, see Head
	auditHorizon = "audit.horizon" // rows below it went at the end of their retention

	newestAudit = `SELECT COALESCE(MAX(seq), 0) FROM audit`
	newestSeal  = `SELECT no, last_seq, hash FROM audit_seal ORDER BY no DESC LIMIT 1`
	auditRows   = `SELECT seq, at, actor, action, subject, center_id, reason, request, detail
		FROM audit WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3`
	insertSeal = `INSERT INTO audit_seal (no, first_seq, last_seq, leaves, prev_hash, hash, sealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (no) DO NOTHING`
	setMeta = `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	getMeta = `SELECT value FROM meta WHERE key = $1`

	sealedBefore = `SELECT last_seq FROM audit_seal WHERE sealed_at < $1 ORDER BY no DESC LIMIT 1`
	pruneRows    = `DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq < $1 ORDER BY seq LIMIT $2)`
)

// seal is one row of audit_seal.
type seal struct {
	no, first, last int64
	leaves          []byte
	prev, hash      []byte
	sealedAt        int64
}

// leaf names a row and the hash of its content.
type leaf struct {
	seq  int64
	hash [16]byte
}

// SealAudit seals what is committed and returns how many rows that were. It
// may run on several nodes at once; one of them seals each row.
func (db *DB) SealAudit(ctx context.Context) (sealed int, err error) {
	horizon, err := Do(ctx, db, sealableBelow)
	if err != nil {
		return 0, err
	}
	for {
		n, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int, error) { return tx.sealBatch(ctx, horizon) })
		sealed += n
		if err != nil || n < sealRows {
			return sealed, err
		}
	}
}

// sealableBelow is the newest row that no older one can still appear before.
// On PostgreSQL a transaction may hold a number that is smaller than a
// committed one and appear after it was sealed over. The table lock waits for
// the end of all that wrote to the audit and, for a moment, keeps new ones
// out: at that moment every number up to the greatest is committed or gone.
// SQLite has one writer, so numbers appear in order.
func sealableBelow(ctx context.Context, tx *Tx) (seq int64, err error) {
	if err := tx.lockAudit(ctx); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, newestAudit).Scan(&seq)
	return seq, err
}

func (tx *Tx) sealBatch(ctx context.Context, horizon int64) (int, error) {
	s := seal{sealedAt: ms(tx.now)}
	var last int64
	err := tx.QueryRow(ctx, newestSeal).Scan(&s.no, &last, &s.prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	s.no++
	leaves, err := tx.leaves(ctx, last+1, horizon, sealRows)
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	s.take(leaves)
	n, err := tx.Exec(ctx, insertSeal, s.no, s.first, s.last, s.leaves, s.prev, s.hash, s.sealedAt)
	if err != nil || n == 0 { // another node was first
		return 0, err
	}
	_, err = tx.Exec(ctx, setMeta, auditHead, s.head())
	return len(leaves), err
}

// take fills a seal from its rows.
func (s *seal) take(leaves []leaf) {
	for _, l := range leaves {
		s.leaves = binary.BigEndian.AppendUint64(s.leaves, uint64(l.seq))
		s.leaves = append(s.leaves, l.hash[:]...)
	}
	if s.prev == nil {
		s.prev = []byte{}
	}
	s.first, s.last = leaves[0].seq, leaves[len(leaves)-1].seq
	s.hash = s.sum()
}

// sum is the hash over everything the seal says, the seal before included.
func (s *seal) sum() []byte {
	h := sha256.New()
	for _, n := range []int64{s.no, s.first, s.last, s.sealedAt, int64(len(s.prev)), int64(len(s.leaves))} {
		_ = binary.Write(h, binary.BigEndian, n) // a hash never fails to take bytes
	}
	h.Write(s.prev)
	h.Write(s.leaves)
	return h.Sum(nil)
}

// rows unpacks the leaves.
func (s *seal) rows() []leaf {
	var out []leaf
	for b := s.leaves; len(b) >= leafSize; b = b[leafSize:] {
		l := leaf{seq: int64(binary.BigEndian.Uint64(b))}
		copy(l.hash[:], b[8:])
		out = append(out, l)
	}
	return out
}

func (s *seal) head() string {
	return fmt.Sprintf("%d:%d:%s", s.no, s.last, hex.EncodeToString(s.hash))
}

// leaves reads rows of the audit and hashes each.
func (tx *Tx) leaves(ctx context.Context, first, last int64, limit int) ([]leaf, error) {
	rows, err := tx.Query(ctx, auditRows, first, last, limit)
	return all(rows, err, func(r *sql.Rows) (leaf, error) {
		var l leaf
		var at int64
		var texts [7]string
		err := r.Scan(&l.seq, &at, &texts[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5], &texts[6])
		var b bytes.Buffer
		for _, n := range []int64{l.seq, at} {
			_ = binary.Write(&b, binary.BigEndian, n)
		}
		for _, t := range texts { // with lengths, so that text can't move to the next column unseen
			_ = binary.Write(&b, binary.BigEndian, int64(len(t)))
			b.WriteString(t)
		}
		sum := sha256.Sum256(b.Bytes())
		copy(l.hash[:], sum[:])
		return l, err
	})
}

// AuditHead is the newest seal in one line, "" before the first. Kept outside
// of the database it shows, through VerifyAuditSince, that seals were cut off.
func (db *DB) AuditHead(ctx context.Context) (string, error) {
	return Read(ctx, db, func(ctx context.Context, tx *Tx) (string, error) { return tx.meta(ctx, auditHead) })
}

// PruneAudit deletes rows that were sealed before the given time and returns
// how many; their seals stay.
func (db *DB) PruneAudit(ctx context.Context, before time.Time) (pruned int, err error) {
	for {
		n, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
			var last int64
			err := tx.QueryRow(ctx, sealedBefore, ms(before)).Scan(&last)
			if errors.Is(err, sql.ErrNoRows) {
				return 0, nil
			}
			if err != nil {
				return 0, err
			}
			if _, err := tx.Exec(ctx, setMeta, auditHorizon, fmt.Sprint(last+1)); err != nil {
				return 0, err
			}
			if _, err := tx.Exec(ctx, pruneReasons, last+1, sealRows); err != nil {
				return 0, err
			}
			return tx.Exec(ctx, pruneRows, last+1, sealRows)
		})
		pruned += int(n)
		if err != nil || n < sealRows {
			return pruned, err
		}
	}
}

func (tx *Tx) meta(ctx context.Context, key string) (value string, err error) {
	err = tx.QueryRow(ctx, getMeta, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}
