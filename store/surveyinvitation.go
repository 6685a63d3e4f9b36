package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gongbang/internal/fault"
	"gongbang/survey"
)

const (
	invitationColumns = `id, rule, visit_id, account_id, center_id, equipment_id, category, day, used_until, template,
		version, state, reason, generation, token_hash, tie, desk, delivered, due_at, sent_at, remind_at, expires_at,
		trait_hour, trait_wait, trait_no_show`
	sqlInvitation       = `SELECT ` + invitationColumns + ` FROM survey_invitation WHERE id = $1`
	sqlInvitationToken  = `SELECT ` + invitationColumns + ` FROM survey_invitation WHERE token_hash = $1`
	sqlInvitationVisit  = `SELECT ` + invitationColumns + ` FROM survey_invitation WHERE visit_id = $1 AND state = 'queued'`
	sqlInvitationPerson = `SELECT ` + invitationColumns + ` FROM survey_invitation
		WHERE account_id = $1 AND (state = 'queued' OR sent_at >= $2) ORDER BY sent_at, due_at, id LIMIT 500`
	sqlUses = `SELECT COUNT(*) FROM survey_invitation WHERE account_id = $1 AND day >= $2 AND rule = 'use'`
	// Of two centers used as often the one whose id comes first.
	sqlRegulars = `SELECT account_id, center_id FROM (SELECT account_id, center_id,
			ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY COUNT(*) DESC, center_id) AS place
		FROM booking WHERE status = 'completed' AND checked_in_at IS NOT NULL AND starts_at >= $1 AND account_id > $2
		GROUP BY account_id, center_id) AS most WHERE place = 1 ORDER BY account_id LIMIT $3`
	sqlInvite = `INSERT INTO survey_invitation (` + invitationColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`
	sqlChangeInvitation = `UPDATE survey_invitation SET visit_id = $1, center_id = $2, equipment_id = $3, used_until = $4,
		state = $5, reason = $6, generation = $7, token_hash = $8, tie = $9, delivered = $10, due_at = $11, sent_at = $12,
		remind_at = $13, expires_at = $14, trait_hour = $15, trait_wait = $16, trait_no_show = $17, lease_until = 0
		WHERE id = $18 AND state = $19`
	sqlLockAccount = `SELECT id FROM account WHERE id = $1`

	sqlDueSend = `SELECT id FROM survey_invitation WHERE state = 'queued' AND due_at <= $1 AND lease_until <= $2
		ORDER BY due_at LIMIT $3`
	sqlDueRemind = `SELECT id FROM survey_invitation WHERE state = 'sent' AND remind_at <= $1 ORDER BY remind_at LIMIT $2`
	sqlDueExpire = `SELECT id FROM survey_invitation WHERE state IN ('sent', 'reminded') AND expires_at < $1
		ORDER BY expires_at LIMIT $2`
	sqlClaimable = `SELECT id, account_id FROM survey_invitation WHERE state = 'queued' AND due_at <= $1 AND lease_until <= $2
		ORDER BY due_at LIMIT $3`
	sqlBlurrable = `SELECT id, sent_at FROM survey_invitation WHERE blurred = 0 AND sent_at < $1
		AND state NOT IN ('queued', 'sent', 'reminded') ORDER BY sent_at LIMIT $2`
	sqlBlur = `UPDATE survey_invitation SET sent_at = $1, category = '', blurred = 1 WHERE id = $2`
)

func scanInvitation(row interface{ Scan(...any) error }) (*survey.Invitation, error) {
	var i survey.Invitation
	var visit, token sql.NullString
	var used, due, sent, remind, expires sql.NullInt64
	err := row.Scan(&i.ID, &i.Rule, &visit, &i.Account, &i.Center, &i.Equipment, &i.Category, &i.Day, &used, &i.Template,
		&i.Version, &i.State, &i.Reason, &i.Generation, &token, &i.Tie, &i.Desk, &i.Delivered, &due, &sent, &remind, &expires,
		&i.Traits.Hour, &i.Traits.Wait, &i.Traits.NoShow)
	if err != nil {
		return nil, missing(err)
	}
	i.Visit, i.TokenHash = visit.String, token.String
	i.UsedUntil, i.DueAt, i.SentAt = instant(used), instant(due), instant(sent)
	i.RemindAt, i.ExpiresAt = instant(remind), instant(expires)
	return &i, nil
}

// Invitation finds one by id.
func (t surveyTx) Invitation(ctx context.Context, id string) (*survey.Invitation, error) {
	return scanInvitation(t.QueryRow(ctx, t.forUpdate(sqlInvitation), id))
}

// ByToken finds one by the hash of its link's secret.
func (t surveyTx) ByToken(ctx context.Context, hash string) (*survey.Invitation, error) {
	return scanInvitation(t.QueryRow(ctx, t.forUpdate(sqlInvitationToken), hash))
}

// OfVisit is the visit's queued invitation; nil if none.
func (t surveyTx) OfVisit(ctx context.Context, visit string) (*survey.Invitation, error) {
	i, err := scanInvitation(t.QueryRow(ctx, t.forUpdate(sqlInvitationVisit), visit))
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	return i, err
}

// OfAccount lists what is queued and what was sent since.
func (t surveyTx) OfAccount(ctx context.Context, account string, since time.Time) ([]*survey.Invitation, error) {
	rows, err := t.Query(ctx, sqlInvitationPerson, account, ms(since))
	return all(rows, err, func(r *sql.Rows) (*survey.Invitation, error) { return scanInvitation(r) })
}

// Uses counts a person's visits since a day.
func (t surveyTx) Uses(ctx context.Context, account, since string) (n int, err error) {
	return n, t.QueryRow(ctx, sqlUses, account, since).Scan(&n)
}

// Regulars lists people with a finished use and where they used most.
func (t surveyTx) Regulars(ctx context.Context, since time.Time, after string, limit int) ([]survey.Regular, error) {
	rows, err := t.Query(ctx, sqlRegulars, ms(since), after, limit)
	return all(rows, err, func(r *sql.Rows) (v survey.Regular, err error) { return v, r.Scan(&v.Account, &v.Center) })
}

// Invite inserts an invitation.
func (t surveyTx) Invite(ctx context.Context, i *survey.Invitation) error {
	_, err := t.Exec(ctx, sqlInvite, i.ID, i.Rule, blank(i.Visit), i.Account, i.Center, i.Equipment, i.Category, i.Day,
		moment(i.UsedUntil), i.Template, i.Version, string(i.State), string(i.Reason), i.Generation, blank(i.TokenHash),
		i.Tie, flag(i.Desk), flag(i.Delivered), moment(i.DueAt), moment(i.SentAt), moment(i.RemindAt), moment(i.ExpiresAt),
		i.Traits.Hour, i.Traits.Wait, i.Traits.NoShow)
	return err
}

// Change is compare-and-set on the state.
func (t surveyTx) Change(ctx context.Context, i *survey.Invitation, was survey.State) error {
	n, err := t.Exec(ctx, sqlChangeInvitation, blank(i.Visit), i.Center, i.Equipment, moment(i.UsedUntil),
		string(i.State), string(i.Reason), i.Generation, blank(i.TokenHash), i.Tie, flag(i.Delivered), moment(i.DueAt),
		moment(i.SentAt), moment(i.RemindAt), moment(i.ExpiresAt),
		i.Traits.Hour, i.Traits.Wait, i.Traits.NoShow, i.ID, string(was))
	if err == nil && n != 1 {
		return fault.ErrStale
	}
	return err
}

// LockAccount locks the person's row on PostgreSQL; SQLite has one writer.
func (t surveyTx) LockAccount(ctx context.Context, account string) error {
	if account == "" || t.db.dialect == sqlite {
		return nil
	}
	var id string
	err := t.QueryRow(ctx, t.forUpdate(sqlLockAccount), account).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nobody to count for
	}
	return err
}

// Due lists what a drain has to look at.
func (t surveyTx) Due(ctx context.Context, d survey.Drain, limit int) ([]string, error) {
	now := ms(t.Now())
	scan := func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) }
	switch d {
	case survey.DrainSend:
		rows, err := t.Query(ctx, sqlDueSend, now, now, limit)
		return all(rows, err, scan)
	case survey.DrainRemind:
		rows, err := t.Query(ctx, sqlDueRemind, now, limit)
		return all(rows, err, scan)
	case survey.DrainExpire:
		rows, err := t.Query(ctx, sqlDueExpire, now, limit)
		return all(rows, err, scan)
	}
	return nil, fmt.Errorf("store: no drain %q", d)
}

// Claim leases due invitations and names their accounts, each once. On
// PostgreSQL it passes over rows that another drain is busy with: waiting for
// them while holding others could close a circle.
func (t surveyTx) Claim(ctx context.Context, until time.Time, limit int) ([]string, error) {
	now := ms(t.Now())
	rows, err := t.Query(ctx, t.skipLocked(sqlClaimable), now, now, limit)
	var ids, out []string
	seen := map[string]bool{}
	_, err = all(rows, err, func(r *sql.Rows) (bool, error) {
		var id, account string
		err := r.Scan(&id, &account)
		ids = append(ids, id)
		if !seen[account] {
			seen[account] = true
			out = append(out, account)
		}
		return true, err
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	marks, args := in(2, ids)
	_, err = t.Exec(ctx, "UPDATE survey_invitation SET lease_until = $1 WHERE id IN ("+marks+")", append([]any{ms(until)}, args...)...)
	return out, err
}

// Blur leaves the day of old final invitations and drops the rest.
func (t surveyTx) Blur(ctx context.Context, before time.Time, zone *time.Location, limit int) error {
	type sent struct {
		id string
		at int64
	}
	rows, err := t.Query(ctx, sqlBlurrable, ms(before), limit)
	found, err := all(rows, err, func(r *sql.Rows) (s sent, err error) { return s, r.Scan(&s.id, &s.at) })
	if err != nil {
		return err
	}
	for _, s := range found {
		l := at(s.at).In(zone)
		day := time.Date(l.Year(), l.Month(), l.Day(), 0, 0, 0, 0, zone)
		if _, err := t.Exec(ctx, sqlBlur, ms(day), s.id); err != nil {
			return err
		}
	}
	return nil
}

// blank is NULL for "".
func blank(s string) any {
	if s == "" {
		return nil
	}
	return s
}
