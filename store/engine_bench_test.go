package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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
			var ratios, rates, cpu []float64
			for b.Loop() {
				for range 5 {
					used := processorTime()
					g, n := grouped.rate(b, submitters, 700*time.Millisecond)
					cpu = append(cpu, float64((processorTime()-used).Microseconds())/n)
					e, _ := each.rate(b, submitters, 700*time.Millisecond)
					ratios, rates = append(ratios, g/e), append(rates, g)
				}
			}
			stats := grouped.engine.DB.Stats()
			b.ReportMetric(median(ratios), "times-one-commit-each")
			b.ReportMetric(median(rates), "bookings/s")
			b.ReportMetric(median(cpu), "cpu-µs/booking")
			b.ReportMetric(float64(stats.Closures)/float64(stats.Commits), "bookings/commit")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkClosureStatements prints how many statements the closure of one
// booking with an idempotency key has: what running it twice adds.
//
//	go test ./store -run '^$' -bench ClosureStatements -benchtime 1x
func BenchmarkClosureStatements(b *testing.B) {
	once, twice := countStatements(b, false), countStatements(b, true)
	for b.Loop() {
		once.book(b)
		twice.book(b)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(twice.statements.Load()-once.statements.Load())/float64(once.next.Load()), "statements/closure")
}

// countStatements is a booker that has done its first booking, which reads the
// catalog, and counts from there.
func countStatements(b *testing.B, twice bool) *booker {
	b.Helper()
	k := openBooker(b, store.Options{RunTwice: twice})
	k.book(b)
	k.statements.Store(0)
	k.next.Store(0)
	k.base = 1
	return k
}

func (k *booker) book(b *testing.B) {
	b.Helper()
	if _, _, err := k.engine.Book(context.Background(), k.people[0], k.slot(k.base+k.next.Add(1))); err != nil {
		b.Fatal(err)
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

const (
	benchMachines = 300
	benchDays     = 14
)

// booker books one free slot after the other.
type booker struct {
	engine *storetest.Engine
	people []account.Actor
	base   int64 // slots that are taken already
	next   atomic.Int64

	statements atomic.Int64
}

func newBooker(b *testing.B, oneCommitEach bool) *booker {
	return openBooker(b, store.Options{OneCommitEach: oneCommitEach})
}

func openBooker(b *testing.B, o store.Options) *booker {
	b.Helper()
	clock, k := &storetest.Clock{}, &booker{}
	clock.Set(storetest.At(0, 9, 0))
	o.Path, o.Clock, o.Count = b.TempDir()+"/bench.db", clock.Now, func(string) { k.statements.Add(1) }
	db, err := store.Open(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	storetest.ImportCatalog(b, db, benchCatalog())
	k.engine = storetest.EngineOver(b, db, clock, nil)
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

// rate is the bookings a second of so many callers, and how many there were.
func (k *booker) rate(b *testing.B, submitters int, span time.Duration) (perSecond, bookings float64) {
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
	return float64(done.Load()) / time.Since(start).Seconds(), float64(done.Load())
}
