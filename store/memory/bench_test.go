package memory_test

import (
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkLocker locks and releases: alone, and all processors on one machine
// with 100 claims on it.
func BenchmarkLocker(b *testing.B) {
	b.Run("uncontended", func(b *testing.B) {
		l, c := locker(b, time.Now), claim("m", "a", 0)
		for b.Loop() {
			if _, _, err := l.Acquire(b.Context(), c); err != nil {
				b.Fatal(err)
			}
			_ = l.Release(b.Context(), c.Equipment, c.Owner, c.Interval)
		}
	})
	b.Run("one busy machine", func(b *testing.B) {
		l := locker(b, time.Now)
		for n := range 100 {
			busy := claim("m", "others", n)
			busy.TTL = time.Hour
			if _, _, err := l.Acquire(b.Context(), busy); err != nil {
				b.Fatal(err)
			}
		}
		var people atomic.Int64
		b.RunParallel(func(p *testing.PB) {
			n := int(people.Add(1))
			c := claim("m", strconv.Itoa(n), 200+n)
			for p.Next() {
				if _, _, err := l.Acquire(b.Context(), c); err != nil {
					b.Error(err)
				}
				_ = l.Release(b.Context(), c.Equipment, c.Owner, c.Interval)
			}
		})
	})
}
