package redis_test

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// proxy stands before a server. Swallowing, it takes what is sent and passes
// nothing on, in neither direction, as a network does that drops packets. The
// connections that swallow was called on do so for ever, new ones work.
type proxy struct {
	addr       string
	swallowing atomic.Bool
	accepted   atomic.Int64
	mu         sync.Mutex
	open       []net.Conn
	swallowed  atomic.Int64 // connections up to this number carry nothing
}

func before(t testing.TB, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String()}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			number := p.accepted.Add(1)
			behind, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				continue
			}
			p.mu.Lock()
			p.open = append(p.open, client, behind)
			p.mu.Unlock()
			running.Go(func() { p.pass(number, client, behind) })
			running.Go(func() { p.pass(number, behind, client) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.cut()
		running.Wait()
	})
	return p
}

func (p *proxy) pass(number int64, from, to net.Conn) {
	defer to.Close()
	_, _ = io.Copy(writer{p, number, to}, from)
}

type writer struct {
	p      *proxy
	number int64
	to     net.Conn
}

func (w writer) Write(b []byte) (int, error) {
	if w.p.swallowing.Load() || w.number <= w.p.swallowed.Load() {
		return len(b), nil
	}
	return w.to.Write(b)
}

// swallow makes the connections of this moment carry nothing any more.
func (p *proxy) swallow() { p.swallowed.Store(p.accepted.Load()) }

// cut closes all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
	p.open = nil
}
