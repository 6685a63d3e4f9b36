package account

import (
	"context"
	"time"

	"gongbang/internal/fault"
)

// failureMemory is how long wrong passwords are remembered after the last one.
const failureMemory = time.Hour

// pairDelay is the wait after n wrong passwords for a login from one address:
// two are free, then 1 s, doubling up to 5 minutes.
func pairDelay(n int) time.Duration {
	if n < 3 {
		return 0
	}
	return min(time.Second<<min(n-3, 10), 5*time.Minute)
}

// loginDelay is the wait after n wrong passwords for a login from anywhere: it
// slows a guess from many addresses and, at 5 s at most, never locks the person out.
func loginDelay(n int) time.Duration {
	if n < 10 {
		return 0
	}
	return min(time.Duration(n-9)*time.Second, 5*time.Second)
}

// failureKeys are the counters of a login at an address and of the login alone.
func (s *Service) failureKeys(login, address string) [2]string {
	return [2]string{s.keyed("failures", login, address), s.keyed("failures", login)}
}

// wait tells how long the next password has to wait. Who is signed in from the
// same address waits for their own mistakes only: a stranger elsewhere can't
// keep them out.
func (s *Service) wait(ctx context.Context, r Reader, keys [2]string, account, address string) (time.Duration, error) {
	f, err := r.Failures(ctx, keys)
	if err != nil {
		return 0, err
	}
	known, err := r.SignedInFrom(ctx, account, s.keyed("address", address))
	if err != nil {
		return 0, err
	}
	d := f[0].left(r.Now(), pairDelay)
	if !known {
		d = max(d, f[1].left(r.Now(), loginDelay))
	}
	return d, nil
}

func (f Failure) left(now time.Time, delay func(int) time.Duration) time.Duration {
	if now.Sub(f.Last) > failureMemory {
		return 0
	}
	return f.Last.Add(delay(f.Count)).Sub(now)
}

// slowDown is the refusal of a password that came too early; nil when d is over.
func slowDown(d time.Duration) error {
	if d <= 0 {
		return nil
	}
	f := fault.New(fault.TooMany, "rate_limited").With("advice", "code")
	f.RetryAfter = int((d + time.Second - 1) / time.Second)
	return f
}
