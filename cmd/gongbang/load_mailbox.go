package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"
)

// mailboxTail reads sign-in codes out of the dev mailbox as they are written.
type mailboxTail struct {
	path string
	mu   sync.Mutex
	file *os.File
	rest []byte            // the last line, while it is being written
	last map[string]string // by address: the newest code
}

func newMailboxTail(path string) *mailboxTail {
	return &mailboxTail{path: path, last: map[string]string{}}
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// code waits for the code sent to the address; each is given out once.
func (m *mailboxTail) code(ctx context.Context, to string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		code, err := m.take(to)
		if code != "" || err != nil {
			return code, err
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("no sign-in code for %s in the dev mailbox: %w", to, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (m *mailboxTail) take(to string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.read(); err != nil {
		return "", err
	}
	code := m.last[to]
	delete(m.last, to)
	return code, nil
}

func (m *mailboxTail) read() error {
	if m.file == nil {
		f, err := os.Open(m.path)
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil {
			return err
		}
		m.file = f
	}
	r := bufio.NewReader(m.file)
	for {
		line, err := r.ReadBytes('\n')
		m.rest = append(m.rest, line...)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		var message struct{ To, Kind, Text string }
		if json.Unmarshal(m.rest, &message) == nil && message.Kind == "account.code" {
			m.last[message.To] = sixDigits.FindString(message.Text)
		}
		m.rest = m.rest[:0]
	}
}
