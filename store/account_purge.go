package store

import (
	"context"
	"time"
)

const (
	purgeSessions = `DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at <= $1 ORDER BY expires_at LIMIT 200)`
	purgeCodes    = `DELETE FROM sign_in_code WHERE login_hash IN
		(SELECT login_hash FROM sign_in_code WHERE created_at <= $1 ORDER BY created_at LIMIT 200)`
	purgeFailures = `DELETE FROM sign_in_failure WHERE login_hash IN
		(SELECT login_hash FROM sign_in_failure WHERE last_at <= $1 ORDER BY last_at LIMIT 200)`
)

// PurgeAccounts deletes what sign-in no longer needs: sessions that are over,
// and codes and counters of wrong passwords that are older than an hour (the
// limits count that far back). At most 200 rows go in one transaction. It
// returns how many rows are gone.
func (db *DB) PurgeAccounts(ctx context.Context) (int64, error) {
	var total int64
	for _, p := range []struct {
		query string
		keep  time.Duration
	}{{purgeSessions, 0}, {purgeCodes, time.Hour}, {purgeFailures, time.Hour}, {purgePhones, 0}} {
		for {
			n, err := Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
				return tx.Exec(ctx, p.query, ms(tx.Now().Add(-p.keep)))
			})
			total += n
			if err != nil {
				return total, err
			}
			if n < 200 {
				break
			}
		}
	}
	return total, nil
}
