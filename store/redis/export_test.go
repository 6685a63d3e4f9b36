package redis

import "time"

// Impatient makes the feed look after its connection more often, so that a test
// of a lost one is short.
func (n *Notices) Impatient() *Notices {
	n.silence = 30 * time.Millisecond
	return n
}
