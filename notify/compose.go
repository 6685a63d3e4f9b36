package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// base64Line is the longest line of base64 that RFC 2045 allows.
const base64Line = 76

// compose writes the message as RFC 5322 text. What could start a header of
// its own is refused, not cleaned: no honest address or subject has a line break.
func (s *Mail) compose(m Message, key string) ([]byte, error) {
	to, err := mail.ParseAddress(m.To)
	if err != nil || to.Address != m.To {
		return nil, errors.New("mail: the address is not a bare address")
	}
	head := map[string]string{
		"From":                      s.from.String(),
		"To":                        to.String(),
		"Subject":                   mime.BEncoding.Encode("utf-8", m.Subject),
		"Date":                      m.At.Format(time.RFC1123Z),
		"Message-ID":                messageID(key, s.from.Address),
		"MIME-Version":              "1.0",
		"Content-Type":              "text/plain; charset=utf-8",
		"Content-Transfer-Encoding": "base64",
		"Auto-Submitted":            "auto-generated",
	}
	maps.Copy(head, m.Headers)
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(head)) {
		if err := writeHeader(&b, name, head[name]); err != nil {
			return nil, err
		}
	}
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(m.Text))
	for len(text) > 0 {
		n := min(base64Line, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return b.Bytes(), nil
}

func writeHeader(b *bytes.Buffer, name, value string) error {
	// The encoder of long subjects parts words by a blank; folding there keeps lines short.
	if name == "Subject" {
		value = strings.ReplaceAll(value, "?= =?", "?=\r\n =?")
	} else if strings.ContainsAny(value, "\r\n") {
		return fmt.Errorf("mail: line break in header %s", name)
	}
	_, err := fmt.Fprintf(b, "%s: %s\r\n", name, value)
	return err
}

// messageID is the same for the same key: a repeated mail can be told.
func messageID(key, from string) string {
	sum := sha256.Sum256([]byte(key))
	_, domain, _ := strings.Cut(from, "@")
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}
