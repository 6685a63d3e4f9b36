package testkit

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// RedisServer is a redis-server of the test's own, on a free port of this
// machine. It keeps nothing on disk and ends with the test.
type RedisServer struct {
	t    testing.TB
	addr string
	args []string
	mu   sync.Mutex
	cmd  *exec.Cmd
}

// Redis starts a redis-server with these further arguments and returns its
// URL. Call it outside of a synctest bubble.
func Redis(t testing.TB, args ...string) (url string, server *RedisServer) {
	t.Helper()
	Need(t, "redis")
	var err error
	for range 5 { // somebody else may take the free port first
		s := &RedisServer{t: t, addr: freeAddress(t), args: args}
		if err = s.start(); err == nil {
			t.Cleanup(s.Kill)
			return "redis://" + s.addr + "/0", s
		}
	}
	t.Fatalf("redis-server does not start: %v", err)
	return "", nil
}

// Addr is the host and port.
func (s *RedisServer) Addr() string { return s.addr }

// Start starts it again at the same address after Kill, empty.
func (s *RedisServer) Start() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatalf("redis-server does not start again: %v", err)
	}
}

// Kill ends it with SIGKILL and waits until it is gone.
func (s *RedisServer) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.cmd = nil
	}
}

// Pause stops it with SIGSTOP: connections stay open and nothing answers.
func (s *RedisServer) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets a paused server run on.
func (s *RedisServer) Resume() { s.signal(syscall.SIGCONT) }

// Flush deletes all keys.
func (s *RedisServer) Flush() {
	s.t.Helper()
	if err := s.command("FLUSHALL", "+OK"); err != nil {
		s.t.Fatalf("FLUSHALL: %v", err)
	}
}

func (s *RedisServer) signal(sig syscall.Signal) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		s.t.Fatalf("redis-server is not running")
	}
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatalf("signal to redis-server: %v", err)
	}
}

func (s *RedisServer) start() error {
	host, port, err := net.SplitHostPort(s.addr)
	if err != nil {
		return err
	}
	args := append([]string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", s.t.TempDir()}, s.args...)
	cmd := exec.Command(find("redis"), args...)
	if err := startBound(cmd); err != nil {
		return err
	}
	s.mu.Lock()
	s.cmd = cmd
	s.mu.Unlock()
	deadline := time.Now().Add(10 * time.Second)
	for {
		if err = s.command("PING", "+PONG"); err == nil {
			return nil
		}
		if time.Now().After(deadline) || cmd.Process.Signal(syscall.Signal(0)) != nil {
			s.Kill()
			return err
		}
		time.Sleep(5 * time.Millisecond) // the server tells nobody when it listens
	}
}

// command sends one command of one word and compares the answer.
func (s *RedisServer) command(word, want string) error {
	c, err := net.DialTimeout("tcp", s.addr, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(c, "%s\r\n", word); err != nil {
		return err
	}
	got, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return err
	}
	if got = strings.TrimSpace(got); got != want {
		return fmt.Errorf("answered %q, not %q", got, want)
	}
	return nil
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("no free port: %v", err)
	}
	defer l.Close()
	return l.Addr().String()
}
