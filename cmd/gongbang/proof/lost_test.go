package proof

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestAnswerLostAfterCommit drops the connection once the booking stands and
// presses five more times with the same key: one booking, one mail, five
// equal answers. Then it drops connections at any moment.
func TestAnswerLostAfterCommit(t *testing.T) {
	h := topology{processes: 1}.rise(t, raceCatalog())
	people := h.citizens(t, 3)
	base := h.servers[0].base
	one := caller{base: base, token: people[0].token}
	ask, key := wideSlot(0), "lost-answer"
	c := h.sendRaw(t, people[0].token, key, ask)
	until(t, "the booking stands", func() bool { return len(one.want(t, 200, "GET", "/api/v1/bookings", nil).items()) == 1 })
	hangUp(c)
	var first answer
	for n := range 5 {
		a := one.want(t, http.StatusCreated, "POST", "/api/v1/bookings", ask, "Idempotency-Key", key)
		if n == 0 {
			first = a
		}
		if !bytes.Equal(a.raw, first.raw) || a.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("answer %d (replayed: %q): %s, the first was %s", n+1, a.header.Get("Idempotent-Replayed"), a.raw, first.raw)
		}
	}
	// Somebody else's mail after it shows that the outbox went on.
	two := caller{base: base, token: people[1].token}
	later := two.want(t, http.StatusCreated, "POST", "/api/v1/bookings", wideSlot(1))
	until(t, "a later mail leaves", func() bool { return len(h.mails(t, "booking.confirmed", later.text("code"))) == 1 })
	if n := len(h.mails(t, "booking.confirmed", first.text("code"))); n != 1 {
		t.Errorf("%d mails tell of the booking", n)
	}
	if n := len(one.want(t, 200, "GET", "/api/v1/bookings", nil).items()); n != 1 {
		t.Errorf("%d bookings of one press", n)
	}
	h.droppedAnywhere(t, people[2])
	h.stop()
	h.holds(t)
}

// droppedAnywhere hangs up at random moments: before, during and after the commit.
func (h *house) droppedAnywhere(t *testing.T, p person) {
	r, who := seeded(t), caller{base: h.servers[0].base, token: p.token}
	presses := scale(30, 500)
	stood := 0
	for n := range presses {
		ask, key := wideSlot(1000+n), fmt.Sprintf("dropped-%d", n)
		c := h.sendRaw(t, p.token, key, ask)
		moment := time.NewTimer(time.Duration(r.IntN(2000)) * time.Microsecond)
		<-moment.C
		hangUp(c)
		a := who.want(t, http.StatusCreated, "POST", "/api/v1/bookings", ask, "Idempotency-Key", key)
		if a.header.Get("Idempotent-Replayed") == "true" {
			stood++
		}
		b := who.want(t, http.StatusCreated, "POST", "/api/v1/bookings", ask, "Idempotency-Key", key)
		if b.text("id") != a.text("id") {
			t.Errorf("press %d made %s and %s", n, a.text("id"), b.text("id"))
		}
	}
	all := 0
	for cursor := ""; ; {
		a := who.want(t, 200, "GET", "/api/v1/bookings?limit=200"+cursor, nil)
		all += len(a.items())
		if a.text("next_cursor") == "" {
			break
		}
		cursor = "&cursor=" + a.text("next_cursor")
	}
	if all != presses {
		t.Errorf("%d presses made %d bookings", presses, all)
	}
	t.Logf("%d connections dropped, %d of them after the commit: %d bookings", presses, stood, all)
}

// sendRaw writes a booking's request to a connection of its own and does not read.
func (h *house) sendRaw(t *testing.T, token, key string, ask object) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(h.servers[0].base, "http://")
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(c, "POST /api/v1/bookings HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nIdempotency-Key: %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, token, key, len(body), body)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hangUp ends a connection with a reset, as a phone that leaves the network.
func hangUp(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// mail is one line of the dev mailbox.
type mail struct {
	To, Kind, Subject, Text string
	Links                   []string
}

// mails lists the messages of a kind whose text or links hold some word; "" is every one.
func (s *service) mails(t *testing.T, kind, word string) []mail {
	t.Helper()
	text, err := os.ReadFile(s.file("messages.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var found []mail
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m mail
		if json.Unmarshal(lines.Bytes(), &m) != nil { // still being written, or cut off on a full disk
			continue
		}
		if m.Kind == kind && strings.Contains(m.Subject+m.Text+m.To+strings.Join(m.Links, " "), word) {
			found = append(found, m)
		}
	}
	return found
}
