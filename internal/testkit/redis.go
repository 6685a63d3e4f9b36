package testkit

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server gets to start and to answer, on the busiest machine.
const patience = 2 * time.Minute

// RedisServer is a redis-server of the test's own, on a free port of this
// machine. It keeps nothing on disk and ends with the test.
type RedisServer struct {
	t    testing.TB
	addr string
	args []string
	mu   sync.Mutex
	cmd  *exec.Cmd
	gone chan struct{} // closed when cmd has ended
}

// Redis starts a redis-server with these further arguments and returns its
// URL. Call it outside of a synctest bubble.
func Redis(t testing.TB, args ...string) (url string, server *RedisServer) {
	t.Helper()
	Need(t, "redis")
	var err error
	for range 5 { // another process may take the free port first
		s := &RedisServer{t: t, args: args}
		if s.addr, err = FreeAddress(); err != nil {
			break
		}
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
		<-s.gone
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

// Fill makes it refuse every write for want of memory, until Empty.
func (s *RedisServer) Fill() { s.configure("maxmemory 1") }

// Empty gives it its memory back.
func (s *RedisServer) Empty() { s.configure("maxmemory 0") }

func (s *RedisServer) configure(setting string) {
	s.t.Helper()
	if err := s.command("CONFIG SET "+setting, "+OK"); err != nil {
		s.t.Fatalf("CONFIG SET %s: %v", setting, err)
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
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = cmd.Wait()
	}()
	s.mu.Lock()
	s.cmd, s.gone = cmd, gone
	s.mu.Unlock()
	deadline := time.Now().Add(patience)
	for {
		if err = s.listens(cmd.Process.Pid); err == nil {
			return nil
		}
		select {
		case <-gone: // somebody else has the port
			s.Kill()
			return err
		case <-time.After(5 * time.Millisecond): // the server tells nobody when it listens
		}
		if time.Now().After(deadline) {
			s.Kill()
			return err
		}
	}
}

// listens tells whether it is this process that answers at the address.
func (s *RedisServer) listens(pid int) error {
	if err := s.command("PING", "+PONG"); err != nil {
		return err
	}
	return s.converse("INFO server", func(r *bufio.Reader) error {
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return err
			}
			if id, ok := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); ok {
				if id != strconv.Itoa(pid) {
					return fmt.Errorf("process %s listens there", id)
				}
				return nil
			}
		}
	})
}

// command sends one command and compares the answer.
func (s *RedisServer) command(words, want string) error {
	return s.converse(words, func(r *bufio.Reader) error {
		got, err := r.ReadString('\n')
		if got = strings.TrimSpace(got); err == nil && got != want {
			return fmt.Errorf("answered %q, not %q", got, want)
		}
		return err
	})
}

// converse sends one command and lets read have the answer.
func (s *RedisServer) converse(words string, read func(*bufio.Reader) error) error {
	c, err := net.DialTimeout("tcp", s.addr, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(c, "%s\r\n", words); err != nil {
		return err
	}
	return read(bufio.NewReader(c))
}
