package store_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gongbang/account"
	"gongbang/internal/testkit"
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
	before := named(t, path, path+"-wal")
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
	for text := range named(t, path, path+"-wal") {
		t.Errorf("%s is still in the file", text)
	}
}

// TestNothingIsLeftInTheTableFiles: PostgreSQL keeps old versions of rows in
// its pages and common values in its statistics. What docs/operations.md has
// people run writes both anew; then no byte of any table or index names who left.
func TestNothingIsLeftInTheTableFiles(t *testing.T) {
	ctx, url := context.Background(), testkit.Postgres(t)
	e := storetest.NewEngine(t, func(t *testing.T, changes ...change) *store.DB {
		return open(t, store.Options{URL: url, Clock: time.Now}, changes...)
	}, nil)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	run := func(texts ...string) {
		t.Helper()
		for _, text := range append(texts, "CHECKPOINT") { // pages reach the files
			if _, err := conn.Exec(ctx, text); err != nil {
				t.Fatal(text, err)
			}
		}
	}
	var dir, oid string
	if err := conn.QueryRow(ctx, `SELECT current_setting('data_directory'), oid::text FROM pg_database WHERE datname = current_database()`).Scan(&dir, &oid); err != nil {
		t.Fatal(err)
	}
	files := func() []string {
		t.Helper()
		all, err := filepath.Glob(filepath.Join(dir, "base", oid, "*"))
		if err != nil || len(all) < 100 {
			t.Fatal(len(all), "files", err)
		}
		return all
	}
	me := storetest.Live(t, e)
	run("ANALYZE")
	for _, text := range []string{storetest.Unique[0], storetest.Unique[1], storetest.Unique[3], storetest.Unique[7], storetest.Unique[8], storetest.UniqueReason} {
		if !named(t, files()...)[text] {
			t.Errorf("the control does not find %s in the files", text)
		}
	}
	if err := e.Accounts.Leave(ctx, me, account.Leaving{Confirm: "탈퇴", Password: "gute Maschine 7"}, e.Leave); err != nil {
		t.Fatal(err)
	}
	run("VACUUM")
	if len(named(t, files()...)) == 0 {
		t.Error("a plain VACUUM is enough: say so in docs/operations.md")
	}
	run("ANALYZE", "VACUUM FULL")
	for text := range named(t, files()...) {
		t.Errorf("%s is still in the files", text)
	}
}

// named looks for what names the person in the raw bytes of files.
func named(t *testing.T, files ...string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files {
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
