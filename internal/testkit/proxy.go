package testkit

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// BlackHole stands before a server. Swallowing, it takes what is sent and
// passes nothing on, in neither direction, as a network does that drops packets.
type BlackHole struct {
	addr       string
	swallowing atomic.Bool
	accepted   atomic.Int64
	mu         sync.Mutex
	open       []net.Conn
	swallowed  atomic.Int64 // connections up to this number carry nothing
}

// Before puts one, that passes everything on, before the server at an address
// until the test ends.
func Before(t testing.TB, server string) *BlackHole {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &BlackHole{addr: l.Addr().String()}
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
		p.Cut()
		running.Wait()
	})
	return p
}

func (p *BlackHole) pass(number int64, from, to net.Conn) {
	defer to.Close()
	_, _ = io.Copy(hole{p, number, to}, from)
}

type hole struct {
	p      *BlackHole
	number int64
	to     net.Conn
}

func (w hole) Write(b []byte) (int, error) {
	if w.p.swallowing.Load() || w.number <= w.p.swallowed.Load() {
		return len(b), nil
	}
	return w.to.Write(b)
}

// Addr is where it listens.
func (p *BlackHole) Addr() string { return p.addr }

// Accepted is how many connections were made so far.
func (p *BlackHole) Accepted() int64 { return p.accepted.Load() }

// Swallow makes all connections carry nothing, until Pass.
func (p *BlackHole) Swallow() { p.swallowing.Store(true) }

// SwallowOpen makes the connections of this moment carry nothing for ever; new ones work.
func (p *BlackHole) SwallowOpen() { p.swallowed.Store(p.accepted.Load()) }

// Pass closes all connections, whose bytes are lost, and lets new ones work.
func (p *BlackHole) Pass() {
	p.Cut()
	p.swallowing.Store(false)
}

// Cut closes all connections.
func (p *BlackHole) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		c.Close()
	}
	p.open = nil
}
