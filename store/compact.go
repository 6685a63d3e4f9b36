package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const (
	dropMeta   = `DELETE FROM meta WHERE key = $1 AND value = $2`
	changeMeta = `UPDATE meta SET value = $1 WHERE key = $2 AND value = $3`
)

// FoldLeft empties the write-ahead log once after somebody left: what they
// were called is overwritten in the file, and until then still in the log. It
// tells whether there was anything to do; a busy log is tried again later.
func (db *DB) FoldLeft(ctx context.Context) (bool, error) {
	mark, err := db.left(ctx)
	who, inLog := strings.CutPrefix(mark, logMark)
	if err != nil || !inLog {
		return false, err
	}
	done, err := db.FoldWAL(ctx)
	if err != nil || !done {
		return false, err
	}
	_, err = Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) {
		return tx.Exec(ctx, changeMeta, fileMark+who, leftMark, mark)
	})
	return err == nil, err
}

// Compact writes the SQLite file anew after somebody left, so that no copy of
// a moved row is left in a page; it tells whether there was anything to do.
// Writers wait meanwhile: it is for the night. On PostgreSQL that would lock
// readers out of each table too, so docs/operations.md leaves it to people.
func (db *DB) Compact(ctx context.Context) (bool, error) {
	mark, err := db.left(ctx)
	if err != nil || mark == "" {
		return false, err
	}
	if db.dialect == sqlite {
		if err := db.vacuum(ctx); err != nil {
			return false, err
		}
		if done, err := db.FoldWAL(ctx); err != nil || !done {
			return false, errors.Join(err, errors.New("store: the log is busy; the file is made anew the next time"))
		}
	}
	_, err = Do(ctx, db, func(ctx context.Context, tx *Tx) (int64, error) { return tx.Exec(ctx, dropMeta, leftMark, mark) })
	return err == nil, err
}

func (db *DB) left(ctx context.Context) (string, error) {
	return Read(ctx, db, func(ctx context.Context, tx *Tx) (string, error) { return tx.meta(ctx, leftMark) })
}

func (db *DB) vacuum(ctx context.Context) error {
	pool := sql.OpenDB(newSQLiteConnector(db.o, false))
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "VACUUM"); err != nil {
		return fmt.Errorf("store: the file can't be made anew: %w", err)
	}
	return nil
}
