package redis

import (
	"testing"

	"gongbang/booking"
)

// The own messages come back from Redis: their readers were served already.
func TestHeard(t *testing.T) {
	c, err := Open(Options{URL: "redis://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	n := NewNotices(c)
	defer n.Close()
	feed := n.Subscribe(t.Context(), nil)
	for message, told := range map[string]bool{
		"node 2026-03-02 m":         true,
		"node 2026-03-03 m with us": true,
		n.node + " 2026-03-04 m":    false,
		"":                          false,
		"x":                         false,
		"x y":                       false,
		"node 2026-02-30 m":         false,
		"node today m":              false,
		"node 2026-03-02":           false,
	} {
		n.heard(message)
		var got booking.Notice
		select {
		case got = <-feed:
		default:
		}
		if (got != booking.Notice{}) != told {
			t.Errorf("%q: %+v", message, got)
		}
	}
}
