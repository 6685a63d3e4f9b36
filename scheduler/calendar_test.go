package scheduler_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gongbang/scheduler"
	"gongbang/store"
)

// node is one process: its clock may be off, and it can be killed, after which
// nothing of it reaches the database.
type node struct {
	s    *scheduler.Scheduler
	dead *atomic.Bool
}

var errKilled = errors.New("killed")

// mortal is the database as a node reaches it.
type mortal struct {
	scheduler.Runs
	dead *atomic.Bool
}

func (m mortal) Begin(ctx context.Context, job string, due time.Time, lease time.Duration) (int, error) {
	if m.dead.Load() {
		return 0, errKilled
	}
	return m.Runs.Begin(ctx, job, due, lease)
}

func (m mortal) End(ctx context.Context, job string, due time.Time, attempt int, e scheduler.RunEnd) error {
	if m.dead.Load() {
		return errKilled
	}
	return m.Runs.End(ctx, job, due, attempt, e)
}

func startNode(t *testing.T, runs scheduler.Runs, d *diary, skew time.Duration, began func()) *node {
	t.Helper()
	n := &node{dead: &atomic.Bool{}}
	w := &work{d: d, takes: 90 * time.Second, began: began, fails: func(string, time.Time) error {
		if n.dead.Load() {
			return errKilled
		}
		return nil
	}}
	dd := deps(t, mortal{runs, n.dead}, w)
	dd.Every = 10 * time.Minute
	dd.Clock = func() time.Time { return time.Now().Add(skew) }
	n.s = start(t, dd)
	return n
}

// kill is SIGKILL: what runs has no effect any more. The goroutines still have to end.
func (n *node) kill() {
	n.dead.Store(true)
	over, cancel := context.WithCancel(context.Background())
	cancel()
	_ = n.s.Stop(over)
}

// wanted lists each day's due time of an hour and minute in Seoul, after from and not after until.
func wanted(from, until time.Time, hour, minute int) []time.Time {
	var due []time.Time
	for day := from.In(seoul).AddDate(0, 0, -1); ; day = day.AddDate(0, 0, 1) {
		at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, seoul).UTC()
		if at.After(until) {
			return due
		}
		if at.After(from) {
			due = append(due, at)
		}
	}
}

func eachOnce(t *testing.T, job string, got, want []time.Time) {
	t.Helper()
	got = slices.Clone(got)
	slices.SortFunc(got, time.Time.Compare)
	if !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("%s ran for\n%v\nwant\n%v", job, got, want)
	}
}

func TestThirtyDaysThreeNodesSkewAndKills(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		chance := rand.New(rand.NewPCG(seed, 1))
		runs, d := newMemRuns(), newDiary()
		skews := []time.Duration{0, time.Hour, -time.Hour}
		begun := time.Now()
		nodes := make([]*node, len(skews))
		running := make(chan int)
		revive := func(i int) {
			nodes[i] = startNode(t, runs, d, skews[i], func() {
				select {
				case running <- i:
				default:
				}
			})
		}
		for i := range nodes {
			revive(i)
		}
		// What is interrupted eight times is given up, as it should be; that is a
		// test of its own.
		interrupted, inRow := 0, 0
		for end := time.After(30 * 24 * time.Hour); end != nil; {
			select {
			case <-end:
				end = nil
			case i := <-running: // a run has begun and takes 90 s
				if inRow < 4 && chance.IntN(3) == 0 {
					time.Sleep(30 * time.Second)
					nodes[i].kill()
					revive(i)
					interrupted++
					inRow++
				} else {
					inRow = 0
				}
			case <-time.After(time.Duration(chance.Int64N(int64(8 * time.Hour)))):
				i := chance.IntN(len(nodes))
				nodes[i].kill()
				revive(i)
			}
		}
		if interrupted < 5 {
			t.Errorf("only %d runs were interrupted", interrupted)
		}
		// Past the last lease, so that whatever a kill interrupted was taken over.
		time.Sleep(3 * time.Hour)
		until := time.Now()
		for _, n := range nodes {
			stop(t, n.s)
		}
		// The first node to look began the counting an hour ahead; the last due
		// times may lie within the clocks' differences.
		for job, at := range map[string][2]int{"backup": {3, 30}, "retention": {4, 30}, "audit.head": {0, 10}} {
			got := d.of(job)
			want := wanted(begun.Add(time.Hour), until.Add(-2*time.Hour), at[0], at[1])
			eachOnce(t, job, slices.DeleteFunc(got, func(due time.Time) bool { return due.After(until.Add(-2 * time.Hour)) }), want)
		}
		if len(d.of("backup")) < 29 {
			t.Errorf("%d backups in 30 days", len(d.of("backup")))
		}
	})
}

