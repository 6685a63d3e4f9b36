package scheduler

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// ledger is the Runs port of one job on one node.
type ledger struct {
	Runs
	last  time.Time
	noted []string
	begun map[time.Time]int
	ended map[time.Time]RunEnd
}

func (l *ledger) State(context.Context, string) (RunState, error) {
	return RunState{Known: !l.last.IsZero(), Last: l.last}, nil
}

func (l *ledger) Begin(_ context.Context, _ string, due time.Time, lease time.Duration) (int, error) {
	if lease <= 10*time.Minute {
		return 0, errors.New("the lease ends before the run does")
	}
	l.begun[due]++
	l.last = due
	return l.begun[due], nil
}

func (l *ledger) End(_ context.Context, _ string, due time.Time, _ int, e RunEnd) error {
	l.ended[due] = e
	return nil
}

func (l *ledger) Note(_ context.Context, _ string, due time.Time, why string) error {
	l.noted = append(l.noted, due.Format(time.RFC3339)+" "+why)
	l.last = due
	return nil
}

func TestCatchUp(t *testing.T) {
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name    string
		catchUp catchUp
		last    time.Time // zero: never ran
		now     time.Time
		ran     string
		noted   string
	}{
		{"all, each in order", catchAll, day(1, 3), day(4, 5), "[2 3 4]", "[]"},
		{"latest, the last alone", catchLatest, day(1, 3), day(4, 5), "[4]", "[]"},
		{"latest, after longer than one look", catchLatest, day(1, 3).AddDate(-1, 0, 0), day(4, 5), "[4]", "[]"},
		{"latest, exactly one look ago", catchLatest, day(4, 3).AddDate(0, 0, -mostDue), day(4, 5), "[4]", "[]"},
		{"skip, too late", catchSkip, day(1, 3), day(4, 5), "[]", "[2026-11-04T03:00:00Z missed]"},
		{"skip, just in time", catchSkip, day(3, 3), day(4, 3).Add(9 * time.Minute), "[4]", "[]"},
		{"nothing due", catchAll, day(4, 3), day(5, 2), "[]", "[]"},
		{"the first start ever", catchAll, time.Time{}, day(4, 5), "[]", "[2026-11-04T05:00:00Z first start]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := calendar("0 3 * * *", time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			l := &ledger{last: c.last, begun: map[time.Time]int{}, ended: map[time.Time]RunEnd{}}
			ran := []int{}
			s := &sweeper{dated: dated{name: "test", catchUp: c.catchUp, timeout: 10 * time.Minute}, at: at, runs: l, clock: func() time.Time { return c.now },
				do: func(_ context.Context, due time.Time) error { ran = append(ran, due.Day()); return nil }}
			for range 2 { // the second sweep finds nothing left
				if _, err := s.sweep(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			noted := fmt.Sprint(l.noted)
			if fmt.Sprint(ran) != c.ran || noted != c.noted {
				t.Errorf("ran %v and noted %s, want %s and %s", ran, noted, c.ran, c.noted)
			}
		})
	}
}

func TestAFailureStopsTheOnesBehindIt(t *testing.T) {
	at, _ := calendar("0 3 * * *", time.UTC)
	now := time.Date(2026, 11, 4, 5, 0, 0, 0, time.UTC)
	l := &ledger{last: now.AddDate(0, 0, -3), begun: map[time.Time]int{}, ended: map[time.Time]RunEnd{}}
	s := &sweeper{dated: dated{name: "test", timeout: 10 * time.Minute}, at: at, runs: l, clock: func() time.Time { return now },
		do: func(context.Context, time.Time) error { return errors.New("disk full") }}
	ran, err := s.sweep(context.Background())
	if ran != 0 || err == nil || len(l.begun) != 1 {
		t.Fatalf("ran %d, %v, begun %v", ran, err, l.begun)
	}
	for _, e := range l.ended {
		if e.Err != "disk full" || e.RetryAfter != time.Minute {
			t.Errorf("%+v", e)
		}
	}
}
