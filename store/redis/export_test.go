package redis

import "time"

// Shared is what Redis alone gives: a node without a locker of its own.
type Shared = shared

// NewShared makes one on the connection.
func NewShared(c *Client) *Shared { return &shared{c} }

// Impatient makes the feed look after its connection more often, so that a test
// of a lost one is short.
func (n *Notices) Impatient() *Notices {
	n.silence = 30 * time.Millisecond
	return n
}
