package store

import (
	"context"
	"database/sql"
	"errors"

	"gongbang/account"
)

const (
	grantsOf     = `SELECT role, center_id FROM role_grant WHERE account_id = $1 ORDER BY role, center_id LIMIT 200`
	groupsOf     = `SELECT group_id, declared_at, confirmed_at FROM account_group WHERE account_id = $1 ORDER BY group_id LIMIT 200`
	certsOf      = `SELECT id, key, center_id, basis, issued_at, valid_until, revoked_at FROM certificate WHERE account_id = $1 ORDER BY issued_at DESC, id LIMIT 200`
	consentsOf   = `SELECT key, given, version, at, how FROM consent WHERE account_id = $1 ORDER BY key LIMIT 50`
	firmOf       = `SELECT f.name, f.business_number, c.confirmed_at, f.id FROM firm_claim c JOIN firm f ON f.id = c.firm_id WHERE c.account_id = $1 ORDER BY c.claimed_at DESC, f.id LIMIT 1`
	deleteGrants = `DELETE FROM role_grant WHERE account_id = $1`
	insertGrant  = `INSERT INTO role_grant (account_id, role, center_id) VALUES ($1, $2, $3)`
	saveGroup    = `INSERT INTO account_group (account_id, group_id, declared_at, confirmed_at, confirmed_by, confirmed_center)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, group_id) DO UPDATE SET
		declared_at = COALESCE(account_group.declared_at, excluded.declared_at),
		confirmed_by = CASE WHEN account_group.confirmed_at IS NULL THEN excluded.confirmed_by ELSE account_group.confirmed_by END,
		confirmed_center = CASE WHEN account_group.confirmed_at IS NULL THEN excluded.confirmed_center ELSE account_group.confirmed_center END,
		confirmed_at = COALESCE(account_group.confirmed_at, excluded.confirmed_at)`
	saveConsent = `INSERT INTO consent (account_id, key, given, version, at, how) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, key) DO UPDATE SET given = excluded.given, version = excluded.version, at = excluded.at, how = excluded.how`
	endCertificates = `UPDATE certificate SET revoked_at = $1
		WHERE account_id = $2 AND key = $3 AND COALESCE(center_id, '') = $4 AND revoked_at IS NULL`
	insertCertificate = `INSERT INTO certificate (id, account_id, key, center_id, basis, issued_at, issued_by, issued_center, valid_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	insertFirm  = `INSERT INTO firm (id, business_number, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (business_number) DO NOTHING`
	firmByNo    = `SELECT id FROM firm WHERE business_number = $1`
	insertClaim = `INSERT INTO firm_claim (account_id, firm_id, claimed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
)

// Grants implements account.Papers.
func (t accountTx) Grants(ctx context.Context, id string) ([]account.Grant, error) {
	rows, err := t.Query(ctx, grantsOf, id)
	return all(rows, err, func(r *sql.Rows) (g account.Grant, err error) {
		err = r.Scan(&g.Role, &g.Center)
		return g, err
	})
}

// Groups implements account.Papers.
func (t accountTx) Groups(ctx context.Context, id string) ([]account.Group, error) {
	rows, err := t.Query(ctx, groupsOf, id)
	return all(rows, err, func(r *sql.Rows) (account.Group, error) {
		var g account.Group
		var declared, confirmed sql.NullInt64
		err := r.Scan(&g.ID, &declared, &confirmed)
		g.DeclaredAt, g.ConfirmedAt = atPtr(declared), atPtr(confirmed)
		return g, err
	})
}

// Certificates implements account.Papers.
func (t accountTx) Certificates(ctx context.Context, id string) ([]account.Certificate, error) {
	rows, err := t.Query(ctx, certsOf, id)
	return all(rows, err, func(r *sql.Rows) (account.Certificate, error) {
		var c account.Certificate
		var center sql.NullString
		var issued int64
		var until, revoked sql.NullInt64
		err := r.Scan(&c.ID, &c.Key, &center, &c.Basis, &issued, &until, &revoked)
		c.Center, c.IssuedAt, c.ValidUntil, c.RevokedAt = center.String, at(issued), atPtr(until), atPtr(revoked)
		return c, err
	})
}

// Consents implements account.Papers.
func (t accountTx) Consents(ctx context.Context, id string) ([]account.Consent, error) {
	rows, err := t.Query(ctx, consentsOf, id)
	return all(rows, err, func(r *sql.Rows) (account.Consent, error) {
		var c account.Consent
		var given, when int64
		err := r.Scan(&c.Key, &given, &c.Version, &when, &c.How)
		c.Given, c.At = given == 1, at(when)
		return c, err
	})
}

// Firm implements account.Papers.
func (t accountTx) Firm(ctx context.Context, id string) (*account.Firm, error) {
	var f account.Firm
	var confirmed sql.NullInt64
	err := t.QueryRow(ctx, firmOf, id).Scan(&f.Name, &f.BusinessNumber, &confirmed, &f.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	f.ConfirmedAt = atPtr(confirmed)
	return &f, err
}

// SetGrants implements account.PeopleWriter.
func (t accountTx) SetGrants(ctx context.Context, id string, grants []account.Grant) error {
	if _, err := t.Exec(ctx, deleteGrants, id); err != nil {
		return err
	}
	for _, g := range grants {
		if _, err := t.Exec(ctx, insertGrant, id, string(g.Role), g.Center); err != nil {
			return err
		}
	}
	return nil
}

// SaveGroup implements account.PeopleWriter. What was declared or confirmed before stays.
func (t accountTx) SaveGroup(ctx context.Context, id string, g account.Group, by, center string) error {
	if g.ConfirmedAt == nil {
		by, center = "", ""
	}
	_, err := t.Exec(ctx, saveGroup, id, g.ID, msPtr(g.DeclaredAt), msPtr(g.ConfirmedAt), textOrNull(by), textOrNull(center))
	return err
}

// SaveConsent implements account.PeopleWriter.
func (t accountTx) SaveConsent(ctx context.Context, id string, c account.Consent) error {
	_, err := t.Exec(ctx, saveConsent, id, c.Key, oneIf(c.Given), c.Version, ms(c.At), c.How)
	return err
}

// AddCertificate implements account.PeopleWriter.
func (t accountTx) AddCertificate(ctx context.Context, id string, c account.Certificate, by, center string) error {
	if _, err := t.Exec(ctx, endCertificates, ms(t.Now()), id, c.Key, c.Center); err != nil {
		return err
	}
	_, err := t.Exec(ctx, insertCertificate, c.ID, id, c.Key, textOrNull(c.Center), string(c.Basis), ms(c.IssuedAt),
		by, textOrNull(center), msPtr(c.ValidUntil))
	return err
}

// ClaimFirm implements account.PeopleWriter.
func (t accountTx) ClaimFirm(ctx context.Context, id, firmID string, f account.Firm) error {
	if _, err := t.Exec(ctx, insertFirm, firmID, f.BusinessNumber, f.Name, ms(t.Now())); err != nil {
		return err
	}
	if err := t.QueryRow(ctx, firmByNo, f.BusinessNumber).Scan(&firmID); err != nil {
		return err
	}
	_, err := t.Exec(ctx, insertClaim, id, firmID, ms(t.Now()))
	return err
}
