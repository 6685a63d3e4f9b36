package store_test

import (
	"context"
	"fmt"

	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongbang/internal/fault"
	"gongbang/store"
)

// smallVolume mounts a small tmpfs. Only root may; it is skipped elsewhere.
func smallVolume(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small volume can't be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// A real full volume: what was answered well is there, what was refused is
// not, reads go on, and so do writes once there is space again.
func TestAFullVolume(t *testing.T) {
	dir := smallVolume(t, "6m")
	db := open(t, store.Options{Path: dir + "/small.db", Clock: time.Now})
	ctx := context.Background()
	answers := map[string]error{}
	for round := 0; !unavailableIn(answers); round++ {
		if round == 1000 {
			t.Fatal("the volume never became full")
		}
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				key := fmt.Sprintf("v%d-%d", round, i)
				_, err := store.Do(ctx, db, func(ctx context.Context, tx *store.Tx) (int64, error) {
					return tx.Exec(ctx, "INSERT INTO meta (key, value) VALUES ($1, $2)", key, strings.Repeat("x", 4000))
				})
				mu.Lock()
				defer mu.Unlock()
				answers[key] = err
			})
		}
		all.Wait()
	}
	there := keys(t, db)
	for key, err := range answers {
		switch {
		case err == nil && !there[key]:
			t.Errorf("%s was confirmed and is lost", key)
		case err != nil && fault.Code(err) != "unavailable":
			t.Errorf("%s: %v", key, err)
		}
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=32m"); err != nil {
		t.Fatal(err)
	}
	_, err := store.Do(ctx, db, func(ctx context.Context, tx *store.Tx) (int64, error) {
		return tx.Exec(ctx, "INSERT INTO meta (key, value) VALUES ($1, $2)", "vafter", "v")
	})
	if err != nil || !keys(t, db)["vafter"] {
		t.Fatalf("with space again: %v", err)
	}
}

func unavailableIn(answers map[string]error) bool {
	for _, err := range answers {
		if err != nil {
			return true
		}
	}
	return false
}

func keys(t *testing.T, db *store.DB) map[string]bool {
	t.Helper()
	got, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
		rows, err := tx.Query(ctx, "SELECT key FROM meta WHERE key LIKE 'v%' LIMIT 100000")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		out := map[string]bool{}
		for rows.Next() {
			var k string
			if err := rows.Scan(&k); err != nil {
				return nil, err
			}
			out[k] = true
		}
		return out, rows.Err()
	})
	if err != nil {
		t.Fatalf("reads must go on: %v", err)
	}
	return got
}
