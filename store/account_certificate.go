package store

import (
	"context"
	"database/sql"
	"errors"

	"gongbang/internal/fault"
)

const (
	givenBy           = `SELECT COALESCE(issued_center, '') FROM certificate WHERE id = $1 AND account_id = $2`
	revokeCertificate = `UPDATE certificate SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2`
)

// GivenBy implements account.CertificateWriter.
func (t accountTx) GivenBy(ctx context.Context, id, certificate string) (center string, err error) {
	err = t.QueryRow(ctx, givenBy, certificate, id).Scan(&center)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.ErrNotFound
	}
	return center, err
}

// RevokeCertificate implements account.CertificateWriter.
func (t accountTx) RevokeCertificate(ctx context.Context, certificate string) error {
	_, err := t.Exec(ctx, revokeCertificate, ms(t.Now()), certificate)
	return err
}
