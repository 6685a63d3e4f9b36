package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"gongbang/account"
	"gongbang/internal/fault"
	"gongbang/internal/lang"
)

const (
	accountByID = `SELECT id, name, email, phone, email_verified, phone_verified, email_wanted, phone_wanted,
		email_lost_at, phone_lost_at, proved_at, password_hash, locale, channels, guest, contact_typed, demo, created_at, closed_at
		FROM account WHERE id = $1`
	accountByEmail = `SELECT id, name, email, phone, email_verified, phone_verified, email_wanted, phone_wanted,
		email_lost_at, phone_lost_at, proved_at, password_hash, locale, channels, guest, contact_typed, demo, created_at, closed_at
		FROM account WHERE email = $1 AND closed_at IS NULL`
	accountByPhone = `SELECT id, name, email, phone, email_verified, phone_verified, email_wanted, phone_wanted,
		email_lost_at, phone_lost_at, proved_at, password_hash, locale, channels, guest, contact_typed, demo, created_at, closed_at
		FROM account WHERE phone = $1 AND closed_at IS NULL`
	accountsByIDs = `SELECT id, name, email, phone, email_verified, phone_verified, email_wanted, phone_wanted,
		email_lost_at, phone_lost_at, proved_at, password_hash, locale, channels, guest, contact_typed, demo, created_at, closed_at
		FROM account WHERE id IN (
		$1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
		$11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30,
		$31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
		$41, $42, $43, $44, $45, $46, $47, $48, $49, $50)
		ORDER BY id LIMIT 50`
	accountList = `SELECT a.id, a.name, a.email, a.phone, a.email_verified, a.phone_verified, a.email_wanted, a.phone_wanted,
		a.email_lost_at, a.phone_lost_at, a.proved_at, a.password_hash, a.locale, a.channels, a.guest, a.contact_typed, a.demo, a.created_at, a.closed_at
		FROM account a
		WHERE a.closed_at IS NULL AND a.id > $1
		AND ($2 = '' OR a.email = $2 OR a.phone = $2)
		AND ($3 = '' OR LOWER(a.name) LIKE $3 ESCAPE '!')
		AND ($4 = '' OR EXISTS (SELECT 1 FROM role_grant g WHERE g.account_id = a.id AND g.role = $4)
			OR $4 = 'citizen' AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.account_id = a.id))
		AND ($5 = '' OR EXISTS (SELECT 1 FROM role_grant g WHERE g.account_id = a.id AND g.center_id = $5))
		ORDER BY a.id LIMIT $6`
	grantsBetween = `SELECT account_id, role, center_id FROM role_grant
		WHERE account_id >= $1 AND account_id <= $2 ORDER BY account_id, role, center_id LIMIT 10000`
	anyAdmin = `SELECT COUNT(*) FROM role_grant g JOIN account a ON a.id = g.account_id
		WHERE g.role = 'admin' AND g.center_id = '' AND a.closed_at IS NULL`
)

// namedAtOnce is how many ids accountsByIDs takes.
const namedAtOnce = 50

func scanAccount(scan func(...any) error) (*account.Record, error) {
	var (
		r                                     account.Record
		email, phone, wantEmail, wantPhone    sql.NullString
		hash, typed                           sql.NullString
		lostEmail, lostPhone, proved, closed  sql.NullInt64
		name, locale, channels                string
		emailOK, phoneOK, guest, demo, create int64
	)
	err := scan(&r.ID, &name, &email, &phone, &emailOK, &phoneOK, &wantEmail, &wantPhone, &lostEmail, &lostPhone,
		&proved, &hash, &locale, &channels, &guest, &typed, &demo, &create, &closed)
	if err != nil {
		return nil, err
	}
	r.Name, r.Email, r.Phone = account.Secret(name), account.Secret(email.String), account.Secret(phone.String)
	r.EmailVerified, r.PhoneVerified = emailOK == 1, phoneOK == 1
	r.EmailWanted, r.PhoneWanted = account.Secret(wantEmail.String), account.Secret(wantPhone.String)
	r.EmailLostAt, r.PhoneLostAt, r.ProvedAt = atPtr(lostEmail), atPtr(lostPhone), atPtr(proved)
	r.PasswordHash, r.HasPassword = account.Secret(hash.String), hash.String != ""
	r.Locale = lang.Locale(locale)
	for _, c := range strings.Fields(channels) {
		r.Channels = append(r.Channels, account.Channel(c))
	}
	r.Guest, r.Demo, r.Typed = guest == 1, demo == 1, account.Typed(typed.String)
	r.CreatedAt, r.ClosedAt = at(create), atPtr(closed)
	return &r, nil
}

// Account implements account.Finder.
func (t accountTx) Account(ctx context.Context, id string) (*account.Record, error) {
	r, err := scanAccount(t.QueryRow(ctx, accountByID, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.ErrNotFound
	}
	return r, err
}

// Holder implements account.Finder.
func (t accountTx) Holder(ctx context.Context, l account.Login) (*account.Record, error) {
	query := accountByPhone
	if l.Kind == account.Email {
		query = accountByEmail
	}
	r, err := scanAccount(t.QueryRow(ctx, query, l.Value.Reveal()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// Named implements account.Finder.
func (t accountTx) Named(ctx context.Context, ids []string) ([]*account.Record, error) {
	var out []*account.Record
	for len(ids) > 0 {
		n := min(namedAtOnce, len(ids))
		args := make([]any, namedAtOnce)
		for i := range args {
			args[i] = ""
			if i < n {
				args[i] = ids[i]
			}
		}
		rows, err := t.Query(ctx, accountsByIDs, args...)
		found, err := all(rows, err, func(r *sql.Rows) (*account.Record, error) { return scanAccount(r.Scan) })
		if err != nil {
			return nil, err
		}
		out, ids = append(out, found...), ids[n:]
	}
	return out, nil
}

// Accounts implements account.Finder.
func (t accountTx) Accounts(ctx context.Context, q account.Query) ([]*account.Record, error) {
	text := ""
	if q.Text != "" && !q.Contact.Valid {
		text = containing(strings.ToLower(q.Text))
	}
	rows, err := t.Query(ctx, accountList, q.After, q.Contact.Value.Reveal(), text, string(q.Role), q.Center, q.Limit)
	out, err := all(rows, err, func(r *sql.Rows) (*account.Record, error) { return scanAccount(r.Scan) })
	if err != nil || len(out) == 0 {
		return out, err
	}
	type of struct {
		account string
		account.Grant
	}
	rows, err = t.Query(ctx, grantsBetween, out[0].ID, out[len(out)-1].ID)
	grants, err := all(rows, err, func(r *sql.Rows) (o of, err error) {
		err = r.Scan(&o.account, &o.Role, &o.Center)
		return o, err
	})
	by := map[string][]account.Grant{}
	for _, g := range grants {
		by[g.account] = append(by[g.account], g.Grant)
	}
	for _, r := range out {
		r.Grants = by[r.ID]
	}
	return out, err
}

// containing is the pattern of LIKE … ESCAPE '!' for texts that hold s.
func containing(s string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) + "%"
}

// AnyAdmin implements account.Finder.
func (t accountTx) AnyAdmin(ctx context.Context) (bool, error) {
	var n int
	err := t.QueryRow(ctx, anyAdmin).Scan(&n)
	return n > 0, err
}
