package account

import (
	"fmt"
	"testing"
	"time"
)

func TestSeen(t *testing.T) {
	now := time.Unix(1000, 0)
	session := func(account string, life time.Duration) *Signed {
		return &Signed{Account: account, ExpiresAt: now.Add(life)}
	}
	c := newSeen()
	c.put(c.mark(), "h1", session("a", time.Hour), now)
	c.put(c.mark(), "h2", session("a", time.Second), now)
	c.put(c.mark(), "h3", session("b", time.Hour), now)
	for _, q := range []struct {
		hash  string
		after time.Duration
		want  bool
	}{{"h1", 0, true}, {"h1", seenFor - 1, true}, {"h1", seenFor, false}, {"h2", time.Second - 1, true}, {"h2", time.Second, false}, {"h9", 0, false}} {
		if _, ok := c.get(q.hash, now.Add(q.after)); ok != q.want {
			t.Errorf("%s after %v: %v", q.hash, q.after, ok)
		}
	}
	// What was read before a sign-out must not come back after it.
	mark := c.mark()
	c.forget("a")
	c.put(mark, "h1", session("a", time.Hour), now)
	for hash, want := range map[string]bool{"h1": false, "h2": false, "h3": true} {
		if _, ok := c.get(hash, now); ok != want {
			t.Errorf("%s after the sign-out of a: %v", hash, ok)
		}
	}
	for i := range seenMax + 10 {
		c.put(c.mark(), fmt.Sprint("x", i), session("c", time.Hour), now)
	}
	if len(c.by) > seenMax || len(c.of["c"]) != len(c.by) {
		t.Errorf("%d and %d are remembered", len(c.by), len(c.of["c"]))
	}
	if seenFor > 5*time.Second {
		t.Error("a session ended elsewhere would live for more than 5 s")
	}
}
