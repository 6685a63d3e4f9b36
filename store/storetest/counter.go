package storetest

import (
	"strings"
	"sync"
)

// counter collects the statements of closures.
type counter struct {
	mu   sync.Mutex
	text []string
}

func (c *counter) add(query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = append(c.text, strings.Join(strings.Fields(query)[:3], " "))
}

func (c *counter) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = nil
}

// writes is what the closure that claimed a key ran, from its first statement on.
func (c *counter) writes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, q := range c.text {
		if strings.HasPrefix(q, "INSERT INTO idempotency") {
			return c.text[i:]
		}
	}
	return nil
}
