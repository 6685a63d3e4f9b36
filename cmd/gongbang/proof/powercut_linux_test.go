package proof

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongbang/store"
)

// disk is a file system of its own in an image. What a program wrote and did
// not bring to the disk is in memory alone and not in the image, so a copy of
// the image is what a power cut leaves.
type disk struct{ dir, image string }

// newDisk makes and mounts one. Only root may; it is skipped elsewhere.
func newDisk(t *testing.T) disk {
	t.Helper()
	d := disk{t.TempDir(), filepath.Join(t.TempDir(), "disk.img")}
	if err := os.WriteFile(d.image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(d.image, 192<<20); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mkfs.ext4", "-q", "-E", "lazy_itable_init=1", d.image).CombinedOutput(); err != nil {
		t.Skipf("power cut: no file system can be made here: %v %s", err, out)
	}
	if err := d.mount(t); err != nil {
		t.Skipf("power cut: an image can't be mounted here: %v", err)
	}
	return d
}

// mount keeps the file system from writing by itself while the test runs.
func (d disk) mount(t *testing.T) error {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "loop,commit=300", d.image, d.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	t.Cleanup(d.unmount)
	return nil
}

func (d disk) unmount() { _ = exec.Command("umount", "--lazy", d.dir).Run() }

// cut copies the image; nobody may write meanwhile.
func (d disk) cut(t *testing.T) (left disk) {
	t.Helper()
	left = disk{t.TempDir(), filepath.Join(t.TempDir(), "left.img")}
	if out, err := exec.Command("cp", "--reflink=auto", "--sparse=auto", d.image, left.image).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return left
}

// revive mounts what a cut left, which recovers the file system, and lets use
// look at it; then it is gone.
func (d disk) revive(t *testing.T, use func(dir string)) {
	t.Helper()
	if err := d.mount(t); err != nil {
		t.Fatal(err)
	}
	use(d.dir)
	d.unmount()
	_ = os.Remove(d.image)
}

// TestPowerCut cuts the power while people book: what was acknowledged until
// then is on the disk, and the service's own check finds nothing wrong there.
func TestPowerCut(t *testing.T) {
	d := newDisk(t)
	s := serviceAt(filepath.Join(d.dir, "data"))
	s.imports(t, raceCatalog())
	p, people, r := s.start(t), s.citizens(t, 16), seeded(t)
	var mu sync.Mutex
	var acknowledged []string
	next, client, over := 0, many(), make(chan struct{})
	var wg sync.WaitGroup
	for who := range people {
		wg.Go(func() {
			as := caller{p.base, people[who].token, client}
			for {
				mu.Lock()
				ask := wideSlot(next)
				next++
				mu.Unlock()
				a, err := as.try(t.Context(), "POST", "/api/v1/bookings", ask)
				if err != nil || a.status != http.StatusCreated {
					t.Errorf("a booking answers %d: %s (%v)", a.status, a.raw, err)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, a.text("id"))
				mu.Unlock()
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	cuts, lost, atLast := scale(4, 30), 0, 0
	for range cuts {
		<-time.After(time.Duration(50+r.IntN(250)) * time.Millisecond)
		p.signal(syscall.SIGSTOP)
		until(t, "the server stands still", p.standsStill)
		left := d.cut(t)
		mu.Lock()
		sure := acknowledged[:len(acknowledged):len(acknowledged)]
		mu.Unlock()
		p.signal(syscall.SIGCONT)
		left.revive(t, func(dir string) {
			there := serviceAt(filepath.Join(dir, "data"))
			lost += missingIn(t, there, sure)
			there.holds(t)
		})
		atLast = len(sure)
	}
	close(over)
	wg.Wait()
	p.stop()
	if lost > 0 {
		t.Errorf("%d acknowledged bookings were lost", lost)
	}
	t.Logf("%d cuts, %d acknowledged bookings until the last one, %d lost", cuts, atLast, lost)
}

// standsStill tells whether every thread has stopped, also one that was
// writing: then nothing is on its way to the disk.
func (p *server) standsStill() bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
	for _, path := range threads {
		text, err := os.ReadFile(path)
		if _, state, _ := strings.Cut(string(text), ") "); err == nil && !strings.HasPrefix(state, "T") {
			return false
		}
	}
	return len(threads) > 0
}

// missingIn counts the acknowledged bookings that are not in a service's database.
func missingIn(t *testing.T, s *service, acknowledged []string) (lost int) {
	t.Helper()
	db := s.open(t, time.Now)
	defer db.Close()
	there, err := store.Read(t.Context(), db, func(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
		rows, err := tx.Query(ctx, "SELECT id FROM booking WHERE status = 'confirmed' LIMIT 1000000")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		out := map[string]bool{}
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return nil, err
			}
			out[id] = true
		}
		return out, rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range acknowledged {
		if !there[id] {
			lost++
		}
	}
	return lost
}

// TestPowerCutControl writes rows as the service does and as the driver does by
// itself: with synchronous=NORMAL a cut loses what was acknowledged.
func TestPowerCutControl(t *testing.T) {
	for _, c := range []struct {
		synchronous string
		loses       bool
	}{{"FULL", false}, {"NORMAL", true}} {
		d := newDisk(t)
		open := func(dir string) *sql.DB {
			db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "a.db")+"?_journal_mode=WAL&_synchronous="+c.synchronous)
			if err != nil {
				t.Fatal(err)
			}
			db.SetMaxOpenConns(1)
			return db
		}
		db := open(d.dir)
		exec := func(text string, args ...any) {
			if _, err := db.Exec(text, args...); err != nil {
				t.Fatal(err)
			}
		}
		exec("CREATE TABLE a (n INTEGER)")
		const rows = 500
		for n := range rows {
			exec("INSERT INTO a (n) VALUES (?)", n)
		}
		left := d.cut(t)
		exec("DROP TABLE a")
		_ = db.Close()
		there := 0
		left.revive(t, func(dir string) {
			db := open(dir)
			defer db.Close()
			_ = db.QueryRow("SELECT COUNT(*) FROM a").Scan(&there) // not even the table may be there
		})
		if lost := rows - there; lost > 0 != c.loses {
			t.Errorf("synchronous=%s lost %d of %d acknowledged rows", c.synchronous, lost, rows)
		} else {
			t.Logf("synchronous=%s lost %d of %d acknowledged rows", c.synchronous, lost, rows)
		}
	}
}
