package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func runBackup(ctx context.Context, c call) error {
	if len(c.args) != 1 {
		return misused("say where the copy goes: backup FILE")
	}
	path := c.args[0]
	cfg, err := loadConfig(c.env, nil, false)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL != "" {
		return errors.New("this database is PostgreSQL; use pg_dump")
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already; a backup never replaces a file", path)
	}
	db, err := openExisting(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Backup(ctx, path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: %d bytes, checked. The key file %s is not in it; keep it apart.\n", path, info.Size(), cfg.KeyFile)
	return nil
}
