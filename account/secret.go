package account

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[hidden]"

// Secret is a name, a contact, a password, a code or a token. No verb of fmt,
// no slog handler and no JSON encoder prints it; who must show it says so with
// Reveal, so that every such place can be found.
type Secret string

// Reveal is the text itself.
func (s Secret) Reveal() string { return string(s) }

// String hides the text; an empty one stays empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format hides the text from every verb, %q, %x and %#v too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the text from JSON and XML; answers are made of DTOs that call Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
