package lockertest

import (
	"context"
	"testing"
	"time"
)

// Allow takes one token of the key's bucket; both limiters have this method.
type Allow func(ctx context.Context, key string, perMinute, burst int) (ok bool, retryAfter time.Duration)

// RunLimiter holds a limiter without used buckets to its contract. Now is the
// limiter's own clock, and pass returns when d has passed by it.
func RunLimiter(t *testing.T, allow Allow, now func() time.Time, pass func(d time.Duration)) {
	const perMinute = 1200 // a token every 50 ms
	// take empties a full bucket; a slow machine gains tokens meanwhile.
	take := func(key string) (retry time.Duration) {
		began := now()
		for n := 0; ; n++ {
			ok, retry := allow(t.Context(), key, perMinute, 5)
			if ok {
				continue
			}
			if most := 6 + int(now().Sub(began)/(50*time.Millisecond)); n < 5 || n > most {
				t.Fatalf("a full bucket of 5 gave %d, want at most %d", n, most)
			}
			return retry
		}
	}
	retry := take("one")
	if retry <= 0 || retry > 50*time.Millisecond {
		t.Fatalf("the next token is said to come in %v", retry)
	}
	take("two") // another key is another bucket
	pass(retry + time.Millisecond)
	if ok, retry := allow(t.Context(), "one", perMinute, 5); !ok {
		t.Fatalf("no token when it was said to be there; %v more", retry)
	}
	pass(300 * time.Millisecond)
	for range 3 { // each time full again; the refused calls before cost nothing
		take("one")
		for range 20 {
			allow(t.Context(), "one", perMinute, 5)
		}
		pass(300 * time.Millisecond)
	}
	if ok, retry := allow(t.Context(), "zero", 0, 0); !ok || retry != 0 {
		t.Fatalf("the least limit is one call a minute: %v %v", ok, retry)
	}
	if ok, retry := allow(t.Context(), "zero", 0, 0); ok || retry <= 50*time.Second || retry > time.Minute {
		t.Fatalf("after that: %v %v", ok, retry)
	}
	pass(300 * time.Millisecond)
}
