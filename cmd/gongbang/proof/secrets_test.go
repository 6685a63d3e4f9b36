package proof

import (
	"net/url"
	"strings"
	"sync"
	"testing"
)

// secrets are the names, contacts, tokens and passwords that a proof used.
// None of them may ever stand in a log or in the metrics.
type secrets struct {
	mu   sync.Mutex
	what map[string]string // the text → what it is
}

func (s *secrets) add(what string, texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.what == nil {
		s.what = map[string]string{}
	}
	for _, text := range texts {
		if len(text) >= 6 {
			s.what[text] = what
			s.what[url.QueryEscape(text)] = what
		}
	}
}

// phone adds a number in every form that it might be written in.
func (s *secrets) phone(number string) string {
	plain := strings.ReplaceAll(number, "-", "")
	s.add("phone", number, plain, "+82"+strings.TrimPrefix(plain, "0"), strings.ReplaceAll(number, "-", " "))
	return number
}

// absent fails for each secret that a text tells.
func (s *secrets) absent(t *testing.T, where, text string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.what) < 10 {
		t.Errorf("only %d secrets were collected: the look proves nothing", len(s.what))
	}
	for secret, what := range s.what {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s tells a %s (%q): …%s…", where, what, secret, text[max(0, at-200):min(len(text), at+200)])
		}
	}
}
