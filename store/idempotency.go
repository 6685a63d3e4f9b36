package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	claimKey = `INSERT INTO idempotency (caller, key, body, subject, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (caller, key) DO UPDATE SET body = excluded.body, subject = excluded.subject, at = excluded.at
		WHERE idempotency.at <= $6`
	findKey = `SELECT body, subject FROM idempotency WHERE caller = $1 AND key = $2 AND at > $3`
)

// ClaimKey is the first statement of a transaction that must have one effect
// per key. It writes the key with the hash of the body and the id of what is
// made, or takes over one that is older than keep. replay tells that an
// earlier success holds it: prevBody and prevSubject are that one's. On
// PostgreSQL it waits while another transaction holds the same key.
func (tx *Tx) ClaimKey(ctx context.Context, caller, key, body, subject string, keep time.Duration) (prevBody, prevSubject string, replay bool, err error) {
	expired := ms(tx.now.Add(-keep))
	n, err := tx.Exec(ctx, claimKey, caller, key, body, subject, ms(tx.now), expired)
	if err != nil || n == 1 {
		return "", "", false, err
	}
	return tx.FindKey(ctx, caller, key, keep)
}

// FindKey looks for an earlier success under the key without claiming it.
func (tx *Tx) FindKey(ctx context.Context, caller, key string, keep time.Duration) (body, subject string, found bool, err error) {
	err = tx.QueryRow(ctx, findKey, caller, key, ms(tx.now.Add(-keep))).Scan(&body, &subject)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", false, nil
	}
	return body, subject, err == nil, err
}
