package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a consistent copy of a SQLite database to path while the
// service runs: under another name first, then forced to the disk, checked and
// renamed, so that path is a whole backup or what it was before. The copy has
// no free pages, so nothing deleted is in it. It reads one snapshot; the WAL
// grows meanwhile.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.dialect != sqlite {
		return errors.New("store: back up PostgreSQL with pg_dump or pg_basebackup")
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := db.copyTo(ctx, part); err != nil {
		return fmt.Errorf("store: backup: %w", errors.Join(err, removeIfThere(part)))
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return syncFile(filepath.Dir(path))
}

func (db *DB) copyTo(ctx context.Context, part string) error {
	// Made before SQLite writes to it: nobody else may read a backup.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	pool := sql.OpenDB(newSQLiteConnector(db.o, false))
	defer pool.Close()
	if _, err := pool.ExecContext(ctx, "VACUUM INTO $1", part); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return err
	}
	return checkCopy(ctx, part)
}

// checkCopy reads the whole copy: a backup that can't be read is none.
func checkCopy(ctx context.Context, path string) error {
	pool := sql.OpenDB(rawConnector(path))
	defer pool.Close()
	var answer string
	if err := pool.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return fmt.Errorf("the copy is damaged: %s", answer)
	}
	rows, err := pool.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New("the copy has rows that refer to missing ones")
	}
	return rows.Err()
}

// FoldWAL moves the write-ahead log into the file and empties it, so that
// deleted rows, which are overwritten in the file, are not left in the log. It
// gives up after a tenth of a second rather than hold writers up: done is
// false while a reader or a write of another process needs the log; try again
// later. On PostgreSQL there is nothing to do.
func (db *DB) FoldWAL(ctx context.Context) (done bool, err error) {
	if db.dialect != sqlite {
		return true, nil
	}
	pool := sql.OpenDB(foldConnector(db.o.Path))
	defer pool.Close()
	var busy, frames, moved int
	err = pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if isOutage(err) {
		return false, nil
	}
	return err == nil && busy == 0, err
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
