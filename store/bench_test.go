package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/store"
)

// BenchmarkGroupCommit prints how many times faster bare inserts are with
// group commit than with one commit each: the median of interleaved repeats,
// so that a slow moment of the machine hits both. Nothing is asserted.
//
//	go test ./store -run '^$' -bench GroupCommit -benchtime 1x
func BenchmarkGroupCommit(b *testing.B) {
	for _, submitters := range []int{1, 64, 256, 1024} {
		b.Run(fmt.Sprintf("submitters=%d", submitters), func(b *testing.B) {
			grouped, each := benchDB(b, false), benchDB(b, true)
			var ratios, rates []float64
			for b.Loop() {
				for range 5 {
					g := insertRate(b, grouped, submitters, 400*time.Millisecond)
					e := insertRate(b, each, submitters, 400*time.Millisecond)
					ratios, rates = append(ratios, g/e), append(rates, g)
				}
			}
			b.ReportMetric(median(ratios), "times-one-commit-each")
			b.ReportMetric(median(rates), "inserts/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func benchDB(b *testing.B, oneCommitEach bool) *store.DB {
	b.Helper()
	db, err := store.Open(context.Background(), store.Options{
		Path: b.TempDir() + "/bench.db", Clock: time.Now, OneCommitEach: oneCommitEach})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

var benchSeq atomic.Int64

// insertRate is the durable inserts per second of so many callers that each
// wait for the answer.
func insertRate(b *testing.B, db *store.DB, submitters int, span time.Duration) float64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), span)
	defer cancel()
	var done atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range submitters {
		all.Go(func() {
			for ctx.Err() == nil {
				_, err := store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (int64, error) {
					return tx.Exec(ctx, "INSERT INTO tick (minute) VALUES ($1)", benchSeq.Add(1))
				})
				if err != nil {
					b.Error(err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(start).Seconds()
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
