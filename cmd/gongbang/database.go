package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"gongbang/booking"
	"gongbang/store"
)

// openStore opens the database that the settings name, with migrations. The
// data folder is made where it is missing: nobody else may look into it.
func openStore(ctx context.Context, cfg *Config, clock func() time.Time, change ...func(*store.Options)) (*store.DB, error) {
	if err := os.MkdirAll(string(cfg.Data), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder can't be made: %w", err)
	}
	o := store.Options{Clock: clock}
	if cfg.DatabaseURL != "" {
		o.URL = string(cfg.DatabaseURL)
	} else {
		o.Path = cfg.databaseFile()
	}
	for _, c := range change {
		c(&o)
	}
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("the database can't be opened: %w", err)
	}
	return db, nil
}

// openExisting is openStore for commands that make no sense on a database
// that is not there yet.
func openExisting(ctx context.Context, cfg *Config) (*store.DB, error) {
	if cfg.DatabaseURL == "" {
		if _, err := os.Stat(cfg.databaseFile()); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database at %s; %sDATA names another folder, or start with `gongbang import` or `gongbang serve`", cfg.databaseFile(), prefix)
		}
	}
	return openStore(ctx, cfg, cfg.now, patiently)
}

// patiently lets one read take as long as years of bookings need: a check has
// time, a page has not.
func patiently(o *store.Options) { o.ReadLimit = 30 * time.Minute }

// catalogNow is the catalog in force; revision 0 before the first import.
func catalogNow(ctx context.Context, db *store.DB) (*booking.Catalog, error) {
	return store.Read(ctx, db, store.LoadCatalog)
}

func catalogName(ctx context.Context, db *store.DB) (string, error) {
	c, err := catalogNow(ctx, db)
	if err != nil {
		return "", err
	}
	if c.Revision != 0 && c.Name == "" {
		return "without a name", nil
	}
	return c.Name, nil
}
