package store_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"gongbang/account"
	"gongbang/store"
	"gongbang/store/storetest"
)

func TestSQLiteLeaving(t *testing.T) { storetest.Leaving(t, sqliteDB) }

func TestPostgresLeaving(t *testing.T) { storetest.Leaving(t, postgresDB) }

// TestNothingIsLeftInTheFile: somebody uses everything, leaves, and the jobs
// of the night run; then no byte of the file or its log names them.
func TestNothingIsLeftInTheFile(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "gongbang.db")
	e := storetest.NewEngine(t, func(t *testing.T, changes ...change) *store.DB {
		return open(t, store.Options{Path: path}, changes...)
	}, nil)
	me := storetest.Live(t, e)
	if _, err := e.DB.FoldWAL(ctx); err != nil {
		t.Fatal(err)
	}
	before := named(t, path)
	for _, text := range []string{storetest.Unique[0], storetest.Unique[1], storetest.Unique[3], storetest.Unique[7], storetest.Unique[8], storetest.UniqueReason} {
		if !before[text] {
			t.Errorf("the control does not find %s in the file", text)
		}
	}
	if err := e.Accounts.Leave(ctx, me, account.Leaving{Confirm: "탈퇴", Password: "gute Maschine 7"}, e.Leave); err != nil {
		t.Fatal(err)
	}
	if done, err := e.DB.FoldLeft(ctx); !done || err != nil {
		t.Fatal("the log is not folded", err)
	}
	if done, err := e.DB.FoldLeft(ctx); done || err != nil {
		t.Fatal("the log is folded for nobody", err)
	}
	if done, err := e.DB.Compact(ctx); !done || err != nil {
		t.Fatal("the file is not made anew", err)
	}
	if done, err := e.DB.Compact(ctx); done || err != nil {
		t.Fatal("the file is made anew for nobody", err)
	}
	for text := range named(t, path) {
		t.Errorf("%s is still in the file", text)
	}
}

// named looks for what names the person in the raw bytes of the file and its log.
func named(t *testing.T, path string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, file := range []string{path, path + "-wal"} {
		raw, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		for _, text := range storetest.Unique {
			if bytes.Contains(raw, []byte(text)) {
				found[text] = true
			}
		}
	}
	return found
}

func TestSQLiteMembers(t *testing.T) { storetest.Members(t, sqliteDB) }

func TestPostgresMembers(t *testing.T) { storetest.Members(t, postgresDB) }

func TestSQLiteCertificates(t *testing.T) { storetest.Certificates(t, sqliteDB) }

func TestPostgresCertificates(t *testing.T) { storetest.Certificates(t, postgresDB) }

func TestSQLiteFeeds(t *testing.T) { storetest.Feeds(t, sqliteDB) }

func TestPostgresFeeds(t *testing.T) { storetest.Feeds(t, postgresDB) }
