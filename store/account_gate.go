package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongbang/account"
	"gongbang/internal/lang"
)

const (
	// sessionByToken is the statement of every request: two unique look-ups and a short range.
	sessionByToken = `SELECT s.id, s.account_id, s.expires_at, a.locale, g.role, g.center_id
		FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN role_grant g ON g.account_id = a.id
		WHERE s.token_hash = $1 AND a.closed_at IS NULL ORDER BY g.role, g.center_id LIMIT 200`
	liveSessions = `SELECT id, account_id, created_at, expires_at FROM session WHERE account_id = $1 AND expires_at > $2
		ORDER BY created_at DESC, id LIMIT 200`
	liveFromAddress = `SELECT COUNT(*) FROM session WHERE account_id = $1 AND address_hash = $2 AND expires_at > $3`
	failuresOf      = `SELECT login_hash, failures, last_at FROM sign_in_failure WHERE login_hash IN ($1, $2) LIMIT 2`
	codeByKey       = `SELECT login_hash, id, account_id, kind, purpose, nonce, code_hash, created_at, expires_at, used_at
		FROM sign_in_code WHERE login_hash = $1`
	codeByID = `SELECT login_hash, id, account_id, kind, purpose, nonce, code_hash, created_at, expires_at, used_at
		FROM sign_in_code WHERE id = $1`
	insertSession = `INSERT INTO session (id, account_id, token_hash, address_hash, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)`
	deleteSessions = `DELETE FROM session WHERE account_id = $1 AND id <> $2`
	deleteSession  = `DELETE FROM session WHERE id = $1`
	countFailure   = `INSERT INTO sign_in_failure (login_hash, failures, last_at) VALUES ($1, 1, $2)
		ON CONFLICT (login_hash) DO UPDATE SET last_at = excluded.last_at,
		failures = CASE WHEN sign_in_failure.last_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END`
	deleteFailures = `DELETE FROM sign_in_failure WHERE login_hash = $1`
	// saveCode decides in the statement itself whether one may leave: two at
	// once would both pass a look before it.
	saveCode = `INSERT INTO sign_in_code (login_hash, id, account_id, kind, purpose, nonce, code_hash, tries, created_at, expires_at, used_at, hour_start, sent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, NULL, $8, 1)
		ON CONFLICT (login_hash) DO UPDATE SET id = excluded.id, account_id = excluded.account_id, kind = excluded.kind,
		purpose = excluded.purpose, nonce = excluded.nonce, code_hash = excluded.code_hash, tries = 0,
		created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = NULL,
		sent = CASE WHEN sign_in_code.hour_start <= $10 THEN 1 ELSE sign_in_code.sent + 1 END,
		hour_start = CASE WHEN sign_in_code.hour_start <= $10 THEN excluded.hour_start ELSE sign_in_code.hour_start END
		WHERE sign_in_code.created_at <= $11 AND (sign_in_code.hour_start <= $10 OR sign_in_code.sent < $12)`
	tryCode = `UPDATE sign_in_code SET tries = tries + 1
		WHERE login_hash = $1 AND used_at IS NULL AND expires_at > $2 AND tries < $3`
	useCode = `UPDATE sign_in_code SET used_at = $1 WHERE login_hash = $2`
)

// Session implements account.Gate.
func (t accountTx) Session(ctx context.Context, tokenHash string) (*account.Signed, error) {
	type line struct {
		id, account, locale string
		expires             int64
		role, center        sql.NullString
	}
	rows, err := t.Query(ctx, sessionByToken, tokenHash)
	lines, err := all(rows, err, func(r *sql.Rows) (l line, err error) {
		err = r.Scan(&l.id, &l.account, &l.expires, &l.locale, &l.role, &l.center)
		return l, err
	})
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	f := lines[0]
	s := &account.Signed{ID: f.id, Account: f.account, ExpiresAt: at(f.expires),
		Actor: account.Actor{ID: f.account, Session: f.id, Locale: lang.Locale(f.locale)}}
	for _, l := range lines {
		if l.role.Valid {
			s.Actor.Grants = append(s.Actor.Grants, account.Grant{Role: account.Role(l.role.String), Center: l.center.String})
		}
	}
	return s, nil
}

