package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"

	"gongbang/account"
	"gongbang/survey"
)

// A reason that staff type may name a person, and the audit row it belongs to
// is sealed for good. So the text lives in a table of its own, and the row
// holds a hash of it. The salt goes with the text: a short reason could be
// guessed from a hash without one.

const (
	commitmentMark = "sha256:"
	saltBytes      = 16

	insertReason = `INSERT INTO audit_reason (audit_seq, about, salt, body, erase_after) VALUES ($1, $2, $3, $4, $5)`
	eraseReasons = `UPDATE audit_reason SET salt = '', body = '', erased_at = $1, erased_for = 'left' WHERE about = $2 AND erased_at IS NULL`
	forgetDue    = `UPDATE audit_reason SET salt = '', body = '', erased_at = $1, erased_for = 'date' WHERE erase_after <= $1 AND erased_at IS NULL`
	pruneReasons = `DELETE FROM audit_reason WHERE audit_seq IN (SELECT seq FROM audit WHERE seq < $1 ORDER BY seq LIMIT $2)`

	committed = `SELECT seq, reason FROM audit WHERE seq >= $1 AND seq <= $2 AND reason LIKE 'sha256:%' ORDER BY seq LIMIT $3`
	// keptReasons has beside each erased one how many audit entries of that
	// very moment tell of what erased it.
	keptReasons = `SELECT audit_seq, about, salt, body, erase_after, COALESCE(erased_for, ''),
		(SELECT COUNT(*) FROM audit WHERE at = erased_at AND subject = CASE erased_for WHEN 'left' THEN about ELSE 'survey' END
			AND action = CASE erased_for WHEN 'left' THEN 'account.leave' ELSE 'retention.destroy' END),
		COALESCE(erased_at, 0)
		FROM audit_reason WHERE audit_seq >= $1 AND audit_seq <= $2 ORDER BY audit_seq LIMIT $3`
)

// words are what the program itself puts where staff type. They name nobody,
// and stay in the row.
var words = func() map[string]bool {
	known := map[string]bool{"": true, survey.NamedLook: true}
	for _, w := range account.LookReasons {
		known[w] = true
	}
	for _, s := range survey.Skips {
		known[string(s)] = true
	}
	return known
}()

// commitment is what the audit row keeps of a typed reason: nothing of it can
// be changed once the row is sealed.
type commitment struct {
	hash       string
	eraseAfter int64
	about      string
}

func (c commitment) String() string {
	return commitmentMark + c.hash + ":" + strconv.FormatInt(c.eraseAfter, 10) + ":" + c.about
}

// readCommitment tells rows of this kind from those that were written when the
// text still stood in the row itself.
func readCommitment(column string) (c commitment, ok bool) {
	rest, ok := strings.CutPrefix(column, commitmentMark)
	parts := strings.SplitN(rest, ":", 3)
	if !ok || len(parts) != 3 || len(parts[0]) != 2*sha256.Size {
		return c, false
	}
	after, err := strconv.ParseInt(parts[1], 10, 64)
	return commitment{parts[0], after, parts[2]}, err == nil
}

// commit hashes a text with its salt, which must be of one length: else the
// end of it could be read as the beginning of the text.
func commit(salt, body string, eraseAfter int64, about string) commitment {
	sum := sha256.Sum256([]byte(salt + body))
	return commitment{hex.EncodeToString(sum[:]), eraseAfter, about}
}

// writeEntry writes the audit row of e, and what was typed beside it.
func (tx *Tx) writeEntry(ctx context.Context, e account.Entry, detail string) error {
	if words[e.Reason] {
		_, err := tx.Exec(ctx, insertAudit, ms(tx.now), e.Actor, e.Action, e.Subject, e.Center, e.Reason, e.Request, detail)
		return err
	}
	raw := make([]byte, saltBytes)
	_, _ = rand.Read(raw) // never fails: the program ends instead
	salt, after := hex.EncodeToString(raw), ms(tx.now.Add(KeepReasons))
	kept := commit(salt, e.Reason, after, e.About).String()
	var seq int64
	err := tx.QueryRow(ctx, insertAuditSeq, ms(tx.now), e.Actor, e.Action, e.Subject, e.Center, kept, e.Request, detail).Scan(&seq)
	if err != nil {
		return tx.fail(err)
	}
	_, err = tx.Exec(ctx, insertReason, seq, e.About, salt, e.Reason, after)
	return err
}

// keptReason is one row of audit_reason.
type keptReason struct {
	seq        int64
	about      string
	salt, body string
	eraseAfter int64
	erasedFor  string
	proofs     int64 // audit entries that tell of the erasing
	erasedAt   int64
}

// wrong says what is wrong with a reason by the row that commits to it; "" is nothing.
func (k keptReason) wrong(c commitment) string {
	switch {
	case k.about != c.about, k.eraseAfter != c.eraseAfter,
		k.erasedFor == "" && (len(k.salt) != 2*saltBytes || commit(k.salt, k.body, k.eraseAfter, k.about) != c):
		return "its reason was altered"
	case k.erasedFor != "" && k.proofs == 0, k.erasedFor == "date" && k.erasedAt < k.eraseAfter:
		return "its reason was taken away, and neither somebody who left nor its date is why"
	}
	return ""
}

// firstWrongReason finds the first of the rows whose reason is not the one it
// commits to and was not erased as it may be; 0 is none.
func (tx *Tx) firstWrongReason(ctx context.Context, first, last int64, limit int) (seq int64, why string, err error) {
	rows, err := tx.Query(ctx, committed, first, last, limit)
	sealed, err := all(rows, err, func(r *sql.Rows) (row sealedReason, err error) { return row, r.Scan(&row.seq, &row.column) })
	if err != nil {
		return 0, "", err
	}
	rows, err = tx.Query(ctx, keptReasons, first, last, limit)
	kept, err := all(rows, err, func(r *sql.Rows) (k keptReason, err error) {
		return k, r.Scan(&k.seq, &k.about, &k.salt, &k.body, &k.eraseAfter, &k.erasedFor, &k.proofs, &k.erasedAt)
	})
	if err != nil {
		return 0, "", err
	}
	seq, why = compareReasons(sealed, kept)
	return seq, why, nil
}

type sealedReason struct {
	seq    int64
	column string
}

// compareReasons walks along both lists, which are in order.
func compareReasons(sealed []sealedReason, kept []keptReason) (seq int64, why string) {
	for _, s := range sealed {
		c, ok := readCommitment(s.column)
		if !ok {
			continue // a text of old that begins like one
		}
		switch {
		case len(kept) > 0 && kept[0].seq < s.seq:
			return kept[0].seq, "it has a reason that it did not have"
		case len(kept) == 0 || kept[0].seq > s.seq:
			return s.seq, "its reason was deleted"
		}
		if why := kept[0].wrong(c); why != "" {
			return s.seq, why
		}
		kept = kept[1:]
	}
	if len(kept) > 0 {
		return kept[0].seq, "it has a reason that it did not have"
	}
	return 0, ""
}
