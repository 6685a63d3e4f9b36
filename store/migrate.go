package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations
var migrationFiles embed.FS

// migration is one numbered step; both databases have the same numbers.
type migration struct {
	no       int64
	name     string // "0001_base"
	text     string
	checksum string
}

// loadMigrations reads the steps of one database, in order.
func loadMigrations(files fs.FS, d dialect) ([]migration, error) {
	names, err := fs.Glob(files, path.Join("migrations", string(d), "*.sql"))
	if err != nil {
		return nil, err
	}
	var out []migration
	for _, file := range names { // Glob sorts
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(path.Base(file), ".sql")
		no, err := strconv.ParseInt(name[:min(4, len(name))], 10, 64)
		if err != nil || len(out) > 0 && out[len(out)-1].no >= no {
			return nil, fmt.Errorf("store: migration %s needs a number of its own: NNNN_name.sql", file)
		}
		sum := sha256.Sum256(text)
		out = append(out, migration{no, name, string(text), hex.EncodeToString(sum[:])})
	}
	return out, nil
}

const createMigrations = `CREATE TABLE IF NOT EXISTS schema_migration (
	no BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`

// migrator applies steps on one connection that nobody else uses.
type migrator struct {
	conn  *sql.Conn
	begin string // "BEGIN IMMEDIATE" on SQLite: two processes take turns
	now   int64
	// after is called behind each step, before its commit; a test's failpoint.
	after func(m migration) error
}

// run applies what is missing, each step in its own transaction.
func (r migrator) run(ctx context.Context, steps []migration) error {
	for _, m := range steps {
		if err := r.inTransaction(ctx, func() error { return r.step(ctx, m) }); err != nil {
			return fmt.Errorf("store: migration %s: %w", m.name, err)
		}
	}
	return r.inTransaction(ctx, func() error { return r.refuseNewer(ctx, steps) })
}

func (r migrator) step(ctx context.Context, m migration) error {
	if _, err := r.conn.ExecContext(ctx, createMigrations); err != nil {
		return err
	}
	var known string
	err := r.conn.QueryRowContext(ctx, "SELECT checksum FROM schema_migration WHERE no = $1", m.no).Scan(&known)
	switch {
	case err == nil && known == m.checksum:
		return nil
	case err == nil:
		return errors.New("the database was made with another text of this step; " +
			"a step that was delivered never changes: start the version that made it, or restore a backup")
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	if _, err := r.conn.ExecContext(ctx, m.text); err != nil {
		return err
	}
	if _, err := r.conn.ExecContext(ctx, "INSERT INTO schema_migration (no, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
		m.no, m.name, m.checksum, r.now); err != nil {
		return err
	}
	if r.after != nil {
		return r.after(m)
	}
	return nil
}

func (r migrator) refuseNewer(ctx context.Context, steps []migration) error {
	last := int64(0)
	if len(steps) > 0 {
		last = steps[len(steps)-1].no
	}
	var newest sql.NullInt64
	if err := r.conn.QueryRowContext(ctx, "SELECT MAX(no) FROM schema_migration").Scan(&newest); err != nil {
		return err
	}
	if newest.Int64 > last {
		return fmt.Errorf("store: the database has schema %d and this program knows %d: "+
			"start the newer version, or restore a backup made before the upgrade", newest.Int64, last)
	}
	return nil
}

func (r migrator) inTransaction(ctx context.Context, fn func() error) error {
	if _, err := r.conn.ExecContext(ctx, r.begin); err != nil {
		return err
	}
	if err := fn(); err != nil {
		_, undo := r.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return errors.Join(err, undo)
	}
	_, err := r.conn.ExecContext(ctx, "COMMIT")
	return err
}

// migrateSQLite runs on the writer's connection before the writer starts. A
// context that could end is kept out of the transactions, as in every write.
func (db *DB) migrateSQLite(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	steps, err := loadMigrations(migrationFiles, db.dialect)
	if err != nil {
		return err
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return migrator{conn: conn, begin: "BEGIN IMMEDIATE", now: ms(db.now()), after: db.o.afterStep}.run(ctx, steps)
}
