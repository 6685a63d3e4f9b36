package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// tailBytes is how much of the mailbox List looks at.
const tailBytes = 1 << 20

// Mailbox is the gateway of development: each message becomes one JSON line
// of a file. Several processes may write to the same file.
type Mailbox struct {
	path string
	mu   sync.Mutex
}

// NewMailbox writes to the file at path, made at the first message with mode 0600.
func NewMailbox(path string) (*Mailbox, error) {
	if path == "" {
		return nil, errors.New("notify: mailbox needs a path")
	}
	return &Mailbox{path: path}, nil
}

// Send appends the message. A line is one write to a file opened for
// appending, which the kernel does not mix with the writes of others.
func (b *Mailbox) Send(ctx context.Context, m Message, _ string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	line, err := encodeLine(m)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	f, err := os.OpenFile(b.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	_, err = f.Write(line)
	return errors.Join(err, f.Close())
}

func encodeLine(m Message) ([]byte, error) {
	if m.Links == nil {
		m.Links = []string{}
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false) // the file is read by people too
	err := enc.Encode(m)
	return line.Bytes(), err
}

// List is the latest n messages, newest first. Without a file there are none.
func (b *Mailbox) List(n int) ([]Message, error) {
	tail, err := b.tail()
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(tail, []byte("\n"))
	slices.Reverse(lines)
	var found []Message
	for _, line := range lines {
		var m Message
		// A line that is cut, by the look at the tail or by a writer that died, is no message.
		if len(found) < n && json.Unmarshal(line, &m) == nil {
			found = append(found, m)
		}
	}
	return found, nil
}

func (b *Mailbox) tail() ([]byte, error) {
	f, err := os.Open(b.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	if from := info.Size() - tailBytes; from > 0 {
		if _, err := f.Seek(from, io.SeekStart); err != nil {
			return nil, fmt.Errorf("mailbox: %w", err)
		}
	}
	return io.ReadAll(f)
}
