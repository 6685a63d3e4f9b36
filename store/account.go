package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gongbang/account"
)

// Accounts remembers people: account.Store on either database.
type Accounts struct{ db *DB }

// NewAccounts is the accounts of a database.
func NewAccounts(db *DB) *Accounts { return &Accounts{db} }

// Do implements account.Store.
func (a *Accounts) Do(ctx context.Context, fn func(context.Context, account.Tx) (any, error)) (any, error) {
	return Do(ctx, a.db, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, accountTx{tx}) })
}

// Read implements account.Store.
func (a *Accounts) Read(ctx context.Context, fn func(context.Context, account.Reader) (any, error)) (any, error) {
	return Read(ctx, a.db, func(ctx context.Context, tx *Tx) (any, error) { return fn(ctx, accountTx{tx}) })
}

// accountTx is one transaction as the account package sees it.
type accountTx struct{ *Tx }

var _ account.Tx = accountTx{}

const (
	lockAccount   = `SELECT id FROM account WHERE id = $1`
	insertAccount = `INSERT INTO account (id, name, email, phone, email_verified, phone_verified, email_wanted, phone_wanted,
		email_lost_at, phone_lost_at, proved_at, password_hash, locale, channels, guest, contact_typed, demo, created_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT DO NOTHING`
	updateAccount = `UPDATE account SET name = $1, email = $2, phone = $3, email_verified = $4, phone_verified = $5,
		email_wanted = $6, phone_wanted = $7, email_lost_at = $8, phone_lost_at = $9, proved_at = $10, password_hash = $11,
		locale = $12, channels = $13, guest = $14, contact_typed = $15, demo = $16, created_at = $17, closed_at = $18
		WHERE id = $19`
)

// Lock implements account.Tx. Where forUpdate adds nothing there is one writer
// and nothing to lock.
func (t accountTx) Lock(ctx context.Context, accounts ...string) error {
	query := t.forUpdate(lockAccount)
	if query == lockAccount {
		return nil
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(accounts))) {
		if _, err := t.Exec(ctx, query, id); err != nil {
			return err
		}
	}
	return nil
}

// Trace implements account.Tx.
func (t accountTx) Trace(ctx context.Context, e account.Entry, events ...account.Event) error {
	return t.Record(ctx, e, events...)
}

// accountValues are the values of an account behind its id, in the order of the statements.
func accountValues(r *account.Record) []any {
	channels := make([]string, len(r.Channels))
	for i, c := range r.Channels {
		channels[i] = string(c)
	}
	return []any{r.Name.Reveal(), textOrNull(r.Email), textOrNull(r.Phone), oneIf(r.EmailVerified), oneIf(r.PhoneVerified),
		textOrNull(r.EmailWanted), textOrNull(r.PhoneWanted), msPtr(r.EmailLostAt), msPtr(r.PhoneLostAt), msPtr(r.ProvedAt),
		textOrNull(r.PasswordHash), string(r.Locale), strings.Join(channels, " "), oneIf(r.Guest), textOrNull(r.Typed),
		oneIf(r.Demo), ms(r.CreatedAt), msPtr(r.ClosedAt)}
}

// Insert implements account.PeopleWriter.
func (t accountTx) Insert(ctx context.Context, r *account.Record) (bool, error) {
	n, err := t.Exec(ctx, insertAccount, append([]any{r.ID}, accountValues(r)...)...)
	return n == 1, err
}

// Update implements account.PeopleWriter.
func (t accountTx) Update(ctx context.Context, r *account.Record) error {
	n, err := t.Exec(ctx, updateAccount, append(accountValues(r), r.ID)...)
	switch {
	case err != nil && isDuplicate(err):
		return fmt.Errorf("%w: %w", account.ErrHeld, err)
	case err == nil && n != 1:
		return errors.New("store: the account to change is gone")
	}
	return err
}

// textOrNull keeps "" as NULL, so that it is never held twice.
func textOrNull[S ~string](s S) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// oneIf is a boolean as the databases keep it.
func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