// Sessions implements account.Gate.
func (t accountTx) Sessions(ctx context.Context, id string) ([]account.Signed, error) {
	rows, err := t.Query(ctx, liveSessions, id, ms(t.Now()))
	return all(rows, err, func(r *sql.Rows) (s account.Signed, err error) {
		var since, expires int64
		err = r.Scan(&s.ID, &s.Account, &since, &expires)
		s.Since, s.ExpiresAt = at(since), at(expires)
		return s, err
	})
}

// SignedInFrom implements account.Gate.
func (t accountTx) SignedInFrom(ctx context.Context, id, addressHash string) (bool, error) {
	var n int
	err := t.QueryRow(ctx, liveFromAddress, id, addressHash, ms(t.Now())).Scan(&n)
	return n > 0, err
}

// Failures implements account.Gate.
func (t accountTx) Failures(ctx context.Context, keys [2]string) (out [2]account.Failure, err error) {
	type line struct {
		key string
		account.Failure
	}
	rows, err := t.Query(ctx, failuresOf, keys[0], keys[1])
	lines, err := all(rows, err, func(r *sql.Rows) (l line, err error) {
		var last int64
		err = r.Scan(&l.key, &l.Count, &last)
		l.Last = at(last)
		return l, err
	})
	for _, l := range lines {
		for i, k := range keys {
			if k == l.key {
				out[i] = l.Failure
			}
		}
	}
	return out, err
}

// Code implements account.Gate.
func (t accountTx) Code(ctx context.Context, key string) (*account.Code, error) {
	return scanCode(t.QueryRow(ctx, codeByKey, key))
}

// CodeByID implements account.Gate.
func (t accountTx) CodeByID(ctx context.Context, id string) (*account.Code, error) {
	return scanCode(t.QueryRow(ctx, codeByID, id))
}

func scanCode(row *sql.Row) (*account.Code, error) {
	var c account.Code
	var holder sql.NullString
	var created, expires int64
	var used sql.NullInt64
	err := row.Scan(&c.Key, &c.ID, &holder, &c.Kind, &c.Purpose, &c.Nonce, &c.Hash, &created, &expires, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	c.Account, c.CreatedAt, c.ExpiresAt, c.UsedAt = holder.String, at(created), at(expires), atPtr(used)
	return &c, err
}

// OpenSession implements account.GateWriter.
func (t accountTx) OpenSession(ctx context.Context, s account.Signed, tokenHash, addressHash string) error {
	_, err := t.Exec(ctx, insertSession, s.ID, s.Account, tokenHash, addressHash, ms(t.Now()), ms(s.ExpiresAt))
	return err
}

// CloseSessions implements account.GateWriter.
func (t accountTx) CloseSessions(ctx context.Context, id, keep string) error {
	_, err := t.Exec(ctx, deleteSessions, id, keep)
	return err
}

// CloseSession implements account.GateWriter.
func (t accountTx) CloseSession(ctx context.Context, id string) error {
	_, err := t.Exec(ctx, deleteSession, id)
	return err
}

// CountFailure implements account.GateWriter.
func (t accountTx) CountFailure(ctx context.Context, keys [2]string, stale time.Time) error {
	for _, k := range keys {
		if _, err := t.Exec(ctx, countFailure, k, ms(t.Now()), ms(stale)); err != nil {
			return err
		}
	}
	return nil
}

// ForgetFailures implements account.GateWriter.
func (t accountTx) ForgetFailures(ctx context.Context, key string) error {
	_, err := t.Exec(ctx, deleteFailures, key)
	return err
}

// SaveCode implements account.CodeWriter.
func (t accountTx) SaveCode(ctx context.Context, c account.Code, gap time.Duration, limit int) (bool, error) {
	n, err := t.Exec(ctx, saveCode, c.Key, c.ID, textOrNull(c.Account), string(c.Kind), string(c.Purpose), c.Nonce, c.Hash,
		ms(c.CreatedAt), ms(c.ExpiresAt), ms(t.Now().Add(-time.Hour)), ms(t.Now().Add(-gap)), limit)
	return n == 1, err
}

// TryCode implements account.CodeWriter.
func (t accountTx) TryCode(ctx context.Context, key string, tries int) (bool, error) {
	n, err := t.Exec(ctx, tryCode, key, ms(t.Now()), tries)
	return n == 1, err
}

// UseCode implements account.CodeWriter.
func (t accountTx) UseCode(ctx context.Context, key string) error {
	_, err := t.Exec(ctx, useCode, ms(t.Now()), key)
	return err
}
