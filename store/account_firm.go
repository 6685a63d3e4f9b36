package store

import (
	"context"
	"database/sql"

	"gongbang/account"
)

const (
	membersOf = `SELECT a.id, a.name, c.claimed_at, c.confirmed_at FROM firm_claim c JOIN account a ON a.id = c.account_id
		WHERE c.firm_id = $1 ORDER BY c.claimed_at, a.id LIMIT 200`
	confirmMember = `UPDATE firm_claim SET confirmed_at = COALESCE(confirmed_at, $1), confirmed_by = COALESCE(confirmed_by, $2)
		WHERE firm_id = $3 AND account_id = $4`
	claimedFirms = `SELECT firm_id FROM firm_claim WHERE account_id = $1 LIMIT 50`
	deleteFirm   = `DELETE FROM firm WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM firm_claim WHERE firm_id = $1)`
)

// Members implements account.Papers.
func (t accountTx) Members(ctx context.Context, firm string) ([]account.Member, error) {
	rows, err := t.Query(ctx, membersOf, firm)
	return all(rows, err, func(r *sql.Rows) (account.Member, error) {
		var m account.Member
		var name string
		var claimed int64
		var confirmed sql.NullInt64
		err := r.Scan(&m.Account, &name, &claimed, &confirmed)
		m.Name, m.ClaimedAt, m.ConfirmedAt = account.Secret(name), at(claimed), atPtr(confirmed)
		return m, err
	})
}

// ConfirmMember implements account.FirmWriter.
func (t accountTx) ConfirmMember(ctx context.Context, firm, id, by string) (bool, error) {
	n, err := t.Exec(ctx, confirmMember, ms(t.Now()), by, firm, id)
	return n == 1, err
}

// LeaveFirm implements account.FirmWriter. A firm that nobody claims goes with the last claim.
func (t accountTx) LeaveFirm(ctx context.Context, id string) error {
	rows, err := t.Query(ctx, claimedFirms, id)
	firms, err := all(rows, err, func(r *sql.Rows) (firm string, err error) { return firm, r.Scan(&firm) })
	if err != nil || len(firms) == 0 {
		return err
	}
	if _, err := t.Exec(ctx, `DELETE FROM firm_claim WHERE account_id = $1`, id); err != nil {
		return err
	}
	for _, firm := range firms {
		if _, err := t.Exec(ctx, deleteFirm, firm); err != nil {
			return err
		}
	}
	return nil
}
