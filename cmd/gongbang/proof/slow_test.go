package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSlowAndMalformed opens raw connections that send headers and bodies byte
// by byte, or no HTTP at all: each is cut off, and others are served meanwhile.
func TestSlowAndMalformed(t *testing.T) {
	t.Parallel()
	h := topology{processes: 1}.rise(t, raceCatalog())
	host := strings.TrimPrefix(h.servers[0].base, "http://")
	before := memory(t, h.servers[0])
	waiting := slowly(t, host)
	for range 50 {
		caller{base: h.servers[0].base, client: many()}.want(t, http.StatusOK, "GET", "/api/v1/catalog", nil)
	}
	for name, c := range map[string]struct {
		text   string
		status string
	}{
		"no HTTP":             {"HELLO\r\n\r\n", "400"},
		"a header too large":  {"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "431"},
		"many headers":        {"GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("X-A: b\r\n", 10_000) + "\r\n", "431"},
		"no host":             {"GET / HTTP/1.1\r\n\r\n", "400"},
		"two lengths":         {"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400"},
		"a negative length":   {"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\n{}", "400"},
		"a length that lies":  {"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}", "413"},
		"an unknown encoding": {"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}", "501"},
		"a bad chunk":         {"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "400"},
		"a folded header":     {"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\nBad Name: x\r\n\r\n", "400"},
		"an unknown method":   {"BREW /api/v1/catalog HTTP/1.1\r\nHost: x\r\n\r\n", "405"},
		"a NUL in the path":   {"GET /api/v1/\x00 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		"a path that climbs":  {"GET /static/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "404"},
	} {
		t.Run(name, func(t *testing.T) {
			c1, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			defer c1.Close()
			_ = c1.SetDeadline(time.Now().Add(patience))
			_, _ = io.WriteString(c1, c.text) // it may be refused before it is all sent
			line, err := bufio.NewReader(c1).ReadString('\n')
			if !strings.HasPrefix(line, "HTTP/1.1 "+c.status) && !errors.Is(err, io.EOF) {
				t.Errorf("answers %q (%v), want %s", line, err, c.status)
			}
		})
	}
	waiting.Wait()
	t.Logf("the server never had more than %s in memory, %s before", memory(t, h.servers[0]), before)
	h.servers[0].stop()
}

// slowly opens connections that never finish what they say; the group ends
// when the server has hung up on all of them.
func slowly(t *testing.T, host string) *sync.WaitGroup {
	t.Helper()
	var waiting sync.WaitGroup
	for name, text := range map[string]string{
		"headers that never end": "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"a request line":         "GE",
		"nothing at all":         "",
		"a body that never ends": "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{\"login\":\"",
		"chunks that never end":  "POST /api/v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
	} {
		for range scale(20, 200) {
			c, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
			waiting.Go(func() {
				defer c.Close()
				if !cutOff(c) {
					t.Errorf("%s: the server never ends the connection", name)
				}
			})
		}
	}
	return &waiting
}

// cutOff sends a byte now and again, which keeps a careless server waiting,
// and tells whether the other side hung up.
func cutOff(c net.Conn) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); {
		_ = c.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
		if _, err := io.Copy(io.Discard, c); !errors.Is(err, os.ErrDeadlineExceeded) {
			return true
		}
		_, _ = io.WriteString(c, "a")
	}
	return false
}

// memory is the most that the process ever had resident, as the system tells.
func memory(t *testing.T, p *server) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return "unknown"
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}
