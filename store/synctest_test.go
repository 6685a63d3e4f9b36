package store_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/store"
)

// The store runs on simulated time: weeks of jobs are tested with a real file.
func TestSimulatedWeeks(t *testing.T) {
	path := t.TempDir() + "/a.db"
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(context.Background(), store.Options{Path: path, Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		start := time.Now()
		for range 28 {
			time.Sleep(24 * time.Hour)
			now, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (time.Time, error) {
				_, err := tx.Exec(ctx, "INSERT INTO tick (minute) VALUES ($1)", tx.Now().UnixMilli())
				return tx.Now(), err
			})
			if err != nil || !now.Equal(time.Now().Truncate(time.Millisecond)) {
				t.Fatalf("%v, %v", now, err)
			}
			if err := db.Ping(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if time.Since(start) != 28*24*time.Hour {
			t.Fatal("time was not simulated")
		}
	})
}