// noTick leaves out what would be 130,000 commits of one row.
type noTick struct{ scheduler.Runs }

func (noTick) Tick(context.Context, time.Time) error { return nil }

func TestThirtyDaysThreeNodesOnSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gongbang.db")
	synctest.Test(t, func(t *testing.T) {
		var dbs []*store.DB
		var nodes []*scheduler.Scheduler
		d := newDiary()
		begun := time.Now()
		for range 3 { // three processes on one machine: nothing shared but the file
			db, err := store.Open(t.Context(), store.Options{Path: path, Clock: time.Now, Readers: 1})
			if err != nil {
				t.Fatal(err)
			}
			dbs = append(dbs, db)
			dd := deps(t, noTick{store.NewJobRuns(db)}, &work{d: d, takes: time.Minute})
			dd.Every = time.Hour
			nodes = append(nodes, start(t, dd))
		}
		time.Sleep(30*24*time.Hour + 30*time.Minute)
		until := time.Now()
		for i, n := range nodes {
			stop(t, n)
			if err := dbs[i].Close(); err != nil {
				t.Error(err)
			}
		}
		for job, at := range map[string][2]int{"backup": {3, 30}, "retention": {4, 30}, "audit.head": {0, 10}} {
			eachOnce(t, job, d.of(job), wanted(begun, until.Truncate(time.Hour), at[0], at[1]))
		}
	})
}

func TestCatchUpAfterDowntime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		dd := deps(t, runs, &work{d: d})
		s := start(t, dd)
		time.Sleep(time.Hour)
		stop(t, s)
		down := time.Now()
		time.Sleep(100 * 24 * time.Hour) // over three month ends
		s = start(t, dd)
		time.Sleep(time.Minute)
		up := time.Now()
		stop(t, s)
		for job, at := range map[string][2]int{"backup": {3, 30}, "retention": {4, 30}, "audit.head": {0, 10}} {
			missed := wanted(down, up, at[0], at[1])
			eachOnce(t, job+", the latest alone", d.of(job), missed[len(missed)-1:])
		}
		if n := len(d.of("survey.monthly")); n != 1 {
			t.Errorf("%d months were told of, want the latest alone", n)
		}
		if n := len(d.of("survey.close_month")); n != 1 {
			t.Errorf("months were closed %d times", n)
		}
	})
}

func TestFailedRunComesAgainAndIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs, d := newMemRuns(), newDiary()
		var mu sync.Mutex
		tries := map[time.Time]int{}
		w := &work{d: d, fails: func(job string, due time.Time) error {
			if job != "backup" {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			tries[due]++
			switch {
			case len(tries) == 1: // the first day never succeeds
				return errors.New("disk full")
			case tries[due] < 3:
				panic("no such folder")
			}
			return nil
		}}
		s := start(t, deps(t, runs, w))
		begun := time.Now()
		time.Sleep(48*time.Hour + time.Minute)
		stop(t, s)
		due := wanted(begun, time.Now(), 3, 30)
		if len(due) != 2 {
			t.Fatalf("the test saw %v", due)
		}
		if tries[due[0]] != 8 || tries[due[1]] != 3 {
			t.Errorf("tries %v, want 8 and 3", tries)
		}
		eachOnce(t, "backup", d.of("backup"), due[1:])
	})
}
