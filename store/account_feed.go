package store

import (
	"context"
	"database/sql"
	"errors"

	"gongbang/account"
)

const (
	saveFeed = `INSERT INTO calendar_feed (id, account_id, equipment_id, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, equipment_id) DO UPDATE SET id = excluded.id, token_hash = excluded.token_hash, created_at = excluded.created_at`
	endFeed     = `DELETE FROM calendar_feed WHERE account_id = $1 AND id = $2`
	feedsOf     = `SELECT id, account_id, equipment_id, created_at FROM calendar_feed WHERE account_id = $1 ORDER BY equipment_id LIMIT 200`
	feedByToken = `SELECT id, account_id, equipment_id, created_at FROM calendar_feed WHERE token_hash = $1`
)

// SaveFeed implements account.FeedWriter.
func (t accountTx) SaveFeed(ctx context.Context, f account.Feed, tokenHash string) error {
	_, err := t.Exec(ctx, saveFeed, f.ID, f.Account, f.Equipment, tokenHash, ms(f.CreatedAt))
	return err
}

// EndFeed implements account.FeedWriter.
func (t accountTx) EndFeed(ctx context.Context, id, feed string) (bool, error) {
	n, err := t.Exec(ctx, endFeed, id, feed)
	return n == 1, err
}

func scanFeed(scan func(...any) error) (account.Feed, error) {
	var f account.Feed
	var created int64
	err := scan(&f.ID, &f.Account, &f.Equipment, &created)
	f.CreatedAt = at(created)
	return f, err
}

// Feeds implements account.FeedReader.
func (t accountTx) Feeds(ctx context.Context, id string) ([]account.Feed, error) {
	rows, err := t.Query(ctx, feedsOf, id)
	return all(rows, err, func(r *sql.Rows) (account.Feed, error) { return scanFeed(r.Scan) })
}

// Feed implements account.FeedReader.
func (t accountTx) Feed(ctx context.Context, tokenHash string) (*account.Feed, error) {
	f, err := scanFeed(t.QueryRow(ctx, feedByToken, tokenHash).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &f, err
}
