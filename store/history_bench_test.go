package store_test

import (
	"context"
	"os"
	"testing"
	"time"

	"gongbang/account"
	"gongbang/booking"
	"gongbang/store/storetest"
)

// BenchmarkHistory prints how much slower daily work becomes over years of
// finished bookings: the same work over 10,000 of them and over a million (ten
// million with SCALE=full), by processor time, medians of interleaved repeats.
// Nothing is asserted.
//
//	go test ./store -run '^$' -bench History -benchtime 1x
func BenchmarkHistory(b *testing.B) {
	rows := 1_000_000
	if os.Getenv("SCALE") == "full" {
		rows = 10_000_000
	}
	short, long := benchPast(b, 10_000), benchPast(b, rows)
	for name, work := range map[string]func(*booker) error{
		"a machine's day": (*booker).seeDay, "free machines of a kind": (*booker).seeKind, "a booking": (*booker).bookNext,
	} {
		b.Run(name, func(b *testing.B) {
			var ratios []float64
			for b.Loop() {
				for range 15 {
					few := perCall(b, func() error { return work(short) })
					ratios = append(ratios, perCall(b, func() error { return work(long) })/few)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(ratios), "times-10k-rows")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// benchPast is a database with so many finished bookings and some to come.
func benchPast(b *testing.B, rows int) *booker {
	b.Helper()
	k := newBooker(b, false)
	storetest.WritePast(b, k.engine.DB, storetest.Past{Rows: rows, Machines: benchMachines, Until: storetest.At(0, 9, 0)})
	for range 4000 {
		if err := k.bookNext(); err != nil {
			b.Fatal(err)
		}
	}
	return k
}

func (k *booker) bookNext() error {
	n := k.next.Add(1)
	_, _, err := k.engine.Book(context.Background(), k.people[n%int64(len(k.people))], k.slot(n))
	return err
}

func (k *booker) seeDay() error {
	_, err := k.engine.Availability(context.Background(), account.Actor{}, "m7", "2026-11-23", 1)
	return err
}

func (k *booker) seeKind() error {
	start := storetest.At(3, 10, 0)
	_, err := k.engine.Search(context.Background(), booking.SearchQuery{Category: "sewing"}, booking.Interval{Start: start, End: start.Add(time.Hour)})
	return err
}

// perCall is the processor time of one call, in microseconds.
func perCall(b *testing.B, work func() error) float64 {
	b.Helper()
	const calls = 60
	used := processorTime()
	for range calls {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	}
	return float64((processorTime() - used).Microseconds()) / calls
}
