package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Readers who follow one another without a gap, each as long as a read may
// take, keep the log from ever beginning anew. It does all the same, and
// nobody who writes waits for them.
func TestReadersDoNotPinTheLog(t *testing.T) {
	total, limit := int64(128<<20), 300*time.Millisecond
	if os.Getenv("SCALE") == "full" {
		total, limit = 1536<<20, 5*time.Second
	}
	peak, slowest := pinned(t, total, limit, false)
	if peak > total*2/3 {
		t.Errorf("of %d MiB written %d MiB were in the log at once", total>>20, peak>>20)
	}
	t.Logf("%d MiB written beside readers of %s: the log had %d MiB at most, the slowest write took %s", total>>20, limit, peak>>20, slowest.Round(time.Millisecond))
	t.Run("control: left to itself the log keeps everything", func(t *testing.T) {
		total, limit := int64(96<<20), 300*time.Millisecond
		if peak, _ := pinned(t, total, limit, true); peak < total*3/4 {
			t.Fatalf("of %d MiB written only %d MiB were in the log: nothing pinned it", total>>20, peak>>20)
		}
	})
}

// pinned writes so many bytes beside readers who leave no gap.
func pinned(t *testing.T, total int64, limit time.Duration, unwatched bool) (peak int64, slowest time.Duration) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	db := sqliteInside(t, path, func(o *Options) { o.ReadLimit, o.logUnwatched = limit, unwatched })
	const row = 64 << 10
	over := make(chan struct{})
	var began, readers, writers sync.WaitGroup
	const crowd = 3
	began.Add(crowd)
	for i := range crowd {
		readers.Go(func() {
			<-time.After(time.Duration(i) * limit / crowd)
			for first := true; ; first = false {
				_, _ = Read(context.Background(), db, func(ctx context.Context, tx *Tx) (n int, err error) {
					if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM meta").Scan(&n); err != nil {
						return 0, err
					}
					if first {
						began.Done()
					}
					select {
					case <-ctx.Done():
					case <-over:
					}
					return n, nil
				})
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	began.Wait()
	var next, most, worst atomic.Int64
	for range 4 {
		writers.Go(func() {
			for n := next.Add(1); n*row < total; n = next.Add(1) {
				start := time.Now()
				if err := write(db, fmt.Sprint("row", n), row); err != nil {
					t.Error(err)
					return
				}
				grow(&worst, int64(time.Since(start)))
				grow(&most, db.Stats().WALBytes)
			}
		})
	}
	writers.Wait()
	close(over)
	readers.Wait()
	return most.Load(), time.Duration(worst.Load())
}

func grow(most *atomic.Int64, to int64) {
	for now := most.Load(); to > now && !most.CompareAndSwap(now, to); now = most.Load() {
	}
}
