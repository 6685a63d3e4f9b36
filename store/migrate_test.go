package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gongbang/internal/testkit"
	"gongbang/store"
)

// eachDatabase runs a test with options that open one and the same database again and again.
func eachDatabase(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, store.Options{Path: filepath.Join(t.TempDir(), "a.db"), Clock: time.Now})
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, store.Options{URL: testkit.Postgres(t), Clock: time.Now})
	})
}

// begin opens and closes.
func begin(o store.Options, texts ...string) error {
	db, err := store.Open(context.Background(), o)
	if err != nil {
		return err
	}
	_, err = store.Do(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n int64, err error) {
		for _, text := range texts {
			if n, err = tx.Exec(ctx, text); err != nil {
				break
			}
		}
		return n, err
	})
	return errors.Join(err, db.Close())
}

func TestASchemaThatIsNotOursIsRefused(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"newer", "INSERT INTO schema_migration (no, name, checksum, applied_at) VALUES (9999, 'x', 'x', 0)", "newer version"},
		{"changed", "UPDATE schema_migration SET checksum = 'x' WHERE no = 1", "another text of this step"},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, o store.Options) {
				if err := begin(o, c.text); err != nil {
					t.Fatal(err)
				}
				if err := begin(o); err == nil || !strings.Contains(err.Error(), c.says) {
					t.Fatalf("opened, or said nothing useful: %v", err)
				}
			})
		})
	}
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o store.Options) {
		stop := errors.New("stopped")
		if err := begin(store.FailAfter(o, 1, func() error { return stop })); !errors.Is(err, stop) {
			t.Fatalf("the failpoint was not reached: %v", err)
		}
		if err := begin(o); err != nil {
			t.Fatalf("the next start: %v", err)
		}
		if err := begin(o); err != nil {
			t.Fatalf("the start after: %v", err)
		}
	})
}

func TestNodesThatStartTogether(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o store.Options) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := begin(o); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	})
}

// childOf runs TestChild in a process of its own.
func childOf(t *testing.T, o store.Options, kill string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.count=1")
	cmd.Env = append(os.Environ(), "STORE_CHILD_PATH="+o.Path, "STORE_CHILD_URL="+o.URL, "STORE_CHILD_KILL="+kill)
	return cmd
}

// TestChild is the other process of the tests below and does nothing without them.
func TestChild(t *testing.T) {
	o := store.Options{Path: os.Getenv("STORE_CHILD_PATH"), URL: os.Getenv("STORE_CHILD_URL"), Clock: time.Now}
	if o.Path == "" && o.URL == "" {
		return
	}
	if os.Getenv("STORE_CHILD_KILL") != "" {
		o = store.FailAfter(o, 1, func() error { return syscall.Kill(os.Getpid(), syscall.SIGKILL) })
	}
	for i := range 20 {
		if err := begin(o, fmt.Sprintf("INSERT INTO meta (key, value) VALUES ('p%d-%d', 'v')", os.Getpid(), i)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProcessesThatOpenTheSameDatabase(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o store.Options) {
		var all sync.WaitGroup
		for range 3 {
			cmd := childOf(t, o, "")
			all.Go(func() {
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		all.Wait()
		db := open(t, o)
		n, err := store.Read(context.Background(), db, func(ctx context.Context, tx *store.Tx) (n int, err error) {
			return n, tx.QueryRow(ctx, "SELECT COUNT(*) FROM meta WHERE key LIKE 'p%'").Scan(&n)
		})
		if err != nil || n != 60 {
			t.Fatalf("%d rows of 60: %v", n, err)
		}
	})
}

func TestAProcessKilledInsideAMigration(t *testing.T) {
	eachDatabase(t, func(t *testing.T, o store.Options) {
		err := childOf(t, o, "1").Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("the child was not killed: %v", err)
		}
		if err := begin(o, "INSERT INTO meta (key, value) VALUES ('a', 'v')"); err != nil {
			t.Fatalf("the next start: %v", err)
		}
	})
}
