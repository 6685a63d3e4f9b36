package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/internal/testkit"
	"gongbang/store"
)

func put(db *store.DB, key, value string) error {
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, "INSERT INTO meta (key, value) VALUES ($1, $2)", key, value)
	})
	return err
}

// A backup made under load is opened by the service itself and holds every
// row whose write was answered before it began.
func TestABackupIsRestored(t *testing.T) {
	db := sqliteDB(t)
	ctx := context.Background()
	for i := range 20 {
		if err := put(db, fmt.Sprintf("v%d", i), "v"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := store.Do(ctx, db, func(ctx context.Context, tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.Record(ctx, account.Entry{Actor: "a", Action: "b", Subject: "c"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SealAudit(ctx); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var load sync.WaitGroup
	load.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				if err := put(db, fmt.Sprintf("w%d", i), strings.Repeat("x", 500)); err != nil {
					t.Error(err)
				}
			}
		}
	})
	path := t.TempDir() + "/backup.db"
	for range 3 { // the later ones replace the first
		if err := db.Backup(ctx, path); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	load.Wait()
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Error("the unfinished file is still there")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup may be read by others: %v, %v", info.Mode(), err)
	}
	restored := open(t, store.Options{Path: path, Clock: time.Now})
	if got := keys(t, restored); len(got) != 20 {
		t.Errorf("%d rows of 20", len(got))
	}
	if bad, err := restored.VerifyAudit(ctx); bad != 0 || err != nil {
		t.Errorf("the restored audit: %d, %v", bad, err)
	}
	if err := put(restored, "after", "v"); err != nil {
		t.Error(err)
	}
}

func TestABackupThatFailsLeavesTheOldOne(t *testing.T) {
	db := sqliteDB(t)
	path := t.TempDir() + "/backup.db"
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := db.Backup(ctx, path); err == nil {
		t.Fatal("no error")
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Fatal("the old backup is gone")
	}
	if err := db.Backup(context.Background(), t.TempDir()+"/no/such/folder"); err == nil {
		t.Fatal("no error")
	}
}

// What is deleted is overwritten: the answers of the inbox must not be found
// in the file after they were moved.
func TestDeletedRowsAreOverwritten(t *testing.T) {
	path := t.TempDir() + "/a.db"
	db := open(t, store.Options{Path: path, Clock: time.Now})
	const secret = "a sentence that must not stay"
	if err := put(db, "secret", secret); err != nil {
		t.Fatal(err)
	}
	_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, "DELETE FROM meta WHERE key = $1", "secret")
	})
	if err != nil {
		t.Fatal(err)
	}
	if found(t, path, secret) == 0 {
		t.Fatal("the sentence is not even in the log: the test proves nothing")
	}
	if done, err := db.FoldWAL(context.Background()); err != nil || !done {
		t.Fatalf("folded %v, %v", done, err)
	}
	if n := found(t, path, secret); n > 0 {
		t.Errorf("a deleted row is still there %d times", n)
	}
}

// found counts a text in the file and its log.
func found(t *testing.T, path, text string) (n int) {
	t.Helper()
	for _, name := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(b, []byte(text))
	}
	return n
}

func TestFoldingWaitsForNobody(t *testing.T) {
	db := sqliteDB(t)
	_, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (struct{}, error) {
		var n int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM meta").Scan(&n); err != nil {
			return struct{}{}, err
		}
		if err := put(db, "a", "v"); err != nil {
			return struct{}{}, err
		}
		done, err := db.FoldWAL(context.Background())
		if done || err != nil {
			t.Errorf("folded %v beside a reader, %v", done, err)
		}
		return struct{}{}, put(db, "b", "v")
	})
	if err != nil {
		t.Fatal(err)
	}
	if done, err := db.FoldWAL(context.Background()); !done || err != nil {
		t.Errorf("folded %v, %v", done, err)
	}
}

func TestBackupOfPostgresIsNotOurs(t *testing.T) {
	db := open(t, store.Options{URL: testkit.Postgres(t), Clock: time.Now})
	if err := db.Backup(context.Background(), t.TempDir()+"/b"); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Fatal(err)
	}
}
