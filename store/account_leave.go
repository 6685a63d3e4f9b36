package store

import (
	"context"
	"database/sql"
	"time"

	"gongbang/account"
)

const (
	messagesOf = `SELECT kind, subject, created_at, done_at FROM outbox
		WHERE subject = $1 OR subject IN (SELECT id FROM booking WHERE account_id = $1) ORDER BY id LIMIT 10000`
	// stopMessages leaves what is for staff or the survey. Why a message could
	// not leave is forgotten too: a mail server's answer names the address.
	stopMessages = `UPDATE outbox SET done_at = $1, dead_at = NULL, lease_until = NULL, last_error = NULL
		WHERE done_at IS NULL AND kind NOT IN ('booking.completed', 'approval.waiting') AND (subject = $2
		OR subject IN (SELECT id FROM booking WHERE account_id = $2) OR subject IN (SELECT id FROM survey_invitation WHERE account_id = $2)
		OR subject IN (SELECT id FROM survey_case WHERE account_id = $2))`
	forgetErrors  = `UPDATE outbox SET last_error = NULL WHERE done_at IS NULL AND last_error LIKE $1 ESCAPE '!'`
	keepPhone     = `INSERT INTO left_phone (phone_hash, account_id, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	returnStrikes = `UPDATE strike SET account_id = $1 WHERE account_id IN (SELECT account_id FROM left_phone WHERE phone_hash = $2)`
	forgetPhone   = `DELETE FROM left_phone WHERE phone_hash = $1`
	purgePhones   = `DELETE FROM left_phone WHERE (phone_hash, account_id) IN
		(SELECT phone_hash, account_id FROM left_phone WHERE until <= $1 ORDER BY until LIMIT 200)`

	// leftMark says who left last since the file was made anew, behind where
	// what they were called may still lie: first in the log too, then in the file alone.
	leftMark = "people.left"
	logMark  = "log "
	fileMark = "file "
)

// eraseAccount are the statements that destroy what belongs to an account;
// each takes its id. The account's own row stays, without name and contact.
var eraseAccount = []string{
	`DELETE FROM session WHERE account_id = $1`,
	`DELETE FROM sign_in_code WHERE account_id = $1`,
	`DELETE FROM role_grant WHERE account_id = $1`,
	`DELETE FROM account_group WHERE account_id = $1`,
	`DELETE FROM certificate WHERE account_id = $1`,
	`DELETE FROM consent WHERE account_id = $1`,
	`DELETE FROM calendar_feed WHERE account_id = $1`,
	`DELETE FROM idempotency WHERE caller >= $1 || ' ' AND caller < $1 || '!'`,
	`DELETE FROM idempotency WHERE subject IN (SELECT id FROM booking WHERE account_id = $1)`,
	`UPDATE survey_case SET account_id = '', comment = '', reply = '', equipment_id = '' WHERE account_id = $1`,
	`DELETE FROM survey_link WHERE account_id = $1`,
	`UPDATE survey_inbox SET account_id = '', day = '' WHERE account_id = $1`,
	`DELETE FROM inquiry WHERE account_id = $1`,
	`UPDATE strike SET review_text = '', waive_reason = '', keep_reason = '' WHERE account_id = $1`,
}

// Erase implements account.Eraser.
func (t accountTx) Erase(ctx context.Context, id string, contacts ...account.Secret) error {
	if _, err := t.Exec(ctx, stopMessages, ms(t.Now()), id); err != nil {
		return err
	}
	for _, c := range contacts {
		if c == "" {
			continue
		}
		if _, err := t.Exec(ctx, forgetErrors, containing(c.Reveal())); err != nil {
			return err
		}
	}
	if _, err := t.Exec(ctx, eraseReasons, ms(t.Now()), id); err != nil {
		return err
	}
	if err := t.LeaveFirm(ctx, id); err != nil {
		return err
	}
	for _, text := range eraseAccount {
		if _, err := t.Exec(ctx, text, id); err != nil {
			return err
		}
	}
	_, err := t.Exec(ctx, setMeta, leftMark, logMark+id)
	return err
}

// KeepPhone implements account.Eraser.
func (t accountTx) KeepPhone(ctx context.Context, hash, id string, until time.Time) error {
	_, err := t.Exec(ctx, keepPhone, hash, id, ms(until))
	return err
}

// ComeBack implements account.Eraser.
func (t accountTx) ComeBack(ctx context.Context, hash, id string) error {
	if _, err := t.Exec(ctx, returnStrikes, id, hash); err != nil {
		return err
	}
	_, err := t.Exec(ctx, forgetPhone, hash)
	return err
}

// Messages implements account.Papers.
func (t accountTx) Messages(ctx context.Context, id string) ([]account.Sent, error) {
	rows, err := t.Query(ctx, messagesOf, id)
	return all(rows, err, func(r *sql.Rows) (account.Sent, error) {
		var s account.Sent
		var created int64
		var done sql.NullInt64
		err := r.Scan(&s.Kind, &s.About, &created, &done)
		s.CreatedAt, s.LeftAt = at(created), atPtr(done)
		return s, err
	})
}
