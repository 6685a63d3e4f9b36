package account

import (
	"testing"
	"time"
)

func TestDelays(t *testing.T) {
	for n, want := range map[int]time.Duration{0: 0, 2: 0, 3: time.Second, 4: 2 * time.Second, 8: 32 * time.Second,
		11: 256 * time.Second, 12: 5 * time.Minute, 1000: 5 * time.Minute} {
		if got := pairDelay(n); got != want {
			t.Errorf("login and address, %d failures: %v, want %v", n, got, want)
		}
	}
	for n, want := range map[int]time.Duration{0: 0, 9: 0, 10: time.Second, 14: 5 * time.Second, 1_000_000: 5 * time.Second} {
		if got := loginDelay(n); got != want {
			t.Errorf("login alone, %d failures: %v, want %v", n, got, want)
		}
	}
	for n := range 100 {
		if pairDelay(n+1) < pairDelay(n) || loginDelay(n+1) < loginDelay(n) {
			t.Errorf("the delay shrinks after %d", n)
		}
	}
	last := time.Unix(1000, 0)
	f := Failure{Count: 4, Last: last}
	for after, want := range map[time.Duration]time.Duration{0: 2 * time.Second, 1500 * time.Millisecond: 500 * time.Millisecond,
		2 * time.Second: 0, 2 * time.Hour: 0} {
		if got := max(0, f.left(last.Add(after), pairDelay)); got != want {
			t.Errorf("%v later: %v, want %v", after, got, want)
		}
	}
	if err := slowDown(0); err != nil {
		t.Error(err)
	}
}
