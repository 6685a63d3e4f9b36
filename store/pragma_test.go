package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gongbang/internal/testkit"
	"gongbang/store"
)

// Each setting that would lose or mix data must stop the start, by its name.
func TestWrongPragmasAreRefused(t *testing.T) {
	for _, c := range []struct{ text, name string }{
		{"PRAGMA synchronous = NORMAL", "synchronous"},
		{"PRAGMA synchronous = OFF", "synchronous"},
		{"PRAGMA foreign_keys = 0", "foreign_keys"},
		{"PRAGMA journal_mode = DELETE", "journal_mode"},
		{"PRAGMA secure_delete = FAST", "secure_delete"},
		{"PRAGMA busy_timeout = 0", "busy_timeout"},
		{"PRAGMA ignore_check_constraints = 1", "ignore_check_constraints"},
		{"PRAGMA wal_autocheckpoint = 0", "wal_autocheckpoint"},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := store.Open(context.Background(), store.Tampered(store.Options{Path: t.TempDir() + "/a.db", Clock: time.Now}, c.text))
			if err == nil || !strings.Contains(err.Error(), "PRAGMA "+c.name+" is ") {
				t.Fatalf("opened, or said nothing useful: %v", err)
			}
		})
	}
}

func TestBadStarts(t *testing.T) {
	for name, o := range map[string]store.Options{
		"a database in memory has no WAL": {Path: ":memory:", Clock: time.Now},
		"a folder that does not exist":    {Path: t.TempDir() + "/no/such/folder.db", Clock: time.Now},
		"no clock":                        {Path: t.TempDir() + "/a.db"},
		"no database":                     {Clock: time.Now},
		"two databases":                   {Path: t.TempDir() + "/a.db", URL: "postgres://x", Clock: time.Now},
		"no server":                       {URL: "postgres://nobody@/none?host=/nowhere", Clock: time.Now},
		"not a URL":                       {URL: "postgres://%%%", Clock: time.Now},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(context.Background(), o)
			if err == nil {
				_ = db.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), "store: ") {
				t.Fatalf("not a sentence of ours: %v", err)
			}
		})
	}
}

func TestWrongServerSettingsAreRefused(t *testing.T) {
	for _, c := range []struct{ text, name string }{
		{"SET synchronous_commit = off", "synchronous_commit is off"},
		{"SET synchronous_commit = local", "synchronous_commit is local"},
		{"SET default_transaction_isolation = 'serializable'", "default_transaction_isolation is serializable"},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := store.Open(context.Background(), store.Tampered(store.Options{URL: testkit.Postgres(t), Clock: time.Now}, c.text))
			if err == nil || !strings.Contains(err.Error(), c.name) {
				t.Fatalf("opened, or said nothing useful: %v", err)
			}
		})
	}
}
