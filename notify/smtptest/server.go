// Package smtptest is a mail server for tests that misbehaves on demand: it
// refuses, says nothing, or drops the connection after it accepted a message.
// It imports the standard library only.
package smtptest

import (
	"bufio"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"testing"
)

// Server is a mail server on a port of its own.
type Server struct {
	Addr string // host:port

	// Set these before the first connection.
	TLS          *tls.Config         // offers STARTTLS
	RefuseSender bool                // answers 550 to MAIL
	RefuseTo     func(to string) int // a code to answer RCPT with; 0 accepts
	Silent       bool                // greets nobody
	// DropAfterData is asked for each accepted message, counted from 1: true
	// cuts the connection after the message was stored and before the answer.
	DropAfterData func(n int) bool

	mu    sync.Mutex
	mails []Mail
	auth  []string
	ready net.Listener
	conns map[net.Conn]bool
}

// Mail is one accepted message.
type Mail struct {
	From, To, Data string
	Encrypted      bool
}

// Start listens on a free port of the loopback until the test ends.
func Start(t testing.TB, set func(*Server)) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Addr: l.Addr().String(), ready: l, conns: map[net.Conn]bool{}}
	if set != nil {
		set(s)
	}
	var wg sync.WaitGroup
	wg.Go(func() { s.accept(&wg) })
	t.Cleanup(func() {
		_ = l.Close()
		s.closeAll()
		wg.Wait()
	})
	return s
}

// Mails is what was accepted so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Auth is what was said to AUTH.
func (s *Server) Auth() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.auth...)
}

func (s *Server) accept(wg *sync.WaitGroup) {
	for {
		c, err := s.ready.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		wg.Go(func() {
			defer c.Close()
			(&session{s: s, c: c, r: bufio.NewReader(c)}).run()
		})
	}
}

func (s *Server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close()
	}
}

type session struct {
	s    *Server
	c    net.Conn
	r    *bufio.Reader
	mail Mail
}

func (x *session) say(line string) { _, _ = x.c.Write([]byte(line + "\r\n")) }

func (x *session) line() (string, bool) {
	s, err := x.r.ReadString('\n')
	return strings.TrimRight(s, "\r\n"), err == nil
}

func (x *session) run() {
	if x.s.Silent {
		_, _ = x.line() // until the other side gives up
		return
	}
	x.say("220 demo.test")
	for {
		line, ok := x.line()
		if !ok || !x.command(line) {
			return
		}
	}
}

// command answers one line; false ends the session.
func (x *session) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		x.hello()
	case "STARTTLS":
		return x.startTLS()
	case "AUTH":
		x.s.mu.Lock()
		x.s.auth = append(x.s.auth, rest)
		x.s.mu.Unlock()
		x.say("235 welcome")
	case "MAIL":
		if x.s.RefuseSender {
			x.say("550 not from you <" + address(rest) + ">")
			return true
		}
		x.mail.From = address(rest)
		x.say("250 ok")
	case "RCPT":
		x.recipient(address(rest))
	case "DATA":
		return x.data()
	case "QUIT":
		x.say("221 bye")
		return false
	default:
		x.say("502 what?")
	}
	return true
}

func (x *session) hello() {
	x.say("250-demo.test")
	if x.s.TLS != nil && !x.mail.Encrypted {
		x.say("250-STARTTLS")
	}
	x.say("250 AUTH PLAIN")
}

func (x *session) startTLS() bool {
	x.say("220 go on")
	secure := tls.Server(x.c, x.s.TLS)
	if secure.Handshake() != nil {
		return false
	}
	x.c, x.r, x.mail.Encrypted = secure, bufio.NewReader(secure), true
	return true
}

func (x *session) recipient(to string) {
	if x.s.RefuseTo != nil {
		switch code := x.s.RefuseTo(to); code {
		case 0:
		case 451:
			x.say("451 later <" + to + ">")
			return
		default:
			x.say("550 no such person <" + to + ">")
			return
		}
	}
	x.mail.To = to
	x.say("250 ok")
}

func (x *session) data() bool {
	x.say("354 go on")
	var b strings.Builder
	for {
		line, ok := x.line()
		if !ok {
			return false
		}
		if line == "." {
			break
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
	x.mail.Data = b.String()
	x.s.mu.Lock()
	x.s.mails = append(x.s.mails, x.mail)
	n := len(x.s.mails)
	x.s.mu.Unlock()
	if x.s.DropAfterData != nil && x.s.DropAfterData(n) {
		return false
	}
	x.say("250 stored")
	return true
}

func address(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}
