package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store"
	"gongbang/store/storetest"
)

// BenchmarkBookingUseCase prints how many times faster the whole booking use
// case is (judgement, lock, key, unit, audit, outbox, durable commit) with
// group commit than with one commit a booking: the median of interleaved
// repeats. Nothing is switched off and nothing is asserted.
//
//	go test ./store -run '^$' -bench BookingUseCase -benchtime 1x
func BenchmarkBookingUseCase(b *testing.B) {
	for _, submitters := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("submitters=%d", submitters), func(b *testing.B) {
			grouped, each := newBooker(b, false), newBooker(b, true)
			var ratios, rates []float64
			for b.Loop() {
				for range 5 {
					g := grouped.rate(b, submitters, 400*time.Millisecond)
					e := each.rate(b, submitters, 400*time.Millisecond)
					ratios, rates = append(ratios, g/e), append(rates, g)
				}
			}
			b.ReportMetric(median(ratios), "times-one-commit-each")
			b.ReportMetric(median(rates), "bookings/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

const (
	benchMachines = 300
	benchDays     = 14
)

// booker books one free slot after the other.
type booker struct {
	engine *storetest.Engine
	people []account.Actor
	next   atomic.Int64
}

func newBooker(b *testing.B, oneCommitEach bool) *booker {
	b.Helper()
	clock := &storetest.Clock{}
	clock.Set(storetest.At(0, 9, 0))
	db, err := store.Open(context.Background(), store.Options{Path: b.TempDir() + "/bench.db", Clock: clock.Now, OneCommitEach: oneCommitEach})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	storetest.ImportCatalog(b, db, benchCatalog())
	k := &booker{engine: storetest.EngineOver(b, db, clock, nil)}
	for n := range 64 {
		k.people = append(k.people, k.engine.Citizen(b, n))
	}
	return k
}

func benchCatalog() string {
	var machines []string
	for m := range benchMachines {
		machines = append(machines, fmt.Sprintf(`{"id":"m%d","name":{"ko":"장비 %d","en":"Machine %d"},"category":"sewing","quantity":1,"mode":"self","fee_krw_per_hour":0}`, m, m, m))
	}
	day := `["00:00","24:00"]`
	return fmt.Sprintf(`{"catalog":"bench","time_zone":"Asia/Seoul","centers":[{"id":"c","name":{"ko":"센터","en":"Center"},"operator":"city","district":"d","sectors":["s"],
		"hours":{"mon":%[1]s,"tue":%[1]s,"wed":%[1]s,"thu":%[1]s,"fri":%[1]s,"sat":%[1]s,"sun":%[1]s},"closed_on_public_holidays":false,"eligibility":{"groups":"anyone"},
		"policy":{"slot_minutes":30},"equipment":[%[2]s]}]}`, day, strings.Join(machines, ","))
}

// slot is the n-th free slot: a machine, and half an hour on it.
func (k *booker) slot(n int64) booking.BookRequest {
	machine, step := n%benchMachines, n/benchMachines
	req := storetest.Want(fmt.Sprintf("m%d", machine), storetest.At(0, 9, 30).Add(time.Duration(step%(benchDays*48-2))*30*time.Minute), 30)
	req.Key = &booking.Key{Caller: "bench", Value: fmt.Sprint(n), Body: "b"}
	return req
}

func (k *booker) rate(b *testing.B, submitters int, span time.Duration) float64 {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), span)
	defer cancel()
	var done atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for i := range submitters {
		all.Go(func() {
			for ctx.Err() == nil {
				if _, _, err := k.engine.Book(context.Background(), k.people[i%len(k.people)], k.slot(k.next.Add(1))); err != nil {
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
