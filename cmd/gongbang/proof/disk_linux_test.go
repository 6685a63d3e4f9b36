package proof

import (
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// smallVolume mounts a small tmpfs. Only root may; it is skipped elsewhere.
func smallVolume(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("disk full: a small volume can't be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// TestDiskFull fills the volume of the data folder while people book: what was
// answered well is there afterwards, what was refused is not or becomes one
// with its key, reads are served, and bookings go on once there is space.
func TestDiskFull(t *testing.T) {
	dir := smallVolume(t, "24m")
	s := serviceAt(filepath.Join(dir, "data"))
	s.imports(t, raceCatalog())
	p := s.start(t)
	l := &killing{house: &house{service: s, servers: []*server{p}}, people: s.citizens(t, 8), r: seeded(t)}
	acked := l.untilFull(t, func() { fill(t, filepath.Join(dir, "filler")) })
	for _, path := range []string{"/healthz", "/api/v1/catalog", "/api/v1/equipment/wide/availability?from=" + ahead(1, 0, 0).Format(time.DateOnly)} {
		caller{base: p.base}.want(t, http.StatusOK, "GET", path, nil)
	}
	me := caller{base: p.base, token: l.people[0].token}
	me.want(t, http.StatusOK, "GET", "/api/v1/bookings", nil)
	if a := me.call(t, "POST", "/api/v1/bookings", wideSlot(50_000)); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("on the full disk a booking answers %d: %s", a.status, a.raw)
	}
	if err := os.Remove(filepath.Join(dir, "filler")); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	until(t, "bookings go on", func() bool {
		return me.call(t, "POST", "/api/v1/bookings", wideSlot(50_001), "Idempotency-Key", "after").status == http.StatusCreated
	})
	took := time.Since(began)
	extra := me.want(t, http.StatusCreated, "POST", "/api/v1/bookings", wideSlot(50_001), "Idempotency-Key", "after")
	l.settle(t, acked)
	l.acknowledged = append(l.acknowledged, &press{key: "after", id: extra.text("id")})
	l.verify(t)
	p.stop()
	s.holds(t)
	t.Logf("%d acknowledged, %d refused on the full disk and settled by their keys; bookings went on %s after there was space", len(l.acknowledged)-l.unanswered, l.unanswered, took.Round(time.Millisecond))
}

// untilFull books from all sides, fills the disk, and ends when each person
// met the full disk. What no key can tell apart is not booked.
func (l *killing) untilFull(t *testing.T, fill func()) []*press {
	t.Helper()
	var all []*press
	var mu sync.Mutex
	var booked atomic.Int64
	full := make(chan struct{})
	var wg sync.WaitGroup
	for who := range l.people {
		wg.Go(func() {
			as := caller{base: l.servers[0].base, token: l.people[who].token}
			for n := 0; n < 20_000; n++ {
				mu.Lock()
				p := &press{who: who, key: "full-" + randomText(9), ask: wideSlot(l.slots)}
				l.slots++
				all = append(all, p)
				mu.Unlock()
				a, err := as.try(t.Context(), "POST", "/api/v1/bookings", p.ask, "Idempotency-Key", p.key)
				if err != nil {
					t.Errorf("no answer on a full disk: %v", err)
					return
				}
				p.took(t, a, nil)
				if booked.Add(1) == 100 {
					close(full)
				}
				if p.lost {
					return
				}
			}
			t.Error("the disk never became full")
		})
	}
	<-full
	fill()
	wg.Wait()
	return all
}

// fill takes all space that is left.
func fill(t *testing.T, path string) {
	f, err := os.Create(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	for block := make([]byte, 1<<16); len(block) > 0; {
		if _, err := f.Write(block); err != nil {
			block = block[:len(block)/2]
		}
	}
}
