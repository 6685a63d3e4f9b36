package testkit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresOption chooses the cluster.
type PostgresOption int

// Durable asks for a cluster that writes to the disk as in production; the
// other one, for all tests that kill nothing, runs without fsync.
const Durable PostgresOption = 1

// Postgres makes a fresh database in the test process' own cluster, which is
// started by the first call, and returns its URL. The database goes with the
// test, the cluster with the process. Call it outside of a synctest bubble.
func Postgres(t testing.TB, options ...PostgresOption) string {
	t.Helper()
	Need(t, "postgres")
	c, err := volatileCluster()
	if slices.Contains(options, Durable) {
		c, err = durableCluster()
	}
	if err != nil {
		t.Fatalf("PostgreSQL does not start: %v", err)
	}
	name := fmt.Sprintf("test%d", c.last.Add(1))
	if err := c.run("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		t.Fatalf("no fresh database: %v", err)
	}
	t.Cleanup(func() {
		if err := c.run("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("the test's database stays: %v", err)
		}
	})
	return c.url(name)
}

type cluster struct {
	dir  string
	last atomic.Int64
	mu   sync.Mutex // one CREATE DATABASE at a time
	// hold takes a signal for the server, and a line to start it again; its
	// end, at the latest with this process, tells the shell around the server
	// to stop and to clean up.
	hold  io.WriteCloser
	ended *bufio.Reader // a line each time the server ended by a signal
}

var (
	volatileCluster = sync.OnceValues(func() (*cluster, error) { return startCluster("off", 200) })
	durableCluster  = sync.OnceValues(func() (*cluster, error) { return startCluster("on", 200) })
)

func (c *cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?host=" + c.dir
}

func (c *cluster) run(text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, text)
	return err
}

// script runs the server until the test process closes its standard input or
// ends, then removes the folder. A signal's name ends the server, the next line
// starts it again. What is committed without waiting for the disk stays in
// memory for long, so that a crash shows it.
const script = `serve() { "$0/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c max_connections="$3" -c wal_writer_delay=10s \
	-c fsync="$2" -c full_page_writes="$2" -c shared_buffers=64MB -c max_prepared_transactions=0 >>"$1/log" 2>&1 <&- & pid=$!; }
serve "$@"
while read -r signal; do
	kill -$signal $pid; wait $pid; echo ended
	read -r _; serve "$@"
done
kill -QUIT $pid
wait $pid
rm -rf "$1"`

func startCluster(fsync string, connections int) (*cluster, error) {
	bin := find("postgres")
	dir, err := clusterDir(fsync)
	if err != nil {
		return nil, err
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres",
		"-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	shell := exec.Command("/bin/sh", "-c", script, bin, dir, fsync, strconv.Itoa(connections))
	shell.SysProcAttr, shell.Dir = attr, dir
	hold, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	ended, err := shell.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, hold: hold, ended: bufio.NewReader(ended)}
	return c, c.ready()
}

// clusterDir is in memory where that is possible and nothing has to last. Its
// name is short: a socket's path has 107 bytes at most.
func clusterDir(fsync string) (string, error) {
	if fsync == "off" {
		if dir, err := os.MkdirTemp("/dev/shm", "gbpg"); err == nil {
			return dir, nil
		}
	}
	return os.MkdirTemp("/tmp", "gbpg")
}

func (c *cluster) ready() error {
	deadline := time.Now().Add(patience)
	for {
		err := c.run("SELECT 1")
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			_ = c.hold.Close()
			return fmt.Errorf("%w\n%s", err, log)
		}
		time.Sleep(20 * time.Millisecond) // the server tells nobody when it listens
	}
}

// unprivileged makes the folder usable by who will run the server: initdb
// refuses root, so root becomes the user postgres. The process group is its
// own, so that Ctrl-C reaches the test first.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}
