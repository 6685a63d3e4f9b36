package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"gongbang/store"
	"gongbang/store/storetest"
)

// change alters the options a test opens a database with.
type change = func(*store.Options)

// sqliteDB is a fresh SQLite file in the test's own folder.
func sqliteDB(t *testing.T, changes ...change) *store.DB {
	t.Helper()
	return open(t, store.Options{Path: filepath.Join(t.TempDir(), "gongbang.db"), Clock: time.Now}, changes...)
}

func open(t *testing.T, o store.Options, changes ...change) *store.DB {
	t.Helper()
	for _, c := range changes {
		c(&o)
	}
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func TestSQLiteBase(t *testing.T) { storetest.Base(t, sqliteDB) }
